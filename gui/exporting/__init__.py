"""The sheet on which a network leaves in any format, and what writes it."""
