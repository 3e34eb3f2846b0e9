"""The toolbar: what one does all the time."""

from __future__ import annotations

import msgspec
from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtWidgets import QComboBox, QSizePolicy, QToolBar, QToolButton, QWidget

from engine.datasets import DATASETS
from engine.graph import commands
from gui.actions import Actions
from gui.bridge import Engine
from gui.i18n import tr
from gui.session import Session
from gui.theme import Theme


class ToolBar(QToolBar):
    """Train, pause, stop | data | device | undo, redo, fit | search.

    Signals:
        data_clicked: The name of the data was clicked.
    """

    data_clicked = Signal()

    def __init__(self, theme: Theme, actions: Actions, engine: Engine) -> None:
        super().__init__()
        self._theme = theme
        self._engine = engine
        self._session: Session | None = None
        self.setMovable(False)
        self.setIconSize(QSize(18, 18))
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        for key in ("train", "pause", "stop"):
            self.addAction(actions[key])
        self.widgetForAction(actions["train"]).setProperty("primary", True)
        self._train = actions["train"]
        self.addSeparator()
        self._data = QToolButton()
        self._data.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._data.setToolTip(tr("Data to train on: click to choose and preview"))
        self._data.clicked.connect(self.data_clicked)
        self.addWidget(self._data)
        self._device = QComboBox()
        self._device.setToolTip(tr("Device to train on"))
        self._device.setAccessibleName(tr("Device to train on"))
        self._device.activated.connect(self._choose_device)
        self.addWidget(self._device)
        self.addSeparator()
        for key in ("undo", "redo", "fit"):
            self.addAction(actions[key])
            button = self.widgetForAction(actions[key])
            assert isinstance(button, QToolButton)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        space = QWidget()
        space.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.addWidget(space)
        self.addAction(actions["commands"])
        engine.ready.connect(self.refresh)
        theme.changed.connect(self._dress)
        self._dress()
        self.refresh()

    def set_session(self, session: Session | None) -> None:
        """Follow another document."""
        if self._session is not None:
            self._session.edited.disconnect(self.refresh)
        self._session = session
        if session is not None:
            session.edited.connect(self.refresh)
        self.refresh()

    def refresh(self, *_: object) -> None:
        """Show the document's data and device."""
        session = self._session
        self._data.setEnabled(session is not None)
        self._device.setEnabled(session is not None)
        if session is None:
            self._data.setText(tr("No document"))
            return
        spec = DATASETS.find(session.document.data.kind)
        title = session.data.info.title if session.data is not None else ""
        self._data.setText(tr(title) or (tr(spec.title) if spec else session.document.data.kind))
        with QSignalBlocker(self._device):
            self._device.clear()
            self._device.addItem(tr("Device: automatic"), "auto")
            for device in self._engine.info.devices if self._engine.info else ():
                self._device.addItem(device.title, device.name)
            chosen = session.document.recipe.device
            place = self._device.findData(chosen)
            if place < 0:
                self._device.addItem(chosen, chosen)
                place = self._device.count() - 1
            self._device.setCurrentIndex(place)

    def _choose_device(self, place: int) -> None:
        if self._session is None:
            return
        recipe = self._session.document.recipe
        changed = msgspec.structs.replace(recipe, device=self._device.itemData(place))
        self._session.do(commands.set_plan(self._session.document, "recipe", changed))

    def _dress(self) -> None:
        self._data.setIcon(self._theme.icon("data"))
        self._train.setIcon(self._theme.icon("play", self._theme.colors.accent_text))
