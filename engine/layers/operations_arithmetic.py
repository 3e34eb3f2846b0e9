"""Operations on single values: arithmetic, functions, comparisons."""

from __future__ import annotations

from engine.fields import Choice, Float, Int
from engine.layers.operation import Operation, Row, declare


class Binary(Operation):
    """Operations on two tensors, value by value; no operation of its own."""

    min_inputs = max_inputs = 2


UNARY: tuple[Row, ...] = (
    ("abs", "The absolute value of each value.", ("magnitude", "绝对值")),
    ("negative", "Each value with the other sign.", ("minus", "取负")),
    ("exp", "e to the power of each value.", ("exponential", "指数")),
    ("expm1", "e to the power of each value, minus 1.", ("exponential", "指数")),
    ("log", "The natural logarithm of each value.", ("ln", "对数")),
    ("log1p", "The natural logarithm of 1 plus each value.", ("ln", "对数")),
    ("log2", "The logarithm to the base 2.", ("binary", "对数")),
    ("log10", "The logarithm to the base 10.", ("decimal", "对数")),
    ("sqrt", "The square root of each value.", ("root", "平方根")),
    ("rsqrt", "1 divided by the square root of each value.", ("root", "平方根倒数")),
    ("square", "Each value times itself.", ("power", "平方")),
    ("reciprocal", "1 divided by each value.", ("inverse", "倒数")),
    ("sign", "−1, 0 or 1 by the sign of each value.", ("signum", "符号")),
    ("floor", "Each value rounded down.", ("round", "向下取整")),
    ("ceil", "Each value rounded up.", ("round", "向上取整")),
    ("sin", "The sine of each value.", ("trigonometry", "正弦")),
    ("cos", "The cosine of each value.", ("trigonometry", "余弦")),
    ("tan", "The tangent of each value.", ("trigonometry", "正切")),
    ("arcsin", "The inverse of the sine.", ("trigonometry", "反正弦")),
    ("arccos", "The inverse of the cosine.", ("trigonometry", "反余弦")),
    ("arctan", "The inverse of the tangent.", ("trigonometry", "反正切")),
    ("sinh", "The hyperbolic sine of each value.", ("trigonometry", "双曲正弦")),
    ("cosh", "The hyperbolic cosine of each value.", ("trigonometry", "双曲余弦")),
    ("erf", "The error function of each value.", ("gauss", "误差函数")),
    ("logical_not", "Whether each value is 0.", ("boolean", "逻辑非")),
    ("isnan", "Whether each value is not a number.", ("check", "非数")),
    ("isfinite", "Whether each value is finite.", ("check", "有限")),
    (
        "stop_gradient",
        "Passes values on; nothing is learned through it.",
        ("detach", "停止梯度"),
    ),
)
for _row in UNARY:
    declare(_row[0], Operation, *_row[1:])

BINARY: tuple[Row, ...] = (
    ("divide", "The first input divided by the second.", ("quotient", "相除", "除法")),
    ("floor_divide", "The whole part of the quotient.", ("integer division", "整除")),
    ("mod", "What is left over of a division.", ("remainder", "取余")),
    ("power", "The first input to the power of the second.", ("exponent", "幂", "乘方")),
    ("arctan2", "The angle of the point with these coordinates.", ("angle", "反正切")),
    ("equal", "Whether the inputs are equal, place by place.", ("compare", "等于")),
    ("not_equal", "Whether the inputs differ, place by place.", ("compare", "不等于")),
    ("greater", "Whether the first input is greater.", ("compare", "大于")),
    ("greater_equal", "Whether the first input is not smaller.", ("compare", "大于等于")),
    ("less", "Whether the first input is smaller.", ("compare", "小于")),
    ("less_equal", "Whether the first input is not greater.", ("compare", "小于等于")),
    ("logical_and", "Whether both inputs are true.", ("boolean", "逻辑与")),
    ("logical_or", "Whether one of the inputs is true.", ("boolean", "逻辑或")),
    ("logical_xor", "Whether just one of the inputs is true.", ("boolean", "逻辑异或")),
    ("matmul", "The matrix product of the last two axes.", ("product", "矩阵乘法")),
    ("dot", "The product of vectors or matrices, the last axis summed away.", ("product", "点积")),
    ("outer", "Each value of the first input times each of the second.", ("product", "外积")),
)
for _row in BINARY:
    declare(_row[0], Binary, *_row[1:])

declare(
    "where",
    Operation,
    "Takes from the second input where the first is true, else from the third.",
    ("choose", "condition", "mask", "条件", "选择"),
    min_inputs=3,
    max_inputs=3,
)
declare(
    "round",
    Operation,
    "Each value rounded.",
    ("decimals", "四舍五入"),
    places=("decimals",),
    decimals=Int(0, min=-20, max=20, label="Decimals", help="Digits behind the point."),
)
declare(
    "clip",
    Operation,
    "Holds values between two limits.",
    ("clamp", "limit", "裁剪", "截断"),
    places=("x_min", "x_max"),
    leading=("x_min", "x_max"),
    x_min=Float(0.0, label="Least", help="Smaller values become this."),
    x_max=Float(1.0, label="Most", help="Greater values become this."),
)
declare(
    "cast",
    Operation,
    "Turns values into another type.",
    ("convert", "dtype", "类型转换"),
    places=("dtype",),
    leading=("dtype",),
    dtype=Choice(
        "float32",
        options=("float32", "float16", "bfloat16", "float64", "int32", "int64", "uint8", "bool"),
        label="Data type",
        help="Type of the result.",
    ),
)
