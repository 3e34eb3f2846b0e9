"""The sheet on which layers of a file are given to layers of the network."""
