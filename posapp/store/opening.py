"""What is checked before a book is used: that it is one, ours, whole and not newer than this program.

Nothing here changes a file that is refused. The first look is through a connection that cannot write, and through none
of the shared-memory files where nobody else can have the book open.
"""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from posapp.domain.errors import StoreCorrupt
from posapp.store import driver
from posapp.store.ddl import APPLICATION_ID, HEAD, REVISIONS
from posapp.store.errors import (
    BookMissing,
    BookTooNew,
    BookTruncated,
    ForeignBook,
    NotEncrypted,
    WrongKey,
    translated,
)

_PLAIN_HEADER = b"SQLite format 3\x00"
_PAGE = 4096
_CHECKED_AT_START = 128 * 1024 * 1024
"""A larger book is read whole by its backups instead: a till must open within a second or two."""


@dataclass(frozen=True, slots=True)
class Inspection:
    """What a first look at a book found."""

    revision: str

    @property
    def current(self) -> bool:
        """Whether its schema is the newest one this program knows."""
        return self.revision == HEAD


def inspect(path: Path, key: bytes, *, alone: bool) -> Inspection:
    """Look at a book without changing it or anything beside it.

    Args:
        path: The file.
        key: Its raw key.
        alone: Whether the caller holds the home's lock, so that no other process has the file open.

    Raises:
        BookMissing: There is no file.
        StoreCorrupt: It is no whole book of ours, or the key is another one's.
        BookTooNew: A newer program wrote it.
    """
    if not path.is_file():
        raise BookMissing(path=path)
    if path.stat().st_size < _PAGE:
        raise BookTruncated(path=path)
    settled = nobody_can_write(path) or (alone and not has_wal(path))
    try:
        with contextlib.closing(driver.connect(path, key, mode="ro", immutable=settled)) as connection:
            return _inspected(connection, path, whole=alone)
    except driver.DatabaseError as error:
        ours = translated(error, path)
        if isinstance(ours, WrongKey) and alone and _is_plain(path):
            ours = NotEncrypted(path=path)
        if ours is error:
            raise
        raise ours from error


def nobody_can_write(path: Path) -> bool:
    """Whether the book lies at rest on a disk or in a folder that takes no writes, not even shared memory."""
    return not has_wal(path) and not os.access(path.parent, os.W_OK)


def has_wal(path: Path) -> bool:
    """Whether pages of the book lie in a WAL beside it: somebody has it open, or it was not closed."""
    return path.with_name(path.name + "-wal").exists()


def _inspected(connection: Any, path: Path, *, whole: bool) -> Inspection:
    if int(_one(connection, "PRAGMA application_id")) != APPLICATION_ID:
        raise ForeignBook(path=path)
    revision = str(_one(connection, "SELECT version_num FROM alembic_version"))
    if revision not in REVISIONS:
        raise BookTooNew(path=path, revision=revision)
    if whole:
        check_whole(connection, path, at_start=True)
    return Inspection(revision)


def check_whole(connection: Any, path: Path, *, at_start: bool = False) -> None:
    """Read every page of a book and refuse it where one is damaged or missing.

    Args:
        connection: Open on the book.
        path: Its file.
        at_start: Whether a person waits for it, so that a very large book is not read through.

    Raises:
        StoreCorrupt: A page does not hold what its seal or its neighbours say.
    """
    pages, size = int(_one(connection, "PRAGMA page_count")), int(_one(connection, "PRAGMA page_size"))
    if not has_wal(path) and path.stat().st_size < pages * size:
        raise BookTruncated(path=path)
    if at_start and pages * size > _CHECKED_AT_START:
        return
    if _one(connection, "PRAGMA quick_check(1)") != "ok":
        raise StoreCorrupt(path=path)


def _one(connection: Any, statement: str) -> Any:
    found = connection.execute(statement).fetchone()
    return None if found is None else found[0]


def _is_plain(path: Path) -> bool:
    """Whether the file is an ordinary SQLite: only asked while nobody, this process included, has it open."""
    with path.open("rb") as file:
        return file.read(len(_PLAIN_HEADER)) == _PLAIN_HEADER
