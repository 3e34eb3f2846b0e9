"""Where a layer's data comes from: one line an input wire."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from engine.graph.document import Node
from engine.ipc.messages import NodeFacts
from gui.i18n import tr
from gui.labels import Label
from gui.session import Session
from gui.theme import Theme

# A layer that joins hundreds of branches is not read line by line.
MOST_SHOWN = 12


class InputList(QWidget):
    """The wires into a layer, in the order of its ports; a click goes to where one begins.

    Signals:
        chosen: Carries the id of the node at a wire's other end.
    """

    chosen = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._heading = Label(tr("Takes data from"))
        self._heading.setProperty("role", "heading")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)
        self._column.addWidget(self._heading)
        self._lines: list[QPushButton] = []
        self._shown: list[tuple[str, str]] = []

    def show_node(self, session: Session, node: Node | None) -> None:
        """Show the inputs of a layer; nothing for None or a layer without wires."""
        edges = session.document.network.inputs(node.id) if node is not None else []
        nodes = session.document.network.nodes
        lines = [
            (edge.source, _words(nodes[edge.source].title, session.facts.get(edge.source)))
            for edge in edges[:MOST_SHOWN]
        ]
        self.setVisible(bool(lines))
        if lines != self._shown:
            self._shown = lines
            self._fill(lines)

    def _fill(self, lines: list[tuple[str, str]]) -> None:
        for line in self._lines:
            self._column.removeWidget(line)
            line.deleteLater()
        self._lines = []
        for source, words in lines:
            line = QPushButton(words)
            line.setProperty("flat", True)
            line.setProperty("role", "row")
            line.setToolTip(tr("Go to this layer"))
            line.clicked.connect(partial(self._choose, source))
            self._column.addWidget(line)
            self._lines.append(line)

    def _choose(self, source: str, *_: object) -> None:
        self.chosen.emit(source)


def _words(title: str, facts: NodeFacts | None) -> str:
    return f"{title}    {shape_words(facts.shape)}" if facts and facts.shape else title


def shape_words(shape: list[int | None]) -> str:
    """Write a shape without its batch axis: 28 × 28 × 1."""
    return " × ".join("?" if size is None else str(size) for size in shape[1:]) or "1"
