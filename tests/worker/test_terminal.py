"""What files call things reaches a terminal as text and nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import h5py
import numpy as np
import pytest

from main import main

# Clears a screen, renames a window, begins a line of its own, turns the order of writing.
NAME = "a\x1b[2J\x1b]0;own\x07\x9b2J\nerror: b\r\u202e\tc"


def steers(words: str) -> list[str]:
    """Return what of an output would steer a terminal."""
    return [sign for sign in "\x1b\x07\x9b\r\t\u202e" if sign in words]


def drawing(folder: Path) -> Path:
    nodes = [
        {"id": "in", "layer": "Input", "params": {"shape": [4]}, "at": [0, 0]},
        {"id": NAME, "layer": NAME, "at": [0, 104]},
    ]
    recipe = {"optimizer": {"kind": "adam"}, "loss": "mean_squared_error", "metrics": []}
    content = {"netloom": 2, "title": NAME, "data": {"kind": "none"}, "recipe": recipe}
    path = folder / "m.netloom"
    path.write_text(json.dumps(content | {"nodes": nodes, "edges": [["in", NAME]]}))
    return path


def model(folder: Path) -> Path:
    config = {"name": "m", "layers": [{"class_name": NAME, "config": {"name": NAME}}]}
    path = folder / "m.json"
    path.write_text(json.dumps({"class_name": "Sequential", "config": config}))
    return path


@pytest.mark.parametrize("command", ["check", "info", "train", "export", "import"])
@pytest.mark.parametrize("make", [drawing, model])
def test_names_do_not_steer_a_terminal(
    command: str, make: object, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = make(tmp_path)  # type: ignore[operator]
    target = {"export": ["--to", str(tmp_path / "o.py")], "train": ["--out", str(tmp_path)]}
    more = target.get(command, ["--to", str(tmp_path / "o.netloom")] * (command == "import"))
    main([command, str(path), *more])
    told = "".join(capfd.readouterr())
    assert told and steers(told) == [], told
    assert not any(line.startswith("error: b") for line in told.splitlines())


def test_looking_into_a_file_does_not_steer_a_terminal(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    first, second = tmp_path / "a.h5", tmp_path / "b.h5"
    for path in (first, second):
        with h5py.File(path, "w") as file:
            group = file.create_group(NAME.replace("\0", ""))
            group[NAME] = np.ones(3, "f4")
            group["link"] = h5py.SoftLink(f"/{NAME}")
            group[f"only in {path.stem} {NAME}"] = 1
    main(["inspect", str(first), "--stats"])
    main(["inspect", str(first), "--compare", str(second)])
    told = "".join(capfd.readouterr())
    assert "only in a" in told and steers(told) == [], told
    assert not any(line.lstrip().startswith("error: b") for line in told.splitlines())
