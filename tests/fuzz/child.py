"""The process that opens fuzzed files: one case a line, one answer a line.

    python child.py GROUP FOLDER

It writes down what Python does outside of the folder, what a case costs in memory, and lives
under a limit of address space. Crashes and hangs are for the parent to see.
"""

from __future__ import annotations

import base64
import contextlib
import faulthandler
import json
import os
import signal
import sys
import time
import traceback
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

from watching import Watch

# Above what the process takes once everything is imported.
MOST_MEMORY = 2 * 2**30
# Entries of a file that are looked into.
MOST_LOOKED = 12


Read = Callable[[Path], object]


def _followed(document: Any) -> None:
    """Do with a drawing what the window does first with every drawing."""
    from engine.advice import advice
    from engine.formats.project import from_json, to_json
    from engine.formats.python_code import to_python
    from engine.graph.analysis import problems
    from engine.graph.arranging import lay_out
    from engine.graph.folding import outline
    from engine.graph.situation import Situation

    for problem in problems(document.network):
        assert str(problem.message)
    for problem in advice(Situation(document, {})):
        assert str(problem.message)
    for scope in ("", *document.network.blocks):
        outline(document.network, scope)
    lay_out(document.network)
    to_python(document)
    text = to_json(document)
    assert to_json(from_json(text, "again")) == text


def _known() -> type[Exception]:
    from engine.errors import NetloomError

    return NetloomError


def _project(path: Path) -> None:
    from engine.formats.project import read_project

    _followed(read_project(path))


def _model(path: Path) -> None:
    from engine.formats.keras_files.drawing import import_model

    imported = import_model(path)
    for remark in imported.remarks:
        assert str(remark.message)
    _followed(imported.document)


def _script(path: Path) -> None:
    from engine.formats.python_reading.opening import import_script

    imported = import_script(path)
    for remark in imported.remarks:
        assert str(remark.message)
    _followed(imported.document)


def _stored(path: Path) -> None:
    from engine.formats.keras_files.stored import stored_layers

    with stored_layers(path) as layers:
        for layer in layers:
            for weight in layer.weights:
                weight.read()


def _weights(model: Any, network: Any) -> Read:
    from engine.worker.weights import load_weights

    return lambda path: load_weights(model, network, path, partly=True)


def _tree(path: Path) -> None:
    from engine.formats.hdf5.questions import about, search
    from engine.formats.hdf5.remote import RemoteFile, asked
    from engine.formats.hdf5.tree import joined
    from engine.stopping import Stopped

    known, step = _known(), _patient()
    file = RemoteFile(path)
    file.entries([joined("/", name) for name in file.names("/")])
    with contextlib.suppress(Stopped):
        [found] = asked(path, search, path, "")(step)
        inner = [entry for entry in found if entry.kind in ("group", "dataset")]
        for entry in inner[:MOST_LOOKED]:
            with contextlib.suppress(known):
                list(asked(path, about, path, entry.path)(step))


def _compare(path: Path) -> None:
    from engine.formats.hdf5.questions import differences
    from engine.formats.hdf5.remote import asked
    from engine.stopping import Stopped

    with contextlib.suppress(Stopped):
        list(asked(path, differences, path, path)(_patient()))


def _patient() -> Callable[[float], bool]:
    """Return what gives up as a person does, who ends what takes long."""
    end = time.monotonic() + 5
    return lambda _: time.monotonic() < end


def _npz(path: Path) -> None:
    from engine.datasets import DATASETS

    DATASETS.get("npz").load({"path": str(path)})


def _settings(path: Path) -> None:
    from engine.settings import load_settings, save_settings

    os.environ["NETLOOM_CONFIG"] = str(path.parent)
    found = load_settings()
    found.remember(path)
    save_settings(found)


def _trusted(path: Path) -> None:
    from engine.trust import all_trusted, is_trusted

    os.environ["NETLOOM_CONFIG"] = str(path.parent)
    all_trusted()
    assert not is_trusted(b"of others")


def _source(path: Path) -> None:
    from engine.foreign.source import read_source
    from engine.layers import LAYERS

    kind = LAYERS.get("Custom")
    names = ["", *(found.name for found in read_source(path).classes)]
    for name in names:
        params = {"file": str(path), "class_name": name, "arguments": "units=3"}
        for obstacle in kind.obstacles(params):
            assert str(obstacle.message)
        kind.code(params, name)


