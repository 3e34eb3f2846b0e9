"""The network as the Keras script that a person would write, and edits of it on the canvas."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from engine.errors import NetloomError, text
from engine.paths import write_bytes
from engine.settings import Settings
from gui.code.editor import CodeEditor
from gui.code.finding import FindRow
from gui.code.link import CodeLink
from gui.code.note import Note
from gui.files import file_dialogs
from gui.i18n import tr, tr_text
from gui.numbers import bytes_text
from gui.session import Session
from gui.theme import Theme

# A person who types need not wait for code to be written at every key.
REFRESH_MILLISECONDS = 150
# How long a pause in typing is before the canvas follows.
APPLY_MILLISECONDS = 400
# How long the button confirms that the script lies in the clipboard.
CONFIRM_MILLISECONDS = 1500
ENDING = ".py"


class CodePanel(QFrame):
    """Shows the script of the present document; canvas and script follow each other.

    Args:
        theme: The look.
        settings: Where the folder used last is kept.
        parent: The widget that it lies in.

    Signals:
        node_chosen: The cursor has come to a layer's line; carries the layer's node.
    """

    node_chosen = Signal(str)

    def __init__(self, theme: Theme, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self._theme, self._settings = theme, settings
        self.link = CodeLink()
        self.text = CodeEditor(theme)
        self.text.setAccessibleName(tr("Code"))
        self.text.typed.connect(self._typed)
        self.text.line_chosen.connect(self._line_chosen)
        self.text.left.connect(self._left)
        self.find_row = FindRow(theme, self.text)
        self.text.find_wanted.connect(self.find_row.open)
        self.note = Note(theme)
        self.note.line_clicked.connect(self.text.go_to)
        self._make_buttons()
        column = QVBoxLayout()
        column.setSpacing(theme.xs)
        column.addWidget(self.find_row)
        column.addWidget(self.text, 1)
        column.addWidget(self.note)
        side = QVBoxLayout()
        side.setSpacing(theme.s)
        for button in (self.copy, self.save, self.revert):
            side.addWidget(button)
        side.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.m, theme.s, theme.m, theme.s)
        row.setSpacing(theme.s)
        row.addLayout(column, 1)
        row.addLayout(side)
        self._timer = self._make_timer(REFRESH_MILLISECONDS, self.refresh)
        self._pause = self._make_timer(APPLY_MILLISECONDS, self.apply)
        self._confirmed = self._make_timer(CONFIRM_MILLISECONDS, self._dress)
        theme.changed.connect(self._dress)
        self._dress()
        self._show()

    def _make_buttons(self) -> None:
        self.copy = QPushButton(tr("Copy"))
        self.copy.clicked.connect(self._copy)
        self.save = QPushButton(tr("Save as…"))
        self.save.clicked.connect(self._save)
        self.revert = QPushButton(tr("Revert"))
        self.revert.setToolTip(tr("Write the code of the canvas anew"))
        self.revert.clicked.connect(self._revert)

    def _make_timer(self, milliseconds: int, work: Callable[[], None]) -> QTimer:
        timer = QTimer(self, singleShot=True)
        timer.setInterval(milliseconds)
        timer.timeout.connect(work)
        return timer

    def set_session(self, session: Session | None) -> None:
        """Follow another document, or none."""
        if self._pause.isActive():
            self.apply()
        before = self.link.session
        if before is not None:
            before.edited.disconnect(self._edited)
            before.selection_changed.disconnect(self._show_selection)
        self.link.follow(session)
        if session is not None:
            session.edited.connect(self._edited)
            session.selection_changed.connect(self._show_selection)
        if self.isVisible():
            self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def _edited(self, *_: object) -> None:
        if self.isVisible() and not self.link.applying:
            self._timer.start()

    # --- from the canvas to the code -------------------------------------------------------

    def refresh(self) -> None:
        """Show the script of the canvas; text that the canvas has not followed stays."""
        self._timer.stop()
        self._write(self.link.refresh)

    def _revert(self) -> None:
        self._pause.stop()
        self._write(self.link.revert)

    def _write(self, make: Callable[[], None]) -> None:
        try:
            make()
            script = self.link.draft.script if self.link.draft is not None else ""
        except NetloomError as error:
            script = f"# {tr_text(error.text)}"
            self.link.draft = None
        self.text.write(script)
        self._show()

    def _show(self) -> None:
        """Show what can be done, which lines are followed, and what was said of others."""
        link, there = self.link, self.link.session is not None
        for button in (self.copy, self.save):
            button.setEnabled(there)
        self.revert.setEnabled(link.is_own)
        self.text.setReadOnly(link.draft is None)
        remarks = link.draft.remarks if link.draft is not None else []
        wrong = {remark.line for remark in remarks if remark.severity == "error"}
        self.text.show_followed(link.followed(), wrong)
        self.note.show_remarks(remarks, behind=link.is_behind)
        self.note.setVisible(there)
        self._show_selection()

    def _show_selection(self) -> None:
        session = self.link.session
        if session is not None and self.isVisible():
            self.text.show_selected(self.link.lines_of(session.selection))

    # --- from the code to the canvas -------------------------------------------------------

    def _typed(self) -> None:
        self.link.take(self.text.toPlainText())
        self.revert.setEnabled(self.link.is_own)
        self._pause.start()

    def apply(self) -> None:
        """Let the canvas follow the text."""
        self._pause.stop()
        if self.link.apply(self.text.line):
            self._write(self.link.revert)
        else:
            self._show()

    def _left(self) -> None:
        if self._pause.isActive():
            self.apply()
        if self.link.session is not None:
            self.link.session.history.end_merge()

    def _line_chosen(self, line: int) -> None:
        nodes = self.link.nodes_at(line)
        if nodes and self.link.session is not None:
            self.link.session.select(nodes)
            self.node_chosen.emit(nodes[0])

    # --- the script elsewhere --------------------------------------------------------------

    def _copy(self) -> None:
        self.refresh()
        QGuiApplication.clipboard().setText(self.text.toPlainText())
        self.copy.setIcon(self._theme.icon("check", self._theme.colors.success))
        self._confirmed.start()

    def _save(self) -> None:
        session = self.link.session
        if session is None:
            return
        self.refresh()
        title, folder = session.document.title, self._settings.folder
        proposal = file_dialogs.proposed(session.path, title, folder, ENDING)
        path = file_dialogs.save_file(self, tr("Export"), proposal, f"Python (*{ENDING})")
        if path is None:
            return
        path = file_dialogs.with_ending(path, ENDING)
        content = self.text.toPlainText().encode()
        try:
            write_bytes(path, content)
        except NetloomError as error:
            session.posted.emit(error.text, "error")
            return
        self._settings.folder = str(path.parent)
        done = text("Exported to {path} ({size}).", path=path, size=bytes_text(len(content)))
        session.posted.emit(done, "info")

    def _dress(self) -> None:
        self.copy.setIcon(self._theme.icon("copy"))
        self.save.setIcon(self._theme.icon("save"))
        self.revert.setIcon(self._theme.icon("undo"))
