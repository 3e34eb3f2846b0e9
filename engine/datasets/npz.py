"""A NumPy file of the user's own. The file is not trusted: nothing in it is unpickled."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path as FilePath
from typing import Any

import numpy as np

from engine.datasets.npz_header import refuse_large_arrays
from engine.datasets.pictures import scaled_bytes
from engine.datasets.spec import DATASETS, Dataset, DatasetSpec, Floats, SourceCode, Targets
from engine.errors import DataProblem
from engine.fields import Params, Path

KEYS = ("x_train", "y_train", "x_test", "y_test")
MOST_CLASSES = 10_000


@DATASETS.register("npz")
class Npz(DatasetSpec):
    """Your own arrays: a NumPy file (.npz) that holds x_train, y_train, x_test and y_test.

    Bytes (uint8) are divided by 255, and images of bytes get a channel axis. Whole numbers as
    targets are classes, counted from 0; targets with a decimal point are values.
    """

    title = "NumPy file"
    search = ("npz", "numpy", "file", "own", "mnist", "文件", "自己的数据")
    path = Path(
        "",
        pattern="*.npz",
        label="File",
        help="An .npz file with the arrays x_train, y_train, x_test and y_test. "
        "Whole-number targets are classes, counted from 0.",
    )

    @classmethod
    def load(cls, params: Params, context: object = None) -> Dataset:
        path = FilePath(str(cls.complete(params)["path"])).expanduser()
        arrays = _read(path)
        where = path.name
        x_train, x_test = (_samples(arrays[key], key, where) for key in ("x_train", "x_test"))
        if x_train.shape[1:] != x_test.shape[1:]:
            raise DataProblem(
                "In “{file}” the samples of x_train are {train} and those of x_test {test}: "
                "they must have the same shape.",
                file=where,
                train=_times(x_train.shape[1:]),
                test=_times(x_test.shape[1:]),
            )
        for part in ("train", "test"):
            _same_count(arrays[f"x_{part}"], arrays[f"y_{part}"], part, where)
        y_train, y_test = _targets(arrays["y_train"], arrays["y_test"], where)
        classes = 0
        if y_train.dtype.kind == "i":
            classes = 1 + int(max(y_train.max(), y_test.max()))
        return Dataset(
            x_train=x_train,
            y_train=y_train,
            x_test=x_test,
            y_test=y_test,
            task="classes" if classes else "values",
            title=path.stem,
            class_names=tuple(str(label) for label in range(classes)),
            source=str(path),
        )

    @classmethod
    def code(cls, params: Params) -> SourceCode:
        path = json.dumps(str(cls.complete(params)["path"]), ensure_ascii=False)
        return SourceCode(
            f"with np.load({path}) as data:\n"
            '    x_train, y_train = data["x_train"], data["y_train"]\n'
            '    x_test, y_test = data["x_test"], data["y_test"]\n'
            "if x_train.dtype == np.uint8:  # bring bytes to 0..1\n"
            "    x_train, x_test = x_train / 255.0, x_test / 255.0\n"
        )


def _read(path: FilePath) -> dict[str, Targets]:
    """Read the four arrays, after a look at their declared shapes."""
    if str(path) in ("", "."):
        raise DataProblem("Choose an .npz file with x_train, y_train, x_test and y_test.")
    if not path.is_file():
        raise DataProblem("The file “{path}” does not exist: choose another.", path=path)
    try:
        with zipfile.ZipFile(path) as archive:
            found = [name.removesuffix(".npy") for name in archive.namelist()]
            missing = [key for key in KEYS if key not in found]
            if missing:
                raise DataProblem(
                    "“{file}” lacks {missing}; it holds {found}. Save it with "
                    "numpy.savez(file, x_train=…, y_train=…, x_test=…, y_test=…).",
                    file=path.name,
                    missing=", ".join(missing),
                    found=", ".join(sorted(found)[:12]) or "nothing",
                )
            refuse_large_arrays(archive, KEYS, path.name)
        with np.load(path, allow_pickle=False) as file:
            return {key: file[key] for key in KEYS}
    except DataProblem:
        raise
    except PermissionError as error:
        raise DataProblem("The file “{path}” may not be read.", path=path) from error
    except Exception as error:  # A damaged file can make zipfile, zlib or NumPy raise anything.
        raise DataProblem(
            "“{file}” is not a readable .npz file: it is damaged or of another kind.",
            file=path.name,
        ) from error


def _samples(values: Targets, key: str, where: str) -> Floats:
    """Turn an array of samples into float32 of shape (n, ...)."""
    _refuse_strange(values, key, where)
    if values.ndim == 1:
        values = values[:, np.newaxis]
    if values.dtype == np.uint8:
        return scaled_bytes(values)
    return values.astype(np.float32)


def _refuse_strange(values: Targets, key: str, where: str) -> None:
    if values.dtype.kind not in "biuf":
        raise DataProblem(
            "{key} in “{file}” holds {kind}, not numbers.",
            key=key,
            file=where,
            kind="text" if values.dtype.kind in "SU" else str(values.dtype),
        )
    if values.ndim == 0 or values.size == 0:
        raise DataProblem("{key} in “{file}” is empty.", key=key, file=where)
    if values.dtype.kind == "f":
        limit = np.finfo(np.float32).max
        with np.errstate(invalid="ignore", over="ignore"):
            wrong = int(np.count_nonzero(~(np.abs(values) <= limit)))
        if wrong:
            raise DataProblem(
                "{key} in “{file}” holds {count} values that are missing (NaN) or infinite: "
                "remove or replace them.",
                key=key,
                file=where,
                count=wrong,
            )


def _same_count(x: Targets, y: Targets, part: str, where: str) -> None:
    counts = [len(values) if values.ndim else 0 for values in (x, y)]
    if counts[0] != counts[1]:
        raise DataProblem(
            "In “{file}” x_{part} has {samples} samples and y_{part} {targets} targets: "
            "there must be one target for each sample.",
            file=where,
            part=part,
            samples=counts[0],
            targets=counts[1],
        )


def _targets(train: Targets, test: Targets, where: str) -> tuple[Targets, Targets]:
    """Turn both arrays of targets into int64 labels (n,) or float32 values (n,) or (n, k)."""
    pair = []
    for values, key in ((train, "y_train"), (test, "y_test")):
        _refuse_strange(values, key, where)
        if values.ndim == 2 and values.shape[1] == 1:
            values = values[:, 0]
        if values.ndim > 2:
            raise DataProblem(
                "{key} in “{file}” has the shape {shape}: targets must be one number or one "
                "row of numbers for each sample.",
                key=key,
                file=where,
                shape=_times(values.shape),
            )
        pair.append(values)
    if pair[0].shape[1:] != pair[1].shape[1:]:
        raise DataProblem(
            "In “{file}” y_train and y_test differ in shape: {train} and {test} for each sample.",
            file=where,
            train=_times(pair[0].shape[1:]) or 1,
            test=_times(pair[1].shape[1:]) or 1,
        )
    if any(values.dtype.kind == "f" and not _is_one_hot(values) for values in pair):
        return pair[0].astype(np.float32), pair[1].astype(np.float32)
    return _labels(pair[0], "y_train", where), _labels(pair[1], "y_test", where)


def _is_one_hot(values: Targets) -> bool:
    """Return whether each row has a single one and zeros elsewhere."""
    if values.ndim != 2:
        return False
    ones = values == 1
    return bool(np.all(ones | (values == 0)) and np.all(ones.sum(axis=1) == 1))


def _labels(values: Targets, key: str, where: str) -> Targets:
    if values.ndim == 2:
        if not _is_one_hot(values):
            raise DataProblem(
                "{key} in “{file}” has rows of whole numbers: give one class number a sample, "
                "one-hot rows, or values with a decimal point.",
                key=key,
                file=where,
            )
        classes: Targets = values.argmax(axis=1).astype(np.int64)
        return classes
    low, high = int(values.min()), int(values.max())
    if low < 0:
        raise DataProblem(
            "{key} in “{file}” has the label {label}: labels must count classes from 0.",
            key=key,
            file=where,
            label=low,
        )
    if high >= MOST_CLASSES:
        raise DataProblem(
            "{key} in “{file}” has the label {label}: labels must count classes from 0. "
            "If they are values to predict, save them as float32.",
            key=key,
            file=where,
            label=high,
        )
    return values.astype(np.int64)


def _times(shape: tuple[Any, ...]) -> str:
    return "×".join(map(str, shape))
