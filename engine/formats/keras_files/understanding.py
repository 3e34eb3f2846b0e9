"""One layer of a file as a layer of the catalog, with a word on what did not fit."""

from __future__ import annotations

from typing import Any

import msgspec

from engine.errors import Text, text
from engine.fields import LayerRef, Params
from engine.foreign import lambdas
from engine.formats.keras_files import node_defs
from engine.formats.keras_files.inbound import ATTENTION_MASK, Inbound
from engine.formats.keras_files.legacy import modern
from engine.formats.keras_files.of_applications import of_applications
from engine.formats.keras_files.operator_names import ACTIVATIONS, LAYERS_TOO, RESIZE
from engine.formats.keras_files.operators import operation
from engine.formats.keras_files.rows import Row
from engine.formats.keras_files.tensorflow_operators import (
    CLASSES,
    function_name,
    tensorflow_operation,
)
from engine.formats.keras_files.values import (
    ARRAYS,
    holds_array,
    parameters,
    plain,
    policy,
    says_nothing,
)
from engine.formats.keras_files.vocabularies import lost_vocabulary
from engine.layers import LAYERS, LayerSpec

# What Keras 2 made of `add_loss` and `add_metric`: values pass through unchanged.
PASSING = ("AddLoss", "AddMetric")
# What operators are given where the activations of their names compute the same; with anything
# else they are layers or operations with parameters.
_PLAINLY: dict[str, Params] = {
    "Elu": {"alpha": 1.0},
    "LeakyRelu": {"negative_slope": 0.2},
    "Gelu": {"approximate": False},
}
_BACKWARD = "backward_layer"
_WITH_PARAMETERS = {"Elu": "ELU", "LeakyRelu": "LeakyReLU"}


class Remark(msgspec.Struct, frozen=True):
    """What somebody should know of an imported layer.

    Attributes:
        node: Id of the node, or "" for the whole model.
        message: What did not fit, and what was done.
        opaque: Whether the layer is kept without being understood: it cannot be trained.
    """

    node: str
    message: Text
    opaque: bool = False


def understand(
    row: Row, call: Inbound, node: str, inputs: int, version: tuple[int, ...]
) -> tuple[str, Params, list[Remark]]:
    """Return a layer's key in the catalog, its parameters, and what did not fit.

    Args:
        row: The layer in the file.
        call: One call of it.
        node: Id of the node that stands for the call.
        inputs: How many tensors it takes.
        version: Version of Keras that wrote the file; empty where it is not told.
    """
    reader = _Reader(version)
    kind, params = of_applications(row) or reader.understood(row, call, node, inputs)
    return kind, params, reader.remarks


