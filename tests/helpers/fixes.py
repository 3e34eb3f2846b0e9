"""Which problems have ways out."""

from __future__ import annotations

from engine.fixes import fix, of_advice, of_code, of_network, of_recipe  # noqa: F401


def known_codes() -> set[str]:
    """Return the codes of all problems that have fixes."""
    return set(fix._FINDERS)
