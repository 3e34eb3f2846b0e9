"""Follows expressions of a script without running it: constants, names, operators, tensors."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Sequence
from typing import Any

from engine.errors import text
from engine.formats.python_reading import arrays, functions, plain
from engine.formats.python_reading.names import CONSTANTS, starred
from engine.formats.python_reading.operators import NEW_AXIS, Operators
from engine.formats.python_reading.things import (
    MISSING,
    Function,
    Layer,
    Model,
    Own,
    Path,
    Scope,
    Tensor,
    Unknown,
)


class Expressions(Operators):
    """Gives expressions their values."""

    # --- names and constants ---------------------------------------------------------------

    def _eval_constant(self, node: ast.Constant) -> Any:
        known = node.value is None or isinstance(node.value, (bool, int, float, str))
        return node.value if known else self.unknown()

    def _eval_name(self, node: ast.Name) -> Any:
        found = self.scope.find(node.id)
        if found is not MISSING:
            return found
        for module in self.starred:
            if starred(module, node.id):
                return Path(f"{module}.{node.id}")
        if node.id in functions.BUILTINS:
            return Path(f"builtins.{node.id}")
        if hasattr(builtins, node.id):
            return Unknown(text("“{name}” is called only when the script runs.", name=node.id))
        self.undefined.append(node.id)
        return Unknown(text("“{name}” is not defined.", name=node.id))

    def _eval_attribute(self, node: ast.Attribute) -> Any:
        value = self.evaluate(node.value)
        if isinstance(value, Path):
            name = f"{value.name}.{node.attr}"
            return CONSTANTS.get(name, Path(name))
        if isinstance(value, arrays.Array):
            return arrays.attribute(value, node.attr)
        if isinstance(value, Unknown):
            return value
        if isinstance(value, Model):
            return self._of_model(value, node)
        if isinstance(value, Own):
            return self.attribute_of(value, node)
        if isinstance(value, Layer) and node.attr == "name":
            return value.name or self.unknown(node)
        if isinstance(value, Layer) and node.attr == "output":
            for place in range(len(self.building.calls) - 1, -1, -1):
                if self.building.calls[place].layer is value:
                    return Tensor(place)
        if isinstance(value, Tensor) and node.attr == "shape":
            return self.shape_of(value)
        return self.unknown(node)

    def attribute_of(self, holder: Own, node: ast.Attribute) -> Any:
        """Return an attribute of a class of the script's own, or of an object of one."""
        raise NotImplementedError

    def _of_model(self, model: Model, node: ast.Attribute) -> Any:
        """Return an attribute of a model."""
        if node.attr in ("input", "inputs", "output", "outputs"):
            self.building.build(model, self.tell)
            places = model.inputs if node.attr.startswith("input") else model.outputs
            tensors = [Tensor(place) for place in places]
            return tensors[0] if len(tensors) == 1 and not node.attr.endswith("s") else tensors
        if node.attr == "layers":
            return self.building.members_of(model)
        if node.attr == "name" and model.name:
            return model.name
        return self.unknown(node)

    # --- collections -----------------------------------------------------------------------

    def _eval_tuple(self, node: ast.Tuple) -> Any:
        return tuple(self._elements(node.elts))

    def _eval_list(self, node: ast.List) -> Any:
        return self._elements(node.elts)

    def _elements(self, nodes: Sequence[ast.expr], *, growing: bool = False) -> list[Any]:
        """Return values in their order; arithmetic on tensors may still grow where asked for."""
        found: list[Any] = []
        for item in nodes:
            if isinstance(item, ast.Starred):
                found += plain.items(self.evaluate(item.value))
            else:
                found.append(self.operand(item) if growing else self.evaluate(item))
        return found

    def _eval_dict(self, node: ast.Dict) -> Any:
        found: dict[Any, Any] = {}
        for key_node, item in zip(node.keys, node.values, strict=True):
            value = self.evaluate(item)
            key = self.evaluate(key_node) if key_node is not None else None
            if key_node is None and isinstance(value, dict):
                found |= value
            elif isinstance(key, plain.Scalar):
                found[key] = value
            else:
                return self.unknown()
        return found

    def _eval_set(self, node: ast.Set) -> Any:
        return self.plainly(functions.run, functions.BUILTINS["set"], self._elements(node.elts))

    def _eval_subscript(self, node: ast.Subscript) -> Any:
        value = self.evaluate(node.value)
        if isinstance(value, Tensor):
            return self.part_of(value, node)
        if isinstance(value, arrays.Array):
            return arrays.part(value, self._keys(node.slice))
        if not isinstance(value, (list, tuple, str, dict, range)):
            return value if isinstance(value, Unknown) else self.unknown()
        place: Any = self.evaluate(node.slice)
        try:
            if isinstance(place, (int, slice)) or isinstance(value, dict):
                return value[place]
        except (LookupError, TypeError, ValueError):
            return Unknown(text("there is nothing at this place of the list."))
        return self.unknown()

    def _keys(self, node: ast.expr) -> list[Any]:
        """Return what stands between the brackets behind data."""
        found: list[Any] = []
        for item in node.elts if isinstance(node, ast.Tuple) else [node]:
            if isinstance(item, ast.Constant) and item.value is Ellipsis:
                found.append(Ellipsis)
                continue
            value = self.evaluate(item)
            found.append(None if isinstance(value, Path) and value.name in NEW_AXIS else value)
        return found

    def _eval_slice(self, node: ast.Slice) -> Any:
        ends = [
            self.evaluate(end) if end is not None else None
            for end in (node.lower, node.upper, node.step)
        ]
        whole = all(end is None or isinstance(end, int) for end in ends)
        return slice(*ends) if whole else self.unknown()

    def _eval_listcomp(self, node: ast.ListComp | ast.GeneratorExp) -> Any:
        outer, self.scope = self.scope, Scope(self.scope)
        try:
            found: list[Any] = []
            self._comprehend(node.elt, node.generators, found)
            return found
        finally:
            self.scope = outer

    _eval_generatorexp = _eval_listcomp

    def _eval_setcomp(self, node: ast.SetComp) -> Any:
        found = self._eval_listcomp(ast.ListComp(node.elt, node.generators))
        return self.plainly(functions.run, functions.BUILTINS["set"], found)

    def _eval_dictcomp(self, node: ast.DictComp) -> Any:
        pair = ast.Tuple([node.key, node.value], ast.Load())
        found = self._eval_listcomp(ast.ListComp(pair, node.generators))
        known = all(isinstance(key, plain.Scalar) for key, _ in found)
        return dict(found) if known else self.unknown()

    def _comprehend(
        self, element: ast.expr, loops: Sequence[ast.comprehension], found: list[Any]
    ) -> None:
        if not loops:
            found.append(self.evaluate(element))
            return
        for item in plain.items(self.evaluate(loops[0].iter)):
            self.bind(loops[0].target, item)
            if all(self.truth(self.evaluate(condition)) for condition in loops[0].ifs):
                self._comprehend(element, loops[1:], found)

    def _eval_joinedstr(self, node: ast.JoinedStr) -> Any:
        pieces: list[str] = []
        for part in node.values:
            if isinstance(part, ast.Constant):
                pieces.append(str(part.value))
                continue
            assert isinstance(part, ast.FormattedValue)
            spec = self.evaluate(part.format_spec) if part.format_spec is not None else ""
            shown = plain.formatted(self.evaluate(part.value), spec)
            if shown is NotImplemented or part.conversion != -1:
                return self.unknown()
            pieces.append(shown)
        return "".join(pieces)

    # --- choices and functions -------------------------------------------------------------

    def _eval_ifexp(self, node: ast.IfExp) -> Any:
        truth = self.truth(self.evaluate(node.test))
        if truth is None:
            return self.unknown()
        return self.evaluate(node.body if truth else node.orelse)

    def _eval_lambda(self, node: ast.Lambda) -> Any:
        return self.defined(node)

    def defined(self, node: ast.FunctionDef | ast.Lambda) -> Function:
        """Return a function, with the values that its arguments have where none are given."""
        spec = node.args
        names = [argument.arg for argument in (*spec.posonlyargs, *spec.args)]
        defaults = {
            name: self.evaluate(value)
            for name, value in zip(reversed(names), reversed(spec.defaults), strict=False)
        }
        for argument, value in zip(spec.kwonlyargs, spec.kw_defaults, strict=True):
            if value is not None:
                defaults[argument.arg] = self.evaluate(value)
        return Function(node, self.scope, defaults)

    def _eval_namedexpr(self, node: ast.NamedExpr) -> Any:
        value = self.evaluate(node.value)
        self.bind(node.target, value)
        return value
