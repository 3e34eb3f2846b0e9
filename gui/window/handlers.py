"""What each action of the window does."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from engine.graph.geometry import FLOWS
from gui.canvas.figures import FIGURES
from gui.files.inspecting import inspect_file
from gui.i18n import LANGUAGES, tr
from gui.loading.weight_files import load_weights
from gui.theme import MODES
from gui.window.tour_steps import take_tour

if TYPE_CHECKING:
    from gui.main_window import MainWindow

# Actions that are methods of the canvas's editing, with their arguments.
EDITING: dict[str, tuple[str, ...]] = {
    "heal": ("delete_and_heal",),
    "bypass": ("bypass",),
    "sequence": ("connect_in_sequence",),
    "lock": ("set_locked",),
    **{
        f"align_{side}": ("align", side)
        for side in ("left", "center", "right", "top", "middle", "bottom")
    },
    **{f"distribute_{way}": ("distribute", way) for way in ("across", "down")},
}


# What the document in front does, by action.
SESSION = {"undo": "undo", "redo": "redo", "pause": "toggle_pause", "stop": "stop"}
# What a part of the canvas does, by action: its name on the view, and the method.
PARTS: dict[str, tuple[str, str]] = {
    "group": ("blocks", "group"),
    "ungroup": ("blocks", "ungroup"),
    "toggle_block": ("blocks", "toggle"),
    "enter_block": ("blocks", "enter"),
    "copy_linked": ("blocks", "copy_linked"),
    "note": ("marks", "add_note"),
    "frame": ("marks", "add_frame"),
    "bookmark": ("marks", "add_bookmark"),
    "next_bookmark": ("marks", "next_bookmark"),
    "find": ("find_bar", "open"),
    "picture": ("picture_bar", "open"),
}


def handlers(window: MainWindow) -> dict[str, Callable[[], object]]:
    """Return what each action of the window does, by key."""

    def on_view(method: str, *arguments: str) -> None:
        if window.view is not None:
            getattr(window.view, method)(*arguments)

    def on_editing(method: str, *arguments: str) -> None:
        if window.view is not None:
            getattr(window.view.editing, method)(*arguments)

    def on_part(part: str, method: str) -> None:
        if window.view is not None:
            getattr(getattr(window.view, part), method)()

    def on_session(method: str) -> None:
        if window.session is not None:
            getattr(window.session, method)()

    view = ("cut", "copy", "paste", "duplicate", "select_all", "arrange", "fit", "fit_selection")
    found: dict[str, Callable[[], object]] = {
        key: partial(on_view, key) for key in (*view, "zoom_in", "zoom_out", "reset_zoom")
    }
    found |= {f"theme_{mode}": partial(_set_theme, window, mode) for mode in MODES}
    found |= {f"flow_{flow}": partial(on_view, "set_flow", flow) for flow in FLOWS}
    found |= {key: partial(on_session, call) for key, call in SESSION.items()}
    found |= {key: partial(on_part, *call) for key, call in PARTS.items()}
    found |= {key: partial(on_editing, *call) for key, call in EDITING.items()}
    found |= {f"figure_{key}": partial(_show_figure, window, key) for key in FIGURES}
    found |= {f"language_{key}": partial(_set_language, window, key) for key in LANGUAGES}
    return found | {
        "new": window.new_document,
        "open": window.open_file,
        "save": lambda: window.save(),
        "save_as": lambda: window.save(anew=True),
        "home": window.show_start_page,
        "close": lambda: window.close_tab(window.tabs.currentIndex()),
        "quit": window.close,
        "wire": lambda: on_view("ask_wire"),
        "add_layer": lambda: on_view("ask_layer"),
        "keep_block": window.keep_block,
        "load_weights": partial(load_weights, window),
        "run_script": lambda: window.scripts.run_shown(),
        "compare": window.compare,
        "export": lambda: window.sheets.open_export(),
        "inspect_h5": partial(inspect_file, window),
        "delete": lambda: on_view("delete_selection"),
        "train": window.train,
        "train_on": lambda: window.train(resume=True),
        "minimap": partial(_toggle, window, "minimap"),
        "heat": partial(_toggle, window, "heat"),
        "commands": lambda: window.sheets.open_commands(),
        "keys": lambda: window.sheets.open_keys(),
        "tour": partial(take_tour, window),
        "trusted": lambda: window.trusting.open_ledger(),
        "next_panel": partial(window.go_to_panel, 1),
        "previous_panel": partial(window.go_to_panel, -1),
    }


def _set_theme(window: MainWindow, mode: str) -> None:
    """Choose "light", "dark" or "system"."""
    window.settings.theme = mode
    window.theme.set_mode(mode)


def _set_language(window: MainWindow, language: str) -> None:
    """Choose the language of the next start."""
    window.settings.language = language
    window.messages.post(tr("The language changes when Netloom starts next."))


def _toggle(window: MainWindow, name: str) -> None:
    """Turn one of the settings of the canvas on or off."""
    setattr(window.settings, name, not getattr(window.settings, name))
    window.tabs.follow_settings()


def _show_figure(window: MainWindow, figure: str) -> None:
    """Choose what cards show at their upper right corner."""
    window.settings.figure = figure
    window.tabs.follow_settings()