def _bytecode(path: Path) -> None:
    """Show a function as a person is shown it; what cannot be read says so."""
    from engine.errors import FileProblem
    from engine.foreign import bytecode, lambdas

    words = base64.b64encode(path.read_bytes()).decode()
    params = {"function": {"class_name": "__lambda__", "config": {"code": words}}}
    lambdas.read(params)
    assert lambdas.code_of(params, "name").text
    lambdas.formula(params, 1)
    obstacles = [obstacle.code for obstacle in lambdas.obstacles(params)]
    assert obstacles
    bytecode._known.clear()
    if obstacles == ["unreadable-code"]:
        raise FileProblem("“{path}” is no bytecode of this Python.", path=path.name)


def _history(path: Path) -> None:
    from engine.worker.command_export import _scores

    _scores(path)


def _recovery(path: Path) -> None:
    from engine import recovery
    from engine.formats.project import from_json

    os.environ["NETLOOM_DATA"] = str(path.parent.parent)
    for copy in recovery.found().values():
        _followed(from_json(copy.document, copy.title))


def readers(group: str, folder: Path) -> dict[str, Read]:
    """Return what reads the files of each kind, with everything imported that it needs."""
    if group == "weights":
        # Keras is needed, and a network that waits for weights.
        import engine.worker.command_export
        from engine.formats.project import read_project
        from engine.worker.compile import build_model, compile_model

        document = read_project(folder / "network.netloom")
        model = build_model(document.network, document.title, seed=1)
        compile_model(model, document.recipe)
        load = _weights(model, document.network)
        return {
            "weights": load,
            "checkpoint": lambda path: load(path.parents[1]),
            "history": _history,
        }
    if group == "straying":
        from tests.fuzz.straying import STRAYING

        return {name: read for name, (read, _) in STRAYING.items()}
    import sklearn.datasets  # noqa: F401

    import engine.datasets
    import engine.formats.hdf5.comparing
    import engine.formats.hdf5.pictures
    import engine.formats.python_code
    import engine.formats.python_reading.opening  # noqa: F401

    return {
        "project": _project,
        "model": _model,
        "described": _model,
        "graph": _model,
        "script": _script,
        "stored": _stored,
        "tree": _tree,
        "compare": _compare,
        "npz": _npz,
        "settings": _settings,
        "recovery": _recovery,
        "trusted": _trusted,
        "source": _source,
        "bytecode": _bytecode,
    }


def _case(read: Read, path: Path) -> dict[str, str]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            read(path)
    except _known() as error:
        return {"outcome": "refused", "told": str(error)}
    except BaseException as error:
        return {"outcome": "raised", "told": _trace(error)}
    return {"outcome": "read", "told": ""}


def _trace(error: BaseException) -> str:
    """Return an error with its last places, in few lines."""
    frames = traceback.extract_tb(error.__traceback__)[-5:]
    places = " < ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in reversed(frames))
    return f"{type(error).__name__}: {str(error)[:300]} at {places}"


def _memory(name: str) -> int:
    """Return a figure about this process's memory in bytes, 0 where the system tells none."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith(f"{name}:"):
                return int(line.split()[1]) * 1024
    return 0


def _forget_peak() -> None:
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")


def _limit() -> None:
    try:
        import resource
    except ImportError:
        return  # Windows: the parent's watch over time stays.
    if now := _memory("VmSize"):
        resource.setrlimit(resource.RLIMIT_AS, (now + MOST_MEMORY, now + MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main(group: str, folder: Path) -> None:
    """Answer until the input ends."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # What libraries print is no answer.
    faulthandler.enable()
    if hasattr(signal, "SIGUSR1"):
        faulthandler.register(signal.SIGUSR1, all_threads=True)
    found = readers(group, folder)
    # Netloom's own helpers are started before the count, as they live on.
    _limit()
    watch = Watch(folder)
    print(json.dumps({"ready": os.getpid()}), file=answers, flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        before = _memory("VmRSS")
        _forget_peak()
        watch.taken()
        start = time.monotonic()
        answer: dict[str, Any] = dict(_case(found[asked["reader"]], Path(asked["path"])))
        answer["seconds"] = time.monotonic() - start
        answer["memory"] = max(0, _memory("VmHWM") - before)
        answer["strayed"] = watch.taken()
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
