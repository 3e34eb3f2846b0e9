"""The document and what can be done to it, free of Qt and Keras."""
