"""What needs the drawing but no screen: the demo, and pictures for the command line."""
