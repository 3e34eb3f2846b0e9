"""Modules beside a script: those that are trusted are run as they were read, others are not."""

from __future__ import annotations

import importlib.util
import linecache
import sys
from importlib.abc import Loader
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import CodeType, ModuleType

from engine.paths import read_small
from engine.trust import is_trusted

LARGEST_FILE = 1_000_000


class Unread(ImportError):
    """A module that nobody has read and trusted; a script may have another way without it."""


def compiled(content: bytes, path: str) -> CodeType:
    """Return the code of a file as it was shown: in UTF-8, whatever it says of itself.

    Those who look up the source of functions find what runs, whatever the file holds by then.
    """
    words = content.decode("utf-8-sig")
    linecache.cache[path] = len(words), None, words.splitlines(keepends=True), path
    return compile(words, path, "exec")


class Siblings:
    """Takes care of imports from everywhere but the places that were known before.

    Those are the standard modules and the installed packages: they come first, and are not asked
    for here. A script that adds other folders gets their modules as it gets those beside it.

    Attributes:
        unread: Names of files that were asked for and are not trusted.
    """

    def __init__(self) -> None:
        self.unread: list[str] = []
        self._known: list[Path] = []

    def install(self, folder: Path) -> None:
        """Let modules in a folder be found, behind all others."""
        self._known = [Path(entry).resolve() for entry in sys.path]
        self._folder = folder.resolve()
        sys.path_hooks.insert(0, self._finder)
        sys.path_importer_cache.clear()
        sys.path.append(str(folder))

    def _finder(self, entry: str) -> Finder:
        """Return what finds modules in a place.

        Raises:
            ImportError: The place is one of those that were known before.
        """
        place = Path(entry).resolve()
        known = [one for one in self._known if place.is_relative_to(one)]
        inside = place.is_relative_to(self._folder) and self._folder not in self._known
        # Installed packages may lie below the script, and the script below the program.
        if any(not inside or one.is_relative_to(self._folder) for one in known):
            raise ImportError
        return Finder(place, self.unread)


class Finder:
    """Finds modules in one folder; Python asks it as it asks its own.

    Args:
        folder: Where they lie.
        unread: Takes the names of files that are not trusted.
    """

    def __init__(self, folder: Path, unread: list[str]) -> None:
        self._folder, self._unread = folder, unread

    def find_spec(self, name: str, target: ModuleType | None = None) -> ModuleSpec | None:
        """Return how a module is loaded, or None where there is none.

        Raises:
            Unread: It is not trusted.
        """
        place = self._folder / name.rpartition(".")[2]
        package, module = place / "__init__.py", place.with_name(f"{place.name}.py")
        if package.is_file():
            return self._spec(name, package, [str(place)])
        if module.is_file():
            return self._spec(name, module, None)
        if place.is_dir():  # As Python does: a package without code of its own.
            spec = ModuleSpec(name, None, is_package=True)
            spec.submodule_search_locations = [str(place)]
            return spec
        return None

    def _spec(self, name: str, path: Path, places: list[str] | None) -> ModuleSpec:
        content = read_small(path, LARGEST_FILE)
        if not is_trusted(content, "script"):
            self._unread.append(path.name)
            raise Unread(f"“{path.name}” has to be read and trusted first", name=name)
        loader = Trusted(content, path)
        spec = importlib.util.spec_from_file_location(
            name, path, loader=loader, submodule_search_locations=places
        )
        assert spec is not None
        return spec


class Trusted(Loader):
    """Runs a module from what was read and found to be trusted.

    Args:
        content: That.
        path: Where it was read.
    """

    def __init__(self, content: bytes, path: Path) -> None:
        self._content, self._path = content, str(path)

    def exec_module(self, module: ModuleType) -> None:
        """Run it."""
        exec(compiled(self._content, self._path), module.__dict__)