class _Reader:
    def __init__(self, version: tuple[int, ...]) -> None:
        self._version = version
        self.remarks: list[Remark] = []

    def understood(self, row: Row, call: Inbound, node: str, inputs: int) -> tuple[str, Params]:
        """Return a layer's key in the catalog and its parameters; says what did not fit."""
        config = row.config if isinstance(row.config, dict) else {}
        if ".ops" in row.module:
            return self._operator(row, call, node, inputs)
        if row.kind in (*CLASSES, node_defs.CLASS):
            return self._tensorflow(row, config, call, node, inputs)
        if row.kind in PASSING:
            self._passing(row, node)
            return "Identity", {}
        kind, modernized = modern(row.kind, config)
        if kind == "InputLayer":
            return "Input", self._input(modernized, node)
        if kind == "Lambda":
            self._code(node)
            return kind, lambdas.kept(modernized)
        spec = LAYERS.find(kind)
        if spec is None or spec.foreign:
            self._opaque(node, row.kind)
            return kind, _plain(config)
        if kind == "Bidirectional" and modernized.get("backward_layer") is not None:
            # Without it, another network would be drawn; its mirror image is not told.
            self._opaque(node, f"{kind} ({_BACKWARD})")
            return f"{kind}.{_BACKWARD}", _plain(config)
        params, left = parameters(spec, modernized, self._version)
        unknown = _unknown_layer(spec, params)
        if unknown:
            self._opaque(node, f"{kind} ({unknown})")
            return f"{kind}.{unknown}", _plain(config)
        self._left(row, node, left)
        params |= spec.trim(self._call_arguments(spec, row, call, node))
        if "initial_state" in spec.own and inputs > 1:
            params["initial_state"] = True
        self._changed_meaning(node, row, params)
        if lost_vocabulary(kind, config):
            self._remark(
                node,
                text(
                    "The file does not hold the vocabulary of “{layer}”: give it here, as nothing"
                    " can be computed without it.",
                    layer=row.name,
                ),
            )
        most = spec.most_inputs(spec.complete(params))
        if most is not None and inputs > most:
            self._remark(
                node,
                text(
                    "“{layer}” takes {count} tensors in the file; here it takes {most}.",
                    layer=row.name,
                    count=inputs,
                    most=most,
                ),
            )
        return spec.key, params | _plain(left)

    def _left(self, row: Row, node: str, left: Params) -> None:
        """Say which arguments the catalog has no place for."""
        for name, value in left.items():
            if holds_array(value):
                self._remark(
                    node,
                    text(
                        "“{layer}”: {name} is an array, which is left out: its weights are those of"
                        " the file.",
                        layer=row.name,
                        name=name,
                    ),
                )
                continue
            self._remark(
                node,
                text(
                    "“{layer}”: {name} = {value} has no counterpart and is kept without effect.",
                    layer=row.name,
                    name=name,
                    value=_short(policy(value) if name == "dtype" else value),
                ),
            )

    def _call_arguments(self, spec: type[LayerSpec], row: Row, call: Inbound, node: str) -> Params:
        """Return what a call is given besides tensors; says what cannot be given to it here."""
        given = {name: call.arguments[name] for name in spec.in_call if name in call.arguments}
        if ATTENTION_MASK in spec.own and call.arguments.get(ATTENTION_MASK) is True:
            given[ATTENTION_MASK] = True
        # These act by themselves while training, and Keras writes down that they do.
        acting = spec.category in ("augmentation", "preprocessing")
        for name, value in call.arguments.items():
            told = name in given or (acting and name == "training")
            if not told and not says_nothing_in_a_call(name, value):
                self._remark(
                    node,
                    text(
                        "“{layer}” is called with {name} = {value}, which is not carried over.",
                        layer=row.name,
                        name=name,
                        value=_short(value),
                    ),
                )
        return given

    def _operator(self, row: Row, call: Inbound, node: str, inputs: int) -> tuple[str, Params]:
        config = row.config if isinstance(row.config, dict) else {}
        if row.kind in LAYERS_TOO.values() and inputs == 2 and not call.arguments:
            return row.kind, {}
        found = _activation(row.kind, config) if inputs == 1 and not call.arguments else None
        if found is None and row.kind == RESIZE and inputs == 1 and not call.arguments:
            found = _resizing(config)
        found = found or operation(row.kind, config, call, inputs)
        if found is not None:
            return found
        if any(map(holds_array, call.arguments.values())):
            self._computes_with_array(node, row.kind)
        else:
            self._opaque(node, row.kind)
        given = {name: str(_short(value)) for name, value in call.arguments.items()}
        return f"ops.{row.kind}", given

    def _tensorflow(
        self, row: Row, config: Params, call: Inbound, node: str, inputs: int
    ) -> tuple[str, Params]:
        """Read an operator that Keras 2 left to TensorFlow."""
        if row.kind == node_defs.CLASS:
            told = node_defs.operation_name(config)
            function, call = node_defs.function_of(config, call)
        else:
            told = function = function_name(config)
        found = tensorflow_operation(function, call, inputs) if function else None
        if found is not None:
            return found
        self._opaque(node, f"{row.kind} {told}".strip())
        given = {name: str(_short(value)) for name, value in call.arguments.items()}
        return row.kind, {"function": told} | given

    def _passing(self, row: Row, node: str) -> None:
        self._remark(
            node,
            text(
                "“{layer}” adds a loss or metric of its own while training ({kind}): it passes"
                " values on, and the loss is left out.",
                layer=row.name,
                kind=row.kind,
            ),
        )

    def _input(self, config: Params, node: str) -> Params:
        shape = config.get("batch_shape", config.get("batch_input_shape"))
        if isinstance(shape, dict):
            shape = shape.get("items")
        if not isinstance(shape, list) or not shape:
            self._remark(
                node,
                text("The file does not tell the shape of “{layer}”: set it here.", layer=node),
            )
            return {"shape": []}
        params: Params = {"shape": shape[1:]}
        dtype = policy(config.get("dtype"))
        if dtype not in (None, "float32"):
            params["dtype"] = dtype
        return LAYERS.get("Input").trim(params)

    def _opaque(self, node: str, kind: str) -> None:
        message = text(
            "“{layer}” is a {kind}, which this version does not know: it is kept as it is, but"
            " cannot be trained.",
            layer=node,
            kind=text("{name}", name=kind),  # Somebody's own name, which is not translated.
        )
        self._remark(node, message, opaque=True)

    def _computes_with_array(self, node: str, kind: str) -> None:
        message = text(
            "“{layer}” ({kind}) computes with an array of the file, which no drawing holds: it is"
            " kept as it is, but cannot be trained.",
            layer=node,
            kind=text("{name}", name=kind),
        )
        self._remark(node, message, opaque=True)

    def _code(self, node: str) -> None:
        message = text(
            "“{layer}” is a Lambda, which holds Python code: it is kept, and runs only after you"
            " have read and trusted it.",
            layer=node,
        )
        self._remark(node, message, opaque=True)

    def _changed_meaning(self, node: str, row: Row, params: Params) -> None:
        """Tell of activations whose formula Keras has changed since the file was written."""
        version = self._version
        if not version or version >= (3,):
            return
        for name in ("activation", "recurrent_activation"):
            if params.get(name) == "hard_sigmoid":
                self._remark(
                    node,
                    text(
                        "“{layer}” uses hard_sigmoid, which was 0.2x + 0.5 in Keras {version} and"
                        " is x/6 + 0.5 now: results differ a little.",
                        layer=row.name,
                        version=".".join(map(str, version)),
                    ),
                )

    def _remark(self, node: str, message: Text, *, opaque: bool = False) -> None:
        self.remarks.append(Remark(node, message, opaque))


