"""The command `import`: a Keras model of any version, or a script, becomes a drawing."""

from __future__ import annotations

import argparse
import json
import math
import sys
import tempfile
from pathlib import Path

from engine.errors import FileProblem
from engine.foreign.code import one_line
from engine.formats.importing import import_any
from engine.formats.keras_files.drawing import Imported
from engine.formats.keras_files.matching import Match
from engine.formats.project import SUFFIX, write_project
from engine.worker.command_files import remark_rows, say_remarks
from engine.worker.compile import build_model, compile_model
from engine.worker.exports.exporting import export_model
from engine.worker.scripts.asking import run_script
from engine.worker.weights import load_weights

DONE, PARTLY = 0, 1


def import_file(options: argparse.Namespace) -> int:
    """Import a model; the exit code is 1 where a layer is opaque, unread or lacks weights.

    Raises:
        FileProblem: The file cannot be read, or the target's ending is wrong.
        CompileProblem: A model is to be written that cannot be built.
    """
    target: Path = options.to
    if target.suffix not in (SUFFIX, ".h5"):
        raise FileProblem("“{path}” must end in .netloom or .h5.", path=target.name)
    with tempfile.TemporaryDirectory() as folder:
        file: Path = options.file
        if options.run:
            file = Path(folder) / f"{file.stem}.keras"
            run_script(options.file, file)
        return _import(options, file, target)


def _import(options: argparse.Namespace, file: Path, target: Path) -> int:
    imported = import_any(file)
    weights: Path | None = options.weights or (file if imported.weighted else None)
    table: list[Match] = []
    document, model = imported.document, None
    # A drawing holds no weights, but whoever names a file of them wants to know what fits.
    if target.suffix != SUFFIX or options.weights is not None:
        model = build_model(document.network, document.title, document.recipe.seed)
        compile_model(model, document.recipe)
        if weights is not None:
            table = load_weights(model, document.network, weights, partly=True)
    if target.suffix == SUFFIX:
        write_project(document, target)
    elif model is not None:
        export_model(model, document, target, "h5")
    if options.json:
        print(json.dumps(_report(imported, table, target), ensure_ascii=False))
    else:
        _tell(imported, table, target)
    whole = all(row.how for row in table if row.node)
    whole = whole and not imported.partial
    return DONE if whole and not any(r.opaque for r in imported.remarks) else PARTLY


def _report(imported: Imported, table: list[Match], target: Path) -> dict[str, object]:
    network = imported.document.network
    return {
        "title": imported.document.title,
        "layers": [{"name": node.title, "layer": node.layer} for node in network.ordered()],
        "opaque": [remark.node for remark in imported.remarks if remark.opaque],
        "remarks": remark_rows(imported.remarks),
        "parameters": sum(math.prod(shape) for row in table if row.how for shape in row.shapes),
        "weights": [
            {"layer": row.node, "stored": row.stored, "by": row.how, "shapes": row.shapes}
            | ({"changed": str(row.note)} if row.note is not None else {})
            for row in table
        ],
        "written": str(target),
    }


def _tell(imported: Imported, table: list[Match], target: Path) -> None:
    say_remarks(imported.remarks)
    for row in table:
        if not row.how:
            where = (
                f"{row.node} has no weights in the file" if row.node else f"{row.stored} is left"
            )
            print(f"weights: {one_line(where)}", file=sys.stderr)
        elif row.note is not None:
            print(one_line(f"weights: {row.node}: {row.note}"), file=sys.stderr)
    count = len(imported.document.network.nodes)
    filled = sum(1 for row in table if row.how)
    words = f", {filled} with weights" if table else ""
    print(f"{count} layers{words}; wrote {target}")
