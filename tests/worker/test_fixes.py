"""Every fix makes its problem vanish, and can be taken back."""

from __future__ import annotations

from typing import Any

import pytest
from helpers.fixes import known_codes
from helpers.networks import network
from msgspec.structs import replace

from engine.advice import RULES
from engine.errors import text
from engine.fixes import fixes
from engine.formats.project import to_json
from engine.graph.analysis import Problem, problems
from engine.graph.document import Document, Edge, Network, Node, Part, Recipe
from engine.graph.history import History
from engine.graph.situation import DataFacts, Situation
from engine.ipc import messages as m
from engine.worker.advice import data_problems
from engine.worker.data import DataStore
from engine.worker.documents import Followed

DATA = DataStore()
Row = tuple[str, str, dict[str, Any]]
IMAGE: Row = ("image", "Input", {"shape": [8, 8, 1]})
CONV: Row = ("conv", "Conv2D", {"filters": 4})
FLATTEN: Row = ("flatten", "Flatten", {})
TABLE: Row = ("table", "Input", {"shape": [10]})


def last(units: int = 10, activation: str = "softmax") -> Row:
    return "last", "Dense", {"units": units, "activation": activation}


def found(document: Document) -> tuple[list[Problem], Situation]:
    """Return all problems of a document, the engine's too, and the situation."""
    followed = Followed.open("d", m.DocumentState.of(document))
    followed.shapes(document.network.nodes)
    data = DATA.load(document.data)
    told = [
        *problems(document.network),
        *followed.book.problems(document.network),
        *data_problems(followed, data),
    ]
    facts = DataFacts(
        data.sample_shape,
        data.task,
        data.classes,
        data.target_shape[-1] if data.target_shape else 1,
    )
    return told, Situation(document, followed.book.facts, facts)


def chain(*rows: Row, data: str = "digits", **recipe: Any) -> Document:
    params = {"size": 8} if data == "digits" else {}
    return Document(network(list(rows)), data=Part(data, params), recipe=Recipe(**recipe))


def drawn(nodes: list[Node], edges: list[Edge], **recipe: Any) -> Document:
    data = Part("digits", {"size": 8})
    return Document(Network(nodes, edges), data=data, recipe=Recipe(**recipe))


def unconnected() -> Document:
    document = chain(IMAGE, FLATTEN, last())
    document.network.drop_edge(Edge("flatten", "last"))
    return document


def crowded() -> Document:
    document = chain(IMAGE, FLATTEN, last())
    document.network.put_edge(Edge("image", "last", 1))
    return document


def looped() -> Document:
    document = chain(IMAGE, FLATTEN, ("add", "Add", {}), last())
    document.network.put_edge(Edge("last", "add", 1))
    return document


def named_twice() -> Document:
    document = chain(IMAGE, FLATTEN, last())
    node = document.network.nodes["flatten"]
    document.network.put_node(replace(node, name="last"))
    return document


def badly_shared() -> Document:
    document = chain(IMAGE, FLATTEN, last())
    node = document.network.nodes["last"]
    document.network.put_node(replace(node, shares="flatten"))
    return document


VALUES = {"loss": "mean_squared_error", "metrics": ("mean_absolute_error",)}
CASES: dict[str, list[Document]] = {
    "empty": [drawn([], [])],
    "no-input": [chain(FLATTEN, last())],
    "missing-input": [unconnected()],
    "too-many-inputs": [crowded()],
    "cycle": [looped()],
    "duplicate-name": [named_twice()],
    "unknown-layer": [chain(IMAGE, FLATTEN, last(), ("odd", "Oddity", {}))],
    "bad-share": [badly_shared()],
    "bad-parameter": [chain(IMAGE, FLATTEN, ("last", "Dense", {"units": -3}))],
    "shape": [
        chain(IMAGE, ("conv", "Conv2D", {"kernel_size": [9, 9]}), FLATTEN, last()),
        chain(IMAGE, ("rows", "LSTM", {}), last()),
        chain(TABLE, ("conv", "Conv1D", {"filters": 2}), FLATTEN, last(), data="diabetes"),
    ],
    "data-shape": [chain(("image", "Input", {"shape": [9, 9, 1]}), FLATTEN, last())],
    "units-and-classes": [
        chain(IMAGE, FLATTEN, last(7)),
        chain(IMAGE, FLATTEN, last(7, "linear"), ("end", "Softmax", {})),
    ],
    "spare-units": [chain(IMAGE, FLATTEN, last(12))],
    "units-and-values": [chain(TABLE, last(3, "linear"), data="diabetes", **VALUES)],
    "output-rank": [chain(IMAGE, CONV, last())],
    "softmax-of-one": [chain(TABLE, last(1), data="diabetes", **VALUES)],
    "output-activation": [chain(IMAGE, FLATTEN, last(10, "relu"))],
    "loss-wants-classes": [chain(TABLE, last(1, "linear"), data="diabetes")],
    "loss-wants-values": [chain(IMAGE, FLATTEN, last(), **VALUES)],
    "unknown-loss": [chain(IMAGE, FLATTEN, last(), loss="wishful")],
    "metric": [chain(IMAGE, FLATTEN, last(), metrics=("mean_absolute_error", "accuracy"))],
}


# Ways out of these lead through a person or a file: see test_trusted_code.py.
OF_CODE = {"untrusted-code", "unreadable-code", "missing-code", "unknown-class"}


def test_every_fix_has_a_case() -> None:
    assert known_codes() - RULES.keys() - OF_CODE == CASES.keys()


@pytest.mark.parametrize(
    ("code", "document"),
    [
        pytest.param(code, document, id=f"{code}-{number}")
        for code, documents in CASES.items()
        for number, document in enumerate(documents)
    ],
)
def test_the_first_fix_makes_the_problem_vanish(code: str, document: Document) -> None:
    told, situation = found(document)
    problem = next(problem for problem in told if problem.code == code)
    before = to_json(document)
    first = next(fix for fix in fixes(situation, problem) if not fix.asks)
    assert str(first.label)
    history = History(document)
    history.do(first.edit)
    left, _ = found(document)
    assert not [other for other in left if (other.code, other.node) == (code, problem.node)]
    history.undo()
    assert to_json(document) == before


def test_one_unit_for_many_classes_is_mended_in_one_step() -> None:
    document = chain(
        IMAGE, FLATTEN, last(1, "sigmoid"), loss="binary_crossentropy", metrics=("accuracy",)
    )
    told, situation = found(document)
    problem = next(problem for problem in told if problem.code == "units-and-classes")
    History(document).do(fixes(situation, problem)[-1].edit)
    assert not found(document)[0]


def test_what_is_gone_needs_no_fix() -> None:
    document = chain(IMAGE, FLATTEN, last())
    _, situation = found(document)
    for code in known_codes():
        assert fixes(situation, Problem(code, text("It is gone."), "gone")) == []
