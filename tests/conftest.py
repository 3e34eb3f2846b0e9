"""What all tests share."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# A slow machine is no fault of the code under test.
settings.register_profile("searching", deadline=None, suppress_health_check=[HealthCheck.too_slow])
# The same cases each time: what has passed passes again. `make soak` searches for others.
settings.register_profile("steady", settings.get_profile("searching"), derandomize=True)
settings.load_profile("steady")


@pytest.fixture(autouse=True)
def own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the user's settings and kept work out of the tests, and theirs out of the next run."""
    monkeypatch.setenv("NETLOOM_CONFIG", str(tmp_path / "config"))
    monkeypatch.setenv("NETLOOM_DATA", str(tmp_path / "data"))
