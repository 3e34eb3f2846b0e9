"""Every gesture of the canvas by hand, in a real window. Started by the test under Xvfb."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QToolButton

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(Path(__file__).resolve().parent)]


class Hands:
    """What a person does with mouse and keys, in the words of the canvas."""

    def __init__(self, driver, window) -> None:
        self.driver, self.window = driver, window

    @property
    def view(self):
        return self.window.view

    @property
    def network(self):
        return self.window.session.document.network

    def spot(self, make: Callable[[], QPointF]) -> tuple[int, int]:
        """Return where a point of the canvas lies on the screen."""
        point = self.driver.ask(lambda: self.view.mapFromScene(make()))
        return self.driver.place(self.view.viewport(), point)

    def card(self, key: str) -> tuple[int, int]:
        return self.spot(lambda: self.view.network.nodes[key].card().center())

    def choose(self, key: str) -> None:
        """Click on a card alone; a click elsewhere first keeps two from being a double-click."""
        self.driver.click(self.free())
        self.driver.click(self.card(key))
        self.until(lambda: self.window.session.selection == {key}, f"{key} selected")

    def port(self, key: str, side: str) -> tuple[int, int]:
        def where() -> QPointF:
            item = self.view.network.nodes[key]
            return item.output_point() if side == "out" else item.input_point(0)

        return self.spot(where)

    def free(self) -> tuple[int, int]:
        """Return an empty spot of the canvas."""
        point = self.driver.ask(lambda: QPoint(40, 40))
        return self.driver.place(self.view.viewport(), point)

    def key(self, name: str) -> None:
        self.driver.key(name)

    def until(self, condition: Callable[[], object], what: str) -> None:
        self.driver.until(condition, what)

    def undo(self, times: int = 1) -> None:
        for _ in range(times):
            before = self.driver.ask(lambda: self.window.session.history.place)
            self.key("ctrl+z")
            self.until(lambda before=before: self.window.session.history.place < before, "undo")


def quick_add(hands: Hands) -> None:
    """Type a name on the canvas; the layer comes behind the selected one."""
    hands.choose("flat")
    hands.driver.write("drop")
    hands.until(lambda: hands.view.quick_add.isVisible(), "the quick-add field")
    hands.until(lambda: hands.view.quick_add._field.text() == "drop", "the typed name")
    hands.key("Return")
    hands.until(lambda: "dropout" in hands.network.nodes, "a Dropout")
    assert hands.network.inputs("dropout")[0].source == "flat"
    hands.undo()


def wire_into_empty_space(hands: Hands) -> None:
    """Only layers that fit are offered where a wire is dropped in empty space."""
    start = hands.port("flat", "out")
    hands.driver.drag(start, (start[0] + 220, start[1] + 20))
    hands.until(lambda: hands.view.quick_add.isVisible(), "layers to choose from")
    hands.key("Escape")
    hands.until(lambda: not hands.view.quick_add.isVisible(), "nothing to choose from")


def reroute(hands: Hands) -> None:
    """The end of a wire is dragged to another layer, and off into nothing."""
    end = hands.port("flat", "in")
    hands.driver.drag(end, hands.card("conv2"))
    hands.until(lambda: not hands.network.inputs("flat"), "the wire elsewhere")
    hands.undo()
    end = hands.port("flat", "in")
    hands.driver.drag(end, (end[0] + 260, end[1]))
    hands.until(lambda: not hands.network.inputs("flat"), "no wire")
    hands.undo()


def group_and_blocks(hands: Hands) -> None:
    """A box selects, Ctrl+G groups, a double-click opens, a click on the triangle closes."""
    first = hands.spot(lambda: hands.view.network.nodes["conv1"].card().topLeft())
    last = hands.spot(lambda: hands.view.network.nodes["conv2"].card().bottomRight())
    hands.driver.drag((first[0] - 40, first[1] - 6), (last[0] + 40, last[1] + 6))
    hands.until(lambda: hands.window.session.selection == {"conv1", "conv2"}, "a box")
    hands.key("ctrl+g")
    hands.until(lambda: len(hands.network.blocks) == 1, "a block")
    block = next(iter(hands.network.blocks))
    hands.until(lambda: block in hands.view.network.nodes, "its card")
    hands.driver.click(hands.card(block), times=2)
    hands.until(lambda: block in hands.view.network.grounds.blocks, "its inside")
    corner = hands.spot(
        lambda: hands.view.network.grounds.blocks[block].rect().topLeft() + QPointF(16, 14)
    )
    hands.driver.click(corner)
    hands.until(lambda: block in hands.view.network.nodes, "its card again")
    hands.driver.drag(hands.card(block), (hands.card(block)[0] + 120, hands.card(block)[1]))
    hands.until(lambda: hands.network.nodes["conv1"].at[0] != 0, "the block elsewhere")
    hands.undo(4)
    assert not hands.network.blocks


def several(hands: Hands) -> None:
    """Ctrl+click adds to the selection; Ctrl+D copies; Delete deletes; healing closes the gap."""
    hands.choose("conv1")
    subprocess.run(["xdotool", "keydown", "ctrl"], check=True)
    hands.driver.click(hands.card("conv2"))
    subprocess.run(["xdotool", "keyup", "ctrl"], check=True)
    hands.until(lambda: len(hands.window.session.selection) == 2, "two layers")
    hands.key("ctrl+d")
    hands.until(lambda: len(hands.network.nodes) == 6, "two more layers")
    hands.undo()
    hands.choose("conv2")
    hands.key("ctrl+Delete")
    hands.until(lambda: "conv2" not in hands.network.nodes, "a layer less")
    assert hands.network.inputs("flat")[0].source == "conv1"
    hands.undo()
    hands.choose("conv2")
    hands.key("ctrl+c")
    hands.key("ctrl+v")
    hands.until(lambda: len(hands.network.nodes) == 5, "a pasted layer")
    hands.undo()


def palette_to_wire(hands: Hands) -> None:
    """A layer from the palette is dropped on a wire."""
    tree = hands.window.palette_panel.tree

    def row() -> QPoint:
        flags = Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchRecursive
        item = tree.findItems("Dense", flags)[0]
        tree.scrollToItem(item)
        return tree.visualItemRect(item).center()

    start = hands.driver.place(tree.viewport(), hands.driver.ask(row))
    wire = hands.spot(
        lambda: next(
            w for w in hands.view.network.edges.values() if w.edge.target == "flat"
        ).middle()
    )
    hands.driver.drag(start, wire)
    hands.until(lambda: "dense" in hands.network.nodes, "a Dense in the wire")
    assert hands.network.inputs("flat")[0].source == "dense"
    hands.undo()


def notes_and_frames(hands: Hands) -> None:
    """A note is written in place, dragged by its body, and deleted."""
    hands.driver.click(hands.free())
    hands.key("ctrl+alt+n")
    hands.until(lambda: hands.view._words.isVisible(), "a note to write in")
    hands.driver.write("look here")
    hands.key("Escape")
    hands.until(
        lambda: [m.text for m in hands.window.session.document.marks.values()] == ["look here"],
        "the words",
    )
    (mark,) = hands.window.session.document.marks
    spot = hands.spot(lambda: hands.view.network.grounds.marks[mark].rect().center())
    before = hands.window.session.document.marks[mark].at
    hands.driver.drag(spot, (spot[0] - 30, spot[1] + 60))
    hands.until(lambda: hands.window.session.document.marks[mark].at != before, "it elsewhere")
    hands.key("Delete")
    hands.until(lambda: not hands.window.session.document.marks, "no note")
    hands.undo(4)


def walk_and_move(hands: Hands) -> None:
    """Alt+arrows walk along wires; arrows move; Escape lets go."""
    hands.choose("image")
    hands.key("alt+Down")
    hands.until(lambda: hands.window.session.selection == {"conv1"}, "the next layer")
    hands.key("Right")
    hands.until(lambda: hands.network.nodes["conv1"].at[0] == 8, "a nudge")
    hands.undo()
    hands.key("Escape")
    hands.until(lambda: not hands.window.session.selection, "nothing selected")


def pan_and_zoom(hands: Hands) -> None:
    """Ctrl and wheel zoom, the middle button pans, Ctrl+1 shows everything."""
    spot = hands.free()
    zoom = hands.driver.ask(lambda: hands.view.zoom)
    subprocess.run(["xdotool", "mousemove", *map(str, spot)], check=True)
    subprocess.run(["xdotool", "keydown", "ctrl", "click", "4", "keyup", "ctrl"], check=True)
    hands.until(lambda: hands.view.zoom > zoom, "a nearer view")
    center = hands.driver.ask(lambda: hands.view.mapToScene(0, 0))
    subprocess.run(["xdotool", "mousedown", "2"], check=True)
    for step in range(1, 6):
        subprocess.run(
            ["xdotool", "mousemove", str(spot[0] + 12 * step), str(spot[1] + 9 * step)], check=True
        )
    subprocess.run(["xdotool", "mouseup", "2"], check=True)
    hands.until(lambda: hands.view.mapToScene(0, 0) != center, "a moved view")
    hands.key("ctrl+1")
    hands.until(lambda: hands.view.zoom < zoom * 1.15, "everything")


def align(hands: Hands) -> None:
    """The command box finds an action by its name and does it."""
    hands.choose("conv1")
    hands.key("Right")
    hands.until(lambda: hands.network.nodes["conv1"].at[0] == 8, "a nudge")
    hands.key("ctrl+a")
    hands.key("ctrl+shift+p")
    hands.until(hands.window.sheets.commands.isVisible, "the command box")
    hands.driver.write("align left")
    hands.key("Return")
    hands.until(lambda: len({node.at[0] for node in hands.network.nodes.values()}) == 1, "one edge")
    hands.undo(2)


def order_and_bypass(hands: Hands) -> None:
    """A lock protects; bypass leads around a layer; connect in sequence wires what is selected."""
    hands.choose("conv2")
    hands.key("ctrl+shift+k")
    hands.until(lambda: hands.network.nodes["conv2"].locked, "a lock")
    hands.key("Delete")
    hands.until(lambda: hands.window.messages.isVisible(), "a word about the lock")
    assert "conv2" in hands.network.nodes
    hands.undo()
    hands.key("ctrl+b")
    hands.until(lambda: hands.network.inputs("flat")[0].source == "conv1", "a bypass")
    hands.key("ctrl+a")
    hands.key("ctrl+shift+l")
    hands.until(lambda: hands.network.inputs("flat")[0].source == "conv2", "a sequence")
    hands.undo(2)


def mend_with_a_click(hands: Hands) -> None:
    """A wire is selected and deleted; the list's button solves the problem that this makes."""
    hands.driver.click(
        hands.spot(
            lambda: next(
                w for w in hands.view.network.edges.values() if w.edge.target == "flat"
            ).middle()
        )
    )
    hands.until(lambda: hands.view.network.selected_edges, "a wire selected")
    hands.key("Delete")
    hands.until(lambda: not hands.network.inputs("flat"), "no wire")
    hands.driver.ask(lambda: hands.window.bottom.reveal("problems"))
    panel = hands.window.bottom.panel("problems")
    hands.until(lambda: panel.findChildren(QToolButton), "a fix")
    button = hands.driver.ask(lambda: panel.findChildren(QToolButton)[0])
    hands.driver.click(hands.driver.place(button, QPoint(12, 8)))
    hands.until(lambda: len(hands.network.inputs("flat")) == 1, "the wire again")
    hands.undo(2)


