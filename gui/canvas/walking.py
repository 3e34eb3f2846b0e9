"""Going from card to card with the keyboard, along wires and across them."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt

from gui.canvas.scene import NetworkScene

# A card that lies far off the direction is farther away than one that lies in it.
ASIDE = 2.5
_FLOW_KEYS = {
    "down": (Qt.Key.Key_Up, Qt.Key.Key_Down),
    "right": (Qt.Key.Key_Left, Qt.Key.Key_Right),
}


def next_card(scene: NetworkScene, card: str | None, key: Qt.Key) -> str | None:
    """Return the card that an arrow key leads to, or None where there is none.

    Along the flow they follow wires where there are some; else the nearest card in the direction
    counts.

    Args:
        scene: The cards.
        card: Where one is, or None for nowhere yet.
        key: The arrow key.
    """
    if card is None or card not in scene.nodes:
        return _first(scene)
    back, on = _FLOW_KEYS[scene.flow]
    if key in (back, on):
        wires = scene.outline.wires_at(card)
        down = key == on
        ends = [
            other
            for wire in wires
            if (there := scene.outline.card_of(wire.source if down else wire.target)) == card
            and (other := scene.outline.card_of(wire.target if down else wire.source)) is not None
            and there is not None
        ]
        if ends:
            here = scene.nodes[card].card().center()

            def aside(end: str) -> float:
                way = scene.nodes[end].card().center() - here
                return abs(way.x() if scene.flow == "down" else way.y())

            return min(ends, key=aside)
    return _nearest(scene, card, key)


def _first(scene: NetworkScene) -> str | None:
    places = {key: item.card().topLeft() for key, item in scene.nodes.items()}
    return min(places, key=lambda key: (places[key].y(), places[key].x()), default=None)


def _nearest(scene: NetworkScene, card: str, key: Qt.Key) -> str | None:
    here = scene.nodes[card].card().center()
    best: tuple[float, str] | None = None
    for other, item in scene.nodes.items():
        way = item.card().center() - here
        along, aside = _split(way, key)
        if other == card or along <= 0:
            continue
        distance = along + ASIDE * abs(aside)
        if best is None or distance < best[0]:
            best = distance, other
    return best[1] if best is not None else None


def _split(way: QPointF, key: Qt.Key) -> tuple[float, float]:
    """Return how far a way leads in an arrow's direction, and how far beside it."""
    if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
        return (way.x() if key == Qt.Key.Key_Right else -way.x()), way.y()
    return (way.y() if key == Qt.Key.Key_Down else -way.y()), way.x()
