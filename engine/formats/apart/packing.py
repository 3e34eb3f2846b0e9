"""Answers as bytes and back: plain values, arrays, and instances of classes that are named."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import msgspec
import numpy as np
from msgspec.msgpack import Ext

from engine.errors import Text, text

# What MessagePack has no form for.
_BYTES_AS_TEXT, _ARRAY, _INSTANCE, _TUPLE, _WHOLE_NUMBER = range(5)
Classes = dict[str, type]


def pack(value: Any) -> Any:
    """Bring a value into what MessagePack can write."""
    if isinstance(value, str):
        return _packed_text(value)
    if isinstance(value, np.generic):
        return pack(value.item())
    if type(value) is int and not -(2**63) <= value < 2**64:
        return Ext(_WHOLE_NUMBER, str(value).encode())
    if isinstance(value, np.ndarray):
        content = [value.dtype.str, list(value.shape), value.tobytes()]
        return Ext(_ARRAY, msgspec.msgpack.encode(content))
    if isinstance(value, Text):
        return _instance("Text", [value.template, value.values])
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = [getattr(value, field.name) for field in dataclasses.fields(value)]
        return _instance(type(value).__name__, fields)
    if isinstance(value, dict):
        return {pack(key): pack(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return Ext(_TUPLE, msgspec.msgpack.encode([pack(item) for item in value]))
    return [pack(item) for item in value] if isinstance(value, list) else value


def _packed_text(value: str) -> str | Ext:
    try:
        value.encode()
    except UnicodeEncodeError:  # A name in a file may be bytes that are no text.
        return Ext(_BYTES_AS_TEXT, value.encode("utf-8", "surrogateescape"))
    return value


def _instance(name: str, fields: list[Any]) -> Ext:
    return Ext(_INSTANCE, msgspec.msgpack.encode([name, pack(fields)]))


def unpacker(classes: Classes) -> Callable[[Any], Any]:
    """Return what brings a packed value back.

    Args:
        classes: The classes of which there may be instances, by their names.
    """

    def back(code: int, content: memoryview) -> Any:
        raw = bytes(content)
        if code == _BYTES_AS_TEXT:
            return raw.decode("utf-8", "surrogateescape")
        if code == _WHOLE_NUMBER:
            return int(raw)
        if code == _TUPLE:
            return tuple(decode(raw))
        if code == _ARRAY:
            dtype, shape, numbers = msgspec.msgpack.decode(raw)
            return np.frombuffer(numbers, np.dtype(dtype)).reshape(shape)
        name, fields = decode(raw)
        return text(fields[0], **fields[1]) if name == "Text" else classes[name](*fields)

    def decode(raw: bytes) -> Any:
        return msgspec.msgpack.decode(raw, ext_hook=back)

    return lambda value: decode(msgspec.msgpack.encode(value))
