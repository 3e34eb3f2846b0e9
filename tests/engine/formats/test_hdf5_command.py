"""The command `inspect`, as a whole process and without TensorFlow."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
from helpers.h5_files import hostile, small_model

from engine.paths import ROOT


def inspect(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(ROOT / "main.py"), "inspect", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_tree_is_printed_with_statistics(tmp_path: Path) -> None:
    result = inspect(small_model(tmp_path / "m.h5"), "--stats")
    assert (result.returncode, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert lines[0] == "m.h5"
    assert lines[1] == "  model_weights/"
    assert lines[3].split() == ["bias:0", "8", "float32", "32", "B"]
    assert "zeros 8" in lines[4]
    assert lines[-1] == "3 data sets, 2,208 bytes"


def test_json_holds_attributes_statistics_and_refusals(tmp_path: Path) -> None:
    path = hostile(tmp_path / "bad.h5")
    result = inspect(path, "--json", "--stats")
    assert result.returncode == 0, result.stderr
    rows = {row["path"]: row for row in json.loads(result.stdout)["entries"]}
    assert rows["/bomb"]["refused"] == "far more data than the file is large"
    assert rows["/loop"] == {"path": "/loop", "kind": "link", "target": "/loop"}
    assert rows["/good"]["shape"] == [4]
    assert rows["/good"]["statistics"]["mean"] == 1.5
    assert sum(rows["/good"]["statistics"]["histogram"]) == 4


def test_differences_are_printed_and_told_by_the_exit_code(tmp_path: Path) -> None:
    one, other = small_model(tmp_path / "a.h5"), small_model(tmp_path / "b.h5", seed=1)
    same = inspect(one, "--compare", one)
    assert (same.returncode, same.stdout) == (0, "All 3 data sets are equal.\n")
    result = inspect(one, "--compare", other)
    assert result.returncode == 1
    assert result.stdout.startswith("/model_weights/")
    assert "2 with other values, 1 equal" in result.stdout
    rows = json.loads(inspect(one, "--compare", other, "--json").stdout)["data_sets"]
    assert [row["state"] for row in rows] == ["values", "values", "equal"]
    assert rows[0]["relative"] >= rows[1]["relative"]


def test_what_is_no_hdf5_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "x.h5"
    path.write_bytes(np.arange(100).tobytes())
    result = inspect(path)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.count("\n") == 1
    assert "damaged or no H5 file" in result.stderr


def test_neither_tensorflow_nor_qt_is_imported(tmp_path: Path) -> None:
    path = small_model(tmp_path / "m.h5")
    code = (
        "import sys, main; path = sys.argv[1];"
        "main.main(['inspect', path, '--stats']); main.main(['inspect', path, '--compare', path]);"
        "heavy = {'tensorflow', 'keras', 'PySide6', 'pyqtgraph', 'gui'};"
        "print(sorted(heavy & {name.split('.')[0] for name in sys.modules}))"
    )
    result = subprocess.run(
        [sys.executable, "-c", code, str(path)],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        cwd=ROOT,
    )
    assert result.stdout.splitlines()[-1] == "[]"
