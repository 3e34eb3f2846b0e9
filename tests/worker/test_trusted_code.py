"""Layers with code of others: built, trained, exported and read back, and only once trusted."""

from __future__ import annotations

import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from helpers.own_layers import SCALE, hostile, write_scale
from msgspec.structs import replace

from engine.errors import CompileProblem
from engine.fixes import fixes
from engine.fixes.of_code import with_file
from engine.foreign import lambdas
from engine.formats.importing import import_any
from engine.formats.keras_files.drawing import import_model
from engine.formats.project import read_project, write_project
from engine.formats.python_code import to_python
from engine.formats.python_reading.known import opaque_layers, written
from engine.formats.python_reading.merging import merge
from engine.formats.python_reading.reading import read_python
from engine.graph.analysis import Problem, problems
from engine.graph.document import Document, Edge, Network, Node, Part, Recipe
from engine.graph.history import History
from engine.graph.situation import Situation
from engine.ipc import messages as m
from engine.trust import trust, withdraw
from engine.worker.compile import build_model, compile_model
from engine.worker.documents import Followed
from engine.worker.exports.exporting import export_model
from engine.worker.weights import load_weights
from main import main


@pytest.fixture(autouse=True)
def own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NETLOOM_CONFIG", str(tmp_path / "config"))


def drawn(*rows: tuple[str, str, dict[str, Any]]) -> Document:
    """Return a chain of layers behind an Input of four numbers."""
    nodes = [Node(id="flowers", layer="Input", params={"shape": [4]})]
    nodes += [
        Node(id=key, layer=layer, params=params, order=place + 1)
        for place, (key, layer, params) in enumerate(rows)
    ]
    edges = [Edge(one.id, other.id) for one, other in pairwise(nodes)]
    data = Part("iris")
    return Document(Network(nodes, edges), title="own", data=data, recipe=Recipe(epochs=1))


def scaled(path: Path, **params: Any) -> Document:
    return drawn(
        ("scale", "Custom", {"file": str(path), "kwargs": "start=2.0, plus=0.5", **params}),
        ("last", "Dense", {"units": 3, "activation": "softmax"}),
    )


def told(document: Document) -> list[Problem]:
    """Return all problems, those of the engine too."""
    followed = Followed.open("d", m.DocumentState.of(document))
    followed.shapes(document.network.nodes)
    network = document.network
    return [*problems(network), *followed.book.problems(network)]


def apply(document: Document, code: str, label: str) -> None:
    """Apply a fix of the first problem with a code."""
    problem = next(problem for problem in told(document) if problem.code == code)
    found = fixes(Situation(document, {}), problem)
    fix = next(fix for fix in found if str(fix.label).startswith(label))
    assert not fix.asks
    History(document).do(fix.edit)


X = np.linspace(-1, 1, 12, dtype="float32").reshape(3, 4)


# --- a layer of one's own ------------------------------------------------------------------


def test_a_layer_of_ones_own_has_a_shape_and_weights(tmp_path: Path) -> None:
    document = scaled(write_scale(tmp_path))
    followed = Followed.open("d", m.DocumentState.of(document))
    shapes = followed.shapes(document.network.nodes)
    assert shapes.problems == []
    assert shapes.facts["scale"].shape == [None, 4] and shapes.facts["scale"].params == 4
    model = build_model(document.network)
    layer = model.get_layer("scale")
    assert type(layer).__name__ == "Scale" and layer.start == 2.0
    assert np.allclose(layer(X), 2 * X + 0.5)


def test_it_can_be_frozen_shared_and_take_several_inputs(tmp_path: Path) -> None:
    path = tmp_path / "own.py"
    path.write_text(
        SCALE + "\n\nclass Both(keras.layers.Layer):\n"
        "    def call(self, inputs):\n        return inputs[0] * inputs[1]\n"
    )
    trust(path.read_bytes(), str(path))
    file = {"file": str(path)}
    document = drawn(
        ("one", "Custom", {**file, "class_name": "Scale", "trainable": False}),
        ("two", "Custom", {}),
        ("both", "Custom", {**file, "class_name": "Both"}),
    )
    network = document.network
    network.put_node(replace(network.nodes["two"], shares="one"))
    network.put_edge(Edge("one", "both", 1))
    assert told(document) == []
    model = build_model(network)
    assert len(model.weights) == 1 and model.trainable_weights == []
    assert np.allclose(model(X), X * X)


