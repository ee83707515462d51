"""The parts of the window, one package an area."""
