"""The engine itself: the only package that imports TensorFlow and Keras."""
