"""The project file: readable, stable, never lost."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path

import pytest
from helpers.networks import iris_classifier, template
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import FileProblem, NetloomError
from engine.formats import project
from engine.formats.migrations import VERSION, migrate
from engine.graph.copying import fragment
from engine.graph.document import Part
from engine.paths import TEMPLATES

SAMPLES = Path(__file__).resolve().parents[2] / "data" / "projects"


@pytest.mark.parametrize("path", sorted(TEMPLATES.glob("*.netloom")), ids=lambda path: path.stem)
def test_templates_are_written_as_netloom_writes_them(path: Path) -> None:
    assert project.to_json(project.read_project(path)) == path.read_text(encoding="utf-8")


def test_defaults_are_left_out_and_a_node_takes_one_line() -> None:
    content = project.to_json(iris_classifier())
    assert '  {"id": "hidden", "layer": "Dense", "params": {"units": 8, "activation": "relu"}' in (
        content
    )
    assert "use_bias" not in content
    assert "seed" not in content


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("version-*.netloom")), ids=lambda p: p.stem)
def test_files_of_every_version_open(path: Path) -> None:
    document = project.read_project(path)
    assert len(document.network.nodes) == 4
    assert (document.recipe.epochs, document.recipe.metrics) == (3, ())
    assert document.recipe.optimizer == Part("sgd", {"learning_rate": 0.1})


def test_there_is_a_sample_of_every_version() -> None:
    assert len(list(SAMPLES.glob("version-*.netloom"))) == VERSION


def test_unknown_keys_and_layers_survive() -> None:
    content = {
        "netloom": VERSION,
        "frames": [{"color": "red"}],
        "data": {"kind": "satellite", "params": {"band": 7}},
        "recipe": {"optimizer": {"kind": "adam"}, "loss": "mine", "metrics": [], "swa": True},
        "nodes": [
            {"id": "a", "layer": "Wavelet", "params": {"level": 3}, "at": [0, 0], "color": "blue"}
        ],
        "edges": [],
    }
    written = json.loads(project.to_json(project.from_json(json.dumps(content), "x")))
    assert written == content


def test_migrations_run_one_after_the_other() -> None:
    steps = {1: lambda old: {**old, "b": old["a"] + 1}, 2: lambda old: {**old, "c": old["b"] + 1}}
    assert migrate({"a": 1}, 1, steps, 3) == {"a": 1, "b": 2, "c": 3}
    assert migrate({"a": 1, "b": 5}, 2, steps, 3) == {"a": 1, "b": 5, "c": 6}


@given(st.binary(max_size=200))
def test_foreign_bytes_give_one_sentence(content: bytes) -> None:
    with pytest.raises(FileProblem) as caught:
        project.from_json(content, "x.netloom")
    assert "x.netloom" in str(caught.value)


@given(st.integers(0, 400))
def test_truncated_files_give_one_sentence(length: int) -> None:
    content = project.to_json(iris_classifier()).rstrip()
    with pytest.raises(FileProblem):
        project.from_json(content[: min(length, len(content) - 1)], "x.netloom")


leaves = (
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.floats(allow_nan=False)
)
values = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner)
)


@given(
    st.fixed_dictionaries(
        {"netloom": st.just(1)},
        optional={
            key: values for key in ("title", "notes", "data", "recipe", "nodes", "edges", "more")
        },
    )
)
def test_any_json_opens_or_gives_one_sentence(content: dict) -> None:
    try:
        document = project.from_json(json.dumps(content), "x.netloom")
    except FileProblem as problem:
        assert "x.netloom" in str(problem)
    else:
        again = project.from_json(project.to_json(document), "x.netloom")
        assert project.to_json(again) == project.to_json(document)


def test_saving_replaces_the_file_as_a_whole(tmp_path: Path, monkeypatch) -> None:
    path = tmp_path / "net.netloom"
    project.write_project(iris_classifier(), path)
    before = path.read_bytes()

    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(FileProblem, match="disk is full"):
        project.write_project(template("lenet"), path)
    assert path.read_bytes() == before
    assert os.listdir(tmp_path) == ["net.netloom"]


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileProblem, match="folder does not exist"):
        project.write_project(iris_classifier(), tmp_path / "nowhere" / "net.netloom")


def test_an_unwritable_folder_is_told(tmp_path: Path, monkeypatch) -> None:
    # Root may write anywhere, so the refusal is made where the system would make it.
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("engine.paths.tempfile.mkstemp", refuse)
    with pytest.raises(FileProblem, match="cannot be written"):
        project.write_project(iris_classifier(), tmp_path / "net.netloom")


def test_the_clipboard_takes_part_of_a_network_and_nothing_else() -> None:
    drawn = template("branches").network
    inside = [edge for edge in drawn.edges() if edge.target == "concatenate"]
    part = fragment(drawn, ("narrow", "wide", "concatenate"))
    read = project.fragment_from_json(project.fragment_to_json(part))
    assert list(read.nodes) == ["narrow", "wide", "concatenate"]
    assert read.edges() == inside
    for foreign in ("", "hello", "[1, 2]", '{"nodes": []}', '{"netloom": 1, "nodes": 5}'):
        with pytest.raises(NetloomError, match="clipboard"):
            project.fragment_from_json(foreign)
