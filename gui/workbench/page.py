"""The workbench: one HDF5 file to be looked into, and to be compared with another."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from engine.errors import Text
from engine.formats.hdf5.comparing import Difference
from engine.formats.hdf5.questions import about, channel_of, difference, differences
from engine.formats.hdf5.remote import RemoteFile, asked
from engine.formats.hdf5.tree import Entry
from gui.files import file_dialogs
from gui.i18n import tr, tr_text
from gui.labels import Short
from gui.numbers import bytes_text
from gui.theme import Theme
from gui.workbench.background import Background
from gui.workbench.browser import Browser
from gui.workbench.details import Details
from gui.workbench.differences import Differences, pairs_of

PATTERN = "HDF5 (*.h5 *.hdf5 *.hdf *.he5 *.nc *.mat);;* (*)"
SIZES = (496, 784)


class Workbench(QFrame):
    """Tree at the left, what is selected in it at the right.

    Args:
        theme: The look.
        path: The file.

    Signals:
        network_wanted: The network shall get weights of the file; carries its path.

    Raises:
        FileProblem: It cannot be opened.
    """

    network_wanted = Signal(object)

    def __init__(self, theme: Theme, path: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.path = path
        self._file = RemoteFile(path)
        self._size = path.stat().st_size
        self.setProperty("role", "panel")
        self._theme = theme
        self._other: Path | None = None
        self._shown: Entry | None = None
        self._different: Difference | None = None
        self.reading, self.comparing = Background(self), Background(self)
        self.picturing = Background(self)
        self.browser, self.differences = Browser(theme), Differences(theme)
        self.details = Details(theme, self.reading)
        self._build()
        self.browser.chosen.connect(self.show_entry)
        self.differences.chosen.connect(self.show_difference)
        self.details.tensor.channel_changed.connect(self._channel_changed)
        self.picturing.answered.connect(self.details.tensor.show_picture)
        self.picturing.failed.connect(self.details.tensor.keep_channel)
        self.comparing.answered.connect(self.differences.show_found)
        self.comparing.progressed.connect(self._compared)
        self.comparing.failed.connect(self._not_compared)
        self.browser.show_file(path, self._file)
        self.setFocusProxy(self.browser.tree)

    def _build(self) -> None:
        theme = self._theme
        self._title, self._facts = Short(), Short()
        self._title.setProperty("role", "title")
        self._facts.setProperty("role", "secondary")
        self._facts.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.use_button = QPushButton(tr("Use in network…"))
        self.use_button.clicked.connect(lambda: self.network_wanted.emit(self.path))
        self.compare_button = QPushButton(tr("Compare with…"))
        self.compare_button.clicked.connect(self.ask_other)
        self.end_button = QPushButton(tr("End comparison"))
        self.end_button.clicked.connect(self.end_comparison)
        head = QHBoxLayout()
        head.setContentsMargins(theme.l, theme.m, theme.l, theme.m)
        head.setSpacing(theme.m)
        head.addWidget(self._title)
        head.addWidget(self._facts, 1)
        head.addWidget(self.use_button)
        head.addWidget(self.compare_button)
        head.addWidget(self.end_button)
        line = QFrame()
        line.setProperty("role", "line")
        self.left = QStackedWidget()
        self.left.addWidget(self.browser)
        self.left.addWidget(self.differences)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.addWidget(self.left)
        splitter.addWidget(self.details)
        splitter.setHandleWidth(1)
        splitter.setChildrenCollapsible(False)
        splitter.setStretchFactor(1, 1)
        splitter.setSizes(list(SIZES))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(line)
        column.addWidget(splitter, 1)
        self._name()
        self.set_network(None)

    def _name(self) -> None:
        self._title.setText(self.path.name)
        facts = f"{bytes_text(self._size)} · {self.path.parent}"
        if self._other is not None:
            facts = tr("compared with “{name}”", name=str(self._other))
        self._facts.setText(facts)
        self.end_button.setVisible(self._other is not None)

    def set_network(self, title: str | None) -> None:
        """Say which network the weights would be for; None where there is none."""
        self.use_button.setEnabled(title is not None)
        tip = tr("Open a network first: its layers can get weights of this file.")
        if title is not None:
            tip = tr("Give layers of “{name}” weights of this file", name=title or tr("Untitled"))
        self.use_button.setToolTip(tip)

    def reload(self) -> None:
        """Read the file anew: it may have been written since.

        Raises:
            FileProblem: It cannot be opened any more; what was read stays.
        """
        file = RemoteFile(self.path)
        self.end_comparison()
        self._file, self._size = file, self.path.stat().st_size
        self.browser.show_file(self.path, file)
        self._name()

    def close_file(self) -> None:
        """Stop reading and let go of the file."""
        for background in (self.reading, self.comparing, self.picturing):
            background.close()
        self.browser.close_file()

    # --- what is selected ----------------------------------------------------------------------

    def show_entry(self, entry: Entry) -> None:
        """Show what there is in an entry."""
        self._shown, self._different = entry, None
        self.picturing.stop()
        title = self.path.name if entry.path == "/" else ""
        self.details.show_entry(entry, asked(self.path, about, self.path, entry.path), title)

    def show_difference(self, found: Difference) -> None:
        """Show how a data set differs."""
        self._shown, self._different = None, found
        self.picturing.stop()
        work = None
        if self._other is not None and found.state == "values" and found.most:
            work = asked(self.path, difference, self.path, self._other, found.path)
        self.details.show_difference(found.path, pairs_of(found), work)

    def _channel_changed(self, channel: int) -> None:
        shown = self._shown or self._different
        if shown is not None:
            other = None if self._different is None else self._other
            self.picturing.ask(asked(self.path, channel_of, self.path, other, shown.path, channel))

    # --- comparison ----------------------------------------------------------------------------

    def ask_other(self) -> None:
        """Ask for another file and compare with it."""
        other = file_dialogs.open_file(self, tr("Compare with"), PATTERN, str(self.path.parent))
        if other is not None:
            self.compare(other)

    def compare(self, other: Path) -> None:
        """Show how this file differs from another one."""
        self._other = other
        self._name()
        self.picturing.stop()
        self.details.clear()
        self.differences.say(tr("Comparing…"))
        self.left.setCurrentWidget(self.differences)
        self.comparing.ask(asked(self.path, differences, self.path, other))

    def end_comparison(self) -> None:
        """Show the tree again."""
        if self._other is None:
            return
        self.comparing.stop()
        self._other = None
        self._name()
        self.left.setCurrentWidget(self.browser)
        entry = self.browser.entry()
        if entry is not None:
            self.show_entry(entry)
        else:
            self.details.clear()

    def _compared(self, share: float) -> None:
        if not self.differences.found:
            self.differences.say(tr("Comparing… {percent} %", percent=round(100 * share)))

    def _not_compared(self, words: Text) -> None:
        self.differences.say(tr_text(words))
