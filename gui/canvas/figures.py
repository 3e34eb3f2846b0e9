"""Which figure the cards show, and the heat that it gives them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import log1p

from engine.graph.costs import Costs
from gui.i18n import tr
from gui.numbers import bytes_text, short

FIGURES = ("params", "flops", "memory", "field")


def figure_text(costs: Costs | None, figure: str) -> str:
    """Write one figure of a layer for its card; "" where there is nothing to say."""
    if costs is None:
        return ""
    if figure == "field":
        return "×".join(map(str, costs.field)) if costs.field else ""
    value: int = getattr(costs, figure)
    if not value:
        return ""
    return {"params": f"{value:,}", "flops": short(value), "memory": bytes_text(value)}[figure]


def heat(costs: Mapping[str, Costs], figure: str) -> dict[str, float]:
    """Return how hot each layer is, from 0 to 1, on a logarithmic scale of a figure."""

    def size(cost: Costs) -> float:
        if figure == "field":
            return float(max(cost.field)) if cost.field else 0.0
        return float(getattr(cost, figure))

    values = {node: log1p(size(cost)) for node, cost in costs.items()}
    least = min((value for value in values.values() if value), default=0.0)
    most = max(values.values(), default=0.0)
    # Where all have as much, all are as hot as can be.
    span = 0.9 / (most - least) if most > least else 0.0
    return {node: 1.0 - (most - value) * span if value else 0.0 for node, value in values.items()}


TITLES: dict[str, Callable[[], str]] = {
    "params": lambda: tr("Cards show parameters"),
    "flops": lambda: tr("Cards show FLOPs of a sample"),
    "memory": lambda: tr("Cards show memory of a sample"),
    "field": lambda: tr("Cards show the receptive field"),
}
