"""Measurements against references in the same run: `make bench` prints one JSON line each."""
