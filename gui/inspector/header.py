"""The upper part of the inspector: kind, name, help, facts, problems."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from engine.graph import commands
from engine.graph.calls import owner_of
from engine.graph.document import Node
from engine.layers import LAYERS
from gui.i18n import tr, tr_text
from gui.inspector.inputs import shape_words
from gui.labels import Label, wrapped
from gui.session import Session
from gui.theme import Theme


class Header(QWidget):
    """What the selected layers are.

    Signals:
        renamed: A possible name was typed.
        released: The shared weights are to become the layer's own.
        left: The focus has left the name.
    """

    renamed = Signal(str)
    released = Signal()
    left = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._session: Session | None = None
        self._node: Node | None = None
        self._shown: tuple[str, str] | None = None
        self._stripe = QFrame()
        self._stripe.setFixedSize(5, 20)
        self._title = Label()
        self._title.setProperty("role", "title")
        top = QHBoxLayout()
        top.setSpacing(theme.s)
        top.addWidget(self._stripe)
        top.addWidget(self._title, 1)
        self._help = wrapped("secondary")
        self._name = QLineEdit()
        self._name.setAccessibleName(tr("Name"))
        self._name.setToolTip(tr("Name of the layer in Keras"))
        self._name.textEdited.connect(self._typed)
        self._name.editingFinished.connect(self._finished)
        self._name_problem = wrapped("error")
        self._facts = wrapped()
        self._shared = wrapped("secondary")
        self._release = QPushButton(tr("Make independent"))
        self._release.clicked.connect(self.released)
        self._problems, self._advice = wrapped("error"), wrapped("advice")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.s)
        column.addLayout(top)
        for widget in (
            self._help,
            self._name,
            self._name_problem,
            self._facts,
            self._shared,
            self._release,
            self._problems,
            self._advice,
        ):
            column.addWidget(widget)

    def show_nodes(self, session: Session, nodes: list[Node]) -> None:
        """Show one layer, or several."""
        self._session = session
        single = nodes[0] if len(nodes) == 1 else None
        self._node = single
        spec = LAYERS.find(nodes[0].layer)
        kinds = {node.layer for node in nodes}
        title = tr(spec.title) if spec else nodes[0].layer
        if single is None:
            title = (
                tr("{count} × {layer}", count=len(nodes), layer=title)
                if len(kinds) == 1
                else tr("{count} layers", count=len(nodes))
            )
        self._title.setText(title)
        category = spec.category if spec and len(kinds) == 1 else ""
        color = self._theme.category(category).name()
        self._stripe.setStyleSheet(f"background: {color}; border-radius: 2px;")
        _say(self._help, tr(spec.help()) if spec and len(kinds) == 1 else "")
        self._name.setVisible(single is not None)
        self._show_name(single)
        _say(self._facts, self._facts_text(session, nodes))
        self._show_shared(session, single)

    def show_problems(self, errors: list[str], advice: list[str]) -> None:
        """Show what is wrong with the layers and belongs to no field, and what might be better."""
        _say(self._problems, "\n".join(errors))
        _say(self._advice, "\n".join(advice))

    def _show_name(self, node: Node | None) -> None:
        shown, self._shown = self._shown, (node.id, node.title) if node is not None else None
        # A name that is being typed stays while it is the same layer with the same name.
        if node is None or (self._name.isModified() and shown == self._shown):
            return
        self._name.setText(node.title)
        _say(self._name_problem, "")

    def _facts_text(self, session: Session, nodes: list[Node]) -> str:
        facts = [session.facts[node.id] for node in nodes if node.id in session.facts]
        count = f"{sum(fact.params for fact in facts):,}"
        if len(nodes) > 1 or not facts:
            return tr("{count} parameters", count=count) if facts else ""
        shape = facts[0].shape
        if shape is None:
            return ""
        return tr("Output {shape} · {count} parameters", shape=shape_words(shape), count=count)

    def _show_shared(self, session: Session, node: Node | None) -> None:
        self._release.setVisible(node is not None and bool(node.shares))
        if node is None:
            _say(self._shared, "")
            return
        network = session.document.network
        others = [other.title for other in network.ordered() if other.shares == node.id]
        if node.shares:
            owner = owner_of(network, node.id).title
            _say(self._shared, tr("Shares the weights of “{owner}”.", owner=owner))
        elif others:
            names = ", ".join(others)
            _say(self._shared, tr("Its weights are shared with {names}.", names=names))
        else:
            _say(self._shared, "")

    def _typed(self, name: str) -> None:
        if self._session is None or self._node is None:
            return
        network = self._session.document.network
        problem = commands.name_problem(network, self._node.id, name)
        _say(self._name_problem, tr_text(problem) if problem else "")
        if problem is None:
            self._shown = (self._node.id, name)
            self.renamed.emit(name)

    def _finished(self) -> None:
        if self._session is not None and self._node is not None:
            node = self._session.document.network.nodes.get(self._node.id)
            if node is not None:
                self._name.setText(node.title)
                self._shown = (node.id, node.title)
        _say(self._name_problem, "")
        self.left.emit()


def _say(label: QLabel, words: str) -> None:
    label.setText(words)
    label.setVisible(bool(words))
