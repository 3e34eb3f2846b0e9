"""Choosing the data and looking at it."""
