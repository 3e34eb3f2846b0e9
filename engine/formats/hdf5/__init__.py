"""Any HDF5 file, read piece by piece: tree, attributes, numbers, pictures, comparison."""
