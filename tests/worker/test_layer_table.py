"""The page of all layers is true."""

from __future__ import annotations

import keras

from docs.layer_table import NOT_LAYERS, TABLE, page, public_layers
from engine.layers import LAYERS


def test_every_public_layer_of_keras_is_in_the_catalog_or_told() -> None:
    found = set(public_layers(keras.layers))
    catalog = {spec.keras_name() for spec in LAYERS if not spec.function}
    assert found - catalog - NOT_LAYERS.keys() == set()
    assert NOT_LAYERS.keys() - found == set()
    assert catalog & NOT_LAYERS.keys() == set()
    assert len(found - NOT_LAYERS.keys()) >= 130


def test_the_page_is_up_to_date() -> None:
    assert TABLE.read_text(encoding="utf-8") == page(keras.__version__), "run `make layers`"
