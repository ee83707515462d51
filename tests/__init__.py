"""Tests, path by path as posapp."""
