"""The only dialogs of the window: choosing files."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget


def open_file(parent: QWidget, title: str, pattern: str, folder: str = "") -> Path | None:
    """Ask for a file to open; None when the person changes their mind."""
    name, _ = QFileDialog.getOpenFileName(parent, title, folder, pattern)
    return Path(name) if name else None


def save_file(parent: QWidget, title: str, path: Path, pattern: str) -> Path | None:
    """Ask for a file to write, beginning with a proposal; None when the person changes theirs."""
    name, _ = QFileDialog.getSaveFileName(parent, title, str(path), pattern)
    return Path(name) if name else None
