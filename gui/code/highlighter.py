"""Light colors for Python code."""

from __future__ import annotations

import builtins
import keyword
import re

from PySide6.QtGui import QSyntaxHighlighter, QTextCharFormat, QTextDocument

from gui.theme import Theme

_TOKENS = re.compile(
    r"(?P<comment>#.*)"
    r"|(?P<long>\"\"\"|''')"
    r"|(?P<string>\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*')"
    r"|(?P<number>\b\d[\d_.]*(?:e[+-]?\d+)?\b)"
    rf"|(?P<keyword>\b(?:{'|'.join(keyword.kwlist)})\b)"
    rf"|(?P<builtin>\b(?:{'|'.join(name for name in dir(builtins) if name.islower())})\b)"
)

# The state that a line leaves behind: which kind of long string is open at its end.
_STATES = {"": 0, '"""': 1, "'''": 2}
_OPEN = {state: quotes for quotes, state in _STATES.items()}


class PythonHighlighter(QSyntaxHighlighter):
    """Colors comments, strings, numbers, keywords and built-in names."""

    def __init__(self, theme: Theme, document: QTextDocument) -> None:
        super().__init__(document)
        self._theme = theme
        self._formats: dict[str, QTextCharFormat] = {}
        theme.changed.connect(self._dress)
        self._dress()

    def highlightBlock(self, text: str) -> None:
        quotes, place = _OPEN.get(self.previousBlockState(), ""), 0
        if quotes:
            place = self._long_string(text, 0, 0, quotes)
        while place >= 0 and (found := _TOKENS.search(text, place)):
            kind = found.lastgroup or ""
            if kind == "long":
                quotes = found.group()
                place = self._long_string(text, found.start(), found.end(), quotes)
            else:
                self.setFormat(found.start(), len(found.group()), self._formats[kind])
                place = found.end()
        self.setCurrentBlockState(_STATES[quotes if place < 0 else ""])

    def _long_string(self, text: str, start: int, inside: int, quotes: str) -> int:
        """Color a string in triple quotes; returns where it ends, or -1 on a later line."""
        end = re.compile(rf"(?:\\.|.)*?{quotes}").match(text, inside)
        stop = end.end() if end else len(text)
        self.setFormat(start, stop - start, self._formats["string"])
        return stop if end else -1

    def _dress(self) -> None:
        theme = self._theme
        tints = {
            "comment": theme.colors.text_secondary,
            "string": theme.category("normalization"),
            "number": theme.category("activation"),
            "keyword": theme.category("recurrent"),
            "builtin": theme.category("convolution"),
        }
        for kind, tint in tints.items():
            self._formats[kind] = QTextCharFormat()
            self._formats[kind].setForeground(tint)
        self.rehighlight()
