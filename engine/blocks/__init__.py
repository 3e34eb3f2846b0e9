"""Blocks that networks are made of, drawn from a few parameters: one class a block.

To add one, write its class in the file of its family; palette, search, form and the tests that
compare it with Keras follow.
"""

from engine.blocks.spec import BLOCKS, GROUPS, PREFIX, BlockSpec
from engine.registry import import_modules

import_modules(__name__, list(__path__))

__all__ = ["BLOCKS", "GROUPS", "PREFIX", "BlockSpec"]
