"""Writes a document as a Keras script that a person could have written and can run."""

from __future__ import annotations

import math
import re
import textwrap
from typing import Any

from engine.datasets import DATASETS, DatasetSpec
from engine.datasets.spec import SourceCode
from engine.formats.python_network import NetworkCode, model_code
from engine.formats.python_writer import WIDTH, call, comment, literal, sequence
from engine.graph.analysis import problems
from engine.graph.commands import owner_of
from engine.graph.document import Document
from engine.training import LOSSES, OPTIMIZERS

PARTS = ("train", "test")


def to_python(document: Document) -> str:
    """Return a script that builds, trains and saves the network of a document.

    The result is always Python; where the network is not complete yet, comments say what is
    missing and the script ends behind the layers that can be built.
    """
    network = NetworkCode(document.network)
    complete = bool(network.inputs and network.outputs)
    sections = [_title(document)]
    blocks = ["# The network", *network.lines]
    if complete:
        blocks.append(model_code(network, _file_name(document.title)))
        blocks.append("model.summary()")
    todo = [
        comment(f"To do: {problem.message}")
        for problem in problems(document.network)
        if problem.severity == "error"
    ]
    network_block = "\n".join([*todo, *blocks])
    if not complete:
        sections += [_imports(document, None, network_block), network_block]
        return "\n\n".join(sections) + "\n"
    source = _source(document)
    data = "# The data\n" + source.body.rstrip() + _fit_data(document, network)
    training = _training(document, network)
    body = "\n\n".join([f"keras.utils.set_random_seed({document.recipe.seed})", data])
    body = "\n\n".join([body, network_block, training])
    sections += [_imports(document, source, body), body]
    return "\n\n".join(sections) + "\n"


def _title(document: Document) -> str:
    """Write title and notes as the script's docstring."""
    title = " ".join(document.title.split()) or "A network"
    lines = [f"{title}, drawn with Netloom."]
    if document.notes.strip():
        lines.append("")
        for paragraph in document.notes.strip().splitlines():
            lines += textwrap.wrap(paragraph, WIDTH) or [""]
        lines.append("")
    escaped = "\n".join(lines).replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    if escaped.endswith('"'):
        escaped = escaped[:-1] + '\\"'
    return f'"""{escaped}"""'


def _imports(document: Document, source: SourceCode | None, body: str) -> str:
    """Write the imports that a script needs, in the usual order."""
    blocks = []
    if document.recipe.device == "cpu":
        blocks.append('import os\n\nos.environ["CUDA_VISIBLE_DEVICES"] = "-1"  # use the CPU only')
    plain = ["import keras"]
    if re.search(r"\bnp\.", body):
        plain.append("import numpy as np")
    plain.append("from keras import layers")
    if source is not None:
        plain += sorted(source.imports)
    blocks.append("\n".join(plain))
    return "\n\n".join(blocks)


def _file_name(title: str) -> str:
    """Return a name for the model and its file: "LeNet-5" becomes "lenet_5"."""
    return re.sub(r"[^a-z0-9]+", "_", title.lower()).strip("_") or "netloom"


def _data_spec(document: Document) -> type[DatasetSpec] | None:
    return DATASETS.find(document.data.kind)


def _source(document: Document) -> SourceCode:
    spec = _data_spec(document)
    if spec is None:
        kind = literal(document.data.kind)
        return SourceCode(
            comment(f"To do: load the data {kind} into x_train, y_train, x_test and y_test.")
        )
    return spec.code(document.data.params)


