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
from functools import partial
from pathlib import Path

import pytest
from fuzz import containers, mutations, old_words, saved_models, seeds
from fuzz.harness import ROOT, Campaign, Case

FEW, SEED = 200, "1"

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the watch asks Linux for figures")


class Files:
    """Sound files, and how those of a format are spoiled."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        h5 = partial(containers.spoiled_h5, folder=folder)
        made = seeds.models(folder)
        old, odd = seeds.old_descriptions(), seeds.odd_h5(folder)
        text = mutations.spoiled_json
        self.formats: dict[str, tuple[str, list[bytes], mutations.Spoil]] = {
            "project": (".netloom", seeds.projects(), text),
            "json": (".json", made["json"], text),
            "old json": (".json", [*old, *old_words.descriptions()], text),
            "python": (".py", seeds.scripts(), mutations.spoiled_python),
            "h5": (".h5", made["h5"], h5),
            "drawn h5": (".h5", made["drawn"], h5),
            "keras": (".keras", made["keras"], self._keras),
            "old weights": (".h5", seeds.old_weights(folder), h5),
            "weights": (".weights.h5", made["weights"], h5),
            "any h5": (".h5", odd, h5),
            "npz": (".npz", seeds.arrays(), self._npz),
            "settings": (".json", seeds.settings(), text),
            "recovery": (".recovery", seeds.recovered(), text),
            **saved_models.formats(folder, made["json"]),
        }

    def _keras(self, random: random.Random, content: bytes) -> bytes:
        def spoil(random: random.Random, name: str, member: bytes) -> bytes:
            if name.endswith(".h5"):
                return containers.spoiled_h5(random, member, self._folder)
            return mutations.spoiled_json(random, member)

        return containers.spoiled_zip(random, content, spoil)

    @staticmethod
    def _npz(random: random.Random, content: bytes) -> bytes:
        return containers.spoiled_zip(random, content, containers.spoiled_npy)

    def cases(self, format: str, count: int, seed: str) -> Iterator[Case]:
        """Make the spoiled files of a format; the same ones for the same seed."""
        ending, sound, spoil = self.formats[format]
        for number in range(count):
            chance = random.Random(f"{seed} {format} {number}")
            content = spoil(chance, sound[number % len(sound)])
            yield Case(f"{format.replace(' ', '-')}-{seed}-{number}", content, ending)


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
    ("metadata", "described"),
    ("graph", "graph"),
    ("old weights", "weights"),
    ("weights", "weights"),
    ("keras", "weights"),
    ("drawn h5", "weights"),
    ("checkpoint", "checkpoint"),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fuzz")


@pytest.fixture(scope="module")
def files(folder: Path) -> Files:
    (folder / "watched").mkdir()
    return Files(folder)


@pytest.fixture(scope="module")
def campaign(files: Files, folder: Path) -> Iterator[Campaign]:
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
    # A campaign that reads nothing, or refuses nothing, has not looked where it should.
    assert sum(report.outcomes.values()) == count
