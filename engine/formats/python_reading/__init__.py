"""Keras scripts read as data: their syntax is followed, nothing in them is ever run."""
