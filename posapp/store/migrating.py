"""Bringing an older book up to date; imported only when there is something to do."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path


def upgrade(path: Path, key: bytes, *, now: datetime) -> None:
    """Bring a book's schema to the newest revision, after a verified backup beside it."""
    raise NotImplementedError
