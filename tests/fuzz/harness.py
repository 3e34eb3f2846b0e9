"""Opens fuzzed files in a process of their own and says what went wrong with which."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from fuzz import saved_models
from fuzz.straying import STRAYING
from fuzz.watching import listing

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 10.0
START = 120.0
# A hostile file may cost no more than this beyond its own size, several times over.
MOST_MEMORY = 512 * 2**20
LONGEST_SENTENCE = 600
# Readers that share a process.
GROUPS = ("files", "weights", "straying")
# Netloom's own files, which it puts aside where they are damaged: by readers.
OWN = {"settings": "settings.json", "trusted": "trusted.json"}


@dataclass(frozen=True)
class Case:
    """One fuzzed file.

    Attributes:
        name: Names it and how it was made.
        content: Its bytes.
        ending: What its name ends in.
        put: Puts something else than a file with these bytes in the place that it is given.
    """

    name: str
    content: bytes
    ending: str
    put: Callable[[Path], object] | None = None


@dataclass
class Report:
    """What came of a campaign: how many files had which outcome, and what was wrong."""

    outcomes: dict[str, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    slowest: float = 0.0
    most: int = 0


class Campaign:
    """Opens many files with one reader.

    Args:
        folder: Where everything happens: cases, settings, temporary files.
        keep: Where files that show something wrong are copied.
    """

    def __init__(self, folder: Path, keep: Path) -> None:
        self.folder, self._folder, self._keep = folder, folder, keep
        # One for each group of readers: starting some takes seconds.
        self._processes: dict[str, subprocess.Popen[str]] = {}
        for part in ("temporary", "home", "cases/recovery"):
            (folder / part).mkdir(parents=True, exist_ok=True)

    def run(self, reader: str, cases: Iterable[Case]) -> Report:
        """Open each file; what is wrong is collected and the files are kept."""
        report = Report()
        for case in cases:
            for what in self._one(reader, case, report):
                kept = self._kept(case)
                report.wrong.append(f"{reader}: {case.name}: {what}\n    {kept}")
        return report

    def close(self) -> None:
        """End all processes."""
        for group in list(self._processes):
            self._end(group)

    def _end(self, group: str) -> None:
        process = self._processes.pop(group)
        process.kill()
        process.communicate()

    def _one(self, reader: str, case: Case, report: Report) -> list[str]:
        place = self._folder / "cases"
        name = f"case{case.ending}"
        if reader in OWN:
            name = OWN[reader]
        elif reader == "recovery":
            place = place / "recovery"
        path = place / saved_models.PLACES.get(reader, name)
        (case.put or partial(_write, case.content))(path)
        self._started(_group(reader))
        before = self._state()
        answer = self._ask(reader, path)
        wrong = _judge(answer, path, len(case.content), reader, report)
        strange = {str(entry[0]) for entry in self._state() ^ before}
        own = {str(path), str(path.with_suffix(".bad"))} if reader in OWN else set()
        wrong += [f"touched {entry}" for entry in sorted(strange - own)]
        for left in (path, path.with_suffix(".bad")):
            if left.is_dir() and not left.is_symlink():
                left.rmdir()
            left.unlink(missing_ok=True)
        return wrong

    def _state(self) -> set[tuple[object, ...]]:
        """Return what lies in the folder and beside it: nothing of it may change."""
        logs = frozenset(str(self._log_file(group)) for group in GROUPS)
        return listing(self._folder.parent, logs)

    def _log_file(self, group: str) -> Path:
        return self._folder.parent / f"{group}.log"

    def _ask(self, reader: str, path: Path) -> dict[str, Any]:
        group = _group(reader)
        process = self._started(group)
        assert process.stdin is not None
        process.stdin.write(json.dumps({"reader": reader, "path": str(path)}) + "\n")
        process.stdin.flush()
        return self._answer(group, PATIENCE)

    def _answer(self, group: str, patience: float) -> dict[str, Any]:
        process = self._processes[group]
        assert process.stdout is not None
        end = time.monotonic() + patience
        ready, _, _ = select.select([process.stdout], [], [], max(0.0, end - time.monotonic()))
        line = process.stdout.readline() if ready else ""
        if line:
            found: dict[str, Any] = json.loads(line)
            return found
        if ready:
            process.wait()
            self._end(group)
            return {"outcome": f"died with {process.returncode}", "told": self._log(group)}
        process.send_signal(signal.SIGUSR1)  # It writes down where it is, also within C.
        time.sleep(0.3)
        told = self._log(group)
        self._end(group)
        return {"outcome": f"hung for {patience:.0f} s", "told": told}

    def _log(self, group: str) -> str:
        return self._log_file(group).read_text(errors="replace")[-3000:]

    def _started(self, group: str) -> subprocess.Popen[str]:
        if group in self._processes:
            return self._processes[group]
        environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "TMPDIR": str(self._folder / "temporary"),
            "HOME": str(self._folder / "home"),
            "NETLOOM_CONFIG": str(self._folder / "home"),
            "NETLOOM_DATA": str(self._folder / "home"),
            "TF_CPP_MIN_LOG_LEVEL": "2",
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        with self._log_file(group).open("w") as log:
            self._processes[group] = subprocess.Popen(
                [sys.executable, str(Path(__file__).with_name("child.py")), group, self._folder],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                cwd=self._folder,
                env=environment,
            )
        answer = self._answer(group, START)
        assert "ready" in answer, answer
        return self._processes[group]

    def _kept(self, case: Case) -> Path:
        self._keep.mkdir(parents=True, exist_ok=True)
        path = self._keep / f"{case.name}{case.ending}"
        path.write_bytes(case.content)
        return path


def _write(content: bytes, path: Path) -> None:
    path.write_bytes(content)


def _judge(answer: dict[str, Any], path: Path, size: int, reader: str, report: Report) -> list[str]:
    """Return what is wrong with an answer."""
    outcome, told = answer["outcome"], answer["told"]
    report.outcomes[outcome] = report.outcomes.get(outcome, 0) + 1
    report.slowest = max(report.slowest, answer.get("seconds", 0.0))
    report.most = max(report.most, answer.get("memory", 0))
    wrong = []
    if outcome not in ("read", "refused"):
        wrong.append(f"{outcome}\n{told}")
    if outcome == "refused":
        wrong += _sentence(told, path, reader)
    if answer.get("memory", 0) > MOST_MEMORY + 8 * size:
        wrong.append(f"took {answer['memory'] // 2**20} MB for a file of {size} bytes")
    wrong += answer.get("strayed", ())
    return wrong


def _sentence(told: str, path: Path, reader: str) -> list[str]:
    """Return what is wrong with what a person reads."""
    # A bracket with the library's own words may follow the sentence.
    fine = told[-1:] == "." or (told.endswith(")") and ". (" in told)
    if not fine or "\n" in told or len(told) > LONGEST_SENTENCE:
        return [f"no sentence: {told!r}"]
    named = path.name in told
    if reader in saved_models.PLACES:
        named |= saved_models.PLACES[reader].split("/")[0] in told
    if reader not in ("recovery",) and not named and "“/" not in told:
        return [f"does not name the file: {told!r}"]
    return []


def _group(reader: str) -> str:
    """Return which process has a reader: only one of them needs Keras."""
    if reader in STRAYING:
        return "straying"
    return "weights" if reader in ("weights", "checkpoint", "history") else "files"
