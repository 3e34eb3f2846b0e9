"""Going from panel to panel with the keyboard."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget


def go_to_panel(panels: Sequence[tuple[QWidget, QWidget | None]], step: int) -> None:
    """Move the keyboard from the panel that has it to the next one, or to the one before.

    Args:
        panels: Each panel with what takes the keyboard in it, or None for its first field.
        step: 1 or -1.
    """
    focus = QApplication.focusWidget()
    shown = [entry for entry in panels if entry[0].isVisible()]
    if not shown:
        return
    here = next(
        (
            i
            for i, (panel, _) in enumerate(shown)
            if focus is not None and panel.isAncestorOf(focus)
        ),
        -1,
    )
    panel, target = shown[(here + step) % len(shown)]
    (target or _first_field(panel)).setFocus(Qt.FocusReason.TabFocusReason)


def _first_field(panel: QWidget) -> QWidget:
    inside = (part for part in panel.findChildren(QWidget) if part.isVisible() and part.isEnabled())
    return next((part for part in inside if part.focusPolicy() & Qt.FocusPolicy.TabFocus), panel)
