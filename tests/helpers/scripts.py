"""What is looked at in scripts that have been read."""

from __future__ import annotations

from engine.formats.python_reading.things import Reading


def units(reading: Reading) -> list[object]:
    """Return the units of its Dense layers, in order."""
    return [call.layer.params.get("units") for call in reading.calls if call.layer.kind == "Dense"]


def messages(reading: Reading) -> list[str]:
    """Return the sentences that people are told."""
    return [str(remark.message) for remark in reading.remarks]
