"""Every rule of advice speaks where it should, and its fix silences it."""

from __future__ import annotations

from typing import Any

import pytest
from helpers.fixes import known_codes
from helpers.networks import network
from msgspec.structs import replace

from engine.advice import RULES, advice
from engine.fixes import fixes
from engine.formats.project import read_project
from engine.graph.document import Document, Edge, Part, Recipe
from engine.graph.history import History
from engine.graph.situation import DataFacts, Situation
from engine.ipc.messages import NodeFacts
from engine.paths import TEMPLATES

Row = tuple[str, str, dict[str, Any]]
IMAGE: Row = ("image", "Input", {"shape": [32, 32, 3]})
TABLE: Row = ("table", "Input", {"shape": [10]})
DIGITS = DataFacts((10,), "classes", 10, 1, 1000)


def dense(name: str, **params: Any) -> Row:
    return name, "Dense", {"units": 32, "activation": "relu", **params}


def conv(name: str, **params: Any) -> Row:
    return name, "Conv2D", {"filters": 8, "activation": "relu", "padding": "same", **params}


def last(**params: Any) -> Row:
    return dense("last", units=10, activation="softmax", **params)


def situation(*rows: Row, wires: Any = None, shapes: Any = None, **recipe: Any) -> Situation:
    values = {"validation_split": 0.1, **recipe}
    document = Document(network(list(rows), wires), recipe=Recipe(**values))
    facts = {
        name: NodeFacts([None, *shape], "float32", params, params)
        for name, (shape, params) in (shapes or {}).items()
    }
    return Situation(document, facts, DIGITS)


HIDDEN = [dense(f"h{number}", activation="sigmoid") for number in range(5)]
CASES: dict[str, Situation] = {
    "bias-before-normalization": situation(
        TABLE, dense("a", activation=None), ("norm", "BatchNormalization", {}), last()
    ),
    "dropout-before-normalization": situation(
        TABLE, ("drop", "Dropout", {}), ("norm", "BatchNormalization", {}), last()
    ),
    "no-nonlinearity": situation(TABLE, dense("a", activation=None), last()),
    "double-activation": situation(TABLE, last(), ("again", "Softmax", {})),
    "does-nothing": situation(TABLE, ("drop", "Dropout", {"rate": 0.0}), last()),
    "much-dropout": situation(TABLE, ("drop", "Dropout", {"rate": 0.9}), last()),
    "dropout-at-the-end": situation(TABLE, last(), ("drop", "Dropout", {})),
    "large-dense": situation(
        IMAGE,
        conv("c"),
        ("flat", "Flatten", {}),
        dense("big", units=2000),
        last(),
        shapes={"c": ([32, 32, 8], 200), "big": ([2000], 16_386_000)},
    ),
    "even-kernel": situation(IMAGE, conv("c", kernel_size=[4, 4])),
    "skips-pixels": situation(IMAGE, conv("c", kernel_size=[2, 2], strides=[3, 3])),
    "saturating-activations": situation(TABLE, *HIDDEN, last()),
    "narrow-before-classes": situation(TABLE, dense("a", units=3), last()),
    "unused-input": situation(
        TABLE, last(), ("spare", "Input", {"shape": [2]}), wires=[("table", "last")]
    ),
    "loose-end": situation(
        IMAGE,
        conv("c"),
        ("flat", "Flatten", {}),
        last(),
        conv("loose"),
        wires=[("image", "c"), ("c", "flat"), ("flat", "last"), ("c", "loose")],
    ),
    "merges-itself": situation(
        TABLE,
        dense("a"),
        ("sum", "Add", {}),
        wires=[("table", "a"), ("a", "sum", 0), ("a", "sum", 1)],
    ),
    "pooling-twice": situation(
        IMAGE, ("p", "MaxPooling2D", {}), ("q", "MaxPooling2D", {}), ("f", "Flatten", {}), last()
    ),
    "no-validation": situation(TABLE, last(), validation_split=0.0),
    "small-batch": situation(TABLE, ("norm", "BatchNormalization", {}), last(), batch_size=2),
    "batch-of-everything": situation(TABLE, last(), batch_size=4096),
    "large-learning-rate": situation(TABLE, last(), optimizer=Part("adam", {"learning_rate": 0.5})),
}
# Only a person can know what was meant.
WITHOUT_FIX = {"merges-itself", "pooling-twice"}


def test_every_rule_has_a_case() -> None:
    advice(situation(TABLE, last()))
    assert CASES.keys() == RULES.keys()


@pytest.mark.parametrize("code", CASES)
def test_a_rule_speaks_and_its_fix_silences_it(code: str) -> None:
    where = CASES[code]
    told = [problem for problem in advice(where) if problem.code == code]
    assert len(told) == 1
    assert str(told[0].message)
    assert not told[0].node or told[0].node in where.document.network.nodes
    ways = fixes(where, told[0])
    if code in WITHOUT_FIX:
        assert ways == []
        return
    history = History(where.document)
    history.do(ways[0].edit)
    assert code not in {problem.code for problem in advice(where)}
    history.undo()
    assert code in {problem.code for problem in advice(where)}


def test_a_sound_network_hears_nothing() -> None:
    sound = situation(IMAGE, conv("c"), ("flat", "Flatten", {}), last(), shapes={})
    assert advice(sound) == []


@pytest.mark.parametrize("path", sorted(TEMPLATES.glob("*.netloom")), ids=lambda path: path.stem)
def test_templates_need_no_advice(path: Any) -> None:
    assert advice(Situation(read_project(path), {})) == []


def test_flattening_what_is_flat_does_nothing() -> None:
    flat = situation(TABLE, ("flat", "Flatten", {}), last(), shapes={"table": ([10], 0)})
    assert [problem.node for problem in advice(flat)] == ["flat"]
    image = replace_shape(flat)
    assert advice(image) == []


def replace_shape(where: Situation) -> Situation:
    facts = {"table": replace(where.facts["table"], shape=[None, 2, 5])}  # type: ignore[type-var]
    return Situation(where.document, facts, where.data)


def test_there_are_many_kinds_of_problems() -> None:
    assert len(known_codes() | RULES.keys()) >= 30


def test_unknown_layers_do_not_stop_the_rules() -> None:
    odd = situation(TABLE, ("x", "Wavelet", {"rate": "much"}), last(), wires=[("table", "x")])
    odd.document.network.put_edge(Edge("x", "last"))
    assert isinstance(advice(odd), list)


def test_attention_may_look_at_its_own_sequence() -> None:
    own = situation(
        ("steps", "Input", {"shape": [5, 8]}),
        ("attention", "MultiHeadAttention", {}),
        ("pool", "GlobalAveragePooling1D", {}),
        last(),
        wires=[
            ("steps", "attention", 0),
            ("steps", "attention", 1),
            ("attention", "pool"),
            ("pool", "last"),
        ],
    )
    assert "merges-itself" not in {problem.code for problem in advice(own)}
