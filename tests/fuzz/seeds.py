"""Sound files of every format, small, to be spoiled."""

from __future__ import annotations

import io
import json
import logging
import marshal
from pathlib import Path
from typing import Any

import h5py
import msgspec
import numpy as np
from helpers.h5_files import hostile, small_model
from helpers.networks import network
from helpers.own_layers import SCALE
from helpers.real_data import FOLDER

from engine.formats.project import from_json, to_json
from engine.formats.python_code import to_python
from engine.graph.document import Document
from engine.paths import ROOT, TEMPLATES
from engine.recovery import Copy
from engine.settings import Settings
from engine.trust import Trusted, sum_of

LARGEST = 48_000


def drawing() -> Document:
    """Return the network whose weights are in the seeds that hold weights."""
    rows: list[tuple[str, str, dict[str, Any]]] = [
        ("image", "Input", {"shape": [8, 8, 1]}),
        ("conv", "Conv2D", {"filters": 2}),
        ("norm", "BatchNormalization", {}),
        ("flat", "Flatten", {}),
        ("kind", "Dense", {"units": 3, "activation": "softmax"}),
    ]
    return Document(network(rows), title="Seed")


def projects() -> list[bytes]:
    """Return project files, one with all that a drawing can hold."""
    samples = (ROOT / "tests" / "data" / "projects").glob("*.netloom")
    full = {
        "netloom": 2, "title": "All", "notes": "Words", "flow": "right",
        "data": {"kind": "digits", "params": {"seed": 3}},
        "recipe": {"optimizer": {"kind": "adam", "params": {"learning_rate": 0.01}},
                   "loss": "mean_squared_error", "metrics": ["mean_absolute_error"],
                   "batch_size": 8, "epochs": 2},
        "nodes": [
            {"id": "i", "layer": "Input", "params": {"shape": [8, 8, 1]}, "at": [0, 0]},
            {"id": "a", "layer": "Conv2D", "params": {"filters": 4, "kernel_regularizer":
                {"name": "l2", "params": {"l2": 0.1}}}, "block": "bb", "role": "r", "at": [0, 99]},
            {"id": "c", "layer": "Conv2D", "shares": "a", "block": "cc", "role": "r",
             "at": [9, 99]},
            {"id": "e", "layer": "Expression", "params": {"formula": "a * 2 + b"}, "locked": True},
            {"id": "l", "layer": "LSTM", "params": {"units": 4, "return_state": True}},
            {"id": "p", "layer": "PickOutput", "params": {"index": 1}},
        ],
        "edges": [["i", "a"], ["i", "c"], ["a", "e"], ["c", "e", 1], ["e", "l"], ["l", "p"]],
        "blocks": [{"id": "bb", "title": "B", "link": "k", "inputs": [[["a", 0]]],
                    "outputs": ["a"]},
                   {"id": "cc", "title": "C", "link": "k", "parent": "dd"},
                   {"id": "dd", "title": "D"}],
        "marks": [{"id": "m", "kind": "note", "text": "Hm", "at": [5, 5], "size": [100, 50]},
                  {"id": "f", "kind": "frame", "at": [0, 0], "size": [10, 10], "color": "red"}],
    }  # fmt: skip
    return [
        json.dumps(full).encode(),
        *(path.read_bytes() for path in (*sorted(samples), *sorted(TEMPLATES.glob("*.netloom")))),
    ]


SCRIPT = '''
import keras
from keras import layers as L, ops

UNITS = [2 ** n for n in range(3, 5)]

def block(x, filters=4, *, rate=0.1):
    """Two layers."""
    x = L.Conv2D(filters, (3, 3), padding="same", kernel_regularizer=keras.regularizers.l2(1e-4))(x)
    return L.Dropout(rate)(x) if rate > 0 else x

inputs = keras.Input(shape=(8, 8, 1), name=f"image_{len(UNITS)}")
x = inputs
for number, filters in enumerate(UNITS):
    x = block(x, filters, rate=0.1 * number)
y = ops.relu(x * 2.0 + x)
y = L.Flatten()(L.Concatenate(axis=-1)([x, y]))
shared = L.Dense(UNITS[-1] // 2, activation="relu")
part = keras.Sequential([L.Input((8,)), L.Dense(3)], name="part")
a, b = shared(y), shared(L.Activation("tanh")(y))
outputs = part(a + b)
model = keras.Model(inputs=inputs, outputs=[outputs], name="net")
model.compile(optimizer=keras.optimizers.Adam(learning_rate=1e-3), loss="mean_squared_error",
              metrics=["mean_absolute_error"])
model.fit(x_train, y_train, batch_size=32, epochs=4)
'''


def scripts() -> list[bytes]:
    """Return scripts of Keras: one by hand, and drawings as Netloom writes them."""
    drawings = [from_json(content.decode(), "Seed") for content in projects()[1:6]]
    return [SCRIPT.encode(), *(to_python(drawing).encode() for drawing in drawings)]


