"""Light colors for Python code."""

from __future__ import annotations

import builtins
import keyword
import re

from PySide6.QtGui import QSyntaxHighlighter, QTextCharFormat, QTextDocument

from gui.theme import Theme

_TOKENS = re.compile(
    r"(?P<comment>#.*)"
    r"|(?P<string>\"[^\"\n]*\"|'[^'\n]*')"
    r"|(?P<number>\b\d[\d_.]*(?:e-?\d+)?\b)"
    rf"|(?P<keyword>\b(?:{'|'.join(keyword.kwlist)})\b)"
    rf"|(?P<builtin>\b(?:{'|'.join(name for name in dir(builtins) if name.islower())})\b)"
)


class PythonHighlighter(QSyntaxHighlighter):
    """Colors comments, strings, numbers, keywords and built-in names."""

    def __init__(self, theme: Theme, document: QTextDocument) -> None:
        super().__init__(document)
        self._theme = theme
        self._formats: dict[str, QTextCharFormat] = {}
        theme.changed.connect(self._dress)
        self._dress()

    def highlightBlock(self, text: str) -> None:
        for found in _TOKENS.finditer(text):
            kind = found.lastgroup or ""
            self.setFormat(found.start(), len(found.group()), self._formats[kind])

    def _dress(self) -> None:
        theme = self._theme
        tints = {
            "comment": theme.colors.text_disabled,
            "string": theme.category("normalization"),
            "number": theme.category("activation"),
            "keyword": theme.category("recurrent"),
            "builtin": theme.category("convolution"),
        }
        for kind, tint in tints.items():
            self._formats[kind] = QTextCharFormat()
            self._formats[kind].setForeground(tint)
        self.rehighlight()
