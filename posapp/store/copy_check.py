"""Comparing the second copy with the book, act by act."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from posapp.services.ports.anchors import Anchor
from posapp.store.second_copy import SecondCopyCut, read_second_copy
from posapp.store.tables import OPERATION

_CHUNK: Final = 500

Reading = Callable[[Callable[[sa.Connection], dict[int, str]]], dict[int, str]]
"""Runs a query on a snapshot of the book."""


def acts_that_differ(path: Path, key: bytes, read: Reading) -> Anchor | None:
    """Return what the second copy has and the book has not: its first act that is another one there, or its last.

    The end of the file may be missing: the till writes it again by itself.

    Args:
        path: The second copy.
        key: The shop's rescue key.
        read: Reads the book, after the file, so that what was copied meanwhile is in both.

    Raises:
        StoreCorrupt: A line of the second copy was changed, or lines are missing between others.
        StoreUnavailable: It cannot be read.
    """
    for chunk in _chunks(path, key):
        there = read(partial(_hashes, first=chunk[0].seq, last=chunk[-1].seq))
        other = next((anchor for anchor in chunk if there.get(anchor.seq) != anchor.hash), None)
        if other is not None:
            return _last_of(path, key) if other.seq > max(there, default=0) else other
    return None


def _hashes(connection: sa.Connection, first: int, last: int) -> dict[int, str]:
    query = sa.select(OPERATION.c.till_seq, OPERATION.c.hash).where(OPERATION.c.till_seq.between(first, last))
    return {row.till_seq: row.hash for row in connection.execute(query)}


def _chunks(path: Path, key: bytes) -> Iterator[list[Anchor]]:
    acts = _readable(path, key)
    while chunk := list(itertools.islice(acts, _CHUNK)):
        yield chunk


def _readable(path: Path, key: bytes) -> Iterator[Anchor]:
    try:
        for act in read_second_copy(path, key):
            yield Anchor(act.operation.till_id, act.operation.till_seq, act.operation.hash)
    except SecondCopyCut:
        return


def _last_of(path: Path, key: bytes) -> Anchor:
    *_, last = _readable(path, key)
    return last
