"""Fixtures of the tests that need TensorFlow."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from helpers.engine_session import EngineSession

from engine.ipc import messages as m


@pytest.fixture(scope="session")
def shared_engine() -> Iterator[EngineSession]:
    """One engine process for all tests that leave it alive."""
    session = EngineSession()
    session.wait(m.Ready)
    yield session
    session.client.close()


@pytest.fixture
def engine(shared_engine: EngineSession) -> EngineSession:
    """The engine process with nothing seen yet."""
    shared_engine.seen.clear()
    return shared_engine


@pytest.fixture
def own_engine() -> Iterator[EngineSession]:
    """An engine process of the test's own, to be killed."""
    session = EngineSession()
    session.wait(m.Ready)
    yield session
    session.client.close()
