"""One format of the export sheet: what it is for, where to, and how it went."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import (
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from engine.formats.exporting import EXTRA, ExportFormat
from gui.exporting.exporter import Outcome
from gui.files import file_dialogs
from gui.i18n import tr, tr_text
from gui.labels import Label, wrapped
from gui.numbers import bytes_text
from gui.theme import Theme


class Detail(QWidget):
    """The right side of the sheet.

    Signals:
        wanted: The document shall be written; carries the format's key and the path.
        picture_wanted: The bar that saves pictures shall open.
        cancelled: The file that is being written is not wanted any more.
    """

    wanted = Signal(str, object)
    picture_wanted = Signal()
    cancelled = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._item: ExportFormat | None = None
        self._outcome: Outcome | None = None
        self._folder, self._busy = Path.home(), False
        self.title, self.help = wrapped("title"), wrapped()
        self.advice, self.sentence = wrapped("secondary"), wrapped("error")
        self.path = QLineEdit()
        self.path.setAccessibleName(tr("File"))
        self.path.textChanged.connect(lambda _: self._check_path())
        self.path.returnPressed.connect(self.export)
        self.browse = QPushButton(tr("Choose…"))
        self.browse.clicked.connect(self._ask_path)
        self.exists = wrapped("warning")
        self.button = QPushButton(tr("Export"))
        self.button.setProperty("primary", True)
        self.button.clicked.connect(self.export)
        self.cancel = QPushButton(tr("Cancel"))
        self.cancel.clicked.connect(self._cancel)
        self.stage = wrapped("secondary")
        self.bar = QProgressBar()
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(4)
        self.copy = QPushButton(tr("Copy the command"))
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(EXTRA))
        self.result = self._make_result()
        self._build()

    def _make_result(self) -> QWidget:
        part = QWidget()
        form = QFormLayout(part)
        form.setContentsMargins(0, 0, 0, 0)
        form.setHorizontalSpacing(self._theme.l)
        form.setVerticalSpacing(self._theme.xs)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        self.figures: dict[str, QLabel] = {}
        for key, name in (
            ("file", tr("File")),
            ("size", tr("Size")),
            ("reader", tr("Read back by")),
            ("difference", tr("Largest difference")),
        ):
            label = Label(name)
            label.setProperty("role", "secondary")
            value = wrapped()
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            form.addRow(label, value)
            self.figures[key] = value
        self._form = form
        self.note = wrapped("warning")
        form.addRow(self.note)
        self.show_file = QPushButton(tr("Show in folder"))
        self.show_file.clicked.connect(self._open_folder)
        row = QHBoxLayout()
        row.addWidget(self.show_file)
        row.addStretch(1)
        form.addRow(row)
        return part

    def _build(self) -> None:
        theme = self._theme
        self._file = QWidget()
        where = QHBoxLayout(self._file)
        where.setContentsMargins(0, 0, 0, 0)
        where.setSpacing(theme.s)
        where.addWidget(self.path, 1)
        where.addWidget(self.browse)
        go = QHBoxLayout()
        go.setSpacing(theme.s)
        go.addWidget(self.button)
        go.addWidget(self.cancel)
        go.addWidget(self.stage)
        go.addWidget(self.copy)
        go.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.l, theme.l, theme.l, theme.l)
        column.setSpacing(theme.s)
        for widget in (self.title, self.help, self.advice):
            column.addWidget(widget)
        column.addSpacing(theme.s)
        column.addWidget(self._file)
        column.addWidget(self.exists)
        column.addLayout(go)
        column.addWidget(self.bar)
        column.addSpacing(theme.s)
        column.addWidget(self.sentence)
        column.addWidget(self.result)
        column.addStretch(1)

    # --- what is shown ---------------------------------------------------------------------

    def show_format(self, item: ExportFormat, path: Path, advice: str, *, busy: bool) -> None:
        """Show a format and where its file would go."""
        self._item, self._outcome, self._folder = item, None, path.parent
        self.title.setText(tr(item.title))
        self.help.setText(tr(item.help))
        self._say(self.advice, advice)
        self._file.show()
        self.path.setText(str(path))
        self.button.setText(tr("Export"))
        self.result.hide()
        missing = item.missing_text()
        self._say(self.sentence, tr_text(missing) if missing is not None else "")
        self.copy.setVisible(missing is not None)
        self.set_busy(busy=busy)

    def show_picture(self) -> None:
        """Show the way to pictures, which have choices of their own."""
        self._item = None
        self.title.setText(tr("Picture (SVG, PNG, PDF)"))
        self.help.setText(
            tr(
                "The drawing for a paper, a slide or a page. A bar above the canvas asks for"
                " format, colors and part."
            )
        )
        for part in (self.advice, self._file, self.exists, self.sentence, self.result, self.copy):
            part.hide()
        for part in (self.bar, self.stage, self.cancel):
            part.hide()
        self.button.setText(tr("Choose what it shows…"))
        self.button.setEnabled(True)

    def show_outcome(self, outcome: Outcome) -> None:
        """Show how an export went."""
        self._outcome = outcome
        if outcome.problem is not None:
            self.result.hide()
            self._say(self.sentence, tr_text(outcome.problem))
            return
        self._say(self.sentence, "")
        self.figures["file"].setText(outcome.path.name)
        self.figures["file"].setToolTip(str(outcome.path))
        self.figures["size"].setText(bytes_text(outcome.bytes))
        read = bool(outcome.reader) and outcome.difference is not None
        self._form.setRowVisible(self.figures["reader"], read)
        self._form.setRowVisible(self.figures["difference"], read)
        self.figures["reader"].setText(outcome.reader)
        if outcome.difference is not None:
            difference = "0" if outcome.difference == 0 else f"{outcome.difference:.1e}"
            words = tr(
                "{difference} over {count} samples", difference=difference, count=outcome.samples
            )
            self.figures["difference"].setText(words)
        self._say(self.note, tr_text(outcome.note) if outcome.note is not None else "")
        self._say(self.exists, "")
        self.result.show()

    def set_busy(self, *, busy: bool) -> None:
        """Say whether a file is being written."""
        self._busy = busy
        for part in (self.bar, self.stage, self.cancel):
            part.setVisible(busy)
        if busy:
            self.stage.setText("")
            self.cancel.setEnabled(True)
            self.result.hide()
            self._say(self.sentence, "")
            self._say(self.exists, "")
            self._allow()
        else:
            self._check_path()

    def show_stage(self, stage: str) -> None:
        """Say what the engine is at."""
        stages = {
            "building": tr("Building the model…"),
            "converting": tr("Converting…"),
            "reading": tr("Reading back…"),
        }
        if self.cancel.isEnabled():
            self.stage.setText(stages[stage])

    def _cancel(self) -> None:
        self.cancel.setEnabled(False)
        self.stage.setText(tr("Cancelling…"))
        self.cancelled.emit()

    def _allow(self) -> None:
        """Let the button be pressed where there is something to do and a place for it."""
        item = self._item
        ready = item is None or (not item.missing() and self.chosen_path() is not None)
        self.button.setEnabled(ready and not self._busy)

    def _say(self, label: QLabel, words: str) -> None:
        label.setText(words)
        label.setVisible(bool(words))

    # --- where to --------------------------------------------------------------------------

    def _check_path(self) -> None:
        path, words = self.chosen_path(), ""
        if self._item is not None and not self.path.text().strip():
            words = tr("Name the file to write.")
        elif self._item is not None and path is None:
            words = tr("This is a folder: add the name of a file.")
        elif path is not None and path.exists():
            words = tr("This file is there already and will be replaced.")
        self._say(self.exists, words)
        if self._outcome is not None and path != self._outcome.path:
            # What is shown would be taken for facts about the other file.
            self._outcome = None
            self.result.hide()
            self._say(self.sentence, "")
        self._allow()

    def chosen_path(self) -> Path | None:
        """Return the path in the field, with the format's ending; None where there is none."""
        if self._item is None:
            return None
        return file_dialogs.typed(self.path.text(), self._folder, self._item.ending)

    def _ask_path(self) -> None:
        if self._item is None:
            return
        path = self.chosen_path() or self._folder
        pattern = f"{tr(self._item.title)} (*{self._item.ending})"
        found = file_dialogs.save_file(self, tr("Export"), path, pattern)
        if found is not None:
            self.path.setText(str(found))

    def export(self) -> None:
        """Ask for the file to be written."""
        if self._item is None:
            self.picture_wanted.emit()
        elif (path := self.chosen_path()) is not None and self.button.isEnabled():
            self.wanted.emit(self._item.key, path)

    def _open_folder(self) -> None:
        if self._outcome is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._outcome.path.parent)))
