"""Advice on drawings that could train, but might do better: one small rule a function."""

# Rules register themselves.
from engine.advice import of_layers, of_recipe, of_wires  # noqa: F401
from engine.advice.rule import RULES, advice

__all__ = ["RULES", "advice"]
