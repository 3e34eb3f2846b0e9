"""Steps that lift the content of an older project file to the present version.

Each function takes the decoded JSON of one version and returns that of the next. To change the
format: raise `VERSION`, add the step from the version before, and keep a sample file of the old
version in `tests/data/projects`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

VERSION = 2

Step = Callable[[dict[str, Any]], dict[str, Any]]


def _with_blocks(content: dict[str, Any]) -> dict[str, Any]:
    """Version 2 adds blocks and marks; a drawing of version 1 has none."""
    return content


STEPS: Mapping[int, Step] = {1: _with_blocks}


def migrate(
    content: dict[str, Any], version: int, steps: Mapping[int, Step] = STEPS, to: int = VERSION
) -> dict[str, Any]:
    """Return the content as version `to` writes it.

    Args:
        content: Decoded JSON of a project file.
        version: The version that wrote it, at most `to`.
        steps: The step from each version to the next.
        to: The version wanted.
    """
    for number in range(version, to):
        content = steps[number](content)
    return content
