"""Operations that summarise axes, or run along them."""

from __future__ import annotations

from engine.fields import Bool, Choice, Float, Int, IntTuple
from engine.layers.operation import Operation, Row, declare

ONE_ROW = "empty for all values in one row, the samples too."


def one_axis(default: int | None, help: str, *, optional: bool = False) -> Int:
    """Declare an axis; axis 0 counts the samples of a batch."""
    return Int(default, optional=optional, min=-8, max=7, label="Axis", help=help)


class Reduction(Operation):
    """Operations that make one value of many; no operation of its own."""

    places, always = ("axis", "keepdims"), {"axis": None}
    axis = IntTuple(
        -1,
        length=None,
        min=-8,
        max=7,
        optional=True,
        label="Axis",
        help="Axis, or axes, that are summarised; empty for all, the samples too.",
    )
    keepdims = Bool(
        False,
        label="Keep axes",
        help="Whether the axes stay, with size 1, instead of disappearing.",
    )


class ArgReduction(Operation):
    """Reductions along one axis; no operation of its own."""

    places, always = ("axis", "keepdims"), {"axis": None}
    axis = one_axis(-1, f"Axis that is searched; {ONE_ROW}", optional=True)
    keepdims = Reduction.fields["keepdims"]


class Running(Operation):
    """Operations that go along an axis; no operation of its own."""

    places, always = ("axis",), {"axis": None}
    axis = one_axis(1, f"Axis along which it runs; {ONE_ROW}", optional=True)


class AlongLast(Operation):
    """Operations along an axis, mostly the last; no operation of its own."""

    places = ("axis",)
    axis = one_axis(-1, "Axis along which it goes; −1 is the last.")


REDUCTIONS: tuple[Row, ...] = (
    ("mean", "The mean along axes.", ("average", "平均")),
    ("sum", "The sum along axes.", ("add", "求和")),
    ("max", "The largest value along axes.", ("maximum", "最大值")),
    ("min", "The smallest value along axes.", ("minimum", "最小值")),
    ("prod", "The product along axes.", ("multiply", "乘积")),
    ("std", "The standard deviation along axes.", ("spread", "标准差")),
    ("var", "The variance along axes.", ("spread", "方差")),
    ("any", "Whether some value is true.", ("boolean", "任一")),
    ("all", "Whether every value is true.", ("boolean", "全部")),
    ("logsumexp", "The logarithm of the sum of exponentials.", ("softmax", "对数求和")),
)
for _row in REDUCTIONS:
    declare(_row[0], Reduction, *_row[1:])

SEARCHES: tuple[Row, ...] = (
    ("argmax", "The place of the largest value.", ("index", "class", "最大位置")),
    ("argmin", "The place of the smallest value.", ("index", "最小位置")),
)
for _row in SEARCHES:
    declare(_row[0], ArgReduction, *_row[1:])

RUNNING: tuple[Row, ...] = (
    ("cumsum", "The running sum along an axis.", ("cumulative", "累加")),
    ("cumprod", "The running product along an axis.", ("cumulative", "累乘")),
)
for _row in RUNNING:
    declare(_row[0], Running, *_row[1:])

ALONG: tuple[Row, ...] = (
    ("sort", "The values in order.", ("order", "排序")),
    ("argsort", "The places of the values in order.", ("order", "index", "排序")),
    ("softmax", "Shares that add up to 1 along an axis.", ("probability", "概率")),
    ("log_softmax", "Logarithms of shares that add up to 1.", ("probability", "概率", "对数")),
)
for _row in ALONG:
    declare(_row[0], AlongLast, *_row[1:])

declare(
    "norm",
    Operation,
    "The length of vectors, or another norm.",
    ("length", "euclidean", "l2", "范数"),
    places=("ord", "axis", "keepdims"),
    always={"axis": None},
    ord=Choice(
        None,
        options=("fro", "nuc"),
        optional=True,
        advanced=True,
        label="Norm",
        help="Which norm; none for the Euclidean one.",
    ),
    axis=Reduction.fields["axis"],
    keepdims=Reduction.fields["keepdims"],
)
declare(
    "normalize",
    Operation,
    "Scales vectors to length 1.",
    ("unit", "l2", "cosine", "归一化", "单位向量"),
    places=("axis", "order", "epsilon"),
    axis=one_axis(-1, "Axis of the vectors; −1 is the last."),
    order=Int(2, min=1, max=100, label="Order", help="1 for the sum of sizes, 2 for Euclid's."),
    epsilon=Float(None, optional=True, advanced=True, min=0, label="Epsilon", help="Least length."),
)
declare(
    "top_k",
    Operation,
    "The largest values of the last axis, and as a second output their places.",
    ("largest", "best", "最大", "前几"),
    places=("k", "sorted"),
    leading=("k",),
    outputs=classmethod(lambda cls, params: 2),
    k=Int(1, min=1, label="Count", help="How many values."),
    sorted=Bool(True, advanced=True, label="Sorted", help="Whether the largest comes first."),
)
