"""Answers of the engine, and events that come whenever something happens."""

from __future__ import annotations

from typing import Literal

import msgspec

from engine.errors import Text
from engine.formats.keras_files.matching import Match
from engine.graph.analysis import Problem
from engine.graph.document import (
    Part,
)
from engine.ipc.messages.parts import (
    Array,
    DataInfo,
    Device,
    NodeFacts,
    ProbePicture,
    Stored,
)


class Reply(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Base of all that the engine sends.

    Attributes:
        number: Number of the request it answers; 0 for an event.
    """

    number: int = 0


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


Stage = Literal["building", "converting", "reading"]


class Exporting(Reply, frozen=True, kw_only=True, tag=True):
    """An export has come to another stage; it is no answer.

    Attributes:
        document: The document.
        stage: What it is at now.
    """

    document: str
    stage: Stage


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
    | Exporting
    | Exported
    | WeightsLoaded
    | WeightsMatched
    | WeightsGrafted
    | WeightsMoved
    | Probed
    | ScriptRun
)
