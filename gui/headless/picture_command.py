"""Draws a network into a file without a window: part of the command `export`."""

from __future__ import annotations

import argparse
import os
import sys

import msgspec


def draw(options: argparse.Namespace) -> int:
    """Draw `options.file`, with shapes and weights as the engine has told, to `options.to`."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"

    from PySide6.QtWidgets import QApplication

    from engine.errors import NetloomError
    from engine.foreign.code import one_line
    from engine.formats.project import read_project
    from engine.ipc.messages import NodeFacts
    from gui.bridge import Engine
    from gui.canvas.picture import Picture
    from gui.session import Session
    from gui.theme import PAPER, Theme

    app = QApplication.instance() or QApplication(sys.argv[:1])
    try:
        session = Session(read_project(options.file), Engine(app))
        if options.facts is not None:
            content = options.facts.read_bytes()
            session.facts = msgspec.json.decode(content, type=dict[str, NodeFacts])
        picture = Picture(session, Theme(PAPER))
        picture.save(options.to, options.to.suffix[1:])
    except (NetloomError, OSError, msgspec.DecodeError) as error:
        print(f"netloom: {one_line(str(error))}", file=sys.stderr)
        return 1
    picture.close()
    return 0