def test_what_is_not_trusted_is_never_run(tmp_path: Path) -> None:
    path, marker = tmp_path / "scale.py", tmp_path / "marker"
    path.write_text(hostile(marker))
    document = scaled(path)
    assert [(item.code, item.node) for item in told(document)] == [("untrusted-code", "scale")]
    with pytest.raises(CompileProblem, match=r"“scale” cannot be built: “scale\.py” is Python"):
        build_model(document.network)
    write_project(document, tmp_path / "own.netloom")
    read_project(tmp_path / "own.netloom")
    to_python(document)
    assert not marker.exists()
    trust(path.read_bytes(), str(path))
    assert told(document) == []
    assert marker.exists()


def test_a_changed_file_is_not_run_and_neither_is_a_withdrawn_one(tmp_path: Path) -> None:
    path, marker = write_scale(tmp_path), tmp_path / "marker"
    document = scaled(path)
    followed = Followed.open("d", m.DocumentState.of(document))
    assert followed.shapes(document.network.nodes).problems == []
    path.write_text(hostile(marker))
    facts = followed.shapes(["scale"]).facts
    assert facts["scale"].shape is None and "changed" in str(told(document)[0].message)
    with pytest.raises(CompileProblem, match="has changed since you trusted it"):
        build_model(document.network)
    path.write_text(SCALE)
    assert followed.shapes(["scale"]).facts["scale"].shape == [None, 4]
    withdraw(path.read_bytes())
    with pytest.raises(CompileProblem):
        build_model(document.network)
    assert not marker.exists()


@pytest.mark.parametrize(
    ("source", "kwargs", "sentence"),
    [
        ("1 / 0\n" + SCALE, "", "breaks off: division by zero"),
        (SCALE + "\ndel Scale\n", "", "makes no class “Scale”"),
        (SCALE, "start=2.0, wrong=1", "cannot be made with these arguments"),
        (SCALE.replace("ops.multiply(inputs", "ops.nothing(inputs"), "", "nothing"),
    ],
)
def test_what_goes_wrong_in_the_code_is_a_problem_of_its_node(
    source: str, kwargs: str, sentence: str, tmp_path: Path
) -> None:
    path = tmp_path / "own.py"
    path.write_text(source)
    trust(path.read_bytes(), str(path))
    (problem,) = told(scaled(path, kwargs=kwargs))
    assert problem.node == "scale" and sentence in str(problem.message)


# --- training and files --------------------------------------------------------------------


