"""The engine process answers while it trains, and its death is survived."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import numpy as np
import pytest
from helpers.engine_session import EngineSession
from helpers.networks import iris_classifier, template
from helpers.real_data import shared_data

from engine.graph import commands
from engine.graph.document import Part, Recipe
from engine.ipc import messages as m
from engine.ipc.client import EngineDied

LONG = 100_000


def train(engine: EngineSession, run: str = "run", **options: bool) -> None:
    engine.client.send(m.Train(document="d", run=run, **options))


def test_shapes_follow_an_edit_and_only_what_changed_is_told(engine: EngineSession) -> None:
    history = engine.follow(template("lenet"))
    history.do(commands.set_param(history.document, ["fc1"], "units", 100))
    shapes = engine.wait(m.Shapes)
    assert shapes.revision == 1
    assert set(shapes.facts) == {"fc1", "fc2"}
    assert shapes.facts["fc1"].shape == [None, 100]
    assert shapes.facts["fc2"].params == 100 * 84 + 84


def test_a_shape_error_names_the_shapes_and_the_node(engine: EngineSession) -> None:
    history = engine.follow(template("lenet"))
    history.do(commands.set_param(history.document, ["conv2"], "kernel_size", [40, 40]))
    problems = engine.wait(m.Shapes).problems
    assert [problem.node for problem in problems] == ["conv2"]
    assert "14×14×6" in str(problems[0].message)


def test_training_reports_and_ends(engine: EngineSession) -> None:
    engine.follow(iris_classifier(epochs=3, validation_split=0.2))
    train(engine)
    started = engine.wait(m.RunStarted)
    ended = engine.wait(m.RunEnded, m.Failed)
    assert isinstance(ended, m.RunEnded)
    assert (ended.status, ended.epochs) == ("finished", 3)
    assert set(ended.history) == {"loss", "accuracy", "val_loss", "val_accuracy"}
    assert set(ended.test) == {"loss", "accuracy"}
    steps = sum(
        len(message.losses.numpy()) for message in engine.seen if isinstance(message, m.Progress)
    )
    assert steps == 3 * started.batches
    epochs = [message.epoch for message in engine.seen if isinstance(message, m.EpochEnded)]
    assert epochs == [1, 2, 3]


def test_pause_questions_resume_stop(engine: EngineSession) -> None:
    history = engine.follow(iris_classifier(epochs=LONG))
    train(engine)
    engine.wait(m.Progress)
    engine.client.send(m.Pause())
    engine.wait(m.RunPaused)
    history.do(commands.move(history.document, {"hidden": (500.0, 0.0)}))
    engine.wait(m.Shapes)
    engine.client.send(m.Probe(document="d", probe="activations", sample=1))
    probed = engine.wait(m.Probed, m.Failed)
    assert isinstance(probed, m.Probed)
    assert [picture.node for picture in probed.pictures] == ["flower", "hidden", "kind"]
    assert probed.pictures[2].values.numpy().sum() == pytest.approx(1, abs=1e-5)
    engine.client.send(m.Resume())
    engine.wait(m.RunResumed)
    engine.wait(m.Progress)
    engine.client.send(m.Stop())
    ended = engine.wait(m.RunEnded)
    assert ended.status == "stopped"
    train(engine, "again", resume=True)
    started = engine.wait(m.RunStarted, m.Failed)
    assert isinstance(started, m.RunStarted)
    assert started.first_epoch == ended.epochs + 1
    engine.client.send(m.Stop())
    engine.wait(m.RunEnded)


def test_a_stop_ends_a_pause(engine: EngineSession) -> None:
    engine.follow(iris_classifier(epochs=LONG))
    train(engine)
    engine.wait(m.Progress)
    engine.client.send(m.Pause())
    engine.wait(m.RunPaused)
    engine.client.send(m.Stop())
    assert engine.wait(m.RunEnded).status == "stopped"
    assert not any(isinstance(message, m.RunResumed) for message in engine.seen)


def test_a_second_run_is_refused_while_one_is_under_way(engine: EngineSession) -> None:
    engine.follow(iris_classifier(epochs=LONG))
    train(engine)
    engine.wait(m.RunStarted)
    train(engine, "second")
    assert "already training" in str(engine.wait(m.Failed).message)
    engine.client.send(m.Stop())
    engine.wait(m.RunEnded)


def test_a_loss_that_is_no_number_stops_the_run_at_its_batch(engine: EngineSession) -> None:
    optimizer = Part("sgd", {"learning_rate": 1e30})
    document = iris_classifier(
        epochs=50, optimizer=optimizer, loss="mean_squared_error", metrics=()
    )
    engine.follow(document)
    train(engine)
    ended = engine.wait(m.RunEnded, m.Failed)
    assert isinstance(ended, m.RunEnded)
    assert ended.status == "diverged"
    losses = np.concatenate(
        [message.losses.numpy() for message in engine.seen if isinstance(message, m.Progress)]
    )
    wrong = int(np.flatnonzero(~np.isfinite(losses))[0])
    started = next(message for message in engine.seen if isinstance(message, m.RunStarted))
    assert ended.message.values["batch"] == wrong % started.batches + 1
    assert ended.message.values["epoch"] == wrong // started.batches + 1


def test_export_while_training_waits_for_a_step_and_succeeds(
    engine: EngineSession, tmp_path: Path
) -> None:
    engine.follow(iris_classifier(epochs=LONG))
    train(engine)
    engine.wait(m.Progress)
    path = tmp_path / "iris.h5"
    engine.client.send(m.Export(document="d", path=str(path), format="h5"))
    exported = engine.wait(m.Exported, m.Failed)
    assert isinstance(exported, m.Exported)
    assert exported.bytes == path.stat().st_size
    engine.client.send(m.Stop())
    engine.wait(m.RunEnded)


def test_weights_do_not_take_the_place_of_a_model_that_trains(
    engine: EngineSession, tmp_path: Path
) -> None:
    document = iris_classifier(epochs=1)
    engine.follow(document)
    train(engine)
    engine.wait(m.RunEnded)
    path = tmp_path / "iris.h5"
    engine.client.send(m.Export(document="d", path=str(path), format="h5"))
    engine.wait(m.Exported)
    engine.follow(iris_classifier(epochs=LONG))
    train(engine, "long")
    engine.wait(m.Progress)
    engine.client.send(m.LoadWeights(document="d", path=str(path)))
    refused = engine.wait(m.Failed, m.WeightsLoaded)
    assert isinstance(refused, m.Failed)
    assert "stop it first" in str(refused.message)
    engine.follow(iris_classifier(), "other")
    engine.client.send(m.LoadWeights(document="other", path=str(path)))
    loaded = engine.wait(m.Failed, m.WeightsLoaded)
    assert isinstance(loaded, m.WeightsLoaded)
    engine.client.send(m.CloseDocument(document="other"))
    engine.client.send(m.Stop())
    ended = engine.wait(m.RunEnded)
    train(engine, "further", resume=True)
    assert engine.wait(m.RunStarted).first_epoch == ended.epochs + 1
    engine.client.send(m.Stop())
    engine.wait(m.RunEnded)


def test_a_network_that_does_not_suit_the_data_is_refused(engine: EngineSession) -> None:
    document = iris_classifier()
    history = engine.follow(document)
    engine.client.send(m.LoadData(data=document.data))
    engine.wait(m.DataLoaded)
    history.do(commands.set_param(document, ["kind"], "units", 2))
    while not (problems := engine.wait(m.Shapes).problems):
        pass
    assert "3 classes" in str(problems[0].message)
    assert problems[0].node == "kind"
    train(engine)
    assert "3 classes" in str(engine.wait(m.Failed, m.RunStarted).message)


@pytest.mark.parametrize("action", ["train", "export"])
def test_more_weights_than_memory_are_refused_before_they_are_asked_for(
    action: str, engine: EngineSession, tmp_path: Path
) -> None:
    document = iris_classifier()
    history = engine.follow(document)
    history.do(commands.set_param(document, ["hidden"], "units", 10_000_000))
    history.do(commands.add_node(document, "Dense", (0.0, 0.0), params={"units": 10_000_000}))
    history.do(commands.connect(document, "hidden", "dense"))
    if action == "train":
        train(engine)
    else:
        path = str(tmp_path / "iris.h5")
        engine.client.send(m.Export(document="d", path=path, format="h5"))
    assert "GB" in str(engine.wait(m.Failed, m.RunStarted, m.Exported).message)


def test_after_a_change_of_the_network_the_old_model_is_not_exported(
    engine: EngineSession, tmp_path: Path
) -> None:
    document = iris_classifier(epochs=1)
    history = engine.follow(document)
    train(engine)
    engine.wait(m.RunEnded)
    history.do(commands.set_param(document, ["hidden"], "units", 9))
    path = tmp_path / "iris.h5"
    engine.client.send(m.Export(document="d", path=str(path), format="h5"))
    assert "has changed" in str(engine.wait(m.Failed, m.Exported).message)
    assert not path.exists()


def test_a_killed_engine_is_told_and_replaced(own_engine: EngineSession) -> None:
    document = template("lenet")
    document.data = Part("npz", {"path": str(shared_data("mnist-10k.npz"))})
    document.recipe = Recipe(epochs=LONG)
    own_engine.follow(document)
    train(own_engine)
    own_engine.wait(m.Progress)
    pid = own_engine.client.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    died = own_engine.wait(EngineDied)
    assert died.restarting
    own_engine.wait(m.Ready)
    assert own_engine.client.pid != pid
    own_engine.follow(document)
    train(own_engine)
    own_engine.wait(m.Progress)
