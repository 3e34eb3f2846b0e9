"""Reading strangers' files in a process of its own, which may hang or die for it."""
