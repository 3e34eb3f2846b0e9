"""Typed fields: one declaration drives form, check, help, file, compile and code export.

A declaration is a subclass of `Spec` whose class attributes are fields, named as Keras names
the argument. Values are plain JSON data (None, bool, int, float, str, list, dict).
"""

from engine.fields.choices import Bool, Choice, Choices
from engine.fields.field import Field, Params
from engine.fields.layers import LayerRef, LayerRefs
from engine.fields.numbers import Float, Floats, Int, Number
from engine.fields.sizes import IntTuple, Pairs, Shape
from engine.fields.spec import Spec, same_value
from engine.fields.words import Path, String, Strings, Suggested

__all__ = [
    "Bool",
    "Choice",
    "Choices",
    "Field",
    "Float",
    "Floats",
    "Int",
    "IntTuple",
    "LayerRef",
    "LayerRefs",
    "Number",
    "Pairs",
    "Params",
    "Path",
    "Shape",
    "Spec",
    "String",
    "Strings",
    "Suggested",
    "same_value",
]
