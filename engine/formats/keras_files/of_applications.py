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
    # Files of the kind .h5 do not tell where a class is from, but what it is given.
    if not isinstance(row.config, dict) or not f"{row.module or MODULE}.".startswith(f"{MODULE}."):
        return None
    match row.kind:
        case "LayerScale" if "projection_dim" in row.config:
            return "EinsumDense", _layer_scale(row.config)
        case "CustomScaleLayer" if "scale" in row.config:
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
