"""What a layer declares about itself."""

from __future__ import annotations

from collections.abc import Sequence
from types import ModuleType
from typing import Any, ClassVar

from engine.errors import Text, text
from engine.fields import Bool, Field, Params, Spec
from engine.layers.objects import ObjectRef
from engine.registry import Registry

CATEGORIES = (
    "core",
    "convolution",
    "pooling",
    "reshaping",
    "normalization",
    "activation",
    "regularization",
    "recurrent",
    "merging",
)


class LayerSpec(Spec):
    """A layer of the catalog: one small class of fields named as Keras names its arguments.

    Attributes:
        category: One of `CATEGORIES`; decides the palette's group and the card's color.
        keras: Name of the class in `keras.layers`; the key where empty.
        min_inputs, max_inputs: How many wires it takes; `max_inputs` None means any number.
        ranks: Ranks of input tensors it accepts, batch axis included; empty means any.
        search: Further words by which the palette finds it.
        weighted: Whether it has weights, so that sharing it makes sense.
        leading: Parameters that code always writes, first and without their names, as people
            do: `Conv2D(64, 3)`. Keras's own first parameters.
    """

    category: ClassVar[str] = "core"
    keras: ClassVar[str] = ""
    min_inputs: ClassVar[int] = 1
    max_inputs: ClassVar[int | None] = 1
    ranks: ClassVar[tuple[int, ...]] = ()
    search: ClassVar[tuple[str, ...]] = ()
    weighted: ClassVar[bool] = False
    leading: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def keras_name(cls) -> str:
        """Return the class's name in `keras.layers`."""
        return cls.keras or cls.key

    @classmethod
    def takes(cls, shape: Sequence[int | None] | None) -> bool:
        """Return whether it can be fed a tensor, as far as the rank tells.

        Args:
            shape: The tensor's shape, batch axis first; None where unknown.
        """
        return cls.max_inputs != 0 and (shape is None or not cls.ranks or len(shape) in cls.ranks)

    @classmethod
    def summary(cls, params: Params) -> Text:
        """Return the one line of what matters for the card, such as "64 filters, 3×3, relu".

        Args:
            params: Complete parameters (every field present), possibly with wrong values.
        """
        return text("")

    @classmethod
    def arguments(cls, params: Params, build: Any) -> Params:
        """Return the keyword arguments for Keras from complete parameters.

        Args:
            params: Complete parameters (every field present).
            build: Function that makes a Keras layer from a `LayerRef` value.
        """
        return {name: _for_keras(cls.fields.get(name), value) for name, value in params.items()}

    @classmethod
    def make(cls, keras: ModuleType, params: Params, name: str | None) -> Any:
        """Make the Keras layer; `keras` is handed in and never imported here."""

        def build(value: Params) -> Any:
            return LAYERS.get(value["layer"]).make(keras, value.get("params", {}), None)

        arguments = cls.arguments(cls.complete(params), build)
        return getattr(keras.layers, cls.keras_name())(name=name, **arguments)


class Weighted(LayerSpec):
    """Layers that learn; no layer of its own."""

    weighted = True
    trainable = Bool(
        True,
        label="Trainable",
        help="Whether training changes the layer's weights; off freezes them as they are.",
        advanced=True,
    )


def _for_keras(field: Field | None, value: Any) -> Any:
    return field.for_keras(value) if isinstance(field, ObjectRef) else _tuples(value)


def _tuples(value: Any) -> Any:
    """Turn JSON's lists into the tuples that Keras expects."""
    return tuple(map(_tuples, value)) if isinstance(value, (list, tuple)) else value


def times(value: Any) -> str:
    """Write a kernel or pool size the way people do: 3×3."""
    return "×".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)


LAYERS: Registry[type[LayerSpec]] = Registry("layer")
