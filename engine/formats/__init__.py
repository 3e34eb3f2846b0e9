"""Files: the project file, the drawing inside an H5 file, Python code."""
