"""What is selected in the tree: facts, statistics, picture, first values, attributes."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from engine.errors import Text
from engine.formats.hdf5.content import Attribute, Head
from engine.formats.hdf5.pictures import Picture
from engine.formats.hdf5.questions import Content, Problem
from engine.formats.hdf5.statistics import Statistics
from engine.formats.hdf5.tree import Entry
from engine.formats.hdf5.words import legible
from gui.i18n import tr, tr_text
from gui.labels import Label
from gui.theme import Theme
from gui.workbench.background import Background, Work
from gui.workbench.figures import Figures, Lines, fact_pairs
from gui.workbench.table import TableView, WordTable
from gui.workbench.tensor_view import TensorView

FACTS_WIDTH, TEXT_HEIGHT, MOST_ROWS = 232, 200, 8


class Details(QScrollArea):
    """Shows an entry; what has to be read comes from another thread, piece by piece."""

    def __init__(self, theme: Theme, background: Background, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._background = background
        self._entry: Entry | None = None
        self._attributes: list[Attribute] = []
        self.title, self.place, self._problem = Label(), Label(), Label()
        self.facts, self.figures, self.tensor = Lines(theme), Figures(theme), TensorView(theme)
        self.values, self.attributes = WordTable(), WordTable()
        self._values_view = TableView(theme, self.values, tr("First values"), numbered=True)
        self._attributes_view = TableView(theme, self.attributes, tr("Attributes"))
        self.text = QPlainTextEdit(readOnly=True)
        self._headings: dict[QWidget, QLabel] = {}
        self._build()
        self._attributes_view.selectionModel().currentRowChanged.connect(self._attribute_chosen)
        background.answered.connect(self._take)
        background.progressed.connect(self._progressed)
        background.failed.connect(self._failed)
        self.clear()

    def _build(self) -> None:
        theme = self._theme
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.title.setProperty("role", "title")
        self.place.setProperty("role", "secondary")
        self._problem.setProperty("role", "warning")
        for label in (self.title, self.place, self._problem):
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            label.setWordWrap(True)
        self.facts.setFixedWidth(FACTS_WIDTH)
        self.text.setFont(theme.font(12, mono=True))
        self.text.setFixedHeight(TEXT_HEIGHT)
        self.text.setAccessibleName(tr("Attribute"))
        page = QWidget()
        self._column = QVBoxLayout(page)
        self._column.setContentsMargins(theme.xl, theme.l, theme.xl, theme.l)
        self._column.setSpacing(theme.s)
        for label in (self.title, self.place, self._problem):
            self._column.addWidget(label)
        upper = QHBoxLayout()
        upper.setSpacing(theme.l)
        upper.addWidget(self.facts, 0, Qt.AlignmentFlag.AlignTop)
        upper.addWidget(self.figures, 1, Qt.AlignmentFlag.AlignTop)
        self._column.addSpacing(theme.s)
        self._column.addLayout(upper)
        self._section(self.tensor, tr("Picture"))
        self._section(self._values_view, tr("First values"))
        self._section(self._attributes_view, tr("Attributes"))
        self._column.addWidget(self.text)
        self._column.addStretch(1)
        self.setWidget(page)
        for part in (page, self.viewport()):
            part.setAutoFillBackground(False)

    def _section(self, part: QWidget, title: str) -> None:
        heading = self._headings[part] = Label(title)
        heading.setProperty("role", "heading")
        self._column.addSpacing(self._theme.s)
        self._column.addWidget(heading)
        self._column.addWidget(part)

    # --- what is shown -----------------------------------------------------------------------

    def clear(self, sentence: str = "") -> None:
        """Show nothing but a sentence."""
        self._background.stop()
        self._begin("", "")
        self.facts.show_pairs([])
        self.figures.say(sentence)

    def show_entry(self, entry: Entry, work: Work, title: str = "") -> None:
        """Show an entry of a file.

        Args:
            entry: What its headers say.
            work: The question that reads the rest.
            title: Its title; "" for its own name.
        """
        self._begin(title or entry.name, legible(entry.path))
        self._entry = entry
        self.facts.show_pairs(fact_pairs(entry, None))
        if entry.refusal is not None:
            self._say_problem(tr("Not read: {reason}.", reason=tr_text(entry.refusal).rstrip(".")))
            self._background.stop()
            return
        self.figures.say(tr("Reading…") if entry.kind == "dataset" else "")
        self._background.ask(work)

    def show_difference(self, path: str, pairs: list[tuple[str, str]], work: Work | None) -> None:
        """Show how a data set differs between two files.

        Args:
            path: Where it lies.
            pairs: Names and values of what the comparison has found.
            work: The question that reads the difference, or None where there is none to see.
        """
        name = legible(path.rpartition("/")[2])
        self._begin(tr("Difference of {name}", name=name), legible(path))
        self.facts.show_pairs(pairs)
        if work is None:
            self._background.stop()
            return
        self.figures.say(tr("Reading…"))
        self._background.ask(work)

    def _begin(self, title: str, place: str) -> None:
        self._entry = None
        self.title.setText(title)
        self.place.setText(place)
        self.place.setVisible(bool(place))
        self._say_problem("")
        self.figures.say("")
        self.tensor.forget()
        self._show_head(None)
        self._show_attributes([])
        self._follow_headings()
        self.verticalScrollBar().setValue(0)

    # --- answers -------------------------------------------------------------------------------

    def _take(self, answer: object) -> None:
        match answer:
            case Content():
                if self._entry is not None:
                    self.facts.show_pairs(fact_pairs(self._entry, answer.storage))
                self._show_head(answer.head)
                self._show_attributes(answer.attributes)
            case Picture():
                self.tensor.show_picture(answer)
            case Statistics():
                self.figures.show_statistics(answer)
            case Problem() if answer.part == "numbers":
                self.figures.say(tr_text(answer.words))
            case Problem():
                self._say_problem(tr_text(answer.words))
        self._follow_headings()

    def _progressed(self, share: float) -> None:
        if self.figures.message:
            self.figures.show_share(share)

    def _failed(self, words: Text) -> None:
        self.figures.say("")
        self._say_problem(tr_text(words))

    def _say_problem(self, sentence: str) -> None:
        self._problem.setText(sentence)
        self._problem.setVisible(bool(sentence))

    @property
    def problem(self) -> str:
        """The sentence that says why something is missing, or ""."""
        return self._problem.text()

    def _show_head(self, head: Head | None) -> None:
        rows = head.rows if head is not None else []
        columns = head.columns if head is not None else []
        self.values.set_rows(columns, list(rows), frozenset(range(len(columns))))
        self._values_view.setVisible(bool(rows))
        if head is not None and rows:
            self._headings[self._values_view].setText(tr("First values {place}", place=head.place))
            self._values_view.fit(MOST_ROWS)

    def _show_attributes(self, attributes: list[Attribute]) -> None:
        self._attributes = attributes
        titles = [tr("Name"), tr("Value"), tr("Type")]
        rows = [(one.name, attribute_words(one), one.kind) for one in attributes]
        self.attributes.set_rows(titles, list(rows))
        self._attributes_view.setVisible(bool(rows))
        self.text.hide()
        if rows:
            self._attributes_view.fit(MOST_ROWS)

    def _attribute_chosen(self, current: QModelIndex, _: QModelIndex) -> None:
        whole = ""
        if current.isValid() and current.row() < len(self._attributes):
            whole = self._attributes[current.row()].whole
        self.text.setPlainText(whole)
        self.text.setVisible(bool(whole))

    def _follow_headings(self) -> None:
        for part, heading in self._headings.items():
            heading.setVisible(not part.isHidden())


def attribute_words(one: Attribute) -> str:
    """Return an attribute's value in one line, or why it was not read."""
    if one.refusal is None:
        return one.short
    return tr("Not read: {reason}.", reason=tr_text(one.refusal))
