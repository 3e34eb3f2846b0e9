"""Start page: templates as live thumbnails, recent files, and what to do in three steps."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QKeyEvent, QPainter, QPixmap
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from engine.datasets import DATASETS
from engine.errors import NetloomError
from engine.formats.project import SUFFIX, read_project
from engine.graph.document import Document
from engine.paths import TEMPLATES
from gui.i18n import tr
from gui.labels import Label
from gui.start.application_list import ApplicationList
from gui.start.template_card import TemplateCard
from gui.theme import Theme

Thumbnail = Callable[[Document, QSize], QPixmap]

# Two beside each other: what lies below is seen without scrolling.
MOST_RECENT = 6
RECENT_PICTURE, SHEET = QSize(96, 40), QSize(20, 20)
# Larger drawings would keep the start page waiting.
LARGEST_PICTURED = 300_000
CONTENT_WIDTH = 1120


class StartPage(QScrollArea):
    """Templates, recent files, new and open.

    Signals:
        template_chosen: Carries the template's path.
        recent_chosen: Carries the file's path.
        open_requested: A file is to be chosen.
        new_requested: An empty document is wanted.
        tour_requested: The tour is to be shown.
        application_chosen: Carries the key of a model of `keras.applications`.
        back_requested: The document that was in front is wanted again.
    """

    template_chosen = Signal(object)
    recent_chosen = Signal(object)
    open_requested = Signal()
    new_requested = Signal()
    tour_requested = Signal()
    application_chosen = Signal(str)
    back_requested = Signal()

    def __init__(self, theme: Theme, thumbnail: Thumbnail, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._thumbnail = theme, thumbnail
        self._cards: list[TemplateCard] = []
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        content = QWidget()
        content.setMaximumWidth(CONTENT_WIDTH)
        column = QVBoxLayout(content)
        column.setContentsMargins(theme.xl, 2 * theme.xl, theme.xl, theme.xl)
        column.setSpacing(theme.l)
        column.addLayout(self._head())
        column.addWidget(self._steps())
        self._recent_heading = _heading(tr("Recent files"))
        column.addSpacing(theme.s)
        column.addWidget(self._recent_heading)
        self._recent = QGridLayout()
        self._recent.setSpacing(0)
        column.addLayout(self._recent)
        column.addSpacing(theme.s)
        column.addWidget(_heading(tr("Templates")))
        self._grid = QGridLayout()
        self._grid.setSpacing(theme.l)
        self._fill(thumbnail)
        column.addLayout(self._grid)
        column.addSpacing(theme.s)
        column.addWidget(_heading(tr("Applications")))
        self.applications = ApplicationList(theme)
        self.applications.chosen.connect(self.application_chosen)
        column.addWidget(self.applications)
        column.addStretch(1)
        page = QWidget()
        row = QHBoxLayout(page)
        row.setContentsMargins(0, 0, 0, 0)
        row.addStretch(1)
        row.addWidget(content, 100)
        row.addStretch(1)
        self.setWidget(page)
        self.set_recent([])

    def offer_back(self, title: str | None) -> None:
        """Offer the way back to what was in front; None where nothing is open."""
        self.back.setVisible(title is not None)
        self.back.setText(tr("Back to “{name}”", name=title or ""))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and not self.back.isHidden():
            self.back_requested.emit()
        else:
            super().keyPressEvent(event)

    def set_recent(self, paths: list[Path]) -> None:
        """Show the files opened lately that still exist."""
        while (item := self._recent.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        shown = [path for path in paths if path.is_file()][:MOST_RECENT]
        self._recent_heading.setVisible(bool(shown))
        for number, path in enumerate(shown):
            words = f"{path.name}    {path.parent}"
            button = QPushButton(words.replace("&", "&&"))
            button.setIcon(self._picture(path))
            button.setIconSize(RECENT_PICTURE)
            button.setProperty("flat", True)
            button.setStyleSheet(f"text-align: left; min-height: {RECENT_PICTURE.height()}px;")
            button.clicked.connect(lambda _=False, path=path: self.recent_chosen.emit(path))
            self._recent.addWidget(button, number // 2, number % 2)

    def _picture(self, path: Path) -> QIcon:
        """Return a small picture of a file's network, or a sheet where it cannot be read soon."""
        try:
            if path.suffix == SUFFIX and path.stat().st_size < LARGEST_PICTURED:
                return QIcon(self._thumbnail(read_project(path), RECENT_PICTURE))
        except (NetloomError, OSError):
            pass
        whole = QPixmap(RECENT_PICTURE)
        whole.fill(Qt.GlobalColor.transparent)
        place = QRect(QPoint(), SHEET)
        place.moveCenter(whole.rect().center())
        with QPainter(whole) as painter:
            # On a ground as the pictures of networks have, so that both stand in one column.
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(self._theme.colors.border)
            painter.setBrush(self._theme.colors.surface)
            painter.drawRoundedRect(whole.rect().adjusted(1, 1, -1, -1), 4, 4)
            painter.drawPixmap(place, self._theme.icon("file").pixmap(SHEET))
        return QIcon(whole)

    def _head(self) -> QHBoxLayout:
        words = QVBoxLayout()
        words.setSpacing(self._theme.xs)
        title = Label("Netloom")
        title.setFont(self._theme.font(28, 700))
        words.addWidget(title)
        below = Label(tr("Draw a neural network, watch it learn, look inside."))
        below.setProperty("role", "secondary")
        below.setFont(self._theme.font(14))
        words.addWidget(below)
        row = QHBoxLayout()
        row.setSpacing(self._theme.s)
        row.addLayout(words, 1)
        self.back = QPushButton()
        self.back.clicked.connect(self.back_requested)
        self.offer_back(None)
        opening = QPushButton(tr("Open…"))
        opening.clicked.connect(self.open_requested)
        new = QPushButton(tr("New network"))
        new.setProperty("primary", True)
        new.clicked.connect(self.new_requested)
        for button in (self.back, opening, new):
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignBottom)
        return row

    def _steps(self) -> QWidget:
        steps = (
            tr("1  Pick or draw a network"),
            tr("2  Press Train"),
            tr("3  Look inside and export"),
        )
        label = Label("      →      ".join(steps))
        label.setProperty("role", "secondary")
        tour = QPushButton(tr("Take the tour"))
        tour.setProperty("flat", True)
        tour.clicked.connect(self.tour_requested)
        part = QWidget()
        row = QHBoxLayout(part)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(label)
        row.addSpacing(self._theme.l)
        row.addWidget(tour)
        row.addStretch(1)
        return part

    def _fill(self, thumbnail: Thumbnail) -> None:
        for path in sorted(TEMPLATES.glob("*.netloom")):
            try:
                document = read_project(path)
            except NetloomError:
                continue
            spec = DATASETS.find(document.data.kind)
            card = TemplateCard(
                self._theme, document, tr(spec.title) if spec else document.data.kind, thumbnail
            )
            card.chosen.connect(lambda path=path: self.template_chosen.emit(path))
            self._cards.append(card)
        self._place(4)

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        width = min(self.viewport().width(), CONTENT_WIDTH) - 2 * self._theme.xl
        self._place(max(1, width // (TemplateCard.WIDTH + self._theme.l)))

    def _place(self, columns: int) -> None:
        for number, card in enumerate(self._cards):
            self._grid.addWidget(card, number // columns, number % columns)
        for column in range(self._grid.columnCount()):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)


def _heading(text: str) -> QLabel:
    label = Label(text)
    label.setProperty("role", "title")
    return label
