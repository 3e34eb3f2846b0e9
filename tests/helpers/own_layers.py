"""Layers of one's own, as people write them into files, for tests."""

from __future__ import annotations

import marshal
from base64 import encodebytes
from collections.abc import Callable
from pathlib import Path
from typing import Any

from engine.trust import trust

SCALE = '''"""A layer of one's own."""

import keras
from keras import ops


class Scale(keras.layers.Layer):
    """Multiplies each feature by a learned number, and adds a fixed one."""

    def __init__(self, start=1.0, plus=0.0, **kwargs):
        super().__init__(**kwargs)
        self.start, self.plus = start, plus

    def build(self, input_shape):
        start = keras.initializers.Constant(self.start)
        self.scale = self.add_weight(shape=(input_shape[-1],), initializer=start, name="scale")

    def call(self, inputs):
        return ops.multiply(inputs, self.scale) + self.plus

    def get_config(self):
        return {**super().get_config(), "start": self.start, "plus": self.plus}
'''


def write_scale(folder: Path, name: str = "scale.py", *, trusted: bool = True) -> Path:
    """Write the file of a layer, and trust it."""
    path = folder / name
    path.write_text(SCALE, encoding="utf-8")
    if trusted:
        trust(path.read_bytes(), str(path))
    return path


def hostile(marker: Path) -> str:
    """Return a source that writes a file as soon as it is run, and has a layer."""
    return f"open({str(marker)!r}, 'w').close()\n{SCALE}"


def lambda_config(function: Callable[..., Any]) -> dict[str, Any]:
    """Return what Keras 3 writes of a Lambda."""
    code = encodebytes(marshal.dumps(function.__code__)).decode("ascii")
    cells = function.__closure__
    closure = [cell.cell_contents for cell in cells] if cells else None
    defaults = list(function.__defaults__) if function.__defaults__ else None
    return {
        "class_name": "__lambda__",
        "config": {"code": code, "defaults": defaults, "closure": closure},
    }
