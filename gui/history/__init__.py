"""The list of steps that undo and redo go through."""
