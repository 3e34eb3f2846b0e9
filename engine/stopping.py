"""Long work that tells how far it is, and that somebody may stop."""

from __future__ import annotations

from collections.abc import Callable

from engine.errors import NetloomError

# Told the share done, from 0 to 1, now and then; returns whether to go on.
Step = Callable[[float], bool]


class Stopped(NetloomError):
    """Somebody no longer wants the result."""

    def __init__(self, template: str = "Stopped.") -> None:
        super().__init__(template)
