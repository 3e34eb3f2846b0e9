"""Writes a document as a Keras script that a person could have written and can run."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence

from engine.datasets import UNDECIDED
from engine.datasets.spec import SourceCode
from engine.formats.python_custom import custom_imports
from engine.formats.python_data import data_code, source_code
from engine.formats.python_network import NetworkCode, model_code
from engine.formats.python_writer import WIDTH, call, comment, indented, legible, listing, literal
from engine.graph.analysis import problems
from engine.graph.document import Document
from engine.training import OPTIMIZERS


def to_python(document: Document, *, alone: bool = False, lacking: Sequence[str] = ()) -> str:
    """Return a script that builds, trains and saves the network of a document.

    The result is always Python; where the network is not complete yet, comments say what is
    missing and the script ends behind the layers that can be built.

    Args:
        document: The document.
        alone: Whether the script shall run without this program: layers then have the names that
            Keras can take, instead of those by which the drawing is found again.
        lacking: Names of layers that cannot be written, for which the script ends with a word.
    """
    network = NetworkCode(document.network, alone=alone)
    todo = [
        comment(f"To do: {problem.message}")
        for problem in problems(document.network)
        if problem.severity == "error"
    ]
    if lacking:
        words = f"Write these layers in Python first: {', '.join(lacking)}."
        todo.append(call("raise NotImplementedError", [literal(words)]))
    drawn = ["# The network", *todo, *network.lines]
    if not (network.inputs and network.outputs):
        return _script(document, None, ["\n".join(drawn)])
    drawn += [model_code(network, _file_name(document.title)), "model.summary()"]
    seed = f"keras.utils.set_random_seed({document.recipe.seed})"
    source = source_code(document)
    if document.data.kind == UNDECIDED:  # A script that runs as it is, up to where data is needed.
        parts = [seed, "\n".join(drawn), _compiling(document, network), source.body]
        return _script(document, source, parts)
    data = data_code(document, source, network)
    training = "\n".join([_compiling(document, network), *_fitting(document)])
    return _script(document, source, [seed, data, "\n".join(drawn), training])


def _script(document: Document, source: SourceCode | None, parts: list[str]) -> str:
    """Put title and imports before the parts of a script."""
    imports = _imports(document, source, "\n".join(parts))
    return "\n\n".join([_title(document), imports, *parts, ""]).rstrip() + "\n"


def _title(document: Document) -> str:
    """Write title and notes as the script's docstring."""
    title = legible(" ".join(document.title.split())).strip() or "A network"
    lines = [f"{title}, drawn with Netloom."]
    if document.notes.strip():
        lines.append("")
        for paragraph in document.notes.strip().splitlines():
            lines += textwrap.wrap(legible(paragraph), WIDTH) or [""]
        lines.append("")
    escaped = "\n".join(lines).replace("\\", "\\\\").replace('"', '\\"')
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
    plain += custom_imports(document.network)
    blocks.append("\n".join(plain))
    return "\n\n".join(blocks)


def _file_name(title: str) -> str:
    """Return a name for the model and its file: "LeNet-5" becomes "lenet_5"."""
    return re.sub(r"[^a-z0-9]+", "_", title.lower()).strip("_") or "netloom"


def _compiling(document: Document, network: NetworkCode) -> str:
    """Write what the training goes by."""
    recipe = document.recipe
    outputs = len(network.outputs)
    compiled = [
        f"optimizer={_optimizer(document)}",
        f"loss={listing([literal(recipe.loss)] * outputs)}",
    ]
    if recipe.metrics:
        metrics = f"[{', '.join(map(literal, recipe.metrics))}]"
        compiled.append(f"metrics={listing([metrics] * outputs)}")
    arguments = (indented(f"{argument},") for argument in compiled)
    return "\n".join(["# The training", "model.compile(", *arguments, ")"])


def _fitting(document: Document) -> list[str]:
    """Write fit, evaluate and save."""
    recipe = document.recipe
    fitted = ["x_train", "y_train", f"batch_size={recipe.batch_size}", f"epochs={recipe.epochs}"]
    if recipe.validation_split:
        fitted.append(f"validation_split={recipe.validation_split!r}")
    if not recipe.shuffle:
        fitted.append("shuffle=False")
    return [
        call("model.fit", fitted),
        "model.evaluate(x_test, y_test)",
        f"model.save({literal(_file_name(document.title) + '.keras')})",
    ]


def _optimizer(document: Document) -> str:
    """Write the optimizer with its learning rate, and else only what is no default."""
    part = document.recipe.optimizer
    spec = OPTIMIZERS.find(part.kind)
    if spec is None:
        return literal(part.kind)
    own = {name: value for name, value in spec.trim(part.params).items() if name in spec.fields}
    own = {"learning_rate": spec.complete(part.params)["learning_rate"], **own}
    arguments = [f"{name}={literal(value)}" for name, value in own.items()]
    return call(f"keras.optimizers.{spec.keras}", arguments, len("    optimizer=,"))
