"""What calls in a script do: make layers, call them, make models of them."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from engine.errors import text
from engine.formats.keras_files.stepwise import WRAPPER
from engine.formats.keras_files.telling import inputs_by_name, outputs_by_name
from engine.formats.python_custom import CUSTOM
from engine.formats.python_reading import arrays, functions, plain
from engine.formats.python_reading.applying import Given
from engine.formats.python_reading.calling_ready import called
from engine.formats.python_reading.compiling import compiled, fitted
from engine.formats.python_reading.following import lines_of
from engine.formats.python_reading.making import (
    REGISTRIES,
    make_input,
    make_layer,
    make_object,
    unknown_layer,
)
from engine.formats.python_reading.names import MERGES, member
from engine.formats.python_reading.operations import function_of
from engine.formats.python_reading.owning import Owning
from engine.formats.python_reading.ready import INPUT_TENSOR, READY
from engine.formats.python_reading.shapes import unclear
from engine.formats.python_reading.things import (
    Function,
    Layer,
    Lines,
    Made,
    Model,
    Own,
    Partial,
    Path,
    Refused,
    Tensor,
    Unknown,
)

_OBJECTS = (*REGISTRIES, "optimizers", "losses", "metrics")
_OF_SHAPES = ("shape", "int_shape", "ndim")


# Settings of Keras for all layers that are made behind them.
_ORDERS = ("set_image_data_format", "set_image_dim_ordering")
_PRECISIONS = ("set_floatx", "set_dtype_policy", "set_global_policy", "set_policy")
_SEED = "set_random_seed"
# Those that only tell the order of axes.
_ORDER_OF = ("image_data_format", "image_dim_ordering")
_SETTINGS = (*_ORDER_OF, *_ORDERS, *_PRECISIONS, _SEED)


class Calling(Owning):
    """Gives calls their values.

    Attributes:
        chosen: The model that the script compiles, or None.
        recipe: What the script tells of the training.
        plan: Where it makes, compiles and fits models.
    """

    def __init__(self, opaque: Mapping[str, str] | None) -> None:
        super().__init__(opaque)
        self.chosen: Model | None = None
        self.recipe: dict[str, Any] = {}
        self.plan: list[Lines] = []

    def _eval_call(self, node: ast.Call) -> Any:
        if isinstance(node.func, ast.Attribute):
            holder = self.evaluate(node.func.value)
            if isinstance(holder, arrays.Array) or not isinstance(holder, (Path, Unknown)):
                given = self._given(node)
                self.line = node.lineno
                return self._method(holder, node, given)
        callee = self.evaluate(node.func)
        given = self._given(node, growing=self.takes_formula(callee))
        self.line = node.lineno
        return self._apply(callee, node, given)

    def _given(self, node: ast.Call, *, growing: bool = False) -> Given:
        args = self._elements(node.args, growing=growing)
        kwargs: dict[str, Any] = {}
        for word in node.keywords:
            value = self.evaluate(word.value)
            if word.arg is not None:
                kwargs[word.arg] = value
            elif isinstance(value, dict) and all(isinstance(key, str) for key in value):
                kwargs |= value
            else:
                kwargs["**"] = value if isinstance(value, Unknown) else self.unknown()
        return args, kwargs

    def _apply(self, callee: Any, node: ast.Call, given: Given) -> Any:
        """Call what an expression stands for."""
        lines = lines_of(node)
        if isinstance(callee, Path) and callee.name == "functools.partial" and given[0]:
            return Partial(given[0][0], tuple(given[0][1:]), given[1])
        if isinstance(callee, Path):
            formed = self.call_on_tensors(callee, given, node, lines)
            if formed is not None:
                return formed
            return self.call_path(callee, lines, given)
        if isinstance(callee, Layer):
            return self.call_layer(callee, given, lines)
        if isinstance(callee, Model):
            return self.building.call_model(callee, self._taken(given), lines)
        if isinstance(callee, (Function, Partial, Own)):
            return self._call_own(callee, node, given)
        if any(isinstance(value, Tensor) for value in _all(given)):
            if isinstance(callee, Unknown) and callee.reason is None:
                raise Refused(None)
            reason = callee.reason if isinstance(callee, Unknown) else None
            raise Refused(
                text("What the tensor is given to cannot be read: {reason}", reason=reason)
                if reason is not None
                else text("What the tensor is given to is no layer.")
            )
        return callee if isinstance(callee, Unknown) else self.unknown()

    def _call_own(self, callee: Function | Partial | Own, node: ast.Call, given: Given) -> Any:
        """Call what the script itself defines."""
        if isinstance(callee, Function):
            return self.call_function(callee, given)
        if isinstance(callee, Partial):
            args, kwargs = given
            both = ([*callee.args, *args], {**callee.kwargs, **kwargs})
            return self._apply(callee.callee, node, both)
        if callee.kind is None:
            return self.make_own(callee, given)
        name = ast.copy_location(ast.Attribute(node.func, "__call__", ast.Load()), node)
        return self._apply(self.attribute_of(callee, name), node, given)

    def _taken(self, given: Given) -> list[Tensor]:
        """Return the tensors that a model is called with."""
        args, kwargs = given
        items = args[0] if args else kwargs.get("inputs")
        return self.tensors("Model", items if isinstance(items, (list, tuple)) else [items])

    def call_path(self, path: Path, lines: Lines, given: Given) -> Any:
        """Call something of a library."""
        module, name = member(path.name)
        args, kwargs = given
        if module == "layers":
            return self._layer(name, lines, given)
        if module == "models" and name in ("Sequential", "Model", "Functional"):
            return self._model(name, lines, given)
        if module == "applications" and name in READY:
            return self._ready(name, lines, given)
        last = path.name.rpartition(".")[2]
        if not module and self.opaque is not None and self.opaque.get(last) == CUSTOM:
            return unknown_layer(last, kwargs, lines, self.tell, self.opaque)
        data = arrays.loaded(path.name) or arrays.function(path.name, args, kwargs)
        if data is not None:
            return data
        work = functions.function(path.name)
        if work is not None:
            return self._plain_function(work, given)
        tensors = any(isinstance(value, Tensor) for value in _all(given))
        if tensors and function_of(path.name)[1] and name not in _OF_SHAPES:
            return self.operate_on(path, given, lines)
        if tensors and last in _OF_SHAPES:
            return self._of_shape(last, args, told=bool(module))
        if tensors:
            raise Refused(
                text("“{name}” is no layer: use a layer of Keras instead.", name=path.name)
            )
        if module in _OBJECTS:
            return make_object(module, name, args, kwargs)
        if last in _SETTINGS:
            return self._setting(last, given, lines)
        return self._not_followed(path, given)

    def _of_shape(self, name: str, args: Sequence[Any], *, told: bool) -> Any:
        """Return the shape of a tensor, or its rank; lengths that Keras does not tell are None."""
        shape = self.shape_of(args[0] if args else None)
        if isinstance(shape, Unknown):
            return shape
        if name == "ndim":
            return len(shape)
        # TensorFlow gives a tensor, which knows these lengths, too.
        return shape if told else tuple(unclear() if n is None else n for n in shape)

    def _not_followed(self, path: Path, given: Given) -> Unknown:
        """Return what stands for what a function gives that is not followed."""
        if path.last == "shuffle":
            for value in given[0]:
                self.lose(value, self.unknown())
        missing = next((value for value in _all(given) if isinstance(value, Unknown)), None)
        if missing is not None and missing.reason is None:
            return missing
        return Unknown(text("“{name}” is called only when the script runs.", name=path.name))

    def _setting(self, name: str, given: Given, lines: Lines) -> Any:
        """Take, or tell, a setting that changes all layers behind it.

        Raises:
            Refused: The network would be another without it.
        """
        args, kwargs = given
        value = next(iter((*args, *kwargs.values())), None)
        if name == _SEED and type(value) is int and 0 <= value < 2**31:
            self.recipe["seed"] = value
            self.plan.append(lines)
        if name in _ORDERS and value not in ("channels_last", "tf"):
            raise Refused(
                text(
                    "Images have their channels last here: give layers data_format="
                    "“channels_first” one by one, or turn the images round."
                )
            )
        if name in _ORDER_OF:
            return "tf" if name == _ORDER_OF[1] else "channels_last"
        if name in _PRECISIONS and value != "float32":
            sentence = text(
                "The script computes with {kind}; here everything is float32.",
                kind=value if isinstance(value, str) else "?",
            )
            self.tell(sentence, "ignored")
        return None

    def _plain_function(self, work: Callable[..., Any], given: Given) -> Any:
        """Call one of the functions that are followed: `range`, `len`, `math.sqrt`."""
        for value in (*given[0], *given[1].values()):
            if isinstance(value, Unknown):
                return value
        return self.plainly(functions.run, work, *given[0], **given[1])

    def _layer(self, kind: str, lines: Lines, given: Given) -> Any:
        """Make a layer; functions of layers, such as `add`, call it too."""
        args, kwargs = given
        unknown = kwargs.pop("**", None)
        if unknown is not None:
            raise Refused(text("{layer}: its arguments are not known.", layer=kind))
        if kind == "Input":
            return self.building.input(make_input(args, kwargs, lines, self.tell))
        if kind == "InputLayer":
            return make_input(args, kwargs, lines, self.tell)
        if kind in MERGES:
            layer = make_layer(MERGES[kind], args[1:], kwargs, lines, self.tell, self.opaque)
            return self.call_layer(layer, (args[:1], {}), lines)
        followed = None
        if kind == "Lambda":
            followed = self.make_lambda(lines, given)
        elif kind == WRAPPER:
            followed = self.make_stepwise(lines, given)
        if followed is not None:
            return followed
        return make_layer(kind, args, kwargs, lines, self.tell, self.opaque)

    # --- models ----------------------------------------------------------------------------

    def _model(self, kind: str, lines: Lines, given: Given) -> Model:
        args, kwargs = given
        name = kwargs.get("name")
        model = Model(name if isinstance(name, str) else "", kind == "Sequential", lines=lines)
        if model.sequential:
            layers = args[0] if args else kwargs.get("layers")
            for item in plain.items(layers) if layers is not None else ():
                self._add_layer(model, item)
        else:
            named = dict(zip(("inputs", "outputs"), args, strict=False)) | kwargs
            inputs = named.get("inputs", named.get("input"))
            outputs = named.get("outputs", named.get("output"))
            self._tell_arrangement(inputs, outputs)
            model.inputs = [self.building.place(tensor) for tensor in self._ends(inputs)]
            model.outputs = [self.building.place(tensor) for tensor in self._ends(outputs)]
        self.building.models.append(model)
        self.plan.append(lines)
        return model

    def _ready(self, name: str, lines: Lines, given: Given) -> Model:
        """Make one of the models that Keras has ready."""
        args, kwargs = list(given[0]), dict(given[1])
        start = kwargs.pop("input_tensor", None)
        if len(args) > INPUT_TENSOR:
            start, args[INPUT_TENSOR] = args[INPUT_TENSOR], None
        ready = READY[name](args, kwargs, self.tell)
        tensor = None if start is None else self.tensors(name, [start])[0]
        model = called(ready, self.building, tensor, lines)
        self.building.models.append(model)
        self.plan.append(lines)
        return model

    def _ends(self, value: Any) -> list[Tensor]:
        """Return the inputs or outputs of a model."""
        if isinstance(value, dict):
            value = [value[name] for name in sorted(value, key=str)]
        return self._taken(([value], {}))

    def _tell_arrangement(self, inputs: Any, outputs: Any) -> None:
        """Say that inputs or outputs with names become a list, sorted as Keras sorts them."""
        if isinstance(inputs, dict) and len(inputs) > 1:
            self.tell(inputs_by_name(map(str, inputs)), "ignored")
        if isinstance(outputs, dict) and len(outputs) > 1:
            self.tell(outputs_by_name(map(str, outputs)), "ignored")

    def _add_layer(self, model: Model, item: Any) -> None:
        """Add a layer, or a model, to a Sequential."""
        if isinstance(item, Tensor) and self.building.calls[item.call].layer.kind == "Input":
            model.inputs = [item.call]
            item = self.building.calls[item.call].layer
        if isinstance(item, Model):
            item.nested = True
        elif not isinstance(item, Layer):
            if isinstance(item, Unknown) and item.reason is None:
                raise Refused(None)
            if isinstance(item, Unknown):
                raise Refused(
                    text("A layer of the model is not known: {reason}", reason=item.reason)
                )
            raise Refused(text("A Sequential takes layers; this is none that can be read."))
        model.layers.append(item)

    def _method(self, holder: Any, node: ast.Call, given: Given) -> Any:
        """Call a method of something that the script has made."""
        assert isinstance(node.func, ast.Attribute)
        name = node.func.attr
        if isinstance(holder, Model):
            return self._method_of_model(holder, name, lines_of(node), given)
        if isinstance(holder, Own):
            return self._apply(self.attribute_of(holder, node.func), node, given)
        if isinstance(holder, arrays.Array):
            return arrays.method(holder, name, *given)
        if isinstance(holder, Tensor) and name == "get_shape":
            return self.shape_of(holder)
        if isinstance(holder, (Layer, Made, Function, Partial, Tensor)):
            return self.unknown(node.func)
        found = self.plainly(functions.method, holder, name, *given)
        if isinstance(found, Unknown) and name not in functions.LOOKING:
            self.lose(holder)
        return found

    def _method_of_model(self, model: Model, name: str, lines: Lines, given: Given) -> Any:
        args, kwargs = given
        if name == "add" and model.sequential and len(args) == 1:
            self._add_layer(model, args[0])
            return None
        if name == "pop" and model.sequential and model.layers:
            model.layers.pop()
            return None
        if name == "build" and model.sequential:
            shape = args[0] if args else kwargs.get("input_shape")
            if isinstance(shape, (list, tuple)) and 1 <= len(shape) <= 8:
                model.shape = list(shape[1:])
            return None
        if name == "get_layer":
            wanted = args[0] if args else kwargs.get("name")
            place = args[1] if len(args) > 1 else kwargs.get("index")
            members = self.building.members_of(model)
            if type(place) is int and -len(members) <= place < len(members):
                return members[place]
            layers = [*members, *self.building.layers_of(model)]
            return next((layer for layer in layers if layer.name == wanted), self.unknown())
        self.undefined.clear()  # The data of a training is no part of the network.
        if name in ("compile", "fit"):
            self.plan.append(lines)
            if name == "compile":
                self.chosen = model
            read = compiled if name == "compile" else fitted
            self.recipe |= read(args, kwargs, self.tell)
        return self.unknown()


def _all(given: Given) -> Iterator[Any]:
    """Yield the values that a call is given, those in lists included."""
    for value in (*given[0], *given[1].values()):
        if isinstance(value, (list, tuple)) and len(value) <= plain.LONGEST:
            yield from value
        yield value
