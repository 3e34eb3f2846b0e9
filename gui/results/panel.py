"""The results panel: look inside a trained network."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from engine.ipc.messages import AnyReply, Failed, Probed, ProbePicture
from gui.i18n import tr, tr_text
from gui.labels import Label
from gui.pictures.enlarged import Enlarged
from gui.pictures.pixels import (
    Scale,
    diverging_scale,
    gray_scale,
    sequential_scale,
    symmetric_range,
)
from gui.results.controls import Controls
from gui.results.layer_row import LayerRow
from gui.session import Session
from gui.theme import Theme

# Widths of the choices and of the enlarged map, where there is room and where there is little.
WIDE, NARROW = (248, 240), (232, 168)
WIDE_FROM = 1000
# Turning the wheel over the sample box asks once, not for each sample on the way.
PAUSE_MS = 60


class ResultsPanel(QFrame):
    """Shows what a probe finds in the model of the current session.

    Results are asked for while the panel is visible: when another thing is chosen, when the
    model has been trained, and after each epoch.

    Attributes:
        probed: What is shown; None where there is nothing.
        rows: One row of pictures a layer.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self._theme = theme
        self._session: Session | None = None
        self._asked = 0
        self.probed: Probed | None = None
        self._chosen: tuple[int, int] | None = None
        self.rows: list[LayerRow] = []
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(self._ask)
        self.controls = Controls(theme)
        self.controls.changed.connect(self._refresh)
        self.controls.channel_changed.connect(self._show_pictures)
        self.enlarged = Enlarged(theme)
        self._build()
        theme.changed.connect(self._show_pictures)

    def _build(self) -> None:
        self._message = Label(alignment=Qt.AlignmentFlag.AlignCenter)
        self._message.setProperty("role", "secondary")
        self._message.setWordWrap(True)
        scroll = QScrollArea()
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        page = QWidget()
        self._column = QVBoxLayout(page)
        self._column.setContentsMargins(0, 0, 8, 0)
        self._column.setSpacing(4)
        self._column.addStretch(1)
        scroll.setWidget(page)
        for part in (page, scroll.viewport()):
            part.setAutoFillBackground(False)
        self._pages = QStackedWidget()
        self._pages.addWidget(self._message)
        self._pages.addWidget(scroll)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 12, 8, 8)
        layout.setSpacing(24)
        layout.addWidget(self.controls)
        layout.addWidget(self._pages, 1)
        layout.addWidget(self.enlarged)

    def set_session(self, session: Session | None) -> None:
        """Follow a session instead of the one before."""
        old = self._session
        if old is not None:
            old.trained_changed.disconnect(self._refresh)
            old.loading_changed.disconnect(self._loading_changed)
            old.epoch_ended.disconnect(self._refresh)
            old.selection_changed.disconnect(self._selection_changed)
            old.edited.disconnect(self._edited)
        self._session = session
        self._forget()
        if session is not None:
            self.controls.suit(session.document.network)
            session.trained_changed.connect(self._refresh)
            session.loading_changed.connect(self._loading_changed)
            session.epoch_ended.connect(self._refresh)
            session.selection_changed.connect(self._selection_changed)
            session.edited.connect(self._edited)
        self._loading_changed()

    def message(self) -> str:
        """Return the sentence shown instead of pictures, or "" where pictures are shown."""
        return self._message.text() if self._pages.currentWidget() is self._message else ""

    # --- asking ----------------------------------------------------------------------------

    def _edited(self, _: object) -> None:
        if self._session is not None and self.controls.spec.layers:
            self.controls.offer_nodes(self._session.document.network)

    def _selection_changed(self) -> None:
        if self._session is not None and len(self._session.selection) == 1:
            self.controls.choose_node(next(iter(self._session.selection)))

    def _loading_changed(self) -> None:
        """Show kernels while weights are loaded: the file has them before there is a model."""
        session = self._session
        if session is not None and session.loading and not session.trained:
            self.controls.choose_probe("kernels")
            self.controls.suit(session.document.network)
        self._refresh()

    def _refresh(self, *_: object) -> None:
        """Ask soon, if there is something to ask and someone to see it."""
        session = self._session
        if session is None or not (session.trained or session.run.epochs or session.loading):
            self._forget()
            self._say_untrained()
            return
        if session.loading and not session.trained and not self.controls.spec.layers:
            self._forget()
            self._say(tr("Loading the weights…"))
            return
        self.controls.offer_nodes(session.document.network)
        if self.controls.spec.layers and not self.controls.node:
            self._forget()
            self._say(tr("This network has no layer that can be looked at in this way."))
            return
        if self.isVisible() and not self._timer.isActive():
            # The first look waits for nothing.
            self._timer.start(PAUSE_MS if self.probed is not None else 0)

    def _say_untrained(self) -> None:
        session = self._session
        if session is not None:  # The layers of another network would stay.
            self.controls.offer_nodes(session.document.network)
        if session is not None and session.awaits_weights:
            self._say(tr("The weights of the file are loaded once the network has no errors"))
        else:
            self._say(tr("Train the network first, then look inside"))

    def _ask(self) -> None:
        session = self._session
        if session is None:
            return
        self._asked += 1
        number = self._asked

        def answer(reply: AnyReply) -> None:
            # An older question's answer would show something else than is chosen now.
            if number == self._asked:
                self._take(reply)

        controls = self.controls
        key = controls.spec.key
        session.probe(key, answer, node=controls.node, sample=controls.sample)
        if self.probed is None:
            self._say(tr("Looking inside…"))

    def _take(self, reply: AnyReply) -> None:
        if isinstance(reply, Failed):
            self._forget()
            self._say(tr_text(reply.message))
        elif isinstance(reply, Probed):
            self.probed = reply
            if self.controls.spec.needs_sample:
                self.controls.describe_sample(reply)
            self._show_pictures()

    def _forget(self) -> None:
        self._asked += 1
        self._timer.stop()
        self.probed = None
        self.controls.offer_channels(0)
        self._choose(None)

    def _say(self, sentence: str) -> None:
        self._message.setText(sentence)
        self._pages.setCurrentIndex(0)
        self.enlarged.hide()

    # --- showing ---------------------------------------------------------------------------

    def _show_pictures(self) -> None:
        probed = self.probed
        if probed is None:
            return
        pictures = probed.pictures
        limits = None
        kernels = bool(self.controls.spec.layers)
        if kernels:
            # One scale for all channels, so that they can be compared; zero in the middle.
            self.controls.offer_channels(len(pictures))
            ranges = [symmetric_range(picture.values.numpy())[1] for picture in pictures]
            most = max(ranges, default=1.0)
            limits = (-most, most)
            pictures = pictures[self.controls.channel : self.controls.channel + 1]
        self._make_rows([picture.kind for picture in pictures])
        for row, picture in zip(self.rows, pictures, strict=True):
            scale = self._scale_of(picture, kernels)
            row.show_picture(picture, self._title_of(picture, kernels), scale, limits)
        self._pages.setCurrentIndex(1)
        self._choose(self._chosen or self._first_map())

    def _make_rows(self, kinds: list[str]) -> None:
        if [row.kind for row in self.rows] == kinds:
            return
        for row in self.rows:
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._chosen = None
        self.rows = [LayerRow(self._theme, kind) for kind in kinds]
        for number, row in enumerate(self.rows):
            self._column.insertWidget(number, row)
            row.chosen.connect(lambda tile, number=number: self._choose((number, tile)))

    def _scale_of(self, picture: ProbePicture, kernels: bool) -> Scale:
        colors = self._theme.colors
        if kernels:
            return diverging_scale(colors.plot_validation, colors.surface, colors.plot_train)
        session = self._session
        node = session.document.network.nodes.get(picture.node) if session is not None else None
        return gray_scale() if node is not None and node.layer == "Input" else sequential_scale()

    def _title_of(self, picture: ProbePicture, kernels: bool) -> str:
        """Return the layer's name; of kernels the choice beside says which channel it is."""
        session = self._session
        node = session.document.network.nodes.get(picture.node) if session is not None else None
        return node.title if kernels and node is not None else picture.title

    def _first_map(self) -> tuple[int, int] | None:
        """Return the map to enlarge at first: the input, or the first kernel."""
        numbers = [n for n, row in enumerate(self.rows) if row.kind != "bars" and len(row.values)]
        return (numbers[0], 0) if numbers else None

    def _choose(self, chosen: tuple[int, int] | None) -> None:
        self._chosen = chosen
        for number, row in enumerate(self.rows):
            row.select(chosen[1] if chosen is not None and chosen[0] == number else -1)
        if chosen is None or chosen[1] >= len(self.rows[chosen[0]].values):
            self.enlarged.hide()
            return
        row, tile = self.rows[chosen[0]], chosen[1]
        title = row.tile_title(tile)
        self.enlarged.show_values(title, row.values[tile], row.scale, row.low, row.high)
        self.enlarged.show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        controls, enlarged = WIDE if event.size().width() >= WIDE_FROM else NARROW
        self.controls.setFixedWidth(controls)
        self.enlarged.setFixedWidth(enlarged)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._refresh()
