"""The line at the bottom of the window."""

from __future__ import annotations

from PySide6.QtWidgets import QStatusBar, QWidget

from gui.bridge import Engine
from gui.i18n import tr
from gui.labels import Label
from gui.numbers import bytes_text, short
from gui.session import Session


class StatusLine(QStatusBar):
    """Engine, size of the network, saved state; hints come and go on the left."""

    def __init__(self, engine: Engine, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeGripEnabled(False)
        self._engine = engine
        self._session: Session | None = None
        self._engine_label, self._size_label = Label(), Label()
        self._cost_label, self._saved_label = Label(), Label()
        for label in (self._saved_label, self._size_label, self._cost_label, self._engine_label):
            label.setContentsMargins(8, 0, 8, 0)
            self.addPermanentWidget(label)
        engine.ready.connect(self.refresh)
        engine.died.connect(self.refresh)
        self.refresh()

    def hint(self, text: str) -> None:
        """Show a passing hint, or clear it."""
        self.showMessage(text)

    def set_session(self, session: Session | None) -> None:
        """Follow another document."""
        if self._session is not None:
            self._session.facts_changed.disconnect(self.refresh)
            self._session.path_changed.disconnect(self.refresh)
            self._session.counting.changed.disconnect(self.refresh)
        self._session = session
        if session is not None:
            session.facts_changed.connect(self.refresh)
            session.path_changed.connect(self.refresh)
            session.counting.changed.connect(self.refresh)
        self.refresh()

    def refresh(self, *_: object) -> None:
        """Write the line anew."""
        info = self._engine.info
        if info is None:
            self._engine_label.setText(tr("Engine starting…"))
        else:
            devices = ", ".join(device.title for device in info.devices)
            self._engine_label.setText(tr("Engine ready · {devices}", devices=devices))
            self._engine_label.setToolTip(f"TensorFlow {info.tensorflow}, Keras {info.keras}")
        session = self._session
        if session is None:
            self._size_label.clear()
            self._saved_label.clear()
            self._cost_label.clear()
            return
        self._size_label.setText(tr("{count} parameters", count=f"{session.total:,}"))
        counting = session.counting
        self._cost_label.setText(
            tr(
                "{flops} FLOPs a sample · {memory} to train in batches of {size}",
                flops=short(counting.flops),
                memory=bytes_text(counting.memory(session.document.recipe.batch_size)),
                size=session.document.recipe.batch_size,
            )
            if counting.flops
            else ""
        )
        saved = session.history.is_saved
        self._saved_label.setText(tr("Saved") if saved and session.path else tr("Not saved"))
