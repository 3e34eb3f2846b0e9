"""The exported script, run: it makes the same model as the program does."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from helpers.networks import iris_classifier, network
from helpers.real_data import shared_data
from helpers.specimens import TOLD, specimen

from engine.datasets import DATASETS, UNDECIDED
from engine.formats.project import read_project
from engine.formats.python_code import to_python
from engine.graph.document import Document, Edge, Network, Node, Part, Recipe
from engine.layers import LAYERS, LayerSpec
from engine.paths import TEMPLATES
from engine.worker.compile import build_model
from main import main


def run(script: str, until: str = "") -> dict[str, Any]:
    """Run a script, or its part before a line, and return its variables."""
    part = script[: script.index(until)] if until else script
    space: dict[str, Any] = {}
    exec(compile(part, "script", "exec"), space)
    return space


def without_data(script: str) -> str:
    """Cut the data part out of a script."""
    start, end = script.index("# The data"), script.index("# The network")
    return script[:start] + script[end:]


def shape_of_model(model: Any) -> Any:
    """Return everything that makes two models the same, but for names."""

    def nameless(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: nameless(item) for key, item in value.items() if key != "name"}
        return [nameless(item) for item in value] if isinstance(value, (list, tuple)) else value

    return (
        [(type(layer).__name__, nameless(layer.get_config())) for layer in model.layers],
        [tuple(tensor.shape) for tensor in (*model.inputs, *model.outputs)],
        model.count_params(),
    )


def same_model(document: Document) -> None:
    model = run(without_data(to_python(document)), "model.summary()")["model"]
    ours, theirs = shape_of_model(build_model(document.network)), shape_of_model(model)
    assert sorted(map(str, ours[0])) == sorted(map(str, theirs[0]))
    assert ours[1:] == theirs[1:]


@pytest.mark.parametrize("path", sorted(TEMPLATES.glob("*.netloom")), ids=lambda path: path.stem)
def test_the_script_of_a_template_builds_the_same_model(path: Path) -> None:
    same_model(read_project(path))


def test_a_script_without_data_runs_alone() -> None:
    document = read_project(next(TEMPLATES.glob("*lenet-5*")))
    document.data = Part(UNDECIDED)
    script = to_python(document)
    assert run(script)["model"].optimizer is not None
    assert "x_train" in script.rstrip().splitlines()[-1]
    assert "model.fit(" not in script


def test_shared_layers_and_two_outputs_build_the_same_model() -> None:
    nodes = [
        Node(id="left", layer="Input", params={"shape": [4]}, order=0),
        Node(id="right", layer="Input", params={"shape": [4]}, order=1),
        Node(id="twin", layer="Dense", params={"units": 3}, order=2),
        Node(id="again", layer="Dense", shares="twin", order=3),
        Node(id="dot", layer="Dot", params={"normalize": True}, order=4),
        Node(id="more", layer="Dense", params={"units": 2}, order=5),
    ]
    edges = [("left", "twin"), ("right", "again"), ("twin", "dot"), ("again", "dot", 1)]
    edges += [("twin", "more")]
    same_model(Document(Network(nodes, [Edge(*edge) for edge in edges])))


# Layers of one's own are in test_trusted_code.py.
ALONE = [
    spec
    for spec in LAYERS
    if not (spec.held or spec.foreign) and spec.key not in ("Input", "PickOutput")
]


@pytest.mark.parametrize("spec", ALONE, ids=lambda spec: spec.key)
def test_every_layer_builds_from_its_code(spec: type[LayerSpec]) -> None:
    # Keras draws a seed for this one at once, and writes it down.
    params = TOLD.get(spec.key, {})
    same_model(specimen(spec, {"seed": 1} if spec.key == "RandomCrop" else params))


def test_further_tensors_become_variables() -> None:
    nodes = [
        Node(id="source", layer="Input", params={"shape": [5, 3]}, order=0),
        Node(id="target", layer="Input", params={"shape": [4, 2]}, order=1),
        Node(id="encoder", layer="LSTM", params={"return_state": True}, order=2),
        Node(id="state_h", layer="PickOutput", order=3),
        Node(id="state_c", layer="PickOutput", params={"index": 2}, order=4),
        Node(id="decoder", layer="LSTM", params={"initial_state": True}, order=5),
        Node(id="attend", layer="MultiHeadAttention", params={"use_causal_mask": True}, order=6),
    ]
    edges = [("source", "encoder"), ("encoder", "state_h"), ("encoder", "state_c")]
    wires = [Edge(*edge) for edge in edges]
    wires += [Edge("target", "decoder"), Edge("state_h", "decoder", 1)]
    wires += [Edge("state_c", "decoder", 2), Edge("target", "attend"), Edge("target", "attend", 1)]
    document = Document(Network(nodes, wires))
    code = to_python(document)
    assert "encoder, state_h, state_c = layers.LSTM(64, return_state=True" in code
    assert ")(target, initial_state=[state_h, state_c])" in code
    assert ")(target, target, use_causal_mask=True)" in code
    same_model(document)


@pytest.mark.parametrize("key", ["digits", "iris", "wine", "breast_cancer", "diabetes"])
def test_the_code_of_a_source_loads_the_same_kind_of_data(key: str) -> None:
    spec = DATASETS.get(key)
    rows: list[Any] = [("input", "Input", {"shape": list(spec.sample_shape or ())})]
    rows += [("dense", "Dense", {})]
    params = {"size": 12} if key == "digits" else {}
    space = run(to_python(Document(network(rows), data=Part(key, params))), "# The network")
    ours = spec.load(params)
    for name in ("x_train", "y_train", "x_test", "y_test"):
        want, got = getattr(ours, name), space[name]
        assert np.shape(got)[1:] == want.shape[1:]
        assert abs(len(got) - len(want)) <= 1
        assert np.mean(got) == pytest.approx(want.mean(), abs=0.2)
        assert np.std(got) == pytest.approx(want.std(), rel=0.2)


def test_the_code_of_a_numpy_file_loads_its_arrays() -> None:
    path = shared_data("mnist-10k.npz")
    rows: list[Any] = [("input", "Input", {"shape": [784]}), ("dense", "Dense", {"units": 10})]
    document = Document(network(rows), data=Part("npz", {"path": str(path)}))
    space = run(to_python(document), "# The network")
    assert space["x_train"].shape == (8500, 784)
    assert space["x_train"].max() == 1.0


@pytest.mark.parametrize(
    ("loss", "units", "kind", "metrics"),
    [
        ("sparse_categorical_crossentropy", 3, "iris", ("accuracy",)),
        ("categorical_crossentropy", 3, "iris", ("accuracy", "auc")),
        ("binary_crossentropy", 1, "breast_cancer", ("accuracy", "precision", "recall", "auc")),
        ("mean_squared_error", 1, "diabetes", ("mean_absolute_error", "r2_score")),
        ("mean_squared_error", 3, "iris", ("accuracy",)),
    ],
)
def test_the_whole_script_trains_and_saves(
    loss: str,
    units: int,
    kind: str,
    metrics: tuple[str, ...],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    activation = "sigmoid" if units == 1 and kind != "diabetes" else None
    rows: list[Any] = [
        ("row", "Input", {"shape": list(DATASETS.get(kind).sample_shape or ())}),
        ("out", "Dense", {"units": units, "activation": activation}),
    ]
    recipe = Recipe(loss=loss, metrics=metrics, epochs=1)
    document = Document(network(rows), title="One run", data=Part(kind), recipe=recipe)
    space = run(to_python(document))
    again = keras.models.load_model(tmp_path / "one_run.keras")
    x = space["x_test"]
    assert np.array_equal(again.predict(x, verbose=0), space["model"].predict(x, verbose=0))


def test_a_classifier_learns_by_its_script(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.chdir(tmp_path)
    space = run(to_python(iris_classifier(epochs=40, batch_size=8)))
    assert space["model"].evaluate(space["x_test"], space["y_test"], verbose=0)[1] > 0.8


def test_lambdas_that_are_formulas_are_written_so(tmp_path: Path) -> None:
    row = keras.Input((4,))
    twice = keras.layers.Lambda(lambda t: t * 2 + 1, name="twice")
    keras.Model(row, keras.layers.Dense(2)(twice(row))).save(tmp_path / "model.keras")
    target = tmp_path / "script.py"
    assert main(["export", str(tmp_path / "model.keras"), "--to", str(target)]) == 0
    model = runpy.run_path(str(target))["model"]
    rows = np.ones((2, 4), "float32")
    assert model.predict(rows, verbose=0).shape == (2, 2)


def test_a_script_that_cannot_run_alone_says_so(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    sequence = keras.Input((3, 4, 2))
    inner = keras.Sequential([keras.layers.Masking()])
    steps = keras.layers.TimeDistributed(inner, name="each")(sequence)
    keras.Model(sequence, steps).save(tmp_path / "model.keras")
    target = tmp_path / "script.py"
    assert main(["export", str(tmp_path / "model.keras"), "--to", str(target)]) == 0
    assert "note: The script stops where the network begins: “each”" in capfd.readouterr().err
    with pytest.raises(NotImplementedError, match="each"):
        runpy.run_path(str(target))
