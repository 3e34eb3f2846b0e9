"""What a picture of the network shall show, and saving it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QPushButton

from engine.errors import NetloomError, text
from gui.canvas.bar import Bar
from gui.canvas.picture import FORMATS, Picture
from gui.files import file_dialogs
from gui.i18n import tr
from gui.labels import Label
from gui.theme import PAPER, Theme

if TYPE_CHECKING:
    from gui.canvas.view import CanvasView

SCALES = (1, 2, 3, 4, 6, 8)


class PictureBar(Bar):
    """Lies at the upper edge of the canvas while a picture is being made."""

    def __init__(self, theme: Theme, view: CanvasView) -> None:
        super().__init__(theme, view)
        self._format = _box(tr("Format"), [(name.upper(), name) for name in FORMATS])
        self._what = _box(tr("What"), [(tr("Whole network"), False), (tr("Selection"), True)])
        self._style = _box(tr("Style"), [(tr("For print"), PAPER), (tr("As on screen"), "")])
        self._scale = _box(tr("Size"), [(f"{scale}×", scale) for scale in SCALES])
        self._scale.setCurrentIndex(1)
        self._ground = QCheckBox(tr("Background"))
        self._ground.setChecked(True)
        self._save = QPushButton(tr("Save…"))
        self._save.setProperty("primary", True)
        self._save.clicked.connect(self._ask)
        self._copy = QPushButton(tr("Copy"))
        self._copy.clicked.connect(self._to_clipboard)
        self._format.currentIndexChanged.connect(self._changed)
        grid = QGridLayout(self)
        grid.setContentsMargins(theme.m, theme.s, theme.s, theme.s)
        grid.setSpacing(theme.s)
        for place, (name, part) in enumerate(
            (
                (tr("Format"), self._format),
                (tr("Size"), self._scale),
                (tr("What"), self._what),
                (tr("Style"), self._style),
            )
        ):
            grid.addWidget(Label(name), place // 2, 2 * (place % 2))
            grid.addWidget(part, place // 2, 2 * (place % 2) + 1)
        grid.addWidget(self._ground, 0, 4)
        grid.addWidget(self._close, 0, 5, Qt.AlignmentFlag.AlignRight)
        grid.addWidget(self._copy, 1, 4)
        grid.addWidget(self._save, 1, 5)

    def open(self) -> None:
        """Show the bar."""
        self._what.setCurrentIndex(int(bool(self._view.session.selection)))
        self._changed()
        self.show_bar()
        self._format.setFocus()

    def _changed(self) -> None:
        self._scale.setEnabled(self._format.currentData() == "png")

    def picture(self) -> Picture:
        """Return the picture as chosen; the caller closes it."""
        mode = self._style.currentData()
        theme = Theme(mode) if mode else self._theme
        only = self._view.session.selection if self._what.currentData() else ()
        return Picture(
            self._view.session,
            theme,
            self._view.network.scope,
            only,
            background=self._ground.isChecked(),
        )

    def _ask(self) -> None:
        ending = self._format.currentData()
        session = self._view.session
        name = (session.path.stem if session.path else session.document.title) or tr("network")
        folder = session.path.parent if session.path else Path.home()
        proposal = folder / f"{name.replace('/', '-')}.{ending}"
        path = file_dialogs.save_file(
            self, tr("Save picture"), proposal, f"{ending.upper()} (*.{ending})"
        )
        if path is not None:
            self.save(
                path if path.suffix == f".{ending}" else path.with_name(f"{path.name}.{ending}")
            )

    def save(self, path: Path) -> None:
        """Write the picture as chosen, and say so."""
        picture = self.picture()
        try:
            picture.save(path, self._format.currentData(), float(self._scale.currentData()))
        except NetloomError as error:
            self._view.session.posted.emit(error.text, "error")
            return
        finally:
            picture.close()
        self._view.session.posted.emit(text("Picture saved to {path}.", path=str(path)), "info")
        self.close_bar()

    def _to_clipboard(self) -> None:
        picture = self.picture()
        QGuiApplication.clipboard().setImage(picture.image(float(self._scale.currentData())))
        picture.close()
        self._view.session.posted.emit(text("The picture is on the clipboard."), "info")
        self.close_bar()


def _box(name: str, entries: list[tuple[str, object]]) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(name)
    for words, value in entries:
        box.addItem(words, value)
    return box
