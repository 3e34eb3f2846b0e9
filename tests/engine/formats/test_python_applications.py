"""Models that Keras has ready are drawn where a script calls one."""

from __future__ import annotations

from pathlib import Path

import pytest
from helpers.scripts import messages

import engine.blocks  # noqa: F401
from engine.formats.importing import import_any
from engine.formats.python_reading.reading import read_python

START = "import keras\nfrom keras import layers\n"
BASE = f"{START}base = keras.applications.VGG16(include_top=False, weights=None,"
NESTED = (
    f"{BASE} input_shape=(64, 64, 3))\nbase.trainable = False\n"
    "x = keras.Input((64, 64, 3))\n"
    "y = layers.Dense(2)(layers.GlobalAveragePooling2D()(base(x, training=False)))\n"
    "model = keras.Model(x, y)\n"
)


def test_a_model_in_a_model_lies_in_a_block_and_can_be_frozen(tmp_path: Path) -> None:
    reading = read_python(NESTED)
    assert messages(reading) == []
    used = [call for call in reading.calls if call.used]
    assert len(used) == 1 + 18 + 2
    frozen = [call.layer.kind for call in used if call.layer.params.get("trainable") is False]
    assert frozen == ["Conv2D"] * 13
    path = tmp_path / "net.py"
    path.write_text(NESTED, encoding="utf-8")
    imported = import_any(path)
    titles = [block.title for block in imported.document.network.blocks.values()]
    assert titles[:2] == ["vgg16", "block1"]
    assert imported.document.network.nodes["block5_conv3"].layer == "Conv2D"


def test_its_output_goes_on() -> None:
    script = (
        f"{BASE} pooling='avg')\nfor layer in base.layers[:-4]:\n    layer.trainable = False\n"
        "model = keras.Model(base.input, layers.Dense(2)(base.output))\n"
    )
    reading = read_python(script)
    assert messages(reading) == []
    used = [call for call in reading.calls if call.used]
    assert used[0].layer.params["shape"] == [None, None, 3]
    assert [call.layer.kind for call in used[-2:]] == ["GlobalAveragePooling2D", "Dense"]
    free = [
        call.layer.name
        for call in used
        if call.layer.kind == "Conv2D" and call.layer.params.get("trainable", True)
    ]
    assert free == ["block5_conv2", "block5_conv3"]


def test_it_may_take_a_tensor_and_end_otherwise() -> None:
    script = (
        f"{START}x = keras.Input((96, 96, 3))\n"
        "model = keras.applications.ResNet50(weights=None, input_tensor=x, classes=7,"
        " classifier_activation=None)\n"
    )
    reading = read_python(script)
    assert messages(reading) == []
    last = reading.calls[reading.outputs[0]].layer
    assert last.params == {"units": 7}
    assert [call.layer.kind for call in reading.calls].count("Input") == 1


def test_two_of_a_kind_have_names_and_blocks_of_their_own() -> None:
    script = f"{BASE[len(START) :]} name='b')\n"
    reading = read_python(
        f"{START}{script}one = base.output\n{script}model = keras.Model(base.input, base.output)\n"
    )
    assert messages(reading) == []
    assert {call.block[0] for call in reading.calls if call.used and call.block} == {
        f"block{n}_2" for n in range(1, 6)
    }


@pytest.mark.parametrize(
    ("call", "words"),
    [
        ("ResNet50()", "is drawn without the weights “imagenet”"),
        ("vgg16.VGG16(weights='imagenet')", "VGG16 is drawn without the weights"),
        ("MobileNetV2(weights=None, alpha=0.5)", "only the usual “alpha” can be drawn"),
        ("MobileNetV2((96, 96, 3))", "give argument 1 with its name"),
        ("VGG16(weights=None, classes=n)", "“n” is not defined"),
        ("VGG16(weights=None, pooling='least')", "least"),
        ("VGG16(weights=None, include_preprocessing=False)", "can be drawn"),
        ("VGG16(weights=None, classifier_activation=3)", "“classifier_activation”"),
    ],
)
def test_what_cannot_be_drawn_is_told(call: str, words: str) -> None:
    found = messages(read_python(f"{START}model = keras.applications.{call}\n"))
    assert any(words in message for message in found), found
