"""Classes that `keras.applications` has for itself, as layers that compute the same."""

from __future__ import annotations

from engine.fields import Params
from engine.formats.keras_files.rows import Row

MODULE = "keras.src.applications"


def of_applications(row: Row) -> tuple[str, Params] | None:
    """Return the key of the layer that computes what such a class does, and its parameters.

    Returns:
        None where a layer is none of these classes.
    """
    if not row.module.startswith(MODULE) or not isinstance(row.config, dict):
        return None
    match row.kind:
        case "LayerScale":
            return "EinsumDense", _layer_scale(row.config)
        case "CustomScaleLayer":
            return "Expression", {"formula": f"a + b * {row.config.get('scale', 1.0)}"}
    return None


def _layer_scale(config: Params) -> Params:
    """Return the parameters of a weight for each channel of pictures."""
    value = {"value": config.get("init_values", 0.0)}
    # Keras confuses height and width where the equation has dots.
    return {
        "equation": "bhwc,c->bhwc",
        "output_shape": [None, None, config.get("projection_dim")],
        "kernel_initializer": {"name": "constant", "params": value},
    }