def test_the_engine_trains_and_exports_it(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = write_scale(tmp_path)
    drawing, out = tmp_path / "own.netloom", tmp_path / "out"
    write_project(scaled(path), drawing)
    assert main(["check", str(drawing)]) == 0
    assert main(["train", str(drawing), "--out", str(out)]) == 0, capfd.readouterr().err
    # The drawing is in the file: with it the layer, its arguments and its trained weights.
    again = import_any(out / "own.h5")
    assert again.own and again.document.network.nodes["scale"].params == {
        "file": str(path),
        "kwargs": "start=2.0, plus=0.5",
    }
    model = build_model(again.document.network)
    compile_model(model, again.document.recipe)
    load_weights(model, again.document.network, out / "own.h5")
    assert not np.allclose(model.get_layer("scale").weights[0], 2.0)
    withdraw(path.read_bytes())
    capfd.readouterr()
    assert main(["train", str(drawing), "--out", str(out)]) == 1
    assert "has changed" not in (told_now := capfd.readouterr().err) and "trusted" in told_now


@pytest.mark.parametrize(
    ("format", "ending"),
    [
        ("h5", ".h5"),
        ("keras", ".keras"),
        ("weights", ".weights.h5"),
        ("json", ".json"),
        ("saved_model", ".savedmodel"),
        ("tflite", ".tflite"),
    ],
)
def test_every_format_computes_the_same(format: str, ending: str, tmp_path: Path) -> None:
    document = scaled(write_scale(tmp_path))
    model = build_model(document.network, "own", seed=1)
    compile_model(model, document.recipe)
    model.get_layer("scale").set_weights([np.arange(4.0)])
    found = export_model(model, document, tmp_path / f"own{ending}", format)
    assert found.note is None
    assert found.difference is not None and found.difference < 1e-6


def test_a_registered_class_is_read_back_too(tmp_path: Path) -> None:
    path = tmp_path / "own.py"
    path.write_text(
        SCALE.replace(
            "class Scale", '@keras.saving.register_keras_serializable("mine")\nclass Scale'
        )
    )
    trust(path.read_bytes(), str(path))
    document = scaled(path)
    model = build_model(document.network, "own", seed=1)
    for format, ending in (("h5", ".h5"), ("keras", ".keras")):
        found = export_model(model, document, tmp_path / f"own{ending}", format)
        assert found.difference == 0, found.note


def test_a_foreign_model_gets_the_file_with_its_code(tmp_path: Path) -> None:
    path = write_scale(tmp_path, trusted=False)
    source: dict[str, Any] = {}
    exec(compile(SCALE, "scale.py", "exec"), source)
    inputs = keras.Input((4,), name="flowers")
    outputs = keras.layers.Dense(2, name="end")(
        source["Scale"](3.0, plus=0.25, name="scale")(inputs)
    )
    model = keras.Model(inputs, outputs)
    model.get_layer("scale").set_weights([np.arange(4.0)])
    for name in ("m.keras", "m.h5"):
        model.save(tmp_path / name)
        document = import_model(tmp_path / name).document
        (problem,) = (item for item in told(document) if item.code == "unknown-layer")
        first = fixes(Situation(document, {}), problem)[0]
        assert (first.asks, str(first.label)) == ("file", "Give the file with its code…")
        History(document).do(with_file(document, problem.node, path))
        assert [item.code for item in told(document)] == ["untrusted-code"]
        trust(path.read_bytes(), str(path))
        assert told(document) == []
        again = build_model(document.network)
        table = load_weights(again, document.network, tmp_path / name)
        assert {row.how for row in table} == {"name"}
        assert np.allclose(again(X), model(X))
        withdraw(path.read_bytes())


def test_fixes_lead_to_a_class_of_the_file(tmp_path: Path) -> None:
    path = write_scale(tmp_path)
    document = scaled(path, class_name="Gone")
    apply(document, "unknown-class", "Use Scale")
    assert told(document) == []
    (problem,) = told(drawn(("scale", "Custom", {}), ("last", "Dense", {})))[:1]
    assert problem.code == "missing-code"
    (fix,) = fixes(Situation(scaled(Path("none.py")), {}), problem)
    assert fix.asks == "file"


# --- code ----------------------------------------------------------------------------------


def test_the_script_imports_the_class_and_runs(tmp_path: Path) -> None:
    document = scaled(write_scale(tmp_path))
    script = to_python(document)
    assert "from scale import Scale  # your own file scale.py, beside this script" in script
    assert 'x = Scale(start=2.0, plus=0.5, name="scale")(flowers)' in script
    lines = script.partition("# The training")[0].replace("model.summary()", "")
    lines += "\nprint(model.get_layer('scale').start)\n"
    (tmp_path / "run.py").write_text(lines)
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
    command = [sys.executable, str(tmp_path / "run.py")]
    done = subprocess.run(
        command, check=False, capture_output=True, text=True, env=environment, timeout=120
    )
    assert done.stdout.strip().endswith("2.0"), done.stderr


def test_the_drawing_follows_its_arguments_in_the_code(tmp_path: Path) -> None:
    path = write_scale(tmp_path)
    document = scaled(path)
    known = written(document)
    assert known.sound
    script = known.script.replace("start=2.0", "start=7")
    reading = read_python(script, opaque_layers(document))
    assert reading.error is None
    History(document).do(merge(document, known, script, reading).edit)
    node = document.network.nodes["scale"]
    assert node.layer == "Custom" and node.params["file"] == str(path)
    assert node.params["kwargs"] == "start=7, plus=0.5"
    assert to_python(document) == script


def test_two_classes_of_one_name_are_told_apart(tmp_path: Path) -> None:
    one, two = write_scale(tmp_path), write_scale(tmp_path, "other.py")
    document = drawn(
        ("a", "Custom", {"file": str(one)}),
        ("b", "Custom", {"file": str(two)}),
        ("last", "Dense", {}),
    )
    script = to_python(document)
    assert "from other import Scale as Scale_2" in script and 'x = Scale_2(name="b")' in script
    assert written(document).sound


# --- Lambda --------------------------------------------------------------------------------


def saved_lambda(function: Any, path: Path) -> keras.Model:
    inputs = keras.Input((4,), name="flowers")
    hidden = keras.layers.Lambda(function, name="code")(inputs)
    model = keras.Model(inputs, keras.layers.Dense(2, name="end")(hidden))
    model.save(path)
    return model


@pytest.mark.parametrize("ending", [".keras", ".h5"])
def test_a_straight_lambda_becomes_an_expression_without_trust(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"m{ending}"
    model = saved_lambda(lambda x: x * 2 + 1, path)
    imported = import_model(path)
    document = imported.document
    assert [remark.opaque for remark in imported.remarks] == [True]
    assert [item.code for item in told(document)] == ["untrusted-code"]
    lambdas.read(document.network.nodes["code"].params)
    apply(document, "untrusted-code", "Replace by Expression: a * 2 + 1")
    assert told(document) == []
    again = build_model(document.network)
    load_weights(again, document.network, path)
    assert np.allclose(again(X), model(X))


@pytest.mark.parametrize("ending", [".keras", ".h5"])
def test_a_trusted_lambda_runs(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"m{ending}"
    model = saved_lambda(lambda x: keras.ops.concatenate([x, -x], axis=-1), path)
    document = import_model(path).document
    params = document.network.nodes["code"].params
    lambdas.read(params)
    (problem,) = told(document)
    assert [fix.asks for fix in fixes(Situation(document, {}), problem)] == ["trust"]
    with pytest.raises(CompileProblem, match="read and trusted"):
        build_model(document.network)
    trust(lambdas.content(params), "code", "lambda")
    assert told(document) == []
    again = build_model(document.network)
    load_weights(again, document.network, path)
    assert np.allclose(again(X), model(X))
    for name, format in (("n.h5", "h5"), ("n.keras", "keras"), ("n.tflite", "tflite")):
        found = export_model(again, document, tmp_path / name, format)
        assert found.difference is not None and found.difference < 1e-6, found.note
    assert (tmp_path / "n.h5").exists()


def test_a_hostile_lambda_is_never_run(tmp_path: Path) -> None:
    marker, path = tmp_path / "marker", tmp_path / "m.keras"
    saved_lambda(eval(f"lambda x: (open({str(marker)!r}, 'w').close(), x)[1]"), path)
    marker.unlink()  # Keras has run it when the model was made.
    document = import_model(path).document
    params = document.network.nodes["code"].params
    lambdas.read(params)
    assert "open" in lambdas.code_of(params, "code").text
    assert [item.code for item in told(document)] == ["untrusted-code"]
    with pytest.raises(CompileProblem):
        build_model(document.network)
    written(document)
    assert not marker.exists()
    trust(lambdas.content(params), "code", "lambda")
    told(document)
    assert marker.exists()


def test_a_named_function_becomes_an_activation_or_a_formula_of_ones_own() -> None:
    relu = {"class_name": "function", "config": "relu", "module": "builtins"}
    document = drawn(("code", "Lambda", {"function": relu}), ("last", "Dense", {}))
    apply(document, "unreadable-code", "Use relu")
    assert document.network.nodes["code"].layer == "Activation" and told(document) == []
    document = drawn(("code", "Lambda", {"function": "mine"}), ("last", "Dense", {}))
    apply(document, "unreadable-code", "Write it as an Expression")
    assert [(item.code, item.field) for item in told(document)] == [("bad-parameter", "formula")]


# --- the engine's process ------------------------------------------------------------------


def test_the_engine_looks_again_when_asked(own_settings: None, tmp_path: Path) -> None:
    from helpers.engine_session import EngineSession

    path = write_scale(tmp_path, trusted=False)
    engine = EngineSession()
    try:
        engine.wait(m.Ready)
        state = m.DocumentState.of(scaled(path))
        engine.client.send(m.OpenDocument(document="d", state=state))
        assert engine.wait(m.Shapes).facts["scale"].shape is None
        trust(path.read_bytes(), str(path))
        engine.client.send(m.LookAgain(document="d", nodes=["scale"]))
        assert engine.wait(m.Shapes).facts["scale"].shape == [None, 4]
    finally:
        engine.client.close()
