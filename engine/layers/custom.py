"""Layers whose code is not Keras's: a class in a file of one's own, and Lambda layers of files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path as FilePath
from types import ModuleType
from typing import Any

from engine.errors import CompileProblem, FileProblem, Text, text
from engine.fields import Params, Path, String, Suggested
from engine.foreign import lambdas
from engine.foreign.code import Code, Obstacle
from engine.foreign.running import run_source
from engine.foreign.source import (
    ArgumentsProblem,
    LayerClass,
    Source,
    read_arguments,
    read_source,
    refusal,
)
from engine.layers.spec import LAYERS, LayerSpec, Weighted
from engine.trust import is_trusted, sum_of, was_trusted


class Foreign(LayerSpec):
    """What layers with code of others share; no layer of its own."""

    category, max_inputs, foreign = "core", None, True

    @classmethod
    def given(cls, tensors: Sequence[Any], params: Params) -> tuple[list[Any], dict[str, Any]]:
        return [tensors[0] if len(tensors) == 1 else list(tensors)], {}


def classes_in(params: Params) -> list[str]:
    """Return the names of the classes that a custom layer can be of."""
    try:
        return [found.name for found in _source(params).classes]
    except FileProblem:
        return []


def _source(params: Params) -> Source:
    """Read the file of a custom layer.

    Raises:
        FileProblem: None is named, or it cannot be read.
    """
    path = params.get("file")
    if not isinstance(path, str) or not path.strip():
        raise FileProblem("Choose the Python file with the layer's code.")
    return read_source(FilePath(path))


@LAYERS.register("Custom")
class Custom(Foreign, Weighted):
    """A layer of one's own: a class in a Python file, which runs once you have read and trusted it.

    A file that changes is not trusted any more, until it has been read again.
    """

    title = "Custom layer"
    leading, own = ("file", "class_name", "kwargs"), ("trainable",)
    search = ("own", "class", "code", "python", "subclass", "自定义", "自定义层", "代码", "自訂")
    file = Path(
        "",
        pattern="*.py",
        label="Python file",
        help="The file with the class of the layer. It is read as text until you trust it.",
    )
    class_name = Suggested(
        "",
        suggest=classes_in,
        label="Class",
        help="The class in the file, a subclass of keras.layers.Layer; may be left empty where"
        " there is only one.",
    )
    kwargs = String(
        "",
        label="Arguments",
        help="What the layer is made with, such as units=32, rate=0.5: numbers, texts in quotation"
        " marks, True, False, None, and lists of them.",
    )

    @classmethod
    def summary(cls, params: Params) -> Text:
        name = params["class_name"] or FilePath(str(params["file"])).stem
        words = str(params["kwargs"])
        return text("{function}", function=f"{name}({words})"[:40] if name else "")

    @classmethod
    def check_together(cls, values: Params) -> dict[str, Text]:
        try:
            read_arguments(values["kwargs"])
        except ArgumentsProblem as error:
            return {"kwargs": error.text}
        return {}

    @classmethod
    def obstacles(cls, params: Params) -> Iterator[Obstacle]:
        values = cls.complete(params)
        try:
            source = _source(values)
        except FileProblem as error:
            yield Obstacle("missing-code", error.text, "file")
            return
        if not is_trusted(source.content):
            yield Obstacle("untrusted-code", _distrust(source), "file")
        found = source.find(values["class_name"])
        if found is None:
            yield Obstacle("unknown-class", _no_class(source, values["class_name"]), "class_name")
        elif not cls.check(params):
            unfit = refusal(found, read_arguments(values["kwargs"]))
            if unfit is not None:
                yield Obstacle("unfit-arguments", unfit, "kwargs")

    @classmethod
    def code(cls, params: Params, name: str) -> Code | None:
        try:
            source = _source(cls.complete(params))
        except FileProblem:
            return None
        found = source.find(cls.complete(params)["class_name"])
        return source.code(found.name if found is not None else name)

    @classmethod
    def stamp(cls, params: Params) -> str:
        try:
            content = _source(params).content
        except FileProblem:
            return ""
        return f"{sum_of(content)} {is_trusted(content)}"

    @classmethod
    def make(cls, keras: ModuleType, params: Params, name: str | None) -> Any:
        values = cls.complete(params)
        source = _source(values)
        found = source.find(values["class_name"]) or LayerClass(values["class_name"])
        kind = getattr(run_source(source), found.name, None)
        if not isinstance(kind, type) or not issubclass(kind, keras.layers.Layer):
            raise CompileProblem(
                "“{path}” makes no class “{name}” of layers.",
                path=source.path.name,
                name=found.name,
            )
        try:
            layer = kind(**read_arguments(values["kwargs"]))
        except Exception as error:
            reason = " ".join(str(error).split())[:200].rstrip(".")
            raise CompileProblem(
                "“{name}” cannot be made with these arguments: {reason}.",
                name=found.name,
                reason=reason or type(error).__name__,
            ) from error
        # Not every class takes these as arguments.
        if name is not None:
            layer.name = name
        if not values["trainable"]:
            layer.trainable = False
        return layer


def _distrust(source: Source) -> Text:
    if was_trusted(str(source.path)):
        return text(
            "“{path}” has changed since you trusted it, and does not run before you have read it"
            " again.",
            path=source.path.name,
        )
    return text(
        "“{path}” is Python code, which does not run before you have read and trusted it.",
        path=source.path.name,
    )


def _no_class(source: Source, name: str) -> Text:
    known = ", ".join(found.name for found in source.classes)
    if not known:
        return text(
            "“{path}” has no class of layers: it must be derived from keras.layers.Layer.",
            path=source.path.name,
        )
    if not name:
        return text(
            "“{path}” has several classes: choose one of {known}.",
            path=source.path.name,
            known=known,
        )
    return text(
        "“{path}” has no class of layers “{name}”; it has {known}.",
        path=source.path.name,
        name=name,
        known=known,
    )


@LAYERS.register("Lambda")
class Lambda(Foreign):
    """Python code kept in a model's file, which runs once you have read and trusted it.

    For new networks there is Expression, whose formula anybody can read and every program load.
    """

    title, hidden = "Lambda", True
    search = ("function", "code", "python", "代码", "函数")

    @classmethod
    def obstacles(cls, params: Params) -> Iterator[Obstacle]:
        yield from lambdas.obstacles(params)

    @classmethod
    def code(cls, params: Params, name: str) -> Code | None:
        return lambdas.code_of(params, name) if lambdas.functions(params) else None

    @classmethod
    def stamp(cls, params: Params) -> str:
        return str(is_trusted(lambdas.content(params), "lambda"))

    @classmethod
    def make(cls, keras: ModuleType, params: Params, name: str | None) -> Any:
        return lambdas.make_lambda(keras, params, name)
