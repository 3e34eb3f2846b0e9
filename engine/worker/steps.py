"""The training step in TensorFlow: many steps a call, as many as suit the moment.

Keras's `fit` returns to Python after each batch (or a fixed number of them), which is what small
networks spend their time on. Here one graph takes the number of steps as a tensor: the trainer
chooses it anew for each call, so that calls are long enough to be efficient and short enough to
show progress and to stop. The mathematics is that of `keras.Model.fit`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

Arrays = Sequence[npt.NDArray[Any]]


class Feed:
    """Samples and targets in TensorFlow's memory, drawn in batches.

    Attributes:
        samples: Number of samples.
        batches: Number of batches in an epoch; the last one may be smaller.
    """

    def __init__(self, inputs: Arrays, targets: Arrays, batch_size: int) -> None:
        self.samples = len(inputs[0])
        self.batch_size = batch_size
        self.batches = -(-self.samples // batch_size)
        self._inputs = [tf.constant(values) for values in inputs]
        self._targets = [tf.constant(values) for values in targets]
        self._order = tf.Variable(
            np.arange(self.samples, dtype=np.int32), trainable=False, name="order"
        )

    def shuffle(self, random: np.random.Generator) -> None:
        """Draw the samples in a new order from now on."""
        self._order.assign(random.permutation(self.samples).astype(np.int32))

    def batch(self, number: tf.Tensor, samples: int | None = None) -> tuple[Any, Any]:
        """Return inputs and targets of a batch, or of its first samples, for the model."""
        start = number * self.batch_size
        chosen = self._order[start : start + (samples or self.batch_size)]
        inputs = [tf.gather(values, chosen) for values in self._inputs]
        targets = [tf.gather(values, chosen) for values in self._targets]
        return _one_or_many(inputs), _one_or_many(targets)


def _one_or_many(values: list[Any]) -> Any:
    return values[0] if len(values) == 1 else values


class Steps:
    """Runs steps of a compiled model on a feed, several a call.

    `run(first, count)` works through batches `first` to `first + count - 1` and returns the loss
    of each, float32 of shape (count,), and the metrics averaged since `reset`.
    """

    def __init__(self, model: keras.Model, feed: Feed, *, training: bool) -> None:
        self._model = model
        self.feed = feed
        step = self._train_step if training else self._test_step
        if training:
            self._make_variables()
        # Keras's code needs no autograph; leaving it out saves a third of the tracing.
        self._graph = tf.function(self._loop(step), jit_compile=False, autograph=False)

    def _make_variables(self) -> None:
        """Let optimizer and metrics make their variables now.

        Were they made while tracing, the whole graph would have to be traced a second time.
        """
        model = self._model
        if not model.optimizer.built:
            model.optimizer.build(model.trainable_variables)
        inputs, targets = self.feed.batch(tf.constant(0), samples=1)
        outputs = model(inputs, training=False)
        model.compute_loss(inputs, targets, outputs, training=False)
        model.compute_metrics(inputs, targets, outputs)
        model.reset_metrics()

    def reset(self) -> None:
        """Begin new averages, as at the start of an epoch."""
        self._model.reset_metrics()

    def run(self, first: int, count: int) -> tuple[npt.NDArray[np.float32], dict[str, float]]:
        """Work through batches; blocks until they are done."""
        losses, metrics = self._graph(tf.constant(first, tf.int32), tf.constant(count, tf.int32))
        return losses.numpy(), {name: float(value) for name, value in _flat(metrics)}

    def _loop(self, step: Callable[[tf.Tensor], tf.Tensor]) -> Callable[..., Any]:
        def loop(first: tf.Tensor, count: tf.Tensor) -> tuple[tf.Tensor, dict[str, Any]]:
            def body(index: tf.Tensor, losses: tf.TensorArray) -> tuple[Any, Any]:
                return index + 1, losses.write(index, step(first + index))

            _, losses = tf.while_loop(
                lambda index, _: index < count,
                body,
                (tf.constant(0), tf.TensorArray(tf.float32, size=count, element_shape=())),
                parallel_iterations=1,
            )
            return losses.stack(), self._model.get_metrics_result()

        return loop

    def _train_step(self, number: tf.Tensor) -> tf.Tensor:
        model = self._model
        inputs, targets = self.feed.batch(number)
        with tf.GradientTape() as tape:
            outputs = model(inputs, training=True)
            loss = model.compute_loss(inputs, targets, outputs, training=True)
            scaled = model.optimizer.scale_loss(loss)
        weights = model.trainable_weights
        if weights:
            model.optimizer.apply_gradients(
                zip(tape.gradient(scaled, weights), weights, strict=True)
            )
        self._record(inputs, targets, outputs, loss)
        return tf.cast(loss, tf.float32)

    def _test_step(self, number: tf.Tensor) -> tf.Tensor:
        inputs, targets = self.feed.batch(number)
        outputs = self._model(inputs, training=False)
        loss = self._model.compute_loss(inputs, targets, outputs, training=False)
        self._record(inputs, targets, outputs, loss)
        return tf.cast(loss, tf.float32)

    def _record(self, inputs: Any, targets: Any, outputs: Any, loss: tf.Tensor) -> None:
        """Update Keras's averages: the loss weighted by the size of the batch, and metrics."""
        first = inputs[0] if isinstance(inputs, list) else inputs
        # Keras offers no public way to weigh its own loss average; `train_step` does the same.
        self._model._loss_tracker.update_state(loss, sample_weight=tf.shape(first)[0])
        self._model.compute_metrics(inputs, targets, outputs)


def _flat(metrics: dict[str, Any]) -> list[tuple[str, Any]]:
    """Flatten Keras's metrics, of which some return dictionaries."""
    pairs: list[tuple[str, Any]] = []
    for name, value in metrics.items():
        pairs += list(value.items()) if isinstance(value, dict) else [(name, value)]
    return pairs


class Pace:
    """Chooses how many steps one call makes, from the time of earlier calls.

    Calls last about `seconds`: long enough that Python costs little, short enough for ten to
    twenty updates a second and a stop that answers at once.

    Attributes:
        steps: Steps that the next call should make.
        warm: Whether the graph is traced already; else the first call does it.
    """

    def __init__(self, seconds: float = 0.08, *, warm: bool = False) -> None:
        self._seconds = seconds
        self.steps = 1
        self.warm = warm

    def took(self, steps: int, seconds: float) -> None:
        """Learn from a call of `steps` steps."""
        if not self.warm:
            self.warm = True
            return
        fitting = self._seconds * steps / max(seconds, 1e-6)
        # Growing at most fourfold keeps one lucky measurement from making a long call.
        self.steps = max(1, min(int(fitting), 4 * self.steps, 4096))
