"""Files that chance has spoiled: none crashes, hangs, fills the memory or strays.

`make fuzz` opens many more: NETLOOM_FUZZ_COUNT files a format (5,000), chosen by NETLOOM_FUZZ_SEED
(the day); those with which something is wrong are kept in NETLOOM_FUZZ_KEEP (out/fuzz).
"""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path

import pytest
from fuzz import containers, saved_models
from fuzz.files import Files
from fuzz.harness import ROOT, Campaign, Case

FEW, SEED = 200, "1"
BOMBS = 4

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the watch asks Linux for figures")


# Files with weights of other networks than the one that waits for some.
FOREIGN = (("old weights", "weights"), ("weights", "weights"), ("keras", "weights"))

# Each format with all that reads it.
READERS = [
    ("project", "project"),
    ("json", "model"),
    ("old json", "model"),
    ("python", "script"),
    ("h5", "model"),
    ("drawn h5", "model"),
    ("keras", "model"),
    ("keras", "stored"),
    ("old weights", "stored"),
    ("weights", "stored"),
    ("any h5", "tree"),
    ("any h5", "compare"),
    ("npz", "npz"),
    ("settings", "settings"),
    ("recovery", "recovery"),
    ("trusted", "trusted"),
    ("source", "source"),
    ("bytecode", "bytecode"),
    ("metadata", "described"),
    ("graph", "graph"),
    ("old weights", "weights"),
    ("weights", "weights"),
    ("keras", "weights"),
    ("drawn h5", "weights"),
    ("checkpoint", "checkpoint"),
    ("history", "history"),
]

# What is put aside where it is damaged, without a word.
NEVER_REFUSED = ("settings", "trusted")


@pytest.fixture(scope="module")
def campaign(files: Files) -> Iterator[Campaign]:
    folder = files.folder
    (folder / "watched").mkdir()
    (folder / "watched" / "network.netloom").write_bytes((folder / "network.netloom").read_bytes())
    keep = Path(os.environ.get("NETLOOM_FUZZ_KEEP", ROOT / "out" / "fuzz"))
    made = Campaign(folder / "watched", keep)
    saved_models.prepare(folder / "watched" / "cases", folder / "own.savedmodel")
    yield made
    made.close()


def each_reader(
    test: Callable[..., None], readers: Sequence[tuple[str, str]] = READERS
) -> Callable[..., None]:
    names = [f"{format}-{reader}".replace(" ", "_") for format, reader in readers]
    return pytest.mark.parametrize(("format", "reader"), readers, ids=names)(test)


def each_reader_at_leisure(test: Callable[..., None]) -> Callable[..., None]:
    """Take those too that read again what another one reads."""
    return each_reader(test, [*READERS, ("h5", "tree")])


@each_reader
def test_sound_files_are_read(format: str, reader: str, files: Files, campaign: Campaign) -> None:
    """What is refused before it is spoiled would show nothing."""
    ending, sound, _ = files.formats[format]
    cases = [Case(f"{format}-{number}", content, ending) for number, content in enumerate(sound)]
    report = campaign.run(reader, cases)
    assert not report.wrong
    read = report.outcomes.get("read", 0)
    assert read == len(sound) or (read and (format, reader) in FOREIGN)


@each_reader
def test_spoiled_files_are_read_or_refused(
    format: str, reader: str, files: Files, campaign: Campaign
) -> None:
    _open_all(format, reader, FEW, SEED, files, campaign)


PLACES = {
    "a pipe": os.mkfifo,
    "endless": lambda path: path.symlink_to("/dev/zero"),
    "a folder": os.mkdir,
    "the folder around": lambda path: path.symlink_to("."),
    "itself": lambda path: path.symlink_to(path.name),
    "nothing": lambda path: path.symlink_to("nowhere"),
}


# Those that take what is in the place of their file: settings are written there again, and bytecode
# has no file of its own.
TAKING = [each for each in READERS if each[1] not in ("settings", "bytecode")]


@lambda test: each_reader(test, TAKING)
def test_what_is_no_file_is_refused_at_once(
    format: str, reader: str, files: Files, campaign: Campaign
) -> None:
    """Where a reader takes a folder as well, or goes without the file, it may read nothing."""
    ending, _, _ = files.formats[format]
    cases = [Case(name, b"", ending, put) for name, put in PLACES.items()]
    report = campaign.run(reader, cases)
    assert not report.wrong
    assert report.slowest < 2


def test_bombs_are_refused_before_they_are_unpacked(campaign: Campaign) -> None:
    """Unpacked, each would take a second, and memory or room on the disk."""
    for ending, readers in ((".keras", ("model", "stored")), (".npz", ("npz",))):
        chances = [random.Random(f"{ending} {number}") for number in range(BOMBS)]
        cases = [
            Case(f"bomb-{number}", containers.bomb(chance, ending), ending)
            for number, chance in enumerate(chances)
        ]
        for reader in readers:
            report = campaign.run(reader, cases)
            assert not report.wrong
            assert report.outcomes == {"refused": BOMBS}
            assert report.slowest < 1


@pytest.mark.fuzz
@each_reader_at_leisure
def test_many_spoiled_files_are_read_or_refused(
    format: str, reader: str, files: Files, campaign: Campaign
) -> None:
    count = int(os.environ.get("NETLOOM_FUZZ_COUNT", "5000"))
    seed = os.environ.get("NETLOOM_FUZZ_SEED", str(date.today()))
    _open_all(format, reader, count, seed, files, campaign)


def _open_all(
    format: str, reader: str, count: int, seed: str, files: Files, campaign: Campaign
) -> None:
    report = campaign.run(reader, files.cases(format, count, seed))
    told = ", ".join(f"{number} {outcome}" for outcome, number in report.outcomes.items())
    print(f"{format} by {reader}: {told}; slowest {report.slowest:.2f} s, {report.most >> 20} MB")
    assert not report.wrong, f"{told}\n" + "\n".join(report.wrong[:40])
    assert sum(report.outcomes.values()) == count
    # A campaign that reads nothing, or refuses nothing, has not looked where it should.
    assert report.outcomes.get("read")
    assert report.outcomes.get("refused") or reader in NEVER_REFUSED
