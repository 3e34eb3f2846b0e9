"""An edited script changes only what it says: ids, places and all that no script tells stay."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from helpers.networks import network, template
from helpers.random_networks import documents
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import EditRefused
from engine.fields import Params
from engine.formats.project import read_project, to_json
from engine.formats.python_reading.known import opaque_layers, written
from engine.formats.python_reading.matching import common
from engine.formats.python_reading.merging import Merged, merge
from engine.formats.python_reading.reading import read_python
from engine.formula import Formula
from engine.graph.analysis import output_ids
from engine.graph.calls import PICK, owner_of, picked
from engine.graph.document import Document, Network, NodeChange, Recipe
from engine.graph.geometry import CARD_HEIGHT
from engine.graph.history import History
from engine.layers import LAYERS
from engine.paths import TEMPLATES

ALL_TEMPLATES = sorted(TEMPLATES.glob("*.netloom"))


def edited(document: Document, *replacements: tuple[str, str]) -> Merged:
    """Let a document follow its script with some words replaced."""
    base = written(document)
    script = base.script
    for before, after in replacements:
        assert before in script
        script = script.replace(before, after, 1)
    reading = read_python(script, opaque_layers(document))
    assert reading.error is None, reading.error
    return merge(document, base, script, reading)


@pytest.mark.parametrize("path", ALL_TEMPLATES, ids=lambda path: path.stem)
def test_an_unchanged_script_of_a_template_changes_nothing(path: Any) -> None:
    document = read_project(path)
    assert all(written(document).ids)
    assert edited(document).edit.changes == ()


@given(documents())
def test_an_unchanged_script_of_any_network_changes_nothing(document: Document) -> None:
    base = written(document)
    assert len(base.ids) == len(base.reading.calls)
    assert all(base.ids)
    reading = read_python(base.script, opaque_layers(document))
    assert merge(document, base, base.script, reading).edit.changes == ()


def meant(network: Network, node_id: str) -> str:
    """Return the node whose tensor a node gives: itself, unless that has a name already."""
    node = network.nodes[node_id]
    if node.layer != PICK or not network.inputs(node_id):
        return node_id
    source, number = network.inputs(node_id)[0].source, picked(network, node_id)
    owner = owner_of(network, source)
    spec = LAYERS.find(owner.layer)
    several = owner.layer not in (PICK, "Input") and number > 0
    if spec is not None and several:
        several = number < spec.outputs(spec.complete(owner.params))
    if not several:
        return meant(network, source)
    behind = (edge.target for edge in network.outputs(source))
    return next(other for other in behind if picked(network, other) == number)


def said(layer: str, params: Params, sources: list[str]) -> list[str]:
    """Return what a script tells of a node's wires: of a formula, how it uses them."""
    if layer != "Expression":
        return sources
    formula = Formula.parse(LAYERS.get(layer).complete(params)["formula"])
    return [formula.code(sources)] if formula.inputs() <= len(sources) else sources


@given(documents())
def test_a_script_says_what_its_drawing_shows(document: Document) -> None:
    base = written(document)
    nodes = document.network.nodes
    for place, call in enumerate(base.reading.calls):
        node = nodes[base.ids[place]]
        assert call.layer.kind == ("Identity" if call.implied else node.layer)
        wires = document.network.inputs(node.id)
        sources = [meant(document.network, edge.source) for edge in wires]
        told = [base.ids[source] for source in call.sources]
        kind, params = node.layer, owner_of(document.network, node.id).params
        assert said(kind, call.layer.params, told) == said(kind, params, sources)


