"""Documents become Keras models."""

from __future__ import annotations

import keras
import numpy as np
import pytest
from helpers.networks import chain, network, template

from engine.errors import CompileProblem
from engine.formats.project import read_project
from engine.graph.document import Recipe
from engine.paths import TEMPLATES
from engine.worker.compile import build_model, compile_model, with_deep_stack


@pytest.mark.parametrize("path", sorted(TEMPLATES.glob("*.netloom")), ids=lambda path: path.stem)
def test_every_template_compiles_and_predicts(path) -> None:
    document = read_project(path)
    model = build_model(document.network, document.title, seed=1)
    compile_model(model, document.recipe)
    outputs = model(np.zeros((2, *model.inputs[0].shape[1:]), "float32"))
    assert outputs.shape == (2, *model.outputs[0].shape[1:])
    assert np.isfinite(outputs).all()


def test_the_same_seed_gives_the_weights_of_a_bare_script() -> None:
    model = build_model(template("mlp").network, seed=7)
    keras.utils.set_random_seed(7)
    inputs = keras.Input((28, 28, 1))
    hidden = keras.layers.Dense(512, activation="relu")(keras.layers.Flatten()(inputs))
    script = keras.Model(inputs, keras.layers.Dense(10, activation="softmax")(hidden))
    for ours, theirs in zip(model.get_weights(), script.get_weights(), strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_many_inputs_many_outputs_and_shared_layers() -> None:
    drawn = network(
        [
            ("left", "Input", {"shape": [4]}),
            ("right", "Input", {"shape": [4]}),
            ("twin_left", "Dense", {"units": 3}),
            ("twin_right", "Dense", {}),
            ("difference", "Subtract", {}),
            ("similar", "Dense", {"units": 1}),
            ("kind", "Dense", {"units": 2}),
        ],
        [
            ("left", "twin_left"),
            ("right", "twin_right"),
            ("twin_left", "difference", 0),
            ("twin_right", "difference", 1),
            ("difference", "similar"),
            ("difference", "kind"),
        ],
    )
    from engine.graph import commands
    from engine.graph.document import Document
    from engine.graph.history import History

    document = Document(drawn)
    History(document).do(commands.share(document, "twin_right", "twin_left"))
    model = build_model(drawn)
    assert (len(model.inputs), len(model.outputs)) == (2, 2)
    assert [layer.name for layer in model.layers].count("twin_left") == 1
    same = np.ones((1, 4), "float32")
    similar, _ = model([same, same])
    np.testing.assert_allclose(similar, 0, atol=1e-6)
    compile_model(model, Recipe(loss="mean_squared_error", metrics=("mean_absolute_error",)))
    model.fit([same, same], [np.ones((1, 1)), np.ones((1, 2))], verbose=0)


def test_a_chain_of_two_thousand_layers_compiles() -> None:
    model = with_deep_stack(lambda: build_model(chain(2000)))
    assert len(model.layers) == 2001


def test_a_problem_names_the_layer() -> None:
    drawn = network([("input", "Input", {"shape": [4]}), ("wide", "Dense", {"units": 0})])
    with pytest.raises(CompileProblem, match=r"wide.*Units must be"):
        build_model(drawn)
