"""What the training panel shows before the first run, and its line for bad news."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.graph.document import Document
from gui.i18n import tr
from gui.labels import Label
from gui.theme import Theme
from gui.training.words import recipe_words


class EmptyPage(QWidget):
    """Says what to do, and what the recipe is."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._title = Label(tr("Press Train to see the loss fall here"))
        self._recipe = Label()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 16, 24, 16)
        layout.setSpacing(8)
        layout.addStretch(1)
        for label in (self._title, self._recipe):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label.setWordWrap(True)
            layout.addWidget(label)
        layout.addStretch(1)
        theme.changed.connect(self._restyle)
        self._restyle()

    def describe(self, document: Document | None) -> None:
        """Show the recipe of a document."""
        self._recipe.setText(recipe_words(document) if document is not None else "")

    def _restyle(self) -> None:
        colors = self._theme.colors
        self._title.setFont(self._theme.font(15, 600))
        self._title.setStyleSheet(f"color: {colors.text.name()};")
        self._recipe.setFont(self._theme.font(12))
        self._recipe.setStyleSheet(f"color: {colors.text_secondary.name()};")


class Notice(Label):
    """A sentence in red; hidden while there is nothing to say."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._theme = theme
        self.setWordWrap(True)
        self.hide()
        theme.changed.connect(self._restyle)
        self._restyle()

    def say(self, sentence: str | None) -> None:
        """Show a sentence, or nothing for None."""
        self.setText(sentence or "")
        self.setVisible(bool(sentence))

    def _restyle(self) -> None:
        colors = self._theme.colors
        self.setFont(self._theme.font(12))
        self.setStyleSheet(
            f"color: {colors.error.name()}; background: {colors.error_soft.name()};"
            " border-radius: 4px; padding: 4px 8px;"
        )
