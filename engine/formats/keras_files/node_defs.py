"""Graph nodes that TensorFlow 2.0 to 2.3 wrote between layers, as functions with arguments.

A layer TensorFlowOpLayer holds a `node_def` (as JSON, as text or, in the first versions, as the
bytes of its protocol buffer) and its constant inputs by place (tensorflow:
`python/keras/engine/base_layer.py`, `core/framework/node_def.proto`).
"""

from __future__ import annotations

import base64
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from engine.formats.json_text import parse
from engine.formats.keras_files.inbound import Config, Inbound
from engine.formats.keras_files.rows import saved_name

CLASS = "TensorFlowOpLayer"
# Functions by the operations of graphs, with the names of their inputs behind the first tensor.
OPERATIONS: dict[str, tuple[str, tuple[str, ...]]] = {
    "AddV2": ("math.add", ("y",)),
    "Sub": ("math.subtract", ("y",)),
    "Mul": ("math.multiply", ("y",)),
    "FloorDiv": ("math.floordiv", ("y",)),
    "FloorMod": ("math.floormod", ("y",)),
    "SelectV2": ("where", ("x", "y")),
    "Select": ("where", ("x", "y")),
    "BatchMatMul": ("linalg.matmul", ("b",)),
    "BatchMatMulV2": ("linalg.matmul", ("b",)),
    "MatMul": ("linalg.matmul", ("b",)),
    "Reshape": ("reshape", ("shape",)),
    "Transpose": ("transpose", ("perm",)),
    "ExpandDims": ("expand_dims", ("axis",)),
    "Tile": ("tile", ("multiples",)),
    "Pad": ("pad", ("paddings",)),
    "PadV2": ("pad", ("paddings", "constant_values")),
    "MirrorPad": ("pad", ("paddings",)),
    "GatherV2": ("gather", ("indices", "axis")),
    "StridedSlice": ("strided_slice", ("begin", "end", "strides")),
    "Slice": ("slice", ("begin", "size")),
    "ClipByValue": ("clip_by_value", ("clip_value_min", "clip_value_max")),
    "ResizeBilinear": ("image.resize", ("size",)),
    "ResizeNearestNeighbor": ("image.resize", ("size",)),
    "ReverseV2": ("reverse", ("axis",)),
    "OneHot": ("one_hot", ("depth", "on_value", "off_value")),
    "Pack": ("stack", ()),
    "Unpack": ("unstack", ()),
    "Inv": ("math.reciprocal", ()),
    **{
        operation: (f"math.reduce_{operation.lower()}", ("axis",))
        for operation in ("Mean", "Sum", "Max", "Min", "Prod", "Any", "All")
    },
    "ArgMax": ("math.argmax", ("axis",)),
    "ArgMin": ("math.argmin", ("axis",)),
    "Cumsum": ("math.cumsum", ("axis",)),
}
# Attributes that are arguments, by their names there.
ATTRIBUTES = {
    "keep_dims": "keepdims",
    "axis": "axis",
    "num": "num",
    "squeeze_dims": "axis",
    "DstT": "dtype",
    "alpha": "alpha",
    "mode": "mode",
    "data_format": "data_format",
    "adj_x": "transpose_a",
    "adj_y": "transpose_b",
    "transpose_a": "transpose_a",
    "transpose_b": "transpose_b",
    "exclusive": "exclusive",
    "reverse": "reverse",
    **{f"{name}_mask": f"{name}_mask" for name in (
        "begin", "end", "ellipsis", "new_axis", "shrink_axis")},
}  # fmt: skip
# Types of tensors by their numbers and names in graphs.
TYPES = {1: "float32", 2: "float64", 3: "int32", 4: "uint8", 9: "int64", 10: "bool", 19: "float16"}
_WORDS = {"DT_FLOAT": "float32", "DT_DOUBLE": "float64", "DT_HALF": "float16"}


@dataclass(frozen=True)
class NodeDef:
    """A node of a graph: its operation and the attributes that are plain values."""

    operation: str
    attributes: Config


