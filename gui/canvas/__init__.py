"""The canvas: draws the document and turns gestures into edits."""
