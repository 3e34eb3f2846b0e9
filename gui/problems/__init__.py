"""The list of what is wrong."""
