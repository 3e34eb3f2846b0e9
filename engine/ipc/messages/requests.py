"""Requests to the engine: each carries a number, and so does its answer."""

from __future__ import annotations

from typing import Any

import msgspec

from engine.graph.document import (
    Change,
    Part,
)
from engine.ipc.messages.parts import (
    DocumentState,
)


class Request(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Base of all requests.

    Attributes:
        number: Number of the request, given by the client; answers carry it.
    """

    number: int = 0


class OpenDocument(Request, frozen=True, kw_only=True, tag=True):
    """Start following a document; answered by `Shapes` with facts of every node."""

    document: str
    state: DocumentState


class EditDocument(Request, frozen=True, kw_only=True, tag=True):
    """Follow an edit; answered by `Shapes` with the facts that changed."""

    document: str
    revision: int
    changes: list[Change]


class LookAgain(Request, frozen=True, kw_only=True, tag=True):
    """Look again at layers whose code has changed, or trust in it; answered by `Shapes`."""

    document: str
    nodes: list[str]


class CloseDocument(Request, frozen=True, kw_only=True, tag=True):
    """Forget a document and its trained model."""

    document: str


class LoadData(Request, frozen=True, kw_only=True, tag=True):
    """Load a data source; answered by `DataLoaded` or `Failed`."""

    data: Part


class Train(Request, frozen=True, kw_only=True, tag=True):
    """Compile and train a followed document in the background.

    Answered by `RunStarted` or `Failed`; then come `Progress`, `EpochEnded` and `RunEnded`.
    With `resume` the weights trained so far are trained further.
    """

    document: str
    run: str
    resume: bool = False


class Pause(Request, frozen=True, kw_only=True, tag=True):
    """Hold the training after the current step; answered by `RunPaused`."""


class Resume(Request, frozen=True, kw_only=True, tag=True):
    """Go on after a pause; answered by `RunResumed`."""


class Stop(Request, frozen=True, kw_only=True, tag=True):
    """End the training after the current step and keep the weights; leads to `RunEnded`."""


class Export(Request, frozen=True, kw_only=True, tag=True):
    """Write the model of a document; answered by `Exported` or `Failed`, after `Exporting`.

    Attributes:
        document: The followed document; its untrained model is built if none was trained.
        path: File to write.
        format: Key of `engine.formats.exporting.FORMATS`.
    """

    document: str
    path: str
    format: str


class CancelExport(Request, frozen=True, kw_only=True, tag=True):
    """End the export of a document at its next step; the export is answered by `Failed`."""

    document: str


class LoadWeights(Request, frozen=True, kw_only=True, tag=True):
    """Give a followed document the weights of a file; answered by `WeightsLoaded` or `Failed`.

    Attributes:
        document: The followed document.
        path: An .h5, .weights.h5 or .keras file.
        partly: Whether layers may keep their own weights where the file has none for them.
    """

    document: str
    path: str
    partly: bool = False


class MatchWeights(Request, frozen=True, kw_only=True, tag=True):
    """Ask which layers of a file fit a followed document; nothing is loaded.

    Answered by `WeightsMatched` or `Failed`.
    """

    document: str
    path: str


class GraftWeights(Request, frozen=True, kw_only=True, tag=True):
    """Give chosen layers of a followed document weights of a file; all others keep theirs.

    Answered by `WeightsGrafted` or `Failed`. A `WeightsChange` of the same name takes the weights
    back, and gives them again.

    Attributes:
        document: The followed document; a model is built first where it has none.
        path: A file or folder with weights.
        choices: For each node that gets weights the path of the layer in the file.
        graft: Name for what is done.
    """

    document: str
    path: str
    choices: dict[str, str]
    graft: str


class Probe(Request, frozen=True, kw_only=True, tag=True):
    """Look inside the model of a document; answered by `Probed` or `Failed`.

    Attributes:
        document: The followed document.
        probe: Key in the registry of probes.
        node: Id of the node to look at, or "" where the probe needs none.
        sample: Number of the sample in the test part of the data.
        params: The probe's parameters.
    """

    document: str
    probe: str
    node: str = ""
    sample: int = 0
    params: dict[str, Any] = {}


class RunScript(Request, frozen=True, kw_only=True, tag=True):
    """Run a trusted script up to its model; answered by `ScriptRun` or `Failed`.

    Attributes:
        path: The script.
        target: The .keras file to write.
    """

    path: str
    target: str


class Shutdown(Request, frozen=True, kw_only=True, tag=True):
    """End the engine process."""


AnyRequest = (
    OpenDocument
    | EditDocument
    | LookAgain
    | CloseDocument
    | LoadData
    | Train
    | Pause
    | Resume
    | Stop
    | Export
    | CancelExport
    | LoadWeights
    | MatchWeights
    | GraftWeights
    | Probe
    | RunScript
    | Shutdown
)
