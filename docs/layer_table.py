"""The table of all layers in docs/layers.md: `make layers`.

Tests hold it true: each mark stands for a test that walks the catalog.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

from engine.layers import CATEGORIES, LAYERS, LayerSpec
from engine.layers.operation import Operation
from engine.paths import ROOT

TABLE = ROOT / "docs" / "layers.md"

# Public layers of Keras that are not in the catalog, and what becomes of them.
NOT_LAYERS = {
    "Layer": "the base class of layers",
    "Wrapper": "the base class of wrappers",
    "InputLayer": "in the catalog as Input",
    "MaxNumBoundingBoxes": "takes dictionaries of boxes, no tensors",
    "TFSMLayer": "a wrapper of another program's file",
    "JaxLayer": "a wrapper of JAX",
    "FlaxLayer": "a wrapper of Flax",
    "TorchModuleWrapper": "a wrapper of PyTorch",
}
# Keras itself cannot write them into an .h5 file: it tries to copy a module.
NOT_IN_H5 = {
    "RandomBrightness",
    "RandomSaturation",
    "RandomSharpness",
    "RandomColorDegeneration",
    "RandomPosterization",
    "Solarization",
}

HEAD = """\
# Layers

Every public layer of Keras {version}, and the operations of `keras.ops` that stand on the canvas
like layers. `make layers` writes this page; tests compare it with the installed Keras.

What the marks mean: **palette** can be put on the canvas; **form** every parameter can be edited;
**compile** builds a Keras model; **import** is understood in files of Keras; **export** `.keras`
and `.h5`; **code** is written as Python. “once trusted” runs code of others, which somebody must
have [read and trusted](security.md#trusted-code). “inside” stands only inside another layer, as a
cell in RNN.
"""
COLUMNS = """\
| layer | palette | form | compile | import | export | code |
|---|---|---|---|---|---|---|"""


def page(version: str) -> str:
    """Return the page.

    Args:
        version: Version of Keras with which the catalog was compared.
    """
    parts = [HEAD.format(version=version)]
    for category in CATEGORIES:
        specs = [spec for spec in LAYERS if spec.category == category]
        rows = "\n".join(map(_row, specs))
        parts.append(f"## {category.capitalize()}\n\n{COLUMNS}\n{rows}\n")
    rows = "\n".join(f"| {name} | {reason} |" for name, reason in sorted(NOT_LAYERS.items()))
    parts.append(
        "## Not in the catalog\n\nImported as opaque layers: kept with their arguments, and named,"
        f" but not trained.\n\n| class | why |\n|---|---|\n{rows}\n"
    )
    return "\n".join(parts)


def _row(spec: type[LayerSpec]) -> str:
    palette = "inside" if spec.held else "from files" if spec.hidden else "✓"
    export = ".keras, .h5"
    if spec.key in NOT_IN_H5:
        export = ".keras; Keras cannot write .h5"
    elif issubclass(spec, Operation):
        export = ".keras; Keras cannot read back .h5"
    elif spec.key == "Lambda":
        export = ".keras, .h5; Keras reads them with safe mode off"
    elif spec.key == "PickOutput":
        export = "as a wire"
    read = {"Expression": "from numbers in operators", "Custom": "by a fix"}.get(spec.key, "✓")
    built = "once trusted" if spec.foreign else "✓"
    form, code = ("–", "–") if spec.hidden else ("✓", "✓")
    return f"| {spec.key} | {palette} | {form} | {built} | {read} | {export} | {code} |"


def public_layers(layers: Any) -> Iterator[str]:
    """Yield one name of each public layer class of `keras.layers`, the catalog's where it has it.

    Args:
        layers: The module, handed in.
    """
    known = {spec.keras_name() for spec in LAYERS} | NOT_LAYERS.keys()
    names: dict[type, list[str]] = {}
    for name, kind in inspect.getmembers(layers, inspect.isclass):
        if issubclass(kind, layers.Layer):
            names.setdefault(kind, []).append(name)
    for found in names.values():
        yield next((name for name in found if name in known), found[0])


def main() -> None:
    """Write the page."""
    from importlib.metadata import version

    TABLE.write_text(page(version("keras")), encoding="utf-8")


if __name__ == "__main__":
    main()
