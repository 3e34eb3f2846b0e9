"""The way of a wire: straight down, or past the cards that stand between its ends."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath, QTransform

from engine.graph.geometry import GAP_Y, Flow, step

# How far from a card a wire passes at least, and where there is room for its label.
CLEARANCE, ASIDE = 16.0, 36.0
TOUCH = 4.0
# Cards farther from a wire than this have no say in its way.
REACH = 2 * ASIDE + TOUCH


# Swaps across and down: what flows to the right is what flows down, turned on its side.
_TURN = QTransform(0, 1, 1, 0, 0, 0)


def turned(point: QPointF, flow: Flow) -> QPointF:
    """Return a point as if data flowed down."""
    return QPointF(point.y(), point.x()) if flow == "right" else point


def turned_rect(rect: QRectF, flow: Flow) -> QRectF:
    """Return a rectangle as if data flowed down."""
    if flow == "down":
        return rect
    return QRectF(rect.y(), rect.x(), rect.height(), rect.width())


def flow_path(start: QPointF, end: QPointF, lane: float | None, flow: Flow) -> QPainterPath:
    """Return the curve of a wire, whichever way data flows.

    Args:
        start: Where the output is.
        end: Where the input is.
        lane: Where the wire runs straight past cards, across the flow, or None.
        flow: Which way data flows.
    """
    if flow == "down":
        return wire_path(start, end, lane)
    return _TURN.map(wire_path(turned(start, flow), turned(end, flow), lane))


def flow_middle(start: QPointF, end: QPointF, lane: float | None, flow: Flow) -> QPointF:
    """Return the point of a wire half way, on its curve (`flow_path`)."""
    middle = (turned(start, flow) + turned(end, flow)) / 2
    return turned(middle if lane is None else QPointF(lane, middle.y()), flow)


def long(flow: Flow) -> float:
    """Return how far along the flow a wire meets no card on its way."""
    return float(step(flow))


def wire_path(start: QPointF, end: QPointF, lane: float | None = None) -> QPainterPath:
    """Return the curve from an output (bottom edge) to an input (top edge).

    Args:
        start: Where the output is.
        end: Where the input is.
        lane: Where the wire runs straight down past cards, or None for a plain curve.
    """
    path = QPainterPath(start)
    if lane is not None:
        _swing(path, start, QPointF(lane, start.y() + GAP_Y))
        path.lineTo(lane, end.y() - GAP_Y)
        _swing(path, QPointF(lane, end.y() - GAP_Y), end)
        return path
    drop = end.y() - start.y()
    if drop > 0 and abs(end.x() - start.x()) < 0.5:
        # A line is painted ten times as fast as a curve that happens to be straight.
        path.lineTo(end)
        return path
    pull = max(24.0, min(abs(drop) / 2, 120.0)) if drop > 0 else 80.0
    path.cubicTo(start + QPointF(0, pull), end - QPointF(0, pull), end)
    return path


def _swing(path: QPainterPath, start: QPointF, end: QPointF) -> None:
    pull = QPointF(0, (end.y() - start.y()) * 0.6)
    path.cubicTo(start + pull, end - pull, end)


def _meets(start: QPointF, end: QPointF, card: QRectF) -> bool:
    """Return whether a plain curve touches a card, looking at the card's top and bottom."""
    xs = [_x_at(start, end, y) for y in (card.top(), card.bottom())]
    return min(xs) <= card.right() + TOUCH and max(xs) >= card.left() - TOUCH


def _x_at(start: QPointF, end: QPointF, y: float) -> float:
    """Return where the plain curve is at a height, from the cubic's own shape.

    The two inner control points lie above each other's ends, so across runs 3t² - 2t³ from one
    end to the other while down is close to even.
    """
    t = min(1.0, max(0.0, (y - start.y()) / (end.y() - start.y())))
    return start.x() + (end.x() - start.x()) * t * t * (3 - 2 * t)


class Obstacles:
    """The cards that wires must not hide behind, sorted for quick questions."""

    def __init__(self, cards: Iterable[QRectF]) -> None:
        self._cards = sorted(cards, key=QRectF.top)
        self._tops = [card.top() for card in self._cards]
        self._height = self._cards[0].height() if self._cards else 0.0

    def lane(self, start: QPointF, end: QPointF) -> float | None:
        """Return where a wire passes the cards in its way, or None where none is."""
        first = bisect_left(self._tops, start.y() + 1)
        last = bisect_left(self._tops, end.y() - self._height)
        return free_lane(self._cards[first:last], start, end)


def free_lane(between: Sequence[QRectF], start: QPointF, end: QPointF) -> float | None:
    """Return where a wire passes the cards in its way, or None where none is.

    Args:
        between: Cards that lie between its ends along the flow, as if that went down.
        start: Where the output is.
        end: Where the input is.
    """
    low, high = sorted((start.x(), end.x()))
    # Most cards lie aside of both ends, and are told without looking at the curve.
    if not any(
        card.right() + TOUCH >= low and card.left() - TOUCH <= high and _meets(start, end, card)
        for card in between
    ):
        return None
    middle = (start.x() + end.x()) / 2
    # The right side wins where both are as near: ports fill up from the left.
    return min(_gaps(between), key=lambda spot: (abs(spot - middle), -spot))


def _gaps(cards: Sequence[QRectF]) -> list[float]:
    """Return the places beside cards that no other card is too near to."""
    taken = sorted((card.left(), card.right()) for card in cards)
    found = [taken[0][0] - ASIDE]
    reach = taken[0][1]
    for left, right in taken:
        if left - reach >= 2 * CLEARANCE:
            aside = min(ASIDE, (left - reach) / 2)
            found += [reach + aside, left - aside]
        reach = max(reach, right)
    return [*found, reach + ASIDE]
