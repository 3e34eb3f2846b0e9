"""Facts and statistics of a data set: a few lines, and a histogram."""

from __future__ import annotations

import math

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QWidget

from engine.formats.hdf5.content import Storage
from engine.formats.hdf5.statistics import Statistics
from engine.formats.hdf5.tree import Entry
from engine.formats.hdf5.words import shape_words
from gui.i18n import tr
from gui.labels import Label
from gui.numbers import bytes_text
from gui.pictures.bars import Histogram
from gui.theme import Theme

HISTOGRAM_HEIGHT, LINES_WIDTH = 128, 200


class Lines(QWidget):
    """Names with their values, one pair a line."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._rows = QFormLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setHorizontalSpacing(theme.l)
        self._rows.setVerticalSpacing(theme.xs)
        self._rows.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        self.pairs: list[tuple[str, str]] = []

    def show_pairs(self, pairs: list[tuple[str, str]]) -> None:
        """Show other lines."""
        self.pairs = pairs
        while self._rows.rowCount():
            self._rows.removeRow(0)
        for name, value in pairs:
            label, words = Label(name), Label(value)
            label.setProperty("role", "secondary")
            words.setFont(self._theme.font(12))
            words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            words.setWordWrap(True)
            self._rows.addRow(label, words)


class Figures(QWidget):
    """How numbers are spread; says that they are being read until then."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._message = Label()
        self._message.setProperty("role", "secondary")
        self._message.setWordWrap(True)
        self.lines = Lines(theme)
        self.histogram = Histogram(theme)
        self.histogram.setFixedHeight(HISTOGRAM_HEIGHT)
        self.histogram.setAccessibleName(tr("How often values occur"))
        self.lines.setFixedWidth(LINES_WIDTH)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.l)
        top = Qt.AlignmentFlag.AlignTop
        row.addWidget(self._message, 1, top)
        row.addWidget(self.lines, 0, top)
        row.addWidget(self.histogram, 1, top)

    @property
    def message(self) -> str:
        """The sentence shown instead of figures, or ""."""
        return "" if self._message.isHidden() else self._message.text()

    def say(self, sentence: str) -> None:
        """Show a sentence instead of figures; "" for nothing."""
        self._message.setText(sentence)
        self._message.setVisible(bool(sentence))
        self.lines.hide()
        self.histogram.hide()

    def show_share(self, share: float) -> None:
        """Say how much has been read."""
        self.say(tr("Reading… {percent} %", percent=round(100 * share)))

    def show_statistics(self, found: Statistics) -> None:
        """Show other figures."""
        self._message.hide()
        self.lines.show_pairs(figure_pairs(found))
        self.lines.show()
        self.histogram.setVisible(found.finite > 0)
        if found.finite:
            self.histogram.set_counts(found.histogram, found.low, found.high)


def figure_pairs(found: Statistics) -> list[tuple[str, str]]:
    """Return names and values of statistics; what is absent is not mentioned."""
    pairs = []
    if found.finite:
        pairs = [
            (tr("Least"), number_words(found.low)),
            (tr("Greatest"), number_words(found.high)),
            (tr("Mean"), number_words(found.mean)),
            (tr("Deviation"), number_words(found.std)),
        ]
    pairs.append((tr("Values"), f"{found.count:,}"))
    for title, count in (
        (tr("Zeros"), found.zeros),
        (tr("NaN"), found.nans),
        (tr("Infinite"), found.infinite),
    ):
        if count:
            pairs.append((title, f"{count:,} ({share_words(count / found.count)})"))
    return pairs


def number_words(value: float) -> str:
    """Write a number shortly; whole ones in full."""
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:.6g}" if math.isfinite(value) else str(value)


def share_words(share: float) -> str:
    """Write a share in percent; a small one is not nothing."""
    percent = 100 * share
    return "< 0.1 %" if 0 < percent < 0.1 else f"{percent:.3g} %"


def fact_pairs(entry: Entry, storage: Storage | None) -> list[tuple[str, str]]:
    """Return names and values of what the headers say about an entry."""
    if entry.kind == "group":
        return [(tr("Entries"), f"{entry.children:,}")]
    if entry.kind == "link":
        return [(tr("Leads to"), entry.target)]
    pairs = [(tr("Type"), entry.dtype)] if entry.dtype else []
    if entry.kind == "type":
        return pairs
    if entry.shape is not None or entry.kind == "dataset":
        pairs.insert(0, (tr("Shape"), shape_words(entry.shape)))
        pairs.append((tr("Size"), bytes_text(entry.size)))
    if entry.target:
        pairs.append((tr("Leads to"), entry.target))
    if storage is None:
        return pairs
    pairs.append((tr("In the file"), bytes_text(storage.stored)))
    chunks = shape_words(storage.chunks) if storage.chunks is not None else tr("in one piece")
    pairs.append((tr("Chunks"), chunks))
    pairs.append((tr("Compression"), storage.packing or tr("none")))
    if storage.growing:
        pairs.append((tr("Growth"), tr("may be extended")))
    return pairs
