"""How to train: the catalogs of optimizers, losses and metrics, and the recipe's own fields.

To add an optimizer, a loss or a metric, write its class in its file; forms, checks, compile,
code export and the contract tests follow.
"""

from engine.training.losses import LOSSES, LossSpec
from engine.training.metrics import METRICS, MetricSpec
from engine.training.optimizers import OPTIMIZERS, OptimizerSpec
from engine.training.recipe import RecipeSpec
from engine.training.suits import OutputInfo, RecipeProblem, TaskInfo, problems

__all__ = [
    "LOSSES",
    "METRICS",
    "OPTIMIZERS",
    "LossSpec",
    "MetricSpec",
    "OptimizerSpec",
    "OutputInfo",
    "RecipeProblem",
    "RecipeSpec",
    "TaskInfo",
    "problems",
]
