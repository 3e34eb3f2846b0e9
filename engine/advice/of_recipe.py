"""Advice on how a network is trained."""

from __future__ import annotations

from collections.abc import Iterator

from engine.advice.rule import Remark, rule
from engine.errors import text
from engine.graph.situation import Situation
from engine.training import OPTIMIZERS

FEW = 8
# By optimizer: a learning rate above which training rarely converges.
_LARGE_RATE = {"sgd": 1.0}
_LARGE = 0.05


@rule("no-validation")
def no_validation(situation: Situation) -> Iterator[Remark]:
    """Without validation nobody sees a network overfit."""
    if situation.document.recipe.validation_split == 0:
        message = text(
            "No samples are held back for validation, so overfitting stays unseen: hold back 10 %."
        )
        yield Remark(message, field="validation_split")


@rule("small-batch")
def small_batch(situation: Situation) -> Iterator[Remark]:
    """BatchNormalization estimates badly from few samples (Wu, He 2018)."""
    recipe = situation.document.recipe
    nodes = situation.document.network.nodes.values()
    if recipe.batch_size < FEW and any(node.layer == "BatchNormalization" for node in nodes):
        message = text(
            "Batches of {size} are too small for BatchNormalization to know the mean: take 32, or"
            " LayerNormalization.",
            size=recipe.batch_size,
        )
        yield Remark(message, field="batch_size")


@rule("batch-of-everything")
def batch_of_everything(situation: Situation) -> Iterator[Remark]:
    """One step an epoch learns slowly."""
    recipe, data = situation.document.recipe, situation.data
    if data is not None and 0 < data.samples <= recipe.batch_size:
        message = text(
            "A batch of {size} holds all {samples} samples, so an epoch is one step: take a"
            " smaller batch.",
            size=recipe.batch_size,
            samples=data.samples,
        )
        yield Remark(message, field="batch_size")


@rule("large-learning-rate", "warning")
def large_learning_rate(situation: Situation) -> Iterator[Remark]:
    """Steps that large rarely lead down."""
    part = situation.document.recipe.optimizer
    spec = OPTIMIZERS.find(part.kind)
    rate = spec.complete(part.params).get("learning_rate") if spec is not None else None
    most = _LARGE_RATE.get(part.kind, _LARGE)
    if part.kind == "adadelta" or not isinstance(rate, (int, float)) or rate <= most:
        return
    message = text(
        "A learning rate of {rate} is very large for {optimizer}: the loss may grow or become NaN.",
        rate=rate,
        optimizer=spec.title if spec is not None else part.kind,
    )
    yield Remark(message, field="learning_rate")
