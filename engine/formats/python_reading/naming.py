"""Statements of a script that let names stand for values: imports and assignments."""

from __future__ import annotations

import ast

from engine.formats.python_reading.calling import Calling
from engine.formats.python_reading.following import lines_of
from engine.formats.python_reading.functions import method
from engine.formats.python_reading.names import CONSTANTS
from engine.formats.python_reading.things import MISSING, Path, Unknown


class Naming(Calling):
    """Follows what binds names."""

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
            left = self.unknown() if found is MISSING else found
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
