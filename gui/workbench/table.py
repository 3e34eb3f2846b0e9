"""Tables of words: first values, attributes, differences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QWidget

from gui.theme import Theme

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
ROW, HEADER = 24, 28
WIDEST, MEASURED = 420, 16


class WordTable(QAbstractTableModel):
    """Rows of words; some columns lean to the right, as numbers do."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[Sequence[str]] = []
        self._columns: list[str] = []
        self._right: frozenset[int] = frozenset()

    def set_rows(
        self, columns: list[str], rows: list[Sequence[str]], right: frozenset[int] = frozenset()
    ) -> None:
        """Show other rows.

        Args:
            columns: Titles.
            rows: One text a column.
            right: Numbers of the columns that lean to the right.
        """
        self.beginResetModel()
        self._columns, self.rows, self._right = columns, rows, right
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._columns)

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        if role in (Role.DisplayRole, Role.ToolTipRole):
            return self.rows[index.row()][index.column()]
        if role == Role.TextAlignmentRole:
            return self._side(index.column())
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal and section < len(self._columns):
            if role == Role.DisplayRole:
                return self._columns[section]
            if role == Role.TextAlignmentRole:
                return self._side(section)
        elif role == Role.DisplayRole:
            return str(section)
        return None

    def _side(self, column: int) -> Qt.AlignmentFlag:
        side = Qt.AlignmentFlag.AlignRight if column in self._right else Qt.AlignmentFlag.AlignLeft
        return side | Qt.AlignmentFlag.AlignVCenter


class TableView(QTableView):
    """A quiet table: no grid, no editing, whole rows.

    Args:
        theme: The look.
        model: What it shows.
        name: What screen readers call it.
        numbered: Whether rows have numbers.
    """

    def __init__(
        self,
        theme: Theme,
        model: WordTable,
        name: str,
        *,
        numbered: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._words = model
        self.setModel(model)
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().setVisible(numbered)
        self.verticalHeader().setDefaultSectionSize(ROW)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setFixedHeight(HEADER)
        self.horizontalHeader().setMaximumSectionSize(WIDEST)
        # Widths from some rows: measuring thousands of texts would be felt.
        self.horizontalHeader().setResizeContentsPrecision(MEASURED)
        # Beyond the last column the header would show the window's color.
        self.setStyleSheet(
            "QHeaderView { background: transparent; } QTableView::item { padding: 0 8px; }"
            " QHeaderView::section:vertical { border: none; }"
        )
        for part in (self, self.horizontalHeader(), self.verticalHeader()):
            part.setFont(theme.font(12))

    def fit(self, most: int = 0) -> None:
        """Give columns the widths of their words, and (if `most`) the height of its rows."""
        self.resizeColumnsToContents()
        if most:
            rows = min(len(self._words.rows), most)
            self.setFixedHeight(HEADER + ROW * max(rows, 1) + 14)
