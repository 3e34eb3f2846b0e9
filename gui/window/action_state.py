"""Which actions can be done now, and what they are called."""

from __future__ import annotations

from engine.errors import Text
from gui import labels
from gui.actions import Actions
from gui.i18n import tr, tr_text
from gui.session import Session


def refresh(actions: Actions, session: Session | None, *, here: bool, ready: bool) -> None:
    """Enable what can be done now, and name what undo, redo, pause and train would do.

    Args:
        actions: The actions of the window.
        session: The document in front, or None.
        here: Whether a tab is in front.
        ready: Whether the engine can answer.
    """
    tab = here
    here = here and session is not None
    state = session.run.state if session else "idle"
    can_train = session is not None and session.can_train
    history = session.history if session else None
    actions.enable(
        {
            "document": here,
            "tab": tab,
            "script": here and session is not None and session.comes_from_script,
            "selection": here and session is not None and bool(session.selection),
            "undo": history is not None and history.undo_label is not None,
            "redo": history is not None and history.redo_label is not None,
            "train": here and can_train,
            "train_on": here and can_train and session is not None and session.trained,
            "pause": state in ("running", "paused"),
            "stop": state in ("starting", "running", "paused"),
        }
    )
    undo, redo = (history.undo_label, history.redo_label) if history else (None, None)
    actions["undo"].setText(_labelled(tr("Undo"), undo))
    actions["redo"].setText(_labelled(tr("Redo"), redo))
    actions["pause"].setText(tr("Resume") if state == "paused" else tr("Pause"))
    tip = tr("Train")
    if not ready:
        tip = tr("The engine is still starting; training can begin in a moment.")
    elif session is not None and state == "idle" and not session.can_train:
        tip = tr("Solve the problems below first.")
    actions["train"].setToolTip(labels.tip(tip))


def _labelled(verb: str, label: Text | None) -> str:
    return f"{verb}: {tr_text(label)}" if label is not None else verb
