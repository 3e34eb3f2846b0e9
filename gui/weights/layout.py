"""The parts of the sheet and where they stand."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, QStringListModel, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QLineEdit,
    QListView,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gui.i18n import tr
from gui.labels import Label, Short
from gui.theme import Theme
from gui.weights.table import WeightsTable, WeightsView
from gui.window.floating import FloatingSheet

UNUSED_HEIGHT = 120


class Parts:
    """Head, file, filter, table, what nothing takes, and the button; they decide nothing.

    Args:
        theme: The look.
        table: What the table shows.
        sheet: The widget that they fill.
    """

    def __init__(self, theme: Theme, table: WeightsTable, sheet: FloatingSheet) -> None:
        self._theme = theme
        self.document, self.name, self.folder = Short(), Short(), Short()
        for label in (self.document, self.folder):
            label.setProperty("role", "secondary")
        self.other = QPushButton(tr("Choose another file…"))
        self.filter = QLineEdit()
        self.filter.setPlaceholderText(tr("Search layers"))
        self.filter.setAccessibleName(tr("Search layers"))
        self.filter.setClearButtonEnabled(True)
        self.all, self.none = _flat(tr("All")), _flat(tr("None"))
        self.all.setToolTip(tr("Choose what was found for the layers shown"))
        self.none.setToolTip(tr("Let the layers shown keep their own weights"))
        self.counts = _label("secondary")
        self.view = WeightsView(theme, table)
        self.sentence = _label("secondary")
        self.sentence.setWordWrap(True)
        self.bar = QProgressBar()
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(4)
        self.unused = _flat("")
        self.unused.setCheckable(True)
        self.unused.setProperty("role", "row")
        self.unused.setIconSize(QSize(14, 14))
        self.unused.toggled.connect(self._show_unused)
        self._left = QStringListModel()
        self.left = QListView()
        self.left.setModel(self._left)
        self.left.setFrameShape(QFrame.Shape.NoFrame)
        self.left.setUniformItemSizes(True)
        self.left.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.left.setFont(theme.font(12))
        self.left.setFixedHeight(UNUSED_HEIGHT)
        self.left.setAccessibleName(tr("Layers of the file that nothing takes"))
        self.left.setStyleSheet("QListView { background: transparent; }")
        self.left.hide()
        self.button = QPushButton()
        self.button.setProperty("primary", True)
        self._build(sheet)
        theme.changed.connect(self._dress)
        self._dress()
        self.say("")

    def _build(self, sheet: FloatingSheet) -> None:
        theme, column = self._theme, sheet.column
        sheet.title.setText(tr("Weights from a file"))
        sheet.head.insertWidget(1, self.document)
        sheet.head.setContentsMargins(theme.l, theme.m, theme.m, theme.m)
        column.setContentsMargins(0, 0, 0, theme.m)
        column.setSpacing(0)
        column.addWidget(_line())
        file = _row(theme, [self.name, self.folder, self.other], stretch=1)
        file.setContentsMargins(theme.l, theme.m, theme.l, theme.s)
        column.addLayout(file)
        search = _row(theme, [self.filter, self.all, self.none, self.counts], stretch=0)
        search.setContentsMargins(theme.l, 0, theme.l, theme.s)
        column.addLayout(search)
        body = QVBoxLayout()
        body.setContentsMargins(theme.s, 0, theme.s, 0)
        body.setSpacing(theme.xs)
        body.addWidget(self.view, 1)
        body.addWidget(self.unused)
        body.addWidget(self.left)
        column.addLayout(body, 1)
        column.addWidget(_line())
        foot = _row(theme, [self.sentence, self.button], stretch=0)
        foot.setContentsMargins(theme.l, theme.m, theme.l, 0)
        column.addWidget(self.bar)
        column.addLayout(foot)

    def _dress(self) -> None:
        self.name.setFont(self._theme.font(13, 600))
        self._show_unused(self.unused.isChecked())

    def show_path(self, path: Path) -> None:
        """Name the file."""
        self.name.setText(path.name)
        self.folder.setText(str(path.parent))

    def say(self, words: str, *, role: str = "secondary", busy: bool = False) -> None:
        """Show a sentence beside the button, or none."""
        self.bar.setVisible(busy)
        self.sentence.setText(words)
        if self.sentence.property("role") != role:
            self.sentence.setProperty("role", role)
            # A style sheet looks at a property only when it is told to.
            self.sentence.style().unpolish(self.sentence)
            self.sentence.style().polish(self.sentence)

    def show_counts(self, chosen: int, rows: int, left: list[str]) -> None:
        """Show how many layers are chosen, and what of the file nothing takes."""
        words = tr("{count} of {all} layers", count=chosen, all=rows) if rows else ""
        self.counts.setText(words)
        self.unused.setText(tr("Layers of the file that nothing takes: {count}", count=len(left)))
        self.unused.setVisible(bool(left))
        self.left.setVisible(bool(left) and self.unused.isChecked())
        if self._left.stringList() != left:
            self._left.setStringList(left)

    def _show_unused(self, shown: bool) -> None:
        self.unused.setIcon(self._theme.icon("chevron-down" if shown else "chevron-right"))
        self.left.setVisible(shown)


def _label(role: str) -> QLabel:
    label = Label()
    if role:
        label.setProperty("role", role)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
    return label


def _flat(words: str) -> QPushButton:
    button = QPushButton(words)
    button.setProperty("flat", True)
    return button


def _line() -> QFrame:
    line = QFrame()
    line.setProperty("role", "line")
    return line


def _row(theme: Theme, widgets: list[QWidget], *, stretch: int) -> QLayout:
    row = QHBoxLayout()
    row.setSpacing(theme.s)
    for place, widget in enumerate(widgets):
        row.addWidget(widget, 1 if place == stretch else 0)
    return row
