"""The fault matrix: what must hold when something goes wrong, one file a row; `python -m tests.faults` prints it."""
