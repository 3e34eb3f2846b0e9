"""Which layer gets the weights of which stored layer, as the person has chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.graph.document import Network
from engine.ipc.messages import WeightsMatched
from engine.layers import LAYERS
from gui.i18n import tr

HAND = "hand"


@dataclass
class Row:
    """One layer of the network that has weights.

    Attributes:
        node: Its id.
        title: Its name.
        kind: What layer it is, for people.
        shapes: Shapes of its weights, for people.
        fitting: Paths of the stored layers that it can take.
        proposal: The one that was found for it, or "".
        how: What that was found by: "name", "order" or "shape".
        stored: The one that is chosen, or "" where it keeps its own weights.
        last: The one that ticking it chooses.
    """

    node: str
    title: str
    kind: str
    shapes: str
    fitting: Sequence[str]
    proposal: str
    how: str
    stored: str = ""
    last: str = ""

    def choose(self, stored: str) -> None:
        """Take a stored layer, or none for ""."""
        self.stored = stored
        self.last = stored or self.last

    def tick(self, *, on: bool) -> None:
        """Take what was chosen last, or keep the layer's own weights."""
        self.stored = self.last if on else ""

    def reason(self) -> str:
        """Say how it came to its stored layer, or why it has none."""
        if self.stored:
            how = self.how if self.stored == self.proposal else HAND
            return {
                "name": tr("name"),
                "order": tr("order"),
                "shape": tr("shape"),
                HAND: tr("hand"),
            }[how]
        if not self.fitting:
            return tr("no layer in the file has these shapes")
        if self.last:
            return ""
        if len(self.fitting) == 1:
            return tr("one layer fits: choose it")
        return tr("{count} layers fit: choose one", count=len(self.fitting))

    def has(self, words: Sequence[str]) -> bool:
        """Return whether all words occur in its names."""
        text = f"{self.title} {self.kind} {self.stored}".casefold()
        return all(word in text for word in words)


def rows_of(matched: WeightsMatched, network: Network) -> list[Row]:
    """Make the rows of a proposal; what has been found is chosen."""
    names = [one.path for one in matched.stored]
    # Layers of one kind share what fits them.
    shared: dict[tuple[int, ...], list[str]] = {}
    rows: list[Row] = []
    for match in matched.table:
        node = network.nodes.get(match.node)
        if node is None:
            continue
        numbers = tuple(matched.fitting.get(match.node, ()))
        fitting = shared.setdefault(numbers, [names[number] for number in numbers])
        proposal = match.stored if match.stored in fitting else ""
        spec = LAYERS.find(node.layer)
        rows.append(
            Row(
                node=node.id,
                title=node.title,
                kind=tr(spec.title) if spec is not None else node.layer,
                shapes=shapes_words(match.shapes),
                fitting=fitting,
                proposal=proposal,
                how=match.how,
                stored=proposal,
                last=proposal,
            )
        )
    return rows


def carry_over(rows: list[Row], before: list[Row]) -> None:
    """Choose for layers that were there before what was chosen for them, where it still fits."""
    chosen = {row.node: row for row in before}
    for row in rows:
        old = chosen.get(row.node)
        if old is None:
            continue
        if old.last in row.fitting:
            row.last = old.last
        if not old.stored or old.stored in row.fitting:
            row.stored = old.stored


def unused(matched: WeightsMatched, rows: list[Row]) -> list[str]:
    """Return what nothing takes, a line for each stored layer."""
    taken = {row.stored for row in rows}
    return [
        f"{one.path}    {shapes_words(one.shapes)}"
        for one in matched.stored
        if one.path not in taken
    ]


def shapes_words(shapes: Sequence[Sequence[int]]) -> str:
    """Write the shapes of a layer's weights: 5×5×1×6, 6."""
    return ", ".join("×".join(map(str, shape)) or "1" for shape in shapes)
