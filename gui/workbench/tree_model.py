"""The tree of an HDF5 file as a Qt model: groups are listed and described when opened."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from engine.errors import NetloomError
from engine.formats.hdf5.remote import RemoteFile
from engine.formats.hdf5.tree import Entry, joined
from engine.formats.hdf5.words import legible, shape_words
from gui.i18n import tr, tr_text
from gui.numbers import bytes_text
from gui.theme import Theme

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
NAME, SHAPE, TYPE, SIZE = range(4)
ICONS = {
    "group": "folder",
    "dataset": "grid",
    "link": "link",
    "type": "info",
    "refused": "warning",
}


# Rows of a group that are listed at a time: a tree asks of every row whether there is more in it.
PORTION = 500


class Row:
    """One line: known by its path at first, described when it is listed.

    A line that stands for many others keeps their names in `rest`.
    """

    __slots__ = ("above", "entry", "number", "path", "rest", "rows", "title")

    def __init__(self, path: str, above: Row | None, number: int) -> None:
        self.path, self.above, self.number = path, above, number
        self.entry: Entry | None = None
        self.rows: list[Row] | None = None
        self.rest: list[str] = []
        self.title = ""


class TreeModel(QAbstractItemModel):
    """Shows a file, or the entries that a search has found in it.

    Signals:
        troubled: A group cannot be listed; carries the sentence.
    """

    troubled = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._file: RemoteFile | None = None
        self._root = self._whole = _root()
        theme.changed.connect(self._dress)

    def set_file(self, file: RemoteFile | None) -> None:
        """Show another file, or none."""
        self.beginResetModel()
        self._file = file
        self._root = self._whole = _root()
        if file is not None:
            top = Row("/", self._root, 0)
            top.title = file.path.name
            self._root.rows = [top]
        self.endResetModel()

    def show_found(self, entries: Sequence[Entry] | None) -> None:
        """Show what a search has found, or (None) the whole tree again."""
        self.beginResetModel()
        if entries is None:
            self._root = self._whole
        else:
            self._root = _root()
            rows = [Row(entry.path, self._root, number) for number, entry in enumerate(entries)]
            for row, entry in zip(rows, entries, strict=True):
                row.entry, row.title = entry, legible(entry.path.lstrip("/"))
            self._root.rows = rows
        self.endResetModel()

    def entry(self, index: Index) -> Entry:
        """Return what an index stands for."""
        return self._entry(self._row(index))

    def is_more(self, index: Index) -> bool:
        """Return whether a line stands for those of a large group that are not listed yet."""
        return bool(self._row(index).rest)

    def show_more(self, index: Index) -> None:
        """List some more lines in place of the one that stands for them."""
        row = self._row(index)
        above = row.above
        if above is None or above.rows is None or not row.rest:
            return
        parent, first = self.parent(index), row.number
        self.beginRemoveRows(parent, first, first)
        above.rows.pop()
        self.endRemoveRows()
        more = self._portion(above, row.rest, first)
        self.beginInsertRows(parent, first, first + len(more) - 1)
        above.rows.extend(more)
        self.endInsertRows()

    # --- what Qt asks ----------------------------------------------------------------------

    def index(self, row: int, column: int, parent: Index | None = None) -> QModelIndex:
        rows = self._row(parent).rows or []
        return self.createIndex(row, column, rows[row]) if row < len(rows) else QModelIndex()

    def parent(self, index: Index | None = None) -> QModelIndex:  # type: ignore[override]
        above = self._row(index).above
        if above is None or above is self._root:
            return QModelIndex()
        return self.createIndex(above.number, 0, above)

    def rowCount(self, parent: Index | None = None) -> int:
        return len(self._row(parent).rows or [])

    def columnCount(self, parent: Index | None = None) -> int:
        return 4

    def hasChildren(self, parent: Index | None = None) -> bool:
        row = self._row(parent)
        if row is self._root:
            return bool(row.rows)
        entry = self._entry(row)
        return entry.kind == "group" and entry.children > 0

    def canFetchMore(self, parent: Index) -> bool:
        return self._row(parent).rows is None and self.hasChildren(parent)

    def fetchMore(self, parent: Index) -> None:
        row = self._row(parent)
        rows = self._list(row)
        if rows:
            self.beginInsertRows(parent, 0, len(rows) - 1)
            row.rows = rows
            self.endInsertRows()
        else:
            row.rows = []

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole
    ) -> Any:
        if role == Role.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return (tr("Name"), tr("Shape"), tr("Type"), tr("Size"))[section]
        if role == Role.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if section == SIZE else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        row, column = self._row(index), index.column()
        entry = self._entry(row)
        match role:
            case Role.DisplayRole:
                return self._words(row, entry, column)
            case Role.ToolTipRole:
                return tooltip(entry)
            case Role.DecorationRole if column == NAME:
                return self._theme.icon("chevron-down" if row.rest else ICONS[entry.kind])
            case Role.ForegroundRole if column != NAME or entry.kind in ("link", "refused"):
                return self._theme.colors.text_secondary
            case Role.TextAlignmentRole if column == SIZE:
                return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    # --- rows --------------------------------------------------------------------------------

    def _row(self, index: Index | None) -> Row:
        if index is None or not index.isValid():
            return self._root
        row: Row = index.internalPointer()
        return row

    def _list(self, row: Row) -> list[Row]:
        if self._file is None:
            return []
        try:
            names = self._file.names(row.path)
        except NetloomError as error:
            self.troubled.emit(error.text)
            return []
        return self._portion(row, names, 0)

    def _portion(self, above: Row, names: list[str], first: int) -> list[Row]:
        """Return rows for the first of some names, and one for all the others."""
        count = PORTION if len(names) > PORTION + 1 else len(names)
        rows = [
            Row(joined(above.path, name), above, first + place)
            for place, name in enumerate(names[:count])
        ]
        if rest := names[count:]:
            rows.append(Row(above.path, above, first + count))
            rows[-1].rest = rest
            rows[-1].entry = Entry(above.path, "type")
            rows[-1].title = tr("{count} more…", count=f"{len(rest):,}")
        self._describe(rows[:count])
        return rows

    def _describe(self, rows: list[Row]) -> None:
        """Describe some rows at a time: another process is asked."""
        assert self._file is not None
        try:
            entries = self._file.entries([row.path for row in rows])
        except NetloomError as error:
            self.troubled.emit(error.text)
            entries = [Entry(row.path, "refused", refusal=error.text) for row in rows]
        for row, entry in zip(rows, entries, strict=True):
            row.entry = self._unlooped(row, entry)

    def _entry(self, row: Row) -> Entry:
        if row.entry is None:
            self._describe([row])
        assert row.entry is not None
        return row.entry

    def _unlooped(self, row: Row, entry: Entry) -> Entry:
        """Return a group that lies in itself, which hard links can do, as a link to itself."""
        above = row.above if entry.kind == "group" else None
        while above is not None and above.path:
            if self._entry(above).address == entry.address:
                return Entry(row.path, "link", target=legible(above.path))
            above = above.above
        return entry

    def _words(self, row: Row, entry: Entry, column: int) -> str:
        if column == NAME:
            name = row.title or entry.name
            return f"{name} → {entry.target}" if entry.kind == "link" else name
        if entry.kind == "group" and column == SHAPE:
            if entry.children < 2:
                return tr("1 entry") if entry.children else tr("empty")
            return tr("{count} entries", count=f"{entry.children:,}")
        if entry.kind == "refused" and column == SHAPE:
            return tr("refused")
        if entry.kind != "dataset":
            return entry.dtype if column == TYPE else ""
        return (shape_words(entry.shape), entry.dtype, bytes_text(entry.size))[column - 1]

    def _dress(self) -> None:
        self.layoutChanged.emit()


def _root() -> Row:
    """Return what holds the first line, and is no line itself."""
    root = Row("", None, 0)
    root.rows = []
    return root


def tooltip(entry: Entry) -> str:
    """Return the path of an entry with its type, or why it is refused."""
    path = legible(entry.path)
    if entry.refusal is None:
        return f"{path}\n{entry.dtype}" if entry.dtype else path
    return f"{path}\n{tr('refused')}: {tr_text(entry.refusal)}"
