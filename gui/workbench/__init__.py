"""The workbench: any HDF5 file to be looked into and compared, without TensorFlow."""
