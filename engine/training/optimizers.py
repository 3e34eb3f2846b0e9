"""Optimizers: how the weights follow the gradient. Keys are Keras's own lowercase names."""

from __future__ import annotations

from collections.abc import Mapping
from types import ModuleType
from typing import Any, ClassVar

from engine.errors import Text, text
from engine.fields import Bool, Float, Int, Params, Spec
from engine.registry import Registry


class OptimizerSpec(Spec):
    """An optimizer; its fields are named as Keras names the arguments.

    Attributes:
        keras: Name of the class in `keras.optimizers`.
    """

    keras: ClassVar[str] = ""

    @classmethod
    def make(cls, keras: ModuleType, params: Mapping[str, Any]) -> Any:
        """Make the Keras optimizer; `keras` is handed in and never imported here."""
        return getattr(keras.optimizers, cls.keras)(**cls.complete(params))

    @classmethod
    def check_together(cls, values: Params) -> dict[str, Text]:
        clips = [name for name in CLIPS if values.get(name) is not None]
        if len(clips) < 2:
            return {}
        message = text("Only one way of clipping can be used; leave the others empty.")
        return {clips[1]: message}


OPTIMIZERS: Registry[type[OptimizerSpec]] = Registry("optimizer")
CLIPS = ("clipnorm", "clipvalue", "global_clipnorm")


def learning_rate(default: float) -> Float:
    """Declare the size of a step."""
    return Float(
        default,
        min=0,
        open_min=True,
        label="Learning rate",
        help="Size of each step. Too large and the loss jumps or grows, too small and it crawls.",
    )


def decay_rate(default: float, label: str, help: str) -> Float:
    """Declare how much of a running average is kept at each step."""
    return Float(default, min=0, max=1, open_max=True, advanced=True, label=label, help=help)


def weight_decay(default: float | None) -> Float:
    """Declare how fast weights shrink."""
    return Float(
        default,
        min=0,
        optional=True,
        advanced=default is None,
        label="Weight decay",
        help="Part of each weight, times the learning rate, taken away at each step.",
    )


class Common:
    """What every optimizer of Keras offers."""

    weight_decay = weight_decay(None)
    clipnorm = Float(
        None,
        min=0,
        open_min=True,
        optional=True,
        advanced=True,
        label="Clip norm",
        help="Each weight's gradient is shortened to at most this length; empty for no limit.",
    )
    clipvalue = Float(
        None,
        min=0,
        open_min=True,
        optional=True,
        advanced=True,
        label="Clip value",
        help="Every number in a gradient is cut to at most this size; empty for no limit.",
    )
    global_clipnorm = Float(
        None,
        min=0,
        open_min=True,
        optional=True,
        advanced=True,
        label="Clip global norm",
        help="All gradients together are shortened to at most this length; empty for no limit.",
    )
    use_ema = Bool(
        False,
        advanced=True,
        label="Average weights",
        help="Whether a moving average of the weights is kept and used in the end.",
    )
    ema_momentum = Float(
        0.99,
        min=0,
        max=1,
        advanced=True,
        label="Averaging momentum",
        help="Share of the old average kept at each step.",
    )
    ema_overwrite_frequency = Int(
        None,
        min=1,
        optional=True,
        advanced=True,
        unit="steps",
        label="Averaging interval",
        help="How often weights are replaced by their average; empty for only at the end.",
    )
    loss_scale_factor = Float(
        None,
        min=0,
        open_min=True,
        optional=True,
        advanced=True,
        label="Loss scale",
        help="Factor for the loss while gradients are computed, for 16-bit training.",
    )
    gradient_accumulation_steps = Int(
        None,
        min=2,
        optional=True,
        advanced=True,
        unit="steps",
        label="Accumulate gradients",
        help="Batches whose gradients are averaged into one step; empty for every batch.",
    )


class Epsilon:
    """A small number against division by zero."""

    epsilon = Float(
        1e-7,
        min=0,
        open_min=True,
        advanced=True,
        label="Epsilon",
        help="Small number added to a divisor, so that nothing is divided by zero.",
    )


