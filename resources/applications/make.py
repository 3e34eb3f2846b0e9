"""Writes the architectures of `keras.applications` as data: `make applications`.

Each file holds what the installed Keras says of one model, one line a variant, each without
weights: with its classifier, without it, and without it behind average or maximum pooling. The
window reads them without Keras.
"""

from __future__ import annotations

import json
import lzma
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import keras

FOLDER = Path(__file__).resolve().parent
VARIANTS: tuple[dict[str, Any], ...] = (
    {"include_top": True},
    {"include_top": False},
    {"include_top": False, "pooling": "avg"},
    {"include_top": False, "pooling": "max"},
)
FAMILIES = (
    "convnext",
    "densenet",
    "efficientnet",
    "efficientnet_v2",
    "inception_resnet_v2",
    "inception_v3",
    "mobilenet",
    "mobilenet_v2",
    "mobilenet_v3",
    "nasnet",
    "resnet",
    "resnet_v2",
    "vgg16",
    "vgg19",
    "xception",
)
MODULES = [import_module(f"keras.src.applications.{name}") for name in FAMILIES]
# Says nothing about the drawing.
LEFT_OUT = ("build_config", "registered_name", "compile_config", "quantization_config")


class Asked(Exception):
    """What a model wants to download, so that nothing is downloaded."""


def names() -> list[str]:
    """Return the names of all models."""
    return sorted(name for name in dir(keras.applications) if name[0].isupper())


def describe(name: str) -> dict[str, Any]:
    """Return what is told of a model besides its layers: default size and files of weights."""
    make = getattr(keras.applications, name)
    keras.backend.clear_session()
    size = make(weights=None).input_shape[1] or 224
    found: dict[str, Any] = {"name": name, "size": size, "weights": {}}
    for top in (True, False):
        url, file, digest = asked(make, top, size)
        found["weights"]["top" if top else "notop"] = {"url": url, "file": file, "md5": digest}
    return found


def asked(make: Callable[..., Any], top: bool, size: int) -> tuple[str, str, str]:
    """Return address, file name and hash of the weights that a model would download."""

    def get_file(fname: str, origin: str, **given: Any) -> str:
        raise Asked(origin, fname, given.get("file_hash") or given.get("md5_hash") or "")

    kept = [(module, module.file_utils) for module in MODULES if hasattr(module, "file_utils")]
    fake = type("FileUtils", (), {"get_file": staticmethod(get_file), "exists": lambda _: False})
    for module, _ in kept:
        module.file_utils = fake
    try:
        make(weights="imagenet", include_top=top, input_shape=(size, size, 3))
    except Asked as found:
        url, file, digest = found.args
        return url, file, digest
    finally:
        for module, utils in kept:
            module.file_utils = utils
    raise ValueError(f"{make} downloads nothing")


def architecture(name: str, given: dict[str, Any], size: int) -> dict[str, Any]:
    """Return Keras's own description of a variant of a model."""
    make = getattr(keras.applications, name)
    keras.backend.clear_session()
    if name.startswith("NASNet"):
        # Its cells are wired by the sizes of what they take, which must be known for that.
        given = {**given, "input_shape": (size, size, 3)}
    config: dict[str, Any] = json.loads(make(weights=None, **given).to_json())
    return trimmed(config)


def trimmed(value: Any) -> Any:
    """Return a description without what says nothing."""
    if isinstance(value, dict):
        return {key: trimmed(item) for key, item in value.items() if key not in LEFT_OUT}
    return [trimmed(item) for item in value] if isinstance(value, list) else value


def main() -> int:
    """Write all files."""
    sys.setrecursionlimit(100_000)
    for name in names():
        facts = describe(name)
        rows = [facts, *(architecture(name, given, facts["size"]) for given in VARIANTS)]
        text = "".join(json.dumps(row, separators=(",", ":")) + "\n" for row in rows)
        path = FOLDER / f"{name}.json.xz"
        path.write_bytes(lzma.compress(text.encode(), preset=9))
        print(f"{name}: {path.stat().st_size:,} B")
    return 0


if __name__ == "__main__":
    sys.exit(main())
