"""Commands without a window: check, train, export, import, info. The engine's own code, no Qt."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
from collections.abc import Callable
from typing import Any

from engine.datasets import UNDECIDED
from engine.errors import DataProblem, FileProblem, NetloomError
from engine.foreign.code import one_line
from engine.graph.analysis import Problem, problems
from engine.interrupting import INTERRUPTED, STOPPED, stopping_at_once
from engine.ipc import messages as m
from engine.ipc.throttle import Outbox
from engine.native_output import quiet_start
from engine.paths import discard_unfinished, write_bytes
from engine.worker.advice import data_problems
from engine.worker.children import end_children
from engine.worker.command_export import export
from engine.worker.command_files import (
    DOCUMENT,
    follow,
    load_weights_of,
    open_followed,
    read,
    say_remarks,
)
from engine.worker.command_import import import_file
from engine.worker.compile import with_deep_stack
from engine.worker.data import DataStore
from engine.worker.devices import find_devices
from engine.worker.documents import Followed, refuse_errors
from engine.worker.runs import Runs

DONE, FAILED, UNREADABLE = 0, 1, 2


def execute(options: argparse.Namespace) -> int:
    """Run a command and return the exit code: 0 done, 1 failed, 2 unreadable file."""
    commands: dict[str, Callable[[argparse.Namespace], int]] = {
        "check": check,
        "train": lambda given: train(given, interrupt),
        "export": export,
        "info": info,
        "import": import_file,
    }
    with stopping_at_once(), quiet_start():
        find_devices()
    try:
        with Interrupt() as interrupt:
            return with_deep_stack(lambda: commands[options.command](options))
    except KeyboardInterrupt:
        # The thread that works cannot be stopped; what it has not finished goes with it.
        end_children()
        discard_unfinished()
        print(STOPPED, file=sys.stderr)
        os._exit(INTERRUPTED)
    except (FileProblem, DataProblem) as error:
        _say(str(error))
        return UNREADABLE
    except NetloomError as error:
        _say(str(error))
        return FAILED


def check(options: argparse.Namespace) -> int:
    """Print what is wrong with a network."""
    followed = open_followed(options)
    found = all_problems(followed, DataStore())
    for problem in found:
        if options.json:
            _print_json(
                code=problem.code,
                severity=problem.severity,
                node=problem.node,
                field=problem.field,
                message=str(problem.message),
            )
        else:
            where = f"{problem.node}: " if problem.node else ""
            print(one_line(f"{problem.severity}: {where}{problem.message}"))
    errors = [problem for problem in found if problem.severity == "error"]
    if not found and not options.json:
        total, _ = followed.book.totals()
        count = len(followed.document.network.nodes)
        print(f"No problems: {count} layers, {total:,} parameters.")
    return FAILED if errors else DONE


def info(options: argparse.Namespace) -> int:
    """Print the layers of a network with their shapes and weights."""
    followed = open_followed(options)
    document, facts = followed.document, followed.book.facts
    total, trainable = followed.book.totals()
    rows: list[dict[str, Any]] = [
        {
            "name": node.title if options.json else one_line(node.title),
            "layer": node.layer if options.json else one_line(node.layer),
            "shape": facts[node.id].shape,
            "params": facts[node.id].params,
            "inputs": [edge.source for edge in document.network.inputs(node.id)],
        }
        for node in document.network.ordered()
    ]
    if options.json:
        _print_json(
            title=document.title,
            data=document.data.kind,
            loss=document.recipe.loss,
            params=total,
            trainable=trainable,
            layers=rows,
        )
        return DONE
    print(one_line(document.title or options.file.name))
    widths = [max((len(str(row[key])) for row in rows), default=0) for key in ("name", "layer")]
    for row in rows:
        shape = "?" if row["shape"] is None else tuple(row["shape"])
        name, layer = row["name"].ljust(widths[0]), row["layer"].ljust(widths[1])
        print(f"  {name}  {layer}  {shape!s:<22} {row['params']:>12,}")
    print(f"{total:,} parameters, {trainable:,} trainable")
    print(f"data: {document.data.kind}; loss: {document.recipe.loss}")
    return DONE


def train(options: argparse.Namespace, interrupt: Interrupt) -> int:
    """Train a network; write the whole model and the history."""
    imported = read(options.file)
    followed = follow(imported, options)
    data = DataStore()
    refuse_errors(all_problems(followed, data))
    if followed.document.data.kind == UNDECIDED:
        raise DataProblem(
            "No data is chosen yet in “{path}”: give an .npz file with --data.",
            path=options.file.name,
        )
    say_remarks(imported.remarks)
    options.out.mkdir(parents=True, exist_ok=True)
    ends: list[m.RunEnded] = []
    runs = Runs(Outbox(_Reporter(options.json, ends)), between=lambda: None)
    resume = load_weights_of(runs, followed, imported, options.file)
    asked = m.Train(document=DOCUMENT, run="run", resume=resume)
    job = runs.prepare(asked, followed, data)
    interrupt.action = runs.stop  # Ctrl+C keeps the weights trained so far.
    job()
    interrupt.action = None
    ended = ends[0]
    stem = options.out / options.file.name.removesuffix(options.file.suffix)
    history = {"status": ended.status, "history": ended.history, "test": ended.test}
    write_bytes(stem.with_name(f"{stem.name}.history.json"), _json(history))
    if ended.status in ("failed", "diverged"):
        _say(str(ended.message))
        return FAILED
    path = stem.with_name(f"{stem.name}.h5")
    request = m.Export(document=DOCUMENT, path=str(path), format="h5")
    runs.prepare_export(request, followed, data)()
    if not options.json:
        print(one_line(f"{ended.message} {_logs_text(ended.test, 'test ')}".strip()))
        print(f"wrote {path} and {stem.name}.history.json")
    return DONE


def all_problems(followed: Followed, data: DataStore) -> list[Problem]:
    """Return everything wrong with a document: the drawing, the shapes, and the data."""
    network = followed.document.network
    found = [*problems(network), *followed.book.problems(network)]
    if any(problem.severity == "error" for problem in found):
        return found
    if followed.document.data.kind == UNDECIDED:
        return found
    try:
        loaded = data.load(followed.document.data)
    except DataProblem as error:
        return [*found, Problem("data", error.text)]
    return [*found, *data_problems(followed, loaded)]


class _Reporter:
    """Prints a run as it goes: a line or a JSON object an epoch, and a moving bar."""

    def __init__(self, as_json: bool, ends: list[m.RunEnded]) -> None:
        self._as_json = as_json
        self._ends = ends
        self._started: m.RunStarted | None = None
        self._bar = sys.stderr.isatty() and not as_json

    def __call__(self, message: m.AnyReply) -> None:
        match message:
            case m.RunStarted():
                self._started = message
            case m.Progress() if self._bar and self._started is not None:
                self._draw(message, self._started)
            case m.EpochEnded():
                self._epoch(message)
            case m.RunEnded():
                self._ends.append(message)

    def _draw(self, progress: m.Progress, started: m.RunStarted) -> None:
        done = round(24 * progress.batch / started.batches)
        bar = "━" * done + "╌" * (24 - done)
        loss = progress.metrics.get("loss", float("nan"))
        line = (
            f"\r{progress.epoch}/{started.epochs} {bar} loss {loss:.4f} {progress.eta:.0f} s left "
        )
        print(line, end="", file=sys.stderr, flush=True)

    def _epoch(self, ended: m.EpochEnded) -> None:
        if self._as_json:
            _print_json(epoch=ended.epoch, seconds=round(ended.seconds, 3), **ended.logs)
            return
        clear = "\r\x1b[K" if self._bar else ""
        epochs = self._started.epochs if self._started else "?"
        print(f"{clear}epoch {ended.epoch}/{epochs}  {_logs_text(ended.logs)}", flush=True)


def _logs_text(logs: dict[str, float], prefix: str = "") -> str:
    return "  ".join(f"{prefix}{name} {value:.4f}" for name, value in logs.items())


class Interrupt:
    """Ctrl+C while commands run beside the main thread, which alone may handle signals.

    Attributes:
        action: What Ctrl+C does; None ends the program as usual.
    """

    def __init__(self) -> None:
        self.action: Callable[[], None] | None = None

    def __enter__(self) -> Interrupt:
        self._old = signal.signal(signal.SIGINT, self._handle)
        return self

    def __exit__(self, *_: object) -> None:
        signal.signal(signal.SIGINT, self._old)

    def _handle(self, *_: object) -> None:
        if self.action is None:
            raise KeyboardInterrupt
        self.action()


def _json(value: Any) -> bytes:
    return (json.dumps(value, indent=1) + "\n").encode()


def _print_json(**values: Any) -> None:
    print(json.dumps(values, ensure_ascii=False), flush=True)


def _say(sentence: str) -> None:
    print(f"netloom: {one_line(sentence)}", file=sys.stderr)
