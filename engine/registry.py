"""Registries: named declarations that register themselves where they are written."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

from engine.errors import NetloomError

T = TypeVar("T")


class Registry(Generic[T]):
    """Maps permanent keys to declarations, in the order of declaration.

    A key is written to files and so never changes; a renamed declaration keeps its old key as
    an alias. Registering a key twice is a programming error.
    """

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self._entries: dict[str, T] = {}
        self._aliases: dict[str, str] = {}

    def register(self, key: str, *, aliases: tuple[str, ...] = ()) -> Callable[[T], T]:
        """Return a class decorator that files the class under `key`."""

        def add(entry: T) -> T:
            for name in (key, *aliases):
                if name in self._entries or name in self._aliases:
                    raise ValueError(f"{self.kind} {name!r} is declared twice")
            self._entries[key] = entry
            self._aliases.update(dict.fromkeys(aliases, key))
            entry.key = key  # type: ignore[attr-defined]
            return entry

        return add

    def find(self, key: str) -> T | None:
        """Return the declaration of `key` or of an alias, or None."""
        return self._entries.get(self._aliases.get(key, key))

    def get(self, key: str) -> T:
        """Return the declaration of `key` or of an alias.

        Raises:
            NetloomError: There is none.
        """
        entry = self.find(key)
        if entry is None:
            raise NetloomError("There is no {kind} called “{key}”.", kind=self.kind, key=key)
        return entry

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and self.find(key) is not None

    def __iter__(self) -> Iterator[T]:
        return iter(self._entries.values())

    def __len__(self) -> int:
        return len(self._entries)

    def keys(self) -> list[str]:
        """Return the permanent keys in the order of declaration."""
        return list(self._entries)


def import_modules(package: str, path: list[str]) -> None:
    """Import every module of a package, so that its declarations register themselves."""
    for module in sorted(pkgutil.iter_modules(path), key=lambda info: info.name):
        importlib.import_module(f"{package}.{module.name}")
