"""What following a script needs everywhere: steps counted, remarks, names and their values."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import Any, cast

from engine.errors import Text, text
from engine.formats.python_reading import plain
from engine.formats.python_reading.building import Building
from engine.formats.python_reading.changing import put, taken_out
from engine.formats.python_reading.formulas import Formed
from engine.formats.python_reading.shapes import Shapes, unclear
from engine.formats.python_reading.things import (
    Exhausted,
    Layer,
    LineRemark,
    Lines,
    Made,
    Model,
    Own,
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
        shapes: The shapes of its tensors, as far as the script tells them.
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
        self.shapes = Shapes(self.building)
        self._steps = self._depth = 0
        # Lists and dictionaries of which it is not known any more what they hold.
        self._lost: dict[int, tuple[Any, Unknown]] = {}

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
        return self.settle(self.operand(node))

    def settle(self, value: Any) -> Any:
        """Let arithmetic on tensors become a layer: nothing more is computed with it at once."""
        if not isinstance(value, Formed):
            return value
        if not value.tensors:
            return self.unknown()
        if value.alone is not None:
            return value.alone()
        words, tensors = value.written()
        params = LAYERS.get("Expression").trim({"formula": words})
        return self.building.call(
            Layer("Expression", params, "", value.lines), tensors, value.lines
        )

    def operand(self, node: ast.expr) -> Any:
        """Return what an expression stands for; arithmetic on tensors may still grow."""
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
            found = work(node)
        finally:
            self._depth -= 1
        return self.still_known(found)

    def still_known(self, value: Any) -> Any:
        """Return a value, or what stands for it where it has changed in a way that is not clear."""
        lost = self._lost.get(id(value)) if isinstance(value, (list, dict, set)) else None
        return lost[1] if lost is not None else value

    def shape_of(self, value: Any) -> Any:
        """Return the shape of a tensor as Python sees it."""
        found = self.shapes.of(value) if isinstance(value, Tensor) else None
        return found if found is not None else unclear()

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
        plainly = isinstance(value, (*plain.Scalar, list, tuple, dict, set, range))
        return bool(value) if plainly else True

    def lose(self, value: Any, reason: Unknown | None = None) -> None:
        """Remember that a list, a dictionary or a set holds what is not known."""
        if isinstance(value, (list, dict, set)):
            self._lost[id(value)] = (value, reason or self.depending())

    def depending(self) -> Unknown:
        """Return what stands for a value that what is done in this line decides."""
        return Unknown(text("it depends on line {line}.", line=self.line))

    # --- binding names ---------------------------------------------------------------------

    def bind(self, target: ast.expr, value: Any) -> None:
        """Let a name, or several, stand for a value."""
        if isinstance(target, ast.Name):
            self.scope.put(target.id, value)
            if isinstance(value, Tensor) and target.id != "_":
                call = self.building.calls[self.building.place(value)]
                call.variable = call.variable or target.id
        elif isinstance(target, (ast.Tuple, ast.List)):
            self._bind_several(target.elts, value)
        elif isinstance(target, ast.Starred):
            self.bind(target.value, value)
        elif isinstance(target, ast.Attribute):
            self._set_attribute(self.evaluate(target.value), target.attr, value)
        elif isinstance(target, ast.Subscript):
            holder, place = self.evaluate(target.value), self.evaluate(target.slice)
            if isinstance(holder, (list, dict)) and not put(holder, place, value):
                self.lose(holder)

    def remove(self, target: ast.expr) -> None:
        """Let a name stand for nothing, or take something out of a list or a dictionary."""
        if isinstance(target, ast.Name):
            self.scope.take(target.id)
        elif isinstance(target, (ast.Tuple, ast.List)):
            for item in target.elts:
                self.remove(item)
        elif isinstance(target, ast.Attribute):
            holder = self.evaluate(target.value)
            if isinstance(holder, Own):
                holder.names.pop(target.attr, None)
        elif isinstance(target, ast.Subscript):
            holder, place = self.evaluate(target.value), self.evaluate(target.slice)
            if isinstance(holder, (list, dict)) and not taken_out(holder, place):
                self.lose(holder)

    def _bind_several(self, targets: Sequence[ast.expr], value: Any) -> None:
        value = self._unpacked(targets, value)
        if isinstance(value, (list, tuple, range, str)) and len(value) <= plain.LONGEST:
            items = _gathered(targets, list(value))
            if len(items) == len(targets):
                for target, part in zip(targets, items, strict=True):
                    self.bind(target, part)
                return
        unknown = value if isinstance(value, Unknown) else self.unknown()
        for target in targets:
            self.bind(target, unknown)

    def _unpacked(self, targets: Sequence[ast.expr], value: Any) -> Any:
        """Return the tensors that a layer gives for several names."""
        first = value[0] if isinstance(value, list) and value else value
        if not isinstance(first, Tensor) or any(isinstance(t, ast.Starred) for t in targets):
            return value
        several = value if isinstance(value, list) else [value]
        count = len(several)
        if any(not isinstance(item, Tensor) or item.call != first.call for item in several):
            return value
        if count == len(targets):
            return value
        opaque = self.building.calls[first.call].layer.kind not in LAYERS
        if count == 1 and not opaque:
            self.tell(text("A layer gives one tensor here; the line takes several."), "error")
        elif count > 1:
            self.tell(
                text(
                    "There are {count} tensors here; the line takes {taken}.",
                    count=count,
                    taken=len(targets),
                ),
                "error",
            )
        if first.index:
            return Unknown()
        return [Tensor(first.call, number) for number in range(len(targets))]

    def _set_attribute(self, holder: Any, name: str, value: Any) -> None:
        """Freeze layers where a script says so; other attributes are told, not followed."""
        if isinstance(holder, Own):
            holder.names[name] = value
        elif name == "trainable" and isinstance(value, bool):
            layers = self.building.layers_of(holder) if isinstance(holder, Model) else [holder]
            for layer in layers:
                if isinstance(layer, Layer):
                    freeze(layer, value)
        elif isinstance(holder, (Layer, Made, Model)):
            title = holder.name or "Model" if isinstance(holder, Model) else holder.kind
            sentence = text("{layer}: “{name}” is not carried over.", layer=title, name=name)
            self.tell(sentence, "ignored")


def freeze(layer: Layer, trainable: bool) -> None:
    """Let training change a layer's weights, or not."""
    spec = LAYERS.find(layer.kind)
    if spec is not None and "trainable" in spec.fields:
        layer.params = spec.trim({**layer.params, "trainable": trainable})


def _gathered(targets: Sequence[ast.expr], items: list[Any]) -> list[Any]:
    """Return a part for each target: a starred one takes what the others leave."""
    star = next((n for n, item in enumerate(targets) if isinstance(item, ast.Starred)), None)
    behind = len(targets) - 1 - star if star is not None else 0
    if star is None or len(items) < len(targets) - 1:
        return items
    end = len(items) - behind
    return [*items[:star], items[star:end], *items[end:]]
