"""Sound files of every format, made once for all campaigns."""

from __future__ import annotations

import pytest
from fuzz.files import Files


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    return Files(tmp_path_factory.mktemp("fuzz"))
