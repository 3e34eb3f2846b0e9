"""Parts of SavedModel folders as Keras 2 wrote them."""

from __future__ import annotations


def field(number: int, content: bytes) -> bytes:
    """Write one field of a Protocol Buffers message."""
    size, head = len(content), bytearray([number << 3 | 2])
    while size > 127:
        head.append(size & 127 | 128)
        size >>= 7
    return bytes([*head, size]) + content


def metadata(*parts: tuple[str, str]) -> bytes:
    """Write `keras_metadata.pb` as Keras 2.5 to 2.15 did."""
    return b"".join(
        field(1, bytes([2 << 3, 0]) + field(4, name.encode()) + field(5, words.encode()))
        for name, words in parts
    )


def graph(*parts: tuple[str, str]) -> bytes:
    """Write `saved_model.pb` as Keras before 2.5 did, without the graph itself."""
    users = (field(1, name.encode()) + field(3, words.encode()) for name, words in parts)
    objects = b"".join(field(1, field(4, user)) for user in users)
    return field(2, field(7, objects))
