"""Nothing that people or files call things becomes code of a script."""

from __future__ import annotations

import ast
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.formats.python_alone import script_of
from engine.formats.python_code import to_python
from engine.formats.python_writer import comment, literal
from engine.formula import Formula, FormulaProblem, Slices, problem_of
from engine.graph.document import Document, Edge, Network, Node

CODE = 'open("mark", "w")'
PIECES = st.one_of(
    st.text(max_size=6),
    st.sampled_from(
        [
            *('"', '""', '"""', "'''", "\\", "\0", "\n", "\r", "\x0c", "\x85", "\u2028", "#", "{"),
            *("\ud800", f"; {CODE} #", f"\n{CODE}\n", f"\n    {CODE}\n", "\x1a", "\x7f", "] # "),
        ]
    ),
)
WORDS = st.lists(PIECES, max_size=8).map("".join)


def document(title: str, notes: str, name: str, layer: str, words: str) -> Document:
    nodes = [
        Node(id="in", layer="Input", params={"shape": [4]}, order=0),
        Node(id=name or "own", layer="Dense", params={"units": 2, words: words}, order=1),
        Node(id="picked", layer="GetItem", params={"key_text": words}, order=2),
        Node(id="formula", layer="Expression", params={"formula": words}, order=3),
        Node(id="kept", layer=layer or "Kept", params={"activation": words}, order=4),
    ]
    edges = [Edge(one.id, other.id) for one, other in pairwise(nodes)]
    made = Document(Network(nodes, edges))
    made.title, made.notes = title, notes
    return made


@settings(deadline=None)
@given(WORDS, WORDS, WORDS, WORDS, WORDS)
def test_words_of_others_are_never_code(
    title: str, notes: str, name: str, layer: str, words: str
) -> None:
    if name in ("in", "picked", "formula", "kept"):
        return
    made = document(title, notes, name, layer, words)
    for script in (to_python(made), script_of(made)[0]):
        tree = ast.parse(script.encode("utf-8"))
        first = tree.body[0]
        assert isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
        for part in tree.body[1:]:
            assert not (isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant))
        called = [part.func for part in ast.walk(tree) if isinstance(part, ast.Call)]
        assert "open" not in {part.id for part in called if isinstance(part, ast.Name)}


@pytest.mark.parametrize("sign", ["\0", "\x1a", "\x7f", "\ud800", "\u2028"])
def test_a_sign_that_is_left_out_joins_no_quotes(sign: str) -> None:
    title = f'Net "{sign}""; {CODE} #'
    made = document(title, title, "own", "Kept", ":")
    tree = ast.parse(to_python(made).encode("utf-8"))
    assert CODE in (ast.get_docstring(tree) or "")
    assert not any(isinstance(part, ast.Call) and "open" in ast.dump(part.func)
                   for part in ast.walk(tree))  # fmt: skip


@given(WORDS)
def test_texts_are_read_as_they_are_written(words: str) -> None:
    assert ast.literal_eval(literal(words)) == words
    literal(words).encode("utf-8")
    assert ast.parse(comment(words).encode("utf-8")).body == []


# --- formulas and places -------------------------------------------------------------------


@pytest.mark.parametrize("words", ["0] # ", "0] #", "0 # a", "0\n", "0] # \n, 1", "0] + x[1"])
def test_places_are_nothing_but_places(words: str) -> None:
    assert Slices.problem(words) is not None


@pytest.mark.parametrize("words", [":, 0, 1:3", "...", "::2", " 0 ", "0,", "-1:", "(0, 1)"])
def test_places_are_still_read(words: str) -> None:
    assert Slices.problem(words) is None


@pytest.mark.parametrize(
    "formula",
    ["9**9**9 + a", "a + 9**(9*9*9*9)", "a * (1e29 * 1e29)**9", "a + 1 / 0", "abs(9**9**9) * a"],
)
def test_numbers_without_end_are_refused(formula: str) -> None:
    assert problem_of(formula) is not None
    with pytest.raises(FormulaProblem):
        Formula.parse(formula)


def test_powers_of_numbers_are_written_as_what_they_are_here() -> None:
    assert Formula.parse("2**3**2 + x").code(["y"]) == "512.0 + y"
    assert Formula.parse("a ** (-3)**3").code(["y"]) == "y ** (-27.0)"
    assert Formula.parse("((-3)**3) ** a").code(["y"]) == "(-27.0) ** y"
    assert Formula.parse("2 * a ** 2").code(["y"]) == "2 * y ** 2"
