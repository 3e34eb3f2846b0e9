"""What a screen reader says of a card: layer, parameters, shape, problem, and each port."""

from __future__ import annotations

from engine.graph.document import Edge
from gui.canvas.scene import NetworkScene
from gui.i18n import tr


def describe(scene: NetworkScene, card: str) -> str:
    """Say all that a card and its ports show."""
    face, outline = scene.nodes[card].face, scene.outline
    words = [" ".join(filter(None, (face.title, face.name, face.line)))]
    wires = outline.wires_at(card)
    into = {
        outline.input_place(wire): _title(scene, wire.source)
        for wire in wires
        if outline.card_of(wire.target) == card
    }
    places = face.inputs - 1 if face.spare else face.inputs
    for place in range(places):
        name = into.get(place)
        words.append(
            tr("input {number} from {name}", number=place + 1, name=name)
            if name
            else tr("input {number} open", number=place + 1)
        )
    for place in range(face.outputs):
        ends = [
            _title(scene, wire.target)
            for wire in wires
            if outline.card_of(wire.source) == card and outline.output_place(wire) == place
        ]
        shape = next((scene.faces.label(w.source) for w in wires if _leaves(scene, w, card)), "")
        if ends:
            words.append(tr("output {shape} to {names}", shape=shape, names=", ".join(ends)))
        else:
            words.append(tr("output open"))
    problems = {"error": tr("error"), "warning": tr("warning"), "advice": tr("advice")}
    if face.severity:
        words.append(problems[face.severity])
    if face.locked:
        words.append(tr("locked"))
    return ", ".join(words)


def _leaves(scene: NetworkScene, wire: Edge, card: str) -> bool:
    return scene.outline.card_of(wire.source) == card


def _title(scene: NetworkScene, node: str) -> str:
    item = scene.item_of(node)
    return (item.face.name or item.face.title) if item is not None else node