def function_of(config: Config, call: Inbound) -> tuple[str, Inbound]:
    """Return the function that a TensorFlowOpLayer stands for, and what it is called with.

    The name is empty where it stands for none that is known.
    """
    node = read_node(config.get("node_def"))
    if node is None:
        return "", call
    constants = _constants(config.get("constants"))
    arguments = {
        ATTRIBUTES[name]: value for name, value in node.attributes.items() if name in ATTRIBUTES
    }
    name = node.operation
    if name in ("ConcatV2", "Split", "SplitV"):
        return _axis_of_lists(name, node, constants, call)
    if name.startswith("Resize"):
        # Without it the corners of pixels were counted, which Keras does no longer.
        if node.attributes.get("half_pixel_centers") is not True:
            return "", call
        arguments["method"] = "bilinear" if name == "ResizeBilinear" else "nearest"
    function, names = OPERATIONS.get(name, (saved_name(name), ("y",)))
    for place, value in constants.items():
        if place == 0:
            arguments["argument 1"] = value
        elif place <= len(names):
            arguments[names[place - 1]] = value
        else:
            return "", call
    return function, Inbound(call.tensors, arguments)


def operation_name(config: Config) -> str:
    """Return the operation of a graph's node for messages, or ""."""
    node = read_node(config.get("node_def"))
    return node.operation if node else ""


def _axis_of_lists(
    name: str, node: NodeDef, constants: dict[int, Any], call: Inbound
) -> tuple[str, Inbound]:
    """Read operations whose axis stands before or behind tensors."""
    if name == "ConcatV2" and list(constants) == [len(call.tensors)]:
        return "concat", Inbound(call.tensors, {"axis": constants[len(call.tensors)]})
    if name == "Split" and list(constants) == [0]:
        pieces = node.attributes.get("num_split")
        return "split", Inbound(call.tensors, {"num_or_size_splits": pieces, "axis": constants[0]})
    if name == "SplitV" and sorted(constants) == [1, 2]:
        given = {"num_or_size_splits": constants[1], "axis": constants[2]}
        return "split", Inbound(call.tensors, given)
    return "", call


def _constants(found: Any) -> dict[int, Any]:
    if not isinstance(found, dict):
        return {}
    return {int(key): value for key, value in found.items() if str(key).isdigit()}


def read_node(found: Any) -> NodeDef | None:
    """Read a `node_def` in any of the ways in which it was written; None for something else."""
    if isinstance(found, dict):
        return _of_json(found)
    if not isinstance(found, str) or len(found) > 2**20:
        return None
    if found.lstrip().startswith("{"):
        try:
            parsed = parse(found)
        except ValueError:
            return None
        return _of_json(parsed) if isinstance(parsed, dict) else None
    if re.search(r'^\s*op: "', found, re.MULTILINE):
        return _of_text(found)
    return _of_bytes(found.encode("utf-8", errors="replace"))


def _of_json(found: Config) -> NodeDef | None:
    operation, attributes = found.get("op"), found.get("attr")
    if not isinstance(operation, str):
        return None
    values: Config = {}
    for name, value in attributes.items() if isinstance(attributes, dict) else ():
        if isinstance(value, dict):
            values[name] = _decoded(value["s"]) if "s" in value else _json_value(value)
    return NodeDef(operation, values)


def _decoded(value: Any) -> str:
    """Return a text, which JSON holds as the letters of its bytes."""
    try:
        return base64.b64decode(str(value), validate=True).decode("utf-8", errors="replace")
    except ValueError:
        return str(value)


def _json_value(value: Config) -> Any:
    """Return an attribute as JSON has it: whole numbers are texts, false is left out."""
    if "i" in value:
        word = str(value["i"])
        return int(word) if re.fullmatch(r"-?\d{1,18}", word) else None
    if "type" in value:
        word = str(value["type"])
        return _WORDS.get(word, word.removeprefix("DT_").lower())
    if isinstance(value.get("list"), dict):
        listed = value["list"].get("i")
        listed = listed if isinstance(listed, list) else []
        return [int(item) for item in listed if re.fullmatch(r"-?\d{1,18}", str(item))]
    if "f" in value:
        return value["f"]
    return value.get("b", value.get("s"))