@given(documents())
def test_read_into_an_empty_document_the_network_is_the_same(document: Document) -> None:
    base = written(document)
    empty = Document()
    nothing = written(empty)
    merged = merge(empty, nothing, base.script, base.reading)
    History(empty).do(merged.edit)
    there = {old: new for old, new in zip(base.ids, merged.known.ids, strict=True) if new}
    for place, node_id in enumerate(base.ids):
        if base.reading.calls[place].used:
            assert node_id in there
    drawn = empty.network
    for old_id, new_id in there.items():
        old, new = document.network.nodes[old_id], drawn.nodes[new_id]
        owner = owner_of(document.network, old_id)
        implied = base.reading.calls[base.ids.index(old_id)].implied
        assert new.layer == ("Identity" if implied else old.layer)
        assert bool(new.shares) == any(
            drawn.nodes[other].shares == new.shares for other in there.values() if new.shares
        )
        wires = document.network.inputs(old_id)
        before = [there.get(meant(document.network, edge.source), "") for edge in wires]
        now = [edge.source for edge in drawn.inputs(new_id)]
        assert said(old.layer, new.params, now) == said(old.layer, owner.params, before)
    places = [node.at for node in drawn.nodes.values()]
    assert len(set(places)) == len(places)


def test_a_changed_parameter_is_one_change_of_one_node() -> None:
    document = template("lenet")
    before = dict(document.network.nodes)
    edit = edited(document, ("layers.Dense(120", "layers.Dense(99")).edit
    (change,) = edit.changes
    assert isinstance(change, NodeChange)
    assert change.before == before["fc1"]
    assert change.after is not None
    assert change.after.params == {**before["fc1"].params, "units": 99}
    assert change.after.at == before["fc1"].at


def test_what_no_script_tells_stays() -> None:
    rows: list[Any] = [
        ("input", "Input", {"shape": [4]}),
        ("hidden", "Dense", {"units": 8, "strange": 7}),
        ("out", "Dense", {"units": 2}),
    ]
    document = Document(network(rows))
    History(document).do(edited(document, ("Dense(8", 'Dense(8, activation="relu"')).edit)
    assert document.network.nodes["hidden"].params == {
        "units": 8,
        "strange": 7,
        "activation": "relu",
    }


def test_a_new_line_comes_between_and_makes_room() -> None:
    document = template("lenet")
    before = {node.id: node.at for node in document.network.nodes.values()}
    line = '    x = layers.Dense(84, activation="relu", name="fc2")(x)\n'.strip()
    merged = edited(document, (line, f"x = layers.Dropout(0.4)(x)\n{line}"))
    history = History(document)
    history.do(merged.edit)
    (new,) = document.network.nodes.keys() - before.keys()
    assert document.network.nodes[new].layer == "Dropout"
    assert [edge.source for edge in document.network.inputs(new)] == ["fc1"]
    assert [edge.source for edge in document.network.inputs("fc2")] == [new]
    nodes = document.network.nodes
    assert before["fc1"] == nodes["fc1"].at
    assert nodes["fc1"].at[1] < nodes[new].at[1] < nodes["fc2"].at[1]
    assert len({node.at for node in nodes.values()}) == len(nodes)
    history.undo()
    assert {node.id: node.at for node in document.network.nodes.values()} == before


def test_a_deleted_line_is_a_deleted_layer() -> None:
    document = template("lenet")
    line = next(row for row in written(document).script.splitlines() if "pool1" in row)
    History(document).do(edited(document, (f"{line}\n", "")).edit)
    assert "pool1" not in document.network.nodes
    assert [edge.source for edge in document.network.inputs("conv2")] == ["conv1"]


def test_a_renamed_layer_keeps_its_node() -> None:
    document = template("lenet")
    History(document).do(edited(document, ('name="fc1"', 'name="first"')).edit)
    assert document.network.nodes["fc1"].title == "first"
    History(document).do(edited(document, (', name="first"', "")).edit)
    assert document.network.nodes["fc1"].title == "dense"


def test_another_kind_of_layer_takes_the_place_and_the_name() -> None:
    document = template("lenet")
    at = document.network.nodes["pool1"].at
    History(document).do(edited(document, ("MaxPooling2D(2", "AveragePooling2D(3")).edit)
    node = document.network.nodes["pool1"]
    assert (node.layer, node.params, node.at) == ("AveragePooling2D", {"pool_size": 3}, at)


