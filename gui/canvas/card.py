"""What a card shows, and how it is painted at each distance."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from engine.graph.calls import owner_of
from engine.graph.document import Network
from engine.graph.geometry import CARD_HEIGHT, CARD_WIDTH
from engine.graph.nesting import Ports, children
from engine.layers import LAYERS
from gui.canvas.stamps import Stamps
from gui.i18n import tr, tr_text
from gui.theme import Theme

STRIPE = 5
RADIUS = 7
SPARE = 18
FAR, MIDDLE = 0.3, 0.6
# Below MIDDLE only the title stands on a card, about this large on the screen in pixels.
TITLE = 8.5
MOST_TEXTS = 20_000
# On a warmer ground secondary words would be hard to read.
FAINT = 0.2


@dataclass(frozen=True)
class Face:
    """Everything a card says.

    Attributes:
        title: Kind of layer, such as "Conv2D".
        name: Name of the layer in Keras.
        line: What matters of its parameters.
        figure: Number of its weights or another figure, written out, or "".
        heat: How much of that figure it has, from 0 to 1; 0 where heat is not shown.
        outputs: Number of output ports to draw.
        stacked: Whether the card stands for a block.
        locked: Whether it is protected from edits.
        change: How it differs from a drawing that this one is compared with: "added", "changed".
        category: Category of the layer, for its color.
        severity: Worst problem: "error", "warning", "advice" or "".
        shared: Whether its weights are another node's.
        inputs: Number of input ports to draw.
        spare: Whether the last input port is one more than needed, for a further wire.
    """

    title: str
    name: str
    line: str
    figure: str
    category: str
    severity: str
    shared: bool
    inputs: int
    spare: bool
    heat: float = 0.0
    outputs: int = 1
    stacked: bool = False
    locked: bool = False
    change: str = ""

    def seen(self) -> Face:
        """Return what is painted of it: the name only where no parameters are told."""
        return replace(self, name="") if self.line else self


def face_of(network: Network, node_id: str, figure: str, severity: str, heat: float = 0.0) -> Face:
    """Say what the card of a node shows."""
    node = network.nodes[node_id]
    spec = LAYERS.find(node.layer)
    wires = len(network.inputs(node_id))
    if spec is None:
        line, title, category, ports = tr("unknown layer"), node.layer, "", max(1, wires)
        spare = False
    else:
        complete = spec.complete(owner_of(network, node_id).params)
        try:
            line = tr_text(spec.summary(complete))
        except (TypeError, ValueError, KeyError, IndexError):
            line = ""  # A value of the wrong type is told among the problems.
        title, category = tr(spec.title), spec.category
        most = spec.most_inputs(complete)
        ports = most if most is not None and most <= 1 else max(spec.min_inputs, wires + 1)
        ports = min(ports, most) if most is not None else ports
        spare = most != 1 and ports == wires + 1 > max(spec.min_inputs, 1)
    return Face(
        title,
        node.title,
        line,
        figure,
        category,
        severity,
        bool(node.shares),
        max(ports, wires),
        spare,
        round(heat, 2),
        locked=node.locked,
    )


def face_of_block(
    network: Network,
    block_id: str,
    count: int,
    ports: Ports,
    figure: str,
    severity: str,
    heat: float = 0.0,
) -> Face:
    """Say what the card of a collapsed block of `count` layers shows."""
    block = network.blocks[block_id]
    line = tr("{count} layers", count=count)
    if block.row:
        times = len(children(network, block_id))
        line = tr("{count} layers, {times} times", count=count // max(times, 1), times=times)
    return Face(
        block.title,
        "",
        line,
        figure,
        "block",
        severity,
        bool(block.link),
        len(ports.inputs),
        False,
        round(heat, 2),
        max(len(ports.outputs), 1),
        stacked=True,
    )


def port_along(place: int, count: int, spare: bool = False, length: float = CARD_WIDTH) -> float:
    """Return where a port lies along the edge of its card.

    Ports are spread evenly, so that branches meet in the middle; a spare one lies at the end.

    Args:
        place: The port's place, from 0.
        count: How many ports there are.
        spare: Whether the last one is spare.
        length: How long the edge is.
    """
    if not spare:
        return length * (place + 1) / (count + 1)
    if place == count - 1:
        return length - SPARE * length / CARD_WIDTH
    room = length if count < 7 else length - SPARE
    return room * (place + 1) / count


def heat_color(theme: Theme, heat: float, most: float = 0.42) -> QColor:
    """Return the ground of a card: the more heat, the more of a warm color."""
    cold, warm = theme.colors.surface, theme.colors.plot_validation
    part = most * heat
    pairs = (
        (cold.red(), warm.red()),
        (cold.green(), warm.green()),
        (cold.blue(), warm.blue()),
    )
    return QColor(*(round(first + (last - first) * part) for first, last in pairs))


class CardPainter:
    """Paints cards; keeps fonts and shortened texts, which are dear to make, between frames."""

    def __init__(self, theme: Theme) -> None:
        self.theme = theme
        self._fonts: dict[tuple[int, int], tuple[QFont, QFontMetricsF]] = {}
        self._short: dict[tuple[str, int, int, float], str] = {}
        self.stamps = Stamps()
        theme.changed.connect(self.stamps.clear)

    def font(self, size: int, weight: int = 400) -> tuple[QFont, QFontMetricsF]:
        """Return a font of the interface with its measures."""
        if (size, weight) not in self._fonts:
            font = self.theme.font(size, weight)
            self._fonts[size, weight] = font, QFontMetricsF(font)
        return self._fonts[size, weight]

    def paint(
        self, painter: QPainter, face: Face, scale: float, *, selected: bool, hovered: bool
    ) -> None:
        """Paint a card with its top left corner at the origin.

        Args:
            painter: Where to.
            face: What the card says.
            scale: Pixels of the screen a pixel of the canvas: far away only color remains.
            selected: Whether it is part of the selection.
            hovered: Whether the mouse is over it.
        """
        colors = self.theme.colors
        accent = self.theme.category(face.category)
        rect = QRectF(0, 0, CARD_WIDTH, CARD_HEIGHT)
        if scale < FAR:
            painter.fillRect(rect, colors.accent if selected else accent)
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colors.shadow)
        painter.drawRoundedRect(rect.translated(0, 2), RADIUS, RADIUS)
        if face.stacked:
            painter.setPen(QPen(colors.accent if selected else colors.border_strong, 1))
            painter.setBrush(colors.surface_raised)
            for step in (6.0, 3.0):
                painter.drawRoundedRect(rect.adjusted(step, step, -step, step), RADIUS, RADIUS)
        edge = colors.accent if selected else colors.border_strong if hovered else colors.border
        if face.severity == "error" and not selected:
            edge = colors.error
        if face.change:
            edge = colors.success if face.change == "added" else colors.warning
        painter.setBrush(heat_color(self.theme, face.heat))
        painter.setPen(QPen(edge, 2 if selected or face.change else 1))
        painter.drawRoundedRect(rect, RADIUS, RADIUS)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(accent)
        painter.drawRoundedRect(QRectF(7, 10, STRIPE, CARD_HEIGHT - 20), STRIPE / 2, STRIPE / 2)
        self._paint_words(painter, face, scale)
        if face.severity:
            self._paint_badge(painter, face.severity)

    def _paint_words(self, painter: QPainter, face: Face, scale: float) -> None:
        colors = self.theme.colors
        left, right = 20.0, CARD_WIDTH - 10.0
        if scale < MIDDLE:
            painter.setPen(colors.text)
            room = QRectF(left, 0, right - left, CARD_HEIGHT)
            size = round(min(max(TITLE / scale, 15), 26))
            self._text(painter, (size, 600), room, face.title)
            return
        width = 0.0
        if face.figure:
            width = self.font(11)[1].horizontalAdvance(face.figure) + 6
            painter.setPen(colors.text if face.heat else colors.text_disabled)
            box = QRectF(right - width, 8, width, 20)
            self._text(painter, (11, 400), box, face.figure, Qt.AlignmentFlag.AlignRight)
        if face.shared:
            width += 18
            self.theme.icon("link").paint(painter, int(right - width), 10, 14, 14)
        if face.locked:
            width += 18
            self.theme.icon("lock").paint(painter, int(right - width), 10, 14, 14)
        painter.setPen(colors.text)
        room = QRectF(left, 8, right - left - width - 4, 20)
        self._text(painter, (self._fitting(face.title, room.width()), 600), room, face.title)
        painter.setPen(colors.text if face.heat > FAINT else colors.text_secondary)
        room = QRectF(left, 29, right - left, 18)
        self._text(painter, (11, 400), room, face.line or face.name)

    def _fitting(self, title: str, width: float) -> int:
        """Return the size at which a long title, such as GlobalAveragePooling2D, is whole."""
        sizes = (13, 12, 11)
        fits = (size for size in sizes if self.font(size, 600)[1].horizontalAdvance(title) <= width)
        return next(fits, sizes[-1])

    def _text(
        self,
        painter: QPainter,
        style: tuple[int, int],
        box: QRectF,
        text: str,
        side: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
    ) -> None:
        font, metrics = self.font(*style)
        key = (text, *style, box.width())
        if key not in self._short:
            if len(self._short) > MOST_TEXTS:
                self._short.clear()
            elide = Qt.TextElideMode.ElideRight
            self._short[key] = metrics.elidedText(text, elide, box.width())
        painter.setFont(font)
        painter.drawText(box, int(side | Qt.AlignmentFlag.AlignVCenter), self._short[key])

    def _paint_badge(self, painter: QPainter, severity: str) -> None:
        colors = self.theme.colors
        tints = {"error": colors.error, "warning": colors.warning}
        tint: QColor = tints.get(severity, colors.accent)
        center = QPointF(CARD_WIDTH - 2, 2)
        painter.setPen(QPen(colors.canvas, 2))
        painter.setBrush(tint)
        painter.drawEllipse(center, 9, 9)
        painter.setFont(self.font(11, 700)[0])
        painter.setPen(colors.surface)
        box = QRectF(center.x() - 9, center.y() - 9, 18, 18)
        mark = "!" if severity in tints else "i"
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), mark)
