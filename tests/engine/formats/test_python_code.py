"""The exported script is always Python, short and broken where people break lines."""

from __future__ import annotations

import ast
from typing import Any

import pytest
from helpers.networks import network, template
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.formats.project import read_project
from engine.formats.python_code import to_python
from engine.formats.python_writer import WIDTH, Names, call, listing, literal
from engine.graph.document import Document, Edge, Network, Node, Part, Recipe
from engine.layers import LAYERS
from engine.paths import TEMPLATES

ALL_TEMPLATES = sorted(TEMPLATES.glob("*.netloom"))


def lines_of(document: Document) -> list[str]:
    script = to_python(document)
    compile(script, "script", "exec")
    return script.splitlines()


@pytest.mark.parametrize("path", ALL_TEMPLATES, ids=lambda path: path.stem)
def test_templates_become_tidy_scripts(path: Any) -> None:
    document = read_project(path)
    lines = lines_of(document)
    assert all(len(line) <= WIDTH for line in lines)
    assert all(line == line.rstrip() for line in lines)
    assert not any("To do" in line for line in lines)
    assert lines[-1].startswith('model.save("')


def test_a_chain_reads_as_people_write_it() -> None:
    lines = lines_of(template("lenet"))
    start = lines.index("# The network")
    assert lines[start + 1 : start + 4] == [
        'image = keras.Input(shape=(28, 28, 1), name="image")',
        'x = layers.Conv2D(6, 5, padding="same", activation="relu", name="conv1")(image)',
        'x = layers.MaxPooling2D(2, name="pool1")(x)',
    ]


def test_names_that_keras_gives_by_itself_are_not_written() -> None:
    rows = [("input", "Input", {"shape": [4]}), ("dense_1", "Dense", {"units": 2})]
    assert "dense_1 = layers.Dense(2)(inputs)" in lines_of(Document(network(rows)))


def test_a_shared_layer_is_made_once_and_called_twice() -> None:
    nodes = [
        Node(id="left", layer="Input", params={"shape": [4]}, order=0),
        Node(id="right", layer="Input", params={"shape": [4]}, order=1),
        Node(id="twin", layer="Dense", params={"units": 3}, order=2),
        Node(id="again", layer="Dense", shares="twin", order=3),
        Node(id="dot", layer="Dot", order=4),
    ]
    edges = [("left", "twin"), ("right", "again"), ("twin", "dot", 0), ("again", "dot", 1)]
    lines = lines_of(Document(Network(nodes, [Edge(*edge) for edge in edges])))
    assert lines.count('twin_layer = layers.Dense(3, name="twin")') == 1
    assert "twin = twin_layer(left)" in lines
    assert "again = twin_layer(right)" in lines
    assert "dot = layers.Dot(-1)([twin, again])" in lines
    assert "x_train = [x_train] * 2" in lines


def test_a_wrapper_holds_its_layer() -> None:
    held = {"layer": "GRU", "params": {"units": 8, "return_sequences": True}}
    rows = [
        ("input", "Input", {"shape": [None, 4]}),
        ("both", "Bidirectional", {"layer": held, "merge_mode": "sum"}),
    ]
    lines = lines_of(Document(network(rows)))
    start = lines.index("both = layers.Bidirectional(")
    assert lines[start + 1 : start + 3] == [
        '    layers.GRU(8, return_sequences=True), merge_mode="sum", name="both"',
        ")(inputs)",
    ]


def test_what_is_missing_stands_in_a_comment() -> None:
    rows = [("input", "Input", {"shape": [4]}), ("dense", "Dense", {})]
    lines = lines_of(Document(network(rows, edges=[])))
    assert any(line.startswith("# To do: ") for line in lines)
    assert not any("model.fit" in line for line in lines)
    assert lines_of(Document())


def test_one_hot_losses_get_one_hot_targets() -> None:
    rows = [("input", "Input", {"shape": [4]}), ("kind", "Dense", {"units": 3})]
    recipe = Recipe(loss="categorical_crossentropy")
    lines = lines_of(Document(network(rows), data=Part("iris"), recipe=recipe))
    assert "y_train = keras.utils.to_categorical(y_train, 3)" in lines


