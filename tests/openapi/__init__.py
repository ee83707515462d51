"""Asks the stub everything that its own description allows, and much that it does not."""
