"""Scripts that are run, once somebody trusts them, to see what model they make."""
