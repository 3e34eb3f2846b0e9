"""A row in which words are sought in the code."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QTextCursor, QTextDocument
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPlainTextEdit, QPushButton, QWidget

from gui.i18n import tr
from gui.labels import Label
from gui.theme import Theme
from gui.window.close_button import CloseButton


class FindRow(QWidget):
    """Stands above the code; Enter goes on, Shift and Enter back, Esc closes it.

    Args:
        theme: The look.
        text: Where to seek.
    """

    def __init__(self, theme: Theme, text: QPlainTextEdit) -> None:
        super().__init__()
        self._text = text
        self.field = QLineEdit()
        self.field.setPlaceholderText(tr("Find in the code"))
        self.field.setAccessibleName(tr("Find in the code"))
        self.field.textChanged.connect(self._typed)
        self.field.installEventFilter(self)
        self.previous = QPushButton(tr("Previous"))
        self.previous.clicked.connect(lambda: self.seek(back=True))
        self.next = QPushButton(tr("Next"))
        self.next.clicked.connect(lambda: self.seek())
        self.nothing = Label(tr("Not found"))
        self.nothing.setProperty("role", "secondary")
        close = CloseButton(theme)
        close.setAccessibleName(tr("Close"))
        close.clicked.connect(self.leave)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.s)
        for widget in (self.field, self.previous, self.next, self.nothing):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(close)
        self.nothing.hide()
        self.hide()

    def open(self) -> None:
        """Show the row, seeking what is selected in one line of the code."""
        chosen = self._text.textCursor().selectedText()
        # Qt parts the lines of a selection by this sign.
        if chosen and "\u2029" not in chosen:
            self.field.setText(chosen)
        self.show()
        self.field.selectAll()
        self.field.setFocus()

    def leave(self) -> None:
        """Close the row and give the keyboard to the code."""
        self.hide()
        self._text.setFocus()

    def seek(self, *, back: bool = False) -> None:
        """Select the next place, or the one before; after the last comes the first."""
        words, flags = self.field.text(), QTextDocument.FindFlag(0)
        if back:
            flags |= QTextDocument.FindFlag.FindBackward
        cursor = self._text.textCursor()
        found = self._text.document().find(words, cursor, flags)
        if found.isNull() and words:
            end = QTextCursor.MoveOperation.End if back else QTextCursor.MoveOperation.Start
            cursor.movePosition(end)
            found = self._text.document().find(words, cursor, flags)
        if not found.isNull():
            self._text.setTextCursor(found)
        self.nothing.setVisible(found.isNull() and bool(words))

    def _typed(self) -> None:
        """Seek from where the present place begins, so that it stays while it fits."""
        cursor = self._text.textCursor()
        cursor.setPosition(cursor.selectionStart())
        self._text.setTextCursor(cursor)
        self.seek()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent):
            return super().eventFilter(watched, event)
        if event.type() == QEvent.Type.ShortcutOverride:
            if event.matches(QKeySequence.StandardKey.Find):
                event.accept()
            return False
        if event.type() != QEvent.Type.KeyPress:
            return False
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.seek(back=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        elif event.matches(QKeySequence.StandardKey.Find):
            self.field.selectAll()
        else:
            return False
        return True