def _layer(kind: str, name: str, inbound: list[str], **config: Any) -> dict[str, Any]:
    nodes = [[[source, 0, 0, {}] for source in inbound]] if inbound else []
    config = {"name": name, **config}
    return {"class_name": kind, "name": name, "config": config, "inbound_nodes": nodes}


def old_descriptions() -> list[bytes]:
    """Return models in the words of Keras 1 and 2."""
    shape = [None, 8, 8, 3]
    inner = [
        _layer("InputLayer", "in", [], batch_input_shape=shape),
        _layer("Conv2D", "inner_conv", ["in"], filters=2, kernel_size=[1, 1]),
    ]
    part = {"name": "part", "layers": inner, "input_layers": [["in", 0, 0]],
            "output_layers": [["inner_conv", 0, 0]]}  # fmt: skip
    layers = [
        _layer("InputLayer", "image", [], batch_input_shape=shape),
        _layer("Convolution2D", "a", ["image"], nb_filter=4, nb_row=3, nb_col=3,
               border_mode="same"),
        _layer("BatchNormalizationV1", "n", ["a"], axis=[3], momentum=0.9),
        {"class_name": "Model", "name": "part", "config": part,
         "inbound_nodes": [[["image", 0, 0, {}]]]},
        _layer("Merge", "m", ["n", "part"], mode="concat", concat_axis=-1),
        _layer("Bidirectional", "both", ["m"], merge_mode="concat",
               layer={"class_name": "LSTM", "config": {"units": 3}}),
        _layer("Dense", "out", ["both"], units=2, activation="softmax", kernel_regularizer={
            "class_name": "L1L2", "config": {"l1": 0.1, "l2": 0.0}}),
    ]  # fmt: skip
    whole = {"class_name": "Model", "keras_version": "2.1.6", "config": {
        "name": "net", "layers": layers, "input_layers": [["image", 0, 0]],
        "output_layers": [["out", 0, 0]]}}  # fmt: skip
    first = [
        {"class_name": "Dense", "config": {"output_dim": 3, "init": "uniform", "input_dim": 5,
                                           "W_regularizer": {"name": "l2", "l2": 0.1}}},
        {"class_name": "Dropout", "config": {"p": 0.5, "name": "d"}},
        {"class_name": "Embedding", "config": {"input_dim": 4, "output_dim": 3}},
    ]  # fmt: skip
    real = [path.read_bytes() for path in sorted((FOLDER / "models").glob("*.json"))]
    return [
        json.dumps(whole).encode(),
        json.dumps({"class_name": "Sequential", "config": first}).encode(),
        *real,
    ]


def old_weights(folder: Path) -> list[bytes]:
    """Return weights as Keras 1 and 2 and Theano had them, and real ones."""
    path = folder / "old.h5"
    values = [((3, 3, 1, 2), (2,)), ((2,), (2,), (2,), (2,)), ((72, 3), (3,))]
    with h5py.File(path, "w") as file:
        names = ["conv", "norm", "kind"]
        file.attrs["layer_names"] = np.array(names, "S20")
        file.attrs["keras_version"] = b"2.1.6"
        for name, shapes in zip(names, values, strict=True):
            group = file.create_group(name)
            inner = [f"{name}/w{number}:0" for number in range(len(shapes))]
            group.attrs["weight_names"] = np.array(inner, "S30")
            for where, shape in zip(inner, shapes, strict=True):
                group[where] = np.ones(shape, np.float32)
    theano = folder / "theano.h5"
    with h5py.File(theano, "w") as file:
        file.attrs["nb_layers"] = 3
        for number, shapes in enumerate(values):
            group = file.create_group(f"layer_{number}")
            group.attrs["nb_params"] = len(shapes)
            for place, shape in enumerate(shapes):
                group[f"param_{place}"] = np.ones(shape, np.float32)
    real = sorted((FOLDER / "models").glob("*weights.h5"))
    found = [path, theano, *(one for one in real if one.stat().st_size < LARGEST)]
    return [one.read_bytes() for one in found]


