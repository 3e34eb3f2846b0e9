"""In a view of a block's inside: where the wires that cross its border come from and lead to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from engine.graph.nesting import around, blocks_of
from gui.canvas.scene import NetworkScene
from gui.theme import Theme

if TYPE_CHECKING:
    from engine.graph.document import Network

LENGTH, PAD = 22.0, 8.0


def paint_stubs(painter: QPainter, scene: NetworkScene, network: Network, theme: Theme) -> None:
    """Draw a short wire with the name of what lies outside at each port that leads there."""
    if not scene.scope:
        return
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(theme.font(11))
    outline = scene.outline
    for node in outline.cards:
        if node not in network.nodes:
            continue
        item = scene.nodes[node]
        for place, edge in enumerate(network.inputs(node)):
            if outline.card_of(edge.source) is None:
                name = _outside(network, edge.source, scene.scope)
                _stub(painter, scene, theme, item.input_point(place), name, back=True)
        ends = [e.target for e in network.outputs(node) if outline.card_of(e.target) is None]
        if ends:
            names = dict.fromkeys(_outside(network, end, scene.scope) for end in ends)
            _stub(painter, scene, theme, item.output_point(), ", ".join(names), back=False)


def _outside(network: Network, node: str, scope: str) -> str:
    """Return the name of a node, or of the block that holds it but not the scope."""
    inside = set(around(network, scope))
    outer = [block for block in blocks_of(network, node) if block not in inside]
    return network.blocks[outer[-1]].title if outer else network.nodes[node].title


def _stub(
    painter: QPainter, scene: NetworkScene, theme: Theme, port: QPointF, name: str, *, back: bool
) -> None:
    way = QPointF(LENGTH, 0) if scene.flow == "right" else QPointF(0, LENGTH)
    end = port - way if back else port + way
    painter.setPen(QPen(theme.colors.wire, 1.4, Qt.PenStyle.DashLine))
    painter.drawLine(port, end)
    width = painter.fontMetrics().horizontalAdvance(name) + 2 * PAD
    box = QRectF(0, 0, width, 18)
    sign = -1.0 if back else 1.0
    if scene.flow == "right":
        box.moveCenter(end + QPointF(sign * width / 2, 0))
    else:
        box.moveCenter(end + QPointF(0, sign * 9))
    painter.setPen(QPen(theme.colors.border, 1))
    painter.setBrush(theme.colors.canvas)
    painter.drawRoundedRect(box, 9, 9)
    painter.setPen(theme.colors.text_secondary)
    painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), name)