def test_layers_without_names_are_known_by_their_place() -> None:
    rows: list[Any] = [("input", "Input", {"shape": [4]})]
    rows += [(f"dense_{n}" if n else "dense", "Dense", {"units": n + 1}) for n in range(5)]
    document = Document(network(rows))
    merged = edited(document, ("x = layers.Dense(2)(x)\n", "x = layers.Dense(2)(x)\n" * 2))
    History(document).do(merged.edit)
    units = {
        node.id: node.params["units"]
        for node in document.network.nodes.values()
        if node.params.get("units")
    }
    assert {key: units[key] for key in ("dense", "dense_1", "dense_2", "dense_4")} == {
        "dense": 1,
        "dense_1": 2,
        "dense_2": 3,
        "dense_4": 5,
    }
    assert len(units) == 6


@pytest.mark.parametrize(
    ("outputs", "order"),
    [
        ("[o, o]", ["o_output", "identity"]),
        ("[h, o]", ["h_output", "o"]),
        ("[o, h]", ["o", "h_output"]),
        ("[a, o]", ["a_output", "o"]),
        ("[a, h]", ["a_output", "h"]),
    ],
)
def test_every_output_of_a_script_is_one_of_the_drawing(outputs: str, order: list[str]) -> None:
    rows: list[Any] = [("a", "Input", {"shape": [4]}), ("h", "Dense", {}), ("o", "Dense", {})]
    document = Document(network(rows), title="net")
    before, history = to_json(document), History(document)
    script = written(document).script
    words = [("x = ", "h = "), ("(x)", "(h)"), ("outputs=o", f"outputs={outputs}")]
    merged = edited(document, *words)
    history.do(merged.edit)
    assert output_ids(document.network) == order
    # The text that was written stays true, and so does the one that says it line by line.
    again = read_python(merged.known.script, opaque_layers(document))
    assert merge(document, merged.known, merged.known.script, again).edit.changes == ()
    assert written(document).sound and edited(document).edit.changes == ()
    if "o" in order:
        back = merge(document, merged.known, script, read_python(script, {}))
        history.do(back.edit)
        assert to_json(document) == before


def test_the_recipe_follows_too() -> None:
    document = template("lenet")
    replacements = (
        ("Adam(learning_rate=0.001)", "SGD(learning_rate=0.1, momentum=0.9)"),
        ("epochs=10", "epochs=3"),
        ("set_random_seed(0)", "set_random_seed(7)"),
    )
    before = document.recipe
    History(document).do(edited(document, *replacements).edit)
    recipe = document.recipe
    assert (recipe.optimizer.kind, recipe.epochs, recipe.seed) == ("sgd", 3, 7)
    assert recipe.optimizer.params == {"learning_rate": 0.1, "momentum": 0.9}
    assert (recipe.batch_size, recipe.metrics) == (before.batch_size, before.metrics)


def test_what_has_changed_on_the_canvas_meanwhile_stays() -> None:
    document = template("lenet")
    base = written(document)
    History(document).do(edited(document, ("layers.Dense(84", "layers.Dense(80")).edit)
    script = base.script.replace("layers.Dense(120", "layers.Dense(99")
    History(document).do(merge(document, base, script, read_python(script, {})).edit)
    nodes = document.network.nodes
    assert (nodes["fc1"].params["units"], nodes["fc2"].params["units"]) == (99, 80)


def test_nodes_that_no_script_shows_are_left_alone() -> None:
    rows: list[Any] = [
        ("input", "Input", {"shape": [4]}),
        ("out", "Dense", {"units": 2}),
        ("alone", "Dense", {"units": 5}),
        ("behind", "Dense", {"units": 6}),
    ]
    document = Document(network(rows, [("input", "out"), ("alone", "behind")]))
    History(document).do(edited(document, ("Dense(2", "Dense(3")).edit)
    assert document.network.nodes.keys() == {"input", "out", "alone", "behind"}
    assert len(document.network.edges()) == 2