def models(folder: Path) -> dict[str, list[bytes]]:
    """Return what Keras and Netloom write: models in all formats, with weights and without."""
    import keras

    from engine.worker.compile import build_model, compile_model
    from engine.worker.exports.exporting import export_model

    logging.getLogger("absl").setLevel(logging.ERROR)
    document = drawing()
    model = build_model(document.network, document.title, seed=1)
    compile_model(model, document.recipe)
    for format, name in (("h5", "own.h5"), ("keras", "m.keras"), ("weights", "m.weights.h5")):
        export_model(model, document, folder / name, format)
    export_model(model, document, folder / "own.savedmodel", "saved_model")
    model.save(folder / "plain.h5")
    image = keras.Input((4, 3), name="image")
    x = keras.layers.Bidirectional(keras.layers.LSTM(2, return_sequences=True), name="both")(image)
    x = keras.layers.Add()([x * 2.0, keras.ops.relu(x)])
    other = keras.Model(image, keras.layers.MultiHeadAttention(1, 2, name="look")(x, x))
    other.save(folder / "other.keras")
    other.save_weights(folder / "other.weights.h5")
    (folder / "network.netloom").write_text(to_json(document), encoding="utf-8")

    def read(*names: str) -> list[bytes]:
        return [(folder / name).read_bytes() for name in names]

    return {
        "h5": read("plain.h5"),
        "drawn": read("own.h5"),
        "keras": read("m.keras", "other.keras"),
        "weights": read("m.weights.h5", "other.weights.h5"),
        "json": [made.to_json().encode() for made in (model, other)],
    }


def odd_h5(folder: Path) -> list[bytes]:
    """Return HDF5 files with everything that the workbench shows."""
    path = folder / "odd.h5"
    with h5py.File(path, "w", libver="latest") as file:
        file.attrs["words"] = ["one", "two"]
        file.attrs["config"] = json.dumps({"a": [1, 2, {"b": None}]})
        file["texts"] = np.array(["a", "long" * 30, ""], object)
        file["fixed"] = np.array([b"ab", b"c"], "S2")
        file["table"] = np.array([(1, 2.5, b"x")], [("a", "i4"), ("b", "f8"), ("c", "S1")])
        file["complex"] = np.array([1 + 2j])
        file["truth"] = np.array([True, False])
        file.create_dataset("packed", (40, 40), "f4", chunks=(8, 8), compression="gzip",
                            shuffle=True, fletcher32=True, maxshape=(None, 40),
                            data=np.arange(1600).reshape(40, 40))  # fmt: skip
        file.create_dataset("ragged", (3,), h5py.vlen_dtype(np.int32))
        file["ragged"][1] = [1, 2, 3]
        file["kernels"] = np.ones((3, 3, 2, 4), np.float32)
        file["empty"] = h5py.Empty("f4")
        file["point"] = h5py.SoftLink("/texts")
        file["choice"] = np.array([0, 1], h5py.enum_dtype({"NO": 0, "YES": 1}))
        file["place"] = np.array([file["texts"].ref], h5py.ref_dtype)
        file["group/in/group/numbers"] = np.arange(9, dtype=">i2")
    return [
        path.read_bytes(),
        small_model(folder / "small.h5").read_bytes(),
        hostile(folder / "hostile.h5").read_bytes(),
    ]


def arrays() -> list[bytes]:
    """Return .npz files of classes, of values and packed ones."""
    random = np.random.default_rng(0)
    found = []
    for save, targets in ((np.savez, "i8"), (np.savez_compressed, "f4"), (np.savez, "u1")):
        made = io.BytesIO()
        x = random.random((6, 4)).astype("f4" if targets != "u1" else "u1")
        y = np.arange(6).astype(targets) % 3
        save(made, x_train=x, y_train=y, x_test=x[:4], y_test=y[:4])  # type: ignore[operator]
        found.append(made.getvalue())
    return found


def settings() -> list[bytes]:
    """Return settings."""
    found = Settings(
        theme="dark", recent=["/a/b.netloom"], splitters={"main": [1, 2]}, keys={"save": "Ctrl+S"}
    )
    return [msgspec.json.encode(found)]


def trusted() -> list[bytes]:
    """Return stores of what is trusted."""
    entries = [Trusted(sum_of(b"x"), kind, "name", "2026-11-24") for kind in ("layer", "script")]
    return [msgspec.json.encode(entries)]  # type: ignore[arg-type]


def histories() -> list[bytes]:
    """Return how a training went, as the command `train` writes it."""
    scores = {"loss": [1.0, 0.5], "val_loss": [1.5, 0.75]}
    return [json.dumps({"status": "done", "history": scores, "test": {"loss": 0.5}}).encode()]


def sources() -> list[bytes]:
    """Return files with layers of one's own."""
    more = "\n\nclass Other(Scale):\n    def __init__(self, units, *, rate=(1, 2)):\n        pass\n"
    return [SCALE.encode(), (SCALE + more).encode()]


def bytecode() -> list[bytes]:
    """Return the bytecode of functions."""
    half = 0.5

    def branching(x: Any, y: float = 2.0) -> Any:
        """Branch and loop."""
        for _ in range(3):
            x = x * half if y > 1 else [x for x in (1, 2)]
        return x

    functions = (lambda x: x * 2 + 1, branching)
    return [marshal.dumps(function.__code__) for function in functions]


def recovered() -> list[bytes]:
    """Return copies of unsaved documents."""
    content = [project.decode() for project in projects()[:3]]
    copies = [Copy(title="One", path="/a/b", process=2**22, document=text) for text in content]
    return [msgspec.json.encode(copy) for copy in copies]
