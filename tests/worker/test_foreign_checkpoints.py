"""Files beside a model that are not what they should be: weights from elsewhere, no history."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

from engine.errors import FileProblem
from engine.worker.checkpoint import checkpoint_layers
from engine.worker.command_export import _scores

NAME = "layer_with_weights-0/kernel/.ATTRIBUTES/VARIABLE_VALUE"

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="links need rights there"),
    pytest.mark.timeout(30),
]


def checkpoint(folder: Path) -> Path:
    """Write a checkpoint with one kernel; returns its folder."""
    folder.mkdir(parents=True)
    values = tf.constant(np.arange(6.0, dtype="f4").reshape(2, 3))
    tf.raw_ops.SaveV2(
        prefix=str(folder / "variables"), tensor_names=[NAME], shape_and_slices=[""],
        tensors=[values],
    )  # fmt: skip
    return folder


def a_folder_that_names_another(model: Path, other: Path) -> None:
    place = model / "variables" / "variables"
    place.mkdir(parents=True)
    words = f'model_checkpoint_path: "{other / "variables"}"\n'
    (place / "checkpoint").write_text(words)


def a_folder_as_index(model: Path, other: Path) -> None:
    a_folder_that_names_another(model, other)
    (model / "variables" / "variables.index").mkdir()


def links(model: Path, other: Path) -> None:
    (model / "variables").mkdir(parents=True)
    for part in other.glob("variables.*"):
        (model / "variables" / part.name).symlink_to(part)


def a_link_to_the_numbers(model: Path, other: Path) -> None:
    links(checkpoint(model / "variables").parent / "spare", other)
    for part in (model / "variables").glob("*.data-*"):
        part.unlink()
        part.symlink_to(other / part.name)


def a_link_to_the_folder(model: Path, other: Path) -> None:
    model.mkdir()
    (model / "variables").symlink_to(other)


def a_pipe(model: Path, other: Path) -> None:
    for part in checkpoint(model / "variables").glob("*.data-*"):
        part.unlink()
        os.mkfifo(part)


@pytest.mark.parametrize(
    "make",
    [
        a_folder_that_names_another,
        a_folder_as_index,
        links,
        a_link_to_the_numbers,
        a_link_to_the_folder,
        a_pipe,
    ],
)
def test_weights_from_elsewhere_are_refused(
    make: Callable[[Path, Path], None], tmp_path: Path
) -> None:
    other, model = checkpoint(tmp_path / "other"), tmp_path / "evil.savedmodel"
    make(model, other)
    with pytest.raises(FileProblem, match=r"evil.savedmodel”"), checkpoint_layers(model) as layers:
        layers[0].weights[0].read()


def test_weights_in_the_folder_are_read_and_links_within_it_are_followed(tmp_path: Path) -> None:
    place = checkpoint(tmp_path / "m.savedmodel" / "variables")
    (place / "variables.index").rename(place / "real")
    (place / "variables.index").symlink_to("real")
    (tmp_path / "link.savedmodel").symlink_to(tmp_path / "m.savedmodel")
    for name in ("m.savedmodel", "link.savedmodel"):
        with checkpoint_layers(tmp_path / name) as [layer]:
            np.testing.assert_array_equal(layer.weights[0].read().reshape(-1), np.arange(6))


@pytest.mark.parametrize("content", [b"\xe5", b"[1, 2]", b'{"history":' + b"[" * 100_000])
def test_what_is_no_history_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "h.history.json"
    path.write_bytes(content)
    with pytest.raises(FileProblem, match=r"“h.history.json” holds no history"):
        _scores(path)
