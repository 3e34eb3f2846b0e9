"""Models to files of every format, each read back and compared."""