def find_and_replace(hands: Hands) -> None:
    """The bar replaces all layers of a kind at once."""
    hands.choose("conv1")
    hands.key("ctrl+f")
    hands.until(hands.view.find_bar.isVisible, "the bar")
    hands.until(lambda: hands.window.session.selection == {"conv1", "conv2"}, "both found")
    hands.driver.click(hands.driver.place(hands.view.find_bar._all))
    hands.until(
        lambda: {hands.network.nodes[key].layer for key in ("conv1", "conv2")}.isdisjoint(
            {"Conv2D"}
        ),
        "other layers",
    )
    hands.key("Escape")
    hands.until(lambda: not hands.view.find_bar.isVisible(), "no bar")
    hands.undo()


def history(hands: Hands) -> None:
    """A click in the list of steps goes back to one."""
    hands.choose("conv1")
    for step in (8, 16, 24):
        hands.key("Right")
        hands.until(lambda step=step: hands.network.nodes["conv1"].at[0] == step, "a nudge")
    before = hands.driver.ask(lambda: hands.window.session.history.place)
    hands.driver.ask(lambda: hands.window.bottom.reveal("history"))
    rows = hands.window.bottom.panel("history").list
    hands.until(lambda: rows.count() > 1, "the steps")
    row = hands.driver.ask(lambda: rows.visualItemRect(rows.item(0)).center())
    hands.driver.click(hands.driver.place(rows.viewport(), row))
    hands.until(lambda: hands.window.session.history.place < before, "an earlier state")
    hands.driver.click(hands.free())
    hands.until(lambda: hands.network.nodes["conv1"].at[0] == 0, "where it was")


