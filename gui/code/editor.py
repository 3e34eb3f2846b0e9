"""An editor for Python with numbered lines, marks of errors and of what the canvas follows."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFontMetricsF,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextCharFormat,
    QTextCursor,
    QTextFormat,
)
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QTextEdit, QWidget

from gui.code.highlighter import PythonHighlighter
from gui.theme import Theme

TAB = 4
STRIPE = 3
# How strongly the bars show beside lines that are followed.
QUIET = 0.4


class CodeEditor(QPlainTextEdit):
    """The text of a script.

    Signals:
        typed: A person has changed the text.
        line_chosen: The cursor has come to another line by a person's hand; carries its number.
        left: The keyboard has gone elsewhere.
        find_wanted: Words are to be sought in the text.
    """

    typed = Signal()
    line_chosen = Signal(int)
    left = Signal()
    find_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setFont(theme.font(12, mono=True))
        self.setTabStopDistance(TAB * QFontMetricsF(self.font()).horizontalAdvance(" "))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setStyleSheet("QPlainTextEdit { border: none; }")
        self._highlighter = PythonHighlighter(theme, self.document())
        self._selected: list[int] = []
        self._followed: frozenset[int] = frozenset()
        self._wrong: frozenset[int] = frozenset()
        self._writing = False
        self._line = 1
        self._margin = _Margin(self)
        self.blockCountChanged.connect(self._make_room)
        self.updateRequest.connect(self._scroll_margin)
        self.textChanged.connect(self._text_changed)
        self.cursorPositionChanged.connect(self._cursor_moved)
        theme.changed.connect(self._mark)
        self._make_room()

    # --- text ------------------------------------------------------------------------------

    def write(self, script: str) -> None:
        """Replace the text; the cursor keeps its line and the view its place."""
        if script == self.toPlainText():
            return
        self._writing = True
        cursor, place = self.textCursor(), self.verticalScrollBar().value()
        line, column = cursor.blockNumber(), cursor.positionInBlock()
        self.setPlainText(script)
        self._put_cursor(line, column)
        self.verticalScrollBar().setValue(place)
        self._line = self.textCursor().blockNumber() + 1
        self._writing = False
        self._mark()

    def go_to(self, line: int) -> None:
        """Put the cursor into a line, numbered from 1, and the keyboard into the editor."""
        self._put_cursor(line - 1, 0)
        self.centerCursor()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _put_cursor(self, number: int, column: int) -> None:
        block = self.document().findBlockByNumber(min(number, self.blockCount() - 1))
        cursor = QTextCursor(block)
        cursor.setPosition(block.position() + min(column, block.length() - 1))
        self.setTextCursor(cursor)

    @property
    def line(self) -> int:
        """Number of the cursor's line, from 1."""
        return self.textCursor().blockNumber() + 1

    def _text_changed(self) -> None:
        if not self._writing:
            self.typed.emit()

    def _cursor_moved(self) -> None:
        if self._writing or self.line == self._line:
            return
        self._line = self.line
        self._margin.update()
        if self.hasFocus():
            self.line_chosen.emit(self._line)

    # --- marks -----------------------------------------------------------------------------

    def show_selected(self, lines: Iterable[int]) -> None:
        """Highlight lines, numbered from 1; where nobody writes, they come into view."""
        self._selected = sorted(set(lines))
        self._mark()
        if self._selected and not self.hasFocus():
            self._bring_into_view(self._selected[0])

    def _bring_into_view(self, line: int) -> None:
        """Scroll as far as a line that is not in view."""
        bar = self.verticalScrollBar()
        first, count = bar.value(), max(1, bar.pageStep())
        if not first < line <= first + count - 1:
            bar.setValue(max(0, line - 1 - count // 2))

    def show_followed(self, lines: Collection[int], wrong: Collection[int]) -> None:
        """Mark in the margin which lines the canvas follows, and underline those with errors."""
        self._followed, self._wrong = frozenset(lines), frozenset(wrong)
        self._mark()

    def _mark(self) -> None:
        colors = self.theme.colors
        marks = [self._line_mark(line, background=colors.accent_soft) for line in self._selected]
        marks += [self._line_mark(line, underline=colors.error) for line in sorted(self._wrong)]
        self.setExtraSelections([mark for mark in marks if mark is not None])
        self._margin.update()

    def _line_mark(
        self, line: int, background: QColor | None = None, underline: QColor | None = None
    ) -> QTextEdit.ExtraSelection | None:
        block = self.document().findBlockByNumber(line - 1)
        if not block.isValid():
            return None
        mark, format = QTextEdit.ExtraSelection(), QTextCharFormat()
        cursor = QTextCursor(block)
        if background is not None:
            format.setBackground(background)
            format.setProperty(QTextFormat.Property.FullWidthSelection, True)
        if underline is not None:
            indent = len(block.text()) - len(block.text().lstrip())
            cursor.setPosition(block.position() + indent)
            cursor.movePosition(
                QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor
            )
            format.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
            format.setUnderlineColor(underline)
        mark.cursor, mark.format = cursor, format
        return mark

    # --- margin ----------------------------------------------------------------------------

    def margin_width(self) -> int:
        """Return how broad the margin is: room for the largest number, a gap and a bar."""
        digits = max(2, len(str(self.blockCount())))
        width = QFontMetricsF(self.font()).horizontalAdvance("9") * digits
        return round(width) + 2 * self.theme.s + STRIPE + self.theme.xs

    def _make_room(self) -> None:
        self.setViewportMargins(self.margin_width(), 0, 0, 0)

    def _scroll_margin(self, area: QRect, moved: int) -> None:
        if moved:
            self._margin.scroll(0, moved)
        else:
            self._margin.update(0, area.y(), self._margin.width(), area.height())

    def paint_margin(self, painter: QPainter, area: QRect) -> None:
        """Paint the numbers of the lines in view and the bars beside those that are followed."""
        colors = self.theme.colors
        painter.setFont(self.font())
        block = self.firstVisibleBlock()
        shape = self.blockBoundingGeometry(block).translated(self.contentOffset())
        right = self._margin.width() - STRIPE - self.theme.s
        while block.isValid() and shape.top() <= area.bottom():
            line = block.blockNumber() + 1
            wrong = line in self._wrong
            tint = colors.text if line == self.line else colors.text_secondary
            painter.setPen(colors.error if wrong else tint)
            place = QRectF(0, shape.top(), right, shape.height())
            painter.drawText(place, Qt.AlignmentFlag.AlignRight, str(line))
            if wrong or line in self._followed:
                bar = QRectF(right + self.theme.xs, shape.top(), STRIPE, shape.height())
                tint = QColor(colors.error if wrong else colors.accent)
                tint.setAlphaF(1.0 if wrong else QUIET)
                painter.fillRect(bar, tint)
            block = block.next()
            shape = self.blockBoundingGeometry(block).translated(self.contentOffset())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        inside = self.contentsRect()
        self._margin.setGeometry(inside.left(), inside.top(), self.margin_width(), inside.height())

    # --- keys ------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.ShortcutOverride
            and event.matches(QKeySequence.StandardKey.Find)
        ):
            # Else the window would seek layers on the canvas.
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Find):
            self.find_wanted.emit()
            return
        plain = event.modifiers() == Qt.KeyboardModifier.NoModifier and not self.isReadOnly()
        if plain and event.key() == Qt.Key.Key_Tab:
            self.insertPlainText(" " * (TAB - self.textCursor().positionInBlock() % TAB))
            return
        if plain and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            words = self.textCursor().block().text()[: self.textCursor().positionInBlock()]
            indent = len(words) - len(words.lstrip())
            deeper = TAB if words.rstrip().endswith(":") else 0
            self.insertPlainText("\n" + " " * (indent + deeper))
            self.ensureCursorVisible()
            return
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()


class _Margin(QWidget):
    """The strip with numbers beside the text."""

    def __init__(self, editor: CodeEditor) -> None:
        super().__init__(editor)
        self._editor = editor

    def sizeHint(self) -> QSize:
        return QSize(self._editor.margin_width(), 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._editor.paint_margin(painter, event.rect())
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = self._editor.cursorForPosition(event.position().toPoint())
        self._editor.go_to(at.blockNumber() + 1)
