"""Watching a run: curves, progress, and the form of the recipe."""
