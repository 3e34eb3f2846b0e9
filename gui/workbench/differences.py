"""The table of how two files differ."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtWidgets import QHeaderView, QVBoxLayout, QWidget

from engine.formats.hdf5.comparing import Difference, State, summary
from engine.formats.hdf5.words import legible
from gui.i18n import tr, tr_text
from gui.labels import Label
from gui.theme import Theme
from gui.workbench.figures import number_words
from gui.workbench.table import TableView, WordTable


class Differences(QWidget):
    """Lists data sets, the most different ones first.

    Signals:
        chosen: A line was selected; carries its `Difference`.
    """

    chosen = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.found: list[Difference] = []
        self._message = Label()
        self._message.setProperty("role", "secondary")
        self._message.setWordWrap(True)
        self.model = WordTable()
        self.table = TableView(theme, self.model, tr("Differences"))
        self.table.selectionModel().currentRowChanged.connect(self._current_changed)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.m, theme.m, theme.m, theme.s)
        column.setSpacing(theme.s)
        column.addWidget(self._message)
        column.addWidget(self.table, 1)

    @property
    def message(self) -> str:
        """The sentence above the table."""
        return self._message.text()

    def say(self, sentence: str) -> None:
        """Show a sentence and no lines."""
        self._message.setText(sentence)
        self.found = []
        self.model.set_rows([], [])
        self.table.hide()

    def show_found(self, found: list[Difference]) -> None:
        """Show what a comparison has found, and select its first line."""
        self._message.setText(" · ".join(tr_text(part) for part in summary(found)))
        self.found = found
        titles = [tr("Data set"), tr("Greatest"), tr("Mean"), tr("Relative")]
        self.model.set_rows(titles, [row_words(one) for one in found], frozenset((1, 2, 3)))
        self.table.setVisible(bool(found))
        self.table.fit()
        if found:
            header = self.table.horizontalHeader()
            header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        if found:
            self.table.setCurrentIndex(self.model.index(0, 0))

    def _current_changed(self, current: QModelIndex, _: QModelIndex) -> None:
        if current.isValid() and current.row() < len(self.found):
            self.chosen.emit(self.found[current.row()])


def row_words(one: Difference) -> tuple[str, ...]:
    """Return a line of the table: figures where there are numbers on both sides."""
    path = legible(one.path.lstrip("/"))
    if one.state != "values" or not one.most:
        return path, state_words(one.state), "", ""
    return path, f"{one.most:.3g}", f"{one.mean:.3g}", f"{one.relative:.3g}"


def state_words(state: State) -> str:
    """Say what a state is."""
    return {
        "first": tr("only in the first"),
        "second": tr("only in the second"),
        "shape": tr("other shape"),
        "unread": tr("not compared"),
        "values": tr("other values"),
        "equal": tr("equal"),
    }[state]


def pairs_of(one: Difference) -> list[tuple[str, str]]:
    """Return names and values of what a comparison has found about a data set."""
    pairs = [(tr("Result"), state_words(one.state))]
    here, there = one.shapes
    if here == there:
        pairs.append((tr("Shape"), here))
    else:
        pairs.append((tr("Shape in the first"), here or "—"))
        pairs.append((tr("Shape in the second"), there or "—"))
    if one.why is not None:
        pairs.append((tr("Reason"), tr_text(one.why)))
    if one.unlike:
        pairs.append((tr("Other values"), f"{one.unlike:,}"))
    if one.most:
        pairs += [
            (tr("Greatest difference"), number_words(one.most)),
            (tr("Mean difference"), number_words(one.mean)),
            (tr("Relative (L2)"), number_words(one.relative)),
        ]
    return pairs
