"""Runs scripts that cannot be read as they stand, once they are trusted."""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from engine.errors import FileProblem
from engine.foreign.code import Code, shown
from engine.foreign.source import read_source
from engine.ipc import messages as m
from gui.i18n import tr, tr_text

if TYPE_CHECKING:
    from gui.main_window import MainWindow


class Scripts(QObject):
    """Shows a script, lets the engine run it up to its model, and opens that as a drawing."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._count = 0

    def run(self, path: Path) -> None:
        """Show a script for reading, and run it once it is trusted."""
        try:
            source = read_source(path)
        except FileProblem as error:
            self._window.messages.post(tr_text(error.text), "error")
            return
        sheet = self._window.trusting.open_sheet()
        code = Code("script", path.name, str(path), shown(source.text), source.content)
        sheet.open(code, partial(self._ask, path))

    def run_shown(self) -> None:
        """Run the script that the document in front was read from."""
        session = self._window.session
        if session is not None and session.comes_from_script and session.path is not None:
            self.run(session.path)

    def close(self) -> None:
        """Remove the models that scripts have made."""
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def _ask(self, path: Path) -> None:
        window = self._window
        if window.engine.info is None:
            sentence = tr("The engine is still starting: run the script again in a moment.")
            window.messages.post(sentence, "warning")
            return
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="netloom-")
        self._count += 1
        target = Path(self._folder.name, str(self._count), f"{path.stem}.keras")
        target.parent.mkdir()
        window.messages.post(tr("Running “{name}” up to its model…", name=path.name))
        request = m.RunScript(path=str(path), target=str(target))
        window.engine.send(request, partial(self._answered, path, target))

    def _answered(self, path: Path, target: Path, reply: m.AnyReply) -> None:
        if isinstance(reply, m.Failed):
            self._window.messages.post(tr_text(reply.message), "error")
        elif isinstance(reply, m.ScriptRun):
            self._open(path, target)

    def _open(self, path: Path, target: Path) -> None:
        """Open a model as a new document: what lies among temporary files is nobody's file.

        It takes the place of what could be read of its script, unless that has been changed.
        """
        # Only needed here, and slow to import.
        from gui.files.importing import open_model

        try:
            opened = open_model(target, name=path.name)
        except FileProblem as error:
            self._window.messages.post(tr_text(error.text), "error")
            return
        tabs = self._window.tabs
        read = [view for view in tabs.views() if view.session.path == path]
        session = self._window.add_document(opened.document)
        for view in read:
            if view.session.is_saved:
                tabs.close_document(view)
        if opened.weights is not None:
            session.load_weights(opened.weights, partly=True)
        self._window.messages.post(opened.news, opened.severity)
