"""The network as Python code."""
