"""Weights in old layouts compute what NumPy computes by the formulas of their time."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from helpers.old_files import Values, chain, row, some, write, write_numbered

from engine.formats.keras_files.drawing import import_model
from engine.formats.keras_files.matching import Match
from engine.graph.document import Edge, Network, Node
from engine.worker.compile import build_model
from engine.worker.weights import load_weights


def predicted(path: Path, x: Values) -> tuple[Values, list[Match]]:
    """Return what the model of a file makes of samples."""
    imported = import_model(path)
    assert not [str(remark.message) for remark in imported.remarks]
    model = build_model(imported.document.network)
    table = load_weights(model, imported.document.network, path)
    return np.asarray(model(x)), table


def named(*values: Values) -> list[tuple[str, Values]]:
    """Name weights as Keras 1 with Theano did: not by what they are."""
    return [(f"param_{number}", array) for number, array in enumerate(values)]


def sigmoid(x: Values) -> Values:
    return 1 / (1 + np.exp(-x))


def windows(x: Values, kernel: Values, *, turned: bool, rate: int = 1) -> Values:
    """Slide a kernel (filters, channels, height, width) over pictures with channels first."""
    if turned:
        kernel = kernel[:, :, ::-1, ::-1]
    _, _, height, width = kernel.shape
    rows = x.shape[2] - rate * (height - 1)
    columns = x.shape[3] - rate * (width - 1)
    found = np.zeros((len(x), len(kernel), rows, columns))
    for u, v in itertools.product(range(height), range(width)):
        part = x[:, :, rate * u : rate * u + rows, rate * v : rate * v + columns]
        found += np.einsum("bcij,fc->bfij", part, kernel[:, :, u, v])
    return found


# --- pictures ------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(2, 3), (3, 3)])
@pytest.mark.parametrize("backend", ["theano", "tensorflow"])
def test_a_network_of_keras_1_with_channels_first(
    backend: str, size: tuple[int, int], tmp_path: Path
) -> None:
    kernel, bias = some(3, 3, *size), some(3)
    x = some(2, 3, 6, 7)
    maps = (7 - size[0]) * (8 - size[1])
    dense = some(3 * maps, 4)
    model = chain(
        (3, 6, 7),
        row("Convolution2D", "conv", nb_filter=3, nb_row=size[0], nb_col=size[1],
            border_mode="valid", subsample=[1, 1], dim_ordering="th", init="glorot_uniform",
            activation="relu", W_regularizer=None, bias=True, input_dim=None),
        row("Flatten", "flat"),
        row("Dense", "out", output_dim=4, init="uniform", activation="linear", bias=True),
    )  # fmt: skip
    arrays = {"conv": named(kernel, bias), "flat": [], "out": named(dense, np.zeros(4, "f4"))}
    path = write(tmp_path / "old.h5", arrays, model, backend=backend)
    found, table = predicted(path, x)
    maps_of_time = windows(x, kernel, turned=backend == "theano") + bias[:, None, None]
    wanted = np.maximum(maps_of_time, 0).reshape(2, -1) @ dense
    np.testing.assert_allclose(found, wanted, atol=1e-4)
    assert [row.how for row in table] == ["name", "name"]
    assert table[0].note is not None


@pytest.mark.parametrize("backend", ["theano", "tensorflow"])
def test_keras_2_with_theano_turned_its_kernels(backend: str, tmp_path: Path) -> None:
    kernel, x = some(2, 3, 4, 5), some(2, 6, 7, 4)
    model = chain((6, 7, 4), row("Conv2D", "conv", filters=5, kernel_size=[2, 3], use_bias=False,
        data_format="channels_last"))  # fmt: skip
    arrays = {"conv": [("conv/kernel:0", kernel)]}
    path = write(tmp_path / "m.h5", arrays, model, version="2.1.6", backend=backend)
    found, _ = predicted(path, x)
    wanted = windows(
        x.transpose(0, 3, 1, 2), kernel.transpose(3, 2, 0, 1), turned=backend == "theano"
    )
    np.testing.assert_allclose(found, wanted.transpose(0, 2, 3, 1), atol=1e-5)


def network(*layers: tuple[str, dict[str, Any]]) -> Network:
    """Return a drawing of layers one after the other, as a person made it."""
    nodes = [
        Node(id=f"n{number}", layer=kind, params=params, order=number)
        for number, (kind, params) in enumerate(layers)
    ]
    edges = [Edge(one.id, other.id) for one, other in itertools.pairwise(nodes)]
    return Network(nodes, edges, [])


def test_numbered_weights_of_theano_go_into_a_drawing_of_today(tmp_path: Path) -> None:
    kernel, bias, dense = some(5, 2, 3, 3), some(5), some(5 * 4 * 6, 3)
    path = write_numbered(tmp_path / "old.h5", [[], [kernel, bias], [], [], [dense, some(3)], []])
    drawing = network(
        ("Input", {"shape": [6, 8, 2]}),
        ("Conv2D", {"filters": 5, "kernel_size": 3, "activation": "relu"}),
        ("Dropout", {}),
        ("Flatten", {}),
        ("Dense", {"units": 3}),
    )
    model = build_model(drawing)
    table = load_weights(model, drawing, path)
    assert [row.how for row in table] == ["order", "order"]
    assert "rows" in str(table[1].note)
    x = some(2, 2, 6, 8)
    maps = np.maximum(windows(x, kernel, turned=True) + bias[:, None, None], 0)
    wanted = maps.reshape(2, -1) @ dense + some(3)
    found = np.asarray(model(x.transpose(0, 2, 3, 1)))
    np.testing.assert_allclose(found, wanted, atol=1e-4)


def test_the_first_keras_kept_standard_deviations(tmp_path: Path) -> None:
    gamma, beta, mean, deviation = some(4), some(4), some(4), np.abs(some(4)) + 1
    path = write_numbered(tmp_path / "old.h5", [[gamma, beta, mean, deviation]])
    drawing = network(("Input", {"shape": [4]}), ("BatchNormalization", {"epsilon": 1e-6}))
    model = build_model(drawing)
    load_weights(model, drawing, path)
    x = some(3, 4)
    wanted = (x - mean) / deviation * gamma + beta
    np.testing.assert_allclose(np.asarray(model(x)), wanted, atol=1e-4)


@pytest.mark.parametrize("shape", [(3, 1, 2, 4), (4, 2, 3, 1)], ids=["1.2", "1.1"])
def test_convolutions_over_steps_were_stored_as_of_pictures(
    shape: tuple[int, ...], tmp_path: Path
) -> None:
    kernel, bias, x = some(*shape), some(4), some(2, 7, 2)
    model = chain((7, 2), row("Convolution1D", "conv", nb_filter=4, filter_length=3, bias=True,
        border_mode="valid", subsample_length=1, input_dim=2, input_length=7))  # fmt: skip
    path = write(tmp_path / "old.h5", {"conv": named(kernel, bias)}, model, backend="tensorflow")
    found, _ = predicted(path, x)
    steps = kernel[:, 0] if shape[1] == 1 else kernel[..., 0].transpose(2, 1, 0)
    wanted = sum(x[:, u : u + 5] @ steps[u] for u in range(3)) + bias
    np.testing.assert_allclose(found, wanted, atol=1e-5)


def test_a_convolution_with_holes(tmp_path: Path) -> None:
    kernel, x = some(4, 2, 2, 2), some(2, 2, 6, 6)
    model = chain((2, 6, 6), row("AtrousConvolution2D", "conv", nb_filter=4, nb_row=2, nb_col=2,
        atrous_rate=[2, 2], dim_ordering="th", bias=False))  # fmt: skip
    path = write(tmp_path / "old.h5", {"conv": named(kernel)}, model, backend="theano")
    found, _ = predicted(path, x)
    np.testing.assert_allclose(found, windows(x, kernel, turned=True, rate=2), atol=1e-5)


@pytest.mark.parametrize("channels", [3, 2], ids=["different", "alike"])
@pytest.mark.parametrize("ordering", ["th", "tf"])
def test_deconvolutions(ordering: str, channels: int, tmp_path: Path) -> None:
    filters = 2
    # What each pixel of a channel adds to the pixels around it of a filter.
    spread = some(filters, channels, 3, 3)
    kernel = spread if ordering == "th" else spread.transpose(2, 3, 1, 0)
    x = some(2, channels, 4, 5)
    wanted = np.zeros((2, filters, 6, 7))
    for u, v in itertools.product(range(3), range(3)):
        wanted[:, :, u : u + 4, v : v + 5] += np.einsum("bcij,fc->bfij", x, spread[:, :, u, v])
    shape = (channels, 4, 5) if ordering == "th" else (4, 5, channels)
    given = x if ordering == "th" else x.transpose(0, 2, 3, 1)
    model = chain(shape, row("Deconvolution2D", "up", nb_filter=filters, nb_row=3, nb_col=3,
        border_mode="valid", subsample=[1, 1], dim_ordering=ordering, bias=False,
        output_shape=[None, 2, 6, 7]))  # fmt: skip
    path = write(tmp_path / "old.h5", {"up": named(kernel)}, model, backend="tensorflow")
    found, _ = predicted(path, given)
    found = found if ordering == "th" else found.transpose(0, 3, 1, 2)
    np.testing.assert_allclose(found, wanted, atol=1e-5)


@pytest.mark.parametrize("ordering", ["th", "tf"])
def test_separable_convolutions(ordering: str, tmp_path: Path) -> None:
    depthwise, pointwise = some(2, 3, 2, 2), some(4, 6, 1, 1)
    x = some(2, 3, 5, 5)
    apart = np.stack(
        [windows(x[:, [c]], depthwise[:, [c]], turned=False) for c in range(3)], axis=1
    ).reshape(2, 6, 4, 4)
    wanted = windows(apart, pointwise, turned=False)
    config = {"nb_filter": 4, "nb_row": 2, "nb_col": 2, "depth_multiplier": 2, "bias": False}
    first = ordering == "th"
    shape = (3, 5, 5) if first else (5, 5, 3)
    model = chain(shape, row("SeparableConvolution2D", "it", dim_ordering=ordering, **config))
    kernels = [k if first else k.transpose(2, 3, 1, 0) for k in (depthwise, pointwise)]
    path = write(tmp_path / "old.h5", {"it": named(*kernels)}, model, backend="tensorflow")
    found, _ = predicted(path, x if first else x.transpose(0, 2, 3, 1))
    found = found if first else found.transpose(0, 3, 1, 2)
    np.testing.assert_allclose(found, wanted, atol=1e-5)


def test_convolutions_of_volumes(tmp_path: Path) -> None:
    kernel, x = some(3, 2, 2, 2, 2), some(2, 2, 4, 4, 4)
    model = chain((2, 4, 4, 4), row("Convolution3D", "conv", nb_filter=3, kernel_dim1=2,
        kernel_dim2=2, kernel_dim3=2, dim_ordering="th", bias=False))  # fmt: skip
    path = write(tmp_path / "old.h5", {"conv": named(kernel)}, model, backend="theano")
    found, _ = predicted(path, x)
    turned = kernel[:, :, ::-1, ::-1, ::-1]
    wanted = np.zeros((2, 3, 3, 3, 3))
    for u, v, w in itertools.product(range(2), repeat=3):
        part = x[:, :, u : u + 3, v : v + 3, w : w + 3]
        wanted += np.einsum("bcijk,fc->bfijk", part, turned[:, :, u, v, w])
    np.testing.assert_allclose(found, wanted, atol=1e-5)


# --- sequences -----------------------------------------------------------------------------


def lstm(x: Values, gates: dict[str, tuple[Values, Values, Values]]) -> Values:
    """Return the last output of an LSTM, given kernel, recurrent kernel and bias by gate."""
    units = gates["i"][2].shape[0]
    h = c = np.zeros((len(x), units))
    for step in x.transpose(1, 0, 2):
        i, f, o, new = (step @ gates[g][0] + h @ gates[g][1] + gates[g][2] for g in "ifoc")
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(new)
        h = sigmoid(o) * np.tanh(c)
    return h


def gru(x: Values, gates: dict[str, tuple[Values, Values, Values]]) -> Values:
    """Return the last output of a GRU whose reset gate acts before the product."""
    h = np.zeros((len(x), gates["z"][2].shape[0]))
    for step in x.transpose(1, 0, 2):
        z, r = (sigmoid(step @ gates[g][0] + h @ gates[g][1] + gates[g][2]) for g in "zr")
        new = np.tanh(step @ gates["h"][0] + (r * h) @ gates["h"][1] + gates["h"][2])
        h = z * h + (1 - z) * new
    return h


def gates_of(names: str, size: int, units: int) -> dict[str, tuple[Values, Values, Values]]:
    return {
        name: (some(size, units, seed=n), some(units, units, seed=n + 9), some(units, seed=n))
        for n, name in enumerate(names)
    }


RECURRENT: dict[str, Any] = {
    "output_dim": 5, "init": "glorot_uniform", "inner_init": "orthogonal", "activation": "tanh",
    "return_sequences": False, "go_backwards": False, "stateful": False, "unroll": False,
    "consume_less": "cpu", "input_dim": 3, "input_length": None, "W_regularizer": None,
    "U_regularizer": None, "b_regularizer": None, "dropout_W": 0.0, "dropout_U": 0.0,
}  # fmt: skip


@pytest.mark.parametrize("around", ["", "Bidirectional"])
@pytest.mark.parametrize(("kind", "order"), [("LSTM", "icfo"), ("GRU", "zrh")])
def test_gates_that_keras_1_kept_apart(kind: str, order: str, around: str, tmp_path: Path) -> None:
    gates, x = gates_of(order, 3, 5), some(2, 4, 3)
    config = RECURRENT | {"inner_activation": "sigmoid"}
    if kind == "LSTM":
        config |= {"forget_bias_init": "one"}
    compute = lstm if kind == "LSTM" else gru
    wanted, arrays = compute(x, gates), [array for name in order for array in gates[name]]
    it = row(kind, "it", **config)
    if around:
        back = gates_of(order[::-1], 3, 5)
        arrays += [array for name in order for array in back[name]]
        wanted = np.concatenate([wanted, compute(x[:, ::-1], back)], axis=-1)
        it = row(around, "it", layer=it, merge_mode="concat")
    path = write(tmp_path / "old.h5", {"it": named(*arrays)}, chain((None, 3), it))
    found, table = predicted(path, x)
    np.testing.assert_allclose(found, wanted, atol=1e-5)
    assert "gates" in str(table[0].note)


def test_the_simple_recurrent_layer_of_keras_1(tmp_path: Path) -> None:
    kernel, recurrent, bias, x = some(3, 5), some(5, 5), some(5), some(2, 4, 3)
    path = write(tmp_path / "old.h5", {"it": named(kernel, recurrent, bias)},
        chain((None, 3), row("SimpleRNN", "it", **RECURRENT)))  # fmt: skip
    h = np.zeros((2, 5))
    for step in x.transpose(1, 0, 2):
        h = np.tanh(step @ kernel + h @ recurrent + bias)
    found, table = predicted(path, x)
    np.testing.assert_allclose(found, h, atol=1e-5)
    assert table[0].note is None


def test_memories_of_pictures_of_keras_1(tmp_path: Path) -> None:
    kernels = {gate: some(3, 2, 3, 3, seed=n) for n, gate in enumerate("icfo")}
    inner = {gate: some(3, 3, 3, 3, seed=n + 9) for n, gate in enumerate("icfo")}
    biases = {gate: some(3, seed=n) for n, gate in enumerate("icfo")}
    arrays = [array for g in "icfo" for array in (kernels[g], inner[g], biases[g])]
    x = some(2, 3, 2, 4, 4)
    model = chain((None, 2, 4, 4), row("ConvLSTM2D", "it", nb_filter=3, nb_row=3, nb_col=3,
        border_mode="same", dim_ordering="th", inner_activation="sigmoid", activation="tanh",
        return_sequences=False))  # fmt: skip
    path = write(tmp_path / "old.h5", {"it": named(*arrays)}, model, backend="theano")
    found, _ = predicted(path, x)

    def same(values: Values, kernel: Values) -> Values:
        return windows(np.pad(values, ((0, 0), (0, 0), (1, 1), (1, 1))), kernel, turned=True)

    h = c = np.zeros((2, 3, 4, 4))
    for step in x.transpose(1, 0, 2, 3, 4):
        i, f, o, new = (
            same(step, kernels[g]) + biases[g][:, None, None] + same(h, inner[g]) for g in "ifoc"
        )
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(new)
        h = sigmoid(o) * np.tanh(c)
    np.testing.assert_allclose(found, h, atol=1e-4)


# --- cuDNN ---------------------------------------------------------------------------------


def cudnn(kind: str, x: Values, kernel: Values, recurrent: Values, bias: Values) -> Values:
    """Return the last output by cuDNN's own formulas (cuDNN Developer Guide, `cudnnRNNMode_t`).

    It reads each gate's numbers row by row as a matrix of units × inputs.
    """
    units, count = recurrent.shape[0], kernel.shape[1] // recurrent.shape[0]
    w = [np.ravel(part).reshape(units, -1) for part in np.split(kernel, count, axis=1)]
    r = [np.ravel(part).reshape(units, -1) for part in np.split(recurrent, count, axis=1)]
    b = bias.reshape(2, count, units)
    h = c = np.zeros((len(x), units))
    for step in x.transpose(1, 0, 2):
        given = [step @ w[g].T + b[0, g] for g in range(count)]
        kept = [h @ r[g].T + b[1, g] for g in range(count)]
        if kind == "CuDNNLSTM":
            i, f, new, o = (one + other for one, other in zip(given, kept, strict=True))
            c = sigmoid(f) * c + sigmoid(i) * np.tanh(new)
            h = sigmoid(o) * np.tanh(c)
        else:
            z, reset = (sigmoid(given[g] + kept[g]) for g in range(2))
            h = (1 - z) * np.tanh(given[2] + reset * kept[2]) + z * h
    return h


@pytest.mark.parametrize("around", ["", "Bidirectional"])
@pytest.mark.parametrize("size", [3, 5], ids=["3 inputs", "5 inputs"])
@pytest.mark.parametrize(("kind", "gates"), [("CuDNNLSTM", 4), ("CuDNNGRU", 3)])
def test_layers_of_cudnn(kind: str, gates: int, size: int, around: str, tmp_path: Path) -> None:
    def weights(seed: int) -> list[Values]:
        shapes = (size, 5 * gates), (5, 5 * gates), (2 * 5 * gates,)
        return [some(*shape, seed=seed) for shape in shapes]

    x, arrays = some(2, 4, size), weights(1)
    wanted = cudnn(kind, x, *arrays)
    config = {"units": 5, "return_sequences": False, "kernel_initializer": "glorot_uniform"}
    it = row(kind, "it", **config)
    if around:
        back = weights(2)
        wanted = np.concatenate([wanted, cudnn(kind, x[:, ::-1], *back)], axis=-1)
        arrays += back
        it = row(around, "it", layer=it, merge_mode="concat")
    path = write(tmp_path / "m.h5", {"it": named(*arrays)}, chain((None, size), it),
        version="2.2.4", backend="tensorflow")  # fmt: skip
    found, table = predicted(path, x)
    np.testing.assert_allclose(found, wanted, atol=1e-5)
    assert "cuDNN" in str(table[0].note)


# --- weights alone, as keras.applications had them ------------------------------------------


def picture_network(first: str, *, top: bool) -> Network:
    """Return the beginning of a VGG16, with its own names or a person's."""
    layers: list[tuple[str, str, dict[str, Any]]] = [
        ("image", "Input", {"shape": [8, 8, 3]}),
        (first, "Conv2D", {"filters": 4, "kernel_size": 3}),
        (first.replace("conv1", "conv2"), "Conv2D", {"filters": 4, "kernel_size": 3}),
    ]
    if top:
        layers += [("flatten", "Flatten", {}), ("mine", "Dense", {"units": 2})]
    nodes = [
        Node(id=name, layer=kind, params=params, order=number)
        for number, (name, kind, params) in enumerate(layers)
    ]
    edges = [Edge(one.id, other.id) for one, other in itertools.pairwise(nodes)]
    return Network(nodes, edges, [])


