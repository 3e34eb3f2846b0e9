"""The catalog of layers: one class a layer, a file a family.

To add a layer, write its class in the file of its family; palette, form, checks, compile, code
export and the contract tests follow.
"""

from engine.layers.spec import CATEGORIES, LAYERS, LayerSpec
from engine.registry import import_modules

import_modules(__name__, list(__path__))

__all__ = ["CATEGORIES", "LAYERS", "LayerSpec"]