def _fit_data(document: Document, network: NetworkCode) -> str:
    """Write what brings samples and targets into the form that the network takes."""
    spec = _data_spec(document)
    nodes = document.network.nodes
    shapes = [
        tuple(owner_of(document.network, node_id).params.get("shape", _default_shape()))
        for node_id in network.input_ids()
    ]
    lines = []
    known = spec.shape_of(document.data.params) if spec is not None else None
    if len(set(shapes)) == 1 and _needs_reshape(shapes[0], known):
        sizes = ", ".join(map(str, shapes[0]))
        lines += [f"x_{part} = x_{part}.reshape(-1, {sizes})" for part in PARTS]
    elif len(set(shapes)) > 1:
        for part in PARTS:
            items = [
                f"x_{part}.reshape(-1, {', '.join(map(str, shape))})"
                if _needs_reshape(shape, known)
                else f"x_{part}"
                for shape in shapes
            ]
            lines.append(f"x_{part} = [{', '.join(items)}]")
    if len(shapes) > 1 and len(set(shapes)) == 1:
        lines += [f"x_{part} = [x_{part}] * {len(shapes)}" for part in PARTS]
    outputs = [owner_of(document.network, node_id) for node_id in network.output_ids()]
    units = [node.params.get("units") for node in outputs if node.id in nodes]
    if _wants_one_hot(document, spec, units):
        classes = f", {len(spec.class_names)}" if spec is not None and spec.class_names else ""
        lines += [f"y_{part} = keras.utils.to_categorical(y_{part}{classes})" for part in PARTS]
    if len(outputs) > 1:
        lines += [f"y_{part} = [y_{part}] * {len(outputs)}" for part in PARTS]
    return "".join(f"\n{line}" for line in lines)


def _default_shape() -> Any:
    from engine.layers import LAYERS

    return LAYERS.get("Input").defaults()["shape"]


def _needs_reshape(shape: tuple[int | None, ...], known: tuple[int, ...] | None) -> bool:
    if None in shape or shape == known:
        return False
    return known is None or math.prod(size or 0 for size in shape) == math.prod(known)


def _wants_one_hot(document: Document, spec: type[DatasetSpec] | None, units: list[Any]) -> bool:
    loss = LOSSES.find(document.recipe.loss)
    target = loss.target if loss is not None else "labels"
    if target == "one_hot":
        return True
    several = any(isinstance(count, int) and count > 1 for count in units)
    classes = spec is not None and spec.task == "classes"
    return several and (target == "binary" or (target == "values" and classes))


def _training(document: Document, network: NetworkCode) -> str:
    """Write compile, fit, evaluate and save."""
    recipe = document.recipe
    outputs = len(network.outputs)
    metrics = f"[{', '.join(map(literal, recipe.metrics))}]"
    compiled = [f"optimizer={_optimizer(document)}"]
    compiled.append(f"loss={sequence([literal(recipe.loss)] * outputs)}")
    if recipe.metrics:
        compiled.append(f"metrics={sequence([metrics] * outputs)}")
    fitted = ["x_train", "y_train"]
    fitted += [f"batch_size={recipe.batch_size}", f"epochs={recipe.epochs}"]
    if recipe.validation_split:
        fitted.append(f"validation_split={recipe.validation_split!r}")
    if not recipe.shuffle:
        fitted.append("shuffle=False")
    lines = ["# The training", *_statement("model.compile", compiled)]
    lines += [call("model.fit", fitted), "model.evaluate(x_test, y_test)"]
    lines.append(f"model.save({literal(_file_name(document.title) + '.keras')})")
    return "\n".join(lines)


def _statement(start: str, arguments: list[str]) -> list[str]:
    """Write a call with one argument a line, as people like it for long ones."""
    return [f"{start}(", *(f"    {argument}," for argument in arguments), ")"]


def _optimizer(document: Document) -> str:
    part = document.recipe.optimizer
    spec = OPTIMIZERS.find(part.kind)
    if spec is None:
        return literal(part.kind)
    own = {name: value for name, value in spec.trim(part.params).items() if name in spec.fields}
    own = {"learning_rate": spec.complete(part.params)["learning_rate"], **own}
    arguments = [f"{name}={literal(value)}" for name, value in own.items()]
    return f"keras.optimizers.{spec.keras}({', '.join(arguments)})"
