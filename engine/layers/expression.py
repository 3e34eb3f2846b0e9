"""Expression: a formula on tensors, in the place of most Lambda layers."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from types import ModuleType
from typing import Any

from engine.errors import Text, text
from engine.fields import Params, String
from engine.formula import Formula, problem_of
from engine.layers.operation import Applied, Operation
from engine.layers.spec import LAYERS


@LAYERS.register("Expression")
class Expression(Operation):
    """Computes a formula of its inputs a, b, c …, such as a * sigmoid(b) + 1.

    The formula is read, never executed, and becomes operations of Keras, so that the model needs
    nothing but Keras to be loaded.
    """

    title, max_inputs = "Expression", None
    search = ("lambda", "formula", "arithmetic", "math", "公式", "表达式", "运算")
    formula = String(
        "2 * a",
        label="Formula",
        help="a is the first input, b the second. Numbers, + - * / **, comparisons, and functions"
        " such as exp, sqrt, sigmoid, relu, mean(a, -1), maximum(a, b), clip(a, 0, 1).",
    )

    @classmethod
    def summary(cls, params: Params) -> Text:
        return text("{formula}", formula=str(params["formula"])[:40])

    @classmethod
    def check_together(cls, values: Params) -> dict[str, Text]:
        problem = problem_of(values["formula"])
        return {"formula": problem} if problem else {}

    @classmethod
    def make(cls, keras: ModuleType, params: Params, name: str | None) -> Any:
        formula = Formula.parse(cls.complete(params)["formula"])

        return Applied(keras, lambda *tensors: formula.apply(keras, tensors), name)

    @classmethod
    def written(cls, names: Sequence[str], params: Params) -> str:
        formula = Formula.parse(params["formula"])
        if formula.inputs() > len(names):
            return ""
        code = formula.code(names)
        # Of a formula that changes nothing, Keras needs a layer all the same.
        return f"layers.Identity()({code})" if isinstance(formula.tree, ast.Name) else code
