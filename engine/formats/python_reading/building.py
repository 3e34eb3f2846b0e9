"""The network that grows while a script is read: calls of layers, and models made of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from engine.errors import Text, text
from engine.formats.python_reading.stepwise import Stepwise, StepwiseLayers
from engine.formats.python_reading.things import (
    Call,
    Exhausted,
    Layer,
    Lines,
    Model,
    Refused,
    Severity,
    Tensor,
)
from engine.graph.calls import PICK
from engine.graph.copying import free_id
from engine.layers import LAYERS

MOST_CALLS = 10_000
MOST_TENSORS = 100_000
DEEPEST_BLOCK = 20


@dataclass(frozen=True)
class Calls:
    """How the layers of a model are called where it is called as a layer.

    Attributes:
        turned: Makes the layer that is called, of the model's and of how many tensors it takes.
        title: The wish for the name of the block, or "".
        lines: Where the model is called; of a Sequential that is built, its own.
    """

    turned: Callable[[Layer, int], Layer] = lambda layer, tensors: layer
    title: str = ""
    lines: Lines | None = None


class Building:
    """Calls and models in the order in which the script makes them.

    Attributes:
        calls: The calls of layers.
        models: The models.
        stepwise: Makes the layers of models that are applied to each step of a sequence.
    """

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.models: list[Model] = []
        self.stepwise = StepwiseLayers()
        self._picks: dict[Tensor, int] = {}
        self._titles: dict[str, Model] = {}
        self._tensors = 0
        # Replaced by who can follow the function of a Lambda.
        self.apply: Callable[[Layer, Sequence[Tensor], Lines], Any] = self.call

    def input(self, layer: Layer) -> Tensor:
        """Let data enter."""
        return self._add(Call(layer, [], layer.lines))

    def call(self, layer: Layer, tensors: Sequence[Tensor], lines: Lines) -> Any:
        """Call a layer.

        Returns:
            Its tensor; where it gives several, a list of them, grouped as Keras does.

        Raises:
            Refused: It takes fewer tensors.
        """
        spec = LAYERS.find(layer.kind)
        most = spec.most_inputs(spec.complete(layer.params)) if spec is not None else None
        if most is not None and len(tensors) > most:
            raise Refused(
                text(
                    "{layer} takes {most} tensors; {count} are given.",
                    layer=layer.kind,
                    most=most,
                    count=len(tensors),
                )
            )
        tensor = self._add(Call(layer, [self.place(tensor) for tensor in tensors], lines))
        if spec is None:
            return tensor
        params = spec.complete(layer.params)
        count = spec.outputs(params)
        self._tensors += count
        if self._tensors > MOST_TENSORS:
            raise Exhausted(
                text("The script makes more than {count} tensors.", count=f"{MOST_TENSORS:,}")
            )
        if count < 2:
            return tensor
        return spec.nested([Tensor(tensor.call, number) for number in range(count)], params)

    def place(self, tensor: Tensor) -> int:
        """Return the call that a tensor comes from: of a further one, the node that picks it."""
        if not tensor.index:
            return tensor.call
        if tensor not in self._picks:
            source = self.calls[tensor.call]
            params = LAYERS.get(PICK).trim({"index": tensor.index})
            layer = Layer(PICK, params, "", source.lines)
            pick = self._add(Call(layer, [tensor.call], source.lines, source.block))
            self._picks[tensor] = pick.call
        return self._picks[tensor]

    def forget_after(self, count: int) -> None:
        """Take back the calls behind the first ones."""
        del self.calls[count:]
        self._picks = {tensor: place for tensor, place in self._picks.items() if place < count}

    def _add(self, call: Call) -> Tensor:
        if len(self.calls) >= MOST_CALLS:
            raise Exhausted(
                text("The script calls more than {count} layers.", count=f"{MOST_CALLS:,}")
            )
        self.calls.append(call)
        return Tensor(len(self.calls) - 1)

    def call_stepwise(self, layer: Layer, tensors: Sequence[Tensor], lines: Lines) -> Tensor:
        """Call a model for each step of a sequence: its layers are, inside a block.

        Raises:
            Refused: It takes or gives several tensors, or steps make a difference to a layer.
        """
        assert isinstance(layer.function, Stepwise)
        model, depth = layer.function.model, layer.function.depth

        def each(inner: Layer, count: int) -> Layer:
            for _ in range(depth):
                inner = self.stepwise.of(inner, count)
            return inner

        single = len(model.inputs) == len(model.outputs) == 1
        if len(tensors) != 1 or not (single or (model.sequential and not model.outputs)):
            raise Refused(text("TimeDistributed takes a model with one input and one output."))
        found = self.call_model(model, tensors, lines, Calls(each, layer.name))
        assert isinstance(found, Tensor)
        return found

    def call_model(
        self, model: Model, tensors: Sequence[Tensor], lines: Lines, calls: Calls | None = None
    ) -> Tensor | list[Tensor]:
        """Call a model as a layer: its layers are called again, inside a block.

        Args:
            model: The model.
            tensors: What it takes.
            lines: Where it is called.
            calls: How its layers are called; as they are without.
        """
        model.nested = True
        calls = calls or Calls()
        title = self.free_title(calls.title or model.name or _kind_of(model))
        self._titles[title] = model
        if model.sequential and not model.outputs:
            if len(tensors) != 1:
                raise Refused(text("A Sequential takes one tensor."))
            return self._row(model, tensors[0], (title,), replace(calls, lines=lines))
        if len(tensors) != len(model.inputs):
            raise Refused(
                text(
                    "The model takes {most} tensors; {count} are given.",
                    most=len(model.inputs),
                    count=len(tensors),
                )
            )
        taken = [self.place(tensor) for tensor in tensors]
        given = dict(zip(model.inputs, taken, strict=True))
        for place in self._leading_to(model.outputs, given):
            call = self.calls[place]
            if place in given:
                continue
            if not call.sources:
                raise Refused(text("The model uses an Input that is not among its inputs."))
            sources = [given[source] for source in call.sources]
            block = (title, *call.block)
            layer = calls.turned(_again(call.layer), len(sources))
            again = self._add(Call(layer, sources, lines, block))
            given[place] = again.call
        ends = [Tensor(given[place]) for place in model.outputs]
        return ends[0] if len(ends) == 1 else ends

    def _row(self, model: Model, tensor: Tensor, block: tuple[str, ...], calls: Calls) -> Tensor:
        """Call the layers of a Sequential one after the other."""
        if len(block) > DEEPEST_BLOCK:
            raise Exhausted(text("Models are nested too deeply."))
        for item in model.layers:
            start, lines = len(self.calls), calls.lines or item.lines
            if isinstance(item, Model):
                found = self.call_model(item, [tensor], lines, replace(calls, title=""))
            elif item.kind == "Input":
                continue
            else:
                found = self.apply(calls.turned(item, 1), [tensor], lines)
            if not isinstance(found, Tensor):
                raise Refused(text("A layer of a Sequential must give one tensor."))
            tensor = found
            for call in self.calls[start:]:
                call.block = (*block, *call.block)
        return tensor

    def build(self, model: Model, tell: Callable[[Text, Severity], None]) -> None:
        """Give a Sequential its Input and call its layers, unless that is done.

        Args:
            model: The model.
            tell: Is told where the model does not say what it takes.
        """
        if not model.sequential or model.outputs or not model.layers:
            return
        first = model.layers[0]
        if isinstance(first, Layer) and first.kind == "Input":
            start = first
        else:
            shape = _first_shape(model)
            if shape is None and isinstance(first, Model) and first.inputs:
                start = self.calls[first.inputs[0]].layer
                start = Layer("Input", start.params, "", model.lines)
            else:
                if shape is None:
                    sentence = text(
                        "The model does not tell what it takes: begin with keras.Input(shape=…)."
                    )
                    tell(sentence, "error")
                params = LAYERS.get("Input").trim({"shape": shape or []})
                start = Layer("Input", params, "", first.lines)
        there = [n for n, call in enumerate(self.calls) if call.layer is start]
        entry = Tensor(there[0]) if there else self.input(start)
        model.inputs = [entry.call]
        model.outputs = [self._row(model, entry, (), Calls()).call]

    def free_title(self, wish: str) -> str:
        """Return a title for a block that no other call of a model has."""
        return free_id({title for call in self.calls for title in call.block}, wish)

    def _leading_to(self, ends: Iterable[int], starts: Iterable[int] = ()) -> list[int]:
        """Return the calls that lead to some, in order; those before the starts are left out."""
        seen = set(ends)
        waiting, border = list(seen), set(starts)
        for place in waiting:  # It grows on the way.
            for source in () if place in border else self.calls[place].sources:
                if source not in seen:
                    seen.add(source)
                    waiting.append(source)
        return sorted(seen)

    def layers_of(self, model: Model) -> list[Layer]:
        """Return the layers of a model, each once."""
        if model.sequential:
            nested = (self.layers_of(i) if isinstance(i, Model) else [i] for i in model.layers)
            return [layer for part in nested for layer in part]
        found = (self.calls[place].layer for place in self._leading_to(model.outputs))
        return list(dict.fromkeys(layer for layer in found if not _is_function(layer)))

    def members_of(self, model: Model) -> list[Layer | Model]:
        """Return what Keras counts as layers of a model: models in it are one each."""
        if model.sequential:
            return [
                item for item in model.layers if isinstance(item, Model) or item.kind != "Input"
            ]
        found: list[Layer | Model] = []
        for place in self._leading_to(model.outputs):
            call = self.calls[place]
            nested = self._titles.get(call.block[0]) if call.block else None
            if nested is not None:
                found.append(nested)
            elif not _is_function(call.layer):
                found.append(call.layer)
        return list(dict.fromkeys(found))

    def leading_to_models(self, chosen: Model | None) -> set[int]:
        """Return the calls that other models than the chosen one consist of."""
        others = (model for model in self.models if model is not chosen)
        # A Sequential that is called as a layer has an Input only where it tells one.
        ends = (place for model in others for place in (*model.inputs, *model.outputs))
        return set(self._leading_to(ends))

    def mark_used(self, model: Model | None) -> None:
        """Mark the calls that the model consists of: all where there is no model.

        An Input that leads nowhere stays, unless it belongs to another model.
        """
        if model is None:
            return
        used = set(self._leading_to([*model.outputs, *model.inputs]))
        others = {place for other in self.models for place in other.inputs if other is not model}
        for place, call in enumerate(self.calls):
            lonely = call.layer.kind == "Input" and not call.block and place not in others
            call.used = place in used or lonely

    def ends(self, model: Model) -> list[int]:
        """Return a call for each output of a model, behind which nothing follows.

        Only such calls are outputs in a drawing. What others take too, or what is an output
        several times, gets ways out of its own, which compute nothing.
        """
        taken = {source for call in self.calls if call.used for source in call.sources}
        count = Counter(model.outputs)
        names = {call.layer.name for call in self.calls} | {call.variable for call in self.calls}
        found: list[int] = []
        for place in model.outputs:
            call = self.calls[place]
            bare = call.layer.kind == "Input" and not model.sequential
            if place not in taken and count[place] == 1 and not bare:
                found.append(place)
                continue
            title = call.layer.name or call.variable
            name = f"{title}_output" if title and f"{title}_output" not in names else ""
            names.add(name)
            layer = Layer("Identity", {}, name, model.lines)
            found.append(self._add(Call(layer, [place], model.lines, implied=True)).call)
        return found


def _kind_of(model: Model) -> str:
    return "sequential" if model.sequential else "model"


def _first_shape(model: Model) -> list[object] | None:
    """Return the shape of a sample as a Sequential tells it."""
    if model.shape is not None:
        return model.shape
    if not model.layers:
        return None
    first = model.layers[0]
    return first.shape if isinstance(first, Layer) else _first_shape(first)


def _is_function(layer: Layer) -> bool:
    """Return whether a layer of the drawing is none of Keras's: a function, or a pick."""
    spec = LAYERS.find(layer.kind)
    return layer.kind == PICK or (spec is not None and spec.function)


def _again(layer: Layer) -> Layer:
    """Return the layer for another call of its model: functions have nothing to share."""
    return replace(layer, name="") if _is_function(layer) else layer
