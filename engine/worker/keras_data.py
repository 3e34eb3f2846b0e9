"""Keras's own data sets, fetched once into Keras's cache, for sources that ask for them."""

from __future__ import annotations

import contextlib
import sys
import threading
from pathlib import Path
from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from engine.paths import keras_cache

Pairs = tuple[tuple[npt.NDArray[Any], npt.NDArray[Any]], tuple[npt.NDArray[Any], npt.NDArray[Any]]]

HOST = "https://storage.googleapis.com/tensorflow/tf-keras-datasets"

# File name in Keras's cache, and SHA-256 of the content that Keras expects.
FILES = {
    "mnist": (
        "mnist.npz",
        "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1",
    ),
}


# Two that fetch a file at the same time would write into each other's.
_fetching = threading.Lock()


class KerasData:
    """Gives sources the files of `keras.datasets`.

    Args:
        host: Where the files are fetched from.
    """

    def __init__(self, host: str = HOST) -> None:
        self._host = host

    def keras_dataset(self, name: str) -> Pairs:
        """Return what `keras.datasets.<name>.load_data()` returns.

        Raises:
            Exception: Whatever Keras and NumPy raise where it cannot be fetched or read.
        """
        with np.load(self.fetch(name), allow_pickle=False) as arrays:
            return (
                (arrays["x_train"], arrays["y_train"]),
                (arrays["x_test"], arrays["y_test"]),
            )

    def fetch(self, name: str) -> Path:
        """Return the path of a data set's file, fetching it if it is not in the cache.

        A file that is there already is taken as it is: Keras would delete one whose content it
        does not expect, and it may be the user's own.
        """
        with _fetching:
            return self._fetched(*FILES[name])

    def _fetched(self, file: str, digest: str) -> Path:
        path = keras_cache() / "datasets" / file
        if path.is_file():
            return path
        # Keras would take a folder under /tmp for a cache that does not exist yet.
        path.parent.mkdir(parents=True, exist_ok=True)
        # Keras draws a progress bar on standard output, which belongs to the results.
        with contextlib.redirect_stdout(sys.stderr):
            fetched = keras.utils.get_file(
                file, origin=f"{self._host}/{file}", file_hash=digest, cache_dir=keras_cache()
            )
        return Path(fetched)