NOTOP = {
    "input_1": [],
    "block1_conv1": [("block1_conv1_W_1:0", some(3, 3, 3, 4)), ("block1_conv1_b_1:0", some(4))],
    "block1_conv2": [("block1_conv2_W_1:0", some(3, 3, 4, 4)), ("block1_conv2_b_1:0", some(4))],
    "block1_pool": [],
}


@pytest.mark.parametrize("top", [False, True], ids=["without a top", "with a new top"])
@pytest.mark.parametrize(("first", "how"), [("block1_conv1", "name"), ("conv1_of_mine", "order")])
def test_weights_without_a_top(first: str, how: str, top: bool, tmp_path: Path) -> None:
    path = write(tmp_path / "vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5", NOTOP)
    drawing = picture_network(first, top=top)
    model = build_model(drawing)
    table = load_weights(model, drawing, path, partly=True)
    assert [row.how for row in table] == [how, how, *([""] if top else [])]
    for layer, name in ((first, "block1_conv1"), (first.replace("conv1", "conv2"), "block1_conv2")):
        if how == "name":
            np.testing.assert_array_equal(
                model.get_layer(layer).get_weights()[0], NOTOP[name][0][1]
            )
    np.testing.assert_array_equal(model.weights[0], NOTOP["block1_conv1"][0][1])


def test_kernels_for_theano_by_the_name_of_their_file(tmp_path: Path) -> None:
    kernels = some(4, 3, 3, 3), some(4, 4, 3, 3)
    arrays = {
        "block1_conv1": [("block1_conv1_W", kernels[0]), ("block1_conv1_b", some(4))],
        "block1_conv2": [("block1_conv2_W", kernels[1]), ("block1_conv2_b", some(4))],
    }
    path = write(tmp_path / "vgg16_weights_th_dim_ordering_th_kernels_notop.h5", arrays)
    drawing = picture_network("block1_conv1", top=False)
    model = build_model(drawing)
    table = load_weights(model, drawing, path)
    assert all(row.note is not None for row in table)
    x = some(2, 3, 8, 8)
    wanted = windows(x, kernels[0], turned=True) + some(4)[:, None, None]
    wanted = windows(wanted, kernels[1], turned=True) + some(4)[:, None, None]
    found = np.asarray(model(x.transpose(0, 2, 3, 1)))
    np.testing.assert_allclose(found.transpose(0, 3, 1, 2), wanted, atol=1e-4)
