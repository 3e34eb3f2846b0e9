"""The line under the code: what the canvas follows, or what is wrong and where."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.formats.python_reading.things import LineRemark
from gui.i18n import tr, tr_text
from gui.labels import Short
from gui.theme import Theme


class Note(Short):
    """One calm sentence; a click leads to its line.

    Signals:
        line_clicked: Carries the number of the line.
    """

    line_clicked = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent, mode=Qt.TextElideMode.ElideRight)
        self._line = 0
        self.setContentsMargins(theme.xs, 0, theme.xs, 0)
        self.setMinimumHeight(theme.xl)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_remarks(self, remarks: Sequence[LineRemark], *, behind: bool) -> None:
        """Show the first error, or else the first remark, or else what there is to know.

        Args:
            remarks: What was said of the script.
            behind: Whether the canvas has changed while the text could not be followed.
        """
        first = sorted(remarks, key=lambda remark: remark.severity != "error")[:1]
        self._line = first[0].line if first else 0
        error = bool(first) and first[0].severity == "error"
        if first:
            words = tr("Line {line}: {message}", line=self._line, message=tr_text(first[0].message))
            if len(remarks) > 1:
                words += " " + tr("And {count} more.", count=len(remarks) - 1)
        else:
            words = tr("The canvas follows the lines with a bar beside their number.")
        if behind:
            words += " " + tr("The canvas has changed meanwhile: Revert shows its code.")
        role = "error" if error else "secondary"
        if self.property("role") != role:
            self.setProperty("role", role)
            self.style().unpolish(self)
            self.style().polish(self)
        pointer = Qt.CursorShape.PointingHandCursor if first else Qt.CursorShape.ArrowCursor
        self.setCursor(pointer)
        self.setText(words)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._line:
            self.line_clicked.emit(self._line)
