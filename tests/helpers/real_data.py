"""The folder of real data beside the checkout."""

from __future__ import annotations

from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "data"


def shared_data(name: str) -> Path:
    """Return the path of a file of the real data; skips the test where there is none."""
    path = FOLDER / name
    if not path.exists():
        pytest.skip(f"the real data file {name} is not beside the checkout")
    return path
