"""Joins documents whose layers hold code of others with the sheets on which it is trusted."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from engine.fixes.of_code import with_file
from engine.foreign import lambdas
from engine.graph.analysis import is_foreign
from engine.graph.calls import owner_of
from engine.graph.document import Node
from engine.layers import LAYERS
from gui.files import file_dialogs
from gui.files.code_reading import CodeReading
from gui.i18n import tr
from gui.session import Session

if TYPE_CHECKING:
    from gui.main_window import MainWindow
    from gui.trust.ledger import Ledger
    from gui.trust.sheet import TrustSheet


class Trusting(QObject):
    """Does what a session asks a person for, and lets it look again afterwards.

    Attributes:
        sheet: The sheet on which code is read; None until it is needed.
        ledger: The sheet that lists what is trusted; None until it is needed.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._reading = CodeReading(self)
        self._followed: Session | None = None
        self.sheet: TrustSheet | None = None
        self.ledger: Ledger | None = None

    def follow(self, session: Session | None) -> None:
        """Read the bytecode of the document in front, so that a formula can be offered for it."""
        if self._followed is not None:
            self._followed.edited.disconnect(self._read_lambdas)
            self._followed.asked.disconnect(self._answer)
        if session is not self._followed and self.sheet is not None:
            # What it shows is about the document before.
            self.sheet.hide()
        self._followed = session
        if session is not None:
            session.edited.connect(self._read_lambdas)
            session.asked.connect(self._answer)
            self._read_lambdas()

    def look_again(self) -> None:
        """Let all documents check their layers anew."""
        for view in self._window.tabs.views():
            view.session.look_again()

    def open_ledger(self) -> None:
        """Show what is trusted."""
        if self.ledger is None:
            from gui.trust.ledger import Ledger

            self.ledger = Ledger(self._window.theme, self._window)
            self.ledger.withdrawn.connect(self.look_again)
        self.ledger.open()

    def open_sheet(self) -> TrustSheet:
        """Return the sheet on which code is read, which is then opened with some."""
        if self.sheet is None:
            from gui.code.editor import CodeEditor
            from gui.trust.sheet import TrustSheet

            theme = self._window.theme
            self.sheet = TrustSheet(theme, CodeEditor(theme), self._window)
        return self.sheet

    def _read_lambdas(self, *_: object) -> None:
        session = self._followed
        if session is None:
            return
        nodes = session.document.network.nodes.values()
        layers = [node.params for node in nodes if node.layer == "Lambda" and not node.shares]
        # Asked after each edit: mostly there is nothing new to read.
        if not all(map(lambdas.is_read, layers)):
            self._reading.read(layers, partial(self._lambdas_read, session))

    def _lambdas_read(self, session: Session) -> None:
        if session is self._followed:
            session.look_again()
            # The problems may be the same, but not the ways out of them.
            session.problems_changed.emit()

    # --- what is asked for -----------------------------------------------------------------

    def _answer(self, what: str, node_id: str) -> None:
        session = self._followed
        if session is None or node_id not in session.document.network.nodes:
            return
        owner = owner_of(session.document.network, node_id)
        if what == "file":
            self._choose_file(session, owner)
        else:
            layers = [owner.params] if owner.layer == "Lambda" else []
            self._reading.read(layers, partial(self._show, session, owner))

    def _show(self, session: Session, owner: Node) -> None:
        if session is not self._followed:
            return  # Another document has come to the front meanwhile.
        spec = LAYERS.find(owner.layer)
        code = spec.code(owner.params, owner.title) if spec is not None else None
        if code is None:
            self.look_again()
            return
        self.open_sheet().open(code, self.look_again)

    def _choose_file(self, session: Session, owner: Node) -> None:
        title = tr("The file with the code of “{layer}”", layer=owner.title)
        folder = str(session.path.parent) if session.path is not None else ""
        path = file_dialogs.open_file(
            self._window, title, "*.py", folder or self._window.settings.folder
        )
        if path is None or owner.id not in session.document.network.nodes:
            return
        session.history.end_merge()
        session.do(with_file(session.document, owner.id, Path(path)))
        node = session.document.network.nodes[owner.id]
        untrusted = is_foreign(node) and any(
            item.code == "untrusted-code" for item in LAYERS.get(node.layer).obstacles(node.params)
        )
        if untrusted:
            self._show(session, node)
