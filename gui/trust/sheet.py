"""The sheet on which code of others is read before it may run."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QPushButton, QWidget

from engine.errors import FileProblem
from engine.foreign.code import Code
from engine.trust import Kind, is_trusted, trust
from gui.i18n import tr, tr_text
from gui.labels import wrapped
from gui.theme import Theme
from gui.window.floating import FloatingSheet


def kind_title(kind: Kind) -> str:
    """Return what a piece of code is."""
    titles = {
        "layer": tr("Python file with a layer"),
        "lambda": tr("Bytecode of a Lambda layer"),
        "script": tr("Python script"),
    }
    return titles[kind]


class TrustSheet(FloatingSheet):
    """Shows a piece of code, says why it matters, and asks.

    Args:
        theme: The look.
        view: The view of code with numbered lines; it can be written to by `setPlainText`.
        window: What it floats over.
    """

    def __init__(self, theme: Theme, view: QPlainTextEdit, window: QWidget) -> None:
        super().__init__(theme, window)
        self.view = view
        self._code: Code | None = None
        self._then: Callable[[], object] = lambda: None
        self._origin = wrapped("secondary")
        self._origin.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        why = wrapped()
        why.setText(
            tr(
                "This code can do everything that you can do on this machine: read and delete"
                " files, and send them elsewhere. Trust it if you know who wrote it, or have"
                " understood what it does."
            )
        )
        view.setReadOnly(True)
        # Nothing may hide far to the right.
        view.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        view.setAccessibleName(tr("Code"))
        frame = QFrame()
        frame.setObjectName("code")
        inner = QHBoxLayout(frame)
        inner.setContentsMargins(1, 1, 1, 1)
        inner.addWidget(view)
        self._frame = frame
        self.column.addWidget(self._origin)
        self.column.addWidget(why)
        self.column.addWidget(frame, 1)
        self.column.addLayout(self._make_foot())
        theme.changed.connect(self._dress_frame)
        self._dress_frame()

    def _make_foot(self) -> QHBoxLayout:
        self._foot = wrapped("secondary")
        self.decline = QPushButton(tr("Leave it"))
        self.decline.clicked.connect(self.leave)
        self.agree = QPushButton(tr("Trust this code"))
        self.agree.setProperty("primary", True)
        self.agree.clicked.connect(self._agree)
        row = QHBoxLayout()
        row.setSpacing(self.theme.s)
        row.addWidget(self._foot, 1)
        row.addWidget(self.decline)
        row.addWidget(self.agree)
        return row

    def open(self, code: Code, then: Callable[[], object]) -> None:
        """Show a piece of code.

        Args:
            code: What is read and trusted; nothing in its text may hide.
            then: Called once it is trusted; at once where it is already.
        """
        if is_trusted(code.content, code.kind):
            then()
            return
        self._code, self._then = code, then
        self.title.setText(tr("Read “{name}” before it runs", name=code.name))
        self._origin.setText("  ·  ".join(filter(None, (kind_title(code.kind), code.path))))
        self.view.setPlainText(code.text)
        self._say(tr("Trusted is exactly this text: whatever changes in it has to be read again."))
        self.come()
        self.view.setFocus()

    def _agree(self) -> None:
        code = self._code
        if code is None:
            return
        try:
            trust(code.content, code.known_as, code.kind)
        except FileProblem as error:
            self._say(tr_text(error.text), "error")
            return
        self.leave()
        self._then()

    def _say(self, sentence: str, role: str = "secondary") -> None:
        self._foot.setProperty("role", role)
        self._foot.style().unpolish(self._foot)
        self._foot.style().polish(self._foot)
        self._foot.setText(sentence)

    def _dress_frame(self) -> None:
        border = self.theme.colors.border.name()
        self._frame.setStyleSheet(f"#code {{ border: 1px solid {border}; border-radius: 6px; }}")
