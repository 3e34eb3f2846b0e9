"""Runs files of others that are trusted, each content once in a process."""

from __future__ import annotations

import importlib.util
import linecache
import sys
from types import ModuleType

from engine.errors import CompileProblem
from engine.foreign.source import Source
from engine.trust import is_trusted, sum_of

# By the sum of their contents: a changed file is another module.
_modules: dict[str, ModuleType] = {}


def run_source(source: Source) -> ModuleType:
    """Return the module that a trusted file makes.

    Raises:
        CompileProblem: It is not trusted, or breaks off.
    """
    # Asked each time: trust can be withdrawn while the engine runs.
    if not is_trusted(source.content):
        raise CompileProblem(
            "“{path}” is code that you have not trusted: read it first.", path=source.path.name
        )
    known = sum_of(source.content)
    if known not in _modules:
        _modules[known] = _run(source, known)
    return _modules[known]


def _run(source: Source, known: str) -> ModuleType:
    module = ModuleType(_free_name(source.path.stem))
    module.__file__ = str(source.path)
    # TensorFlow reads functions again from their file when it traces them. It must find what was
    # trusted, whatever has become of the file since.
    place = f"<{source.path.name} {known[:12]}>"
    lines = source.text.splitlines(keepends=True)
    linecache.cache[place] = len(source.text), None, lines, place
    sys.modules[module.__name__] = module
    try:
        exec(compile(source.text, place, "exec"), module.__dict__)
    except (Exception, SystemExit) as error:
        sys.modules.pop(module.__name__, None)
        words = " ".join(str(error).split())[:200].rstrip(".") or type(error).__name__
        raise CompileProblem(
            "The code in “{path}” breaks off: {reason}.", path=source.path.name, reason=words
        ) from error
    return module


def _free_name(stem: str) -> str:
    """Return a module's name that no other module has, or could be imported by."""
    name = stem if stem.isidentifier() else "layer_code"
    own = {module.__name__ for module in _modules.values()}
    while name not in own and (name in sys.modules or importlib.util.find_spec(name) is not None):
        name = f"{name}_code"
    return name
