"""Follows the statements of a script: assignments, imports, loops, functions."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from engine.errors import text
from engine.formats.python_reading import plain
from engine.formats.python_reading.applying import Given
from engine.formats.python_reading.changing import names_changed
from engine.formats.python_reading.names import member, starred
from engine.formats.python_reading.naming import Naming
from engine.formats.python_reading.owning import attributes_set
from engine.formats.python_reading.syntax import dotted, inside, names_set
from engine.formats.python_reading.things import (
    MISSING,
    Exhausted,
    Function,
    Layer,
    Model,
    Own,
    Path,
    Refused,
    Scope,
    Tensor,
    Unknown,
)
from engine.formats.python_reading.trying import constants, ends, may_fail, returns

DEEPEST_CALL = 12


class _Jump(Exception):
    """Leaves a loop or a function."""


class _Return(_Jump):
    def __init__(self, value: Any) -> None:
        self.value = value


class _Break(_Jump):
    pass


class _Continue(_Jump):
    pass


class _Unclear(_Jump):
    """Leaves a loop of which only running the script would show how often it is gone through."""


class _Raise(_Jump):
    pass


class Statements(Naming):
    """Follows statements; what cannot be read is told, and reading goes on behind it."""

    _calls_deep = 0
    _tries_deep = 0
    # The line after which a function may have returned something else; 0 where there is none.
    _doubt = 0

    def run(self, body: Sequence[ast.stmt]) -> None:
        """Follow a whole script.

        Raises:
            Exhausted: It is too much.
        """
        with suppress(_Jump):  # A `break` where there is no loop: Python would refuse it too.
            self.follow(body)

    def follow(self, body: Sequence[ast.stmt]) -> None:
        """Follow statements one after the other.

        Raises:
            Exhausted: They are too much.
        """
        for statement in body:
            self.step()
            self.line = statement.lineno
            self.undefined.clear()
            told = len(self.remarks)
            work = getattr(self, f"_do_{type(statement).__name__.lower()}", self._left_out)
            try:
                work(statement)
            except Exhausted:
                raise
            except Refused as refused:
                if refused.message is not None:
                    self.tell(refused.message, "error")
                self._forget([statement])
                if isinstance(statement, ast.Return):
                    raise _Return(Unknown()) from refused
            else:
                for name in self.undefined if len(self.remarks) == told else ():
                    self.line = statement.lineno
                    self.tell(
                        text("“{name}” is not defined: it is left out.", name=name), "ignored"
                    )
                self.undefined.clear()

    def _left_out(self, statement: ast.stmt) -> None:
        self.tell(text("Statements of this kind are left out."), "ignored")
        self._forget([statement])

    def _forget(self, body: Sequence[ast.stmt], reason: Unknown | None = None) -> None:
        """Let the names that statements set stand for what is not known."""
        for name in names_set(body):
            self.scope.put(name, reason or Unknown())
        # Where a line is wrong, which has been told, what it would have changed stays drawn.
        for name in names_changed(body) if reason is not None else ():
            self.lose(self.scope.find(name), reason)
        for name, attribute in attributes_set(body) if reason is not None else ():
            holder = self.scope.find(name)
            if isinstance(holder, Own):
                holder.names[attribute] = reason

    def _do_nothing(self, statement: ast.stmt) -> None:
        """Pass over what says nothing about a network."""

    _do_pass = _do_assert = _do_nothing

    # --- ways through the script -----------------------------------------------------------

    def _do_if(self, statement: ast.If) -> None:
        truth = self.truth(self.evaluate(statement.test))
        if truth is None:
            before = dict(self.scope.names)
            self._unclear([*statement.body, *statement.orelse])
            if not statement.orelse and isinstance(statement.body[-1], (ast.Return, ast.Raise)):
                # What comes behind has not gone that way.
                self.scope.names = before
        else:
            self.follow(statement.body if truth else statement.orelse)

    def _unclear(self, body: Sequence[ast.stmt], *, loop: bool = False) -> None:
        """Pass over what is done only under a condition that cannot be read.

        Args:
            body: The statements.
            loop: Whether they are a loop as a whole, which they cannot leave then.

        Raises:
            _Jump: They may leave the loop around them.
        """
        if returns(body):
            self._doubt = self.line
        elif self._holds_layers(body):
            sentence = text(
                "It is clear only when the script runs whether these layers are part of the"
                " network: decide it by a value that stands in the script."
            )
            self.tell(sentence, "error")
        else:
            self._tell_left_out()
        self._forget(body, self.depending())
        jumps = (ast.Break, ast.Continue)
        if not loop and any(isinstance(part, jumps) for part in inside(body, loops=False)):
            raise _Unclear

    def _tell_left_out(self) -> None:
        sentence = text("It is clear only when the script runs what is done here: it is left out.")
        self.tell(sentence, "ignored")

    def _returned(self, value: Any) -> Any:
        """Return what a function gives, unless something else may have been returned before."""
        if not self._doubt:
            return value
        self.line = self._doubt
        parts = value if isinstance(value, (list, tuple)) else [value]
        if any(isinstance(part, (Tensor, Layer, Model)) for part in parts):
            sentence = text(
                "It is clear only when the script runs what is returned here; what follows is"
                " drawn. Decide it by a value that stands in the script."
            )
            self.tell(sentence, "error")
            return value
        self._tell_left_out()
        return self.depending()

    def _holds_layers(self, body: Sequence[ast.stmt]) -> bool:
        """Return whether statements make layers, or give a model some."""
        for part in inside(body):
            if not isinstance(part, ast.Call):
                continue
            start, _, rest = dotted(part.func).partition(".")
            found = self.scope.find(start)
            if isinstance(found, Path):
                names = [f"{found.name}.{rest}".rstrip(".")]
            else:
                names = [f"{module}.{start}" for module in self.starred if starred(module, start)]
            if any(member(name)[0] == "layers" for name in names):
                return True
            if isinstance(found, Model) and rest in ("add", "pop"):
                return True
        return False

    def _do_for(self, statement: ast.For) -> None:
        through = self.evaluate(statement.iter)
        if not isinstance(through, (list, tuple, range, str, dict)):
            self._unclear([statement], loop=True)
            return
        for item in through if isinstance(through, range) else list(through):
            self.step()
            self.bind(statement.target, item)
            try:
                self.follow(statement.body)
            except _Break:
                return
            except _Continue:
                continue
            except _Unclear:
                self._unclear([statement], loop=True)
                return
        self.follow(statement.orelse)

    def _do_while(self, statement: ast.While) -> None:
        while True:
            self.step()
            self.line = statement.lineno
            truth = self.truth(self.evaluate(statement.test))
            if truth is None:
                self._unclear([statement], loop=True)
                return
            if not truth:
                self.follow(statement.orelse)
                return
            try:
                self.follow(statement.body)
            except _Break:
                return
            except _Continue:
                continue
            except _Unclear:
                self._unclear([statement], loop=True)
                return

    def _do_break(self, statement: ast.Break) -> None:
        raise _Break

    def _do_continue(self, statement: ast.Continue) -> None:
        raise _Continue

    def _do_with(self, statement: ast.With) -> None:
        for item in statement.items:
            value = self.evaluate(item.context_expr)
            if item.optional_vars is not None:
                self.bind(item.optional_vars, value)
        self.follow(statement.body)

    def _do_try(self, statement: ast.Try) -> None:
        jump: _Jump | None = None
        handlers = statement.handlers
        self._tries_deep += bool(handlers)
        try:
            self.follow(statement.body)
        except _Jump as found:
            jump = found
        finally:
            self._tries_deep -= bool(handlers)
        raised = isinstance(jump, _Raise)
        try:
            if raised and handlers:
                jump = None
                self.follow(handlers[0].body)
            elif jump is None:
                self.follow(statement.orelse)
            for handler in handlers if not raised and may_fail(statement.body) else ():
                self._otherwise(handler)
        finally:
            self.follow(statement.finalbody)
        if jump is not None:
            raise jump

    def _otherwise(self, handler: ast.ExceptHandler) -> None:
        """Forget what is something else where something fails, and say that.

        Parts of the network stay as they are where nothing fails.
        """
        body, scope = handler.body, self.scope
        if ends(body):
            return
        self.line = handler.lineno
        reason = self.depending()
        told = returns(body)
        for name in names_changed(body):
            told |= isinstance(scope.find(name), (list, dict, set))
            self.lose(scope.find(name), reason)
        known = constants(body)
        for name in set(names_set(body)):
            value = scope.find(name)
            same = name in known and type(known[name]) is type(value) and known[name] == value
            if same or isinstance(value, (Unknown, Path)):
                continue
            told = True
            if value is MISSING or isinstance(
                value, (*plain.Scalar, list, tuple, dict, set, range)
            ):
                scope.put(name, reason)
        if told:
            self._tell_left_out()

    def _do_raise(self, statement: ast.Raise) -> None:
        if not self._tries_deep:
            sentence = text(
                "The script stops here with an error: nothing behind it is read on this way."
            )
            self.tell(sentence, "error")
        raise _Raise

    # --- functions -------------------------------------------------------------------------

    def _do_functiondef(self, statement: ast.FunctionDef) -> None:
        self.scope.put(statement.name, self.defined(statement))

    def _do_return(self, statement: ast.Return) -> None:
        raise _Return(self.evaluate(statement.value) if statement.value is not None else None)

    def call_function(self, function: Function, given: Given) -> Any:
        """Follow a function of the script.

        Raises:
            Refused: Its arguments are others.
            Exhausted: Functions call each other too deeply.
        """
        if self._calls_deep >= DEEPEST_CALL:
            raise Exhausted(text("Functions call each other too deeply to be read."))
        names = _arguments(function, given)
        outer, line = self.scope, self.line
        self.scope = Scope(function.scope)
        self.scope.names.update(names)
        self._calls_deep += 1
        doubt, self._doubt = self._doubt, 0
        try:
            return self._returned(self._followed(function.node))
        finally:
            self.scope, self.line, self._doubt = outer, line, doubt
            self._calls_deep -= 1

    def _followed(self, node: ast.FunctionDef | ast.Lambda) -> Any:
        """Return what the body of a function gives."""
        if isinstance(node, ast.Lambda):
            return self.evaluate(node.body)
        try:
            self.follow(node.body)
        except _Return as returned:
            return returned.value
        except _Raise:
            if self._tries_deep:
                raise
            return Unknown()
        except _Jump:
            pass
        return None


def _arguments(function: Function, given: Given) -> dict[str, Any]:
    """Return the values of a function's arguments."""
    spec, (args, kwargs) = function.node.args, given
    names = [argument.arg for argument in (*spec.posonlyargs, *spec.args)]
    found = {**function.defaults, **dict(zip(names, args, strict=False))}
    allowed = {*names, *(argument.arg for argument in spec.kwonlyargs)}
    further = {name: value for name, value in kwargs.items() if name not in allowed}
    found |= {name: value for name, value in kwargs.items() if name in allowed}
    if spec.vararg is not None:
        found[spec.vararg.arg] = tuple(args[len(names) :])
    if spec.kwarg is not None:
        found[spec.kwarg.arg] = further
    too_many = len(args) > len(names) and spec.vararg is None
    if too_many or (further and spec.kwarg is None) or allowed - found.keys():
        title = function.node.name if isinstance(function.node, ast.FunctionDef) else "lambda"
        raise Refused(text("“{name}” is called with other arguments than it takes.", name=title))
    return found
