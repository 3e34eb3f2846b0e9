"""The two kinds of layers of a transformer.

Attention Is All You Need, Vaswani et al., 2017, figure 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from engine.blocks.sketch import Sketch
from engine.blocks.spec import BLOCKS, BlockSpec
from engine.errors import Text, text
from engine.fields import Bool, Choice, Float, Int, Params

EPSILON = 1e-6


class Transformer(BlockSpec):
    """What encoder and decoder share; no block of its own."""

    ranks = (3,)
    search: ClassVar[tuple[str, ...]] = (
        "attention",
        "self-attention",
        "bert",
        "gpt",
        "多头注意力",
        "自注意力",
        "变换器",
    )
    width = Int(
        64, min=1, max=65_536, label="Width", help="Size of each step: as much as comes in."
    )
    heads = Int(4, min=1, max=1024, label="Heads", help="Number of heads; they share the width.")
    hidden = Int(
        256, min=1, max=1_000_000, label="Hidden", help="Units between the two Dense layers."
    )
    activation = Choice(
        "relu", options=("relu", "gelu"), label="Activation", help="Between the Dense layers."
    )
    dropout = Float(
        0.1,
        min=0,
        max=1,
        open_max=True,
        label="Dropout",
        help="Part of the values set to zero while training; 0 for none.",
    )
    norm_first = Bool(
        False,
        label="Normalize first",
        help="Whether the normalization comes before each part instead of behind its addition,"
        " which makes deep stacks easier to train.",
    )

    @classmethod
    def check_together(cls, values: Params) -> dict[str, Text]:
        if values["width"] % values["heads"] == 0:
            return {}
        return {"heads": text("The width must be a multiple of the number of heads.")}

    @classmethod
    def fitting(cls, channels: int) -> Params:
        heads = next(count for count in (4, 3, 2, 1) if channels % count == 0)
        return {"width": channels, "heads": heads, "hidden": 4 * channels}

    @classmethod
    def attention(
        cls, sketch: Sketch, name: str, source: str, memory: str, params: Params, *, causal: bool
    ) -> str:
        """Draw attention with the way past it; `memory` "" means that steps see each other."""
        query = cls._before(sketch, name, source, params)
        heads = params["heads"]
        given = {"num_heads": heads, "key_dim": params["width"] // heads}
        given |= {"use_causal_mask": True} if causal else {}
        found = sketch.add(name, "MultiHeadAttention", query, memory or query, **given)
        return cls._behind(sketch, name, source, found, params)

    @classmethod
    def feed_forward(cls, sketch: Sketch, source: str, params: Params) -> str:
        """Draw the two Dense layers with the way past them."""
        inner = cls._before(sketch, "dense", source, params)
        hidden = {"units": params["hidden"], "activation": params["activation"]}
        steps = ("hidden", "Dense", hidden), ("dense", "Dense", {"units": params["width"]})
        return cls._behind(sketch, "dense", source, sketch.chain(inner, *steps), params)

    @classmethod
    def _before(cls, sketch: Sketch, name: str, source: str, params: Params) -> str:
        if not params["norm_first"]:
            return source
        return sketch.add(f"{name}_norm", "LayerNormalization", source, epsilon=EPSILON)

    @classmethod
    def _behind(cls, sketch: Sketch, name: str, past: str, found: str, params: Params) -> str:
        if params["dropout"]:
            found = sketch.add(f"{name}_dropout", "Dropout", found, rate=params["dropout"])
        joined = sketch.add(f"{name}_add", "Add", past, found)
        if params["norm_first"]:
            return joined
        return sketch.add(f"{name}_norm", "LayerNormalization", joined, epsilon=EPSILON)


@BLOCKS.register("transformer_encoder")
class TransformerEncoder(Transformer):
    """Each step looks at all others, then two Dense layers; each with a way past."""

    title = "Transformer encoder"
    search = (*Transformer.search, "vit", "编码器")

    @classmethod
    def draw(cls, sketch: Sketch, params: Params) -> Sequence[str]:
        (entry,) = sketch.inputs
        seen = cls.attention(sketch, "attention", entry, "", params, causal=False)
        return [cls.feed_forward(sketch, seen, params)]


@BLOCKS.register("transformer_decoder")
class TransformerDecoder(Transformer):
    """Steps look at earlier ones and at the encoder's output, then two Dense layers.

    The first input is what has been written so far, the second the encoder's output.
    """

    title, inputs = "Transformer decoder", 2
    search = (*Transformer.search, "translation", "解码器", "翻译")

    @classmethod
    def draw(cls, sketch: Sketch, params: Params) -> Sequence[str]:
        written, encoded = sketch.inputs
        seen = cls.attention(sketch, "attention", written, "", params, causal=True)
        asked = cls.attention(sketch, "cross", seen, encoded, params, causal=False)
        return [cls.feed_forward(sketch, asked, params)]
