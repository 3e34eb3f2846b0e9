"""A walk over the canvas in twelve pictures, light and dark: `make walk`.

The engine runs for real, so that shapes, problems and the training are what a person sees.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PIL import Image, ImageQt
from PySide6.QtCore import QPointF, QRectF

from benchmarks.networks import branches
from docs.screenshots import PICTURES, Studio
from engine.formats.project import read_project
from engine.graph import commands
from engine.graph.arranging import lay_out
from engine.graph.document import Document, Edge, Network, Node, Part
from engine.graph.inserting import insert_between
from engine.paths import TEMPLATES
from gui.canvas.view import CanvasView
from gui.session import Session

SIZES = {"light": (1280, 800), "dark": (1920, 1080)}


def residual() -> Document:
    """Return a small residual network for digits."""
    rows: list[tuple[str, str, dict[str, object]]] = [
        ("image", "Input", {"shape": [28, 28, 1]}),
        ("stem", "Conv2D", {"filters": 16, "kernel_size": [3, 3], "padding": "same"}),
        ("conv1", "Conv2D", {"filters": 16, "kernel_size": [3, 3], "padding": "same"}),
        ("relu", "ReLU", {}),
        ("conv2", "Conv2D", {"filters": 16, "kernel_size": [3, 3], "padding": "same"}),
        ("sum", "Add", {}),
        ("pool", "GlobalAveragePooling2D", {}),
        ("digit", "Dense", {"units": 10, "activation": "softmax"}),
    ]
    wires = "image stem,stem conv1,conv1 relu,relu conv2,conv2 sum 0,stem sum 1,sum pool,pool digit"
    edges = [
        Edge(a, b, int(rest[0]) if rest else 0) for a, b, *rest in map(str.split, wires.split(","))
    ]
    nodes = [
        Node(id=key, layer=layer, params=params, order=number)
        for number, (key, layer, params) in enumerate(rows)
    ]
    document = Document(Network(nodes, edges), title="Residual", data=Part("digits", {"size": 28}))
    document.apply(commands.move(document, lay_out(document.network)).changes)
    return document


class Walk:
    """One walk in one look."""

    def __init__(self, mode: str) -> None:
        self.mode = mode
        self.studio = Studio(mode, "en", *SIZES[mode])
        self.window = self.studio.window
        self.number = 0
        self.studio.app.engine.ready.connect(self.studio.loop.quit)
        self.studio.app.engine.start()
        self.studio.wait()

    @property
    def view(self) -> CanvasView:
        """The canvas in front."""
        assert self.window.view is not None
        return self.window.view

    @property
    def session(self) -> Session:
        """The document in front."""
        assert self.window.session is not None
        return self.window.session

    def shoot(self, name: str, rest: int = 500) -> None:
        """Take the next picture."""
        self.number += 1
        self.studio.rest(rest)
        folder = PICTURES / "walk"
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{self.mode}-{self.number:02}-{name}.png"
        picture = ImageQt.fromqimage(self.window.grab().toImage())
        # A palette takes a quarter of the room and shows an interface as well.
        picture.convert("RGB").quantize(256, dither=Image.Dither.NONE).save(path, optimize=True)
        print(f"wrote docs/pictures/walk/{path.name}")

    def go(self) -> None:
        """Take all pictures."""
        steps: tuple[Callable[[], None], ...] = (
            self.begin,
            self.draw,
            self.mend,
            self.blocks,
            self.compare,
            self.large,
            self.keys,
        )
        for step in steps:
            step()
        self.studio.close()

    def begin(self) -> None:
        """Start page, then an empty canvas."""
        self.window.settings.recent = [
            str(path) for path in sorted(TEMPLATES.glob("*.netloom"))[3:6]
        ]
        self.window.show_start_page()
        self.shoot("start")
        self.window.new_document()
        self.shoot("empty")

    def draw(self) -> None:
        """A wire in empty space, find and replace."""
        session = self.window.add_document(residual())
        self.studio.rest(1500)
        self.view.fit()
        item = self.view.network.nodes["stem"]
        self.view.quick_add.open(item.output_point() + QPointF(160, 40), source="stem")
        self.shoot("fitting-layers")
        self.view.quick_add.close_box()
        self.view.find_bar.open()
        session.select(["conv1", "conv2", "stem"])
        self.shoot("find-and-replace")
        self.view.find_bar.close_bar()

    def mend(self) -> None:
        """Problems with their fixes, heat."""
        session = self.session
        session.do(commands.set_param(session.document, ["digit"], "units", 7))
        session.do(commands.remove(session.document, ["pool"]))
        session.select(["digit"])
        self.shoot("problems", 1500)
        session.undo()
        session.undo()
        self.window.show_figure("flops")
        self.window.toggle("heat")
        session.select([])
        self.shoot("heat", 1200)
        self.window.toggle("heat")
        self.window.show_figure("params")

    def blocks(self) -> None:
        """A block, repeated; notes and frames; data that flows to the right; a training."""
        view, session = self.view, self.session
        session.select(["conv1", "relu", "conv2", "sum"])
        view.blocks.group()
        block = view.blocks.chosen
        view.blocks.rename(block, "Residual")
        view.blocks.expand(block)
        view.fit()
        view.marks.add_note(view.network.network_rect().topRight() + QPointF(40, 230))
        view.setFocus()
        view.marks.write("note_1", "The skip lets the gradient pass\nunhindered (He et al., 2016).")
        session.select(members(session, block))
        view.fit()
        self.shoot("block")
        view.blocks.repeat(block, 3)
        view.marks.remove("note_1")
        view.blocks.expand(session.document.network.blocks[block].parent)
        session.select([])
        view.set_flow("right")
        self.shoot("repeated", 1200)
        self.window.train()
        self.studio.rest(9000)
        self.shoot("training")
        session.stop()
        self.studio.rest(800)

    def compare(self) -> None:
        """What differs from the template."""
        path = next(TEMPLATES.glob("*lenet-5*"))
        self.window.open_template(path)
        self.studio.rest(800)
        session = self.session
        session.do(
            insert_between(session.document, "Dropout", session.document.network.edges()[-1])
        )
        session.do(commands.set_param(session.document, ["conv2"], "filters", 32))
        session.do(commands.remove(session.document, ["fc2"]))
        self.window.bottom.reveal("history")
        self.view.fit()
        self.view.compare_bar.open(read_project(path), path.name)
        self.shoot("compare", 1000)

    def large(self) -> None:
        """A thousand layers."""
        network = branches(1000)
        self.window.add_document(Document(network, title="A thousand layers"))
        self.studio.rest(2500)
        rect = self.view.network.network_rect()
        self.view.show_rect(
            QRectF(rect.center() - QPointF(900, 500), rect.center() + QPointF(900, 500))
        )
        self.window.bottom.reveal("problems")
        self.shoot("thousand", 800)

    def keys(self) -> None:
        """The sheet of keys."""
        self.window.sheets.keys.open()
        self.shoot("keys")


def members(session: Session, block: str) -> list[str]:
    """Return the layers in a block."""
    return [node.id for node in session.document.network.ordered() if node.block == block]


def main() -> int:
    """Walk in both looks."""
    for mode in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            os.environ["NETLOOM_CONFIG"] = os.environ["NETLOOM_DATA"] = folder
            Walk(mode).go()
    return 0


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    os._exit(code)