def test_a_shared_layer_can_be_taken_apart_and_joined_again() -> None:
    script = (
        "import keras\nfrom keras import layers\na = keras.Input(shape=(4,))\n"
        "b = keras.Input(shape=(4,))\ntwin = layers.Dense(3)\nc = twin(a)\nd = twin(b)\n"
        "e = layers.Add()([c, d])\nmodel = keras.Model(inputs=[a, b], outputs=e)\n"
    )
    document = Document()
    merged = merge(document, written(document), script, read_python(script, {}))
    History(document).do(merged.edit)
    owner, sharer = merged.known.ids[2:4]
    assert document.network.nodes[sharer].shares == owner
    apart = script.replace("d = twin(b)", "d = layers.Dense(3)(b)")
    second = merge(document, merged.known, apart, read_python(apart, {}))
    History(document).do(second.edit)
    assert second.known.ids == merged.known.ids
    assert document.network.nodes[sharer].shares == ""
    assert document.network.nodes[sharer].params == {"units": 3}
    third = merge(document, second.known, script, read_python(script, {}))
    History(document).do(third.edit)
    assert document.network.nodes[sharer].shares == owner


def test_a_thousand_layers_are_merged_in_a_moment() -> None:
    rows: list[Any] = [("input", "Input", {"shape": [4]})]
    rows += [(f"dense_{number}", "Dense", {"units": 4}) for number in range(1000)]
    document = Document(network(rows))
    merged = edited(document, ("x = layers.Dense(4)(x)\n", "x = layers.Dense(5)(x)\n"))
    assert len(merged.edit.changes) == 1
    before = to_json(document)
    history = History(document)
    history.do(merged.edit)
    history.undo()
    assert to_json(document) == before


def test_lines_replaced_far_apart_leave_the_rest_alone() -> None:
    rows: list[Any] = [("input", "Input", {"shape": [4]})]
    rows += [(f"dense_{number}", "Dense", {"units": 4}) for number in range(60)]
    document = Document(network(rows))
    base = written(document)
    lines = base.script.splitlines()
    start = lines.index("x = layers.Dense(4)(x)")
    for number in (3, 20, 41):
        lines[start + number] = "x = layers.ReLU()(x)"
    script = "\n".join(lines)
    edit = merge(document, base, script, read_python(script, {})).edit
    nodes = [change for change in edit.changes if isinstance(change, NodeChange)]
    gone = {change.id for change in nodes if change.after is None}
    assert gone == {f"dense_{number + 1}" for number in (3, 20, 41)}
    assert len(nodes) == 6


def longest_common(a: str, b: str) -> int:
    rows = [[0] * (len(b) + 1) for _ in range(len(a) + 1)]
    for i, left in enumerate(a):
        for j, right in enumerate(b):
            rows[i + 1][j + 1] = (
                rows[i][j] + 1 if left == right else max(rows[i][j + 1], rows[i + 1][j])
            )
    return rows[-1][-1]


WORDS = st.text("abc", max_size=9)


@given(WORDS, WORDS)
def test_the_common_order_is_the_longest(a: str, b: str) -> None:
    pairs = sorted(common(a, b))
    assert len(pairs) == longest_common(a, b)
    assert all(a[x] == b[y] for x, y in pairs)
    assert all(x < u and y < v for (x, y), (u, v) in pairwise(pairs))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)
KEYS = st.sampled_from([*LAYERS.keys(), "Convolution2D", "add", "Lambda"]) | st.text(max_size=9)
FIELDS = st.sampled_from(sorted({name for spec in LAYERS for name in spec.fields}))


@given(
    st.lists(KEYS, min_size=1, max_size=4),
    st.dictionaries(FIELDS | st.text(max_size=9), JSON, max_size=4),
    st.text(max_size=9),
)
def test_whatever_a_file_holds_its_own_script_changes_nothing(
    keys: list[str], params: Any, title: str
) -> None:
    rows: list[Any] = [("in", "Input", params)]
    rows += [(f"n {number}\n", key, params) for number, key in enumerate(keys)]
    document = Document(network(rows), title=title, recipe=Recipe(loss=title, metrics=(title,)))
    base = written(document)
    assert len(base.ids) == len(base.reading.calls)
    reading = read_python(base.script, opaque_layers(document))
    if base.sound:
        assert merge(document, base, base.script, reading).edit.changes == ()
    else:
        with pytest.raises(EditRefused):
            merge(document, base, base.script, reading)


