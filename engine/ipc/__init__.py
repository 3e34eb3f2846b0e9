"""Talk between the window's process and the engine process: typed messages over a pipe."""
