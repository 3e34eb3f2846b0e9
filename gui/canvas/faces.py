"""What the cards and wires of a scene say, gathered from all that a session knows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from engine.graph.costs import Costs, total
from gui.canvas.card import Face, face_of, face_of_block
from gui.canvas.figures import figure_text, heat

if TYPE_CHECKING:
    from gui.canvas.scene import NetworkScene
    from gui.session import Session

_WORST = ("error", "warning", "advice")


class Faces:
    """Makes the faces of cards.

    Attributes:
        plain: Whether neither selection nor problems are shown, as in a picture for print.
    """

    def __init__(self, scene: NetworkScene, session: Session) -> None:
        self._scene, self._session = scene, session
        self._figure, self._heated = "params", False
        self._heat: dict[str, float] = {}
        self._changes: dict[str, str] = {}
        self._severities: dict[str, str] = {}
        self.plain = False

    def face(self, card: str) -> Face:
        """Say what a card shows now."""
        network, outline = self._session.document.network, self._scene.outline
        severity, heat_ = self._severities.get(card, ""), self._heat.get(card, 0.0)
        inside = outline.nodes_of(card)
        if card in outline.ports:
            figure = figure_text(self._total(inside), self._figure)
            ports = outline.ports[card]
            face = face_of_block(network, card, len(inside), ports, figure, severity, heat_)
        else:
            costs = self._session.counting.costs.get(card)
            facts = self._session.facts.get(card)
            if self._figure == "params" and facts is not None:
                costs = Costs(facts.params)  # Known before all else is counted.
            face = face_of(network, card, figure_text(costs, self._figure), severity, heat_)
        if not self._changes:
            return face
        changes = {self._changes[node] for node in inside if node in self._changes}
        change = "changed" if len(changes) > 1 else next(iter(changes), "")
        return replace(face, change=change)

    def _total(self, nodes: Iterable[str]) -> Costs | None:
        """Return what several nodes cost together."""
        found = [c for node in nodes if (c := self._session.counting.costs.get(node)) is not None]
        return total(found) if found else None

    def label(self, node: str) -> str:
        """Write the shape of a node's tensor for its wires."""
        facts = self._session.facts.get(node)
        if facts is None or facts.shape is None:
            return ""
        sizes = facts.shape[1:]
        return "×".join("?" if size is None else str(size) for size in sizes) or "1"

    # --- news: each returns the cards whose faces may be others, or whether any are ------------

    def set_changes(self, status: Mapping[str, str]) -> set[str]:
        """Take in which nodes are "added" or "changed" against another drawing."""
        before, self._changes = self._changes, dict(status)
        return before.keys() | status.keys()

    def set_figure(self, figure: str, heated: bool) -> None:
        """Choose one of `FIGURES`, and whether cards are colored by it."""
        self._figure, self._heated = figure, heated

    @property
    def hot(self) -> bool:
        """Whether cards are colored by a figure."""
        return bool(self._heat)

    def count(self) -> None:
        """Find how hot each card is."""
        self._heat = {}
        if self._heated and self._session.counting.costs:
            outline = self._scene.outline
            shown = {card: self._total(outline.nodes_of(card)) for card in outline.cards}
            known = {card: cost for card, cost in shown.items() if cost is not None}
            self._heat = heat(known, self._figure)

    def find_severities(self) -> set[str]:
        """Find the worst problem of each card."""
        before, self._severities = self._severities, {}
        if not self.plain:
            problems = sorted(self._session.problems, key=lambda p: _WORST.index(p.severity))
            for problem in problems:
                card = self._scene.outline.card_of(problem.node)
                if card is not None:
                    self._severities.setdefault(card, problem.severity)
        return before.keys() | self._severities.keys()
