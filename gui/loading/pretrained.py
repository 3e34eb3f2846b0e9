"""Weights trained before for the models on the canvas: from a file, or those of ImageNet."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from engine.blocks.applications import Application
from engine.blocks.changing import made_as
from engine.blocks.pretrained import fetch, weights_file
from engine.errors import NetloomError, Text
from gui.i18n import tr, tr_text
from gui.loading.fetching import Fetching
from gui.loading.weight_files import load_weights
from gui.session import Session

if TYPE_CHECKING:
    from gui.main_window import MainWindow


class Pretrained(QObject):
    """Gives weights to the document in front."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._rows = window.inspector.block_form.pretrained
        self._session: Session | None = None
        self._title = ""
        self.fetching = Fetching(self)
        self.fetching.progressed.connect(self._rows.show_fetching)
        self.fetching.fetched.connect(self._fetched)
        self.fetching.failed.connect(self._failed)
        self._rows.file_wanted.connect(partial(load_weights, window))
        self._rows.stop_wanted.connect(self.stop)
        window.inspector.imagenet_wanted.connect(self.fetch)

    def fetch(self, block: str) -> None:
        """Fetch the weights of ImageNet for a block, if need be, and load them."""
        session, view = self._window.session, self._window.view
        if session is None or view is None:
            return
        network = session.document.network
        spec, made = made_as(network, block), network.blocks[block].made
        if spec is None or made is None or not issubclass(spec, Application):
            return
        if self._refuses(session):
            return
        values = spec.complete(made.params)
        if values.get("rescaled") is False:
            view.blocks.change(block, "rescaled", True)
        try:
            weights = weights_file(spec.model, top=values["include_top"])
        except NetloomError as error:
            self._failed(error.text)
            return
        self._session, self._title = session, tr(spec.title)
        self._rows.show_fetching(0.0)
        self.fetching.start(partial(fetch, weights))

    def stop(self) -> None:
        """Give up what is being fetched."""
        self.fetching.stop()
        self._rows.show_fetching(None)

    def _fetched(self, path: Path) -> None:
        self._rows.show_fetching(None)
        session = self._session
        if session is None or session not in [view.session for view in self._window.tabs.views()]:
            return
        if self._refuses(session):
            return
        self._window.messages.post(
            tr(
                "The weights of ImageNet for {model} are being loaded: “Train further” begins with"
                " them.",
                model=self._title,
            )
        )
        session.load_weights(path, partly=True)

    def _refuses(self, session: Session) -> bool:
        """Return whether the network is being trained, whose weights must stay; if so, say it."""
        if session.run.state == "idle":
            return False
        sentence = tr(
            "The weights of ImageNet would replace those that are being trained: stop the training"
            " first, then press “ImageNet” again."
        )
        self._window.messages.post(sentence, "warning")
        return True

    def _failed(self, sentence: Text) -> None:
        self._rows.show_fetching(None)
        self._window.messages.post(tr_text(sentence), "error")
