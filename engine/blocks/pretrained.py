"""The weights of ImageNet for models of `keras.applications`: where they lie, and fetching them.

They lie in Keras's own cache, so what Keras or a person has put there is used, and what is fetched
here Keras finds, too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from engine.blocks.architectures import FACTS, read_line
from engine.errors import NetloomError
from engine.paths import keras_cache, reason, replacing, write_problem
from engine.stopping import Step, Stopped

CHUNK = 1 << 20
TIMEOUT = 30.0


class _ThereAlready(Exception):
    """The file has come into the cache while it was fetched."""


@dataclass(frozen=True)
class WeightsFile:
    """A file of weights as Keras knows it.

    Attributes:
        url: Where it can be fetched.
        name: What it is called in Keras's cache.
        digest: MD5 or SHA-256 of its content; "" where Keras knows none.
    """

    url: str
    name: str
    digest: str

    @property
    def path(self) -> Path:
        """Where it lies in Keras's cache."""
        return keras_cache() / "models" / self.name


def weights_file(model: str, *, top: bool) -> WeightsFile:
    """Return the weights of a model with its classifier, or without it."""
    row = read_line(model, FACTS)["weights"]["top" if top else "notop"]
    return WeightsFile(row["url"], row["file"], row["md5"])


def fetch(weights: WeightsFile, step: Step) -> Path:
    """Return the path of a file of weights, fetched if it is not in the cache.

    A file that is there is taken as it is and never removed: it may be the user's own.

    Raises:
        NetloomError: It cannot be fetched, or is another than Keras expects.
        Stopped: `step` has said so.
    """
    path = weights.path
    if path.is_file():
        return path
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise write_problem(path, error) from error
    try:
        with replacing(path) as temporary:
            _download(weights, temporary, step)
            if path.is_file():
                raise _ThereAlready
    except _ThereAlready:
        pass
    return path


def _download(weights: WeightsFile, target: Path, step: Step) -> None:
    """Fetch a file and compare it with what Keras expects."""
    # Slow to import, and seldom needed.
    import urllib.request
    from http.client import HTTPException

    digest = hashlib.sha256() if len(weights.digest) == 64 else hashlib.md5(usedforsecurity=False)
    done = 0
    with target.open("wb") as file:
        try:
            with urllib.request.urlopen(weights.url, timeout=TIMEOUT) as answer:
                whole = int(answer.headers.get("Content-Length") or 0)
                while chunk := answer.read(CHUNK):
                    digest.update(chunk)
                    _write(file.write, chunk, weights.path)
                    done += len(chunk)
                    if not step(done / whole if whole else 0.0):
                        raise Stopped
        except (OSError, HTTPException, ValueError) as error:
            raise _unreachable(weights, reason(error)) from error
    if done < whole:
        raise _unreachable(weights, f"{done:,} / {whole:,} B")
    if weights.digest and digest.hexdigest() != weights.digest:
        raise NetloomError(
            "“{file}” from {host} is not the file that Keras expects, and was not kept: try again"
            " later, or put the right file into {folder}.",
            file=weights.name,
            host=urlsplit(weights.url).netloc,
            folder=weights.path.parent,
        )


def _write(write: Callable[[bytes], object], chunk: bytes, path: Path) -> None:
    """Write a part; a full disk is no matter of the network."""
    try:
        write(chunk)
    except OSError as error:
        raise write_problem(path, error) from error


def _unreachable(weights: WeightsFile, why: str) -> NetloomError:
    return NetloomError(
        "“{file}” cannot be fetched from {host}: {reason}. Try again when it can be reached, or put"
        " the file into {folder}.",
        file=weights.name,
        host=urlsplit(weights.url).netloc,
        reason=why,
        folder=weights.path.parent,
    )
