"""How the drawing differs from another one, shown on the canvas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QHBoxLayout, QPushButton

from engine.graph.differences import Differences, differences
from engine.graph.document import Document
from engine.graph.geometry import CARD_HEIGHT, CARD_WIDTH
from gui.canvas.bar import Bar
from gui.canvas.card import RADIUS
from gui.i18n import tr
from gui.labels import Label
from gui.theme import Theme

if TYPE_CHECKING:
    from gui.canvas.view import CanvasView


class CompareBar(Bar):
    """Counts what was added, changed and removed; Next goes from one to the next."""

    def __init__(self, theme: Theme, view: CanvasView) -> None:
        super().__init__(theme, view)
        self._other: Document | None = None
        self._name = ""
        self._found: Differences | None = None
        self._place = -1
        self._label = Label()
        self._label.setTextFormat(Qt.TextFormat.RichText)
        self._next = QPushButton(tr("Next"))
        self._next.clicked.connect(self._go_on)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.m, theme.s, theme.s, theme.s)
        row.setSpacing(theme.m)
        for part in (self._label, self._next, self._close):
            row.addWidget(part)
        view.session.edited.connect(self.refresh)

    @property
    def found(self) -> Differences | None:
        """The differences shown, or None."""
        return self._found

    def open(self, other: Document, name: str) -> None:
        """Compare the drawing with another one.

        Args:
            other: The other document.
            name: What it is called.
        """
        self._other, self._name, self._place = other, name, -1
        self.refresh()
        self.show_bar()

    def refresh(self, *_: object) -> None:
        """Compare again."""
        if self._other is None:
            return
        found = self._found = differences(self._view.session.document, self._other)
        status = dict.fromkeys(found.added, "added") | dict.fromkeys(found.changed, "changed")
        self._view.network.show_changes(status)
        colors = self._theme.colors
        parts = [
            (colors.success, tr("{count} added", count=len(found.added))),
            (colors.warning, tr("{count} changed", count=len(found.changed))),
            (colors.error, tr("{count} removed", count=len(found.removed))),
        ]
        words = " · ".join(
            f'<span style="color:{tint.name()}">{word}</span>' for tint, word in parts
        )
        wires = tr("{count} wires", count=len(found.new_edges) + len(found.lost_edges))
        plan = ", ".join({"data": tr("Data"), "recipe": tr("Recipe")}[part] for part in found.plan)
        head = tr("Compared with “{name}”:", name=self._name)
        tail = f" · {plan}" if plan else ""
        self._label.setText(f"{head} {words} · {wires}{tail}")
        self._next.setEnabled(bool(status or found.removed))
        self._view.viewport().update()
        self.follow()

    def follow(self) -> None:
        """Lie in the middle of the upper edge."""
        self.adjustSize()
        self.move(max(8, (self._view.viewport().width() - self.width()) // 2), 12)

    def close_bar(self) -> None:
        """Vanish; the drawing looks as usual again."""
        self._other = self._found = None
        self._view.network.show_changes({})
        self._view.viewport().update()
        super().close_bar()

    def paint(self, painter: QPainter) -> None:
        """Draw the outlines of cards that only the other drawing has."""
        if self._found is None:
            return
        colors = self._theme.colors
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colors.error, 1.5, Qt.PenStyle.DashLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setFont(self._theme.font(13, 600))
        for node in self._found.removed:
            box = QRectF(*node.at, CARD_WIDTH, CARD_HEIGHT)
            painter.drawRoundedRect(box, RADIUS, RADIUS)
            words = box.adjusted(20, 0, -8, 0)
            painter.drawText(words, int(Qt.AlignmentFlag.AlignVCenter), node.layer)

    def _go_on(self) -> None:
        if self._found is None:
            return
        order = self._view.session.document.network.ordered()
        mine = [n.id for n in order if n.id in self._found.added | self._found.changed]
        stops = len(mine) + len(self._found.removed)
        if not stops:
            return
        self._place = (self._place + 1) % stops
        if self._place < len(mine):
            self._view.reveal(mine[self._place])
        else:
            node = self._found.removed[self._place - len(mine)]
            self._view.centerOn(QRectF(*node.at, CARD_WIDTH, CARD_HEIGHT).center())
