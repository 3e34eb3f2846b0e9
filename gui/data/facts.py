"""What a data source holds: sizes, shape, and how its targets are spread."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFormLayout, QScrollArea, QVBoxLayout, QWidget

from engine.ipc.messages import DataInfo, DataLoaded
from gui.i18n import tr
from gui.labels import Label, tip
from gui.pictures.bars import Histogram, NamedBars
from gui.theme import Theme


class Facts(QWidget):
    """A few lines and a chart about loaded data."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._heading = Label()
        self._heading.setProperty("role", "heading")
        self._bars, self._histogram = NamedBars(theme), Histogram(theme)
        self._rows = QFormLayout()
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setHorizontalSpacing(12)
        self._rows.setVerticalSpacing(2)
        self._rows.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        scroll = QScrollArea()
        scroll.setWidget(self._bars)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.viewport().setAutoFillBackground(False)
        self._bars.setAutoFillBackground(False)
        self._scroll = scroll
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addLayout(self._rows)
        layout.addWidget(self._heading)
        layout.addWidget(scroll, 1)
        layout.addWidget(self._histogram, 1)

    def show_data(self, data: DataLoaded) -> None:
        """Describe other data."""
        while self._rows.rowCount():
            self._rows.removeRow(0)
        for name, value in fact_rows(data.info):
            self._add_row(name, value)
        classes = data.info.task == "classes"
        self._scroll.setVisible(classes)
        self._histogram.setVisible(not classes)
        if classes:
            count = len(data.info.classes)
            self._heading.setText(tr("{count} classes", count=count))
            self._bars.set_counts(list(data.info.classes), list(data.info.class_counts))
        else:
            self._heading.setText(tr("Target in the samples shown"))
            self._histogram.set_values(data.targets.numpy())

    def _add_row(self, name: str, value: str) -> None:
        label, words = Label(name), Label(value)
        label.setProperty("role", "secondary")
        words.setFont(self._theme.font(12))
        words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        words.setWordWrap(True)
        words.setToolTip(tip(value))
        self._rows.addRow(label, words)


def fact_rows(info: DataInfo) -> list[tuple[str, str]]:
    """Return names and values of what there is to say about a source."""
    shape = "×".join(str(size) for size in info.sample_shape) or "1"
    rows = [
        (
            tr("Samples"),
            tr("{train} to train, {test} to test", train=f"{info.train:,}", test=f"{info.test:,}"),
        ),
        (tr("Shape of one"), shape),
    ]
    if info.task != "classes":
        count = info.target_shape[-1] if info.target_shape else 1
        rows.append((tr("Task"), tr("predict a value") if count == 1 else _values(count)))
    if info.source:
        rows.append((tr("Source"), info.source))
    return rows


def _values(count: int) -> str:
    return tr("predict {count} values", count=count)
