"""How far packed files may unfold: a few kilobytes of zip can stand for all of memory."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Iterable

# So much is always allowed; JSON, of which a byte takes up to thirty in memory, less.
HARMLESS, HARMLESS_TEXT = 64 * 2**20, 4 * 2**20
# Beyond that, how many times its packed size. Keras does not pack at all, data with few values
# other than zero reaches a hundred, and the strongest that zip knows are a thousand.
MOST_PACKED = 200


def unfolds_too_far(
    archive: zipfile.ZipFile, members: Iterable[zipfile.ZipInfo], harmless: int = HARMLESS
) -> bool:
    """Return whether members of a zip archive claim far more data than is packed in them.

    What is compared is the sum, as many small ones fill a disk like a large one. Members may lie
    over each other or claim to be packed less than they are: none of it makes the archive larger.
    """
    unpacked = packed = 0
    for member in members:
        unpacked += member.file_size
        packed += member.compress_size
    packed = min(packed, os.path.getsize(archive.filename or ""))
    return unpacked > harmless and unpacked > MOST_PACKED * packed
