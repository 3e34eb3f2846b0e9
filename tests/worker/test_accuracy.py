"""LeNet-5 learns real digits as well as it does in a bare Keras script."""

from __future__ import annotations

import statistics

from helpers.engine_session import EngineSession
from helpers.networks import template
from helpers.real_data import shared_data

from engine.graph.document import Part, Recipe
from engine.ipc import messages as m


def test_lenet_reaches_96_percent_in_five_epochs(engine: EngineSession) -> None:
    accuracies = []
    for seed in range(3):
        document = template("lenet")
        document.data = Part("npz", {"path": str(shared_data("mnist-10k.npz"))})
        document.recipe = Recipe(epochs=5, seed=seed, validation_split=0.0)
        engine.follow(document)
        engine.client.send(m.Train(document="d", run=f"seed {seed}"))
        ended = engine.wait(m.RunEnded, m.Failed)
        assert isinstance(ended, m.RunEnded)
        accuracies.append(ended.test["accuracy"])
    assert statistics.median(accuracies) >= 0.96, accuracies
