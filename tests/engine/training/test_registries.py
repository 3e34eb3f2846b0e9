"""The contract of optimizers, losses, metrics and the recipe's fields."""

from __future__ import annotations

import json

import pytest

from engine.fields import Choices, Field, Spec
from engine.graph.document import Recipe
from engine.training import LOSSES, METRICS, OPTIMIZERS, RecipeSpec

EVERY: list[type[Spec]] = [*OPTIMIZERS, *LOSSES, *METRICS, RecipeSpec]
ALL = pytest.mark.parametrize("spec", EVERY, ids=lambda spec: f"{spec.__name__}-{spec.key}")


@ALL
def test_defaults_are_valid_and_survive_json(spec: type[Spec]) -> None:
    assert spec.check({}) == {}
    assert json.loads(json.dumps(spec.defaults())) == spec.defaults()


@ALL
def test_people_can_understand_it(spec: type[Spec]) -> None:
    assert spec.title and spec.help().endswith(".")
    for field in spec.fields.values():
        assert field.label and field.help.endswith("."), field.name


@pytest.mark.parametrize("registry", [OPTIMIZERS, LOSSES, METRICS], ids=lambda entry: entry.kind)
def test_titles_tell_entries_apart(registry: list[type[Spec]]) -> None:
    titles = [spec.title for spec in registry]
    assert len(set(titles)) == len(titles)


def test_losses_and_metrics_can_be_found_in_chinese() -> None:
    for spec in (*LOSSES, *METRICS):
        assert any(not word.isascii() for word in spec.search), spec.key


def test_losses_have_full_names() -> None:
    assert not {"mse", "mae", "mape", "msle", "kld", "logcosh"} & set(LOSSES.keys())


def test_the_recipe_declares_what_the_document_holds() -> None:
    recipe = Recipe()
    plain = set(Recipe.__struct_fields__) - {"optimizer", "extra"}
    assert set(RecipeSpec.fields) == plain
    for name, field in RecipeSpec.fields.items():
        value = getattr(recipe, name)
        assert (list(value) if isinstance(field, Choices) else value) == field.default


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("batch_size", 0),
        ("epochs", 0),
        ("epochs", 1.5),
        ("validation_split", 1),
        ("validation_split", -0.1),
        ("shuffle", 1),
        ("seed", -1),
        ("loss", "mse"),
        ("metrics", ["accuracy", "accuracy"]),
        ("metrics", ["nonsense"]),
    ],
)
def test_wrong_values_are_refused(name: str, value: object) -> None:
    assert list(RecipeSpec.check({name: value})) == [name]


def test_only_one_way_of_clipping() -> None:
    found = OPTIMIZERS.get("sgd").check({"clipnorm": 1.0, "global_clipnorm": 1.0})
    assert list(found) == ["global_clipnorm"]


def test_every_metric_suits_some_loss() -> None:
    targets = {loss.target for loss in LOSSES}
    for metric in METRICS:
        assert targets & set(metric.targets), metric.key


def test_fields_have_their_own_labels() -> None:
    for spec in EVERY:
        fields: list[Field] = list(spec.fields.values())
        assert len({field.label for field in fields}) == len(fields), spec.key
