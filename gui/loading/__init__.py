"""Weights of documents: where they come from, and whether a file holds them."""
