"""Search for an action or a layer and run it (Ctrl+K)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QIcon, QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from gui.i18n import tr
from gui.theme import Theme


@dataclass(frozen=True)
class Command:
    """One entry: what it says, what else it is found by, what it does."""

    text: str
    words: str
    hint: str
    icon: QIcon
    run: Callable[[], object]


class CommandBox(QFrame):
    """A field with a list below, floating over the window; Esc or a click elsewhere closes it."""

    WIDTH = 480
    MOST_SHOWN = 12

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._window = parent
        self._commands: list[Command] = []
        self._shown: list[Command] = []
        self._field = QLineEdit()
        self._field.setPlaceholderText(tr("Search actions and layers"))
        self._field.textChanged.connect(self._filter)
        self._field.installEventFilter(self)
        self._list = QListWidget()
        self._list.setIconSize(QSize(16, 16))
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.itemClicked.connect(lambda _: self._run())
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.s, theme.s, theme.s, theme.s)
        column.setSpacing(theme.s)
        column.addWidget(self._field)
        column.addWidget(self._list)
        theme.changed.connect(self._dress)
        self._dress()
        self.hide()

    def open(self, commands: list[Command]) -> None:
        """Show the box with these commands."""
        self._commands = commands
        self._field.clear()
        self._filter("")
        self.setGeometry((self._window.width() - self.WIDTH) // 2, 64, self.WIDTH, 400)
        self.show()
        self.raise_()
        self._field.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut:
            self.hide()
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._pressed(event.key())
        return super().eventFilter(watched, event)

    def _pressed(self, key: int) -> bool:
        if key == Qt.Key.Key_Escape:
            self.hide()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._run()
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up) and self._shown:
            step = 1 if key == Qt.Key.Key_Down else -1
            self._list.setCurrentRow((self._list.currentRow() + step) % len(self._shown))
        else:
            return False
        return True

    def _filter(self, text: str) -> None:
        words = text.lower().split()
        found = [
            command
            for command in self._commands
            if all(word in f"{command.text} {command.words}".lower() for word in words)
        ]
        begins = text.lower()
        found.sort(key=lambda command: not command.text.lower().startswith(begins))
        self._shown = found[: self.MOST_SHOWN]
        self._list.clear()
        for command in self._shown:
            hint = f"    {command.hint}" if command.hint else ""
            self._list.addItem(QListWidgetItem(command.icon, command.text + hint))
        self._list.setCurrentRow(0)

    def _run(self) -> None:
        row = self._list.currentRow()
        if 0 <= row < len(self._shown):
            self.hide()
            self._shown[row].run()

    def _dress(self) -> None:
        colors = self._theme.colors
        self.setStyleSheet(
            f"CommandBox {{ background: {colors.surface_raised.name()};"
            f" border: 1px solid {colors.border_strong.name()}; border-radius: 8px; }}"
        )
