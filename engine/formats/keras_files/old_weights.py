"""Weights as old versions of Keras laid them out, brought to the layout of today.

The rules are those by which Keras 2 read files of Keras 1 and of layers for cuDNN:
`preprocess_weights_for_loading` and `_convert_rnn_weights` in `keras/engine/saving.py` (2.2) and
`keras/saving/legacy/hdf5_format.py` (2.12), and `convert_kernel` in `keras/utils/conv_utils.py`,
which turned round the kernels of Theano. Nothing is read before it is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from engine.errors import Text, text
from engine.formats.keras_files.stored import StoredLayer, StoredWeight, Values
from engine.formats.keras_files.writers import Writer

Shapes = Sequence[tuple[int, ...]]
Weights = list[StoredWeight]
# Where Keras 1 kept input, forget, cell and output gate of an LSTM; each had three arrays.
LSTM_GATES = (0, 2, 1, 3)
GRU_GATES = (0, 1, 2)


def brought(
    kinds: Sequence[str], shapes: Shapes, stored: StoredLayer, maps: Sequence[int] = ()
) -> StoredLayer:
    """Return a layer's weights in today's layout; the very same where they have it already.

    Args:
        kinds: The class of the layer that wants them, and of those that it wraps, from outside.
        shapes: The shapes that it wants, in its order.
        stored: What the file holds.
        maps: Height, width and channels of what a Flatten before the layer laid out, or nothing.
    """
    notes: list[Text] = []
    weights = _brought(kinds, list(shapes), stored.weights, stored.writer, maps, notes)
    if weights is stored.weights:
        return stored
    return replace(stored, weights=weights, note=notes[0] if notes else None)


def _brought(
    kinds: Sequence[str],
    shapes: Shapes,
    weights: Weights,
    writer: Writer,
    maps: Sequence[int],
    notes: list[Text],
) -> Weights:
    if not kinds or not weights or not shapes:
        return weights
    kind = kinds[0]
    if kind == "TimeDistributed":
        return _brought(kinds[1:], shapes, weights, writer, maps, notes)
    if kind == "Bidirectional":
        half, middle = len(shapes) // 2, len(weights) // 2
        sides = (shapes[:half], weights[:middle]), (shapes[half:], weights[middle:])
        halves = [_brought(kinds[1:], *side, writer, (), notes) for side in sides]
        same = all(new is old for new, (_, old) in zip(halves, sides, strict=True))
        return weights if same else halves[0] + halves[1]
    for rule, note in _RULES.get(kind, ()):
        found = rule(shapes, weights, writer)
        if found is not None:
            weights = found
            notes.append(note)
    if kind == "Dense" and maps and writer.channels_first:
        return _rows(shapes, weights, maps, notes)
    return weights


Rule = Callable[[Shapes, Weights, Writer], Weights | None]


def _changed(
    weight: StoredWeight, shape: Sequence[int], change: Callable[[Values], Values]
) -> StoredWeight:
    return StoredWeight(weight.name, tuple(shape), lambda: change(weight.read()))


def _turned(weight: StoredWeight, axes: Sequence[int]) -> StoredWeight:
    shape = [weight.shape[axis] for axis in axes]
    return _changed(weight, shape, lambda values: values.transpose(axes))


def _joined(weights: Weights) -> StoredWeight:
    """Return arrays joined along their last axis, as the gates of one kernel."""
    shape = (*weights[0].shape[:-1], sum(weight.shape[-1] for weight in weights))
    read = lambda: np.concatenate([weight.read() for weight in weights], axis=-1)  # noqa: E731
    return StoredWeight(weights[0].name, shape, read)


def _gates(order: Sequence[int]) -> Rule:
    """Return the rule that joins three arrays for each gate to kernels and bias."""

    def rule(shapes: Shapes, weights: Weights, writer: Writer) -> Weights | None:
        if len(weights) != 3 * len(order) or not all(weight.shape for weight in weights):
            return None
        return [_joined([weights[3 * gate + part] for gate in order]) for part in range(3)]

    return rule


def _memory_of_pictures(shapes: Shapes, weights: Weights, writer: Writer) -> Weights | None:
    """Join the gates of a ConvLSTM2D, whose kernels may have their channels first."""
    if len(weights) != 3 * len(LSTM_GATES) or any(len(w.shape) != 4 for w in weights[:2]):
        return None
    wanted = shapes[0][:3]
    first = weights[0].shape[:3] != wanted or writer.channels_first
    if first:
        weights = [
            _turned(weight, (2, 3, 1, 0)) if len(weight.shape) == 4 else weight
            for weight in weights
        ]
    return _gates(LSTM_GATES)(shapes, weights, writer)


def _cudnn(gates: int) -> Rule:
    """Return the rule for kernels that cuDNN had row by row, with two biases.

    Each gate's part of the input's kernel holds the numbers of a matrix of another shape, and of
    the other kernel its transpose; the biases of an LSTM are added, those of a GRU kept apart.
    """

    def kernel(values: Values) -> Values:
        parts = np.split(values, gates, axis=1)
        return np.hstack([part.reshape(part.shape[::-1]).T for part in parts])

    def recurrent(values: Values) -> Values:
        return np.hstack([part.T for part in np.split(values, gates, axis=1)])

    def bias(values: Values) -> Values:
        both = values.reshape(2, -1)
        return both if gates == 3 else both.sum(axis=0)

    def rule(shapes: Shapes, weights: Weights, writer: Writer) -> Weights | None:
        if len(weights) != 3 or len(weights[1].shape) != 2:
            return None
        size = weights[1].shape[0] * gates
        if weights[2].shape != (2 * size,):
            return None
        both = (2, size) if gates == 3 else (size,)
        return [
            _changed(weights[0], weights[0].shape, kernel),
            _changed(weights[1], weights[1].shape, recurrent),
            _changed(weights[2], both, bias),
        ]

    return rule


def _channels(shapes: Shapes, weights: Weights, writer: Writer) -> Weights | None:
    """Put the channels of an old kernel behind its windows."""
    kernel, wanted = weights[0], tuple(shapes[0])
    if not writer.first or len(kernel.shape) < 4 or len(kernel.shape) != len(wanted):
        return None
    axes = (*range(2, len(wanted)), 1, 0)
    turned = tuple(kernel.shape[axis] for axis in axes)
    if turned != wanted or (kernel.shape == wanted and not writer.channels_first):
        return None
    return [_turned(kernel, axes), *weights[1:]]


def _steps(shapes: Shapes, weights: Weights, writer: Writer) -> Weights | None:
    """Take the kernel of a convolution over steps, which Keras 1 stored as one of pictures."""
    kernel, wanted = weights[0], tuple(shapes[0])
    if not writer.first or len(kernel.shape) != 4 or len(wanted) != 3:
        return None
    if kernel.shape != (wanted[0], 1, *wanted[1:]):
        kernel = _turned(kernel, (2, 3, 1, 0))  # Of Keras 1.1 and earlier.
    if kernel.shape != (wanted[0], 1, *wanted[1:]):
        return None
    return [_changed(kernel, wanted, lambda values: values[:, 0]), *weights[1:]]


def _transposed(shapes: Shapes, weights: Weights, writer: Writer) -> Weights | None:
    """Turn the kernel of a transposed convolution, which had its filters last or first."""
    kernel = weights[0]
    if not writer.first or len(kernel.shape) != 4:
        return None
    ways = [_turned(kernel, axes) for axes in ((0, 1, 3, 2), (2, 3, 0, 1))]
    for way in reversed(ways) if writer.channels_first else ways:
        if way.shape == tuple(shapes[0]):
            return [way, *weights[1:]]
    return None


def _separable(shapes: Shapes, weights: Weights, writer: Writer) -> Weights | None:
    """Put the channels of both kernels of a separable convolution behind its windows."""
    if len(shapes) < 2 or len(weights) < 2:
        return None
    first = _channels(shapes, weights, writer)
    second = _channels(shapes[1:], weights[1:], writer)
    if first is None and second is None:
        return None
    return [(first or weights)[0], *(second or weights[1:])]


def _theano(shapes: Shapes, weights: Weights, writer: Writer) -> Weights | None:
    """Turn kernels round: Theano convolved, where TensorFlow correlates."""
    if not writer.theano:
        return None

    def flip(weight: StoredWeight) -> StoredWeight:
        windows = tuple(range(len(weight.shape) - 2))
        return _changed(weight, weight.shape, lambda values: np.flip(values, windows))

    return [flip(weight) if len(weight.shape) > 2 else weight for weight in weights]


def _deviation(shapes: Shapes, weights: Weights, writer: Writer) -> Weights | None:
    """Square what Keras kept before 1.0: the standard deviation in the place of the variance."""
    if not writer.numbered or len(weights) != 4:
        return None
    return [*weights[:3], _changed(weights[3], weights[3].shape, np.square)]


def _each_sample(shapes: Shapes, weights: Weights, writer: Writer) -> Weights | None:
    """Leave out the means that a normalization of each sample had without using them."""
    return weights[:2] if writer.first and len(weights) == 4 and len(shapes) == 2 else None


def _rows(shapes: Shapes, weights: Weights, maps: Sequence[int], notes: list[Text]) -> Weights:
    """Put the rows of a kernel into the order in which a Flatten lays out pictures today."""
    height, width, channels = maps
    kernel = weights[0]
    if kernel.shape != tuple(shapes[0]) or kernel.shape[0] != height * width * channels:
        return weights

    def change(values: Values) -> Values:
        cube = values.reshape(channels, height, width, -1)
        return cube.transpose(1, 2, 0, 3).reshape(values.shape)

    notes.append(text("rows put in order, as channels came before height and width"))
    return [_changed(kernel, kernel.shape, change), *weights[1:]]


_TURNED = text("channels put behind height and width")
_FLIPPED = text("kernel turned round, as Theano convolved with it")
_JOINED = text("gates joined, which Keras 1 kept apart")
_CUDNN = text("brought from the layout of cuDNN")
_FLIP: tuple[Rule, Text] = (_theano, _FLIPPED)
_RULES: dict[str, tuple[tuple[Rule, Text], ...]] = {
    "LSTM": ((_gates(LSTM_GATES), _JOINED), (_cudnn(4), _CUDNN)),
    "GRU": ((_gates(GRU_GATES), _JOINED), (_cudnn(3), _CUDNN)),
    "ConvLSTM2D": ((_memory_of_pictures, _JOINED), _FLIP),
    "Conv1D": ((_steps, _TURNED), _FLIP),
    "Conv2D": ((_channels, _TURNED), _FLIP),
    "Conv3D": ((_channels, _TURNED), _FLIP),
    "Conv2DTranspose": ((_transposed, _TURNED), _FLIP),
    "SeparableConv2D": ((_separable, _TURNED),),
    "LayerNormalization": ((_each_sample, text("unused means left out")),),
    "BatchNormalization": ((_deviation, text("standard deviation squared")),),
}
