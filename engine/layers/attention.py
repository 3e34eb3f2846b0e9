"""Attention: every step of a sequence looks at the steps that matter to it.

All take wires in the order query, value, key; without a key the value is used for both. One wire
alone is not enough: wire the same layer to query and value for self-attention. Where several heads
are asked to, they take an attention mask as their last wire.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from engine.errors import Text, text
from engine.fields import Bool, Choice, Float, Int, IntTuple, Params, Shape
from engine.layers.common import ActivityRegularized, BiasWeights, KernelWeights, seed_field
from engine.layers.spec import LAYERS, LayerSpec, Weighted


class Asking:
    """What all attention shares."""

    dropout = Float(
        0.0,
        min=0,
        max=1,
        open_max=True,
        label="Dropout",
        help="Part of the attention scores set to zero while training.",
    )
    use_causal_mask = Bool(
        False,
        label="Causal mask",
        help="Whether a step sees only itself and earlier ones, as a decoder that writes must.",
    )
    return_attention_scores = Bool(
        False,
        advanced=True,
        label="Return scores",
        help="Whether the scores are given out too; a Pick output layer takes them.",
    )


class Attending(LayerSpec):
    """What attention layers share; no layer of its own."""

    category = "attention"
    min_inputs, max_inputs = 2, 3
    in_call = ("use_causal_mask", "return_attention_scores")

    @classmethod
    def outputs(cls, params: Params) -> int:
        return 2 if params["return_attention_scores"] else 1


class Heads(Attending, Weighted):
    """What attention with several heads shares; no layer of its own."""

    ranks: ClassVar[tuple[int, ...]] = (3, 4, 5)
    spread = True
    own = ("attention_mask",)
    attention_mask = Bool(
        False,
        advanced=True,
        label="Attention mask",
        help="Whether the last wire says which steps of the value each step of the query may look"
        " at: yes or no, query × value.",
    )

    @classmethod
    def most_inputs(cls, params: Params) -> int | None:
        return 4 if params["attention_mask"] else 3

    @classmethod
    def given(cls, tensors: Sequence[Any], params: Params) -> tuple[list[Any], dict[str, Any]]:
        """Return query and value by place, the key and the attention mask by their names."""
        attending, named = list(tensors), {}
        if params["attention_mask"] and len(attending) > 2:
            named["attention_mask"] = attending.pop()
        return attending[:2], dict(zip(("key",), attending[2:], strict=False)) | named


class HeadOptions:
    """What attention with several heads can be told."""

    seed = seed_field()

    use_gate = Bool(
        False,
        advanced=True,
        label="Gate",
        help="Whether a learned gate decides how much of each head passes.",
    )
    sliding_window = Int(
        None,
        min=1,
        optional=True,
        advanced=True,
        unit="steps",
        label="Sliding window",
        help="How far back a step sees; empty for the whole sequence.",
    )


@LAYERS.register("MultiHeadAttention")
class MultiHeadAttention(
    Asking, KernelWeights, BiasWeights, ActivityRegularized, HeadOptions, Heads
):
    """Attention with several heads that each look for something else: the heart of transformers.

    Attention Is All You Need, Vaswani et al., 2017.
    """

    title, leading = "MultiHeadAttention", ("num_heads", "key_dim")
    search = ("transformer", "self-attention", "mha", "多头注意力", "自注意力", "注意力")
    num_heads = Int(4, min=1, max=1024, label="Heads", help="Number of heads.")
    key_dim = Int(32, min=1, label="Key size", help="Size of query and key in each head.")
    value_dim = Int(
        None,
        min=1,
        optional=True,
        advanced=True,
        label="Value size",
        help="Size of the value in each head; empty for the key's.",
    )
    output_shape = Shape(
        None,
        allow_any=False,
        optional=True,
        advanced=True,
        label="Output shape",
        help="Shape of each step of the output; empty for the query's.",
    )
    attention_axes = IntTuple(
        None,
        length=None,
        min=-7,
        max=7,
        optional=True,
        advanced=True,
        label="Attention axes",
        help="Axes over which attention goes; empty for all but batch, heads and features.",
    )

    @classmethod
    def summary(cls, params: Params) -> Text:
        return text("{heads} heads of {size}", heads=params["num_heads"], size=params["key_dim"])


@LAYERS.register("GroupQueryAttention")
class GroupQueryAttention(
    Asking, KernelWeights, BiasWeights, ActivityRegularized, HeadOptions, Heads
):
    """Attention in which several query heads share a key and a value: less memory, as in Llama.

    GQA, Ainslie et al., 2023.
    """

    title, ranks = "GroupQueryAttention", (3,)
    leading = ("head_dim", "num_query_heads", "num_key_value_heads")
    search = ("gqa", "transformer", "llama", "self-attention", "分组查询注意力", "注意力")
    head_dim = Int(32, min=1, label="Head size", help="Size of query, key and value of a head.")
    num_query_heads = Int(4, min=1, max=1024, label="Query heads", help="Number of query heads.")
    num_key_value_heads = Int(
        2,
        min=1,
        max=1024,
        label="Key and value heads",
        help="Number of key and value heads; divides the number of query heads.",
    )

    @classmethod
    def summary(cls, params: Params) -> Text:
        return text(
            "{heads} heads of {size}", heads=params["num_query_heads"], size=params["head_dim"]
        )

    @classmethod
    def check_together(cls, values: Params) -> dict[str, Text]:
        if values["num_query_heads"] % values["num_key_value_heads"] == 0:
            return {}
        message = text(
            "{queries} query heads cannot be shared among {keys} equal groups.",
            queries=values["num_query_heads"],
            keys=values["num_key_value_heads"],
        )
        return {"num_key_value_heads": message}


@LAYERS.register("Attention")
class Attention(Asking, Attending):
    """Dot-product attention without weights: each query takes a mean of the values.

    Effective Approaches to Attention-based Neural Machine Translation, Luong et al., 2015.
    """

    title, ranks = "Attention", (3,)
    search = ("luong", "dot product", "seq2seq", "注意力", "点积注意力")
    use_scale = Bool(
        False, label="Scale", help="Whether the scores are multiplied by a learned number."
    )
    score_mode = Choice(
        "dot",
        options=("dot", "concat"),
        label="Score",
        help="“dot” multiplies query and key; “concat” adds them and takes tanh.",
    )
    seed = seed_field()


@LAYERS.register("AdditiveAttention")
class AdditiveAttention(Asking, Attending, Weighted):
    """Attention whose scores are the sum of tanh(query + key).

    Neural Machine Translation by Jointly Learning to Align and Translate, Bahdanau et al., 2015.
    """

    title, ranks = "AdditiveAttention", (3,)
    search = ("bahdanau", "seq2seq", "注意力", "加性注意力")
    use_scale = Bool(
        True, label="Scale", help="Whether each feature of the sum has a learned weight."
    )
