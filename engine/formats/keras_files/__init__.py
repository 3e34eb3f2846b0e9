"""Files of Keras 1, 2 and 3, read without Keras: nothing in them is ever executed."""
