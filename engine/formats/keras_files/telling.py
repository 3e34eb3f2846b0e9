"""What people are told of a drawing that could not be made wholly as its file says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from engine.errors import Text, text
from engine.formats.keras_files.inbound import Tensor
from engine.formats.keras_files.understanding import Remark
from engine.graph.document import Edge


def missing(wanted: Iterable[Tensor], tensors: Mapping[Tensor, str]) -> list[Remark]:
    """Say which wires lead from nowhere.

    Args:
        wanted: Tensors that something takes.
        tensors: The nodes that give tensors.
    """
    return [
        Remark(
            tensor.layer,
            text(
                "The file does not give the tensor of “{source}” that is taken: a wire is missing.",
                source=tensor.layer,
            ),
        )
        for tensor in wanted
        if tensor not in tensors
    ]


def arrangement(description: Mapping[str, Any]) -> list[Remark]:
    """Say that inputs or outputs with names become a list.

    Args:
        description: The model in its file.
    """
    config = description.get("config")
    given = config if isinstance(config, dict) else {}
    remarks: list[Remark] = []
    for name in ("input_layers", "output_layers"):
        ends = given.get(name)
        if not isinstance(ends, dict) or len(ends) < 2:
            continue
        by_name = inputs_by_name if name == "input_layers" else outputs_by_name
        remarks.append(Remark("", by_name(ends)))
    return remarks


def inputs_by_name(names: Iterable[str]) -> Text:
    """Say in which order inputs with names stand here."""
    return text(
        "The model takes inputs by name; here they are a list in this order: {names}.",
        names=", ".join(sorted(names)),
    )


def outputs_by_name(names: Iterable[str]) -> Text:
    """Say in which order outputs with names stand here."""
    return text(
        "The model gives outputs by name; here they are a list in this order: {names}.",
        names=", ".join(sorted(names)),
    )


def unused(
    inputs: Iterable[Tensor], tensors: Mapping[Tensor, str], edges: Iterable[Edge]
) -> list[Remark]:
    """Say which inputs lead nowhere.

    Args:
        inputs: What enters the model.
        tensors: The nodes that give tensors.
        edges: The wires of the drawing.
    """
    used = {edge.source for edge in edges}
    ends = [tensors[end] for end in inputs if end in tensors]
    return [
        Remark(
            node,
            text(
                "Nothing takes the input “{layer}”: it is drawn, but no data is asked for it.",
                layer=node,
            ),
        )
        for node in ends
        if node not in used
    ]
