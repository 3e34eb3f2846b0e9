"""The sheet that lists what is trusted, and takes trust back."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from engine.errors import FileProblem
from engine.trust import Trusted, all_trusted, withdraw_sum
from gui.i18n import tr, tr_text
from gui.labels import Label
from gui.theme import Theme
from gui.trust.sheet import kind_title
from gui.window.floating import FloatingSheet

SHOWN_DIGITS = 12


class Ledger(FloatingSheet):
    """A line for each piece of code that is trusted, the latest first.

    Signals:
        withdrawn: Something is trusted no longer.
    """

    withdrawn = Signal()

    def __init__(self, theme: Theme, window: QWidget) -> None:
        super().__init__(theme, window)
        self.title.setText(tr("Trusted code"))
        self._note = Label()
        self._note.setWordWrap(True)
        self._note.setProperty("role", "secondary")
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.viewport().setAutoFillBackground(False)
        self.column.addWidget(self._note)
        self.column.addWidget(self._scroll, 1)

    def open(self) -> None:
        """Show the sheet."""
        self.refresh()
        self.come()
        self.setFocus()

    def refresh(self) -> None:
        """List anew what is trusted."""
        entries = all_trusted()[::-1]
        self._say(
            tr("What stands here may run in the engine as it was when you read it.")
            if entries
            else tr("Nothing is trusted: code of others runs only after you have read it here.")
        )
        content = QWidget()
        rows = QVBoxLayout(content)
        rows.setContentsMargins(0, 0, self.theme.s, 0)
        rows.setSpacing(self.theme.m)
        for entry in entries:
            rows.addLayout(self._row(entry))
        rows.addStretch(1)
        self._scroll.setWidget(content)
        content.setAutoFillBackground(False)  # Else the area has it filled.

    def _row(self, entry: Trusted) -> QHBoxLayout:
        name = Label(entry.name)
        name.setWordWrap(True)
        facts = tr(
            "{what} · trusted on {date} · SHA-256 {sum}…",
            what=kind_title(entry.kind),
            date=entry.date,
            sum=entry.sum[:SHOWN_DIGITS],
        )
        under = Label(facts)
        under.setProperty("role", "secondary")
        under.setToolTip(entry.sum)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(name)
        words.addWidget(under)
        button = QPushButton(tr("Trust no longer"))
        button.clicked.connect(partial(self._withdraw, entry.sum))
        row = QHBoxLayout()
        row.setSpacing(self.theme.s)
        row.addLayout(words, 1)
        row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        return row

    def _withdraw(self, known: str, _: bool = False) -> None:
        try:
            withdraw_sum(known)
        except FileProblem as error:
            self._say(tr_text(error.text))
            return
        self.refresh()
        self.withdrawn.emit()

    def _say(self, sentence: str) -> None:
        self._note.setText(sentence)
