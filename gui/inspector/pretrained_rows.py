"""Rows of a block's form: weights trained before, and which layers keep them."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from engine.blocks.applications import Application
from engine.blocks.changing import made_as
from engine.graph.document import Network
from engine.graph.freezing import frozen_stages, stages
from gui.fields.form import LABEL_WIDTH
from gui.i18n import tr
from gui.labels import Label
from gui.theme import Theme


class PretrainedRows(QFrame):
    """Weights for models that have some, and freezing for every block of several layers.

    Signals:
        file_wanted: Weights of a file are wanted.
        imagenet_wanted: The weights of ImageNet are wanted.
        stop_wanted: They are not wanted any more.
        frozen: Carries how many of the block's parts, from the first, shall be frozen.
    """

    file_wanted = Signal()
    imagenet_wanted = Signal()
    stop_wanted = Signal()
    frozen = Signal(int)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._titles: list[str] = []
        self._fetching = False
        self._file = QPushButton(tr("From a file…"))
        self._file.clicked.connect(self.file_wanted)
        self.imagenet = QPushButton()
        self.imagenet.clicked.connect(self._clicked)
        self._weights = QFrame()
        buttons = QVBoxLayout()
        buttons.setSpacing(theme.xs)
        buttons.addWidget(self.imagenet)
        buttons.addWidget(self._file)
        row = QHBoxLayout(self._weights)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.s)
        row.addWidget(_label(tr("Weights")), 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(buttons, 1)
        self._freeze = QFrame()
        self.choice = QComboBox()
        self.choice.setAccessibleName(tr("Frozen layers"))
        self.choice.setMinimumContentsLength(8)
        self.choice.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.choice.setToolTip(tr("Frozen layers keep their weights while the others are trained."))
        self.choice.activated.connect(self.frozen)
        row = QHBoxLayout(self._freeze)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.s)
        row.addWidget(_label(tr("Frozen layers")))
        row.addWidget(self.choice, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.s)
        column.addWidget(self._weights)
        column.addWidget(self._freeze)
        self.show_fetching(None)

    def _clicked(self) -> None:
        (self.stop_wanted if self._fetching else self.imagenet_wanted).emit()

    def show_fetching(self, share: float | None) -> None:
        """Show how much of the weights has been fetched; None where nothing is under way."""
        self._fetching = share is not None
        if share is None:
            self.imagenet.setText("ImageNet")
            self.imagenet.setToolTip(tr("Fetches the weights of ImageNet once, and loads them."))
        else:
            self.imagenet.setText(tr("Stop ({share} %)", share=round(100 * share)))
            self.imagenet.setToolTip(tr("Stop fetching the weights."))

    def show_block(self, network: Network, block: str) -> None:
        """Show what a block has."""
        spec = made_as(network, block)
        self._weights.setVisible(spec is not None and issubclass(spec, Application))
        titles = [stage.title for stage in stages(network, block)]
        self._freeze.setVisible(len(titles) > 1)
        if titles != self._titles:
            self._titles = titles
            self.choice.clear()
            self.choice.addItem(tr("none"))
            for title in titles[1:]:
                self.choice.addItem(tr("before {layer}", layer=title))
            self.choice.addItem(tr("all"))
        self.choice.setCurrentIndex(frozen_stages(network, block))
        self.setVisible(not (self._weights.isHidden() and self._freeze.isHidden()))


def _label(words: str) -> QLabel:
    """Return a label as wide as those of the parameters."""
    label = Label(words)
    label.setFixedWidth(LABEL_WIDTH)
    label.setMinimumHeight(28)
    label.setWordWrap(True)
    return label
