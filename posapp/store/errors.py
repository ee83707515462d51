"""What can go wrong with the book, in a shopkeeper's words; SQLite's codes are translated here, once."""

from __future__ import annotations

import errno
import shutil
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from posapp.domain.errors import CommitUnknown, DomainError, StoreCorrupt, StoreUnavailable
from posapp.domain.messages import N_
from posapp.store import driver

_BUSY: Final = 5
_LOCKED: Final = 6
_READONLY: Final = 8
_IOERR: Final = 10
_CORRUPT: Final = 11
_FULL: Final = 13
_CANTOPEN: Final = 14
_CONSTRAINT: Final = 19
_NOTADB: Final = 26
_LEAST_ROOM: Final = 64 * 1024
"""Less than this and SQLite's shared memory, 32 KiB a piece, does not fit."""


class DiskFull(StoreUnavailable):
    """There is no room for the act."""

    id = "disk_full"
    title = N_("The disk is full")
    message = N_("There is no room left on the disk for {path}. The last act was not recorded.")
    hint = N_("Free some space and record it again. Everything shown as saved is safe.")


class BookReadOnly(StoreUnavailable):
    """The file or its folder may not be written."""

    id = "book_read_only"
    title = N_("The book cannot be written")
    message = N_("The file {path} or its folder is read-only. Nothing was recorded.")
    hint = N_("Check the folder's permissions and whether the disk is write-protected.")


class DiskFailing(StoreUnavailable):
    """The disk gave an error before the act was on it."""

    id = "disk_failing"
    title = N_("The disk gave an error")
    message = N_("Reading or writing {path} failed. The last act was not recorded.")
    hint = N_("Record it again. If this comes back, make a backup and replace the disk.")


class BookBusy(StoreUnavailable):
    """Somebody else holds the file locked."""

    id = "book_busy"
    title = N_("The book is busy")
    message = N_("Another program holds the file {path}.")
    hint = N_("Close backup or antivirus programs that read it, then try again.")


class BookInUse(StoreUnavailable):
    """Another process of this till has the book open."""

    id = "book_in_use"
    title = N_("The till is open")
    message = N_("The till is open; do it there.")
    hint = N_("Or close the till's window first, then try again.")


class BookMissing(StoreUnavailable):
    """There is no book where one should be."""

    id = "book_missing"
    title = N_("No book here")
    message = N_("There is no book at {path}.")
    hint = N_("Check the till's home folder, or restore a backup: posapp restore FILE.")


class HomeUnusable(StoreUnavailable):
    """The home folder cannot be made or written."""

    id = "home_unusable"
    title = N_("The till's folder cannot be used")
    message = N_("The folder {path} cannot be made or written.")
    hint = N_("Check the path and its permissions, or choose another with --home.")


class BookLost(BookMissing):
    """This till had a book; a fresh one in its place would hide that acts are missing."""

    id = "book_lost"
    title = N_("The till's book is gone")
    message = N_("This till had a book at {path}, and it is not there any more.")
    hint = N_("Put the file back, or restore a backup: posapp restore FILE. A fresh till needs another folder: --home.")


class BackupExists(DomainError):
    """A backup is never written over another file."""

    id = "backup_exists"
    title = N_("There is a file already")
    message = N_("The file {path} exists already; it was not touched.")
    hint = N_("Give the backup another name.")


class NotABackup(DomainError):
    """The file named is no backup that can take the book's place."""

    id = "not_a_backup"
    title = N_("This backup cannot be used")
    message = N_("The file {path} is not there, is no backup of this till, or is damaged.")
    hint = N_("Choose another backup. The till's own book was not touched.")


class CopyFailed(StoreUnavailable):
    """The copy of the book could not be written."""

    id = "copy_failed"
    title = N_("The copy could not be written")
    message = N_("The book could not be copied to {path}. The book itself is unharmed.")
    hint = N_("Choose a place on another disk with enough room, and try again.")


class BookExists(StoreUnavailable):
    """A book is never made over another."""

    id = "book_exists"
    title = N_("There is a book already")
    message = N_("The file {path} exists already; it was not touched.")
    hint = N_("Open it, or choose another home folder.")