def test_many_branches_are_broken_into_lines() -> None:
    names = [f"a_rather_long_branch_{number}" for number in range(9)]
    rows = [("input", "Input", {"shape": [4]}), *((name, "Dense", {}) for name in names)]
    rows += [("sum", "Add", {})]
    edges = [("input", name) for name in names]
    edges += [(name, "sum", number) for number, name in enumerate(names)]
    lines = lines_of(Document(network(rows, edges)))
    assert all(len(line) <= WIDTH for line in lines)
    assert "    a_rather_long_branch_8," in [line[4:] for line in lines]


def test_names_are_free_and_legal() -> None:
    names = Names(["x"])
    wishes = ["x", "conv 1", "conv-1", "1st", "输入", "for", "input", "sum", "", "!", "Ünïcode"]
    taken = [names.take(wish) for wish in wishes]
    assert len(set(taken)) == len(taken)
    assert all(name.isidentifier() for name in taken)
    assert taken[:3] == ["x_2", "conv_1", "conv_1_2"]
    assert "for" not in taken and "sum" not in taken and "inputs" in taken


def test_values_are_written_as_python() -> None:
    for value in ('it\'s "x"\n', (3,), (1, (2, None)), {"a": (True, 0.1)}, -1, None):
        assert ast.literal_eval(literal(value)) == value
    assert literal([1, 2]) == "(1, 2)"
    assert literal(float("inf")) == 'float("inf")'


def test_long_calls_have_one_argument_a_line() -> None:
    arguments = [f"argument_{number}=1234567890" for number in range(6)]
    assert call("f", arguments).splitlines()[1] == "    argument_0=1234567890,"
    assert call("f", []) == "f()"
    assert listing(["a"]) == "a" and listing(["a", "b"]) == "[a, b]"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)
KEYS = st.sampled_from(LAYERS.keys()) | st.text(max_size=12)
NAMES = st.sampled_from(sorted({name for spec in LAYERS for name in spec.fields}))


@settings(max_examples=40)
@given(
    title=st.text(),
    notes=st.text(),
    keys=st.lists(KEYS, min_size=1, max_size=4),
    params=st.dictionaries(NAMES | st.text(max_size=9), JSON, max_size=4),
    kind=st.sampled_from(["digits", "iris", "diabetes", "npz", "mnist", "", "x\ny"]),
    loss=st.text(max_size=9) | st.sampled_from(["categorical_crossentropy", "hinge"]),
)
def test_whatever_a_file_holds_the_script_is_python(
    title: str, notes: str, keys: list[str], params: Any, kind: str, loss: str
) -> None:
    rows: list[Any] = [("in", "Input", params)]
    rows += [(f"n {number}\n", key, params) for number, key in enumerate(keys)]
    document = Document(
        network(rows),
        title=title,
        notes=notes,
        data=Part(kind, params),
        recipe=Recipe(loss=loss, optimizer=Part("adam", params), metrics=("accuracy", title)),
    )
    tree = ast.parse(to_python(document))
    # Nothing from the file may run as code: only our own imports are there.
    roots = {"keras", "numpy", "os", "sklearn"}
    own: set[str] = set()
    for item in ast.walk(tree):
        if isinstance(item, ast.Import):
            assert {alias.name.split(".")[0] for alias in item.names} <= roots
        if isinstance(item, ast.ImportFrom):
            # A layer of one's own comes from the file that its user puts beside the script.
            beside = "Custom" in keys and "." not in str(item.module)
            assert str(item.module).split(".")[0] in roots or beside
            if beside:
                own |= {alias.asname or alias.name for alias in item.names}
        if isinstance(item, ast.Call) and isinstance(item.func, ast.Name):
            assert item.func.id in (
                *("train_test_split", "StandardScaler", "float"),
                *("load_digits", "load_iris", "load_diabetes"),
                *own,
            ) or item.func.id.endswith("_layer")


def test_two_thousand_layers_are_written_at_once() -> None:
    rows: list[Any] = [("input", "Input", {"shape": [4]})]
    rows += [(f"dense_{number}", "Dense", {"units": 4}) for number in range(2000)]
    assert sum("layers.Dense" in line for line in lines_of(Document(network(rows)))) == 2000
