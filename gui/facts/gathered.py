"""Problems as people get them listed: errors one by one, what repeats itself gathered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from engine.graph.analysis import Problem
from gui.i18n import tr, tr_text

# Advice of one kind beyond this many is gathered in the last of its lines.
MOST_ALIKE = 3


def gathered(problems: Sequence[Problem], most: int = MOST_ALIKE) -> Iterator[tuple[Problem, int]]:
    """Yield the problems to list, each with the number of others for which it stands.

    Errors are listed each for itself; of advice that a large network gets again and again, a few
    lines say it all.

    Args:
        problems: All there are.
        most: How many lines there may be of advice of one kind.
    """
    count = Counter(problem.code for problem in problems if problem.severity != "error")
    listed: Counter[str] = Counter()
    for problem in problems:
        if problem.severity == "error":
            yield problem, 0
            continue
        listed[problem.code] += 1
        if listed[problem.code] <= most:
            last = listed[problem.code] == most
            yield problem, count[problem.code] - most if last else 0


def sentence_of(problem: Problem, alike: int) -> str:
    """Return what is wrong, and at how many other places too."""
    sentence = tr_text(problem.message)
    return f"{sentence} {tr('The same at {count} more.', count=alike)}" if alike else sentence
