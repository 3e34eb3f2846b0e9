"""Labels that show words as they are."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import Qt
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
