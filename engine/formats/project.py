"""The project file `*.netloom`: JSON that a person can read and compare line by line.

One node and one wire a line, in a stable order; what equals its default is left out; keys and
layers that this version does not know survive reading and writing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from engine.errors import EditRefused, FileProblem, NetloomError
from engine.fields import Params
from engine.formats.json_text import refuse_deep, refuse_vast
from engine.formats.migrations import VERSION, migrate
from engine.formats.project_rows import (
    Malformed,
    block_row,
    mark_row,
    part_row,
    place,
    read_blocks,
    read_marks,
    read_part,
    short,
    typed,
    without,
)
from engine.graph.document import Block, Document, Edge, Mark, Network, Node, Recipe
from engine.layers import LAYERS
from engine.paths import LARGEST, read_small, reason, write_bytes

SUFFIX = ".netloom"
LARGEST_FILE = LARGEST
# More than can be drawn.
MOST_LAYERS = 20_000
MARK = "netloom"
_Thing = TypeVar("_Thing", Block, Mark)


# --- writing -------------------------------------------------------------------------------


def to_json(document: Document) -> str:
    """Return the text of a document's project file."""
    head: Params = {MARK: VERSION}
    if document.title:
        head["title"] = document.title
    if document.notes:
        head["notes"] = document.notes
    if document.flow != "down":
        head["flow"] = document.flow
    head["data"] = part_row(document.data)
    head["recipe"] = _recipe_data(document.recipe)
    head |= document.extra
    lines = [f" {_line(key)}: {_line(value)}" for key, value in head.items()]
    lines.append(_rows("nodes", map(_node_data, document.network.ordered())))
    lines.append(_rows("edges", map(_edge_data, document.network.edges())))
    lines += _more_rows("blocks", map(block_row, _in_order(document.network.blocks)))
    lines += _more_rows("marks", map(mark_row, _in_order(document.marks)))
    return "{\n" + ",\n".join(lines) + "\n}\n"


def write_project(document: Document, path: Path) -> None:
    """Save a document; a failure leaves the old file untouched.

    Raises:
        FileProblem: The file cannot be written.
    """
    write_bytes(path, to_json(document).encode())


def fragment_to_json(part: Network) -> str:
    """Return the text that the clipboard holds for a part of a network."""
    rows = [
        _rows("nodes", map(_node_data, part.ordered())),
        _rows("edges", map(_edge_data, part.edges())),
        *_more_rows("blocks", map(block_row, _in_order(part.blocks))),
    ]
    return "{\n" + ",\n".join([f' "{MARK}": {VERSION}', *rows]) + "\n}\n"


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _rows(key: str, rows: Iterable[Any]) -> str:
    body = ",\n".join(f"  {_line(row)}" for row in rows)
    return f' "{key}": [\n{body}\n ]' if body else f' "{key}": []'


def _in_order(things: Mapping[str, _Thing]) -> list[_Thing]:
    return sorted(things.values(), key=lambda thing: thing.order)


def _more_rows(key: str, rows: Iterable[Any]) -> list[str]:
    """Return the rows of what most drawings do not have."""
    found = list(rows)
    return [_rows(key, found)] if found else []


def _node_data(node: Node) -> Params:
    data: Params = {"id": node.id, "layer": node.layer}
    if node.name:
        data["name"] = node.name
    if node.shares:
        data["shares"] = node.shares
    spec = LAYERS.find(node.layer)
    if params := spec.trim(node.params) if spec else node.params:
        data["params"] = params
    for key in ("block", "role", "part"):
        if value := getattr(node, key):
            data[key] = value
    if node.locked:
        data["locked"] = True
    return {**data, "at": [short(node.at[0]), short(node.at[1])], **node.extra}


def _edge_data(edge: Edge) -> list[str | int]:
    return [edge.source, edge.target, edge.port] if edge.port else [edge.source, edge.target]


def _recipe_data(recipe: Recipe) -> Params:
    default = Recipe()
    data: Params = {
        "optimizer": part_row(recipe.optimizer),
        "loss": recipe.loss,
        "metrics": list(recipe.metrics),
    }
    for name in _PLAIN_RECIPE:
        if (value := getattr(recipe, name)) != getattr(default, name):
            data[name] = value
    return data | recipe.extra


_PLAIN_RECIPE = ("batch_size", "epochs", "validation_split", "shuffle", "seed", "device")


# --- reading -------------------------------------------------------------------------------


def read_project(path: Path) -> Document:
    """Open a project file.

    Raises:
        FileProblem: It cannot be read, is damaged, foreign, or of a newer version.
    """
    try:
        content = read_small(path, LARGEST_FILE)
    except OSError as error:
        raise FileProblem(
            "“{path}” cannot be opened: {reason}.", path=path, reason=reason(error)
        ) from error
    if len(content) > LARGEST_FILE:
        raise FileProblem("“{path}” is too large to be a Netloom drawing.", path=path)
    return from_json(content, path.name)


def from_json(content: str | bytes, where: str) -> Document:
    """Read the text of a project file.

    Args:
        content: The text.
        where: Name of the file for error sentences.

    Raises:
        FileProblem: The text is damaged, foreign, or of a newer version.
    """
    data = _decode(content, where)
    try:
        rows = data.get("nodes")
        limited(rows if isinstance(rows, list) else [], where)
        return _document(data)
    except (Malformed, msgspec.ValidationError, EditRefused) as error:
        raise FileProblem(
            "“{where}” is damaged: {reason}. Restore it from a copy, or mend the line in a text"
            " editor.",
            where=where,
            reason=str(error).rstrip("."),
        ) from error


