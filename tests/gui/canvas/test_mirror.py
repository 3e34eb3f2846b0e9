"""Whatever is done and undone, the scene shows the document."""

from __future__ import annotations

from contextlib import suppress

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from engine.errors import EditRefused
from engine.formats.project import to_json
from engine.graph import commands
from engine.graph.arrange import arrange
from engine.graph.document import Document
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
        self.session.do(commands.move(document, arrange(document.network)))

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
        network, scene = self.session.document.network, self.scene
        assert scene.nodes.keys() == network.nodes.keys()
        assert set(scene.edges) == set(network.edges())
        assert len(scene.items()) == len(scene.nodes) + len(scene.edges)
        for node in network.nodes.values():
            item = scene.nodes[node.id]
            assert (item.pos().x(), item.pos().y()) == node.at
            assert item.chosen == (node.id in self.session.selection)
            assert item.face.inputs >= len(network.inputs(node.id))
        for edge, wire in scene.edges.items():
            ends = wire.ends()
            assert ends[0] == scene.nodes[edge.source].output_point()
            place = network.inputs(edge.target).index(edge)
            assert ends[1] == scene.nodes[edge.target].input_point(place)


Mirror.TestCase.settings = settings(max_examples=80, stateful_step_count=30, deadline=None)


def test_the_scene_mirrors_the_document(qapp: object) -> None:
    Mirror.TestCase().runTest()
