"""The command `trust`: shows a Python file and trusts it, or trusts it no longer."""

from __future__ import annotations

import argparse
import sys

from engine.errors import NetloomError
from engine.foreign.code import one_line, shown
from engine.foreign.source import Source, read_source
from engine.trust import is_trusted, trust, withdraw

DONE, FAILED, UNREADABLE = 0, 1, 2


def run_trust(options: argparse.Namespace) -> int:
    """Run the command and return the exit code: 0 done, 1 not done, 2 unreadable file."""
    try:
        source = read_source(options.file)
        return _withdraw(source) if options.withdraw else _trust(source, sure=options.yes)
    except NetloomError as error:
        print(f"netloom: {one_line(str(error))}", file=sys.stderr)
        return UNREADABLE


def _withdraw(source: Source) -> int:
    if withdraw(source.content):
        print(f"{one_line(str(source.path))} is trusted no longer.")
        return DONE
    print(f"netloom: {one_line(str(source.path))} was not trusted.", file=sys.stderr)
    return FAILED


def _trust(source: Source, *, sure: bool) -> int:
    if is_trusted(source.content):
        print(f"{one_line(str(source.path))} is trusted already.")
        return DONE
    print(shown(source.text))
    path = one_line(str(source.path))
    print(f"--- {path}: Python code, which can do all that you can do on this machine.")
    if not sure and not _asked():
        print("Not trusted.")
        return FAILED
    trust(source.content, str(source.path))
    print("Trusted as long as it does not change.")
    return DONE


def _asked() -> bool:
    try:
        return input("Trust this code? [y/n] ").strip().lower() in ("y", "yes")
    except EOFError:
        return False
