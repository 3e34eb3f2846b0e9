"""One measured figure against its reference and its bar."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
MNIST = ROOT.parent / "shared" / "data" / "mnist-10k.npz"


def report(name: str, unit: str, ours: float, **rest: Any) -> None:
    """Print one JSON line; `reference` and `ratio` are left out where there is none."""
    line: dict[str, Any] = {"name": name, "unit": unit, "ours": round(ours, 4)}
    reference = rest.pop("reference", None)
    if reference is not None:
        line |= {"reference": round(reference, 4), "ratio": round(ours / reference, 4)}
    print(json.dumps(line | rest, ensure_ascii=False), flush=True)


def run(module: str, *arguments: object) -> dict[str, Any]:
    """Run a module as a whole process and return the JSON object it prints last."""
    result = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", module, *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    if result.returncode:
        raise RuntimeError(f"{module} failed:\n{result.stderr[-3000:]}")
    values: dict[str, Any] = json.loads(result.stdout.splitlines()[-1])
    return values


def interleaved(
    repeats: int, *measures: Callable[[], dict[str, Any]]
) -> list[list[dict[str, Any]]]:
    """Run measures in turn, so that a drifting machine meets all alike; one list for each."""
    values: list[list[dict[str, Any]]] = [[] for _ in measures]
    for _ in range(repeats):
        for found, measure in zip(values, measures, strict=True):
            found.append(measure())
    return values


def median(values: list[dict[str, Any]], key: str) -> float:
    """Return the median of a figure over repeats."""
    return statistics.median(float(value[key]) for value in values)


def worst(values: list[dict[str, Any]], key: str) -> float:
    """Return the largest of a figure over repeats."""
    return max(float(value[key]) for value in values)
