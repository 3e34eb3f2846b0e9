"""The network as the Keras script that a person would write."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtGui import QFontMetricsF, QGuiApplication, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from engine.errors import NetloomError
from gui.code.highlighter import PythonHighlighter
from gui.i18n import tr, tr_text
from gui.session import Session
from gui.theme import Theme

# A person who types need not wait for code to be written at every key.
REFRESH_MILLISECONDS = 150


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
        self._highlighter = PythonHighlighter(theme, self.text.document())
        copy = QPushButton(tr("Copy"))
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.text.toPlainText()))
        side = QVBoxLayout()
        side.addWidget(copy)
        side.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.m, theme.s, theme.m, theme.s)
        row.addWidget(self.text, 1)
        row.addLayout(side)
        self._timer = QTimer(self, singleShot=True)
        self._timer.setInterval(REFRESH_MILLISECONDS)
        self._timer.timeout.connect(self.refresh)

    def set_session(self, session: Session | None) -> None:
        """Follow another document, or none."""
        if self._session is not None:
            self._session.edited.disconnect(self._edited)
        self._session = session
        if session is not None:
            session.edited.connect(self._edited)
        self._edited()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def _edited(self, *_: object) -> None:
        if self.isVisible():
            self._timer.start()

    def refresh(self) -> None:
        """Write the script anew."""
        if self._session is None:
            self.text.clear()
            return
        # Needed only here.
        from engine.formats.python_code import to_python

        try:
            script = to_python(self._session.document)
        except NetloomError as error:
            script = f"# {tr_text(error.text)}"
        if script != self.text.toPlainText():
            place = self.text.verticalScrollBar().value()
            self.text.setPlainText(script)
            self.text.verticalScrollBar().setValue(place)
