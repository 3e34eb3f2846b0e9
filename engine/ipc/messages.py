"""Every message between the window (or command line) and the engine, as typed structs.

Requests go to the engine and carry a number; answers to one carry the same number. Events come
whenever something happens. Encoded as MessagePack: no pickle, so a message cannot run code.
Arrays travel as raw buffers.
"""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from engine.errors import Text
from engine.formats.keras_files.matching import Match
from engine.graph.analysis import Problem
from engine.graph.document import (
    Block,
    Change,
    Document,
    Edge,
    Mark,
    Network,
    Node,
    Part,
    Recipe,
)
from engine.graph.geometry import Flow


class Array(msgspec.Struct, frozen=True):
    """A NumPy array as a raw buffer.

    Attributes:
        dtype: NumPy's name of the type, such as "<f4".
        shape: Sizes of the axes.
        data: The values in C order.
    """

    dtype: str
    shape: tuple[int, ...]
    data: bytes

    @classmethod
    def of(cls, values: npt.ArrayLike) -> Array:
        """Pack an array."""
        array = np.ascontiguousarray(values)
        if array.dtype.hasobject:
            raise TypeError("only plain numbers can travel")
        return cls(array.dtype.str, array.shape, array.tobytes())

    def numpy(self) -> npt.NDArray[Any]:
        """Unpack the array; it is read-only."""
        return np.frombuffer(self.data, np.dtype(self.dtype)).reshape(self.shape)


class DocumentState(msgspec.Struct, frozen=True):
    """A whole document as data."""

    nodes: list[Node]
    edges: list[Edge]
    blocks: list[Block]
    marks: list[Mark]
    title: str
    notes: str
    flow: Flow
    data: Part
    recipe: Recipe
    extra: dict[str, Any]

    @classmethod
    def of(cls, document: Document) -> DocumentState:
        """Take down a document."""
        return cls(
            list(document.network.ordered()),
            document.network.edges(),
            list(document.network.blocks.values()),
            list(document.marks.values()),
            document.title,
            document.notes,
            document.flow,
            document.data,
            document.recipe,
            document.extra,
        )

    def document(self) -> Document:
        """Make a document; it shares nothing that an edit would change."""
        return Document(
            Network(self.nodes, self.edges, self.blocks),
            title=self.title,
            notes=self.notes,
            flow=self.flow,
            marks=self.marks,
            data=self.data,
            recipe=self.recipe,
            extra=dict(self.extra),
        )


# --- requests ------------------------------------------------------------------------------


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
    """Write the model of a document; answered by `Exported` or `Failed`.

    Attributes:
        document: The followed document; its untrained model is built if none was trained.
        path: File to write.
        format: Key of `engine.formats.exporting.FORMATS`.
    """

    document: str
    path: str
    format: str


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
    | LoadWeights
    | MatchWeights
    | GraftWeights
    | Probe
    | RunScript
    | Shutdown
)


# --- answers and events --------------------------------------------------------------------


