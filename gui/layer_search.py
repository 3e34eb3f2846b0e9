"""Finding layers and built-in blocks by name, key, purpose and help."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from engine.blocks import BLOCKS, BlockSpec
from engine.layers import LAYERS, LayerSpec
from gui.i18n import tr

# Shorter stems say too little.
STEM = 4
_Spec = TypeVar("_Spec", type[LayerSpec], type[BlockSpec])


def find_layers(query: str) -> list[type[LayerSpec]]:
    """Return the layers that a search finds, the best first.

    Args:
        query: Words in English or in the window's language; each must be found.
    """
    return _found(query, (spec for spec in LAYERS if not (spec.held or spec.hidden)))


def find_blocks(query: str) -> list[type[BlockSpec]]:
    """Return the built-in blocks that a search finds, the best first.

    Args:
        query: Words in English or in the window's language; each must be found.
    """
    return _found(query, BLOCKS)


def _found(query: str, specs: Iterable[_Spec]) -> list[_Spec]:
    words = query.lower().split()
    ranked = [(rank, spec) for spec in specs if (rank := _rank(spec, words)) is not None]
    ranked.sort(key=lambda entry: entry[0])
    return [spec for _, spec in ranked]


def _rank(spec: type[LayerSpec] | type[BlockSpec], words: list[str]) -> int | None:
    """Return 0 for a name that begins with the search, up to 4 for a parameter; None if unfound."""
    names = f"{spec.title} {tr(spec.title)} {spec.key}".lower()
    purposes = " ".join((*spec.search, spec.category, tr(spec.category.capitalize()))).lower()
    helps = f"{spec.help()} {tr(spec.help())}".lower()
    params = " ".join(f"{name} {tr(field.label)}" for name, field in spec.fields.items()).lower()
    worst = 0
    for word in words:
        stem = word.removesuffix("ing")  # "downsampling" is what "downsample" does.
        if any(name.startswith(word) for name in names.split()):
            rank = 0
        elif word in names:
            rank = 1
        elif word in purposes:
            rank = 2
        elif word in helps or (len(stem) > STEM and stem in purposes):
            rank = 3
        elif word in params:
            rank = 4
        else:
            return None
        worst = max(worst, rank)
    return worst
