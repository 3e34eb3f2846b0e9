"""Scripts open as drawings, with a word on what could not be read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from engine.errors import FileProblem
from engine.fields import IntTuple
from engine.formats.importing import import_any
from engine.formats.project import from_json, read_project, to_json
from engine.formats.python_code import to_python
from engine.graph.analysis import output_ids, problems
from engine.graph.document import Document, Node
from engine.graph.nesting import members
from engine.layers import LAYERS
from engine.layers.common import on_axes
from engine.paths import TEMPLATES

SCRIPT = """import keras
from keras import layers
tower = keras.Sequential([layers.Dense(16), layers.Dense(8, activation="relu")], name="tower")
left, right = keras.Input((10,)), keras.Input((10,))
x = layers.Subtract()([tower(left), tower(right)])
x = layers.Lambda(abs, name="size")(x)
model = keras.Model([left, right], layers.Dense(1)(x), name="twins")
model.compile("adam", "mse")
"""


def written(tmp_path: Path, script: str) -> Path:
    path = tmp_path / "net.py"
    path.write_text(script, encoding="utf-8")
    return path


def test_a_script_becomes_a_drawing_with_blocks(tmp_path: Path) -> None:
    imported = import_any(written(tmp_path, SCRIPT))
    document = imported.document
    network = document.network
    assert document.title == "twins"
    assert document.recipe.loss == "mean_squared_error"
    assert [block.title for block in network.blocks.values()] == ["tower", "tower_2"]
    first, second = (members(network, block) for block in network.blocks)
    assert [network.nodes[node].shares for node in second] == first
    assert [(r.opaque, str(r.message)[:7]) for r in imported.remarks] == [(True, "Line 6:")]
    assert network.nodes["size"].layer == "Lambda"
    assert not imported.partial
    assert len({node.at for node in network.nodes.values()}) == len(network.nodes)
    assert to_json(from_json(to_json(document), "net")) == to_json(document)


def drawn(document: Document) -> list[Any]:
    """Return what two drawings of one network have in common."""

    def row(node: Node) -> Any:
        inputs = document.network.inputs(node.id)
        sources = [document.network.nodes[edge.source].layer for edge in inputs]
        spec = LAYERS.get(node.layer)
        params = {
            name: on_axes(value, field.length)
            if isinstance(field := spec.fields[name], IntTuple) and field.length
            else value
            for name, value in spec.complete(node.params).items()
        }
        return node.layer, json.dumps(params, sort_keys=True), sources

    return sorted(map(row, document.network.nodes.values()), key=str)


@pytest.mark.parametrize("path", sorted(TEMPLATES.glob("*.netloom")), ids=lambda path: path.stem)
def test_what_the_program_writes_it_opens(path: Path, tmp_path: Path) -> None:
    document = read_project(path)
    imported = import_any(written(tmp_path, to_python(document)))
    assert imported.remarks == []
    assert drawn(imported.document) == drawn(document)
    assert imported.document.recipe == document.recipe
    assert not [p for p in problems(imported.document.network) if p.severity == "error"]


def test_what_can_be_read_before_an_error_is_drawn(tmp_path: Path) -> None:
    script = SCRIPT.replace("layers.Dense(1)(x)", "layers.Dense(unknown)(x)")
    imported = import_any(written(tmp_path, script))
    assert imported.partial
    assert any("“unknown” is not defined" in str(r.message) for r in imported.remarks)
    assert len(imported.document.network.nodes) > 4


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "No layer is called"),
        (b"import os\nos.remove('a')\n", "No layer is called"),
        (b"def f(:\n", "Line 1: This is no Python"),
        (b"\xff\xfe\xff", "no text in UTF-8"),
    ],
)
def test_other_files_are_refused_with_a_sentence(
    content: bytes, words: str, tmp_path: Path
) -> None:
    path = tmp_path / "net.py"
    path.write_bytes(content)
    with pytest.raises(FileProblem, match=words):
        import_any(path)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileProblem, match="cannot be opened"):
        import_any(tmp_path / "none.py")


def test_outputs_that_others_take_or_that_come_twice_are_outputs(tmp_path: Path) -> None:
    script = (
        "import keras\nfrom keras import layers\nx = keras.Input((4,))\n"
        "a, b = keras.ops.split(x, 2, axis=-1)\nh = layers.Dense(3, name='h')(b)\n"
        "model = keras.Model(x, [a, h, b, h, x])\n"
    )
    network = import_any(written(tmp_path, script)).document.network
    sources = [network.inputs(node_id)[0].source for node_id in output_ids(network)]
    assert [network.nodes[node_id].layer for node_id in output_ids(network)] == ["Identity"] * 5
    layers = [network.nodes[node_id].layer for node_id in sources]
    assert layers == ["ops.split", "Dense", "PickOutput", "Dense", "Input"]


def test_numbers_that_only_data_would_tell_leave_the_rest_readable(tmp_path: Path) -> None:
    script = (
        "import keras\nfrom keras import layers\n"
        "(x, y), _ = keras.datasets.unheard_of.load_data()\n"
        "model = keras.Sequential([\n    keras.Input(shape=x.shape[1:]),\n"
        "    layers.Flatten(),\n    layers.Dense(y.max() + 1, activation='softmax'),\n])\n"
    )
    imported = import_any(written(tmp_path, script))
    assert imported.partial
    assert [str(r.message)[:7] for r in imported.remarks] == ["Line 5:", "Line 7:"]
    network = imported.document.network
    assert [node.layer for node in network.ordered()] == ["Input", "Flatten", "Dense"]
    assert network.ordered()[0].params == {"shape": []}


def test_a_model_that_does_not_say_what_it_takes_is_drawn_and_told(tmp_path: Path) -> None:
    script = "import keras\nmodel = keras.Sequential([keras.layers.Dense(3)])\n"
    imported = import_any(written(tmp_path, script))
    assert ["Line 2: The model does not tell" in str(r.message) for r in imported.remarks] == [True]
    assert [n.layer for n in imported.document.network.ordered()] == ["Input", "Dense"]
