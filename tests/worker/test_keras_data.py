"""Keras's data sets come from a server once, and the user's own file is never touched."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from engine.datasets import DATASETS
from engine.errors import DataProblem
from engine.worker import keras_data
from engine.worker.keras_data import KerasData


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "datasets"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    folder = tmp_path / "served"
    folder.mkdir()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", folder
    server.shutdown()
    server.server_close()


def digits(path: Path, samples: int = 20) -> None:
    images = np.arange(samples * 784, dtype=np.uint32).reshape(samples, 28, 28).astype(np.uint8)
    labels = (np.arange(samples) % 10).astype(np.uint8)
    np.savez(path, x_train=images, y_train=labels, x_test=images, y_test=labels)


def test_mnist_is_fetched_once(
    server: tuple[str, Path], cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    host, folder = server
    digits(folder / "mnist.npz")
    digest = hashlib.sha256((folder / "mnist.npz").read_bytes()).hexdigest()
    monkeypatch.setitem(keras_data.FILES, "mnist", ("mnist.npz", digest))
    spec = DATASETS.get("mnist")
    data = spec.load(spec.complete({}), KerasData(host))
    assert data.x_train.shape == (20, 28, 28, 1)
    assert data.x_train.max() <= 1
    assert (cache / "mnist.npz").is_file()
    (folder / "mnist.npz").unlink()
    again = spec.load(spec.complete({}), KerasData(host))
    np.testing.assert_array_equal(again.x_train, data.x_train)


def test_a_wrong_or_missing_file_on_the_server_is_one_sentence(
    server: tuple[str, Path], cache: Path
) -> None:
    host, folder = server
    spec = DATASETS.get("mnist")
    with pytest.raises(DataProblem, match=r"\.npz"):
        spec.load(spec.complete({}), KerasData(host))
    (folder / "mnist.npz").write_bytes(b"something else")
    with pytest.raises(DataProblem, match=r"\.npz"):
        spec.load(spec.complete({}), KerasData(host))


def test_a_file_placed_by_hand_is_taken_and_left_alone(cache: Path) -> None:
    cache.mkdir(parents=True)
    digits(cache / "mnist.npz", samples=10)
    before = (cache / "mnist.npz").read_bytes()
    spec = DATASETS.get("mnist")
    data = spec.load(spec.complete({}), KerasData("http://127.0.0.1:9"))
    assert len(data.x_train) == 10
    assert (cache / "mnist.npz").read_bytes() == before
