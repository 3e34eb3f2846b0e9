"""Sentences above the canvas, where others would open a dialog."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QToolButton, QWidget

from gui.i18n import tr
from gui.labels import Label
from gui.theme import Theme

INFO_MILLISECONDS = 6000

Choice = tuple[str, Callable[[], object]]


def _call(function: Callable[[], object], *_: object) -> None:
    """Call a function without what the signal carries."""
    function()


class MessageBar(QFrame):
    """Shows one sentence with its severity, and choices where an answer is wanted."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._severity = "info"
        self._icon = Label()
        self._label = Label()
        self._label.setWordWrap(True)
        self._label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._buttons: list[QPushButton] = []
        self._waits = False
        self._close = QToolButton()
        self._close.setAccessibleName(tr("Close message"))
        self._close.clicked.connect(self.hide)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(theme.m, theme.xs, theme.s, theme.xs)
        self._row.setSpacing(theme.s)
        self._row.addWidget(self._icon)
        self._row.addWidget(self._label, 1)
        self._row.addWidget(self._close)
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.hide)
        theme.changed.connect(self._dress)
        self._dress()
        self.hide()

    @property
    def text(self) -> str:
        """The sentence shown last."""
        return self._label.text()

    def post(self, sentence: str, severity: str = "info") -> None:
        """Show a sentence; an information goes by itself, all else stays until closed."""
        self._show(sentence, severity, [])
        if severity == "info":
            self._timer.start(INFO_MILLISECONDS)

    def ask(self, sentence: str, choices: list[Choice]) -> None:
        """Show a question with a button for each choice; the first one is the usual answer."""
        self.offer(sentence, choices)
        self._waits = True

    def offer(self, sentence: str, choices: list[Choice], severity: str = "warning") -> None:
        """Show a sentence with ways to go on, which goes with what it is about."""
        self._show(sentence, severity, choices)
        self._buttons[0].setFocus()

    def leave(self) -> None:
        """Hide a sentence about what is no longer shown; a question waits for its answer."""
        if not self._waits:
            self.hide()

    def _show(self, sentence: str, severity: str, choices: list[Choice]) -> None:
        self._timer.stop()
        self._waits = False
        for button in self._buttons:
            self._row.removeWidget(button)
            button.deleteLater()
        self._buttons = []
        for place, (text, call) in enumerate(choices):
            button = QPushButton(text)
            button.setProperty("primary", place == 0)
            button.clicked.connect(self.hide)
            button.clicked.connect(partial(_call, call))
            self._row.insertWidget(2 + place, button)
            self._buttons.append(button)
        self._severity = severity if severity in ("info", "warning", "error") else "info"
        self._label.setText(sentence)
        self._dress()
        self.show()

    def _dress(self) -> None:
        colors = self._theme.colors
        back, front = {
            "info": (colors.accent_soft, colors.accent),
            "warning": (colors.warning_soft, colors.warning),
            "error": (colors.error_soft, colors.error),
        }[self._severity]
        self.setStyleSheet(f"MessageBar {{ background: {back.name()}; border: none; }}")
        self._icon.setPixmap(self._theme.icon(self._severity, front).pixmap(QSize(18, 18)))
        self._close.setIcon(self._theme.icon("close"))