def _activation(kind: str, config: Params) -> tuple[str, Params] | None:
    """Return an operator that is an activation, or a layer of that function."""
    if kind not in ACTIVATIONS:
        return None
    given = {name: value for name, value in config.items() if name != "name"}
    if given in ({}, _PLAINLY.get(kind)):
        return "Activation", {"activation": ACTIVATIONS[kind]}
    if kind not in _WITH_PARAMETERS:
        return None
    spec = LAYERS.get(_WITH_PARAMETERS[kind])
    fits = given.keys() <= spec.fields.keys() and not spec.check(given)
    return (spec.key, spec.trim(given)) if fits else None


def _resizing(config: Params) -> tuple[str, Params] | None:
    """Return `ops.image.resize` as a layer, unless it does what the layer cannot."""
    spec = LAYERS.get("Resizing")
    given = {**config, **dict(zip(("height", "width"), plain(config.get("size")), strict=False))}
    given.pop("size", None)
    params, left = parameters(spec, given, ())
    return None if left or spec.check(params) else (spec.key, params)


def _unknown_layer(spec: type[LayerSpec], params: Params) -> str:
    """Return the name of a layer in another that cannot be there in a drawing, or ""."""
    for name, value in params.items():
        field = spec.fields.get(name)
        if isinstance(field, LayerRef) and field.check(value) is not None:
            return str(value.get("layer", name)) if isinstance(value, dict) else name
    return ""


def told_in_call(kind: str, params: Params) -> Params:
    """Return the parameters that a call tells a layer; in a drawing all its calls tell the same."""
    spec = LAYERS.find(kind)
    apart = (*spec.in_call, *spec.own) if spec is not None else ()
    return {name: params[name] for name in apart if name in params}


def otherwise_called(layer: str, node: str) -> Remark:
    """Return what is said of a call that tells a layer something else than its first one."""
    message = text(
        "“{layer}” is told something else here than in its first call: this call is kept as it is,"
        " but cannot be trained.",
        layer=layer,
    )
    return Remark(node, message, opaque=True)


def says_nothing_in_a_call(name: str, value: Any) -> bool:
    """Return whether an argument of a call changes nothing."""
    return (name, value) in (("training", None), ("training", False), ("mask", None))


def _plain(config: Params) -> Params:
    """Return unknown arguments without those that say nothing, and without arrays."""
    return {
        name: value
        for name, value in config.items()
        if not says_nothing(name, value) and not holds_array(value)
    }


def _short(value: Any) -> Text | str:
    """Return a value for a sentence; arrays are no reading for people."""
    if isinstance(value, dict) and value.get("class_name") in ARRAYS:
        return text("an array")
    words = str(value)
    return words if len(words) <= 60 else f"{words[:57]}..."
