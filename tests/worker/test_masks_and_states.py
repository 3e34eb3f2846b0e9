"""Masks, first states and adapted layers of others compute as in plain Keras once imported."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers

from engine.formats.keras_files.drawing import import_model
from engine.formats.keras_files.inbound import Inbound, Tensor, inbound
from engine.formats.keras_files.masks import without_masks
from engine.formats.keras_files.rows import Row
from engine.graph.analysis import problems
from engine.ipc import messages as m
from engine.worker.compile import build_model
from engine.worker.documents import Followed
from engine.worker.grafting import graft, propose
from engine.worker.weights import load_weights

WORDS = np.array([[1, 2, 3, 0, 0, 0], [4, 5, 0, 0, 0, 0], [9, 8, 7, 6, 5, 4]])
STEPS = np.random.default_rng(0).random((3, 6, 3), np.float32) * np.array(
    [1, 1, 1, 0, 0, 0], np.float32
).reshape(1, 6, 1)


def embedded() -> tuple[keras.Model, Any]:
    words = keras.Input((6,), dtype="int32")
    x = layers.Embedding(10, 4, mask_zero=True)(words)
    return keras.Model(words, layers.GRU(6)(x)), WORDS


def averaged() -> tuple[keras.Model, Any]:
    words = keras.Input((6,), dtype="int32")
    x = layers.Embedding(10, 4, mask_zero=True)(words)
    return keras.Model(words, layers.GlobalAveragePooling1D()(x)), WORDS


def masked() -> tuple[keras.Model, Any]:
    steps = keras.Input((6, 3))
    x = layers.LSTM(4, return_sequences=True)(layers.Masking()(steps))
    return keras.Model(steps, layers.Bidirectional(layers.LSTM(6))(x)), STEPS


def with_states() -> tuple[keras.Model, Any]:
    source, target = keras.Input((6, 3)), keras.Input((None, 3))
    _, h, c = layers.LSTM(4, return_state=True)(source)
    x = layers.LSTM(4, return_sequences=True)(target, initial_state=[h, c])
    return keras.Model([source, target], layers.Dense(2)(x)), [STEPS, STEPS]


def adapted() -> tuple[keras.Model, Any]:
    normal = layers.Normalization()
    normal.adapt(np.random.default_rng(0).random((50, 3)) * 9 + 5)
    row = keras.Input((3,))
    return keras.Model(row, layers.Dense(2)(normal(row))), STEPS[:, 0] * 9 + 5


ALL = pytest.mark.parametrize("make", [embedded, averaged, masked, with_states, adapted])


@ALL
def test_imported_it_computes_the_same(
    make: Callable[[], tuple[keras.Model, Any]], tmp_path: Path
) -> None:
    model, samples = make()
    model.save(tmp_path / "model.keras")
    imported = import_model(tmp_path / "model.keras")
    network = imported.document.network
    assert imported.remarks == []
    assert not any("equal" in node for node in network.nodes)
    followed = Followed.open("d", m.DocumentState.of(imported.document))
    shapes = followed.shapes(network.nodes)
    assert [*problems(network), *shapes.problems] == []
    ours = build_model(network)
    load_weights(ours, network, tmp_path / "model.keras")
    expected = model.predict(samples, verbose=0)
    np.testing.assert_array_equal(ours.predict(samples, verbose=0), expected)


def test_a_mask_given_by_hand_is_told(tmp_path: Path) -> None:
    steps, mask = keras.Input((6, 3)), keras.Input((6,), dtype="bool", name="by_hand")
    model = keras.Model([steps, mask], layers.LSTM(4)(steps, mask=mask))
    model.save(tmp_path / "model.keras")
    remark, idle = import_model(tmp_path / "model.keras").remarks
    assert "mask" in str(remark.message) and idle.node == "by_hand"


def test_a_mask_behind_many_operators_is_read_at_once() -> None:
    def operator(number: int) -> Row:
        calls = [Inbound([Tensor(f"row_{number - 1}")])]
        return Row(f"row_{number}", "LogicalNot", "keras.src.ops.numpy", {}, calls)

    first = Row("row_0", "NotEqual", "keras.src.ops.numpy", {}, [Inbound([Tensor("words")])])
    words = Row("words", "InputLayer", "", {}, [Inbound([])])
    masking = Row("masking", "Masking", "", {}, [Inbound([Tensor("words")])])
    last = Row("last", "LSTM", "", {}, [Inbound([Tensor("masking")], {}, [Tensor("row_9999")])])
    # From the last to the first, which takes longest where each step looks at all of them.
    rows = [words, masking, *(operator(n) for n in range(9999, 0, -1)), first, last]
    kept = without_masks(rows, [Tensor("last")])
    assert kept == [words, masking, last]
    assert without_masks(rows, [Tensor("last"), Tensor("row_5000")])[-1] == last
    assert len(without_masks(rows, [Tensor("last"), Tensor("row_5000")])) == 3 + 5001


def test_weights_given_later_reach_a_normalization(tmp_path: Path) -> None:
    model, samples = adapted()
    path = tmp_path / "model.keras"
    model.save(path)
    document = import_model(path).document
    followed = Followed.open("d", m.DocumentState.of(document))
    table = propose(followed, document, path).table
    graft(followed, document, path, {row.node: row.stored for row in table})
    assert followed.trained is not None
    found = followed.trained.model.predict(samples, verbose=0)
    np.testing.assert_array_equal(found, model.predict(samples, verbose=0))


def test_what_stands_beside_is_told_with_its_values() -> None:
    tensor = {"class_name": "__keras_tensor__", "config": {"keras_history": ["words", 0, 0]}}
    given = {"count_weights": [1.0, 2.0], "query_mask": tensor, "mask": tensor}
    call = inbound({"args": [tensor], "kwargs": given}, "model.keras")
    assert call.tensors == [Tensor("words")]
    assert call.arguments == {"count_weights": [1.0, 2.0], "query_mask": "a tensor"}
    assert call.masks == [Tensor("words")]
