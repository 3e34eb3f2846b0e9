"""What following a script needs everywhere: steps counted, remarks, names and their values."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import Any, cast

from engine.errors import Text, text
from engine.formats.python_reading import plain
from engine.formats.python_reading.building import Building
from engine.formats.python_reading.things import (
    Exhausted,
    Layer,
    LineRemark,
    Lines,
    Model,
    Path,
    Refused,
    Scope,
    Severity,
    Tensor,
    Unknown,
)
from engine.layers import LAYERS

MOST_STEPS = 200_000
DEEPEST = 60
MOST_REMARKS = 200


def lines_of(node: ast.expr | ast.stmt) -> Lines:
    """Return the first and the last line of a piece of syntax."""
    return node.lineno, node.end_lineno or node.lineno


class Following:
    """Remembers names and remarks, and counts steps.

    Attributes:
        building: The network as far as it has been read.
        remarks: What did not fit.
        scope: The names that can be seen now.
        starred: Modules whose names are all imported.
        line: Where reading is.
    """

    def __init__(self) -> None:
        self.building = Building()
        self.remarks: list[LineRemark] = []
        self.scope = Scope()
        self.scope.names["__name__"] = "__main__"
        self.starred: list[str] = []
        self.line = 1
        self.undefined: list[str] = []
        self._steps = self._depth = 0

    def tell(self, message: Text, severity: Severity, *, opaque: bool = False) -> None:
        """Remember a remark on the line where reading is; the same one only once."""
        remark = LineRemark(self.line, message, severity, opaque)
        if len(self.remarks) < MOST_REMARKS and remark not in self.remarks:
            self.remarks.append(remark)

    def step(self) -> None:
        """Count a step.

        Raises:
            Exhausted: It is one too many.
        """
        self._steps += 1
        if self._steps > MOST_STEPS:
            raise Exhausted(
                text("The script takes too many steps to be read: make its loops shorter.")
            )

    def evaluate(self, node: ast.expr) -> Any:
        """Return what an expression stands for; `Unknown` where only running it would show."""
        self.step()
        work = cast(
            Callable[[Any], Any] | None, getattr(self, f"_eval_{type(node).__name__.lower()}", None)
        )
        if work is None:
            return self.unknown(node)
        if self._depth >= DEEPEST:
            raise Exhausted(text("The script is nested too deeply to be read."))
        self._depth += 1
        try:
            return work(node)
        finally:
            self._depth -= 1

    def plainly(self, work: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Return what a function makes of plain values; what it refuses is not known."""
        try:
            found = work(*args, **kwargs)
        except Refused as refused:
            return Unknown(refused.message)
        return self.unknown() if found is NotImplemented else found

    @staticmethod
    def unknown(node: ast.expr | None = None) -> Unknown:
        """Return what stands for a value that cannot be followed."""
        if isinstance(node, ast.Attribute):
            return Unknown(text("“{name}” is known only when the script runs.", name=node.attr))
        return Unknown(text("it is known only when the script runs."))

    @staticmethod
    def truth(value: Any) -> bool | None:
        """Return whether a condition holds, or None where only running the script would show."""
        if isinstance(value, (Unknown, Path)):
            return None
        plainly = isinstance(value, (*plain.Scalar, list, tuple, dict, range))
        return bool(value) if plainly else True

    # --- binding names ---------------------------------------------------------------------

    def bind(self, target: ast.expr, value: Any) -> None:
        """Let a name, or several, stand for a value."""
        if isinstance(target, ast.Name):
            self.scope.names[target.id] = value
            if isinstance(value, Tensor) and not self.building.calls[value.call].variable:
                self.building.calls[value.call].variable = target.id
        elif isinstance(target, (ast.Tuple, ast.List)):
            self._bind_several(target.elts, value)
        elif isinstance(target, ast.Starred):
            self.bind(target.value, value)
        elif isinstance(target, ast.Attribute):
            self._set_attribute(self.evaluate(target.value), target.attr, value)
        elif isinstance(target, ast.Subscript):
            holder, place = self.evaluate(target.value), self.evaluate(target.slice)
            inside = isinstance(holder, list) and isinstance(place, int)
            listed = inside and -len(holder) <= place < len(holder)
            if listed or (isinstance(holder, dict) and isinstance(place, plain.Scalar)):
                holder[place] = value

    def _bind_several(self, targets: Sequence[ast.expr], value: Any) -> None:
        if isinstance(value, Tensor):
            raise Refused(text("A layer gives one tensor here; the line takes several."))
        if isinstance(value, (list, tuple, range, str)) and len(value) == len(targets):
            for item, part in zip(targets, value, strict=True):
                self.bind(item, part)
            return
        unknown = value if isinstance(value, Unknown) else self.unknown()
        for item in targets:
            self.bind(item, unknown)

    def _set_attribute(self, holder: Any, name: str, value: Any) -> None:
        """Freeze layers where a script says so; other attributes say nothing here."""
        if name != "trainable" or not isinstance(value, bool):
            return
        if isinstance(holder, Layer):
            freeze(holder, value)
        elif isinstance(holder, Model):
            for layer in self.building.layers_of(holder):
                freeze(layer, value)


def freeze(layer: Layer, trainable: bool) -> None:
    """Let training change a layer's weights, or not."""
    spec = LAYERS.find(layer.kind)
    if spec is not None and "trainable" in spec.fields:
        layer.params = spec.trim({**layer.params, "trainable": trainable})
