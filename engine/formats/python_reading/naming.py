"""Statements of a script that let names stand for values: imports, assignments, classes."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence

from engine.errors import text
from engine.formats.python_reading.calling import Calling
from engine.formats.python_reading.following import lines_of
from engine.formats.python_reading.functions import method
from engine.formats.python_reading.names import CONSTANTS
from engine.formats.python_reading.owning import decorated, fields_of, is_plain
from engine.formats.python_reading.things import MISSING, Function, Own, Path, Scope, Unknown

# What classes that call layers build on.
_MODELS = {"Model", "Sequential", "Functional", "Layer", "Module"}
DATACLASS = Path("dataclasses.dataclass")


class Naming(Calling):
    """Follows what binds names.

    Attributes:
        classes: The classes that the script defines, with their lines; models stand first.
    """

    def __init__(self, opaque: Mapping[str, str] | None) -> None:
        super().__init__(opaque)
        self.classes: list[tuple[str, int]] = []

    def follow(self, body: Sequence[ast.stmt]) -> None:
        """Follow statements one after the other."""
        raise NotImplementedError

    def _do_import(self, statement: ast.Import) -> None:
        for alias in statement.names:
            name = alias.name if alias.asname else alias.name.partition(".")[0]
            self.scope.put(alias.asname or name, Path(name))

    def _do_importfrom(self, statement: ast.ImportFrom) -> None:
        module = statement.module or ""
        for alias in statement.names:
            if alias.name == "*":
                self.starred.append(module)
            else:
                name = f"{module}.{alias.name}"
                self.scope.put(alias.asname or alias.name, CONSTANTS.get(name, Path(name)))

    def _do_global(self, statement: ast.Global) -> None:
        for name in statement.names:
            self.scope.share(name, whole=True)

    def _do_nonlocal(self, statement: ast.Nonlocal) -> None:
        for name in statement.names:
            self.scope.share(name, whole=False)

    def _do_delete(self, statement: ast.Delete) -> None:
        for target in statement.targets:
            self.remove(target)

    def _do_assign(self, statement: ast.Assign) -> None:
        value = self.evaluate(statement.value)
        for target in statement.targets:
            self.bind(target, value)

    def _do_annassign(self, statement: ast.AnnAssign) -> None:
        if statement.value is not None:
            self.bind(statement.target, self.evaluate(statement.value))

    def _do_augassign(self, statement: ast.AugAssign) -> None:
        target = statement.target
        if isinstance(target, ast.Name):
            found = self.scope.find(target.id)
            left = self.unknown() if found is MISSING else self.still_known(found)
        else:
            left = self.evaluate(target)
        right = self.operand(statement.value)
        if isinstance(left, (list, dict)) and isinstance(statement.op, (ast.Add, ast.BitOr)):
            # What else is called the same changes too.
            way = "extend" if isinstance(left, list) else "update"
            if isinstance(self.plainly(method, left, way, [self.settle(right)], {}), Unknown):
                self.lose(left)
            return
        nodes = (None, statement.value)
        found = self.operate(statement.op, left, right, lines_of(statement), nodes)
        self.bind(target, self.settle(found))

    def _do_expr(self, statement: ast.Expr) -> None:
        self.evaluate(statement.value)

    def _do_classdef(self, statement: ast.ClassDef) -> None:
        bases = {getattr(base, "attr", getattr(base, "id", "")) for base in statement.bases}
        place = 0 if bases & _MODELS else len(self.classes)
        self.classes.insert(place, (statement.name, statement.lineno))
        own = self._plain_class(statement)
        if own is not None:
            self.scope.put(statement.name, own)
            return
        reason = text("“{name}” is a class of the script's own.", name=statement.name)
        self.scope.put(statement.name, Unknown(reason))
        sentence = text(
            "“{name}” is a class of the script's own and is left out.", name=statement.name
        )
        self.tell(sentence, "ignored")

    def _plain_class(self, statement: ast.ClassDef) -> Own | None:
        """Return a class that builds on nothing but other such classes, or None."""
        named = [base for base in statement.bases if getattr(base, "id", "") != "object"]
        bases = [self.evaluate(base) for base in named]
        marks = [
            self.evaluate(mark.func if isinstance(mark, ast.Call) else mark)
            for mark in statement.decorator_list
        ]
        if not is_plain(statement) or any(mark != DATACLASS for mark in marks):
            return None
        own = Own(statement.name, {})
        for base in reversed(bases):
            if not isinstance(base, Own) or base.kind is not None:
                return None
            own.names |= base.names
            own.ways |= base.ways
            own.fields += base.fields
        outer, self.scope = self.scope, Scope(self.scope)
        try:
            self.follow(statement.body)
            own.names |= self.scope.names
        finally:
            self.scope = outer
        own.fields += fields_of(statement) if marks else ()
        for item in statement.body:
            function = own.names.get(getattr(item, "name", ""))
            if isinstance(item, ast.FunctionDef) and isinstance(function, Function):
                # Methods do not see the names of their class.
                way = decorated(item)
                method = Function(item, outer, function.defaults)
                own.names[item.name] = method if way is not None else self.unknown()
                own.ways[item.name] = way or ""
        return own
