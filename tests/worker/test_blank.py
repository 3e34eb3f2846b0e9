"""Models whose weights come from a file are built without drawing weights."""

from __future__ import annotations

import threading
from pathlib import Path

import keras
import numpy as np
from helpers.networks import template

from engine.errors import NetloomError
from engine.ipc import messages as m
from engine.ipc.throttle import Outbox
from engine.worker.blank import ALIGNMENT, blank_weights, memory, tensor_of
from engine.worker.compile import build_model
from engine.worker.documents import Followed
from engine.worker.questions import Questions
from engine.worker.runs import Runs


def test_layers_begin_with_zeros_here_and_nowhere_else() -> None:
    other: list[np.ndarray] = []

    def elsewhere() -> None:
        layer = keras.layers.Dense(3)
        layer.build((None, 4))
        other.append(layer.get_weights()[0])

    with blank_weights():
        blank = keras.layers.Dense(3)
        blank.build((None, 4))
        thread = threading.Thread(target=elsewhere)
        thread.start()
        thread.join()
    drawn = keras.layers.Dense(3)
    drawn.build((None, 4))
    assert not blank.get_weights()[0].any()
    assert other[0].any() and drawn.get_weights()[0].any()


def test_a_tensor_shares_the_memory_of_its_array() -> None:
    values = memory((1000, 3), "float32")
    values[:] = np.arange(3000).reshape(1000, 3)
    assert values.ctypes.data % ALIGNMENT == 0
    tensor = tensor_of(values)
    assert np.array_equal(tensor.numpy(), np.arange(3000).reshape(1000, 3))
    variable = keras.Variable(tensor)
    variable.assign_add(variable)
    assert values[999, 2] == 2999.0  # What is computed with it leaves the array alone.


def load(path: Path, followed: Followed, *, partly: bool = False) -> m.WeightsLoaded:
    sent: list[m.AnyReply] = []
    runs = Runs(Outbox(sent.append), between=lambda: None)
    request = m.LoadWeights(document="d", path=str(path), partly=partly)
    runs.prepare_weights(request, followed)()
    (reply,) = sent
    assert isinstance(reply, m.WeightsLoaded)
    return reply


def test_layers_that_the_file_lacks_get_drawn_weights(tmp_path: Path) -> None:
    document = template("lenet")
    path = tmp_path / "part.weights.h5"
    model = build_model(document.network, seed=3)
    model.save_weights(path)
    document.network.nodes["fc2"].params["units"] = 31
    followed = Followed("d", document)
    reply = load(path, followed, partly=True)
    missing = [row.node for row in reply.table if row.node and not row.how]
    assert missing
    assert followed.trained is not None
    ours = followed.trained.model
    for name in missing:
        assert ours.get_layer(document.network.nodes[name].title).get_weights()[0].any()
    same = next(row.node for row in reply.table if row.how)
    title = document.network.nodes[same].title
    theirs = model.get_layer(title).get_weights()
    assert all(map(np.array_equal, ours.get_layer(title).get_weights(), theirs))


def test_kernels_are_read_from_the_file_while_the_model_is_built(tmp_path: Path) -> None:
    document = template("lenet")
    model = build_model(document.network, seed=3)
    path = tmp_path / "model.h5"
    model.save(path)
    sent: list[m.AnyReply] = []
    questions = Questions(Outbox(sent.append))
    questions.answer(m.OpenDocument(document="d", state=m.DocumentState.of(document)))
    followed = questions.followed("d")
    runs = Runs(Outbox(sent.append), between=lambda: None)
    job = runs.prepare_weights(m.LoadWeights(document="d", path=str(path)), followed)
    node = next(n for n in document.network.ordered() if n.layer == "Conv2D")
    probe = m.Probe(document="d", probe="kernels", node=node.id)
    questions.answer(probe)
    early = sent[-1]
    assert followed.trained is None and isinstance(early, m.Probed)
    kernel = model.get_layer(node.title).get_weights()[0]
    assert np.array_equal(early.pictures[0].values.numpy(), np.moveaxis(kernel, (2, 3), (0, 1))[0])
    try:
        questions.answer(m.Probe(document="d", probe="activations"))
    except NetloomError as error:
        assert "still being loaded" in str(error)
    else:
        raise AssertionError("nothing can be computed yet")
    job()
    assert followed.trained is not None and followed.waiting is None
    questions.answer(probe)
    late = sent[-1]
    assert isinstance(late, m.Probed)
    assert np.array_equal(late.pictures[0].values.numpy(), early.pictures[0].values.numpy())