def fragment_from_json(content: str) -> Network:
    """Read what the clipboard holds.

    Raises:
        NetloomError: It is not a part of a network.
    """
    try:
        return _network(_decode(content, "clipboard"))
    except (Malformed, msgspec.ValidationError, FileProblem, EditRefused) as error:
        raise NetloomError(
            "The clipboard holds no layers: copy some on the canvas first."
        ) from error


def _decode(content: str | bytes, where: str) -> Params:
    """Decode the JSON and lift it to the present version."""
    try:
        words = content if isinstance(content, str) else content.decode()
        refuse_deep(words)
        refuse_vast(words)
        data = msgspec.json.decode(words)
    except (ValueError, RecursionError) as error:  # Those of msgspec are values too.
        raise FileProblem(
            "“{where}” is damaged or not a Netloom drawing: {reason}.",
            where=where,
            reason=str(error).split("\n")[0],
        ) from error
    version = data.get(MARK) if isinstance(data, dict) else None
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise FileProblem(
            "“{where}” is not a Netloom drawing: choose a .netloom file, or an .h5 file that"
            " Netloom exported.",
            where=where,
        )
    if version > VERSION:
        raise FileProblem(
            "“{where}” was saved by a newer Netloom (format {version}, this one reads up to"
            " {known}): update Netloom to open it.",
            where=where,
            version=version,
            known=VERSION,
        )
    return migrate(data, version)


def _document(data: Params) -> Document:
    known = {MARK, "title", "notes", "flow", "data", "recipe", "nodes", "edges", "blocks", "marks"}
    return Document(
        _network(data),
        title=typed(data.get("title", ""), str, "title"),
        notes=typed(data.get("notes", ""), str, "notes"),
        flow="right" if data.get("flow") == "right" else "down",
        marks=read_marks(data.get("marks", [])),
        data=read_part(data.get("data", {"kind": "digits"}), "data"),
        recipe=_recipe(typed(data.get("recipe", {}), dict, "recipe")),
        extra=without(data, known),
    )


def limited(layers: list[Any], where: str) -> list[Any]:
    """Return a file's layers, as they are.

    Args:
        layers: Their descriptions.
        where: Name of the file, for messages.

    Raises:
        FileProblem: They are more than can be drawn.
    """
    if len(layers) > MOST_LAYERS:
        raise FileProblem(
            "“{path}” describes {count} layers, more than can be drawn.",
            path=where,
            count=len(layers),
        )
    return layers


def _network(data: Params) -> Network:
    network = Network(blocks=read_blocks(data.get("blocks", [])))
    for number, row in enumerate(typed(data.get("nodes", []), list, "nodes")):
        node = _node(typed(row, dict, f"node {number + 1}"), number)
        if node.id in network.nodes:
            raise Malformed(f"two nodes have the id “{node.id}”")
        if node.id in network.blocks:
            raise Malformed(f"a node and a block have the id “{node.id}”")
        if node.block and node.block not in network.blocks:
            raise Malformed(f"“{node.id}” lies in block “{node.block}”, which does not exist")
        network.put_node(node)
    for number, row in enumerate(typed(data.get("edges", []), list, "edges")):
        network.put_edge(_edge(row, number))
    return network


def _node(row: Params, number: int) -> Node:
    where = f"node {number + 1}"
    for key in ("id", "layer"):
        if not isinstance(row.get(key), str) or not row[key]:
            raise Malformed(f"{where} has no “{key}”")
    known = {"id", "layer", "name", "shares", "params", "at", "block", "role", "part", "locked"}
    return Node(
        id=row["id"],
        layer=row["layer"],
        params=typed(row.get("params", {}), dict, f"“params” of {where}"),
        name=typed(row.get("name", ""), str, f"“name” of {where}"),
        shares=typed(row.get("shares", ""), str, f"“shares” of {where}"),
        at=place(row.get("at", [0, 0]), where),
        block=typed(row.get("block", ""), str, f"“block” of {where}"),
        role=typed(row.get("role", ""), str, f"“role” of {where}"),
        part=typed(row.get("part", ""), str, f"“part” of {where}"),
        locked=typed(row.get("locked", False), bool, f"“locked” of {where}"),
        order=number,
        extra=without(row, known),
    )


def _edge(row: Any, number: int) -> Edge:
    match row:
        case [str(source), str(target)]:
            return Edge(source, target)
        case [str(source), str(target), int(port)] if 0 <= port < 10_000:
            return Edge(source, target, port)
    raise Malformed(f"wire {number + 1} is not [source, target] or [source, target, port]")


def _recipe(row: Params) -> Recipe:
    default = Recipe()
    values: Params = {name: row.get(name, getattr(default, name)) for name in _PLAIN_RECIPE}
    values["optimizer"] = read_part(row.get("optimizer", {"kind": "adam"}), "optimizer")
    values["loss"] = row.get("loss", default.loss)
    values["metrics"] = tuple(typed(row.get("metrics", list(default.metrics)), list, "metrics"))
    extra = {key: value for key, value in row.items() if key not in values}
    plain = {name: values[name] for name in ("loss", "metrics", *_PLAIN_RECIPE)}
    checked = msgspec.convert(plain, _RecipeTypes)
    return Recipe(optimizer=values["optimizer"], extra=extra, **msgspec.structs.asdict(checked))


class _RecipeTypes(msgspec.Struct):
    loss: str
    metrics: tuple[str, ...]
    batch_size: int
    epochs: int
    validation_split: float
    shuffle: bool
    seed: int
    device: str
