"""Weights of a file for chosen layers: the rest stays, and undo leads back to the byte."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from helpers.engine_session import EngineSession
from helpers.networks import Row, iris_classifier, network

from engine.errors import FileProblem, NetloomError, text
from engine.formats.keras_files.matching import Match
from engine.graph import commands
from engine.graph.document import Document, Part, WeightsChange
from engine.graph.history import Edit, History
from engine.ipc import messages as m
from engine.worker import grafts
from engine.worker.compile import build_model, compile_model
from engine.worker.documents import Followed, Trained, structure
from engine.worker.exports.exporting import export_model
from engine.worker.grafting import graft, propose
from engine.worker.grafts import keep, move

ROWS: list[Row] = [
    ("flower", "Input", {"shape": [4]}),
    ("first", "Dense", {"units": 8}),
    ("second", "Dense", {"units": 8}),
    ("third", "Dense", {"units": 8}),
    ("kind", "Dense", {"units": 3, "activation": "softmax"}),
]


def document(rows: list[Row] = ROWS) -> Document:
    return Document(network(rows), title="Iris", data=Part("iris"))


def written(path: Path, rows: list[Row] = ROWS) -> dict[str, list[Any]]:
    """Write a model's weights; returns them by layer."""
    model = build_model(network(rows), seed=7)
    keras.utils.set_random_seed(8)
    for weight in model.weights:  # Biases, too, are to be told apart.
        weight.assign(keras.random.normal(weight.shape))
    model.save_weights(path) if path.name.endswith(".weights.h5") else model.save(path)
    return {layer.name: layer.get_weights() for layer in model.layers if layer.weights}


def followed(drawing: Document | None = None, *, trained: bool = True) -> Followed:
    drawing = drawing or document()
    known = Followed("d", drawing)
    if trained:
        model = build_model(drawing.network, seed=1)
        compile_model(model, drawing.recipe)
        model.optimizer.build(model.trainable_variables)
        for number, variable in enumerate(model.optimizer.variables):
            if variable.name != "learning_rate":
                variable.assign(np.full(variable.shape, number + 1).astype(variable.dtype))
        known.trained = Trained(model, structure(drawing.network), drawing.data, drawing.recipe)
    return known


def state(model: keras.Model) -> list[bytes]:
    return [one.numpy().tobytes() for one in [*model.variables, *model.optimizer.variables]]


def weights(known: Followed, node: str) -> list[Any]:
    assert known.trained is not None
    title = known.document.network.nodes[node].title
    found: list[Any] = known.trained.model.get_layer(title).get_weights()
    return found


def equal(some: list[Any], others: list[Any]) -> bool:
    return len(some) == len(others) and all(map(np.array_equal, some, others))


# --- the proposal --------------------------------------------------------------------------


def test_the_proposal_names_what_fits_and_loads_nothing(tmp_path: Path) -> None:
    path = tmp_path / "other.h5"
    other: list[Row] = [
        ROWS[0],
        ("first", "Dense", {"units": 8}),
        ("left", "Dense", {"units": 8}),
        ("right", "Dense", {"units": 8}),
        ("wide", "Dense", {"units": 5}),
    ]
    written(path, other)
    known = followed()
    assert known.trained is not None
    before = state(known.trained.model)
    found = propose(known, known.document, path)
    assert [(row.node, row.stored, row.how) for row in found.table] == [
        ("first", "first", "name"),
        ("second", "left", "order"),
        ("third", "right", "order"),
        ("kind", "", ""),
    ]
    assert [one.path for one in found.stored] == ["first", "left", "right", "wide"]
    assert found.stored[3].shapes == [(8, 5), (5,)]
    assert found.fitting == {"first": [0], "second": [1, 2], "third": [1, 2], "kind": []}
    assert state(known.trained.model) == before


def test_a_document_without_a_model_gets_a_proposal_and_still_has_none(tmp_path: Path) -> None:
    path = tmp_path / "all.weights.h5"
    written(path)
    known = followed(trained=False)
    found = propose(known, known.document, path)
    assert all(row.how for row in found.table)
    assert known.trained is None


