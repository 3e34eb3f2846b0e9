"""The network as the Keras script that a person would write."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QFontMetricsF, QGuiApplication, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from engine.errors import NetloomError, text
from engine.paths import write_bytes
from gui import file_dialogs
from gui.code.highlighter import PythonHighlighter
from gui.i18n import tr, tr_text
from gui.session import Session
from gui.theme import Theme

# A person who types need not wait for code to be written at every key.
REFRESH_MILLISECONDS = 150
# How long the button confirms that the script lies in the clipboard.
CONFIRM_MILLISECONDS = 1500


class CodePanel(QFrame):
    """Shows the script of the present document and keeps it up to date while visible."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self._theme = theme
        self._session: Session | None = None
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setFont(theme.font(12, mono=True))
        self.text.setTabStopDistance(4 * QFontMetricsF(self.text.font()).horizontalAdvance(" "))
        self.text.setFrameShape(QFrame.Shape.NoFrame)
        self.text.setStyleSheet("QPlainTextEdit { border: none; }")
        self.text.setAccessibleName(tr("Code"))
        self._highlighter = PythonHighlighter(theme, self.text.document())
        self.copy = QPushButton(tr("Copy"))
        self.copy.clicked.connect(self._copy)
        self.save = QPushButton(tr("Save as…"))
        self.save.clicked.connect(self._save)
        side = QVBoxLayout()
        side.setSpacing(theme.s)
        side.addWidget(self.copy)
        side.addWidget(self.save)
        side.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.m, theme.s, theme.m, theme.s)
        row.setSpacing(theme.s)
        row.addWidget(self.text, 1)
        row.addLayout(side)
        self._timer = QTimer(self, singleShot=True)
        self._timer.setInterval(REFRESH_MILLISECONDS)
        self._timer.timeout.connect(self.refresh)
        self._confirmed = QTimer(self, singleShot=True)
        self._confirmed.setInterval(CONFIRM_MILLISECONDS)
        self._confirmed.timeout.connect(self._dress)
        theme.changed.connect(self._dress)
        self._dress()

    def set_session(self, session: Session | None) -> None:
        """Follow another document, or none."""
        if self._session is not None:
            self._session.edited.disconnect(self._edited)
        self._session = session
        if session is not None:
            session.edited.connect(self._edited)
        if self.isVisible():
            self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def _edited(self, *_: object) -> None:
        if self.isVisible():
            self._timer.start()

    def refresh(self) -> None:
        """Write the script anew."""
        self._timer.stop()
        for button in (self.copy, self.save):
            button.setEnabled(self._session is not None)
        script = self._script()
        if script != self.text.toPlainText():
            place = self.text.verticalScrollBar().value()
            self.text.setPlainText(script)
            self.text.verticalScrollBar().setValue(place)

    def _script(self) -> str:
        if self._session is None:
            return ""
        # Needed only here.
        from engine.formats.python_code import to_python

        try:
            return to_python(self._session.document)
        except NetloomError as error:
            return f"# {tr_text(error.text)}"

    def _copy(self) -> None:
        self.refresh()
        QGuiApplication.clipboard().setText(self.text.toPlainText())
        self.copy.setIcon(self._theme.icon("check", self._theme.colors.success))
        self._confirmed.start()

    def _save(self) -> None:
        session = self._session
        if session is None:
            return
        self.refresh()
        folder = session.path.parent if session.path is not None else Path.home()
        name = session.document.title.replace("/", "-").strip() or tr("network")
        path = file_dialogs.save_file(self, tr("Export"), folder / f"{name}.py", "Python (*.py)")
        if path is None:
            return
        path = path if path.suffix else path.with_name(f"{path.name}.py")
        content = self.text.toPlainText().encode()
        try:
            write_bytes(path, content)
        except NetloomError as error:
            session.posted.emit(error.text, "error")
            return
        done = text("Exported to {path} ({size}).", path=path, size=f"{len(content):,} B")
        session.posted.emit(done, "info")

    def _dress(self) -> None:
        self.copy.setIcon(self._theme.icon("copy"))
        self.save.setIcon(self._theme.icon("save"))
