"""The parts of the window itself, around and over the panels."""
