"""The tree of a file, with a box that searches all of it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHeaderView,
    QLineEdit,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from engine.formats.hdf5.questions import MOST_FOUND, search
from engine.formats.hdf5.remote import RemoteFile, asked
from engine.formats.hdf5.tree import Entry
from gui.i18n import tr, tr_text
from gui.labels import Label
from gui.theme import Theme
from gui.workbench.background import Background
from gui.workbench.tree_model import NAME, TreeModel

# Typing searches once, not for each letter.
PAUSE_MS = 200
# Of shape, type and size; the name takes what is left.
WIDTHS = (108, 72, 72)
# Rows to be seen at first, and entries of a group that is opened for them.
FEW, MOST_OPEN = 12, 100


class Browser(QWidget):
    """Chooses an entry of one file.

    Signals:
        chosen: An entry was selected.
    """

    chosen = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._path = Path()
        self.background = Background(self)
        self.background.answered.connect(self._show_found)
        self.background.failed.connect(lambda words: self._say(tr_text(words)))
        self.filter = QLineEdit()
        self.filter.setPlaceholderText(tr("Search names"))
        self.filter.setAccessibleName(tr("Search names"))
        self.filter.setClearButtonEnabled(True)
        self._timer = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._timer.timeout.connect(self._search)
        self.filter.textChanged.connect(lambda _: self._timer.start())
        self.model = TreeModel(theme)
        self.model.troubled.connect(lambda words: self._say(tr_text(words)))
        self.tree = QTreeView()
        self.tree.setModel(self.model)
        self.tree.setUniformRowHeights(True)
        self.tree.setFrameShape(QFrame.Shape.NoFrame)
        self.tree.setIconSize(QSize(14, 14))
        self.tree.setIndentation(theme.l)
        self.tree.setAccessibleName(tr("Contents of the file"))
        self.tree.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        header = self.tree.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        # One line across all columns when a row is selected.
        self.tree.setStyleSheet(
            "QHeaderView { background: transparent; } QTreeView::item { border-radius: 0; }"
        )
        for part in (self.tree, header):
            part.setFont(theme.font(12))
        for column, width in enumerate(WIDTHS, NAME + 1):
            self.tree.setColumnWidth(column, width)
        self.tree.selectionModel().currentChanged.connect(self._current_changed)
        self.model.modelReset.connect(self._was_reset)
        self._message = Label()
        self._message.setProperty("role", "secondary")
        self._message.setWordWrap(True)
        self._message.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.m, theme.m, theme.m, theme.s)
        layout.setSpacing(theme.s)
        layout.addWidget(self.filter)
        layout.addWidget(self._message)
        layout.addWidget(self.tree, 1)

    @property
    def message(self) -> str:
        """What is said above the tree, or ""."""
        return "" if self._message.isHidden() else self._message.text()

    def show_file(self, path: Path, file: RemoteFile) -> None:
        """Show another file; small groups at its top are open at once."""
        self._path = path
        self.filter.clear()
        self._timer.stop()
        # What is still found lies in the file before.
        self.background.stop()
        self._say("")
        self.model.set_file(file)
        self.open_beginning()

    def open_beginning(self) -> None:
        """Open groups from the top while few rows are seen, and select the first data set."""
        queue, seen, first = [QModelIndex()], 0, QModelIndex()
        while queue and seen < FEW:
            above = queue.pop(0)
            if above.isValid():
                if self.model.entry(above).children > MOST_OPEN and above.parent().isValid():
                    continue
                if self.model.canFetchMore(above):
                    self.model.fetchMore(above)
                self.tree.expand(above)
            for number in range(min(self.model.rowCount(above), FEW)):
                row = self.model.index(number, NAME, above)
                seen += 1
                if self.model.hasChildren(row):
                    queue.append(row)
                elif not first.isValid() and self.model.entry(row).kind == "dataset":
                    first = row
        if not first.isValid():
            first = self.model.index(0, NAME)
        self.tree.setCurrentIndex(first)

    def close_file(self) -> None:
        """Let go of the file."""
        self._timer.stop()
        self.background.close()
        self.model.set_file(None)

    def entry(self) -> Entry | None:
        """Return what is selected."""
        index = self.tree.currentIndex()
        return self.model.entry(index) if index.isValid() else None

    def _current_changed(self, current: QModelIndex, _: QModelIndex) -> None:
        if not current.isValid():
            return
        if self.model.is_more(current):
            # The view is still moving to the line that is about to be replaced.
            QTimer.singleShot(0, self, self._show_more)
        else:
            self.chosen.emit(self.model.entry(current))

    def _show_more(self) -> None:
        index = self.tree.currentIndex()
        if index.isValid() and self.model.is_more(index):
            above, number = index.parent(), index.row()
            self.model.show_more(index)
            self.tree.setCurrentIndex(self.model.index(number, NAME, above))

    def _was_reset(self) -> None:
        self.tree.selectionModel().setCurrentIndex(
            QModelIndex(), QItemSelectionModel.SelectionFlag.Clear
        )

    # --- search --------------------------------------------------------------------------------

    def _search(self) -> None:
        words = self.filter.text().strip()
        if not words:
            self.background.stop()
            self.model.show_found(None)
            self._say("")
            self.open_beginning()
            return
        self._say(tr("Searching…"))
        self.background.ask(asked(self._path, search, self._path, words))

    def _show_found(self, found: list[Entry]) -> None:
        self.model.show_found(found)
        if len(found) == MOST_FOUND:
            self._say(tr("The first {count} are shown.", count=f"{MOST_FOUND:,}"))
        else:
            self._say(tr("{count} found", count=f"{len(found):,}"))

    def _say(self, sentence: str) -> None:
        self._message.setText(sentence)
        self._message.setVisible(bool(sentence))