def _of_text(found: str) -> NodeDef | None:
    """Read the text form of a protocol buffer, as far as single values go."""
    operation = re.search(r'^\s*op: "(\w+)"', found, re.MULTILINE)
    if operation is None:
        return None
    values: Config = {}
    for part in re.findall(r"attr \{(.*?)\n\}", found, re.DOTALL):
        name = re.search(r'key: "(\w+)"', part)
        value = re.search(r"\b(i|b|f|type|s): (\S+)", part)
        if name is None:
            continue
        if "list {" in part:
            listed = re.findall(r"\bi: (-?\d{1,18})", part)
            values[name.group(1)] = [int(item) for item in listed]
        elif value is not None:
            word = value.group(2).strip('"')
            plain: Any = word == "true" if value.group(1) == "b" else word
            plain = _float(word) if value.group(1) == "f" else plain
            values[name.group(1)] = _json_value({value.group(1): plain})
    return NodeDef(operation.group(1), values)


def _float(word: str) -> float | None:
    try:
        return float(word)
    except ValueError:
        return None


def _of_bytes(content: bytes) -> NodeDef | None:
    """Read a protocol buffer: numbers of fields with their values, one after the other."""
    operation, values = "", {}
    try:
        for number, value in _fields(content):
            if number == 2 and isinstance(value, bytes):
                operation = value.decode("ascii")
            elif number == 5 and isinstance(value, bytes):
                entry = dict(_fields(value))
                values[bytes(entry[1]).decode("ascii")] = _wire_value(dict(_fields(entry[2])))
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, struct.error):
        return None
    return NodeDef(operation, values) if operation else None


def _wire_value(fields: dict[int, Any]) -> Any:
    """Return an attribute by the number of its field in `attr_value.proto`."""
    if 1 in fields:
        numbers = [value for number, value in _fields(fields[1]) if number == 3]
        packed = b"".join(value for value in numbers if isinstance(value, bytes))
        return [_signed(value) for value in (_varints(packed) if packed else numbers)]
    if 2 in fields:
        return fields[2].decode("utf-8", errors="replace")
    if 3 in fields:
        return _signed(fields[3])
    if 4 in fields:
        return round(float(struct.unpack("<f", fields[4])[0]), 7)
    if 5 in fields:
        return bool(fields[5])
    return TYPES.get(fields[6]) if 6 in fields else None


def _signed(value: int) -> int:
    return value - 2**64 if value >= 2**63 else value


def _fields(content: bytes) -> Iterator[tuple[int, Any]]:
    """Yield the fields of a message: numbers of whole values, bytes of all others.

    Raises:
        ValueError: It is no message.
    """
    place = 0
    while place < len(content):
        key, place = _varint(content, place)
        kind = key & 7
        if kind == 0:
            value, place = _varint(content, place)
            yield key >> 3, value
            continue
        sizes = {1: 8, 5: 4}
        size, place = (sizes[kind], place) if kind in sizes else _size(content, place, kind)
        if place + size > len(content):
            raise ValueError("the message ends too early")
        yield key >> 3, content[place : place + size]
        place += size


def _size(content: bytes, place: int, kind: int) -> tuple[int, int]:
    if kind != 2:
        raise ValueError("no such kind of field")
    return _varint(content, place)


def _varint(content: bytes, place: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = content[place]
        value |= (byte & 127) << shift
        place, shift = place + 1, shift + 7
        if byte < 128:
            return value, place
        if shift > 63:
            raise ValueError("the number is too long")


def _varints(content: bytes) -> Iterator[int]:
    place = 0
    while place < len(content):
        value, place = _varint(content, place)
        yield value
