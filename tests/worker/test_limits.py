"""A network that wants more memory than there is gets an error; the engine goes on."""

from __future__ import annotations

import itertools
import subprocess
import sys

import pytest
from helpers.engine_session import EngineSession
from helpers.networks import iris_classifier

from engine.graph import commands
from engine.ipc import messages as m
from engine.paths import ROOT
from engine.worker.limits import machine_memory

GREEDY = """
import keras, numpy, tensorflow as tf
from engine.worker.limits import limit_memory
tf.constant(1.0) + 1
limit_memory(1 << 30)
layers = [keras.Input((8, 8, 1)), keras.layers.UpSampling2D(2048)]
try:
    keras.Sequential(layers).predict(numpy.ones((1, 8, 8, 1)), verbose=0)
except tf.errors.ResourceExhaustedError:
    print("refused")
small = keras.Sequential([layers[0], keras.layers.Flatten()])
print(small.predict(numpy.ones((1, 8, 8, 1)), verbose=0).sum())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux bounds memory that is written")
def test_the_limit_refuses_one_tensor_and_no_more() -> None:
    child = subprocess.run(
        [sys.executable, "-c", GREEDY],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert child.stdout.split() == ["refused", "64.0"], child.stderr[-2000:]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux bounds memory that is written")
def test_a_network_beyond_the_memory_costs_a_sentence(engine: EngineSession) -> None:
    memory = machine_memory()
    assert memory is not None
    document = iris_classifier(epochs=1)
    history = engine.follow(document)
    history.do(commands.set_param(document, ["hidden"], "units", 1000))
    history.do(commands.disconnect(document.network.inputs("kind")))
    times = {"n": min(memory // 2000, 10_000_000)}  # Of 1,000 floats, and 16 samples a batch.
    history.do(commands.add_node(document, "RepeatVector", (0.0, 0.0), params=times))
    history.do(commands.add_node(document, "GlobalAveragePooling1D", (0.0, 0.0)))
    path = ("hidden", "repeat_vector", "global_average_pooling1d", "kind")
    for source, target in itertools.pairwise(path):
        history.do(commands.connect(document, source, target))
    engine.client.send(m.Train(document="d", run="greedy"))
    ended = engine.wait(m.RunEnded, m.Failed)
    assert "memory" in str(ended.message)
    history.do(commands.set_param(document, ["repeat_vector"], "n", 2))
    engine.client.send(m.Train(document="d", run="modest"))
    ended = engine.wait(m.RunEnded, m.Failed)
    assert isinstance(ended, m.RunEnded)
    assert ended.status == "finished"
