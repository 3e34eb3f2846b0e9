"""Code of others as it is shown to people before anything runs."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from engine.errors import Text
from engine.trust import Kind


@dataclass(frozen=True)
class Code:
    """A piece of code that somebody may read and trust.

    Attributes:
        kind: What it is.
        name: Name of the layer or the class.
        path: The file that it is in, or "".
        text: What people read: the source, or what can be told of bytecode; see `shown`.
        content: What is trusted, byte by byte.
    """

    kind: Kind
    name: str
    path: str
    text: str
    content: bytes

    @property
    def known_as(self) -> str:
        """Under which name it is written down when it is trusted."""
        return self.path or self.name


@dataclass(frozen=True)
class Obstacle:
    """Why the code of a layer cannot run.

    Attributes:
        code: Permanent name of the problem.
        message: What is in the way and what to do.
        field: Name of the parameter concerned, or "".
    """

    code: str
    message: Text
    field: str = ""


def shown(source: str) -> str:
    """Return a source in which nothing can hide.

    Signs that a screen does not show, or by which it would show the others in another order, are
    written as Python writes them in texts.
    """
    lines = source.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign if _visible(sign) else _escaped(sign) for sign in lines)


def one_line(words: str) -> str:
    """Return words for a terminal: on one line, and without what would steer it."""
    return shown(words).replace("\n", "\\n").replace("\t", "\\t")


# Letters to Python, and nothing on a screen.
FILLERS = "\u115f\u1160\u3164\uffa0"


def _visible(sign: str) -> bool:
    # Controls, orders of writing, surrogates, signs of private use, breaks that only some obey.
    if sign in FILLERS:
        return False
    return sign in "\n\t" or unicodedata.category(sign) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")


def _escaped(sign: str) -> str:
    return sign.encode("unicode_escape", "surrogatepass").decode("ascii")
