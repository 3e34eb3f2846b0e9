"""Ways out of problems, each one edit that a person can take back."""

from engine.fixes.fix import Fix, fixes

__all__ = ["Fix", "fixes"]
