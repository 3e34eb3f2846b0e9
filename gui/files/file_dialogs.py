"""The only dialogs of the window: choosing files, and the names that they begin with."""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from gui.i18n import tr


def proposed(document: Path | None, title: str, folder: str, ending: str) -> Path:
    """Return a name to begin with: beside the document's file, and by its name.

    Args:
        document: The document's file, if it has one.
        title: Its title, which names one without a file.
        folder: The folder used last, or "".
        ending: With its dot.
    """
    if document is not None:
        place, name = document.parent, document.name.removesuffix(".weights.h5")
        name = document.stem if name == document.name else name
    else:
        place, name = Path(folder) if folder else Path.home(), title.strip() or tr("network")
    return place / f"{name.replace('/', '-')}{ending}"


def with_ending(path: Path, ending: str) -> Path:
    """Return a path with an ending that somebody has perhaps not typed."""
    return path if path.name.endswith(ending) else path.with_name(path.name + ending)


def typed(words: str, folder: Path, ending: str) -> Path | None:
    """Return the file that somebody has typed; None where the words name a folder or nothing.

    Args:
        words: What stands in the field.
        folder: Where a name without a folder lies.
        ending: With its dot; put after a name without it.
    """
    name = words.strip()
    try:
        path = folder / Path(name).expanduser()
    except RuntimeError:  # A tilde and the name of nobody: then it is the name of a file.
        path = folder / name
    nameless = not name or name.endswith(("/", os.sep)) or path.name in ("", "..")
    if nameless or (path.is_dir() and not path.name.endswith(ending)):
        return None
    return with_ending(path, ending)


def open_file(parent: QWidget, title: str, pattern: str, folder: str = "") -> Path | None:
    """Ask for a file to open; None when the person changes their mind."""
    name, _ = QFileDialog.getOpenFileName(parent, title, folder, pattern)
    return Path(name) if name else None


def save_file(parent: QWidget, title: str, path: Path, pattern: str) -> Path | None:
    """Ask for a file to write, beginning with a proposal; None when the person changes theirs."""
    name, _ = QFileDialog.getSaveFileName(parent, title, str(path), pattern)
    return Path(name) if name else None
