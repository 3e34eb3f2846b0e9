"""The models of `keras.applications` on the start page: a row for each family."""

from __future__ import annotations

from itertools import groupby

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QWidget

from engine.blocks import BLOCKS
from gui.i18n import tr
from gui.labels import Label
from gui.theme import Theme

FAMILY_WIDTH, LEAST_WIDTH = 136, 56


class ApplicationList(QWidget):
    """Opens a model as a new document.

    Signals:
        chosen: Carries the key of the model.
    """

    chosen = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.s)
        grid.setVerticalSpacing(theme.xs)
        grid.setColumnStretch(1, 1)
        specs = [spec for spec in BLOCKS if spec.group == "applications"]
        for place, (family, members) in enumerate(groupby(specs, key=lambda spec: spec.family)):
            label = Label(family)
            label.setFixedWidth(FAMILY_WIDTH)
            label.setProperty("role", "secondary")
            row = QHBoxLayout()
            row.setSpacing(theme.xs)
            for spec in members:
                title = tr(spec.title)
                button = QPushButton(title.removeprefix(family).strip() or title)
                button.setAccessibleName(title)
                button.setMinimumWidth(LEAST_WIDTH)
                button.setToolTip(f"{title}: {tr(spec.help())}")
                button.setCursor(Qt.CursorShape.PointingHandCursor)
                button.clicked.connect(lambda _=False, key=spec.key: self.chosen.emit(key))
                row.addWidget(button)
            row.addStretch(1)
            grid.addWidget(label, place, 0)
            grid.addLayout(row, place, 1)
