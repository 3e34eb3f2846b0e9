"""Starts the window, or a command without one.

Imports nothing heavy: the engine process imports this module again.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

# Adds a command by its name.
Add = Callable[..., argparse.ArgumentParser]


def parser() -> tuple[argparse.ArgumentParser, Collection[str]]:
    """Return the parser of the command line, and the names of its commands."""
    top = argparse.ArgumentParser(
        prog="netloom",
        usage="netloom [FILE ...]\n       netloom COMMAND ...",
        description="Draw a neural network, train it and look inside it. FILEs open in the window.",
    )
    commands = top.add_subparsers(dest="command", metavar="COMMAND")
    add = commands.add_parser
    _add_work(add)
    _add_formats(add)
    _add_looking(add)
    _add_trust(add)
    _add_window(add)
    return top, commands.choices


def _add_work(add: Add) -> None:
    check = add("check", help="say what is wrong with a network; exit code 1 if anything is")
    check.add_argument("file", type=Path, help="a .netloom file or a Keras model")
    check.add_argument("--data", type=Path, help="an .npz file instead of the file's own data")
    check.add_argument("--json", action="store_true", help="print one JSON object a problem")

    train = add("train", help="train a network and write the model and its history")
    train.add_argument("file", type=Path, help="a .netloom file or a Keras model")
    train.add_argument("--epochs", type=int, help="passes over the training samples")
    train.add_argument("--data", type=Path, help="an .npz file instead of the file's own data")
    train.add_argument("--out", type=Path, default=Path("out"), help="folder (default: out)")
    train.add_argument("--json", action="store_true", help="print one JSON object an epoch")


def _add_formats(add: Add) -> None:
    export = add("export", help="write a network in another format, and compare what was written")
    export.add_argument("file", type=Path, help="a .netloom file or a Keras model")
    export.add_argument(
        "--to",
        type=Path,
        required=True,
        help="file to write: .h5, .keras, .weights.h5, .json, .savedmodel, .onnx, .tflite, .py,"
        " .html, .svg, .png or .pdf",
    )
    export.add_argument("--quantize", choices=("dynamic", "int8"), help="8 bits, for .tflite")
    export.add_argument("--history", type=Path, help="a .history.json, for .html")
    export.add_argument("--json", action="store_true", help="print one JSON object")

    imported = add("import", help="make a drawing of any Keras model or script")
    imported.add_argument(
        "file", type=Path, help="an .h5, .hdf5, .keras, .json or .py file, or a SavedModel folder"
    )
    imported.add_argument("--weights", type=Path, help="a file that holds the weights")
    imported.add_argument("--to", type=Path, required=True, help="a .netloom or .h5 file to write")
    imported.add_argument(
        "--run", action="store_true", help="run a .py file that you trust, up to its model"
    )
    imported.add_argument("--json", action="store_true", help="print one JSON object")

    picture = add("picture")  # For the command export.
    picture.add_argument("file", type=Path)
    picture.add_argument("--facts", type=Path)
    picture.add_argument("--to", type=Path, required=True)


def _add_looking(add: Add) -> None:
    info = add("info", help="list layers, shapes and weights")
    info.add_argument("file", type=Path, help="a .netloom file or a Keras model")
    info.add_argument("--json", action="store_true", help="print JSON")

    inspect = add("inspect", help="look into any HDF5 file, without TensorFlow")
    inspect.add_argument("file", type=Path, help="an .h5 or .hdf5 file, of Keras or not")
    inspect.add_argument("--stats", action="store_true", help="read all numbers: least, mean, ...")
    inspect.add_argument("--compare", type=Path, help="another file; exit code 1 if they differ")
    inspect.add_argument("--json", action="store_true", help="print one JSON object")


def _add_trust(add: Add) -> None:
    trust = add("trust", help="show a Python file with layers of your own, and trust it")
    trust.add_argument("file", type=Path, help="a .py file")
    trust.add_argument("--withdraw", action="store_true", help="trust it no longer")
    trust.add_argument("--yes", action="store_true", help="do not ask: you have read it")


def _add_window(add: Add) -> None:
    window = add("open", help="open the window with files; the word itself can be left out")
    window.add_argument("files", type=Path, nargs="+", help=".netloom files or Keras models")

    demo = add("demo", help="without a screen: train LeNet-5, write the model and a picture")
    demo.add_argument("--out", type=Path, default=Path("out"), help="folder (default: out)")


def with_command(argv: Sequence[str], names: Collection[str]) -> list[str]:
    """Return the arguments with the command that bare files stand for: to open them."""
    first = argv[0] if argv else "-"
    # What looks like no file is a command misspelt.
    is_file = Path(first).suffix or Path(first).name != first or Path(first).exists()
    if first.startswith("-") or first in names or not is_file:
        return list(argv)
    return ["open", *argv]


def main(argv: list[str] | None = None) -> int:
    """Run Netloom and return its exit code: 0 done, 1 failed, 2 wrong use or unreadable file."""
    top, names = parser()
    options = top.parse_args(with_command(sys.argv[1:] if argv is None else argv, names))
    if options.command in (None, "open"):
        from gui.app import run

        return run(options.files if options.command else [])
    if options.command == "demo":
        from gui.headless.demo import run_demo

        return run_demo(options.out)
    if options.command == "picture":
        from gui.headless.picture_command import draw

        return draw(options)
    if options.command == "inspect":
        from engine.formats.hdf5.command_line import inspect

        return inspect(options)
    if options.command == "trust":
        from engine.trust_command import run_trust

        return run_trust(options)
    from engine.interrupting import stopping_at_once
    from engine.native_output import quiet_start

    with stopping_at_once(), quiet_start():
        from engine.worker.command_line import execute
    return execute(options)


if __name__ == "__main__":
    # A packaged program starts its engine process by starting itself.
    from multiprocessing import freeze_support

    freeze_support()
    sys.exit(main())
