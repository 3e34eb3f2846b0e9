"""A run prepared ahead is the run that Train would have begun without it."""

from __future__ import annotations

import pytest
from helpers.networks import iris_classifier, template
from msgspec.structs import replace

from engine.graph import commands
from engine.graph.document import Document, Part
from engine.graph.history import History
from engine.ipc import messages as m
from engine.ipc.throttle import Outbox
from engine.worker.data import DataStore
from engine.worker.documents import Followed
from engine.worker.preparation import Ahead, Plan
from engine.worker.runs import Runs


class Engine:
    """Runs the jobs of the training thread on this one."""

    def __init__(self, document: Document) -> None:
        self.sent: list[m.AnyReply] = []
        self.runs = Runs(Outbox(self.sent.append), between=lambda: None)
        self.data = DataStore()
        self.data.load(document.data)
        self.followed = Followed.open("d", m.DocumentState.of(document))
        self.followed.shapes(document.network.nodes)

    def ahead(self) -> bool:
        job = self.runs.prepare_ahead(self.followed, self.data)
        if job is not None:
            job()
        return job is not None

    def train(self, *, resume: bool = False) -> m.RunEnded:
        request = m.Train(document="d", run="run", resume=resume)
        self.runs.prepare(request, self.followed, self.data)()
        ended = self.sent[-1]
        assert isinstance(ended, m.RunEnded)
        return ended


def digits(**recipe: object) -> Document:
    """Return a network with dropout, the part that draws random numbers while it trains."""
    document = template("cnn")
    document.recipe = replace(document.recipe, epochs=1, **recipe)
    return document


def test_the_same_history_with_and_without() -> None:
    plain, ahead = Engine(digits()), Engine(digits())
    assert ahead.ahead()
    assert plain.train().history == ahead.train().history


def test_further_training_is_the_same_too() -> None:
    plain, ahead = Engine(iris_classifier(epochs=2)), Engine(iris_classifier(epochs=2))
    ahead.ahead()
    for engine in (plain, ahead):
        engine.train()
    # The second takes up the graphs of the first run, the first has to make them anew.
    assert plain.followed.trained is not None
    plain.followed.trained.prepared = None
    assert plain.train(resume=True).history == ahead.train(resume=True).history


def test_prepared_once_and_given_once() -> None:
    engine = Engine(iris_classifier(epochs=1))
    assert engine.ahead()
    assert not engine.ahead()
    engine.train()
    assert engine.ahead()


def test_epochs_do_not_matter_and_all_else_does() -> None:
    document = iris_classifier(epochs=1)
    data = DataStore()
    plan = Plan.of(document, data)
    document.recipe = replace(document.recipe, epochs=7)
    assert Plan.of(document, data) == plan
    history = History(document)
    history.do(commands.move(document, {"hidden": (500.0, 0.0)}))
    assert Plan.of(document, data) == plan
    history.do(commands.set_param(document, ["hidden"], "units", 3))
    assert Plan.of(document, data) != plan
    history.undo()
    assert Plan.of(document, data) == plan
    document.recipe = replace(document.recipe, batch_size=7)
    assert Plan.of(document, data) != plan


def test_what_was_prepared_for_another_drawing_is_not_used() -> None:
    document = iris_classifier(epochs=1)
    data = DataStore()
    data.load(document.data)
    ahead = Ahead()
    ahead.prepare(document, data)
    other = iris_classifier(epochs=1, batch_size=7)
    assert ahead.take(Plan.of(other, data)) is None
    assert ahead.take(Plan.of(document, data)) is None


def test_data_that_is_not_loaded_is_not_fetched_for_it() -> None:
    document = iris_classifier(epochs=1)
    assert not Ahead().wanted(document, DataStore(), parameters=100)


@pytest.mark.parametrize("loss", ["mean_squared_error", "no such loss"])
def test_what_cannot_be_prepared_is_left_to_the_run(loss: str) -> None:
    document = iris_classifier(epochs=1)
    document.recipe = replace(document.recipe, loss=loss)
    document.data = Part("digits", {})
    data = DataStore()
    data.load(document.data)
    ahead = Ahead()
    ahead.prepare(document, data)
    assert ahead.take(Plan.of(document, data)) is None
