"""Some samples, to be looked at: pictures with labels, or rows of a table."""

from __future__ import annotations

from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QScrollArea,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from engine.ipc.messages import DataLoaded
from gui.data.sample_table import SampleTable, target_words
from gui.pictures.pixels import is_picture, picture_atlas
from gui.pictures.tile_view import TileView
from gui.theme import Theme


class Preview(QStackedWidget):
    """Shows pictures as pictures and everything else as a table."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tiles = TileView(theme, side=56, gap=8)
        self.model = SampleTable()
        self._pictures = QScrollArea()
        self._pictures.setFrameShape(QScrollArea.Shape.NoFrame)
        self._pictures.setWidgetResizable(True)
        # The tiles fill the width and no more; below them the rest of the page stays empty.
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.tiles)
        layout.addStretch(1)
        self._pictures.setWidget(page)
        for part in (page, self._pictures.viewport()):
            part.setAutoFillBackground(False)
        self._table = QTableView()
        self._table.setModel(self.model)
        self._table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self._table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self._table.setShowGrid(False)
        self._table.setWordWrap(False)
        self._table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self._table.verticalHeader().setDefaultSectionSize(24)
        self._table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self._table.setFont(theme.font(12))
        # Beyond the last column the header would show the window's color.
        self._table.setStyleSheet("QHeaderView { background: transparent; }")
        for header in (self._table.horizontalHeader(), self._table.verticalHeader()):
            header.setFont(theme.font(12))
            header.setHighlightSections(False)
        self.addWidget(self._pictures)
        self.addWidget(self._table)

    def show_data(self, data: DataLoaded) -> None:
        """Show other samples."""
        if is_picture(tuple(data.info.sample_shape)):
            samples = data.samples.numpy()
            self.tiles.set_tiles(picture_atlas(samples), len(samples), target_words(data))
            self.model.show_data(None)
            self.setCurrentWidget(self._pictures)
        else:
            self.model.show_data(data)
            self._table.resizeColumnsToContents()
            self.setCurrentWidget(self._table)