class Reply(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Base of all that the engine sends.

    Attributes:
        number: Number of the request it answers; 0 for an event.
    """

    number: int = 0


class Device(msgspec.Struct, frozen=True):
    """A device to train on: `name` such as "GPU:0" or "CPU", `title` for people."""

    name: str
    title: str


class Ready(Reply, frozen=True, kw_only=True, tag=True):
    """The engine has loaded TensorFlow and answers from now on."""

    devices: list[Device]
    tensorflow: str
    keras: str
    seconds: float


class Failed(Reply, frozen=True, kw_only=True, tag=True):
    """A request could not be carried out; nothing has been changed or overwritten."""

    message: Text
    node: str = ""


class NodeFacts(msgspec.Struct, frozen=True):
    """What Keras says about one node.

    Attributes:
        shape: Shape of the output, batch axis first as None; None where it is unknown.
        dtype: Type of the output's values.
        params: Number of trainable and non-trainable weights of the layer; 0 where the node
            shares another node's layer.
        trainable: Number of trainable weights among them.
    """

    shape: list[int | None] | None = None
    dtype: str = ""
    params: int = 0
    trainable: int = 0


class Shapes(Reply, frozen=True, kw_only=True, tag=True):
    """Shapes after an edit: only what changed, and all problems that Keras sees.

    Attributes:
        document: The document.
        revision: Revision of the edit that it answers.
        facts: New facts by node id.
        removed: Ids of nodes that no longer exist.
        problems: Every problem of the document that needs Keras or the data to see.
        total: Number of weights of the whole network, shared ones counted once.
        trainable: Number of trainable weights.
    """

    document: str
    revision: int
    facts: dict[str, NodeFacts]
    removed: list[str]
    problems: list[Problem]
    total: int
    trainable: int


class DataInfo(msgspec.Struct, frozen=True, kw_only=True):
    """What a loaded data source holds.

    Attributes:
        title: Name for people.
        train, test: Numbers of samples; `test` 0 where the source has no test part.
        sample_shape: Shape of one sample, such as [28, 28, 1].
        task: "classes" for labels 0..n-1, "values" for real targets.
        classes: Names of the classes; empty for values.
        class_counts: Training samples of each class.
        features: Names of the columns of a table; empty for images.
        target_shape: Shape of one target for values.
        source: Where it came from, such as a path.
    """

    title: str
    train: int
    test: int
    sample_shape: list[int]
    task: str
    classes: list[str] = []
    class_counts: list[int] = []
    features: list[str] = []
    target_shape: list[int] = []
    source: str = ""


class DataLoaded(Reply, frozen=True, kw_only=True, tag=True):
    """A data source is loaded; `samples` and `targets` are some of its training samples."""

    data: Part
    info: DataInfo
    samples: Array
    targets: Array


class RunStarted(Reply, frozen=True, kw_only=True, tag=True):
    """Training begins."""

    document: str
    run: str
    epochs: int
    first_epoch: int
    batches: int
    batch_size: int
    samples: int
    validation_samples: int
    metrics: list[str]
    device: str


class Progress(Reply, frozen=True, kw_only=True, tag=True):
    """Steps trained since the last message.

    Attributes:
        run: The run.
        epoch: Number of the epoch, from 1.
        batch: Batches of this epoch done.
        step: Batches of the whole run done.
        losses: Loss of each batch since the last message, float32.
        metrics: Averages over this epoch so far by metric name, "loss" among them.
        samples_per_second: Speed of training lately.
        eta: Seconds until the run is done, as far as can be said.
    """

    run: str
    epoch: int
    batch: int
    step: int
    losses: Array
    metrics: dict[str, float]
    samples_per_second: float
    eta: float


class EpochEnded(Reply, frozen=True, kw_only=True, tag=True):
    """An epoch is done: Keras's logs, `val_` for validation."""

    run: str
    epoch: int
    step: int
    logs: dict[str, float]
    seconds: float


class RunPaused(Reply, frozen=True, kw_only=True, tag=True):
    """The run waits."""

    run: str


class RunResumed(Reply, frozen=True, kw_only=True, tag=True):
    """The run goes on."""

    run: str


class RunEnded(Reply, frozen=True, kw_only=True, tag=True):
    """The run is over.

    Attributes:
        run: The run.
        document: Its document.
        status: "finished", "stopped", "diverged" (NaN or infinite loss) or "failed".
        message: What to tell people.
        epochs: Epochs completed.
        seconds: Training time, pauses not counted.
        test: Loss and metrics on the test samples, where there are any.
        history: Epoch logs by name, as Keras's History.
    """

    run: str
    document: str
    status: str
    message: Text
    epochs: int
    seconds: float
    test: dict[str, float] = {}
    history: dict[str, list[float]] = {}


class Exported(Reply, frozen=True, kw_only=True, tag=True):
    """A model has been written.

    Attributes:
        path: The file, or the folder.
        format: Key of its format.
        bytes: Its size.
        difference: Largest difference of predictions between the model and the file read back;
            None where it could not be read back.
        reader: What read it back.
        samples: How many samples were compared.
        note: What somebody should know of the file.
    """

    path: str
    format: str
    bytes: int
    difference: float | None = None
    reader: str = ""
    samples: int = 0
    note: Text | None = None


class WeightsLoaded(Reply, frozen=True, kw_only=True, tag=True):
    """A document's model has the weights of a file.

    Attributes:
        document: The followed document.
        table: What has come from where.
    """

    document: str
    table: list[Match] = []


class ScriptRun(Reply, frozen=True, kw_only=True, tag=True):
    """A script has been run; its model lies where the request has said."""

    path: str
    target: str


class Stored(msgspec.Struct, frozen=True):
    """A layer in a file: its path there, and the shapes of its weights."""

    path: str
    shapes: list[tuple[int, ...]]


class WeightsMatched(Reply, frozen=True, kw_only=True, tag=True):
    """Which layers of a file fit which of a document.

    Attributes:
        document: The followed document.
        table: A proposal for every layer that has weights.
        stored: All layers in the file.
        fitting: For each of the document's layers the numbers of those in `stored` that it can
            take.
    """

    document: str
    table: list[Match]
    stored: list[Stored]
    fitting: dict[str, list[int]]


class WeightsGrafted(Reply, frozen=True, kw_only=True, tag=True):
    """The chosen layers have the weights of the file."""

    document: str
    graft: str


class WeightsMoved(Reply, frozen=True, kw_only=True, tag=True):
    """A `WeightsChange` has been followed.

    Attributes:
        document: The followed document.
        trained: Whether it has a model now.
        lost: Whether nothing was done, as what was there before is no longer known.
    """

    document: str
    trained: bool
    lost: bool = False


class ProbePicture(msgspec.Struct, frozen=True):
    """One part of a probe's result: a stack of pictures or a curve with a caption.

    Attributes:
        title: Caption, such as the layer's name.
        node: Id of the node it belongs to, or "".
        kind: "grid" (n, height, width) or (n, height, width, 3); "bars" (n,) one number a
            unit; "image" (height, width[, 3]).
        values: The numbers as computed; the window chooses colors.
    """

    title: str
    node: str
    kind: str
    values: Array


class Probed(Reply, frozen=True, kw_only=True, tag=True):
    """The result of a probe.

    Attributes:
        document: The document.
        probe: Key of the probe.
        pictures: What it found.
        sample: Number of the sample looked at.
        samples: Number of samples to choose from.
        target: True label or value of the sample, for people; "" without a sample.
        prediction: What the model says of the sample, for people.
    """

    document: str
    probe: str
    pictures: list[ProbePicture]
    sample: int = 0
    samples: int = 0
    target: str = ""
    prediction: str = ""


AnyReply = (
    Ready
    | Failed
    | Shapes
    | DataLoaded
    | RunStarted
    | Progress
    | EpochEnded
    | RunPaused
    | RunResumed
    | RunEnded
    | Exported
    | WeightsLoaded
    | WeightsMatched
    | WeightsGrafted
    | WeightsMoved
    | Probed
    | ScriptRun
)

_encoder = msgspec.msgpack.Encoder()
_requests: msgspec.msgpack.Decoder[AnyRequest] = msgspec.msgpack.Decoder(AnyRequest)
_replies: msgspec.msgpack.Decoder[AnyReply] = msgspec.msgpack.Decoder(AnyReply)


def encode(message: AnyRequest | AnyReply) -> bytes:
    """Return the bytes of a message."""
    return _encoder.encode(message)


def decode_request(data: bytes) -> AnyRequest:
    """Read a request; raises `msgspec.ValidationError` on anything else."""
    return _requests.decode(data)


def decode_reply(data: bytes) -> AnyReply:
    """Read an answer or event; raises `msgspec.ValidationError` on anything else."""
    return _replies.decode(data)
