"""What a layer declares about itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from types import ModuleType
from typing import Any, ClassVar

from engine.errors import Text, text
from engine.fields import Bool, Field, LayerRef, LayerRefs, Params, Spec
from engine.foreign.code import Code, Obstacle
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
    "attention",
    "merging",
    "operations",
    "preprocessing",
    "augmentation",
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
        held: Whether it stands only inside another layer, as a cell inside RNN.
        spread: Whether a call takes its tensors one by one instead of as one list.
        own: Parameters of ours that Keras does not have.
        hidden: Whether it comes with files only and is not offered for new networks.
        foreign: Whether it runs code of others, which somebody must have read and trusted.
        function: Whether it is a function of Keras and no layer: it has no weights.
        in_call: Parameters that Keras takes with each call, not when the layer is made.
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
    held: ClassVar[bool] = False
    spread: ClassVar[bool] = False
    hidden: ClassVar[bool] = False
    foreign: ClassVar[bool] = False
    function: ClassVar[bool] = False
    own: ClassVar[tuple[str, ...]] = ()
    in_call: ClassVar[tuple[str, ...]] = ()
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
    def ranks_with(cls, params: Params) -> tuple[int, ...]:
        """Return the ranks of input tensors that it accepts with these parameters.

        Args:
            params: Complete parameters (every field present), possibly with wrong values.
        """
        return cls.ranks

    @classmethod
    def summary(cls, params: Params) -> Text:
        """Return the one line of what matters for the card, such as "64 filters, 3×3, relu".

        Args:
            params: Complete parameters (every field present), possibly with wrong values.
        """
        return text("")

    @classmethod
    def most_inputs(cls, params: Params) -> int | None:
        """Return how many wires it takes with these parameters; None means any number.

        Args:
            params: Complete parameters (every field present), possibly with wrong values.
        """
        return cls.max_inputs

    @classmethod
    def outputs(cls, params: Params) -> int:
        """Return how many tensors a call gives.

        Args:
            params: Complete parameters (every field present), possibly with wrong values.
        """
        return 1

    @classmethod
    def nested(cls, results: Sequence[Any], params: Params) -> list[Any]:
        """Return the tensors that a call gives, or their names, as Keras groups them.

        Args:
            results: As many as `outputs` tells.
            params: Complete parameters (every field present).
        """
        return list(results)

    @classmethod
    def given(cls, tensors: Sequence[Any], params: Params) -> tuple[list[Any], dict[str, Any]]:
        """Return what a call is given by place and by name.

        Args:
            tensors: The inputs in the order of their ports, or their names in code.
            params: Complete parameters (every field present).
        """
        if cls.spread:
            return list(tensors), {}
        return [list(tensors) if cls.max_inputs != 1 else tensors[0]], {}

    @classmethod
    def obstacles(cls, params: Params) -> Iterable[Obstacle]:
        """Return why code of others cannot run; nothing where there is none, or nothing hinders.

        Args:
            params: Parameters as the document has them, undeclared ones too.
        """
        return ()

    @classmethod
    def code(cls, params: Params, name: str) -> Code | None:
        """Return the code of others as people read it, or None; may take a moment.

        Args:
            params: Parameters as the document has them, undeclared ones too.
            name: The layer's name.
        """
        return None

    @classmethod
    def stamp(cls, params: Params) -> str:
        """Return what changes when code of others does, or trust in it; "" for other layers."""
        return ""

    @classmethod
    def call_arguments(cls, params: Params) -> Params:
        """Return the parameters that a call is given besides tensors, as far as they matter."""
        values = cls.complete(params)
        return {
            name: values[name] for name in cls.in_call if values[name] != cls.fields[name].default
        }

    @classmethod
    def arguments(cls, params: Params, build: Any) -> Params:
        """Return the keyword arguments for Keras from complete parameters.

        Args:
            params: Complete parameters (every field present).
            build: Function that makes a Keras layer from a `LayerRef` value.
        """
        return {
            name: _for_keras(cls.fields.get(name), value, build)
            for name, value in params.items()
            if name not in cls.in_call and name not in cls.own
        }

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


def _for_keras(field: Field | None, value: Any, build: Any) -> Any:
    if isinstance(field, ObjectRef):
        return field.for_keras(value)
    if isinstance(field, LayerRef):
        return build(value)
    if isinstance(field, LayerRefs):
        return [build(item) for item in value]
    return plain_tuples(value)


def plain_tuples(value: Any) -> Any:
    """Turn JSON's lists into the tuples that Keras expects."""
    return tuple(map(plain_tuples, value)) if isinstance(value, (list, tuple)) else value


def times(value: Any) -> str:
    """Write a kernel or pool size the way people do: 3×3."""
    return "×".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)


LAYERS: Registry[type[LayerSpec]] = Registry("layer")


def held_layer(value: object) -> tuple[type[LayerSpec] | None, Params]:
    """Return the declaration of a layer that another holds, and its complete parameters."""
    given = value if isinstance(value, dict) else {}
    held = LAYERS.find(str(given.get("layer", "")))
    params = given.get("params", {})
    if held is None or not isinstance(params, dict):
        return None, {}
    return held, held.complete(params)


def held_text(value: object) -> Text:
    """Return the line on the card of a layer that holds another."""
    held, inner = held_layer(value)
    if held is None:
        return text("")
    if "units" in inner:
        return text("{layer}, {units} units", layer=held.title, units=inner["units"])
    if "filters" in inner:
        return text("{layer}, {filters} filters", layer=held.title, filters=inner["filters"])
    return text("{layer}", layer=held.title)
