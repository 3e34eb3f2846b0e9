"""The contract of every layer of the catalog, as far as it needs no Keras."""

from __future__ import annotations

import json

import pytest

from engine.fields import Field, LayerRef
from engine.layers import CATEGORIES, LAYERS, LayerSpec

ALL = pytest.mark.parametrize("spec", LAYERS, ids=lambda spec: spec.key)
PROMISED = """
Input Dense Activation Dropout Flatten Reshape Permute RepeatVector Conv1D Conv2D Conv2DTranspose
SeparableConv2D DepthwiseConv2D MaxPooling1D MaxPooling2D AveragePooling1D AveragePooling2D
GlobalMaxPooling1D GlobalMaxPooling2D GlobalAveragePooling1D GlobalAveragePooling2D
BatchNormalization LayerNormalization ZeroPadding2D Cropping2D UpSampling2D Embedding SimpleRNN
LSTM GRU Bidirectional TimeDistributed Add Subtract Multiply Average Maximum Concatenate Dot
LeakyReLU PReLU ELU ReLU Softmax GaussianNoise Rescaling
"""


def test_the_promised_layers_are_there() -> None:
    assert [key for key in PROMISED.split() if key not in LAYERS] == []


@ALL
def test_defaults_are_valid(spec: type[LayerSpec]) -> None:
    assert spec.check({}) == {}
    assert spec.trim(spec.defaults()) == {}


@ALL
def test_defaults_survive_json(spec: type[LayerSpec]) -> None:
    assert json.loads(json.dumps(spec.defaults())) == spec.defaults()


@ALL
def test_people_can_understand_it(spec: type[LayerSpec]) -> None:
    assert spec.title
    assert spec.category in CATEGORIES
    assert spec.help().endswith("."), "the docstring's first paragraph is the help"
    chinese = any(not word.isascii() for word in spec.search)
    assert chinese or spec.held, "Chinese search words are missing"
    labels = [field.label for field in spec.fields.values()]
    assert len(set(labels)) == len(labels), "two fields have the same label"


FIELDS = [
    pytest.param(field, id=f"{spec.key}.{name}")
    for spec in LAYERS
    for name, field in spec.fields.items()
]


@pytest.mark.parametrize("field", FIELDS)
def test_fields_explain_themselves(field: Field) -> None:
    assert field.label and field.label[0].isupper()
    assert field.help.endswith("."), "every field has whole sentences of help"


@ALL
def test_plain_fields_come_before_advanced_ones(spec: type[LayerSpec]) -> None:
    advanced = [field.advanced for field in spec.fields.values()]
    assert advanced == sorted(advanced)


@ALL
def test_summaries_are_short_and_bear_wrong_values(spec: type[LayerSpec]) -> None:
    assert len(str(spec.summary(spec.defaults()))) <= 40
    for wrong in (None, "x", -1, 2.5, [], [1, "a", 3], {}, True):
        assert isinstance(str(spec.summary(dict.fromkeys(spec.fields, wrong))), str)


@ALL
def test_checks_bear_wrong_values(spec: type[LayerSpec]) -> None:
    for wrong in ("x", 2.5, [], [1, "a", 3], {}, float("nan")):
        for name in spec.fields:
            for problem in spec.check({name: wrong}).values():
                assert str(problem)


@ALL
def test_held_layers_exist_and_take_one_input(spec: type[LayerSpec]) -> None:
    for field in spec.fields.values():
        if isinstance(field, LayerRef):
            assert field.default["layer"] in field.options
            for key in field.options:
                assert LAYERS.get(key).max_inputs == 1


def test_a_card_says_what_matters() -> None:
    def said(key: str, **params: object) -> str:
        spec = LAYERS.get(key)
        return str(spec.summary(spec.complete(params)))

    assert said("Conv2D", filters=64, activation="relu") == "64 filters, 3×3, relu"
    assert said("Conv2D", kernel_size=5, strides=2) == "32 filters, 5×5, stride 2"
    assert said("Conv1D", strides=[2]) == "32 filters, 3, stride 2"
    assert said("DepthwiseConv2D", strides=[1, 2]) == "3×3, stride 1×2"
    assert said("MaxPooling2D") == "2×2"
    assert said("MaxPooling2D", pool_size=3, strides=2) == "3×3, stride 2"
    assert said("Dense", units=10, activation="softmax") == "10 units, softmax"
    assert said("LSTM", return_sequences=True) == "64 units, every step"
    assert said("Bidirectional", layer={"layer": "GRU", "params": {"units": 8}}) == "GRU, 8 units"
    assert said("ZeroPadding2D", padding=[[0, 1], [2, 2]]) == "(0,1)×2"
    assert said("Input", shape=[None, 8]) == "?×8"


REFUSED = [
    ("Conv2D", {"strides": 2, "dilation_rate": [1, 2]}, "dilation_rate"),
    ("Conv2D", {"filters": 4, "groups": 3}, "groups"),
    ("Conv2DTranspose", {"strides": [2, 2], "output_padding": [1, 2]}, "output_padding"),
    ("Conv1DTranspose", {"output_padding": 1}, "output_padding"),
    ("Permute", {"dims": [2, 3]}, "dims"),
    ("Permute", {"dims": [1, 1]}, "dims"),
    ("Concatenate", {"axis": 0}, "axis"),
    ("BatchNormalization", {"axis": 0}, "axis"),
    ("LayerNormalization", {"axis": [1, 0]}, "axis"),
    ("GroupNormalization", {"groups": 0}, "groups"),
    ("Dot", {"axes": [1, 2, 3]}, "axes"),
    ("Dropout", {"rate": 1.0}, "rate"),
    ("Dense", {"units": 0}, "units"),
    ("Dense", {"units": True}, "units"),
    ("Reshape", {"target_shape": [-1, -1]}, "target_shape"),
    ("Bidirectional", {"layer": {"layer": "Dense"}}, "layer"),
]


@pytest.mark.parametrize(("key", "params", "field"), REFUSED)
def test_nonsense_is_refused_at_the_field(key: str, params: dict[str, object], field: str) -> None:
    assert list(LAYERS.get(key).check(params)) == [field]