class BookTooNew(StoreUnavailable):
    """A newer posapp wrote the book."""

    id = "book_too_new"
    title = N_("The book is newer than this program")
    message = N_("A newer posapp wrote {path} (schema {revision}). It was not touched.")
    hint = N_("Install the newest posapp on this till.")


class WrongKey(StoreCorrupt):
    """The file does not open with this till's key."""

    id = "book_wrong_key"
    title = N_("The key does not open the book")
    message = N_("The file {path} belongs to another key, or it is damaged from its first page on.")
    hint = N_("Do not delete it. Use the recovery code, or restore a backup: posapp restore FILE.")


class NotEncrypted(StoreCorrupt):
    """An ordinary SQLite file lies where the book should be."""

    id = "book_not_encrypted"
    title = N_("This is not a book of the till")
    message = N_("The file {path} is an unencrypted database. A till's book is always encrypted.")
    hint = N_("Move it away and put the till's book back, or restore a backup: posapp restore FILE.")


class ForeignBook(StoreCorrupt):
    """The file opens, but another program made it."""

    id = "book_foreign"
    title = N_("This is not a book of the till")
    message = N_("The file {path} is a database of another program.")
    hint = N_("Move it away and put the till's book back, or restore a backup: posapp restore FILE.")


class BookTruncated(StoreCorrupt):
    """The file is empty or cut short."""

    id = "book_truncated"
    title = N_("The book is cut short")
    message = N_("The end of the file {path} is missing.")
    hint = N_("Do not delete it. Restore the last backup: posapp restore FILE.")


class IllegalTransition(RuntimeError):
    """A step that no operation may take: a bug of the caller."""


class OperationIdReused(RuntimeError):
    """An operation's id came back with other content: a bug of the caller."""


class UnknownRow(RuntimeError):
    """Something is named that the book does not have: a bug of the caller."""


class RuleBroken(RuntimeError):
    """A guard of the schema refused a row: a bug, and nothing was written."""


class WriteInRead(RuntimeError):
    """A reading session tried to write: a bug of the caller."""


class NestedWrite(RuntimeError):
    """`write` was called inside `write`: a bug of the caller, it would wait for itself for ever."""


def _of_file(error: OSError) -> type[StoreUnavailable]:
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return DiskFull
    return BookReadOnly if error.errno in {errno.EROFS, errno.EACCES, errno.EPERM} else StoreUnavailable


def _of_disk(path: Path, *, committing: bool) -> StoreUnavailable:
    if committing:
        return CommitUnknown(path=path)
    return DiskFull(path=path) if _no_room(path) else DiskFailing(path=path)


def _no_room(path: Path) -> bool:
    """Whether the disk is full: SQLite calls it a failing disk where its shared memory finds no room."""
    folder = next((one for one in path.absolute().parents if one.is_dir()), None)
    return folder is not None and shutil.disk_usage(folder).free < _LEAST_ROOM


def translated(error: Exception, path: Path, *, committing: bool = False, reading: bool = False) -> Exception:
    """Return the error of ours for a database's or a file's exception; anything else comes back as it is.

    Args:
        error: As raised by the driver or SQLAlchemy.
        path: The book's file, for the sentence.
        committing: Whether it was raised by COMMIT.
        reading: Whether the connection may only read.
    """
    if isinstance(error, OSError):
        return _of_file(error)(path=path)
    cause = error.orig if isinstance(error, sa.exc.DBAPIError) else error
    if not isinstance(cause, driver.DatabaseError):
        return error
    code = driver.result_code(cause) & 0xFF
    if code == _CONSTRAINT:
        return RuleBroken(str(cause))
    if code == _READONLY and reading:
        return WriteInRead("this session only reads")
    if code == _IOERR:
        return _of_disk(path, committing=committing)
    kinds: dict[int, type[StoreUnavailable]] = {
        _FULL: DiskFull,
        _READONLY: BookReadOnly,
        _CORRUPT: StoreCorrupt,
        _NOTADB: WrongKey,
        _BUSY: BookBusy,
        _LOCKED: BookBusy,
        _CANTOPEN: StoreUnavailable,
    }
    kind = kinds.get(code)
    return error if kind is None else kind(path=path)