def test_odd_drawings_are_followed_too() -> None:
    rows: list[Any] = [
        ("in", "Input", {"shape": "none"}),
        ("a/b", "Dense", {"units": -4}),
        ("c", "Convolution2D", {"for": 3}),
    ]
    base = written(Document(network(rows)))
    assert base.sound
    assert base.ids == ("in", "a/b", "c")
    assert base.reading.error is not None


@given(documents(), documents())
def test_any_script_turns_any_drawing_into_its_own(here: Document, there: Document) -> None:
    script = written(there).script
    reading = read_python(script, opaque_layers(here) | opaque_layers(there))
    assert reading.error is None
    before = to_json(here)
    history = History(here)
    merged = merge(here, written(here), script, reading)
    history.do(merged.edit)
    network, ids = here.network, merged.known.ids
    for place, call in enumerate(reading.calls):
        if not call.used:
            continue
        node = network.nodes[ids[place]]
        if call.implied and node.layer == PICK:
            continue  # What names a tensor that has a name already is a way out as well.
        assert node.layer == call.layer.kind
        params = owner_of(network, node.id).params
        told = call.layer.params
        # A state that no wire brings yet stands in no script, and stays.
        if "initial_state" not in told:
            params = {name: value for name, value in params.items() if name != "initial_state"}
        if node.layer != "Expression":
            assert {**params, "strange": 0} == {**told, "strange": 0}
        if call.layer.name:
            assert owner_of(network, node.id).title == call.layer.name
        sources = [meant(network, edge.source) for edge in network.inputs(node.id)]
        told = [ids[source] for source in call.sources]
        assert said(node.layer, params, sources) == said(node.layer, call.layer.params, told)
    for place, call in enumerate(reading.calls):
        for other, twin in enumerate(reading.calls):
            if call.used and twin.used:
                owners = (owner_of(network, ids[place]).id, owner_of(network, ids[other]).id)
                assert (owners[0] == owners[1]) is (call.layer is twin.layer)
    assert merge(here, merged.known, script, reading).edit.changes == ()
    history.undo()
    assert to_json(here) == before


def test_a_residual_branch_goes_into_a_chain_which_stays_straight() -> None:
    document = template("lenet")
    line = "x = layers.Flatten()(x)\n"
    branch = (
        'y = layers.Conv2D(16, 3, padding="same")(x)\ny = layers.BatchNormalization()(y)\n'
        "x = layers.Add()([x, y])\n"
    )
    History(document).do(edited(document, (line, branch + line)).edit)
    nodes = sorted(document.network.nodes.values(), key=lambda node: node.at[1])
    assert {node.at[0] for node in nodes} == {0.0}
    assert [node.layer for node in nodes][5:9] == ["Conv2D", "BatchNormalization", "Add", "Flatten"]
    assert all(below.at[1] - above.at[1] >= CARD_HEIGHT for above, below in pairwise(nodes))


FORMULA_ROWS: list[Any] = [
    ("p", "Input", {"shape": [4]}),
    ("q", "Input", {"shape": [4]}),
    ("r", "Input", {"shape": [4]}),
]


@pytest.mark.parametrize(
    ("formula", "before", "after", "computed"),
    [
        ("2 * b - a", "2 * q - p", "3 * q - p", "3 * q - p"),
        ("2 * b - a", "2 * q - p", "2 * r - p", "2 * r - p"),
        ("b - a", "q - p", "r - p", "r - p"),
        ("b - a", "q - p", "q - 2 * p", "q - 2 * p"),
        ("b + a * 2", "q + p * 2", "p * 2", "p * 2"),
    ],
)
def test_an_edited_formula_means_the_layers_of_the_script(
    formula: str, before: str, after: str, computed: str
) -> None:
    rows = [*FORMULA_ROWS, ("out", "Expression", {"formula": formula})]
    document = Document(network(rows, [("p", "out"), ("q", "out", 1)]))
    History(document).do(edited(document, (f"out = {before}", f"out = {after}")).edit)
    node = document.network.nodes["out"]
    sources = [edge.source for edge in document.network.inputs("out")]
    if node.layer == "Subtract":
        assert " - ".join(sources) == computed
    else:
        assert said(node.layer, node.params, sources) == [computed]
    assert edited(document).edit.changes == ()
