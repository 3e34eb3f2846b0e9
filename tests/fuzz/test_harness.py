"""The harness itself: it catches each reader that does what none may, and no other."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import h5py
import pytest
from fuzz import harness
from fuzz.harness import Campaign, Case
from fuzz.straying import BESIDE, STRAYING

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the watch asks Linux for figures")


@pytest.fixture(scope="module")
def campaign(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Campaign]:
    folder = tmp_path_factory.mktemp("harness")
    (folder / "watched").mkdir()
    made = Campaign(folder / "watched", folder / "kept")
    yield made
    made.close()


@pytest.fixture
def beside(campaign: Campaign) -> Path:
    """Return a folder beside the watched one, as it was."""
    folder = campaign.folder.parent / BESIDE
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "empty").mkdir(parents=True)
    (folder / "kept.txt").write_text("kept")
    with h5py.File(folder / "kept.h5", "w") as file:
        file.attrs["a"] = 1
    return folder


@pytest.mark.usefixtures("beside")
@pytest.mark.parametrize("reader", STRAYING)
def test_each_reader_that_strays_is_caught(
    reader: str, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(harness, "PATIENCE", 1.0 if reader == "hangs" else 10.0)
    report = campaign.run(reader, [Case("case", b"content", ".txt")])
    (campaign.folder / "cases" / "left.txt").unlink(missing_ok=True)
    told = "\n".join(report.wrong)
    assert STRAYING[reader][1] in told
    assert bool(told) == (reader != "behaves")


def test_nothing_is_left_for_the_next_case(campaign: Campaign, beside: Path) -> None:
    wrong = campaign.run("opens", [Case("case", b"content", ".txt")]).wrong
    assert wrong
    assert not campaign.run("behaves", [Case("case", b"content", ".txt")]).wrong
