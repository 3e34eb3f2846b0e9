"""The button at the end of a problem's line that solves it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from engine.fixes import Fix
from gui.i18n import tr, tr_text
from gui.theme import Theme


class FixButton(QWidget):
    """Lies over a line of the list: the best fix on a button, the others in its menu.

    Args:
        fixes: At least one.
        apply: Called with the fix that is chosen.
        theme: The look.
    """

    def __init__(self, fixes: list[Fix], apply: Callable[[Fix], object], theme: Theme) -> None:
        super().__init__()
        self.fixes, self._apply = fixes, apply
        # The line below stays a line that can be clicked.
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self.button = QToolButton()
        self.button.setText(tr_text(fixes[0].label))
        self.button.setIcon(theme.icon("check", theme.colors.accent))
        self.button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.button.setProperty("role", "fix")
        self.button.setToolTip(tr("Solve it so; undo takes it back (Ctrl+.)"))
        self.button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.button.clicked.connect(self.apply_first)
        if len(fixes) > 1:
            menu = QMenu(self.button)
            for fix in fixes:
                menu.addAction(tr_text(fix.label), partial(self._apply, fix))
            self.button.setMenu(menu)
            self.button.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 1, theme.m, 1)
        row.addStretch(1)
        row.addWidget(self.button)

    def apply_first(self) -> None:
        """Apply the best fix."""
        self._apply(self.fixes[0])
