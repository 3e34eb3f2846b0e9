"""The formats in which a network leaves the program."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path

import msgspec

from engine.errors import ExportProblem, Text, text

# What installs the packages that other programs' formats need.
EXTRA = "pip install 'netloom[export]'"


class ExportFormat(msgspec.Struct, frozen=True, kw_only=True):
    """One way out.

    Attributes:
        key: Permanent key.
        title: Name for people.
        help: What it is good for, in one or two sentences.
        ending: How its files' names end.
        model: Whether it holds the model, so that the engine writes it.
        reader: What reads it back to compare predictions, or "".
        needs: Modules beyond the program's own.
        folder: Whether it is a folder.
        variant: Put before the ending of a proposed name, to tell it from others of the ending.
    """

    key: str
    title: str
    help: str
    ending: str
    model: bool = True
    reader: str = "Keras"
    needs: tuple[str, ...] = ()
    folder: bool = False
    variant: str = ""

    def missing(self) -> list[str]:
        """Return the modules it needs that are not installed."""
        return [name for name in self.needs if importlib.util.find_spec(name) is None]

    def missing_text(self) -> Text | None:
        """Return what to say of packages that are not installed, and how to get them."""
        if not (missing := self.missing()):
            return None
        return text(
            "{title} needs {packages}, which are not installed: run {command} and try again.",
            title=self.title,
            packages=", ".join(missing),
            command=EXTRA,
        )

    def suits(self, path: Path) -> bool:
        """Return whether a file's name ends as it must, with something before the ending."""
        name = path.name
        own = name.endswith(self.ending) and name != self.ending
        return own and not (self.key == "h5" and name.endswith(".weights.h5"))


# Pictures are drawn by the window's code.
PICTURES = (".svg", ".png", ".pdf")
_LITERT = ("ai_edge_litert",)

FORMATS: dict[str, ExportFormat] = {
    item.key: item
    for item in (
        ExportFormat(
            key="h5",
            title="H5, whole model",
            help="The trained model and the drawing in one file. Netloom and plain Keras open it.",
            ending=".h5",
        ),
        ExportFormat(
            key="keras",
            title="Keras 3",
            help="The trained model in Keras's own format, operations and optimizer included.",
            ending=".keras",
        ),
        ExportFormat(
            key="weights",
            title="Weights only",
            help="The trained weights alone, for a network that is there already.",
            ending=".weights.h5",
        ),
        ExportFormat(
            key="json",
            title="Architecture (JSON)",
            help="The layers without weights: keras.models.model_from_json builds them.",
            ending=".json",
        ),
        ExportFormat(
            key="saved_model",
            title="SavedModel",
            help="A folder for TensorFlow Serving and TensorFlow's other tools.",
            ending=".savedmodel",
            reader="TensorFlow",
            folder=True,
        ),
        ExportFormat(
            key="onnx",
            title="ONNX",
            help="The open format that ONNX Runtime, PyTorch tools and Netron read.",
            ending=".onnx",
            reader="ONNX Runtime",
            needs=("onnx", "tf2onnx", "onnxruntime"),
        ),
        ExportFormat(
            key="tflite",
            title="TFLite",
            help="For phones and small devices, with the numbers as they are.",
            ending=".tflite",
            reader="LiteRT",
            needs=_LITERT,
        ),
        ExportFormat(
            key="tflite_dynamic",
            title="TFLite, dynamic range",
            help="About a quarter of the size: weights of 8 bits, computed with as floats.",
            ending=".tflite",
            reader="LiteRT",
            needs=_LITERT,
            variant="dynamic",
        ),
        ExportFormat(
            key="tflite_int8",
            title="TFLite, int8",
            help="Smallest and fastest on small chips. Samples of the data tell the ranges of"
            " values; predictions differ a little.",
            ending=".tflite",
            reader="LiteRT",
            needs=_LITERT,
            variant="int8",
        ),
        ExportFormat(
            key="python",
            title="Python script",
            help="Readable Keras code that builds and trains the network by itself.",
            ending=".py",
            model=False,
            reader="",
        ),
        ExportFormat(
            key="html",
            title="Report (HTML)",
            help="One page to hand in: picture, table of layers, training curves and scores.",
            ending=".html",
            model=False,
            reader="",
        ),
    )
}


def format_for(path: Path, quantize: str = "") -> ExportFormat:
    """Return the format that a file's name asks for.

    Args:
        path: The file to write.
        quantize: For TensorFlow Lite: "dynamic", "int8" or "".

    Raises:
        ExportProblem: No format has this ending.
    """
    for item in sorted(FORMATS.values(), key=lambda item: -len(item.ending)):
        if item.suits(path) and item.variant == (quantize if item.ending == ".tflite" else ""):
            return item
    raise ExportProblem(
        "“{path}” must end in one of {endings}.",
        path=path.name,
        endings=", ".join(dict.fromkeys([*(item.ending for item in FORMATS.values()), *PICTURES])),
    )


def refuse_missing(item: ExportFormat) -> None:
    """Refuse a format whose packages are not installed.

    Raises:
        ExportProblem: Some are missing; tells how to get them.
    """
    if (sentence := item.missing_text()) is not None:
        raise ExportProblem(sentence.template, **sentence.values)


def texts() -> Iterator[str]:
    """Yield what people read of the formats, for translation."""
    for item in FORMATS.values():
        yield from (item.title, item.help)
