"""The model of a Keras file as a drawing, with a word on everything that did not fit."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from engine.datasets import UNDECIDED
from engine.errors import FileProblem, text
from engine.fields import Params
from engine.formats.keras_files.compiled import ends_of, recipe_of
from engine.formats.keras_files.inbound import Inbound, Tensor
from engine.formats.keras_files.inner_activations import split_activation
from engine.formats.keras_files.opened import KerasFile, open_keras
from engine.formats.keras_files.rows import MODELS, Model, Row, read_model
from engine.formats.keras_files.saved_model import open_saved_model, saved_model_folder
from engine.formats.keras_files.stepwise import step_by_step
from engine.formats.keras_files.telling import arrangement, missing, unused
from engine.formats.keras_files.understanding import (
    Remark,
    otherwise_called,
    told_in_call,
    understand,
)
from engine.formats.keras_files.vocabularies import with_vocabulary
from engine.formats.project import from_json
from engine.graph.arranging import lay_out
from engine.graph.calls import PICK
from engine.graph.copying import free_id
from engine.graph.document import Block, Document, Edge, Network, Node, Part
from engine.layers import LAYERS

_MADE_UP = re.compile(r"(functional|sequential|model)(_\d+)?")


@dataclass(frozen=True)
class Origin:
    """Where the weights of a layer are in its file.

    Attributes:
        names: Names of the models around the layer and its own.
        saved: The same in Keras 3's own format, which names layers by their classes.
    """

    names: tuple[str, ...]
    saved: tuple[str, ...]


@dataclass(frozen=True)
class Imported:
    """A drawing made of a file.

    Attributes:
        document: The drawing.
        remarks: What did not fit; empty where everything did.
        origin: For each node that calls a layer first, where its weights are in the file.
        weighted: Whether the file holds weights.
        own: Whether Netloom wrote the file, drawing included.
        partial: Whether the drawing lacks a part of the network that could not be read.
    """

    document: Document
    remarks: list[Remark] = field(default_factory=list)
    origin: dict[str, Origin] = field(default_factory=dict)
    weighted: bool = False
    own: bool = False
    partial: bool = False


def import_model(path: Path) -> Imported:
    """Read the model of an .h5, .hdf5, .keras or .json file, or SavedModel, of any Keras.

    Nothing in the file is executed, and weights are not read.

    Raises:
        FileProblem: The file cannot be opened, is damaged or dangerous, or describes no model.
    """
    folder = saved_model_folder(path)
    opened = open_keras(path) if folder is None else open_saved_model(folder)
    if opened.drawing:
        document = from_json(opened.drawing, path.name)
        return Imported(document, weighted=opened.weighted, own=True)
    try:
        model = read_model(str(opened.config["class_name"]), opened.config.get("config"), path.name)
        return _Drawer(opened).draw(model)
    except RecursionError as error:
        raise FileProblem(
            "The description of the model in “{path}” is damaged: save it again, or restore it from"
            " a copy.",
            path=path.name,
        ) from error


def draw_description(config: Mapping[str, Any], title: str) -> Imported:
    """Draw a model that Keras 3 has described; every card lies at the same place.

    Raises:
        FileProblem: The description is damaged.
    """
    opened = KerasFile(Path(f"{title}.json"), "json", dict(config), (3,))
    model = read_model(str(opened.config["class_name"]), config.get("config"), title)
    return _Drawer(opened).draw(model, placed=False)


def _further(model: Model) -> set[Tensor]:
    """Return the tensors that something takes although they are not the first of their call."""
    taken = [tensor for row in model.rows for call in row.calls for tensor in call.tensors]
    return {tensor for tensor in (*taken, *model.outputs) if tensor.output}


Waiting = tuple[Row, int]


class _Drawer:
    """Turns calls into nodes, models in models into blocks."""

    def __init__(self, opened: KerasFile) -> None:
        self._opened = opened
        self._nodes: list[Node] = []
        self._edges: list[Edge] = []
        self._blocks: list[Block] = []
        self._taken: set[str] = set()
        self._remarks: list[Remark] = []
        self._origin: dict[str, Origin] = {}
        # The first node of each layer, by the models around it and its name.
        self._first: dict[tuple[str, ...], str] = {}
        # What its first call tells each layer.
        self._told: dict[tuple[str, ...], Params] = {}
        # Tensors of the model being drawn that are not the first of their call.
        self._further: set[Tensor] = set()

    def draw(self, model: Model, *, placed: bool = True) -> Imported:
        """Return the drawing of a model, laid out if it shall be."""
        tensors = self._model(model, Origin((), ()), "", {})
        self._put_in_order([tensors[end] for end in model.inputs if end in tensors])
        self._remarks += missing(model.outputs, tensors)
        self._remarks += arrangement(self._opened.config)
        ends = [tensors[end] for end in model.outputs if end in tensors]
        count = Counter(ends)
        # Given twice, a tensor gets an end for each time.
        taken = {edge.source for edge in self._edges} | {end for end in ends if count[end] > 1}
        taken |= {node.id for node in self._nodes if node.layer == "Input"}
        outputs = [self._end(node) if node in taken else node for node in ends]
        self._remarks += unused(model.inputs, tensors, self._edges)
        self._put_in_order(outputs)
        network = Network(self._nodes, self._edges, self._blocks)
        places = lay_out(network) if placed else {}
        for node in network.ordered() if placed else ():
            network.put_node(msgspec.structs.replace(node, at=places.get(node.id, node.at)))
        # A name that Keras has made up says less than that of the file.
        given = model.name if not _MADE_UP.fullmatch(model.name or "") else ""
        title = given or self._opened.path.stem
        recipe, remarks = recipe_of(self._opened.training, ends_of(model))
        self._remarks += remarks
        document = Document(network, title=title, recipe=recipe, data=Part(UNDECIDED))
        return Imported(document, self._remarks, self._origin, self._opened.weighted)

    def _end(self, node: str) -> str:
        """Give a node that others follow a way out of its own: only ends are outputs here."""
        return self._add(f"{node}_output", "Identity", {}, node)

    def _add(self, name: str, layer: str, params: Params, source: str, block: str = "") -> str:
        """Add a node behind another that stands for no layer of the file."""
        node_id = free_id(self._taken, name)
        order = len(self._nodes)
        self._nodes.append(Node(id=node_id, layer=layer, params=params, block=block, order=order))
        self._edges.append(Edge(source, node_id))
        return node_id

    def _put_in_order(self, ids: list[str]) -> None:
        """Let inputs or outputs stand in the file as the model counts them."""
        order = {node.id: node.order for node in self._nodes}
        places = dict(zip(ids, sorted(order[node] for node in ids), strict=True))
        self._nodes = [
            msgspec.structs.replace(node, order=places.get(node.id, node.order))
            for node in self._nodes
        ]

    def _model(
        self, model: Model, around: Origin, block: str, given: dict[str, str]
    ) -> dict[Tensor, str]:
        """Draw a model's layers.

        Args:
            model: The model.
            around: The models around it.
            block: Id of its block, or "".
            given: For nested models: the nodes whose tensors enter, by the Input layer's name.

        Returns:
            The node that gives each tensor of the model.
        """
        tensors: dict[Tensor, str] = {}
        outside, self._further = self._further, _further(model)
        models: dict[str, Model] = {}
        for row in model.rows:
            inner = self._model_in(row, len(around.names) + 1)
            if inner is not None:
                models.setdefault(row.name, inner)
        waiting = [(row, place) for row in model.rows for place in range(len(row.calls))]
        while waiting:
            # Files mostly list layers so that data can flow; where not, a further round is needed.
            later: list[Waiting] = []
            for row, place in waiting:
                if all(tensor in tensors for tensor in row.calls[place].tensors):
                    tensors |= self._draw_call(row, place, around, block, tensors, models, given)
                else:
                    later.append((row, place))
            if len(later) == len(waiting):
                row, place = stuck = self._stuck(later, tensors)
                self._remarks += missing(row.calls[place].tensors, tensors)
                tensors |= self._draw_call(row, place, around, block, tensors, models, given)
                later = [item for item in later if item is not stuck]
            waiting = later
        self._further = outside
        return tensors

    def _model_in(self, row: Row, depth: int) -> Model | None:
        """Return the model that a row is, or holds for each step of a sequence."""
        where = self._opened.path.name
        if row.kind in MODELS:
            return read_model(row.kind, row.config, where, depth)
        stepwise = step_by_step(row, where, depth)
        if stepwise is not None:
            message = text(
                "“{layer}” applies a model to each step: its layers are drawn, and each is applied"
                " to each step.",
                layer=row.name,
            )
            self._remarks.append(Remark("", message))
        return stepwise

    def _draw_call(
        self,
        row: Row,
        place: int,
        around: Origin,
        block: str,
        tensors: dict[Tensor, str],
        models: dict[str, Model],
        given: dict[str, str],
    ) -> dict[Tensor, str]:
        """Draw one call of a layer or of a model; returns the nodes that give its tensors."""
        call = row.calls[place]
        sources = [tensors[tensor] for tensor in call.tensors if tensor in tensors]
        if row.name in models:
            return self._nested(models[row.name], row, place, around, block, sources)
        if row.kind == "InputLayer" and row.name in given:
            return {Tensor(row.name, place): given[row.name]}
        node_id = self._call(row, call, around, block, sources)
        return {Tensor(row.name, place): node_id} | self._picks(row, place, block, node_id)

    def _picks(self, row: Row, place: int, block: str, source: str) -> dict[Tensor, str]:
        """Add what picks the further tensors of a call that something takes."""
        wanted = sorted(
            tensor.output
            for tensor in self._further
            if (tensor.layer, tensor.call) == (row.name, place)
        )
        picks: dict[Tensor, str] = {}
        for number in wanted:
            params = LAYERS.get(PICK).trim({"index": number})
            name = f"{source}_output_{number}"
            picks[Tensor(row.name, place, number)] = self._add(name, PICK, params, source, block)
        return picks

    @staticmethod
    def _stuck(waiting: list[Waiting], tensors: dict[Tensor, str]) -> Waiting:
        """Return the first call that waits for what no other call will give."""
        to_come = {row.name for row, _ in waiting}
        for item in waiting:
            wanted = item[0].calls[item[1]].tensors
            if any(t not in tensors and t.layer not in to_come for t in wanted):
                return item
        return waiting[0]

    def _nested(
        self,
        model: Model,
        row: Row,
        place: int,
        around: Origin,
        block: str,
        sources: list[str],
    ) -> dict[Tensor, str]:
        """Draw one call of a model in a model as a block; returns its outputs."""
        key = free_id(self._taken, row.name if place == 0 else f"{row.name}_{place + 1}")
        number = len(self._blocks)
        self._blocks.append(Block(id=key, title=row.name, parent=block, order=number))
        entries = [tensor.layer for tensor in model.inputs]
        given = dict(zip(entries, sources, strict=False))
        within = Origin((*around.names, row.name), (*around.saved, row.saved))
        inside = self._model(model, within, key, given)
        return {
            Tensor(row.name, place, number): inside[tensor]
            for number, tensor in enumerate(model.outputs)
            if tensor in inside
        }

    def _call(
        self,
        row: Row,
        call: Inbound,
        around: Origin,
        block: str,
        sources: list[str],
    ) -> str:
        """Draw one call of a layer; returns the node."""
        path = (*around.names, row.name)
        first = self._first.get(path, "")
        node_id = free_id(self._taken, row.name)
        row, activation = split_activation(row, self._opened.version)
        row = with_vocabulary(row, self._opened, (*around.saved, row.saved))
        kind, params, remarks = understand(row, call, node_id, len(sources), self._opened.version)
        self._remarks += remarks
        if first and told_in_call(kind, params) != self._told[path]:
            remark = otherwise_called(row.name, node_id)
            self._remarks.append(remark)
            kind, first = f"{kind}.call", ""
        elif not first:
            self._told[path] = told_in_call(kind, params)
        self._nodes.append(
            Node(
                id=node_id,
                layer=kind,
                params={} if first else params,
                shares=first,
                block=block,
                order=len(self._nodes),
            )
        )
        if path not in self._first:
            self._first[path] = node_id
            self._origin[node_id] = Origin(path, (*around.saved, row.saved))
        self._edges += [Edge(source, node_id, port) for port, source in enumerate(sources)]
        if activation is None:
            return node_id
        return self._add(f"{node_id}_activation", *activation, node_id, block)
