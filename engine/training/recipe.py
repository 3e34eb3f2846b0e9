"""The plain fields of a recipe, as the form, the checks and the file know them."""

from __future__ import annotations

from engine.fields import Bool, Choice, Choices, Float, Int, Spec, String
from engine.training.losses import LOSSES
from engine.training.metrics import METRICS


class RecipeSpec(Spec):
    """How to train: all fields of a document's recipe but the optimizer."""

    key, title = "recipe", "Training"
    epochs = Int(5, min=1, label="Epochs", help="How often all training samples are gone through.")
    batch_size = Int(
        32,
        min=1,
        unit="samples",
        label="Batch size",
        help="Samples in one step; more run faster and take more memory.",
    )
    loss = Choice(
        "sparse_categorical_crossentropy",
        options=LOSSES.keys(),
        label="Loss",
        help="The number that training makes small.",
    )
    metrics = Choices(
        ["accuracy"],
        options=METRICS.keys(),
        label="Metrics",
        help="Further numbers to watch while training.",
    )
    validation_split = Float(
        0.1,
        min=0,
        max=1,
        open_max=True,
        label="Validation split",
        help="Part of the training samples held back to see how well new ones are treated.",
    )
    device = String(
        "auto",
        label="Device",
        help="What computes: a GPU is many times faster for images; auto takes one if there is.",
    )
    shuffle = Bool(
        True,
        advanced=True,
        label="Shuffle",
        help="Whether samples come in a new order each epoch.",
    )
    seed = Int(
        0,
        min=0,
        max=2**31 - 1,
        advanced=True,
        label="Seed",
        help="Number from which start weights and the order of samples follow; "
        "the same seed gives the same training on the same machine.",
    )
