"""Python files with classes of layers, read without being run."""

from __future__ import annotations

import ast
import errno
import functools
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.errors import FileProblem, NetloomError, Text, text
from engine.foreign.code import Code, shown
from engine.paths import reason

LARGEST_FILE = 1_000_000
LONGEST_ARGUMENTS = 2_000
# Keras itself takes these, whatever the class says.
OF_EVERY_LAYER = ("name", "dtype", "trainable", "activity_regularizer")


@dataclass(frozen=True)
class LayerClass:
    """A class of layers in a file.

    Attributes:
        name: Its name.
        arguments: Names of the arguments that it is made with; None where any are taken, or where
            a base class elsewhere decides.
        required: Those of them without a default.
    """

    name: str
    arguments: tuple[str, ...] | None = None
    required: tuple[str, ...] = ()


@dataclass(frozen=True)
class Source:
    """A file as it was read once: what is shown, trusted and run is the same.

    Attributes:
        path: The file.
        content: Its bytes.
        text: The same as text.
        classes: Its classes of layers, in their order.
    """

    path: Path
    content: bytes
    text: str
    classes: tuple[LayerClass, ...]

    def code(self, name: str) -> Code:
        """Return it as people read it."""
        return Code("layer", name, str(self.path), shown(self.text), self.content)

    def find(self, name: str) -> LayerClass | None:
        """Return a class by its name; without a name the only one."""
        if not name:
            return self.classes[0] if len(self.classes) == 1 else None
        return next((found for found in self.classes if found.name == name), None)


def read_source(path: Path) -> Source:
    """Read a file; nothing in it is run.

    Raises:
        FileProblem: It cannot be read, or is no Python.
    """
    path = path.expanduser().absolute()
    try:
        # A pipe would let everybody wait.
        if not path.is_file():
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
    except (OSError, ValueError) as error:
        raise FileProblem(
            "“{path}” cannot be read: {reason}. Choose the file with the layer's code.",
            path=path.name,
            reason=reason(error),
        ) from error
    if len(content) > LARGEST_FILE:
        raise FileProblem("“{path}” is too large to be read by a person.", path=path.name)
    try:
        # As text, so that no word in the file decides how the rest of it is understood.
        words = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileProblem(
            "“{path}” is not written in UTF-8: save it so.", path=path.name
        ) from error
    return Source(path, content, words, _classes(words, path.name))


@functools.lru_cache(maxsize=64)
def _classes(source: str, name: str) -> tuple[LayerClass, ...]:
    """Return the classes of layers of a source."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", None) or 1
        raise FileProblem(
            "“{path}” is no Python that can be read: look at line {line}.", path=name, line=line
        ) from error
    found: dict[str, LayerClass] = {}
    for part in tree.body:
        if isinstance(part, ast.ClassDef) and any(_is_layer(base, found) for base in part.bases):
            found[part.name] = _layer_class(part, found)
    return tuple(found.values())


def _is_layer(base: ast.expr, found: dict[str, LayerClass]) -> bool:
    """Return whether a base class is one of Keras's layers, as far as its name tells."""
    words = ast.unparse(base).split(".")
    last = words[-1]
    return last in found or last.endswith("Layer") or last == "Wrapper" or "layers" in words[:-1]


def _layer_class(part: ast.ClassDef, found: dict[str, LayerClass]) -> LayerClass:
    for item in part.body:
        if isinstance(item, ast.FunctionDef) and item.name == "__init__":
            return _with_arguments(part.name, item.args)
    for base in part.bases:
        inherited = found.get(ast.unparse(base))
        if inherited is not None:
            return LayerClass(part.name, inherited.arguments, inherited.required)
        if ast.unparse(base) in ("keras.layers.Layer", "layers.Layer", "Layer", "keras.Layer"):
            return LayerClass(part.name, OF_EVERY_LAYER)
    return LayerClass(part.name)


def _with_arguments(name: str, given: ast.arguments) -> LayerClass:
    by_place = [argument.arg for argument in (*given.posonlyargs, *given.args)][1:]
    with_default = len(given.defaults)
    required = by_place[: len(by_place) - with_default] if with_default else list(by_place)
    by_name = [argument.arg for argument in given.kwonlyargs]
    pairs = zip(given.kwonlyargs, given.kw_defaults, strict=True)
    required += [argument.arg for argument, default in pairs if default is None]
    known = (*by_place, *by_name) if given.kwarg is None else None
    return LayerClass(name, known, tuple(word for word in required if word != "name"))


# --- arguments -----------------------------------------------------------------------------


class ArgumentsProblem(NetloomError):
    """Arguments that cannot be read."""


def read_arguments(words: Any) -> dict[str, Any]:
    """Return the values of arguments such as `units=32, rate=0.5`; nothing in them is run.

    Raises:
        ArgumentsProblem: They are something else than names with plain values.
    """
    if not isinstance(words, str) or len(words) > LONGEST_ARGUMENTS:
        raise ArgumentsProblem("Type arguments of up to {most} signs.", most=LONGEST_ARGUMENTS)
    try:
        call = ast.parse(f"call({words.strip()})", mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise _no_arguments(words) from error
    # “) + f(” would close the bracket itself.
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
        raise _no_arguments(words)
    names = [word.arg for word in call.keywords]
    if call.args or None in names or len(set(names)) < len(names):
        raise _no_arguments(words)
    found: dict[str, Any] = {}
    for word in call.keywords:
        try:
            found[str(word.arg)] = ast.literal_eval(word.value)
        except (ValueError, TypeError, RecursionError, MemoryError) as error:
            raise ArgumentsProblem(
                "“{name}” is no plain value: use numbers, texts in quotation marks, True, False,"
                " None, and lists of them.",
                name=word.arg,
            ) from error
    return found


def _no_arguments(words: str) -> ArgumentsProblem:
    return ArgumentsProblem(
        "“{arguments}” cannot be read: write names with their values, such as units=32, rate=0.5.",
        arguments=words[:60],
    )


def write_arguments(values: dict[str, Any]) -> str:
    """Write arguments as people type them; the reverse of `read_arguments`."""
    return ", ".join(f"{name}={value!r}" for name, value in values.items())


def refusal(found: LayerClass, given: dict[str, Any]) -> Text | None:
    """Return why a class does not take arguments, as far as its source tells."""
    known = found.arguments
    unknown = [name for name in given if known is not None and name not in known]
    if unknown:
        return text(
            "“{name}” takes no argument “{argument}”; it takes {known}.",
            name=found.name,
            argument=unknown[0],
            known=", ".join(known or ()) or "–",
        )
    missing = [name for name in found.required if name not in given]
    if missing:
        return text(
            "“{name}” needs the argument “{argument}”: write {argument}=… here.",
            name=found.name,
            argument=missing[0],
        )
    return None
