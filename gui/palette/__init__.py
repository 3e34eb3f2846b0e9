"""The list of layers beside the canvas."""
