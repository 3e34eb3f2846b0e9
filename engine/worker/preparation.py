"""What a run needs before its first step: model, arrays and graphs, also made ahead of time."""

from __future__ import annotations

from dataclasses import dataclass

import keras
import msgspec
import tensorflow as tf

from engine.graph.document import Document, Recipe
from engine.worker.compile import build_model, compile_model
from engine.worker.data import Arrays, DataStore, prepare
from engine.worker.devices import device_name
from engine.worker.documents import Structure, structure
from engine.worker.steps import Feed, Steps

# What takes longer or more memory than this is prepared when Train is pressed, not before.
MOST_LAYERS = 150
MOST_PARAMETERS = 20_000_000
MOST_DATA_BYTES = 400 * 2**20


@dataclass(frozen=True)
class Plan:
    """All that a preparation is made from; equal plans give equal runs.

    Attributes:
        structure: The network as Keras sees it.
        order: The nodes in the document's order: weights are drawn and inputs listed in it.
        title: Becomes the model's name.
        data: The data source with the state of its file.
        recipe: How to train, but for how long.
    """

    structure: Structure
    order: tuple[str, ...]
    title: str
    data: bytes
    recipe: Recipe

    @classmethod
    def of(cls, document: Document, data: DataStore) -> Plan:
        """Return the plan of a document as it is now."""
        network = document.network
        return cls(
            structure(network),
            tuple(network.nodes),
            document.title,
            data.key(document.data),
            msgspec.structs.replace(document.recipe, epochs=1),
        )


@dataclass
class Preparation:
    """A compiled model with its data in TensorFlow's memory and the graphs of its steps.

    Attributes:
        plan: What it was made from.
        model: The compiled model.
        train: Training steps.
        validation: Steps over the samples held back, if there are any.
        test: Steps over the test samples, if there are any.
        traced: Whether the graphs exist already; else the first step makes them.
    """

    plan: Plan
    model: keras.Model
    train: Steps
    validation: Steps | None
    test: Steps | None
    traced: bool = False

    def trace(self) -> None:
        """Make the graphs now, by running no step of each."""
        with tf.device(device_name(self.plan.recipe.device)):
            for steps in (self.train, self.validation, self.test):
                if steps is not None:
                    steps.run(0, 0)
        self.traced = True


def prepare_run(
    document: Document,
    data: DataStore,
    model: keras.Model | None = None,
    *,
    compiled: bool = False,
) -> Preparation:
    """Prepare a run of a document.

    Args:
        document: What to train.
        data: Where its data comes from.
        model: Goes on with this model; a new one is built for None.
        compiled: Whether the model has its optimizer and loss already.

    Raises:
        CompileProblem: The network has an error.
        DataProblem: The data cannot be loaded or does not fit the network.
    """
    recipe = document.recipe
    plan = Plan.of(document, data)
    with tf.device(device_name(recipe.device)):
        if model is None:
            model = build_model(document.network, document.title, recipe.seed)
        arrays = prepare(data.load(document.data), model, recipe)
        if not compiled:
            compile_model(model, recipe)

        def steps(inputs: Arrays, targets: Arrays, *, training: bool = False) -> Steps | None:
            if not len(inputs[0]):
                return None
            return Steps(model, Feed(inputs, targets, recipe.batch_size), training=training)

        train = steps(arrays.inputs, arrays.targets, training=True)
        assert train is not None
        return Preparation(
            plan,
            model,
            train,
            steps(arrays.validation_inputs, arrays.validation_targets),
            steps(arrays.test_inputs, arrays.test_targets),
        )


class Ahead:
    """Prepares the run that Train would begin, while the person still looks at the drawing.

    Building a model and tracing its graphs takes longer than the first hundred steps of a small
    network. One preparation is kept; a run that it fits takes it.
    """

    def __init__(self) -> None:
        self._ready: Preparation | None = None

    def wanted(self, document: Document, data: DataStore, parameters: int) -> bool:
        """Return whether preparing a document is new, cheap and needs nothing loaded."""
        known = data.known(document.data)
        if known is None or len(document.network.nodes) > MOST_LAYERS:
            return False
        if parameters > MOST_PARAMETERS or known.bytes > MOST_DATA_BYTES:
            return False
        ready = self._ready  # Read once: the training thread sets it to None meanwhile.
        return ready is None or ready.plan != Plan.of(document, data)

    def prepare(self, document: Document, data: DataStore) -> None:
        """Prepare a run; one that cannot be prepared is left to the run itself to explain."""
        self._ready = None
        try:
            ready = prepare_run(document, data)
            ready.trace()
        except Exception:  # TensorFlow raises whatever its parts raise.
            return
        self._ready = ready

    def take(self, plan: Plan) -> Preparation | None:
        """Return what was prepared for this plan, if anything; it is given once."""
        ready, self._ready = self._ready, None
        return ready if ready is not None and ready.plan == plan else None
