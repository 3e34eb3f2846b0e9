"""What a session knows of its document: problems and advice, costs, the run."""
