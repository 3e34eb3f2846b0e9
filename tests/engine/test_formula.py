"""Formulas are arithmetic and nothing else."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.formula import FUNCTIONS, Formula, FormulaProblem, Slices, problem_of

HOSTILE = [
    "__import__('os').system('true')",
    "a.__class__",
    "().__class__.__bases__",
    "(lambda: 1)()",
    "[x for x in a]",
    "open('f')",
    "exec('1')",
    "a if a else b",
    "f'{a}'",
    "a[0]",
    "a := 1",
    "print",
    "mean(a, b)",
    "exp(a, keepdims=True)",
    "exp(*a)",
    "'text'",
    "1j * a",
    "a and b",
    "a" * 2000,
    "+".join(["a"] * 400),
    "(" * 900 + "a" + ")" * 900,
    "9 ** 9 ** 9 ** 9",
    "1e400 * a",
    "",
    "a +",
    "a\nb",
    "\0",
    None,
    3,
]


@pytest.mark.parametrize("words", HOSTILE, ids=lambda words: str(words)[:20])
def test_what_is_no_arithmetic_is_refused_in_a_sentence(words: Any) -> None:
    if words == "9 ** 9 ** 9 ** 9":
        assert problem_of(words) is not None  # It uses no input.
        with pytest.raises(FormulaProblem):
            Formula.parse(f"a + {words}").apply(numpy_keras(), [np.ones(1)])
        return
    problem = problem_of(words)
    assert problem is not None and str(problem).endswith((".", "1.", "…"))


def numpy_keras() -> Any:
    """Return what a formula needs of Keras, computed by NumPy."""
    ops = SimpleNamespace(
        **{name: getattr(np, name) for name in FUNCTIONS if hasattr(np, name)},
        add=np.add,
        subtract=np.subtract,
        multiply=np.multiply,
        divide=np.divide,
        floor_divide=np.floor_divide,
        mod=np.mod,
        greater=np.greater,
        less=np.less,
    )
    ops.power = np.power
    return SimpleNamespace(ops=ops)


A, B = np.array([1.0, 4.0]), np.array([2.0, -3.0])


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("a", A),
        ("x * 2 + 1", A * 2 + 1),
        ("-(a - b) / 2", -(A - B) / 2),
        ("2 ** 3 * a", 8 * A),
        ("a ** 2 % 5 // 2", A**2 % 5 // 2),
        ("maximum(a, b) - sqrt(a)", np.maximum(A, B) - np.sqrt(A)),
        ("where(b > 0, a, 0)", np.where(B > 0, A, 0)),
        ("sum(a * b, -1)", np.sum(A * B, -1)),
        ("clip(a * pi, 0, 5)", np.clip(A * math.pi, 0, 5)),
    ],
)
def test_formulas_compute(formula: str, value: Any) -> None:
    assert problem_of(formula) is None
    parsed = Formula.parse(formula)
    np.testing.assert_allclose(parsed.apply(numpy_keras(), [A, B]), value)
    code = parsed.code(["first", "second"])
    space = {"first": A, "second": B, "keras": numpy_keras()}
    np.testing.assert_allclose(eval(code, space), value)  # Code is what people run.


def test_a_formula_needs_its_inputs() -> None:
    with pytest.raises(FormulaProblem, match="only 2 inputs"):
        Formula.parse("a + c").apply(numpy_keras(), [A, B])
    assert problem_of("1 + 2") is not None


ENDS = st.none() | st.integers(-9, 9)
PLACES = (
    st.integers(-9, 9)
    | st.builds(slice, ENDS, ENDS)
    | st.builds(slice, ENDS, ENDS, st.integers(1, 3))
    | st.just(Ellipsis)
    | st.none()
)


@given(key=PLACES | st.lists(PLACES, min_size=1, max_size=4).map(tuple))
def test_places_are_read_as_they_are_written(key: Any) -> None:
    assert Slices.parse(Slices.write(key)) == key


@pytest.mark.parametrize(
    "words", ["", "a", "0][1", "0] + x[1", "1.5", "'a'", "exit()", ":, b", "[0, 1]", "9" * 30, None]
)
def test_other_places_are_refused(words: Any) -> None:
    assert Slices.problem(words) is not None
