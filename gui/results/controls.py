"""What a person chooses to look at: the probe, the layer, the channel, the sample."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from engine.graph.document import Network
from engine.ipc.messages import Probed
from engine.probes import PROBES, ProbeSpec
from gui.i18n import tr
from gui.labels import Label, wrapped
from gui.theme import Theme


class Controls(QWidget):
    """Choices beside the pictures.

    Signals:
        changed: Another probe, layer or sample was chosen: ask the engine.
        channel_changed: Another input channel was chosen: what is there suffices.
    """

    changed = Signal()
    channel_changed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.probe_box, self.node_box, self.channel_box = QComboBox(), QComboBox(), QComboBox()
        self.sample_box = QSpinBox()
        self.sample_box.setRange(1, 1)
        # NoButtons would leave the text no room under a style sheet.
        self.sample_box.setStyleSheet(
            "QSpinBox::up-button, QSpinBox::down-button { width: 0; border: none; }"
        )
        self.sample_box.lineEdit().setTextMargins(6, 0, 0, 0)
        self._before = self._step_button(tr("Sample before"), -1)
        self._after = self._step_button(tr("Next sample"), 1)
        self._help = wrapped("secondary")
        self._truth, self._prediction = Label(), Label()
        self._right = True
        for spec in PROBES:
            self.probe_box.addItem(tr(spec.title), spec.key)
        # What a network makes of a sample says more at first sight than its kernels.
        self.probe_box.setCurrentIndex(max(0, self.probe_box.findData("activations")))
        self._rows = {
            "probe": self._row(tr("Look at"), self.probe_box),
            "node": self._row(tr("Layer"), self.node_box),
            "channel": self._row(tr("Input channel"), self.channel_box),
            "sample": self._row(tr("Test sample"), self.sample_box, self._before, self._after),
        }
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for row in self._rows.values():
            layout.addWidget(row)
        for label in (self._truth, self._prediction, self._help):
            layout.addWidget(label)
        layout.addStretch(1)
        self.probe_box.currentIndexChanged.connect(self._probe_changed)
        self.node_box.currentIndexChanged.connect(lambda _: self.changed.emit())
        self.channel_box.currentIndexChanged.connect(lambda _: self.channel_changed.emit())
        self.sample_box.valueChanged.connect(lambda _: self.changed.emit())
        theme.changed.connect(self._restyle)
        self._restyle()
        self._arrange()

    def _step_button(self, name: str, step: int) -> QToolButton:
        button = QToolButton()
        button.setToolTip(name)
        button.setAccessibleName(name)
        button.setAutoRepeat(True)
        button.setFixedWidth(26)
        button.clicked.connect(lambda: self.sample_box.stepBy(step))
        return button

    def _restyle(self) -> None:
        self._before.setIcon(self._theme.icon("chevron-left"))
        self._after.setIcon(self._theme.icon("chevron-right"))
        for label in (self._truth, self._prediction):
            label.setFont(self._theme.font(13, 600))
        tone = self._theme.colors.success if self._right else self._theme.colors.error
        self._prediction.setStyleSheet(f"color: {tone.name()};")

    def _row(self, name: str, *widgets: QWidget) -> QWidget:
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        label = wrapped("secondary")
        label.setText(name)
        label.setFixedWidth(76)
        widgets[0].setAccessibleName(name)
        layout.addWidget(label)
        layout.addWidget(widgets[0], 1)
        for widget in widgets[1:]:
            layout.addWidget(widget)
        return row

    # --- what is chosen --------------------------------------------------------------------

    @property
    def spec(self) -> type[ProbeSpec]:
        """The chosen probe."""
        return PROBES.get(self.probe_box.currentData())

    @property
    def node(self) -> str:
        """Id of the chosen layer, or "" where the probe needs none or there is none."""
        return str(self.node_box.currentData() or "") if self.spec.layers else ""

    @property
    def sample(self) -> int:
        """Number of the chosen test sample, from 0."""
        return self.sample_box.value() - 1

    @property
    def channel(self) -> int:
        """Number of the chosen input channel, from 0."""
        return max(0, self.channel_box.currentIndex())

    def choose_probe(self, key: str) -> None:
        """Choose what to look at."""
        self.probe_box.setCurrentIndex(max(0, self.probe_box.findData(key)))

    def suit(self, network: Network) -> None:
        """Leave a probe that needs layers which a network has not for the first that suits it."""
        layers = [node.layer for node in network.nodes.values()]
        if not self.spec.suits(layers):
            self.choose_probe(next(spec.key for spec in PROBES if spec.suits(layers)))

    def choose_node(self, node: str) -> None:
        """Choose a layer, if the probe can look at it."""
        place = self.node_box.findData(node)
        if place >= 0:
            self.node_box.setCurrentIndex(place)

    # --- what can be chosen ----------------------------------------------------------------

    def offer_nodes(self, network: Network) -> None:
        """Offer the layers at which the chosen probe can look."""
        wanted = [
            (node.title, node.id) for node in network.ordered() if node.layer in self.spec.layers
        ]
        box = self.node_box
        if wanted == [(box.itemText(row), box.itemData(row)) for row in range(box.count())]:
            return
        chosen = box.currentData()
        with QSignalBlocker(box):
            box.clear()
            for title, node_id in wanted:
                box.addItem(title, node_id)
            box.setCurrentIndex(max(0, box.findData(chosen)))
        self._arrange()

    def offer_channels(self, count: int) -> None:
        """Offer the input channels of a layer's kernels."""
        if count == self.channel_box.count():
            return
        with QSignalBlocker(self.channel_box):
            self.channel_box.clear()
            for number in range(count):
                self.channel_box.addItem(str(number + 1))
        self._arrange()

    def describe_sample(self, probed: Probed) -> None:
        """Say what the sample is and what the network takes it for."""
        with QSignalBlocker(self.sample_box):
            self.sample_box.setMaximum(max(1, probed.samples))
            self.sample_box.setValue(probed.sample + 1)
            self.sample_box.setSuffix(tr(" of {count}", count=f"{probed.samples:,}"))
        self._truth.setText(tr("True: {label}", label=probed.target))
        self._prediction.setText(tr("Prediction: {label}", label=probed.prediction))
        # A class comes with its probability: "3 (97 %)"; values are never exactly right.
        classes = "(" in probed.prediction
        self._right = not classes or probed.prediction.rsplit(" (", 1)[0] == probed.target
        self._restyle()
        self._arrange()

    def _probe_changed(self) -> None:
        self._arrange()
        self.changed.emit()

    def _arrange(self) -> None:
        spec = self.spec
        layers = bool(spec.layers) and self.node_box.count() > 0
        self._rows["node"].setVisible(layers)
        self._rows["channel"].setVisible(layers and self.channel_box.count() > 1)
        self._rows["sample"].setVisible(spec.needs_sample)
        for label in (self._truth, self._prediction):
            label.setVisible(spec.needs_sample and bool(label.text()))
        self._help.setText(tr(spec.help()))
