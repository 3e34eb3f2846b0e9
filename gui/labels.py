"""Labels that show words as they are."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QWidget


class Label(QLabel):
    """A label whose words are never taken for markup: files call things whatever they like."""

    def __init__(
        self,
        words: str = "",
        parent: QWidget | None = None,
        *,
        alignment: Qt.AlignmentFlag | None = None,
    ) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(words)
        if alignment is not None:
            self.setAlignment(alignment)


class Short(Label):
    """A label of one line that is cut where there is no room; the whole is in its tip then.

    However long a name or a path is, what holds the label can be as narrow as without it.

    Args:
        words: What it says.
        least: So many pixels of it are kept in any case.
        mode: Where words are left out.
    """

    def __init__(
        self,
        words: str = "",
        parent: QWidget | None = None,
        *,
        least: int = 120,
        mode: Qt.TextElideMode = Qt.TextElideMode.ElideMiddle,
    ) -> None:
        self._words, self._least, self._mode = "", least, mode
        super().__init__(words, parent)

    def text(self) -> str:
        """Return the whole, also where a part is shown."""
        return self._words

    def setText(self, words: str) -> None:
        """Say something else."""
        self._words = words
        self.setAccessibleName(words)
        self._fit()
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Return the room for the whole."""
        margins = self.contentsMargins()
        wide = self.fontMetrics().horizontalAdvance(self._words) + 1
        return QSize(wide + margins.left() + margins.right(), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """Return the room for what is kept in any case."""
        hint = self.sizeHint()
        return QSize(min(hint.width(), self._least), hint.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as much as there is room for now."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Fit the words anew: another font takes other room."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()

    def _fit(self) -> None:
        room = self.contentsRect().width()
        cut = self.fontMetrics().elidedText(self._words, self._mode, room)
        super().setText(cut)
        self.setToolTip(tip(self._words) if cut != self._words else "")


def wrapped(role: str = "") -> Label:
    """Return an empty label whose words go on in further lines.

    Args:
        role: How they look, such as "secondary"; the style sheet has all.
    """
    label = Label()
    label.setWordWrap(True)
    label.setProperty("role", role)
    return label


def tip(words: str) -> str:
    """Return words for a tip, which would take some for markup."""
    return f"<qt>{escape(words)}</qt>" if "<" in words else words
