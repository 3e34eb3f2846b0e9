"""Weights of ImageNet come from Keras's cache or a server; the user's files are never touched."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from engine.blocks import BLOCKS
from engine.blocks.applications import Application
from engine.blocks.pretrained import WeightsFile, fetch, weights_file
from engine.errors import NetloomError
from engine.stopping import Stopped

CONTENT = bytes(range(256)) * 20_000
DIGEST = hashlib.md5(CONTENT, usedforsecurity=False).hexdigest()


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


class CutOff(Quiet):
    """Promises more than it sends."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(CONTENT)))
        self.end_headers()
        self.wfile.write(CONTENT[:1000])
        self.close_connection = True


def serve(handler: type[SimpleHTTPRequestHandler], folder: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "models"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    (tmp_path / "w.h5").write_bytes(CONTENT)
    yield from serve(Quiet, tmp_path)


@pytest.fixture
def hasty(tmp_path: Path) -> Iterator[str]:
    yield from serve(CutOff, tmp_path)


def go_on(_: float) -> bool:
    return True


def test_every_model_knows_its_weights() -> None:
    known = {
        ("VGG16", True): "vgg16_weights_tf_dim_ordering_tf_kernels.h5",
        ("ResNet50", False): "resnet50_weights_tf_dim_ordering_tf_kernels_notop.h5",
        ("MobileNetV2", False): (
            "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224_no_top.h5"
        ),
    }
    found = {}
    for spec in (spec for spec in BLOCKS if issubclass(spec, Application)):
        for top in (True, False):
            weights = weights_file(spec.model, top=top)
            assert weights.url.startswith("https://storage.googleapis.com/")
            assert weights.url.endswith(".h5")
            assert weights.name.endswith(".h5")
            found[spec.key, top] = weights.name
    assert len(set(found.values())) == 80
    assert {key: found[key] for key in known} == known


def test_a_file_is_fetched_once(server: str, cache: Path) -> None:
    shares: list[float] = []
    weights = WeightsFile(f"{server}/w.h5", "w.h5", DIGEST)
    path = fetch(weights, lambda share: shares.append(share) is None)
    assert path == cache / "w.h5"
    assert path.read_bytes() == CONTENT
    assert shares == sorted(shares)
    assert (len(shares), shares[-1]) == (5, 1.0)
    again = replace(weights, url="http://127.0.0.1:9/nobody")
    assert fetch(again, go_on) == path


def test_the_users_own_file_is_taken_as_it_is(server: str, cache: Path) -> None:
    cache.mkdir(parents=True)
    (cache / "w.h5").write_bytes(b"mine")
    assert fetch(WeightsFile(f"{server}/w.h5", "w.h5", DIGEST), go_on).read_bytes() == b"mine"


def test_a_file_that_comes_meanwhile_is_not_replaced(server: str, cache: Path) -> None:
    def step(share: float) -> bool:
        (cache / "w.h5").write_bytes(b"mine")
        return True

    path = fetch(WeightsFile(f"{server}/w.h5", "w.h5", DIGEST), step)
    assert path.read_bytes() == b"mine"
    assert [file.name for file in cache.iterdir()] == ["w.h5"]


def test_another_file_than_expected_is_not_kept(server: str, cache: Path) -> None:
    with pytest.raises(NetloomError, match="is not the file that Keras expects"):
        fetch(WeightsFile(f"{server}/w.h5", "w.h5", "0" * 32), go_on)
    assert list(cache.iterdir()) == []


def test_a_server_out_of_reach_is_told(server: str, hasty: str, cache: Path) -> None:
    for url in (f"{server}/missing.h5", "http://127.0.0.1:9/w.h5", f"{hasty}/w.h5"):
        with pytest.raises(
            NetloomError, match=r"cannot be fetched from 127\.0\.0\.1.*put the file"
        ):
            fetch(WeightsFile(url, "w.h5", DIGEST), go_on)
        assert list(cache.iterdir()) == []


def test_stopping_leaves_nothing(server: str, cache: Path) -> None:
    with pytest.raises(Stopped):
        fetch(WeightsFile(f"{server}/w.h5", "w.h5", DIGEST), lambda share: share < 0.5)
    assert list(cache.iterdir()) == []
