"""The command `export`: a network in another format."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import msgspec

from engine.errors import ExportProblem, FileProblem, Text, text
from engine.foreign import lambdas
from engine.foreign.code import one_line
from engine.formats.exporting import FORMATS, PICTURES, ExportFormat, format_for
from engine.formats.keras_files.drawing import Imported
from engine.formats.keras_files.understanding import Remark
from engine.formats.project import to_json
from engine.formats.python_alone import script_of
from engine.formats.report import Scores, report
from engine.ipc import messages as m
from engine.ipc.throttle import Outbox
from engine.paths import ROOT, read_small, reason, write_bytes
from engine.worker.children import child_environment
from engine.worker.command_files import (
    DOCUMENT,
    follow,
    load_weights_of,
    read,
    remark_rows,
    say_remarks,
)
from engine.worker.data import DataStore
from engine.worker.documents import Followed
from engine.worker.runs import Runs

PATIENCE = 120


def export(options: argparse.Namespace) -> int:
    """Write the model of a file in another format.

    Raises:
        ExportProblem: No format has the target's ending, or the model does not go into it.
        FileProblem: A file cannot be read or written.
    """
    target: Path = options.to
    note: Text | None = None
    if options.quantize and target.suffix != ".tflite":
        raise FileProblem("--quantize is for .tflite files; “{path}” is none.", path=target.name)
    item = None if target.suffix in PICTURES else format_for(target, options.quantize or "")
    imported = read(options.file)
    followed = follow(imported, options)
    if item is not None and item.model:
        _model(imported, followed, options, item)
        return 0
    if item is None:
        _picture(followed, target)
    elif item.key == "python":
        for node in followed.document.network.nodes.values():
            if node.layer == "Lambda":
                lambdas.read(node.params)
        script, note = script_of(followed.document)
        write_bytes(target, script.encode())
    else:
        write_bytes(target, _report(followed, options.history).encode())
    if options.json:
        told = {
            "written": str(target),
            "note": str(note) if note else None,
            "remarks": remark_rows(imported.remarks),
        }
        print(json.dumps(told, ensure_ascii=False))
        return 0
    say_remarks(imported.remarks)
    print(f"wrote {target}")
    if note:
        print(f"note: {one_line(str(note))}", file=sys.stderr)
    return 0


def _model(
    imported: Imported, followed: Followed, options: argparse.Namespace, item: ExportFormat
) -> None:
    target: Path = options.to
    remarks = list(imported.remarks)
    found: list[m.Exported] = []
    runs = Runs(
        Outbox(lambda reply: found.append(reply) if isinstance(reply, m.Exported) else None),
        between=lambda: None,
    )
    if not load_weights_of(runs, followed, imported, options.file) and item.key != "json":
        untrained = text(
            "“{path}” holds no weights: those that were written are new and have not been trained.",
            path=options.file.name,
        )
        remarks.append(Remark("", untrained))
    request = m.Export(document=DOCUMENT, path=str(target), format=item.key)
    runs.prepare_export(request, followed, DataStore())()
    written = found[0]
    if options.json:
        told = {
            "written": str(target),
            "format": FORMATS[written.format].title,
            "bytes": written.bytes,
            "difference": written.difference,
            "reader": written.reader,
            "samples": written.samples,
            "note": str(written.note) if written.note else None,
            "remarks": remark_rows(remarks),
        }
        print(json.dumps(told, ensure_ascii=False))
        return
    say_remarks(remarks)
    checked = ""
    if written.difference is not None:
        checked = (
            f", read back by {written.reader}: predictions differ by at most"
            f" {written.difference:.1e}"
        )
    print(f"wrote {target} ({written.bytes:,} bytes{checked})")
    if written.note:
        print(f"note: {one_line(str(written.note))}", file=sys.stderr)


def _picture(followed: Followed, target: Path) -> None:
    """Let the window's code draw the network, in a process without Keras."""
    with tempfile.TemporaryDirectory() as folder:
        drawing, facts = Path(folder) / "drawing.netloom", Path(folder) / "facts.json"
        drawing.write_text(to_json(followed.document), encoding="utf-8")
        facts.write_bytes(msgspec.json.encode(followed.book.facts))
        command = [sys.executable, str(ROOT / "main.py"), "picture", str(drawing)]
        command += ["--facts", str(facts), "--to", str(target.absolute())]
        try:
            done = subprocess.run(
                command,
                check=False,
                capture_output=True,
                text=True,
                timeout=PATIENCE,
                env=child_environment(),
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise ExportProblem(
                "“{path}” could not be drawn: {reason}.", path=target, reason=reason(error)
            ) from error
    if done.returncode:
        lines = done.stderr.strip().splitlines()
        raise ExportProblem(
            "“{path}” could not be drawn: {reason}.",
            path=target,
            reason=lines[-1].removeprefix("netloom: ").rstrip(".") if lines else "?",
        )


def _report(followed: Followed, history: Path | None) -> str:
    with tempfile.TemporaryDirectory() as folder:
        picture = Path(folder) / "picture.svg"
        _picture(followed, picture)
        drawn = picture.read_text(encoding="utf-8")
    return report(followed.document, followed.book.facts, drawn, _scores(history))


def _scores(path: Path | None) -> Scores | None:
    """Read the history that the command `train` writes."""
    if path is None:
        return None
    try:
        found = msgspec.json.decode(read_small(path), type=Scores, strict=False)
    except (OSError, FileProblem, RecursionError, ValueError) as error:  # Damage is a value too.
        raise FileProblem(
            "“{path}” holds no history of a training: give the .history.json that train writes.",
            path=path.name,
        ) from error
    return msgspec.structs.replace(found, status="")
