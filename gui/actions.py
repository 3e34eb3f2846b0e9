"""Every action of the window, as data: menus, toolbar, keys and the command box read it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from gui.canvas.figures import TITLES
from gui.i18n import tr
from gui.theme import Theme


@dataclass(frozen=True)
class ActionSpec:
    """One action.

    Attributes:
        key: Permanent name; the window's handlers are found by it.
        text: English source text.
        menu: Menu in which it stands.
        icon: Name of an icon, or "".
        shortcut: Keys in Qt's portable notation, parted by "; ". Text fields keep some for
            themselves (Ctrl+E, Ctrl+K on Linux).
        needs: What must be there for it to be enabled: "", "document" or a rule's name.
    """

    key: str
    text: str
    menu: str
    icon: str = ""
    shortcut: str = ""
    needs: str = "document"


def specs() -> tuple[ActionSpec, ...]:
    """Return all actions in the order of the menus; "-" keys are separators."""
    menus = (_file, _edit, _layout, _block, _view, _train, _help)
    return tuple(spec for menu in menus for spec in menu())


def _file() -> tuple[ActionSpec, ...]:
    return (
        ActionSpec("new", tr("New"), "file", "plus", "Ctrl+N", ""),
        ActionSpec("open", tr("Open…"), "file", "folder", "Ctrl+O", ""),
        ActionSpec("save", tr("Save"), "file", "save", "Ctrl+S"),
        ActionSpec("save_as", tr("Save as…"), "file", "", "Ctrl+Shift+S"),
        ActionSpec("load_weights", tr("Load weights…"), "file"),
        ActionSpec("run_script", tr("Run the script…"), "file", needs="script"),
        ActionSpec("compare", tr("Compare with…"), "file"),
        ActionSpec("inspect_h5", tr("Inspect HDF5 file…"), "file", "eye", "Ctrl+Shift+O", ""),
        ActionSpec("-", "", "file"),
        ActionSpec("export", tr("Export…"), "file", "export", "Ctrl+Shift+E"),
        ActionSpec("picture", tr("Save picture…"), "file", "export", "Ctrl+Alt+P"),
        ActionSpec("-", "", "file"),
        ActionSpec("home", tr("Start page"), "file", "home", "", ""),
        ActionSpec("close", tr("Close document"), "file", "", "Ctrl+W", "tab"),
        ActionSpec("quit", tr("Quit"), "file", "", "Ctrl+Q", ""),
    )


def _edit() -> tuple[ActionSpec, ...]:
    return (
        ActionSpec("undo", tr("Undo"), "edit", "undo", "Ctrl+Z", "undo"),
        ActionSpec("redo", tr("Redo"), "edit", "redo", "Ctrl+Shift+Z", "redo"),
        ActionSpec("-", "", "edit"),
        ActionSpec("cut", tr("Cut"), "edit", "", "Ctrl+X", "selection"),
        ActionSpec("copy", tr("Copy"), "edit", "copy", "Ctrl+C", "selection"),
        ActionSpec("paste", tr("Paste"), "edit", "", "Ctrl+V"),
        ActionSpec("duplicate", tr("Duplicate"), "edit", "", "Ctrl+D", "selection"),
        ActionSpec("delete", tr("Delete"), "edit", "trash", "Del", "selection"),
        ActionSpec(
            "heal", tr("Delete and reconnect"), "edit", "", "Ctrl+Del; Ctrl+Backspace", "selection"
        ),
        ActionSpec("bypass", tr("Bypass"), "edit", "", "Ctrl+B", "selection"),
        ActionSpec("sequence", tr("Connect in sequence"), "edit", "", "Ctrl+Shift+L", "selection"),
        ActionSpec("wire", tr("Connect or disconnect…"), "edit", "", "Ctrl+Shift+W", "selection"),
        ActionSpec("lock", tr("Lock or unlock"), "edit", "lock", "Ctrl+Shift+K", "selection"),
        ActionSpec("find", tr("Find and replace…"), "edit", "search", "Ctrl+F"),
        ActionSpec("select_all", tr("Select all"), "edit", "", "Ctrl+A"),
        ActionSpec("-", "", "edit"),
        ActionSpec("add_layer", tr("Add a layer…"), "edit", "plus", "Ctrl+Space"),
        ActionSpec("note", tr("Add note"), "edit", "note", "Ctrl+Alt+N"),
        ActionSpec("frame", tr("Add frame"), "edit", "frame", "Ctrl+Alt+F"),
        ActionSpec("-", "", "edit"),
    )


def _layout() -> tuple[ActionSpec, ...]:
    return (
        ActionSpec("arrange", tr("Arrange layers"), "edit", "arrange", "Ctrl+L"),
        ActionSpec("flow_down", tr("Flow from top to bottom"), "edit"),
        ActionSpec("flow_right", tr("Flow from left to right"), "edit"),
        ActionSpec("align_left", tr("Align left edges"), "edit", needs="selection"),
        ActionSpec("align_center", tr("Align centers"), "edit", needs="selection"),
        ActionSpec("align_right", tr("Align right edges"), "edit", needs="selection"),
        ActionSpec("align_top", tr("Align top edges"), "edit", needs="selection"),
        ActionSpec("align_middle", tr("Align middles"), "edit", needs="selection"),
        ActionSpec("align_bottom", tr("Align bottom edges"), "edit", needs="selection"),
        ActionSpec("distribute_across", tr("Distribute across"), "edit", needs="selection"),
        ActionSpec("distribute_down", tr("Distribute down"), "edit", needs="selection"),
    )


def _block() -> tuple[ActionSpec, ...]:
    return (
        ActionSpec("group", tr("Group as a block"), "block", "block", "Ctrl+G", "selection"),
        ActionSpec("ungroup", tr("Ungroup"), "block", "", "Ctrl+Shift+G", "selection"),
        ActionSpec("toggle_block", tr("Collapse or expand"), "block", "", "Ctrl+T", "selection"),
        ActionSpec(
            "enter_block", tr("Open in own tab"), "block", "", "Ctrl+Alt+Return", "selection"
        ),
        ActionSpec(
            "copy_linked", tr("Duplicate linked"), "block", "link", "Ctrl+Shift+D", "selection"
        ),
        ActionSpec("keep_block", tr("Save to my blocks"), "block", "save", "", "selection"),
    )


def _view() -> tuple[ActionSpec, ...]:
    return (
        ActionSpec("fit", tr("Fit to window"), "view", "fit", "Ctrl+1"),
        ActionSpec("fit_selection", tr("Zoom to selection"), "view", "", "Ctrl+2", "selection"),
        ActionSpec("zoom_in", tr("Zoom in"), "view", "zoom-in", "Ctrl++"),
        ActionSpec("zoom_out", tr("Zoom out"), "view", "zoom-out", "Ctrl+-"),
        ActionSpec("reset_zoom", tr("Actual size"), "view", "", "Ctrl+0"),
        ActionSpec("bookmark", tr("Add bookmark"), "view", "bookmark", "Ctrl+Alt+B"),
        ActionSpec("next_bookmark", tr("Next bookmark"), "view", "", "Ctrl+Alt+Right"),
        ActionSpec("minimap", tr("Show or hide the overview"), "view", "", "Ctrl+M"),
        ActionSpec("-", "", "view"),
        *(ActionSpec(f"figure_{key}", title(), "view") for key, title in TITLES.items()),
        ActionSpec("heat", tr("Color cards by this figure"), "view", "", "Ctrl+H"),
        ActionSpec("-", "", "view"),
        ActionSpec("theme_light", tr("Light theme"), "view", "sun", "", ""),
        ActionSpec("theme_dark", tr("Dark theme"), "view", "moon", "", ""),
        ActionSpec("theme_contrast", tr("High contrast"), "view", "", "", ""),
        ActionSpec("theme_system", tr("Theme of the system"), "view", "", "", ""),
        ActionSpec("-", "", "view"),
        ActionSpec("language_en", "English", "view", "", "", ""),
        ActionSpec("language_zh_CN", "简体中文", "view", "", "", ""),
        ActionSpec("language_zh_TW", "繁體中文", "view", "", "", ""),
        ActionSpec("-", "", "view"),
        ActionSpec("next_panel", tr("Next panel"), "view", "", "F6", ""),
        ActionSpec("previous_panel", tr("Previous panel"), "view", "", "Shift+F6", ""),
    )


def _train() -> tuple[ActionSpec, ...]:
    return (
        ActionSpec("train", tr("Train"), "train", "play", "Ctrl+Return", "train"),
        ActionSpec("train_on", tr("Train further"), "train", "", "Ctrl+Shift+Return", "train_on"),
        ActionSpec("pause", tr("Pause"), "train", "pause", "Ctrl+.", "pause"),
        ActionSpec("stop", tr("Stop"), "train", "stop", "Ctrl+Shift+.", "stop"),
    )


def _help() -> tuple[ActionSpec, ...]:
    return (
        ActionSpec(
            "commands", tr("Search or command…"), "help", "search", "Ctrl+K; Ctrl+Shift+P", ""
        ),
        ActionSpec("keys", tr("Keys"), "help", "", "F1", ""),
        ActionSpec("tour", tr("Take the tour"), "help", "", "", ""),
        ActionSpec("trusted", tr("Trusted code…"), "help", "", "", ""),
    )


def menu_titles() -> dict[str, str]:
    """Return the menus in their order."""
    return {
        "file": tr("File"),
        "edit": tr("Edit"),
        "block": tr("Block"),
        "view": tr("View"),
        "train": tr("Train"),
        "help": tr("Help"),
    }


# What Alt opens each menu with, in all languages.
_MENU_LETTERS = {"file": "F", "edit": "E", "block": "B", "view": "V", "train": "T", "help": "H"}


def menu_labels() -> dict[str, str]:
    """Return the menus' titles with what Alt opens them by: “&File”, “文件(&F)”."""
    found = {}
    for key, title in menu_titles().items():
        letter = _MENU_LETTERS[key]
        place = title.find(letter)
        found[key] = f"{title}(&{letter})" if place < 0 else f"{title[:place]}&{title[place:]}"
    return found


