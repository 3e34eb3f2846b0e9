"""Every format is written, read back by another program, and compared."""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import keras
import numpy as np
import pytest
from helpers.networks import iris_classifier, template
from helpers.specimens import specimen

from engine.errors import ExportProblem, FileProblem
from engine.formats import exporting
from engine.formats.exporting import FORMATS, format_for
from engine.graph.document import Document, Edge, Network, Node
from engine.layers import LAYERS
from engine.paths import TEMPLATES
from engine.worker.compile import build_model, compile_model
from engine.worker.data import DataStore
from engine.worker.exports import apart
from engine.worker.exports.exporting import WAYS, Written, export_model
from engine.worker.exports.samples import largest_difference
from engine.worker.weights import settle
from main import main

# How far predictions may be apart: rounding of 32 bits, or of 8.
ROUNDING = {"tflite_dynamic": 0.02, "tflite_int8": 0.06}


def written(document: Document, path: Path, format: str) -> Written:
    model = build_model(document.network, document.title, seed=1)
    compile_model(model, document.recipe)
    data = DataStore().load(document.data)
    return export_model(model, document, path, format, data)


# The converters take their time; what they make of branches, one of them shows.
SLOW = ("tflite", "tflite_dynamic", "tflite_int8")


@pytest.mark.parametrize(
    ("name", "format"),
    [(name, format) for name in ("lenet", "lstm") for format in WAYS]
    + [("branches", format) for format in WAYS if format not in SLOW],
)
def test_each_format_computes_the_same(name: str, format: str, tmp_path: Path) -> None:
    item = FORMATS[format]
    path = tmp_path / f"model{item.ending}"
    found = written(template(name), path, format)
    assert found.reader == item.reader
    assert found.samples == 8
    assert found.difference is not None
    assert found.difference <= ROUNDING.get(format, 1e-6)
    assert path.exists() and found.bytes > 400
    assert os.listdir(tmp_path) == [path.name]


def test_eight_bits_are_smaller_and_less_exact(tmp_path: Path) -> None:
    whole, bits = (
        written(template("lenet"), tmp_path / f"{kind}.tflite", kind)
        for kind in ("tflite", "tflite_int8")
    )
    assert bits.bytes < 0.4 * whole.bytes
    assert bits.difference > whole.difference


def test_several_inputs_and_outputs_keep_their_order(tmp_path: Path) -> None:
    nodes = [
        Node(id="wide", layer="Input", params={"shape": [5]}, order=0),
        Node(id="also", layer="Input", params={"shape": [5]}, order=1),
        Node(id="less", layer="Subtract", order=2),
        Node(id="last", layer="Dense", params={"units": 3}, order=3),
        Node(id="all", layer="Dense", params={"units": 3}, order=4),
    ]
    edges = [("wide", "less"), ("also", "less", 1), ("less", "last"), ("wide", "all")]
    document = Document(Network(nodes, [Edge(*edge) for edge in edges]), title="two")
    model = build_model(document.network, "two", seed=1)
    for format in ("h5", "saved_model", "onnx", "tflite"):
        found = export_model(model, document, tmp_path / f"m{FORMATS[format].ending}", format)
        assert found.difference is not None and found.difference < 0.05, format


def test_operations_in_h5_are_told(tmp_path: Path) -> None:
    document = specimen(LAYERS.get("Expression"), {"formula": "a * 2 + exp(a)"})
    model = build_model(document.network, "x")
    found = export_model(model, document, tmp_path / "x.h5", "h5")
    assert (found.reader, found.difference) == ("Netloom", 0)
    assert "operations" in str(found.note)


def test_without_data_eight_bits_say_so(tmp_path: Path) -> None:
    document = specimen(LAYERS.get("Dense"), {})
    model = build_model(document.network, "x")
    found = export_model(model, document, tmp_path / "x.tflite", "tflite_int8")
    assert "random numbers" in str(found.note)


def broken(*_: object) -> Any:
    raise ValueError("not my file. And more of it")


