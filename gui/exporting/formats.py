"""The list of formats, by what they are for."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHeaderView, QTreeWidget, QTreeWidgetItem

from engine.formats.exporting import FORMATS
from gui.exporting.exporter import Outcome
from gui.i18n import tr
from gui.numbers import bytes_text
from gui.theme import Theme

KEY = Qt.ItemDataRole.UserRole
WIDTH = 304
PICTURE = "picture"


def _groups() -> list[tuple[str, tuple[str, ...]]]:
    return [
        (tr("Keras"), ("h5", "keras", "weights", "json", "python")),
        (
            tr("Other programs"),
            ("saved_model", "onnx", "tflite", "tflite_dynamic", "tflite_int8"),
        ),
        (tr("To show"), ("html", PICTURE)),
    ]


class FormatList(QTreeWidget):
    """One row a format; the second column tells the ending, or the size of what was written.

    Signals:
        chosen: Carries the key of a format, or `PICTURE`.
    """

    chosen = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._rows: dict[str, QTreeWidgetItem] = {}
        self.setColumnCount(2)
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setItemsExpandable(False)
        self.setIndentation(0)
        self.setFixedWidth(WIDTH)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(tr("Formats"))
        self.setStyleSheet(
            "QTreeView { background: transparent; padding: 8px; }"
            "QTreeView::item { padding: 5px 6px; border-radius: 0; }"
        )
        header = self.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self._fill()
        self.currentItemChanged.connect(self._changed)
        theme.changed.connect(self._dress)
        self._dress()

    def _fill(self) -> None:
        for title, keys in _groups():
            group = QTreeWidgetItem([title])
            group.setFlags(Qt.ItemFlag.ItemIsEnabled)
            self.addTopLevelItem(group)
            for key in keys:
                name = tr("Picture (SVG, PNG, PDF)") if key == PICTURE else tr(FORMATS[key].title)
                row = QTreeWidgetItem([name, ""])
                row.setData(0, KEY, key)
                row.setTextAlignment(1, Qt.AlignmentFlag.AlignRight)
                group.addChild(row)
                self._rows[key] = row
            group.setExpanded(True)
        self.mark({})

    @property
    def current(self) -> str:
        """The key of the row in front, or ""."""
        item = self.currentItem()
        return str(item.data(0, KEY)) if item is not None and item.data(0, KEY) else ""

    def select(self, key: str) -> None:
        """Bring a format to the front; `chosen` tells of it even where it was there already."""
        row = self._rows[key]
        if self.currentItem() is row:
            self.chosen.emit(key)
        else:
            self.setCurrentItem(row)

    def mark(self, outcomes: Mapping[str, Outcome]) -> None:
        """Show what has been written, and what could not be."""
        for key, row in self._rows.items():
            outcome = outcomes.get(key)
            ending = "" if key == PICTURE else FORMATS[key].ending
            done = outcome is not None and outcome.problem is None
            row.setText(1, f"✓ {bytes_text(outcome.bytes)}" if outcome and done else ending)
            if outcome is not None and outcome.problem is not None:
                row.setText(1, tr("failed"))

    def _changed(self, *_: object) -> None:
        if self.current:
            self.chosen.emit(self.current)

    def _dress(self) -> None:
        colors = self._theme.colors
        for place in range(self.topLevelItemCount()):
            group = self.topLevelItem(place)
            if group is not None:
                group.setFont(0, self._theme.font(11, 600))
                group.setForeground(0, colors.text_secondary)
        for row in self._rows.values():
            row.setForeground(1, colors.text_secondary)
            row.setFont(1, self._theme.font(11))
