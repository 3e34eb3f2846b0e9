"""What lies beside a trusted script runs only as far as it is trusted too."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from engine.errors import FileProblem
from engine.formats.keras_files.drawing import import_model
from engine.trust import trust
from engine.worker.scripts.asking import run_script

USING = """
import keras
from keras import layers
model = keras.Sequential([layers.Input((4,)), layers.Dense(N)])
model.compile("sgd", "mse")
model.fit()
"""


@pytest.fixture(autouse=True)
def own_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NETLOOM_CONFIG", str(tmp_path / "config"))


class Place:
    """A folder with a script and its modules, and what they leave when they run."""

    def __init__(self, root: Path) -> None:
        self.folder, self.mark, self.target = root / "work", root / "mark", root / "model.keras"
        self.folder.mkdir()

    def write(self, name: str, content: str, *, trusted: bool = True) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(content), encoding="utf-8")
        if trusted:
            trust(path.read_bytes(), str(path), "script")
        return path

    @property
    def leaving(self) -> str:
        return f"open({str(self.mark)!r}, 'w').close()\nN = 3\n"

    def units(self) -> int:
        nodes = import_model(self.target).document.network.ordered()
        return int(nodes[-1].params["units"])


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


@pytest.mark.parametrize(
    "way",
    [
        "from helpers import N",
        "import sys; sys.path.insert(0, '.'); from helpers import N",
        "import sys; sys.path.insert(0, ''); from helpers import N",
        "import os, sys; sys.path.insert(0, os.path.dirname(__file__)); from helpers import N",
        "import importlib; N = importlib.import_module('helpers').N",
    ],
)
def test_a_module_beside_it_is_run_once_it_is_trusted(way: str, place: Place) -> None:
    script = place.write("train.py", f"{way}\n{USING}")
    helpers = place.write("helpers.py", place.leaving, trusted=False)
    with pytest.raises(FileProblem, match=r"“helpers\.py” beside it, which has to be read") as told:
        run_script(script, place.target)
    assert "netloom trust helpers.py" in str(told.value)
    assert not place.mark.exists()
    trust(helpers.read_bytes(), str(helpers))
    run_script(script, place.target)
    assert place.mark.exists() and place.units() == 3


@pytest.mark.parametrize("name", ["helpers/__init__.py", "helpers/inner.py"])
def test_packages_are_asked_for_file_by_file(name: str, place: Place) -> None:
    script = place.write("train.py", f"from helpers.inner import N\n{USING}")
    place.write("helpers/__init__.py", "", trusted=name != "helpers/__init__.py")
    place.write("helpers/inner.py", place.leaving, trusted=name != "helpers/inner.py")
    with pytest.raises(FileProblem, match=Path(name).name):
        run_script(script, place.target)
    assert not place.mark.exists()


def test_trusted_packages_are_run(place: Place) -> None:
    script = place.write("train.py", f"from a.b.c import N\n{USING}")
    place.write("a/b/c.py", "from .d import M\nN = M + 1\n")
    place.write("a/b/d.py", "M = 4\n")
    run_script(script, place.target)
    assert place.units() == 5


def test_nothing_beside_it_stands_in_for_standard_and_installed_modules(place: Place) -> None:
    script = place.write("train.py", f"import json, tqdm_of_nobody_else\nN = 2\n{USING}")
    for name in ("json", "keras", "numpy", "h5py", "colorsys"):
        place.write(f"{name}.py", place.leaving)
    place.write("tqdm_of_nobody_else.py", "import colorsys, keras, numpy\n")
    run_script(script, place.target)
    assert place.units() == 2 and not place.mark.exists()


def test_a_script_may_do_without(place: Place) -> None:
    script = place.write(
        "train.py", f"try:\n    import helpers\nexcept ImportError:\n    N = 6\n{USING}"
    )
    place.write("helpers.py", place.leaving, trusted=False)
    run_script(script, place.target)
    assert place.units() == 6 and not place.mark.exists()


def test_other_folders_count_as_those_beside_it(place: Place) -> None:
    script = place.write(
        "train.py", f"import sys; sys.path.append('../other')\nimport far\n{USING}"
    )
    place.write("../other/far.py", place.leaving, trusted=False)
    with pytest.raises(FileProblem, match=r"far\.py"):
        run_script(script, place.target)
    assert not place.mark.exists()


@pytest.mark.parametrize("name", ["train.py", "helpers.py"])
def test_no_file_says_how_it_is_to_be_understood(name: str, place: Place) -> None:
    # In UTF-7 the comment would be a line of code.
    hidden = f"# coding: utf-7\n# +AAo-open({str(place.mark)!r}, 'w').close()\nN = 2\n"
    contents = {"helpers.py": "N = 2\n", "train.py": f"from helpers import N\n{USING}"}
    contents[name] = hidden + contents[name]
    for file, content in contents.items():
        place.write(file, content)
    run_script(place.folder / "train.py", place.target)
    assert place.units() == 2 and not place.mark.exists()
