"""Models that Keras has ready, where a script calls one of them by its name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.graph.document import Network, Port

if TYPE_CHECKING:  # The program starts without what reads scripts.
    from engine.formats.python_reading.making import Tell


@dataclass(frozen=True)
class Ready:
    """Such a model, as the arguments of a script make it.

    Attributes:
        network: Its layers without an Input; their ids are Keras's names for them.
        entry: The ends that its input feeds.
        last: The layer that gives its output.
        shape: The shape of a sample.
        name: Its name as a model.
    """

    network: Network
    entry: Port
    last: str
    shape: Sequence[int | None]
    name: str


Draw = Callable[[Sequence[Any], Mapping[str, Any], "Tell"], Ready]
# By the names of their functions. Filled by `engine.blocks`, which has these models and lies above.
READY: dict[str, Draw] = {}
# Where most of them take a tensor, among arguments without names.
INPUT_TENSOR = 2
