"""The process that opens fuzzed files: one case a line, one answer a line.

    python child.py GROUP FOLDER

It writes down what Python opens for writing outside of the folder, what a case costs in memory,
and lives under a limit of address space. Crashes and hangs are for the parent to see.
"""

from __future__ import annotations

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

# Above what the process takes once everything is imported.
MOST_MEMORY = 2 * 2**30
# Entries of a file that are looked into.
MOST_LOOKED = 12
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND

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
        from engine.formats.project import read_project
        from engine.worker.compile import build_model, compile_model

        document = read_project(folder / "network.netloom")
        model = build_model(document.network, document.title, seed=1)
        compile_model(model, document.recipe)
        load = _weights(model, document.network)
        return {"weights": load, "checkpoint": lambda path: load(path.parents[1])}
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
    strayed: list[str] = []

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open" and isinstance(arguments[0], str) and (arguments[2] or 0) & WRITING:
            place = os.path.abspath(arguments[0])
            if not place.startswith((str(folder), "/proc/self/", "/dev/null")):
                strayed.append(place)

    sys.addaudithook(watch)
    print(json.dumps({"ready": os.getpid()}), file=answers, flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        before = _memory("VmRSS")
        _forget_peak()
        start = time.monotonic()
        answer: dict[str, Any] = dict(_case(found[asked["reader"]], Path(asked["path"])))
        answer["seconds"] = time.monotonic() - start
        answer["memory"] = max(0, _memory("VmHWM") - before)
        answer["strayed"], strayed[:] = list(strayed), []
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
