"""Shapes while one draws agree with Keras's models and follow edits."""

from __future__ import annotations

import math

import pytest
from helpers.networks import chain, network, template
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.formats.project import read_project
from engine.graph import commands
from engine.graph.document import Document
from engine.graph.history import History
from engine.paths import TEMPLATES
from engine.worker import shapes
from engine.worker.compile import build_model
from engine.worker.documents import Followed


def follow(document: Document) -> Followed:
    followed = Followed("d", document)
    followed.shapes(set(document.network.nodes))
    return followed


@pytest.mark.parametrize("path", sorted(TEMPLATES.glob("*.netloom")), ids=lambda path: path.stem)
def test_shapes_and_weights_are_those_of_the_built_model(path) -> None:
    document = read_project(path)
    followed = follow(document)
    model = build_model(document.network)
    for layer in model.layers:
        facts = followed.book.facts[layer.name]
        assert tuple(facts.shape) == tuple(layer.output.shape)
        assert facts.params == layer.count_params()
    trainable = sum(math.prod(weight.shape) for weight in model.trainable_weights)
    assert followed.book.totals()[1] == trainable


def test_an_edit_asks_keras_only_downstream(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    real = shapes.infer

    def counting(spec, params, inputs):
        asked.append(spec.key)
        return real(spec, params, inputs)

    monkeypatch.setattr(shapes, "infer", counting)
    document = template("lenet")
    followed = follow(document)
    asked.clear()
    edit = commands.set_param(document, ["fc1"], "units", 77)
    followed.shapes(followed.edit(edit.changes))
    assert asked == ["Dense", "Dense"]
    asked.clear()
    followed.shapes(followed.edit(commands.move(document, {"conv1": (9.0, 9.0)}).changes))
    assert asked == []


@pytest.mark.parametrize(
    ("rows", "edges", "node", "words"),
    [
        ([("i", "Input", {"shape": [8]}), ("x", "LSTM", {})], None, "x", "sequences"),
        ([("i", "Input", {"shape": [8, 8, 1]}), ("x", "LSTM", {})], None, "x", "8×8×1"),
        ([("i", "Input", {"shape": [8]}), ("x", "Conv2D", {})], None, "x", "images"),
        (
            [("i", "Input", {"shape": [5, 5, 1]}), ("x", "Conv2D", {"kernel_size": [9, 9]})],
            None,
            "x",
            "5×5×1",
        ),
        ([("i", "Input", {"shape": [None]}), ("x", "Dense", {})], None, "x", "?"),
        (
            [("i", "Input", {"shape": [3]}), ("x", "Reshape", {"target_shape": [5]})],
            None,
            "x",
            "3 values",
        ),
        (
            [("i", "Input", {"shape": [3]}), ("j", "Input", {"shape": [4]}), ("x", "Add", {})],
            [("i", "x", 0), ("j", "x", 1)],
            "x",
            "3, 4",
        ),
        (
            [
                ("i", "Input", {"shape": [3, 4]}),
                ("j", "Input", {"shape": [5, 4]}),
                ("x", "Concatenate", {}),
            ],
            [("i", "x", 0), ("j", "x", 1)],
            "x",
            "3×4, 5×4",
        ),
    ],
)
def test_what_keras_would_refuse_is_told_with_the_shapes(rows, edges, node, words) -> None:
    followed = follow(Document(network(rows, edges)))
    problems = followed.book.problems(followed.document.network)
    assert [problem.node for problem in problems] == [node]
    assert words in str(problems[0].message)
    with pytest.raises(Exception):  # noqa: B017 - whatever Keras raises
        build_model(followed.document.network)


def test_weights_are_counted_and_never_made() -> None:
    document = Document(chain(1, units=1))
    followed = follow(document)
    edit = commands.set_param(document, ["input"], "shape", [10_000_000])
    followed.shapes(followed.edit(edit.changes))
    edit = commands.set_param(document, ["dense_0"], "units", 10_000_000)
    followed.shapes(followed.edit(edit.changes))
    assert followed.book.totals()[0] == 10_000_000 * 10_000_001


def test_a_shared_layer_must_suit_every_input() -> None:
    rows = [
        ("i", "Input", {"shape": [3]}),
        ("j", "Input", {"shape": [4]}),
        ("a", "Dense", {"units": 2}),
        ("b", "Dense", {}),
    ]
    document = Document(network(rows, [("i", "a"), ("j", "b")]))
    History(document).do(commands.share(document, "b", "a"))
    followed = follow(document)
    problems = followed.book.problems(document.network)
    assert [problem.node for problem in problems] == ["b"]
    assert "weights of “a”" in str(problems[0].message)
    assert followed.book.facts["b"].params == 0


@settings(deadline=None, max_examples=40)
@given(st.data())
def test_following_edits_gives_what_a_fresh_look_gives(data: st.DataObject) -> None:
    document = template("branches")
    history = History(document)
    followed = follow(Document(*_copy(document)))
    history.changed.connect(lambda changes: followed.shapes(followed.edit(changes)))
    names = sorted(document.network.nodes)
    for _ in range(data.draw(st.integers(1, 8))):
        node = data.draw(st.sampled_from(names))
        action = data.draw(st.sampled_from(["filters", "remove", "wire", "undo"]))
        if action == "undo":
            history.undo()
        elif node not in document.network.nodes:
            continue
        elif action == "filters" and document.network.nodes[node].layer == "Conv2D":
            value = data.draw(st.integers(1, 20))
            history.do(commands.set_param(document, [node], "filters", value))
        elif action == "remove":
            history.do(commands.remove(document, [node]))
        elif action == "wire":
            source = data.draw(st.sampled_from(names))
            if commands.refusal(document.network, source, node) is None:
                history.do(commands.connect(document, source, node))
    fresh = follow(Document(*_copy(document)))
    assert followed.book.facts == fresh.book.facts
    assert followed.book.problems(document.network) == fresh.book.problems(document.network)


def _copy(document: Document):
    from engine.graph.document import Network

    return (Network(document.network.ordered(), document.network.edges()),)