def test_a_file_that_cannot_be_read_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "x.h5"
    path.write_bytes(b"no HDF5 at all")
    with pytest.raises(FileProblem, match=r"x\.h5"):
        propose(followed(), document(), path)


def test_parts_of_a_layer_matched_in_turn_do_not_change_places(tmp_path: Path) -> None:
    attention: list[Row] = [
        ("sequence", "Input", {"shape": [5, 4]}),
        ("look", "MultiHeadAttention", {"num_heads": 2, "key_dim": 2}),
    ]
    drawn = network(attention, [("sequence", "look", 0), ("sequence", "look", 1)])
    model = build_model(drawn, seed=3)
    path = tmp_path / "attention.weights.h5"
    model.save_weights(path)
    renamed: list[Row] = [attention[0], ("gaze", *attention[1][1:])]
    drawing = Document(network(renamed, [("sequence", "gaze", 0), ("sequence", "gaze", 1)]))
    known = followed(drawing, trained=False)
    (row,) = propose(known, drawing, path).table
    keep(known, "g", graft(known, drawing, path, {"gaze": row.stored}))
    assert equal(weights(known, "gaze"), model.get_layer("look").get_weights())


# --- loading -------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", [".h5", ".weights.h5", ".keras"])
def test_chosen_layers_get_weights_and_all_else_stays(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"other{ending}"
    theirs = written(path)
    known = followed()
    assert known.trained is not None
    trained, optimizer = known.trained, state(known.trained.model)[-10:]
    names = {row.node: row.stored for row in propose(known, known.document, path).table}
    kept = {node: weights(known, node) for node in ("first", "kind")}
    # Crossed by hand: both have the same shapes.
    choices = {"second": names["third"], "third": names["second"]}
    graft(known, known.document, path, choices)
    assert equal(weights(known, "second"), theirs["third"])
    assert equal(weights(known, "third"), theirs["second"])
    assert all(equal(weights(known, node), before) for node, before in kept.items())
    assert known.trained is trained and state(trained.model)[-10:] == optimizer


@pytest.mark.parametrize("named", ["", "saved_model.pb"])
def test_a_model_of_ours_in_a_folder_gives_single_layers(named: str, tmp_path: Path) -> None:
    drawing = document()
    model = build_model(drawing.network, seed=5)
    compile_model(model, drawing.recipe)
    path = tmp_path / "ours.savedmodel"
    export_model(model, drawing, path, "saved_model", None)
    path = path / named
    known = followed()
    found = propose(known, known.document, path)
    assert [(row.stored, row.how) for row in found.table] == [
        (name, "name") for name in ("first", "second", "third", "kind")
    ]
    before = weights(known, "first")
    graft(known, known.document, path, {"second": "second"})
    assert equal(weights(known, "second"), model.get_layer("second").get_weights())
    assert equal(weights(known, "first"), before)


@pytest.mark.parametrize(
    "choices", [{"kind": "first"}, {"first": "nowhere"}, {"gone": "first"}, {}]
)
def test_what_does_not_fit_is_refused_whole(choices: dict[str, str], tmp_path: Path) -> None:
    path = tmp_path / "other.h5"
    written(path)
    known = followed()
    assert known.trained is not None
    before = state(known.trained.model)
    if choices:
        choices = {"second": "second", **choices}
    with pytest.raises(NetloomError, match="choose"):
        graft(known, known.document, path, choices)
    assert state(known.trained.model) == before
    assert known.grafts == {}


def test_without_a_model_one_is_drawn_first(tmp_path: Path) -> None:
    path = tmp_path / "other.h5"
    theirs = written(path)
    known = followed(trained=False)
    drawn = build_model(known.document.network, seed=known.document.recipe.seed)
    keep(known, "g", graft(known, known.document, path, {"second": "second"}))
    assert equal(weights(known, "second"), theirs["second"])
    assert equal(weights(known, "first"), drawn.get_layer("first").get_weights())
    assert move(known, "g", applied=True) == (False, False)  # The step is told of.
    assert move(known, "g", applied=False) == (True, False)
    assert known.trained is None
    assert move(known, "g", applied=True) == (True, False)
    assert equal(weights(known, "second"), theirs["second"])


# --- undo and redo -------------------------------------------------------------------------


class Person:
    """Edits a document whose weights an engine follows, as the window does."""

    def __init__(self, known: Followed) -> None:
        self.known = known
        self.history = History(known.document)
        self.history.changed.connect(self._follow)
        self.count = 0

    def _follow(self, changes: tuple[Any, ...]) -> None:
        for change in changes:
            if isinstance(change, WeightsChange):
                move(self.known, change.graft, applied=change.applied)

    def load(self, path: Path, **choices: str) -> str:
        self.count += 1
        name = f"graft-{self.count}"
        keep(self.known, name, graft(self.known, self.known.document, path, choices))
        self.history.do(Edit(text("Load"), (WeightsChange(name, True),)))
        return name

    def state(self) -> list[bytes] | None:
        return state(self.known.trained.model) if self.known.trained is not None else None


def test_undo_and_redo_restore_every_byte(tmp_path: Path) -> None:
    one, two = tmp_path / "one.h5", tmp_path / "two.weights.h5"
    written(one)
    written(two)
    person = Person(followed())
    states = [person.state()]
    person.load(one, first="first", second="third")
    states.append(person.state())
    person.load(one, second="second", kind="kind")
    states.append(person.state())
    assert len({tuple(found or ()) for found in states}) == 3
    for place in (1, 0, 1, 2, 1, 0):
        person.history.undo() if person.history.place > place else person.history.redo()
        assert person.state() == states[place]


def test_edits_of_the_drawing_in_between_and_their_undo(tmp_path: Path) -> None:
    path = tmp_path / "one.h5"
    written(path)
    known = followed()
    person = Person(known)
    drawing = known.document
    first_model = known.trained
    states = [person.state()]
    person.load(path, first="first")
    states.append(person.state())
    person.history.do(commands.set_param(drawing, ["third"], "units", 9))
    states.append(person.state())  # The model is that of the old drawing.
    assert states[2] == states[1]
    person.load(path, second="second")  # For the new drawing a model is built.
    assert known.trained is not first_model
    states.append(person.state())
    person.load(path, second="third")
    states.append(person.state())
    for place in (3, 2, 1, 0, 1, 2, 3, 4, 3, 2, 1, 0):
        person.history.undo() if person.history.place > place else person.history.redo()
        assert person.state() == states[place]
    assert known.trained is first_model


def test_what_training_made_of_them_comes_back_with_redo(tmp_path: Path) -> None:
    path = tmp_path / "one.h5"
    written(path)
    person = Person(followed())
    model = person.known.trained.model if person.known.trained else None
    assert model is not None
    person.load(path, first="first")
    layer = model.get_layer("first")
    layer.set_weights([values + 1 for values in layer.get_weights()])
    trained = person.state()
    person.history.undo()
    assert person.state() != trained
    person.history.redo()
    assert person.state() == trained


def test_a_model_trained_anew_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "one.h5"
    written(path)
    known = followed()
    person = Person(known)
    person.load(path, first="first")
    anew = followed(known.document).trained
    assert anew is not None
    known.trained = anew
    before = state(anew.model)
    person.history.undo()
    person.history.redo()
    assert known.trained is anew and state(anew.model) == before


def test_what_cannot_be_redone_is_forgotten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "one.h5"
    written(path)
    person = Person(followed())
    first = person.load(path, first="first")
    person.history.undo()
    second = person.load(path, second="second")
    assert list(person.known.grafts) == [second]
    assert move(person.known, first, applied=True) == (False, True)
    monkeypatch.setattr(grafts, "machine_memory", lambda: 0)
    third = person.load(path, third="third")
    assert list(person.known.grafts) == [third]


# --- through the engine --------------------------------------------------------------------


def ask(
    engine: EngineSession, path: Path, name: str, **choices: str
) -> m.WeightsGrafted | m.Failed:
    engine.client.send(m.GraftWeights(document="d", path=str(path), choices=choices, graft=name))
    return engine.wait(m.WeightsGrafted, m.Failed)


def kernel(engine: EngineSession, path: Path, layer: str) -> Any:
    engine.client.send(m.Export(document="d", path=str(path), format="keras"))
    engine.wait(m.Exported)
    return keras.models.load_model(path).get_layer(layer).get_weights()[0]


def test_the_engine_matches_grafts_and_follows_the_history(
    engine: EngineSession, tmp_path: Path
) -> None:
    path = tmp_path / "one.h5"
    theirs = written(path)
    history = engine.follow(document())
    engine.client.send(m.MatchWeights(document="d", path=str(path)))
    matched = engine.wait(m.WeightsMatched, m.Failed)
    assert isinstance(matched, m.WeightsMatched)
    shapes = [(8, 8), (8,)]
    assert matched.table[1] == Match("second", "second", "name", shapes, shapes)
    assert matched.fitting["second"] == [1, 2]
    assert isinstance(ask(engine, path, "g", second="third"), m.WeightsGrafted)
    history.do(Edit(text("Load"), (WeightsChange("g", True),)))
    assert engine.wait(m.Shapes).facts == {}
    assert np.array_equal(kernel(engine, tmp_path / "a.keras", "second"), theirs["third"][0])
    history.undo()
    assert engine.wait(m.WeightsMoved).trained is False
    history.redo()
    moved = engine.wait(m.WeightsMoved)
    assert (moved.trained, moved.lost) == (True, False)
    assert np.array_equal(kernel(engine, tmp_path / "b.keras", "second"), theirs["third"][0])
    history.do(Edit(text("Load"), (WeightsChange("unheard of", True),)))
    assert engine.wait(m.WeightsMoved).lost


def test_while_a_network_trains_weights_are_refused(engine: EngineSession, tmp_path: Path) -> None:
    path = tmp_path / "one.h5"
    written(path)
    engine.follow(iris_classifier(epochs=100_000))
    engine.client.send(m.Train(document="d", run="run"))
    engine.wait(m.Progress)
    refused = ask(engine, path, "g", hidden="first")
    assert isinstance(refused, m.Failed)
    assert "stop it first" in str(refused.message)
    engine.client.send(m.Stop())
    engine.wait(m.RunEnded)
    assert isinstance(ask(engine, path, "g", hidden="first"), m.WeightsGrafted)


def test_training_goes_on_with_the_model_that_undo_has_left(
    engine: EngineSession, tmp_path: Path
) -> None:
    path = tmp_path / "one.h5"
    written(path)
    drawing = iris_classifier(epochs=1)
    history = engine.follow(drawing)
    assert isinstance(ask(engine, path, "g", hidden="first"), m.WeightsGrafted)
    history.do(Edit(text("Load"), (WeightsChange("g", True),)))
    history.undo()
    engine.client.send(m.Train(document="d", run="run", resume=True))
    refused = engine.wait(m.Failed, m.RunEnded)
    assert isinstance(refused, m.Failed) and "Nothing is trained" in str(refused.message)
    history.redo()
    engine.wait(m.WeightsMoved)
    engine.client.send(m.Train(document="d", run="run", resume=True))
    ended = engine.wait(m.Failed, m.RunEnded)
    assert isinstance(ended, m.RunEnded) and ended.status == "finished"


def test_a_step_that_nothing_is_known_of_changes_nothing() -> None:
    known = followed()
    assert known.trained is not None
    before = state(known.trained.model)
    assert move(known, "x", applied=False) == (False, True)
    assert state(known.trained.model) == before