class Moments:
    """Running averages of the gradient and of its square."""

    beta_1 = decay_rate(
        0.9, "Beta 1", "Share of the running average of gradients kept at each step."
    )
    beta_2 = decay_rate(
        0.999, "Beta 2", "Share of the running average of squared gradients kept at each step."
    )


class Amsgrad:
    """A variant of Adam that keeps the largest average."""

    amsgrad = Bool(
        False,
        advanced=True,
        label="AMSGrad",
        help="Whether steps never grow again: a variant of Adam with a proof of convergence.",
    )


class Momentum:
    """Earlier steps carried on."""

    momentum = Float(
        0.0,
        min=0,
        max=1,
        label="Momentum",
        help="Share of the last step carried into the next; 0.9 is common.",
    )


@OPTIMIZERS.register("adam", aliases=("Adam",))
class Adam(Moments, Epsilon, Amsgrad, Common, OptimizerSpec):
    """Adapts the step of each weight; works well almost everywhere."""

    title, keras = "Adam", "Adam"
    learning_rate = learning_rate(0.001)


@OPTIMIZERS.register("sgd", aliases=("SGD",))
class SGD(Momentum, Common, OptimizerSpec):
    """Stochastic gradient descent: the same step for all weights, with momentum if wanted."""

    title, keras = "SGD", "SGD"
    learning_rate = learning_rate(0.01)
    nesterov = Bool(
        False,
        label="Nesterov",
        help="Whether the gradient is taken where momentum leads to; needs momentum.",
    )


@OPTIMIZERS.register("rmsprop", aliases=("RMSprop",))
class RMSprop(Momentum, Epsilon, Common, OptimizerSpec):
    """Divides steps by the recent size of the gradient; long liked for recurrent networks."""

    title, keras = "RMSprop", "RMSprop"
    learning_rate = learning_rate(0.001)
    rho = decay_rate(0.9, "Rho", "Share of the average of squared gradients kept at each step.")
    centered = Bool(
        False,
        advanced=True,
        label="Centered",
        help="Whether the variance of the gradient is used instead of its square.",
    )


@OPTIMIZERS.register("adamw", aliases=("AdamW",))
class AdamW(Moments, Epsilon, Amsgrad, Common, OptimizerSpec):
    """Adam with weight decay, which keeps weights small."""

    title, keras = "AdamW", "AdamW"
    learning_rate = learning_rate(0.001)
    weight_decay = weight_decay(0.004)


@OPTIMIZERS.register("nadam", aliases=("Nadam",))
class Nadam(Moments, Epsilon, Common, OptimizerSpec):
    """Adam with Nesterov's momentum."""

    title, keras = "Nadam", "Nadam"
    learning_rate = learning_rate(0.001)


@OPTIMIZERS.register("adamax", aliases=("Adamax",))
class Adamax(Moments, Epsilon, Common, OptimizerSpec):
    """Adam that divides by the largest gradient; steady with rare large ones."""

    title, keras = "Adamax", "Adamax"
    learning_rate = learning_rate(0.001)


@OPTIMIZERS.register("adagrad", aliases=("Adagrad",))
class Adagrad(Epsilon, Common, OptimizerSpec):
    """Smaller and smaller steps for weights that have moved much; for rare features."""

    title, keras = "Adagrad", "Adagrad"
    learning_rate = learning_rate(0.001)
    initial_accumulator_value = Float(
        0.1,
        min=0,
        advanced=True,
        label="Start value",
        help="What the sum of squared gradients starts at.",
    )


@OPTIMIZERS.register("adadelta", aliases=("Adadelta",))
class Adadelta(Epsilon, Common, OptimizerSpec):
    """Adagrad with a window: finds its own step sizes; use a learning rate near 1."""

    title, keras = "Adadelta", "Adadelta"
    learning_rate = learning_rate(0.001)
    rho = decay_rate(0.95, "Rho", "Share of the averages kept at each step.")


@OPTIMIZERS.register("lion", aliases=("Lion",))
class Lion(Moments, Common, OptimizerSpec):
    """Uses only the sign of the momentum; wants a learning rate 3 to 10 times below Adam's."""

    title, keras = "Lion", "Lion"
    learning_rate = learning_rate(0.001)
    beta_2 = decay_rate(0.99, "Beta 2", "Share of the momentum kept from step to step.")
