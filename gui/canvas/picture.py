"""A network as a picture in a file: SVG, PDF or PNG."""

from __future__ import annotations

import tempfile
from collections.abc import Collection
from pathlib import Path

from PySide6.QtCore import QByteArray, QMarginsF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QImage, QImageWriter, QPageSize, QPainter, QPdfWriter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QStyleOptionGraphicsItem

from engine.errors import FileProblem
from engine.paths import replacing
from gui.canvas.scene import NetworkScene
from gui.session import Session
from gui.theme import Theme

MARGIN = 24.0
# Pixels of the longest side: what a picture may be before memory runs out.
LARGEST = 30_000
# A pixel of the canvas on paper, in points: cards are 5 cm wide at 100 %.
POINTS = 0.75
DOTS = 1200
FORMATS = ("svg", "png", "pdf")


class Picture:
    """What a picture shows, drawn by a scene of its own so that the canvas keeps its look.

    Args:
        session: The document.
        theme: The look; `Theme("paper")` for print.
        scope: The block whose inside is shown, or "".
        only: Nodes to show; all where empty.
        background: Whether the ground is painted.
    """

    def __init__(
        self,
        session: Session,
        theme: Theme,
        scope: str = "",
        only: Collection[str] = (),
        *,
        background: bool = True,
    ) -> None:
        self._scene = NetworkScene(theme, session, scope)
        self._background = theme.colors.canvas if background else None
        self._scene.set_plain()
        if only:
            self._hide_others(set(only))
        rect = QRectF()
        for item in self._scene.items():
            if item.isVisible() and item is not self._scene.wires:
                rect = rect.united(item.sceneBoundingRect())
        self.rect = rect.adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN)

    def _hide_others(self, only: set[str]) -> None:
        outline = self._scene.outline
        for card, item in self._scene.nodes.items():
            item.setVisible(only.issuperset(outline.nodes_of(card)))
        for wire, line in self._scene.edges.items():
            line.set_shown(wire.source in only and wire.target in only)
        for block, frame in self._scene.grounds.blocks.items():
            frame.setVisible(only.issuperset(outline.frames[block]))
        for mark in self._scene.grounds.marks.values():
            mark.setVisible(False)

    def close(self) -> None:
        """Let the scene go."""
        self._scene.let_go()

    def image(self, scale: float = 2.0) -> QImage:
        """Return the picture as an image.

        Args:
            scale: Pixels of the image a pixel of the canvas at 100 %; less where the image would
                be larger than memory allows.
        """
        longest = max(self.rect.width(), self.rect.height())
        scale = min(scale, LARGEST / max(longest, 1.0))
        size = (self.rect.size() * scale).toSize().expandedTo(QSize(1, 1))
        image = QImage(size, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        self._paint(painter, QRectF(image.rect()))
        painter.end()
        image.setDotsPerMeterX(round(DOTS / 0.0254 / 4))
        image.setDotsPerMeterY(round(DOTS / 0.0254 / 4))
        return image

    def save(self, path: Path, format: str, scale: float = 2.0) -> None:
        """Write the picture; a failure leaves the old file untouched.

        Args:
            path: Where to.
            format: One of `FORMATS`.
            scale: Pixels of a PNG a pixel of the canvas at 100 %.

        Raises:
            FileProblem: The file cannot be written.
        """
        with replacing(path) as temporary:
            if format == "svg":
                self._save_svg(temporary)
            elif format == "pdf":
                self._save_pdf(temporary)
            elif not QImageWriter(str(temporary), QByteArray(b"png")).write(self.image(scale)):
                raise FileProblem("“{path}” cannot be written.", path=path)

    def svg(self) -> str:
        """Return the picture as SVG.

        Raises:
            FileProblem: The folder of temporary files cannot be written.
        """
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "picture.svg"
            self.save(path, "svg")
            return path.read_text(encoding="utf-8")

    def _save_svg(self, path: Path) -> None:
        generator = QSvgGenerator()
        generator.setFileName(str(path))
        generator.setSize(self.rect.size().toSize())
        generator.setViewBox(QRectF(0, 0, self.rect.width(), self.rect.height()))
        generator.setTitle("Netloom")
        painter = QPainter(generator)
        self._paint(painter, QRectF(0, 0, self.rect.width(), self.rect.height()))
        painter.end()

    def _save_pdf(self, path: Path) -> None:
        writer = QPdfWriter(str(path))
        size = QSizeF(self.rect.width() * POINTS, self.rect.height() * POINTS)
        writer.setPageSize(QPageSize(size, QPageSize.Unit.Point))
        writer.setPageMargins(QMarginsF(0, 0, 0, 0))
        writer.setResolution(DOTS)
        writer.setCreator("Netloom")
        painter = QPainter(writer)
        self._paint(painter, QRectF(0, 0, writer.width(), writer.height()))
        painter.end()

    def _paint(self, painter: QPainter, target: QRectF) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._background is not None:
            painter.fillRect(target, self._background)
        # At the canvas's own size, so that every card shows all that it says.
        painter.translate(target.topLeft())
        factor = min(target.width() / self.rect.width(), target.height() / self.rect.height())
        painter.scale(factor, factor)
        painter.translate(-self.rect.topLeft())
        option = QStyleOptionGraphicsItem()
        for item in sorted(self._scene.items(), key=lambda item: item.zValue()):
            if item.isVisible():
                painter.save()
                painter.translate(item.pos())
                option.exposedRect = item.boundingRect()
                item.paint(painter, option, None)
                painter.restore()
