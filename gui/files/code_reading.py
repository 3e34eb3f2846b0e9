"""Reads bytecode beside the window's thread: whoever wrote it may let it take long."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from engine.fields import Params
from engine.foreign import lambdas

Then = Callable[[], object]


class CodeReading(QObject):
    """Has the bytecode of Lambda layers decoded, and tells when it is."""

    _read = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._read.connect(self._tell)

    def read(self, layers: list[Params], then: Then) -> None:
        """Call `then` once all of some layers can be shown: at once where they can be already.

        Args:
            layers: Parameters of Lambda layers.
            then: Called on the window's thread.
        """
        waiting = [params for params in layers if not lambdas.is_read(params)]
        if not waiting:
            then()
            return
        thread = threading.Thread(
            target=self._run, args=(waiting, then), name="bytecode", daemon=True
        )
        thread.start()

    def _run(self, layers: list[Params], then: Then) -> None:
        for params in layers:
            lambdas.read(params)
        # The window may have gone meanwhile.
        with contextlib.suppress(RuntimeError):
            self._read.emit(then)

    def _tell(self, then: Then) -> None:
        then()
