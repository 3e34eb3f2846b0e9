"""Plain classes of a script and functions with arguments given before are followed."""

from __future__ import annotations

import pytest
from helpers.scripts import messages, units

from engine.formats.python_reading.reading import read_python

START = "import keras\nfrom keras import layers\nx = keras.Input((4,))\n"


@pytest.mark.parametrize(
    "script",
    [
        "class Config:\n    units = 8\nn = Config.units",
        "class Config(object):\n    units: int = 8\nn = Config().units",
        "class Config:\n    units = 3\nConfig.units = 8\nn = Config().units",
        "class Config:\n    def __init__(self):\n        self.units = 8\nn = Config().units",
        "class Config:\n    def __init__(self, units=4):\n        self.units = units * 2\n"
        "n = Config().units",
        "class Base:\n    units = 8\nclass Config(Base):\n    depth = 2\nn = Config.units",
        "from dataclasses import dataclass\n@dataclass\nclass Config:\n    units: int\n"
        "    depth: int = 2\nc = Config(units=4)\nn = c.units * c.depth",
        "import dataclasses\n@dataclasses.dataclass(frozen=True)\nclass Config:\n"
        "    units: int = 8\nn = Config().units",
        "class Config:\n    def __init__(self):\n        self._n = 8\n    @property\n"
        "    def units(self):\n        return self._n\nn = Config().units",
        "class Config:\n    @staticmethod\n    def units():\n        return 8\nn = Config.units()",
        "class Config:\n    half = 4\n    @classmethod\n    def units(cls):\n"
        "        return cls.half * 2\nn = Config.units()",
        "class Config:\n    half = 4\n    def __call__(self):\n        return self.half * 2\n"
        "n = Config()()",
        "class Config:\n    def __init__(self):\n        self.all = [4]\n"
        "    def add(self, n):\n        self.all.append(n)\n"
        "c = Config()\nc.add(8)\nn = c.all[1]",
        "from functools import partial\nf = partial(max, 8)\nn = f(3)",
    ],
)
def test_attributes_of_plain_classes_are_known(script: str) -> None:
    reading = read_python(f"{START}{script}\ny = layers.Dense(n)(x)\n")
    assert messages(reading) == []
    assert units(reading) == [8]


def test_a_plain_class_builds_a_network() -> None:
    script = (
        "class Builder:\n"
        "    def __init__(self, units):\n"
        "        self.units = units\n"
        "    def build(self, x):\n"
        "        for n in self.units:\n"
        "            x = self.block(x, n)\n"
        "        return x\n"
        "    def block(self, x, n):\n"
        "        return layers.Dense(n)(x)\n"
        "model = keras.Model(x, Builder([5, 3]).build(x))\n"
    )
    reading = read_python(START + script)
    assert messages(reading) == []
    assert units(reading) == [5, 3]


@pytest.mark.parametrize(
    "script",
    [
        "class Config:\n    units = 8\nif input():\n    Config.units = 3",
        "class Config:\n    @cached\n    def units(self):\n        return 8",
        "class Config:\n    pass",
        "class Config(Other):\n    units = 8",
        "class Base:\n    units = 8\nclass Config(Base, metaclass=Other):\n    pass",
        "class Config:\n    units = 8\ndel Config.units",
    ],
)
def test_what_only_the_run_shows_is_told(script: str) -> None:
    reading = read_python(f"{START}{script}\ny = layers.Dense(Config.units)(x)\n")
    assert any(message.startswith("Dense: units is not known") for message in messages(reading))


def test_other_arguments_than_a_class_takes_are_told() -> None:
    reading = read_python(f"{START}class C:\n    pass\nc = C(3)\ny = layers.Dense(3)(x)\n")
    assert messages(reading) == ["“C” is called with other arguments than it takes."]


def test_layers_with_arguments_given_before() -> None:
    script = (
        "import functools\nfrom functools import partial\n"
        "Small = partial(layers.Dense, 3, activation='relu')\n"
        "Named = functools.partial(Small, name='a')\n"
        "y = Named(use_bias=False)(Small()(x))\n"
    )
    reading = read_python(START + script)
    assert messages(reading) == []
    first, second = (call.layer for call in reading.calls[1:])
    assert first.params == {"units": 3, "activation": "relu"}
    assert second.params == {"units": 3, "activation": "relu", "use_bias": False}
    assert second.name == "a"
