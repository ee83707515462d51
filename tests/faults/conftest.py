"""The till's command in a home of its own, for rows that a person would see on the command line."""

from tests.cli.conftest import posapp

__all__ = ["posapp"]
