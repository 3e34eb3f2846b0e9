"""What follows from advice."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from engine.errors import text
from engine.fixes.fix import Fix, fixes_for
from engine.graph import commands
from engine.graph.analysis import Problem
from engine.graph.calls import owner_of
from engine.graph.document import Part, Recipe
from engine.graph.replacing import Sort, replace_all
from engine.graph.rewiring import remove_and_heal
from engine.graph.situation import Situation
from engine.layers import LAYERS
from engine.training import OPTIMIZERS

# The value that each rule asks for.
_VALUES: dict[str, tuple[str, object]] = {
    "bias-before-normalization": ("use_bias", False),
    "no-nonlinearity": ("activation", "relu"),
    "much-dropout": ("rate", 0.5),
}


@fixes_for(*_VALUES)
def set_value(situation: Situation, problem: Problem) -> Iterator[Fix]:
    """Set the parameter to what is usual."""
    name, value = _VALUES[problem.code]
    edit = commands.set_param(situation.document, [problem.node], name, value)
    yield Fix(text("Set {name} to {value}", name=name, value=str(value)), edit)


@fixes_for(
    "does-nothing", "double-activation", "dropout-at-the-end", "dropout-before-normalization"
)
def leave_out(situation: Situation, problem: Problem) -> Iterator[Fix]:
    """Delete the layer and lead its data past it."""
    edit = remove_and_heal(situation.document, [problem.node])
    yield Fix(text("Leave it out"), edit)


@fixes_for("unused-input", "loose-end")
def delete(situation: Situation, problem: Problem) -> Iterator[Fix]:
    """Delete what leads nowhere."""
    yield Fix(text("Delete it"), commands.remove(situation.document, [problem.node]))


@fixes_for("large-dense")
def pool_globally(situation: Situation, problem: Problem) -> Iterator[Fix]:
    """Take the mean of each channel instead of all values."""
    new = Sort("layer", "GlobalAveragePooling2D")
    label = text("Use GlobalAveragePooling2D")
    yield Fix(label, replace_all(situation.document, [problem.node], new))


@fixes_for("even-kernel")
def odd_kernel(situation: Situation, problem: Problem) -> Iterator[Fix]:
    """Take the next larger odd kernel."""
    node = situation.node(problem)
    if node is None:
        return
    owner = owner_of(situation.document.network, node.id)
    size = LAYERS.get(node.layer).complete(owner.params)["kernel_size"]
    odd = [item + 1 - item % 2 for item in size] if isinstance(size, list) else size + 1 - size % 2
    edit = commands.set_param(situation.document, [node.id], "kernel_size", odd)
    words = "×".join(map(str, odd)) if isinstance(odd, list) else str(odd)
    yield Fix(text("Set {name} to {value}", name="kernel_size", value=words), edit)


@fixes_for("skips-pixels")
def fit_kernel(situation: Situation, problem: Problem) -> Iterator[Fix]:
    """Let the kernel see all that the strides pass."""
    node = situation.node(problem)
    if node is None:
        return
    owner = owner_of(situation.document.network, node.id)
    values = LAYERS.get(node.layer).complete(owner.params)
    edit = commands.set_param(situation.document, [node.id], "strides", values["kernel_size"])
    yield Fix(text("Make the strides as small as the kernel"), edit)


@fixes_for("saturating-activations")
def use_relu(situation: Situation, problem: Problem) -> Iterator[Fix]:
    """Use relu in all hidden layers that saturate."""
    network = situation.document.network
    hidden = []
    for node in network.ordered():
        spec = LAYERS.find(node.layer)
        if spec is None or "activation" not in spec.fields or not network.outputs(node.id):
            continue
        value = spec.complete(owner_of(network, node.id).params)["activation"]
        if value in ("sigmoid", "tanh") and spec.category != "recurrent":
            hidden.append(node.id)
    edit = replace_all(situation.document, hidden, Sort("activation", "relu"))
    yield Fix(text("Use relu in all hidden layers"), edit)


@fixes_for("narrow-before-classes")
def widen(situation: Situation, problem: Problem) -> Iterator[Fix]:
    """Give the layer twice as many units as there are classes."""
    if situation.data is not None:
        units = 2 * situation.data.classes
        edit = commands.set_param(situation.document, [problem.node], "units", units)
        yield Fix(text("Set {name} to {value}", name="units", value=str(units)), edit)


# --- the recipe ----------------------------------------------------------------------------


@fixes_for("no-validation")
def hold_back(situation: Situation, problem: Problem) -> Iterator[Fix]:
    """Hold a tenth of the samples back."""
    recipe = replace(situation.document.recipe, validation_split=0.1)
    yield _with(situation, recipe, "10 %", "validation_split")


@fixes_for("small-batch", "batch-of-everything")
def usual_batch(situation: Situation, problem: Problem) -> Iterator[Fix]:
    """Take the usual batch, or as many as make several steps."""
    size = 32
    if problem.code == "batch-of-everything" and situation.data is not None:
        size = max(1, min(32, situation.data.samples // 8))
    recipe = replace(situation.document.recipe, batch_size=size)
    yield _with(situation, recipe, str(size), "batch_size")


@fixes_for("large-learning-rate")
def usual_rate(situation: Situation, problem: Problem) -> Iterator[Fix]:
    """Take the optimizer's usual learning rate."""
    part = situation.document.recipe.optimizer
    rate = OPTIMIZERS.get(part.kind).fields["learning_rate"].default
    params = {key: value for key, value in part.params.items() if key != "learning_rate"}
    recipe = replace(situation.document.recipe, optimizer=Part(part.kind, params))
    yield _with(situation, recipe, str(rate), "learning_rate")


def _with(situation: Situation, recipe: Recipe, value: str, name: str) -> Fix:
    edit = commands.set_plan(situation.document, "recipe", recipe)
    return Fix(text("Set {name} to {value}", name=name, value=value), edit)
