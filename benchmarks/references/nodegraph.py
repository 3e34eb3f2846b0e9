"""NodeGraphQt builds a graph of wired nodes and shows it: `... NODES`; prints the seconds."""

from __future__ import annotations

import json
import os
import sys
import time

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from benchmarks.networks import branches
from benchmarks.result import ROOT

# `make bench` installs it there.
PEER = ROOT / ".venv-tools" / "peer"


def main(nodes: int) -> None:
    """Build once and print one JSON object."""
    app = QApplication([])
    sys.path.append(str(PEER))
    from NodeGraphQt import BaseNode, NodeGraph

    class Layer(BaseNode):  # type: ignore[misc]
        __identifier__ = "netloom"
        NODE_NAME = "Layer"

        def __init__(self) -> None:
            super().__init__()
            self.add_input("in", multi_input=True)
            self.add_output("out")

    network = branches(nodes)
    graph = NodeGraph()
    graph.register_node(Layer)
    started = time.perf_counter()
    made = {}
    for node in network.ordered():
        made[node.id] = graph.create_node(
            "netloom.Layer",
            name=node.id,
            pos=list(node.at),
            selected=False,
            push_undo=False,
        )
    for edge in network.edges():
        source, target = made[edge.source], made[edge.target]
        source.output(0).connect_to(target.input(0), push_undo=False)
    graph.widget.resize(1600, 1000)
    graph.widget.show()
    app.processEvents()
    print(json.dumps({"seconds": time.perf_counter() - started}))
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main(int(sys.argv[1]))
