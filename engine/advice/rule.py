"""What a rule of advice is, and asking all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from engine.errors import Text
from engine.graph.analysis import Problem, Severity
from engine.graph.calls import owner_of
from engine.graph.document import Node
from engine.graph.situation import Situation
from engine.layers import LAYERS


@dataclass(frozen=True)
class Remark:
    """What a rule has noticed.

    Attributes:
        message: What it is and what to do.
        node: Id of the node concerned, or "" for the document.
        field: Name of the parameter concerned, or "".
    """

    message: Text
    node: str = ""
    field: str = ""


Check = Callable[[Situation], Iterator[Remark]]


@dataclass(frozen=True)
class Rule:
    """One rule.

    Attributes:
        code: Permanent name.
        severity: "advice", or "warning" where training would hardly succeed.
        check: Yields what it notices.
    """

    code: str
    severity: Severity
    check: Check


RULES: dict[str, Rule] = {}


def rule(code: str, severity: Severity = "advice") -> Callable[[Check], Check]:
    """Register a function as the rule of a code."""

    def register(check: Check) -> Check:
        RULES[code] = Rule(code, severity, check)
        return check

    return register


def advice(situation: Situation) -> list[Problem]:
    """Return what all rules notice, warnings first."""
    found = [
        Problem(each.code, remark.message, remark.node, remark.field, each.severity)
        for each in RULES.values()
        for remark in each.check(situation)
    ]
    return sorted(found, key=lambda problem: problem.severity != "warning")


# --- what rules ask ------------------------------------------------------------------------


def param(situation: Situation, node: Node, name: str) -> object:
    """Return the value of a node's parameter, its default where it is not set."""
    spec = LAYERS.find(node.layer)
    if spec is None or name not in spec.fields:
        return None
    return spec.complete(owner_of(situation.document.network, node.id).params)[name]


def only_source(situation: Situation, node: Node) -> Node | None:
    """Return the node that feeds another alone, or None."""
    wires = situation.document.network.inputs(node.id)
    return situation.document.network.nodes[wires[0].source] if len(wires) == 1 else None


def only_target(situation: Situation, node: Node) -> Node | None:
    """Return the only node that a node feeds, or None."""
    wires = situation.document.network.outputs(node.id)
    return situation.document.network.nodes[wires[0].target] if len(wires) == 1 else None


def shape(situation: Situation, node_id: str) -> list[int | None] | None:
    """Return the shape of a node's output, batch axis first, where it is known."""
    fact = situation.facts.get(node_id)
    return fact.shape if fact is not None else None
