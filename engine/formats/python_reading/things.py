"""What the names of a script can stand for, and what reading it gives."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from engine.errors import Text
from engine.fields import Params

Lines = tuple[int, int]


class Refused(Exception):
    """A statement that cannot be read; the sentence says why.

    Attributes:
        message: What is wrong, or None where that has been told before.
    """

    def __init__(self, message: Text | None) -> None:
        super().__init__(str(message))
        self.message = message


class Exhausted(Refused):
    """A script that is too much to be read; nothing more of it is."""


@dataclass(frozen=True)
class Unknown:
    """A value that only running the script would show.

    Attributes:
        reason: Why it is unknown, or None where that has been told before.
    """

    reason: Text | None = None


@dataclass(frozen=True)
class Path:
    """Something of a library, by its full name: "keras.layers.Dense"."""

    name: str

    @property
    def last(self) -> str:
        """The last part of the name."""
        return self.name.rpartition(".")[2]


@dataclass(frozen=True)
class Tensor:
    """What a call of a layer gives.

    Attributes:
        call: The number of the call.
        index: Which of its tensors, where it gives several.
    """

    call: int
    index: int = 0


@dataclass(frozen=True)
class Made:
    """An object of Keras that is no layer: a regularizer, an optimizer, a loss.

    Attributes:
        module: Its module in Keras, such as "regularizers".
        kind: Its class.
        config: Its arguments by their names.
    """

    module: str
    kind: str
    config: dict[str, Any]


@dataclass(eq=False)
class Layer:
    """A layer that a script makes; calling it twice shares its weights.

    Attributes:
        kind: Its key in the catalog, or its class where that does not know it.
        params: Its parameters as the catalog writes them.
        name: The name that the script gives it, or "".
        lines: First and last line of the expression that makes it.
        config: Its class and arguments in Keras's own words, as layers that hold it need them.
        shape: The shape of a sample where its first argument tells it, as in a Sequential.
        opaque: Whether the catalog does not know it.
        told: What its first call has told it besides tensors; None before.
        function: What a Lambda calls, or None.
    """

    kind: str
    params: Params
    name: str
    lines: Lines
    config: dict[str, Any] = field(default_factory=dict)
    shape: list[Any] | None = None
    opaque: bool = False
    told: Params | None = None
    function: Any = None


@dataclass(eq=False)
class Model:
    """A model that a script makes.

    Attributes:
        name: The name that the script gives it, or "".
        sequential: Whether it is made of layers in a row.
        inputs: Numbers of the calls that are its inputs; of a Sequential once it is built.
        outputs: Numbers of the calls that give its outputs.
        layers: The layers of a Sequential.
        shape: The shape of a sample where a Sequential is told it by `build`.
        nested: Whether another model calls it.
        lines: Where it is made.
    """

    name: str = ""
    sequential: bool = False
    inputs: list[int] = field(default_factory=list)
    outputs: list[int] = field(default_factory=list)
    layers: list[Layer | Model] = field(default_factory=list)
    shape: list[Any] | None = None
    nested: bool = False
    lines: Lines = (0, 0)


# Stands for nothing at all; None is a value of Python's.
MISSING = object()


class Scope:
    """The names of a script, or of one call of a function in it."""

    def __init__(self, around: Scope | None = None) -> None:
        self.names: dict[str, Any] = {}
        self.around = around
        # Whose names are set instead, where `global` or `nonlocal` say so.
        self._of_others: dict[str, Scope] = {}

    def find(self, name: str) -> Any:
        """Return what a name stands for, or `MISSING`."""
        scope: Scope | None = self._of_others.get(name, self)
        while scope is not None:
            if name in scope.names:
                return scope.names[name]
            scope = scope.around
        return MISSING

    def put(self, name: str, value: Any) -> None:
        """Let a name stand for a value."""
        self._of_others.get(name, self).names[name] = value

    def take(self, name: str) -> None:
        """Let a name stand for nothing any more."""
        self._of_others.get(name, self).names.pop(name, None)

    def share(self, name: str, *, whole: bool) -> None:
        """Let a name be one of the scopes around: the script's, or the nearest that has it."""
        scope = self.around
        while scope is not None and scope.around and (whole or name not in scope.names):
            scope = scope.around
        if scope is not None:
            self._of_others[name] = scope


@dataclass(frozen=True, eq=False)
class Function:
    """A function of the script.

    Attributes:
        node: Its definition.
        scope: The names that it sees.
        defaults: Values of the arguments that need not be given.
    """

    node: ast.FunctionDef | ast.Lambda
    scope: Scope
    defaults: dict[str, Any]


@dataclass(frozen=True, eq=False)
class Partial:
    """What is called with some of its arguments given before.

    Attributes:
        callee: What is called.
        args: Arguments without names.
        kwargs: Arguments with names.
    """

    callee: Any
    args: tuple[Any, ...] = ()
    kwargs: dict[str, Any] = field(default_factory=dict)


@dataclass(eq=False)
class Own:
    """A class of the script that builds on no other, or an object of one.

    Attributes:
        title: The name of the class.
        names: Its attributes and methods; of an object, those that it has for itself.
        ways: How methods are decorated that are: "property", "staticmethod" or "classmethod".
        fields: What an object is given where the class is a dataclass.
        kind: The class of an object; None for classes.
    """

    title: str
    names: dict[str, Any]
    ways: dict[str, str] = field(default_factory=dict)
    fields: tuple[str, ...] = ()
    kind: Own | None = None


@dataclass(eq=False)
class Call:
    """One call of a layer: a node of the network.

    Attributes:
        layer: The layer; calls of the same one share its weights.
        sources: Numbers of the calls whose tensors it takes, by port.
        lines: First and last line of the statement.
        block: Names of the models inside which it lies.
        variable: The variable that its tensor is put into first, or "".
        used: Whether it leads to an output of the model.
        implied: Whether no line makes it: it is a way out for a tensor that others take too.
    """

    layer: Layer
    sources: list[int]
    lines: Lines
    block: tuple[str, ...] = ()
    variable: str = ""
    used: bool = True
    implied: bool = False


Severity = Literal["ignored", "error"]


@dataclass(frozen=True)
class LineRemark:
    """What somebody should know of a line of a script.

    Attributes:
        line: Number of the line, from 1.
        message: What is wrong with it or not carried over.
        severity: "error" where the network cannot be read because of it, else "ignored".
        opaque: Whether a layer is kept without being understood.
    """

    line: int
    message: Text
    severity: Severity = "error"
    opaque: bool = False


@dataclass(frozen=True)
class Reading:
    """The network of a script.

    Attributes:
        calls: The calls of layers in the order in which the script makes them.
        inputs: Numbers of the calls that are the model's inputs, in its order.
        outputs: Numbers of the calls that give the model's outputs, in its order.
        name: The model's name, or "".
        recipe: The fields of a recipe that the script tells.
        remarks: What could not be read, in the order of lines.
        plan: Lines besides those of layers that the drawing follows: model, compile, fit.
    """

    calls: Sequence[Call]
    inputs: Sequence[int] = ()
    outputs: Sequence[int] = ()
    name: str = ""
    recipe: dict[str, Any] = field(default_factory=dict)
    remarks: Sequence[LineRemark] = ()
    plan: Sequence[Lines] = ()

    @property
    def error(self) -> LineRemark | None:
        """The first error, or None where the network has been read as a whole."""
        return next((remark for remark in self.remarks if remark.severity == "error"), None)
