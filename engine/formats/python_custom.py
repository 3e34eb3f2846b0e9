"""Layers of one's own in scripts: imported from their files, called like any other."""

from __future__ import annotations

from pathlib import Path

from engine.errors import FileProblem
from engine.foreign.source import ArgumentsProblem, LayerClass, read_arguments, read_source
from engine.formats.python_names import is_automatic
from engine.formats.python_writer import identifier, is_name, literal
from engine.graph.document import Network, Node

CUSTOM = "Custom"


def _custom(network: Network) -> list[Node]:
    return [node for node in network.ordered() if node.layer == CUSTOM and not node.shares]


def _class(node: Node) -> LayerClass:
    """Return the class of a node's layer, as far as its file can be read."""
    wanted = str(node.params.get("class_name") or "")
    try:
        found = read_source(Path(str(node.params.get("file") or ""))).find(wanted)
    except FileProblem:
        found = None
    return found or LayerClass(identifier(wanted, CUSTOM))


def _origin(node: Node) -> tuple[str, str]:
    """Return the module and the class that a node's layer comes from."""
    return identifier(Path(str(node.params.get("file") or "layer")).stem, "layer"), _class(
        node
    ).name


def local_names(network: Network) -> dict[str, str]:
    """Return what a script calls the class of each layer, by the id of its node."""
    names: dict[tuple[str, str], str] = {}
    for node in _custom(network):
        origin = _origin(node)
        if origin not in names:
            number = sum(name == origin[1] for _, name in names)
            names[origin] = f"{origin[1]}_{number + 1}" if number else origin[1]
    return {node.id: names[_origin(node)] for node in _custom(network)}


def class_names(network: Network) -> set[str]:
    """Return the names of the classes themselves."""
    return {_origin(node)[1] for node in _custom(network)}


def custom_imports(network: Network) -> list[str]:
    """Write the lines that import the classes from their files."""
    local = local_names(network)
    lines: dict[str, None] = {}
    for node in _custom(network):
        (module, name), own = _origin(node), local[node.id]
        alias = f" as {own}" if own != name else ""
        file = " ".join(Path(str(node.params.get("file") or f"{module}.py")).name.split())
        place = "beside this script" if file == f"{module}.py" else f"beside this, as {module}.py"
        lines[f"from {module} import {name}{alias}  # your own file {file}, {place}"] = None
    return list(lines)


def custom_arguments(node: Node, name: str) -> list[str]:
    """Write the arguments that a layer is made with, the name that it shall have among them."""
    found = _class(node)
    try:
        given = read_arguments(node.params.get("kwargs", ""))
    except ArgumentsProblem:
        given = {}
    if not is_automatic(CUSTOM, name) and (found.arguments is None or "name" in found.arguments):
        given["name"] = name
    if node.params.get("trainable") is False and (
        found.arguments is None or "trainable" in found.arguments
    ):
        given["trainable"] = False
    return [f"{word}={literal(value)}" for word, value in given.items() if is_name(word)]
