"""Drawings of more than can be drawn, and ways of time that grow with the square."""

from __future__ import annotations

import json
import time

import pytest

from engine.advice import advice
from engine.errors import FileProblem
from engine.formats.project import MOST_LAYERS, from_json
from engine.graph.situation import Situation

# Far more than each takes, and far less than it took when it grew with the square.
SECONDS = 4.0


def star(count: int) -> str:
    """Return layers that all take the same input and lead nowhere."""
    rows = [{"id": "i", "layer": "Input", "params": {"shape": [4]}}]
    rows += [{"id": f"n{number}", "layer": "Dense"} for number in range(count - 1)]
    wires = [["i", row["id"]] for row in rows[1:]]
    return json.dumps({"netloom": 2, "nodes": rows, "edges": wires})


def test_more_layers_than_can_be_drawn_are_refused() -> None:
    with pytest.raises(FileProblem, match=r"“d.netloom” describes 20001 layers, more than can be"):
        from_json(star(MOST_LAYERS + 1), "d.netloom")


def test_advice_on_as_many_ends_as_there_may_be_comes_soon() -> None:
    document = from_json(star(MOST_LAYERS), "d.netloom")
    start = time.process_time()
    list(advice(Situation(document, {})))
    assert time.process_time() - start < SECONDS


def test_blocks_in_blocks_are_read_soon() -> None:
    blocks = [{"id": f"b{n}", "parent": f"b{n - 1}" if n else ""} for n in range(20_000)]
    start = time.process_time()
    document = from_json(json.dumps({"netloom": 2, "blocks": blocks}), "d.netloom")
    assert time.process_time() - start < SECONDS
    assert len(document.network.blocks) == 20_000


def test_blocks_in_a_circle_are_refused() -> None:
    blocks = [{"id": "a", "parent": "b"}, {"id": "b", "parent": "c"}, {"id": "c", "parent": "b"}]
    with pytest.raises(FileProblem, match="lies inside itself"):
        from_json(json.dumps({"netloom": 2, "blocks": blocks}), "d.netloom")


def test_a_layer_with_very_many_wires_is_read_soon() -> None:
    count = 9_999
    rows = [{"id": f"n{number}", "layer": "Input"} for number in range(count)]
    wires = [[f"n{number}", "a", number] for number in reversed(range(count))]
    rows.append({"id": "a", "layer": "Add"})
    start = time.process_time()
    document = from_json(json.dumps({"netloom": 2, "nodes": rows, "edges": wires}), "d.netloom")
    assert time.process_time() - start < SECONDS
    assert [edge.port for edge in document.network.inputs("a")] == list(range(count))
