"""How much memory the engine may take: no network brings the whole machine to a halt."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

STATUS = Path("/proc/self/status")


def machine_memory() -> int | None:
    """Return this machine's memory in bytes, or None where it cannot be told."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return None


def limit_memory(most: int | None = None) -> None:
    """Let this process and its children take only so much memory from here on.

    TensorFlow then refuses a tensor with `ResourceExhaustedError` where Linux would have ended
    some process of the machine. What is bounded is memory that can be written (`RLIMIT_DATA`);
    address space (`RLIMIT_AS`) is reserved far beyond what is used. Systems that do not bound it
    are left as they are.

    Args:
        most: Bytes beyond those taken already; this machine's memory if None.
    """
    allowed = machine_memory() if most is None else most
    taken = _taken()
    if allowed is None or taken is None:
        return
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
        resource.setrlimit(resource.RLIMIT_DATA, (taken + allowed, hard))


def _taken() -> int | None:
    """Return the bytes that Linux counts against the limit now; None on other systems."""
    try:
        lines = STATUS.read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    found = next((line.split()[1] for line in lines if line.startswith("VmData:")), None)
    return int(found) * 1024 if found is not None else None
