"""Whatever is done and undone, the scene shows the document."""

from __future__ import annotations

from contextlib import suppress

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from PySide6.QtCore import QRectF

from engine.errors import EditRefused
from engine.formats.project import to_json
from engine.graph import blocks, commands
from engine.graph.arranging import lay_out
from engine.graph.document import Document
from engine.graph.elements import MarkKind
from engine.graph.folding import outline
from engine.graph.marks import add_mark
from engine.graph.repeating import repeat
from gui.bridge import Engine
from gui.canvas.scene import NetworkScene
from gui.session import Session
from gui.theme import Theme

places = st.tuples(st.integers(-40, 40), st.integers(-40, 40)).map(
    lambda place: (place[0] * 8.0, place[1] * 8.0)
)
kinds = st.sampled_from(["Input", "Dense", "Conv2D", "Add", "Concatenate", "Dot"])


class Mirror(RuleBasedStateMachine):
    """Random edits through the session; the scene follows by itself."""

    @initialize()
    def open(self) -> None:
        self.session = Session(Document(), Engine())
        self.start = to_json(self.session.document)
        self.scene = NetworkScene(Theme("light"), self.session)

    def teardown(self) -> None:
        while self.session.history.undo_label is not None:
            self.session.undo()
        assert to_json(self.session.document) == self.start
        assert not self.scene.nodes and not self.scene.edges
        self.session.close()

    def _pick(self, number: int) -> str | None:
        ids = list(self.session.document.network.nodes)
        return ids[number % len(ids)] if ids else None

    @rule(kind=kinds, at=places, source=st.integers(0, 50), wired=st.booleans())
    def add(self, kind: str, at: tuple[float, float], source: int, wired: bool) -> None:
        behind = self._pick(source) if wired and kind != "Input" else None
        self.session.do(commands.add_node(self.session.document, kind, at, source=behind))

    @rule(first=st.integers(0, 50), second=st.integers(0, 50))
    def connect(self, first: int, second: int) -> None:
        source, target = self._pick(first), self._pick(second)
        if source is None or target is None:
            return
        with suppress(EditRefused):
            self.session.do(commands.connect(self.session.document, source, target))

    @rule(numbers=st.lists(st.integers(0, 50), max_size=3))
    def remove(self, numbers: list[int]) -> None:
        ids = [node for number in numbers if (node := self._pick(number)) is not None]
        self.session.select(ids)
        self.session.do(commands.remove(self.session.document, ids))

    @rule(number=st.integers(0, 50), at=places)
    def move(self, number: int, at: tuple[float, float]) -> None:
        if (node := self._pick(number)) is not None:
            self.session.do(commands.move(self.session.document, {node: at}))

    @rule()
    def lay_out(self) -> None:
        document = self.session.document
        self.session.do(commands.move(document, lay_out(document.network, self.scene.scope)))

    @rule(numbers=st.lists(st.integers(0, 50), min_size=1, max_size=4))
    def group(self, numbers: list[int]) -> None:
        ids = [node for number in numbers if (node := self._pick(number)) is not None]
        with suppress(EditRefused):
            self.session.do(blocks.group(self.session.document, ids, "Block"))

    def _block(self, number: int) -> str | None:
        ids = list(self.session.document.network.blocks)
        return ids[number % len(ids)] if ids else None

    @rule(number=st.integers(0, 9), collapsed=st.booleans())
    def collapse(self, number: int, collapsed: bool) -> None:
        if (block := self._block(number)) is not None:
            self.session.do(blocks.set_collapsed(self.session.document, block, collapsed))

    @rule(number=st.integers(0, 9), times=st.integers(1, 3))
    def repeat(self, number: int, times: int) -> None:
        if (block := self._block(number)) is not None and len(self.scene.nodes) < 40:
            with suppress(EditRefused):
                self.session.do(repeat(self.session.document, block, times))

    @rule(number=st.integers(0, 9))
    def ungroup(self, number: int) -> None:
        if (block := self._block(number)) is not None:
            self.session.do(blocks.ungroup(self.session.document, block))

    @rule(number=st.integers(-1, 9))
    def enter(self, number: int) -> None:
        self.scene.show_scope((self._block(number) or "") if number >= 0 else "")

    @rule(kind=st.sampled_from(["note", "frame"]), at=places)
    def mark(self, kind: MarkKind, at: tuple[float, float]) -> None:
        self.session.do(add_mark(self.session.document, kind, at, (200.0, 100.0)))

    @rule(times=st.integers(1, 4))
    def undo(self, times: int) -> None:
        for _ in range(times):
            self.session.undo()

    @rule(times=st.integers(1, 4))
    def redo(self, times: int) -> None:
        for _ in range(times):
            self.session.redo()

    @invariant()
    def the_scene_shows_the_document(self) -> None:
        if not hasattr(self, "scene"):
            return
        document, scene = self.session.document, self.scene
        network = document.network
        seen = outline(network, scene.scope)
        assert scene.nodes.keys() == set(seen.cards)
        assert set(scene.edges) == set(seen.wires)
        marks = {} if scene.scope else document.marks
        assert scene.grounds.blocks.keys() == seen.frames.keys()
        assert scene.grounds.marks.keys() == marks.keys()
        grounds = len(seen.frames) + len(marks)
        assert len(scene.items()) == len(scene.nodes) + len(scene.edges) + grounds + 1  # `wires`
        for card, item in scene.nodes.items():
            assert (item.pos().x(), item.pos().y()) == seen.corner(card)
            assert item.chosen == self.session.selection.issuperset(seen.nodes_of(card))
            if card in network.nodes:
                assert item.face.inputs >= len(network.inputs(card))
        for block in seen.frames:
            assert scene.grounds.blocks[block].rect() == QRectF(*seen.frame(block))
        for wire, line in scene.edges.items():
            source, target = seen.card_of(wire.source), seen.card_of(wire.target)
            assert source is not None and target is not None
            start = scene.nodes[source].output_point(seen.output_place(wire))
            end = scene.nodes[target].input_point(seen.input_place(wire))
            assert line.ends() == (start, end)


Mirror.TestCase.settings = settings(max_examples=80, stateful_step_count=30, deadline=None)


def test_the_scene_mirrors_the_document(qapp: object) -> None:
    Mirror.TestCase().runTest()