def overview_and_bookmarks(hands: Hands) -> None:
    """A press in the overview goes there; a bookmark leads back."""
    hands.key("ctrl+alt+b")
    hands.until(lambda: hands.window.session.document.marks, "a bookmark")
    here = hands.driver.ask(lambda: hands.view.mapToScene(0, 0))
    for _ in range(5):
        hands.key("ctrl+plus")
    hands.until(hands.view.minimap.isVisible, "the overview")
    before = hands.driver.ask(lambda: hands.view.mapToScene(0, 0))
    spot = hands.driver.ask(lambda: QPoint(hands.view.minimap.width() // 2, 14))
    hands.driver.click(hands.driver.place(hands.view.minimap, spot))
    hands.until(lambda: hands.view.mapToScene(0, 0) != before, "another part in view")
    hands.key("ctrl+alt+Right")
    hands.until(
        lambda: (hands.view.mapToScene(0, 0) - here).manhattanLength() < 80, "the bookmark's view"
    )
    hands.undo()


GESTURES = (
    quick_add,
    wire_into_empty_space,
    reroute,
    group_and_blocks,
    several,
    palette_to_wire,
    notes_and_frames,
    walk_and_move,
    pan_and_zoom,
    align,
    order_and_bypass,
    mend_with_a_click,
    find_and_replace,
    history,
    overview_and_bookmarks,
)


def main(out: Path) -> int:
    """Play the gestures; prints what went wrong."""
    from driver import Driver
    from helpers.networks import network

    from engine.formats.project import to_json
    from engine.graph.document import Document
    from gui.app import build

    app = build(theme_mode="light", language="en", start_engine=False)
    window = app.window
    window.resize(1500, 1000)
    window.move(0, 0)
    rows = [
        ("image", "Input", {"shape": [8, 8, 1]}),
        ("conv1", "Conv2D", {"filters": 4}),
        ("conv2", "Conv2D", {"filters": 4}),
        ("flat", "Flatten", {}),
    ]
    session = window.add_document(Document(network(rows), title="Gestures"))
    start = to_json(session.document)

    def scenario(driver: Driver) -> None:
        driver.until(window.isVisible, "the window")
        driver.ask(window.activateWindow)
        driver.until(QGuiApplication.focusWindow, "the focus")
        hands = Hands(driver, window)
        driver.until(lambda: window.view.zoom > 0.5, "the drawing")
        for gesture in GESTURES:
            driver.click(hands.free())
            gesture(hands)
            state = driver.ask(lambda: to_json(session.document))
            assert state == start, f"{gesture.__name__} was not taken back"
            print(gesture.__name__, flush=True)

    return Driver(scenario).play(app, out)


if __name__ == "__main__":
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs)
    code = main(Path(sys.argv[1]))
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
