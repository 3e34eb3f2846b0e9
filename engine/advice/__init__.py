"""Advice on drawings that could train, but might do better: one small rule a function."""

from engine.advice.rule import RULES, advice

__all__ = ["RULES", "advice"]
