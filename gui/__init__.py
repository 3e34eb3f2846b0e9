"""The window: PySide6 and pyqtgraph. Holds no truth; shows the document and sends commands."""
