"""Large numbers in few characters."""

from __future__ import annotations


def short(value: float) -> str:
    """Write a large number shortly: 852 k, 4.1 M, 1.3 G."""
    for size, unit in ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")):
        if value >= size:
            return f"{value / size:.3g} {unit}"
    return f"{value:.0f}"


def bytes_text(value: float) -> str:
    """Write a number of bytes shortly: 18.4 kB, 3.2 MB."""
    return f"{short(value)}B" if value >= 1e3 else f"{value:.0f} B"
