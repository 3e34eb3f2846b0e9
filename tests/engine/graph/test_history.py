"""Any sequence of edits can be taken back to the byte, and redone."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule

from engine.errors import EditRefused, text
from engine.formats.project import from_json, to_json
from engine.graph import blocks, commands
from engine.graph.analysis import problems
from engine.graph.copying import new_id
from engine.graph.document import Document, Network, Part, WeightsChange
from engine.graph.history import Edit, History
from engine.graph.linking import linked_copy, unlink
from engine.graph.mirroring import linked
from engine.graph.nesting import around, members
from engine.graph.repeating import repeat

LAYERS = ["Input", "Dense", "Conv2D", "Add", "Concatenate", "Dropout", "Flatten"]


class Editing(RuleBasedStateMachine):
    """Edits a document at random and remembers each state's bytes."""

    nodes = Bundle("nodes")

    @initialize()
    def begin(self) -> None:
        self.history = History(Document())
        self.states = [to_json(self.history.document)]
        self.place = 0
        self.grafts: dict[str, bool] = {}
        self.history.changed.connect(self.follow_weights)

    def follow_weights(self, changes: tuple[object, ...]) -> None:
        """Give and take weights as an engine does, each only once."""
        for change in changes:
            if isinstance(change, WeightsChange):
                assert self.grafts.get(change.graft, False) != change.applied
                self.grafts[change.graft] = change.applied

    def do(self, make) -> None:
        document = self.history.document
        before = to_json(document)
        try:
            edit = make(document)
            self.history.do(Edit(edit.label, edit.changes))
        except (EditRefused, KeyError):
            assert to_json(document) == before
            return
        self.linked_blocks_are_equal(document)
        if edit.changes:
            del self.states[self.place + 1 :]
            self.states.append(to_json(document))
            self.place += 1

    def linked_blocks_are_equal(self, document: Document) -> None:
        network = document.network

        def inside(block: str) -> list[tuple[object, ...]]:
            return sorted(
                (node.role or node.id, node.layer, repr(sorted(node.params.items())))
                for node in map(network.nodes.__getitem__, members(network, block))
            )

        for block in network.blocks:
            for other in linked(network, block):
                nested = other in around(network, block) or block in around(network, other)
                assert nested or inside(block) == inside(other)

    @rule(target=nodes, layer=st.sampled_from(LAYERS), x=st.integers(0, 500))
    def add(self, layer: str, x: int) -> str:
        name = new_id(self.history.document.network, layer)
        self.do(lambda document: commands.add_node(document, layer, (x, x)))
        return name

    @rule(start=nodes, end=nodes)
    def connect(self, start: str, end: str) -> None:
        self.do(lambda document: commands.connect(document, start, end))

    @rule(node=nodes)
    def remove(self, node: str) -> None:
        self.do(lambda document: commands.remove(document, [node]))

    @rule(node=nodes, value=st.one_of(st.integers(-5, 50), st.none(), st.text(max_size=3)))
    def set_param(self, node: str, value: object) -> None:
        self.do(lambda document: commands.set_param(document, [node], "units", value))

    @rule(node=nodes, name=st.text(max_size=6))
    def rename(self, node: str, name: str) -> None:
        self.do(lambda document: commands.rename(document, node, name))

    @rule(node=nodes, owner=nodes)
    def share(self, node: str, owner: str) -> None:
        self.do(lambda document: commands.share(document, node, owner))

    @rule(node=nodes, x=st.floats(-1000, 1000), y=st.floats(-1000, 1000))
    def move(self, node: str, x: float, y: float) -> None:
        self.do(lambda document: commands.move(document, {node: (x, y)}))

    @rule(size=st.sampled_from([8, 28]))
    def data(self, size: int) -> None:
        part = Part("digits", {"size": size})
        self.do(lambda document: commands.set_plan(document, "data", part))

    @rule()
    def paste_all(self) -> None:
        drawn = self.history.document.network
        if len(drawn.nodes) < 20:
            self.do(lambda document: commands.insert(document, drawn, text("Paste")))

    @rule(chosen=st.lists(nodes, min_size=1, max_size=4))
    def group(self, chosen: list[str]) -> None:
        self.do(lambda document: blocks.group(document, chosen, "Block"))

    @rule(number=st.integers(-3, 3))
    def ungroup(self, number: int) -> None:
        self.do_with_block(number, blocks.ungroup)

    @rule(number=st.integers(-3, 3), times=st.integers(1, 3))
    def repeat(self, number: int, times: int) -> None:
        self.do_with_block(number, lambda document, block: repeat(document, block, times))

    @rule(number=st.integers(-3, 3))
    def copy_linked(self, number: int) -> None:
        self.do_with_block(number, lambda document, block: linked_copy(document, block, (9, 9)))

    @rule(number=st.integers(-3, 3))
    def unlink(self, number: int) -> None:
        self.do_with_block(number, unlink)

    def do_with_block(self, number: int, make) -> None:
        drawn = self.history.document.network
        ids = list(drawn.blocks)
        if ids and len(drawn.nodes) < 40:
            self.do(lambda document: make(document, ids[number % len(ids)]))

    @rule()
    def load_weights(self) -> None:
        change = WeightsChange(f"graft-{len(self.grafts)}", True)
        self.do(lambda document: Edit(text("Load weights"), (change,)))

    @rule()
    def undo(self) -> None:
        if self.history.undo() is not None:
            self.place -= 1

    @rule()
    def redo(self) -> None:
        if self.history.redo() is not None:
            self.place += 1

    @invariant()
    def the_document_is_as_it_was_at_this_place(self) -> None:
        assert to_json(self.history.document) == self.states[self.place]

    @invariant()
    def problems_are_those_of_a_fresh_look(self) -> None:
        network = self.history.document.network
        fresh = Network(network.ordered(), network.edges(), network.blocks.values())
        assert problems(network) == problems(fresh)

    def teardown(self) -> None:
        document = self.history.document
        assert to_json(from_json(to_json(document), "x")) == to_json(document)
        while self.history.undo() is not None:
            pass
        assert to_json(document) == self.states[0]
        assert not any(self.grafts.values())
        while self.history.redo() is not None:
            pass
        assert to_json(document) == self.states[-1]


def test_weights_leave_the_saved_drawing_as_it_is() -> None:
    history = History(Document())
    weights = Edit(text("Load weights"), (WeightsChange("g", True),), merge="same")
    history.do(weights)
    assert history.is_saved
    history.do(commands.add_node(history.document, "Dense", (0.0, 0.0)))
    assert not history.is_saved
    history.mark_saved()
    history.do(weights)
    history.undo()
    assert history.is_saved
    history.undo()
    assert not history.is_saved
    assert history.next is not None and not history.next.moves_weights
    assert history.last is not None and history.last.moves_weights


def test_weights_that_follow_each_other_stay_apart() -> None:
    history = History(Document())
    seen: list[object] = []
    for name in ("a", "b"):
        history.do(Edit(text("Load weights"), (WeightsChange(name, True),), merge="same"))
    history.changed.connect(seen.extend)
    history.undo()
    assert seen == [WeightsChange("b", False), WeightsChange("a", False)]


Editing.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestEditing = Editing.TestCase
