"""Copies of the whole book: consistent, encrypted with the same key, verified before they get their name."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from posapp.domain.errors import StoreCorrupt, StoreUnavailable
from posapp.store import driver
from posapp.store.errors import BackupExists, CopyFailed, NotABackup, translated
from posapp.store.files import flush_folder, put_in_place, remove_with_companions
from posapp.store.lock import HomeLock
from posapp.store.opening import check_whole, has_wal, inspect, nobody_can_write

_UNFINISHED = ".unfinished"
_RESTORING = "restoring"
_COUNTED = ("customer", "operation", "ledger_entry", "points_entry", "sale")


def copy_verified(source: Path, key: bytes, target: Path, *, at_rest: bool = False) -> None:
    """Copy a book as it stands now, while others may use it, and give the copy its name once it is proven whole.

    Args:
        source: The book.
        key: Its raw key; the copy has the same.
        target: The copy's file; it must not exist yet.
        at_rest: Whether nobody has the source open, so that nothing needs to be written beside it.

    Raises:
        BackupExists: The target is there already; it was not touched.
        StoreCorrupt: The copy is not whole, or its chain of operations is not the book's.
        StoreUnavailable: It could not be read or written.
    """
    if target.exists():
        raise BackupExists(path=target)
    temporary = target.with_name(target.name + _UNFINISHED)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        remove_with_companions(temporary)
        settled = nobody_can_write(source) or (at_rest and not has_wal(source))
        with contextlib.closing(driver.connect(source, key, mode="ro", immutable=settled)) as book:
            _check_readable(book, source)
            counted = _copied(book, key, temporary)
        _verify(temporary, key, counted)
        put_in_place(temporary, target)
    except Exception as error:
        with contextlib.suppress(OSError):
            remove_with_companions(temporary)
        ours = CopyFailed(path=target) if _uncoded(error) else translated(error, target)
        if ours is error:
            raise
        raise ours from error


def restore_book(
    path: Path, key: bytes, backup: Path, *, now: datetime, prepare: Callable[[Path], None] | None = None
) -> Path | None:
    """Put a backup in the book's place; the book that lay there is kept beside it.

    Args:
        path: The book's file.
        key: The key of the backup, which is the till's.
        backup: The copy to restore; it is not changed.
        now: For the name of the book that lay there.
        prepare: Makes the copy ready, before it is put in place.

    Returns:
        Where the book that lay there is now; None where there was none.

    Raises:
        BookInUse: The till is open.
        NotABackup: The backup cannot be used; the book is as it was.
        StoreUnavailable: The home cannot be written.
    """

    def make(incoming: Path) -> None:
        check_backup(backup, key)
        copy_verified(backup, key, incoming, at_rest=True)
        if prepare is not None:
            prepare(incoming)

    return replace_book(path, key, make, now=now)


def replace_book(path: Path, key: bytes, make: Callable[[Path], None], *, now: datetime) -> Path | None:
    """Make another book, and only once it is finished put it in the place of the one that is there.

    Args:
        path: The book's file.
        key: Its key, for emptying what was not written into it yet.
        make: Makes the other book at a path of the same disk, and closes it.
        now: For the name of the book that lay there.

    Returns:
        Where the book that lay there is now; None where there was none.

    Raises:
        BookInUse: The till is open.
        StoreUnavailable: The home cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = HomeLock(path.parent)
    work = path.with_name(_RESTORING)
    try:
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(mode=0o700)
        incoming = work / path.name
        make(incoming)
        aside = _set_aside(path, key, now)
        put_in_place(incoming, path)
        return aside
    finally:
        shutil.rmtree(work, ignore_errors=True)
        lock.release()


def check_backup(backup: Path, key: bytes) -> None:
    """Refuse a file that is no whole book of this till; its particulars are the cause's.

    Raises:
        NotABackup: It cannot be used.
    """
    try:
        inspect(backup, key, alone=True)
    except StoreUnavailable as error:
        raise NotABackup(path=backup) from error


def _check_readable(book: object, source: Path) -> None:
    """Read of a book before it is copied: the driver's copying tells nothing about what is wrong with it."""
    try:
        _counts(book)
    except driver.DatabaseError as error:
        raise translated(error, source) from error


def _uncoded(error: Exception) -> bool:
    return isinstance(error, driver.DatabaseError) and not driver.result_code(error)


def _copied(book: object, key: bytes, temporary: Path) -> list[int]:
    """Copy one snapshot and return the counts of the book at that moment."""
    with contextlib.closing(driver.connect(temporary, key, mode="rwc")) as copy:
        copy.execute("PRAGMA synchronous = FULL").fetchall()
        driver.copy_database(book, copy)
        return _counts(copy)


def _verify(copy: Path, key: bytes, counted: list[int]) -> None:
    with contextlib.closing(driver.connect(copy, key, mode="ro", immutable=True)) as connection:
        check_whole(connection, copy)
        if _counts(connection) != counted:
            raise StoreCorrupt(path=copy)


def _counts(connection: object) -> list[int]:
    return driver.count_rows(connection, _COUNTED)


def _set_aside(path: Path, key: bytes, now: datetime) -> Path | None:
    """Rename the book and what belongs to it, so that its WAL is never read with another book."""
    if not path.exists():
        remove_with_companions(path)
        return None
    with contextlib.suppress(driver.DatabaseError), contextlib.closing(driver.connect(path, key, mode="rw")) as book:
        driver.empty_wal(book)
    aside = path.with_name(f"{path.name}.before-restore-{now:%Y%m%dT%H%M%S%f}")
    for suffix in ("-wal", "-shm", ""):
        part = path.with_name(path.name + suffix)
        if part.exists():
            part.rename(aside.with_name(aside.name + suffix))
    flush_folder(path.parent)
    return aside
