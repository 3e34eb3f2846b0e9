"""The inspector: name, facts, problems and parameters of what is selected."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from engine.graph import blocks, commands, freezing, linking
from engine.graph.calls import owner_of
from engine.graph.document import Node
from engine.graph.nesting import block_of
from engine.layers import LAYERS
from gui.facts.gathered import gathered, sentence_of
from gui.fields.form import Form
from gui.i18n import tr
from gui.inspector.block_form import BlockForm
from gui.inspector.header import Header
from gui.inspector.inputs import InputList
from gui.labels import Label
from gui.session import Session
from gui.theme import Theme


class InspectorPanel(QFrame):
    """Shows the selected layers' form; with nothing selected, the document's form.

    Signals:
        repeat_wanted: A block shall follow itself; carries its id and how often.
        keep_wanted: A block shall come into the library; carries its id.
        change_wanted: A built-in block shall have another parameter; carries the block's id, the
            parameter's name and value.
        imagenet_wanted: A model shall have the weights of ImageNet; carries the block's id.
    """

    repeat_wanted = Signal(str, int)
    keep_wanted = Signal(str)
    change_wanted = Signal(str, str, object)
    imagenet_wanted = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self._theme = theme
        self._session: Session | None = None
        self.document_form: QWidget | None = None
        self.header = Header(theme)
        self.header.renamed.connect(self._rename)
        self.header.released.connect(self._release)
        self.header.left.connect(self._end_merge)
        self.form = Form(theme)
        self.form.edited.connect(self._edited)
        self.form.left.connect(self._end_merge)
        self.inputs = InputList(theme)
        self.inputs.chosen.connect(self._go_to)
        self.block_form = BlockForm(theme)
        self.block_form.renamed.connect(self._rename_block)
        self.block_form.repeated.connect(self.repeat_wanted)
        self.block_form.unlinked.connect(self._unlink)
        self.block_form.kept.connect(self.keep_wanted)
        self.block_form.changed.connect(self.change_wanted)
        self.block_form.left.connect(self._end_merge)
        self.block_form.imagenet_wanted.connect(self.imagenet_wanted)
        self.block_form.frozen.connect(self._freeze)
        self._differing = Label(tr("Some settings differ: what you enter is set for all."))
        self._differing.setWordWrap(True)
        self._differing.setProperty("role", "secondary")
        self._stack = QStackedWidget()
        self._stack.addWidget(self._make_page())
        # Until the form of the document is there.
        self._empty = QWidget()
        self._stack.addWidget(self._empty)
        self._stack.setCurrentWidget(self._empty)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._stack)
        theme.changed.connect(self.refresh)

    def _make_page(self) -> QScrollArea:
        """Make the page for what is selected."""
        margin = self._theme.l
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(margin, margin, margin, margin)
        column.setSpacing(margin)
        for row in (self.block_form, self.header, self._differing, self.form, self.inputs):
            column.addWidget(row)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(content)
        for part in (scroll.viewport(), content):
            part.setAutoFillBackground(False)
        return scroll

    def set_document_form(self, form: QWidget) -> None:
        """Show this widget while nothing is selected."""
        self.document_form = form
        self._stack.addWidget(form)
        self.refresh()

    def set_session(self, session: Session | None) -> None:
        """Follow another document, or none."""
        if self._session is not None:
            self._session.edited.disconnect(self.refresh)
            self._session.facts_changed.disconnect(self.refresh)
            self._session.problems_changed.disconnect(self.refresh)
            self._session.selection_changed.disconnect(self.refresh)
        self._session = session
        if session is not None:
            session.edited.connect(self.refresh)
            session.facts_changed.connect(self.refresh)
            session.problems_changed.connect(self.refresh)
            session.selection_changed.connect(self.refresh)
        self.refresh()

    def refresh(self, *_: object) -> None:
        """Show what is selected now."""
        nodes = self._nodes()
        if not nodes or self._session is None:
            self._stack.setCurrentWidget(self.document_form or self._empty)
            return
        self._stack.setCurrentIndex(0)
        network = self._session.document.network
        block = block_of(network, (node.id for node in nodes)) if network.blocks else ""
        self.block_form.show_block(self._session, block)
        self.header.setVisible(not block)
        self.header.show_nodes(self._session, nodes)
        kinds = {node.layer for node in nodes}
        spec = LAYERS.find(nodes[0].layer)
        owners = [owner_of(network, node.id) for node in nodes]
        editable = spec is not None and len(kinds) == 1 and not block
        self.form.setVisible(editable)
        self._differing.setVisible(
            editable and any(owner.params != owners[0].params for owner in owners)
        )
        if spec is not None and editable:
            self.form.set_fields(spec.fields, spec.complete(owners[0].params))
        self.inputs.show_node(self._session, nodes[0] if len(nodes) == 1 else None)
        self._show_problems(nodes, set(self.form.editors) if editable else set())

    def _show_problems(self, nodes: list[Node], fields: set[str]) -> None:
        assert self._session is not None
        shown = {node.id for node in nodes}
        beside: dict[str, str] = {}
        errors: list[str] = []
        advice: list[str] = []
        own = [problem for problem in self._session.problems if problem.node in shown]
        for problem, alike in gathered(own, most=1):
            sentence = sentence_of(problem, alike)
            if problem.severity != "error":
                advice.append(sentence)
            elif problem.field in fields:
                beside.setdefault(problem.field, sentence)
            elif sentence not in errors:
                errors.append(sentence)
        self.form.show_problems(beside)
        self.header.show_problems(errors, advice)

    def _nodes(self) -> list[Node]:
        if self._session is None:
            return []
        chosen = self._session.selection
        return [node for node in self._session.document.network.ordered() if node.id in chosen]

    def _edited(self, name: str, value: object) -> None:
        if self._session is not None:
            ids = [node.id for node in self._nodes()]
            self._session.do(commands.set_param(self._session.document, ids, name, value))

    def _rename(self, name: str) -> None:
        nodes = self._nodes()
        if self._session is not None and len(nodes) == 1:
            self._session.do(commands.rename(self._session.document, nodes[0].id, name))

    def _rename_block(self, block: str, title: str) -> None:
        if self._session is not None:
            self._session.do(blocks.rename_block(self._session.document, block, title))

    def _freeze(self, block: str, count: int) -> None:
        if self._session is not None:
            self._session.do(freezing.freeze(self._session.document, block, count))

    def _unlink(self, block: str) -> None:
        if self._session is not None:
            self._session.do(linking.unlink(self._session.document, block))

    def _release(self) -> None:
        nodes = self._nodes()
        if self._session is not None and len(nodes) == 1:
            self._session.do(commands.share(self._session.document, nodes[0].id, ""))

    def _go_to(self, node: str) -> None:
        if self._session is not None:
            self._session.select([node])

    def _end_merge(self) -> None:
        if self._session is not None:
            self._session.history.end_merge()
