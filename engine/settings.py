"""What this user has chosen, kept between starts."""

from __future__ import annotations

import contextlib
from pathlib import Path

import msgspec

from engine import paths
from engine.errors import FileProblem

MOST_RECENT = 10


class Settings(msgspec.Struct, kw_only=True):
    """The settings of one user.

    Attributes:
        theme: "light", "dark" or "system".
        language: A key of `gui.i18n.LANGUAGES`, or "" for the system's.
        recent: Files opened or saved lately, the latest first.
        folder: Folder of the last file dialog.
        window: Geometry of the main window in Qt's own form, base64.
        splitters: Sizes of the window's parts by name, in pixels.
        minimap: Whether canvases show their overview.
        figure: What cards show at their upper right corner.
        heat: Whether cards are colored by it.
        keys: Keys of actions that are not the usual ones, in Qt's portable notation.
    """

    theme: str = "system"
    language: str = ""
    recent: list[str] = []
    folder: str = ""
    window: str = ""
    splitters: dict[str, list[int]] = {}
    minimap: bool = True
    figure: str = "params"
    heat: bool = False
    keys: dict[str, str] = {}

    def remember(self, path: Path) -> None:
        """Put a file at the top of the recent ones."""
        name = str(path.resolve())
        self.recent = [name, *(other for other in self.recent if other != name)][:MOST_RECENT]
        self.folder = str(path.resolve().parent)


def settings_file() -> Path:
    """Return where the settings lie."""
    return paths.config_dir() / "settings.json"


def load_settings() -> Settings:
    """Read the settings; damaged ones are put aside and the defaults taken."""
    path = settings_file()
    try:
        return msgspec.json.decode(paths.read_small(path), type=Settings)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        with contextlib.suppress(OSError):
            path.replace(path.with_suffix(".bad"))
    except (OSError, FileProblem):
        pass
    return Settings()


def save_settings(settings: Settings) -> None:
    """Write the settings; a user whose folder cannot be written goes without."""
    path = settings_file()
    with contextlib.suppress(OSError, FileProblem):
        path.parent.mkdir(parents=True, exist_ok=True)
        paths.write_bytes(path, msgspec.json.format(msgspec.json.encode(settings), indent=1))
