"""Values that no program writes: the drawing opens all the same, or one sentence says why not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from engine.errors import NetloomError, text
from engine.formats.keras_files.drawing import import_model
from engine.formats.project import from_json, to_json
from engine.formats.python_code import to_python
from engine.graph.analysis import problems
from engine.graph.document import Document

HUGE = 10**400


def drawing(*nodes: dict[str, Any], edges: list[list[str]] | None = None) -> Document:
    content = {"netloom": 2, "title": "x", "nodes": list(nodes), "edges": edges or []}
    return from_json(json.dumps(content), "x")


def model(tmp_path: Path, kind: str, **config: Any) -> Document:
    path = tmp_path / "m.json"
    layers = [{"class_name": kind, "config": {"name": "a", **config}}]
    path.write_text(json.dumps({"class_name": "Sequential", "config": {"layers": layers}}))
    return import_model(path).document


@pytest.mark.parametrize("name", ["units", "kernel_initializer"])
def test_numbers_without_end_are_problems(tmp_path: Path, name: str) -> None:
    document = model(tmp_path, "Dense", **{name: HUGE})
    found = [str(problem.message) for problem in problems(document.network)]
    assert all(len(message) < 1000 for message in found)
    assert any(problem.severity == "error" for problem in problems(document.network))


def test_a_rate_without_end_is_a_problem(tmp_path: Path) -> None:
    document = model(tmp_path, "Dropout", rate=HUGE)
    assert any("must be a number" in str(each.message) for each in problems(document.network))


def test_a_scale_without_end_is_kept(tmp_path: Path) -> None:
    scaled = {"class_name": "VarianceScaling", "config": {"scale": HUGE}}
    document = model(tmp_path, "Dense", units=3, kernel_initializer=scaled)
    assert document.network.nodes


@pytest.mark.parametrize("index", [2**40, -3])
def test_an_output_that_no_layer_has_is_a_problem_and_no_code(index: int) -> None:
    document = drawing(
        {"id": "i", "layer": "Input", "params": {"shape": [4, 3]}, "at": [0, 0]},
        {"id": "l", "layer": "LSTM", "params": {"return_state": True}, "at": [0, 9]},
        {"id": "p", "layer": "PickOutput", "params": {"index": index}, "at": [0, 18]},
        edges=[["i", "l"], ["l", "p"]],
    )
    assert any(problem.severity == "error" for problem in problems(document.network))
    assert len(to_python(document)) < 5000


def test_a_layer_without_a_class_is_damage(tmp_path: Path) -> None:
    with pytest.raises(NetloomError, match=r"m\.json"):
        model(tmp_path, "")


def test_halves_of_a_bidirectional_layer_may_be_anything(tmp_path: Path) -> None:
    half = {"class_name": "LSTM", "config": ["a"]}
    document = model(tmp_path, "Bidirectional", layer=half, backward_layer=half)
    assert from_json(to_json(document), "x").network.nodes.keys() == document.network.nodes.keys()


def test_an_ordering_may_be_anything(tmp_path: Path) -> None:
    document = model(tmp_path, "Conv2D", filters=2, kernel_size=3, data_format=["th"])
    assert document.network.nodes


@pytest.mark.parametrize("shape", [None, True, 7, "ab"])
def test_the_shape_of_an_input_may_be_anything(tmp_path: Path, shape: object) -> None:
    path = tmp_path / "m.json"
    layers = [{"class_name": "Dense", "config": {"output_dim": 2, "input_shape": shape}}]
    path.write_text(json.dumps({"class_name": "Sequential", "config": layers}))
    kinds = [node.layer for node in import_model(path).document.network.ordered()]
    assert kinds == ["Input", "Dense"]


def test_the_middle_of_long_values_is_left_out() -> None:
    sentence = str(text("“{name}” is unknown.", name="a" * 300 + "b" * 5000 + "c" * 90))
    assert len(sentence) < 420
    assert sentence.startswith("“aaa") and sentence.endswith("ccc” is unknown.") and "…" in sentence
    assert str(text("{number}", number=10**5000)) == "…"
    assert text("{number}", number=2**40).values == {"number": 2**40}