def test_what_keras_cannot_read_is_read_by_netloom(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(WAYS, "keras", (WAYS["keras"][0], broken))
    found = written(iris_classifier(), tmp_path / "x.keras", "keras")
    assert (found.reader, found.difference) == ("Netloom", 0)
    assert str(found.note).endswith("Keras itself cannot: not my file.")


@pytest.mark.parametrize("format", ["weights", "saved_model"])
def test_what_nothing_can_read_takes_no_name(
    format: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / f"x{FORMATS[format].ending}"
    written(iris_classifier(), path, format)
    before = {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()}
    monkeypatch.setitem(WAYS, format, (WAYS[format][0], broken))
    with pytest.raises(ExportProblem, match=r"cannot read .*not my file"):
        written(iris_classifier(), path, format)
    assert before == {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()}


def test_a_folder_that_cannot_be_replaced_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.savedmodel"
    path.mkdir()
    (path / "saved_model.pb").write_text("old")
    replace = os.replace

    def refuse(source: Path, target: Path) -> None:
        if target == path and source.name == "model":
            raise PermissionError(13, "denied")
        replace(source, target)

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(FileProblem, match="was not saved"):
        written(iris_classifier(), path, "saved_model")
    assert (path / "saved_model.pb").read_text() == "old"
    assert os.listdir(tmp_path) == [path.name]


def crashing(code: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Let the converter be a program that does this."""
    program = tmp_path / "converter"
    program.write_text(f"#!{sys.executable}\nimport os, pathlib, sys\n{code}\nos.abort()\n")
    program.chmod(0o755)
    monkeypatch.setattr(apart, "sys", SimpleNamespace(executable=str(program)))


@pytest.mark.skipif(sys.platform == "win32", reason="the converter is a script")
def test_a_converter_that_crashes_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "out" / "x.onnx"
    target.parent.mkdir()
    crashing("", monkeypatch, tmp_path)
    with pytest.raises(ExportProblem, match=r"ONNX broke down .*exit code -6"):
        written(iris_classifier(), target, "onnx")
    answer = """pathlib.Path(sys.argv[4], "answer.json").write_text('{"note": ""}')"""
    crashing(answer, monkeypatch, tmp_path)
    with pytest.raises(ExportProblem, match=r"cannot read .*broke down, exit code -6"):
        written(iris_classifier(), target, "onnx")
    assert not list(target.parent.iterdir())


def test_a_model_that_the_converter_cannot_open_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write(model: Any, document: Any, path: Path, samples: Any) -> None:
        path.write_bytes(b"no model")

    monkeypatch.setattr(apart, "write_whole", write)
    with pytest.raises(ExportProblem, match=r"does not go into ONNX: .*zip"):
        written(iris_classifier(), tmp_path / "x.onnx", "onnx")


def test_onnx_holds_what_a_normalization_has_learned(tmp_path: Path) -> None:
    document = specimen(LAYERS.get("Normalization"), {})
    model = build_model(document.network, "x")
    for weight, value in zip(model.weights, (0.5, 4.0), strict=False):
        weight.assign(np.full(weight.shape, value))
    settle(model)
    found = export_model(model, document, tmp_path / "x.onnx", "onnx")
    assert found.difference is not None and found.difference < 1e-6


def test_a_folder_of_somebody_else_is_never_replaced(tmp_path: Path) -> None:
    document = specimen(LAYERS.get("Dense"), {})
    model = build_model(document.network, "x")
    path = tmp_path / "x.savedmodel"
    path.mkdir()
    (path / "precious.txt").write_text("mine")
    with pytest.raises(FileProblem, match="no SavedModel"):
        export_model(model, document, path, "saved_model")
    assert (path / "precious.txt").read_text() == "mine"
    (path / "precious.txt").unlink()
    path.rmdir()
    first = export_model(model, document, path, "saved_model")
    again = export_model(model, document, path, "saved_model")
    assert abs(again.bytes - first.bytes) < 100
    assert os.listdir(tmp_path) == [path.name]


def test_missing_packages_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ExportProblem, match=r"tf2onnx.*pip install 'netloom\[export\]'"):
        written(iris_classifier(), tmp_path / "x.onnx", "onnx")
    assert os.listdir(tmp_path) == []


def test_a_failed_conversion_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(model: Any, document: Any, path: Path, samples: Any) -> None:
        path.write_bytes(b"half")
        raise ValueError("no such operation")

    monkeypatch.setitem(WAYS, "json", (broken, WAYS["json"][1]))
    path = tmp_path / "x.json"
    path.write_bytes(b"old")
    with pytest.raises(ExportProblem, match=r"x\.json.*no such operation"):
        written(iris_classifier(), path, "json")
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["x.json"]


@pytest.mark.parametrize(
    ("name", "quantize", "key"),
    [
        ("a.h5", "", "h5"),
        ("a.weights.h5", "", "weights"),
        ("a.b.tflite", "int8", "tflite_int8"),
        ("a.tflite", "", "tflite"),
        ("a.html", "", "html"),
        ("a.h5", "int8", "h5"),
    ],
)
def test_the_ending_tells_the_format(name: str, quantize: str, key: str) -> None:
    assert format_for(Path(name), quantize).key == key


def test_unknown_endings_are_refused() -> None:
    for name in ("a.txt", ".h5", "h5"):
        with pytest.raises(ExportProblem, match="must end in"):
            format_for(Path(name))


def test_differences_of_other_shapes_are_infinite() -> None:
    assert largest_difference([np.zeros((2, 3))], [np.zeros((2, 4))]) == float("inf")
    assert largest_difference([np.zeros(2), np.ones(2)], [np.zeros(2), np.zeros(2)]) == 1
    assert largest_difference([], []) == 0


def test_numbers_that_are_none_are_no_small_difference() -> None:
    number, none, infinite = np.ones(2), np.array([1, np.nan]), np.array([1, np.inf])
    assert np.isnan(largest_difference([number, number], [none, number]))
    assert np.isnan(largest_difference([number, number], [number, none]))
    assert largest_difference([none, number], [none, number - 1]) == 1
    assert largest_difference([infinite], [infinite]) == 0
    assert largest_difference([infinite], [-infinite]) == np.inf


# --- the command ---------------------------------------------------------------------------

LENET = str(next(iter(sorted(Path("templates").glob("*lenet*.netloom"))), ""))


def test_the_command_writes_and_compares(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "lenet.onnx"
    assert main(["export", LENET, "--to", str(target), "--json"]) == 0
    told = json.loads(capfd.readouterr().out)
    assert told["reader"] == "ONNX Runtime" and told["difference"] < 1e-6
    assert told["bytes"] == target.stat().st_size
    target = tmp_path / "lenet.int8.tflite"
    assert main(["export", LENET, "--to", str(target), "--quantize", "int8"]) == 0
    assert "read back by LiteRT" in capfd.readouterr().out


def mixed(path: Path) -> Path:
    """Save a model that computes with 16 bits, which becomes one of 32 here."""
    dense = keras.layers.Dense(2, dtype="mixed_bfloat16", name="half")
    keras.Sequential([keras.Input((3,)), dense]).save(path)
    return path


@pytest.mark.parametrize("name", ["model.keras", "model.json", "model.py", "model.svg"])
def test_the_command_tells_what_did_not_fit(
    name: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    source, target = str(mixed(tmp_path / "half.keras")), tmp_path / name
    main(["import", source, "--to", str(tmp_path / "half.netloom")])
    noted = capfd.readouterr().err
    assert noted.startswith("note: ") and "“half”" in noted
    assert main(["export", source, "--to", str(target)]) == 0
    assert capfd.readouterr().err == noted
    assert main(["export", source, "--to", str(target), "--json"]) == 0
    (remark,) = json.loads(capfd.readouterr().out)["remarks"]
    assert f"note: {remark['message']}\n" == noted


UNTRAINED = "holds no weights: those that were written are new and have not been trained."


@pytest.mark.parametrize("ending", [".h5", ".keras", ".weights.h5"])
def test_new_weights_are_told(
    ending: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    description, whole = tmp_path / "net.json", tmp_path / "net.keras"
    description.write_text(model.to_json())
    model.save(whole)
    target = str(tmp_path / f"copy{ending}")
    for source in (str(description), LENET):
        assert main(["export", source, "--to", target]) == 0
        assert capfd.readouterr().err == f"note: “{Path(source).name}” {UNTRAINED}\n"
    assert main(["export", str(description), "--to", target, "--json"]) == 0
    (remark,) = json.loads(capfd.readouterr().out)["remarks"]
    assert remark == {"layer": "", "message": f"“net.json” {UNTRAINED}"}
    assert main(["export", str(whole), "--to", target]) == 0
    assert capfd.readouterr().err == ""


def test_a_description_says_nothing_of_weights(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", LENET, "--to", str(tmp_path / "net.json")]) == 0
    assert capfd.readouterr().err == ""


def test_the_command_draws(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    for ending in ("svg", "png", "pdf"):
        target = tmp_path / f"lenet.{ending}"
        assert main(["export", LENET, "--to", str(target)]) == 0
        assert target.stat().st_size > 2000
    drawn = (tmp_path / "lenet.svg").read_text()
    assert "28×28×1" in re.sub(r"<[^>]*>", "", drawn) or drawn.count("<path") > 20
    assert main(["export", LENET, "--to", str(tmp_path / "no" / "x.svg")]) == 1
    assert "folder does not exist" in capfd.readouterr().err


def test_the_command_reports(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    history = tmp_path / "x.history.json"
    history.write_text(
        json.dumps(
            {
                "status": "completed",
                "history": {"loss": [2.0, 1.5], "val_loss": [2.1, 1.7], "accuracy": [0.2, 0.6]},
                "test": {"loss": 1.6, "accuracy": 0.55},
            }
        )
    )
    target = tmp_path / "lenet.html"
    command = ["export", LENET, "--to", str(target), "--history", str(history)]
    assert main(command) == 0
    page = target.read_text()
    assert page.count("<svg") == 3  # The network and two curves.
    assert "61,706" in page and "0.5500" in page and "<script" not in page
    history.write_text("[]")
    assert main(command) == 2
    assert "history" in capfd.readouterr().err


def test_the_description_alone_builds_in_keras(tmp_path: Path) -> None:
    target = tmp_path / "lenet.json"
    assert main(["export", LENET, "--to", str(target)]) == 0
    assert keras.models.model_from_json(target.read_text()).count_params() == 61706


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    link, target = tmp_path / "link.json", tmp_path / "there" / "model.json"
    link.symlink_to(target)
    written(iris_classifier(), link, "json")
    assert link.is_symlink() and json.loads(target.read_text())["class_name"] == "Functional"


def test_eight_bits_are_for_tflite_alone(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    drawing = str(TEMPLATES / "1-linear-regression.netloom")
    target = str(tmp_path / "x.onnx")
    assert main(["export", drawing, "--to", target, "--quantize", "int8"]) == 2
    assert "--quantize is for .tflite files" in capfd.readouterr().err


def test_a_folder_is_no_file_to_inspect(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["inspect", str(tmp_path)]) == 2
    assert "is a folder: choose a file in it" in capfd.readouterr().err