class Actions:
    """The `QAction`s of a window, made from the table.

    Args:
        owner: The window.
        theme: Source of icons.
        handlers: What each action calls, by key.
        keys: Keys that the user has chosen instead of the usual ones, by action.
    """

    def __init__(
        self,
        owner: QWidget,
        theme: Theme,
        handlers: Mapping[str, Callable[[], object]],
        keys: Mapping[str, str],
    ) -> None:
        self.specs = specs()
        self._usual = {spec.key: spec.shortcut for spec in self.specs}
        self._theme = theme
        self._actions: dict[str, QAction] = {}
        for spec in self.specs:
            if spec.key == "-":
                continue
            action = QAction(spec.text, owner)
            action.setObjectName(spec.key)
            action.setShortcuts(QKeySequence.listFromString(keys.get(spec.key, spec.shortcut)))
            handler = handlers[spec.key]
            action.triggered.connect(lambda _=False, call=handler: call())
            owner.addAction(action)
            self._actions[spec.key] = action
        theme.changed.connect(self.dress)
        self.dress()

    def __getitem__(self, key: str) -> QAction:
        return self._actions[key]

    def keys_of(self, key: str) -> str:
        """Return the keys of an action as people read them; "" where it has none."""
        form = QKeySequence.SequenceFormat.NativeText
        return ", ".join(keys.toString(form) for keys in self._actions[key].shortcuts())

    def holder_of(self, keys: str) -> str:
        """Return which action has some keys, given in Qt's portable notation; "" if none has."""
        sought = QKeySequence.fromString(keys)
        for key, action in self._actions.items():
            if sought in action.shortcuts():
                return key
        return ""

    def set_keys(self, key: str, keys: str | None) -> None:
        """Give an action other keys, or (None) the usual ones."""
        chosen = self._usual[key] if keys is None else keys
        self._actions[key].setShortcuts(QKeySequence.listFromString(chosen))

    def dress(self) -> None:
        """Take the icons in the theme's present colors."""
        for spec in self.specs:
            if spec.icon:
                self._actions[spec.key].setIcon(self._theme.icon(spec.icon))

    def enable(self, facts: Mapping[str, bool]) -> None:
        """Enable each action whose need is among the facts that hold."""
        for spec in self.specs:
            if spec.key != "-":
                self._actions[spec.key].setEnabled(not spec.needs or facts[spec.needs])
