"""A Keras script as a network: read statically, line by line, with a word on what cannot be."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from engine.errors import Text, text
from engine.formats.python_reading.statements import Statements
from engine.formats.python_reading.things import (
    Exhausted,
    LineRemark,
    Model,
    Reading,
    Refused,
)
from engine.graph.calls import PICK
from engine.layers import LAYERS

LONGEST_SCRIPT = 1_000_000
LONGEST_LINE = 20_000


def read_python(script: str, opaque: Mapping[str, str] | None = None) -> Reading:
    """Read the network of a script; nothing in it is run.

    Args:
        script: The script.
        opaque: Classes of layers that are kept though the catalog does not know them, with the
            keys of their nodes; None keeps any.

    Returns:
        What could be read; what could not stands in its remarks.
    """
    try:
        tree = _parsed(script)
    except _Unreadable as unreadable:
        return Reading((), remarks=[LineRemark(unreadable.line, unreadable.message)])
    reader = Statements(opaque)
    try:
        reader.run(tree.body)
    except Exhausted as exhausted:
        assert exhausted.message is not None
        reader.tell(exhausted.message, "error")
    except RecursionError:
        reader.tell(text("The script is nested too deeply to be read."), "error")
    return _finished(reader)


class _Unreadable(Exception):
    def __init__(self, line: int, message: Text) -> None:
        super().__init__(str(message))
        self.line, self.message = line, message


def _parsed(script: str) -> ast.Module:
    """Return the syntax of a script."""
    if len(script) > LONGEST_SCRIPT:
        raise _Unreadable(1, text("The script is too long to be read."))
    for number, line in enumerate(script.splitlines(), start=1):
        if len(line) > LONGEST_LINE:
            raise _Unreadable(number, text("This line is too long to be read."))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Of escapes in strings, which are not ours.
            return ast.parse(script)
    except SyntaxError as error:
        reason = (error.msg or "").rstrip(".")
        message = text("This is no Python: {reason}.", reason=reason)
        raise _Unreadable(max(1, error.lineno or 1), message) from error
    except (RecursionError, MemoryError) as error:
        raise _Unreadable(1, text("The script is nested too deeply to be read.")) from error
    except ValueError as error:  # A zero byte, or half a character.
        raise _Unreadable(1, text("The script is no text.")) from error


def _finished(reader: Statements) -> Reading:
    """Choose the script's model and return its network."""
    building, model = reader.building, _chosen(reader)
    outputs: list[int] = []
    if model is not None:
        reader.line = model.lines[0]
        with _telling(reader):
            building.build(model, reader.tell)
    building.mark_used(model)
    _tell_unused(reader, model)
    if model is not None:
        reader.line = model.lines[0]
        with _telling(reader):
            outputs = building.ends(model)
    _tell_names(reader)
    if model is not None:
        _tell_unshared(reader)
    _tell_opaque(reader)
    if not building.calls and not any(r.severity == "error" for r in reader.remarks):
        _tell_nothing(reader)
    return Reading(
        building.calls,
        model.inputs if model is not None else (),
        outputs,
        model.name if model is not None else "",
        reader.recipe,
        sorted(reader.remarks, key=lambda remark: remark.line),
        reader.plan,
    )


@contextmanager
def _telling(reader: Statements) -> Iterator[None]:
    """Tell what is refused inside, and go on."""
    try:
        yield
    except Refused as refused:
        if refused.message is not None:
            reader.tell(refused.message, "error")
    except RecursionError:
        reader.tell(text("Models are nested too deeply."), "error")


def _tell_nothing(reader: Statements) -> None:
    """Say why a script has no network that can be read."""
    if not reader.classes:
        reader.line = 1
        reader.tell(text("No layer is called here: begin with keras.Input."), "error")
        return
    name, reader.line = reader.classes[0]
    sentence = text(
        "The layers are called in “{name}”, a class of the script's own, which shows its network"
        " only when it runs: once you have read and trusted the script, choose “Run the script…”"
        " (in a terminal: --run).",
        name=name,
    )
    reader.tell(sentence, "error")


def _chosen(reader: Statements) -> Model | None:
    """Return the model that is meant: the one that is compiled, called `model`, or made last."""
    if reader.chosen is not None:
        return reader.chosen
    named = reader.scope.names.get("model")
    if isinstance(named, Model):
        return named
    models = [model for model in reader.building.models if not model.nested]
    return models[-1] if models else None


def _tell_unused(reader: Statements, model: Model | None) -> None:
    """Say which layers are not part of the model."""
    building = reader.building
    others = building.leading_to_models(model)
    for place, call in enumerate(building.calls):
        if not call.used and place not in others and call.layer.kind != PICK:
            reader.line = call.lines[0]
            sentence = text("Nothing takes what this layer gives: it is left out.")
            reader.tell(sentence, "ignored")


def _tell_names(reader: Statements) -> None:
    """Say which layers have the name of another."""
    seen: dict[str, object] = {}
    for call in reader.building.calls:
        layer = call.layer
        if call.used and layer.name and seen.setdefault(layer.name, layer) is not layer:
            reader.line = layer.lines[0]
            reader.tell(text("Another layer is already called “{name}”.", name=layer.name), "error")


def _tell_unshared(reader: Statements) -> None:
    """Say which layers share their weights in the script and cannot in the drawing."""
    used = {call.layer for call in reader.building.calls if call.used}
    for layer, made in reader.building.stepwise.made.items():
        spec = LAYERS.find(layer.kind)
        if spec is not None and "trainable" in spec.fields and used >= {layer, made}:
            reader.line = layer.lines[0]
            sentence = text(
                "“{layer}” is applied to each step and also called as it is: here the two would not"
                " share their weights. Call it in one of these ways only.",
                layer=layer.name or layer.kind,
            )
            reader.tell(sentence, "error")


def _tell_opaque(reader: Statements) -> None:
    """Say which layers of the network are kept without being understood."""
    layers = (call.layer for call in reader.building.calls if call.used and call.layer.opaque)
    for layer in dict.fromkeys(layers) if reader.opaque is None else ():
        reader.line = layer.lines[0]
        sentence = text(
            "“{layer}” is a {kind}, which this version does not know: it is kept as it is, but"
            " cannot be trained.",
            layer=layer.name or layer.kind,
            kind=text("{name}", name=layer.kind),
        )
        reader.tell(sentence, "ignored", opaque=True)
