"""Operations that rearrange, join, take apart and select."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine.errors import Text, text
from engine.fields import Choice, Float, Int, IntTuple, Pairs, Params, Shape, String
from engine.formula import Slices
from engine.layers.operation import Applied, Listed, Operation, Row, declare
from engine.layers.operations_reduction import ONE_ROW, one_axis
from engine.layers.spec import LAYERS

ALL_AXES = "Sizes of all axes, that of the samples too; −1 once, for what is left over."


def axes(label: str, help: str, default: Any = None, *, optional: bool = False) -> IntTuple:
    """Declare axes by their numbers."""
    return IntTuple(
        default,
        length=None,
        min=-8,
        max=7,
        optional=optional or default is None,
        label=label,
        help=help,
    )


declare(
    "reshape",
    Operation,
    "Gives the tensor another shape, the axis of the samples included.",
    ("shape", "变形", "重塑"),
    places=("newshape",),
    leading=("newshape",),
    newshape=IntTuple([-1, 1], length=None, min=-1, label="New shape", help=ALL_AXES),
)
declare(
    "transpose",
    Operation,
    "Puts the axes into another order.",
    ("swap", "permute", "转置"),
    places=("axes",),
    axes=axes("Order of axes", "Numbers of all axes in their new order; empty turns them round."),
)
declare(
    "expand_dims",
    Operation,
    "Puts in an axis of size 1.",
    ("unsqueeze", "axis", "扩展维度"),
    places=("axis",),
    leading=("axis",),
    axis=axes("Axis", "Number of the new axis; −1 makes it the last.", -1),
)
declare(
    "squeeze",
    Operation,
    "Removes axes of size 1.",
    ("axis", "压缩维度"),
    places=("axis",),
    axis=axes("Axis", "Axis, or axes, of size 1; empty for all of them."),
)
declare(
    "swapaxes",
    Operation,
    "Swaps two axes.",
    ("transpose", "交换维度"),
    places=("axis1", "axis2"),
    leading=("axis1", "axis2"),
    axis1=Int(1, min=-8, max=7, label="First axis", help="One of the two; 0 counts the samples."),
    axis2=Int(2, min=-8, max=7, label="Second axis", help="The other one."),
)
declare(
    "moveaxis",
    Operation,
    "Moves axes to other places.",
    ("transpose", "移动维度"),
    places=("source", "destination"),
    leading=("source", "destination"),
    source=axes("From", "Axis, or axes, to move.", 1),
    destination=axes("To", "Where they go.", -1),
)
declare(
    "concatenate",
    Listed,
    "Joins tensors one after the other along an axis.",
    ("join", "拼接"),
    places=("axis",),
    always={"axis": 0},
    axis=one_axis(-1, "Axis along which they are joined; −1 is the last."),
)
declare(
    "stack",
    Listed,
    "Puts tensors on top of each other along a new axis.",
    ("join", "堆叠"),
    places=("axis",),
    always={"axis": 0},
    axis=one_axis(1, "Number of the new axis; 0 would stand before the samples."),
)


def _pieces(cls: type[Operation], params: Params) -> int:
    cut = params["indices_or_sections"]
    return len(cut) + 1 if isinstance(cut, (list, tuple)) else cut if isinstance(cut, int) else 1


declare(
    "split",
    Operation,
    "Takes a tensor apart along an axis; Pick output layers take the pieces.",
    ("chunk", "slice", "拆分", "切分"),
    places=("indices_or_sections", "axis"),
    leading=("indices_or_sections",),
    outputs=classmethod(_pieces),
    indices_or_sections=IntTuple(
        2,
        length=None,
        min=1,
        label="Pieces",
        help="Number of equal pieces, or with commas the places at which to cut.",
    ),
    always={"axis": 0},
    axis=one_axis(-1, "Axis along which it is cut; 0 would split the batch."),
)
declare(
    "unstack",
    Operation,
    "Takes a tensor apart into the slices of an axis; Pick output layers take them.",
    ("slice", "拆开"),
    places=("num", "axis"),
    outputs=classmethod(lambda cls, params: params["num"] if isinstance(params["num"], int) else 1),
    num=Int(2, min=1, max=10_000, label="Size", help="Size of the axis."),
    always={"num": None, "axis": 0},
    axis=one_axis(1, "Axis that disappears; 0 counts the samples."),
)
declare(
    "tile",
    Operation,
    "Repeats the whole tensor along its axes.",
    ("copy", "重复", "平铺"),
    places=("repeats",),
    leading=("repeats",),
    repeats=IntTuple(
        [1, 2], length=None, label="Repeats", help="How often along each axis, 1 for the samples."
    ),
)
declare(
    "repeat",
    Operation,
    "Repeats each value along an axis.",
    ("copy", "重复"),
    places=("repeats", "axis"),
    leading=("repeats",),
    repeats=IntTuple(2, length=None, min=1, label="Repeats", help="How often each is repeated."),
    always={"axis": None},
    axis=one_axis(1, f"Axis along which it is repeated; {ONE_ROW}", optional=True),
)
declare(
    "flip",
    Operation,
    "Turns the order of an axis round.",
    ("reverse", "mirror", "翻转"),
    places=("axis",),
    always={"axis": None},
    axis=axes("Axis", "Axis, or axes, to turn round; empty for all.", 1, optional=True),
)
declare(
    "roll",
    Operation,
    "Shifts values along an axis; what leaves at one end comes in at the other.",
    ("shift", "cyclic", "滚动", "平移"),
    places=("shift", "axis"),
    leading=("shift",),
    shift=IntTuple(1, length=None, min=None, label="Shift", help="By how many places."),
    always={"axis": None},
    axis=axes("Axis", f"Axis, or axes, to shift along; {ONE_ROW}", 1, optional=True),
)
declare(
    "pad",
    Operation,
    "Adds values before and after each axis.",
    ("border", "填充"),
    places=("pad_width", "mode", "constant_values"),
    leading=("pad_width",),
    pad_width=Pairs(
        [[0, 0], [1, 1]],
        length=None,
        label="Padding",
        help="A pair for each axis, before and behind; (0, 0) first, for the samples.",
    ),
    mode=Choice(
        "constant",
        options=("constant", "edge", "reflect", "symmetric", "wrap"),
        label="Mode",
        help="What is added: one value, the border, or the tensor mirrored or repeated.",
    ),
    constant_values=Float(
        None, optional=True, label="Value", help="The value that is added; empty for 0."
    ),
)
declare(
    "broadcast_to",
    Operation,
    "Repeats a tensor until it has a shape.",
    ("repeat", "广播"),
    places=("shape",),
    leading=("shape",),
    shape=Shape([8, 8], allow_any=False, label="Shape", help="Sizes of all axes."),
)
declare(
    "slice",
    Operation,
    "Cuts a block of fixed size out of a tensor.",
    ("crop", "切片"),
    places=("start_indices", "shape"),
    leading=("start_indices", "shape"),
    start_indices=IntTuple(
        [0, 0], length=None, min=0, label="Start", help="First place of each axis."
    ),
    shape=IntTuple([1, 1], length=None, min=-1, label="Size", help="Size along each axis."),
)
declare(
    "take",
    Operation,
    "Takes the values at the places that the second input names.",
    ("gather", "index", "取值", "索引"),
    min_inputs=2,
    max_inputs=2,
    places=("axis",),
    always={"axis": None},
    axis=one_axis(1, f"Axis along which places count; {ONE_ROW}", optional=True),
)
declare(
    "take_places",
    Operation,
    "Takes the values at fixed places of an axis.",
    ("gather", "index", "choose", "取值", "索引"),
    title="take (fixed places)",
    keras_name=classmethod(lambda cls: "take"),
    places=("indices", "axis"),
    leading=("indices",),
    indices=IntTuple(
        0, length=None, min=None, label="Places", help="Numbers of the places, from 0 on."
    ),
    always={"axis": None},
    axis=one_axis(1, f"Axis along which places count; {ONE_ROW}", optional=True),
)
declare(
    "take_along_axis",
    Operation,
    "Takes the values at the places that the second input names, row by row.",
    ("gather", "index", "取值", "索引"),
    min_inputs=2,
    max_inputs=2,
    places=("axis",),
    always={"axis": None},
    axis=one_axis(1, f"Axis along which places count; {ONE_ROW}", optional=True),
)
declare(
    "one_hot",
    Operation,
    "Turns whole numbers into vectors with a single 1.",
    ("category", "独热编码"),
    places=("num_classes", "axis", "dtype"),
    leading=("num_classes",),
    num_classes=Int(10, min=1, label="Classes", help="Length of the vectors."),
    axis=one_axis(-1, "Number of the new axis; −1 makes it the last."),
    dtype=Choice(
        None,
        options=("float32", "float16", "int32", "bool"),
        optional=True,
        advanced=True,
        label="Data type",
        help="Type of the result; none for float32.",
    ),
)
TRIANGLES: tuple[Row, ...] = (
    ("tril", "Sets what lies above a diagonal to 0.", ("triangle", "mask", "下三角")),
    ("triu", "Sets what lies below a diagonal to 0.", ("triangle", "mask", "上三角")),
)
for _row in TRIANGLES:
    declare(
        _row[0],
        Operation,
        *_row[1:],
        places=("k",),
        k=Int(0, min=-10_000, max=10_000, label="Diagonal", help="0 is the main one."),
    )
declare(
    "einsum",
    Operation,
    "Multiplies and sums tensors along axes that letters name.",
    ("tensor", "product", "contraction", "爱因斯坦求和", "张量"),
    max_inputs=None,
    before=("subscripts",),
    leading=("subscripts",),
    subscripts=String(
        "ij->ji",
        label="Equation",
        help="Letters of the axes of each input, with commas, -> and those of the result.",
    ),
)


@LAYERS.register("ops.get_item")
class GetItem(Operation):
    """Selects by place: x[:, 0] takes the first step of a sequence."""

    title = "get_item"
    search = ("slice", "index", "crop", "select", "切片", "索引", "选取")
    key_text = String(
        ":, 0",
        label="Places",
        help="As in Python between [ ]: a number, a range such as 1:3, : for all, with commas."
        " The first stands for the samples.",
    )

    @classmethod
    def summary(cls, params: Params) -> Text:
        return text("[{places}]", places=params["key_text"])

    @classmethod
    def check_together(cls, values: Params) -> dict[str, Text]:
        problem = Slices.problem(values["key_text"])
        return {"key_text": problem} if problem else {}

    @classmethod
    def make(cls, keras: Any, params: Params, name: str | None) -> Any:
        key = Slices.parse(cls.complete(params)["key_text"])
        return Applied(keras, lambda tensor: tensor[key], name)

    @classmethod
    def written(cls, names: Sequence[str], params: Params) -> str:
        return f"{names[0]}[{params['key_text']}]"
