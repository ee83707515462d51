"""The one module that knows the database driver, which carries no types of its own.

`sqlcipher3` is SQLite with encryption. Everything that is special to it stands here: that the key must be the first
statement, that a plain SQLite swallows a key without a word, and that it prints errors to stderr unless told not to.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, cast
from urllib.parse import quote

from sqlcipher3 import dbapi2  # type: ignore[import-untyped]

MODULE: Final[Any] = dbapi2
"""The DB-API module, for SQLAlchemy."""

KEY_BYTES: Final = 32
MIN_SQLITE: Final = (3, 51, 3)
"""3.7.0 to 3.51.2 can lose committed pages when two connections reset the WAL."""

DatabaseError = cast("type[Exception]", dbapi2.Error)
"""Root of the driver's exceptions; `sqlite_errorcode` is SQLite's extended result code."""

_CACHE_KIB = 64 * 1024
"""At most: each page read anew is deciphered and its seal checked, which a search over a million feels."""


class DriverUnfit(RuntimeError):
    """The installed driver has no encryption or an SQLite that is too old: a broken installation, never data."""


def connect(path: Path, key: bytes, *, mode: str, immutable: bool = False, timeout_ms: int = 5000) -> Any:
    """Open an encrypted database file with a raw key.

    Args:
        path: The file.
        key: 32 bytes; no passphrase is stretched.
        mode: `ro`, `rw` (must exist) or `rwc`.
        immutable: Promise that nobody writes meanwhile: neither locks nor `-shm` are touched.
        timeout_ms: How long to wait for a lock.

    Raises:
        DriverUnfit: The driver cannot keep a book safely.
        DatabaseError: The file cannot be opened.
    """
    if len(key) != KEY_BYTES:
        raise ValueError("a book's key is 32 bytes long")
    if MODULE.sqlite_version_info < MIN_SQLITE:
        raise DriverUnfit(f"SQLite {MODULE.sqlite_version} is older than 3.51.3")
    uri = f"file:{quote(str(path))}?mode={mode}" + ("&immutable=1" if immutable else "")
    connection = MODULE.connect(uri, uri=True, isolation_level=None, check_same_thread=False)
    try:
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        connection.execute("PRAGMA cipher_log_level = NONE").fetchall()
        if not connection.execute("PRAGMA cipher_version").fetchall():
            raise DriverUnfit("the SQLite driver has no encryption")  # noqa: TRY301 (closed below like any failure)
        connection.execute(f"PRAGMA busy_timeout = {timeout_ms}").fetchall()
    except BaseException:
        connection.close()
        raise
    return connection


def set_profile(connection: Any, *, writer: bool) -> None:
    """Give a connection the profile that the book's promises stand on (design, section 4)."""
    pragmas = [
        "foreign_keys = ON",
        "recursive_triggers = ON",
        "trusted_schema = OFF",
        "cell_size_check = ON",
        "secure_delete = ON",
        "temp_store = MEMORY",
        "mmap_size = 0",
        f"cache_size = -{_CACHE_KIB}",
    ]
    if writer:
        pragmas += ["journal_mode = WAL", "synchronous = FULL", "wal_autocheckpoint = 0"]
        if sys.platform == "darwin":
            pragmas += ["fullfsync = ON", "checkpoint_fullfsync = ON"]
    else:
        pragmas.append("query_only = ON")
    for pragma in pragmas:
        connection.execute(f"PRAGMA {pragma}").fetchall()


def result_code(error: BaseException) -> int:
    """Return SQLite's extended result code of a driver's exception; 0 where there is none."""
    return int(getattr(error, "sqlite_errorcode", 0) or 0)


def copy_database(source: Any, target: Any) -> None:
    """Copy one snapshot of a database over another, page by page; both have the same key."""
    source.backup(target)


def count_rows(connection: Any, tables: Sequence[str]) -> list[int]:
    """Return how many rows each of some tables of ours has."""
    return [connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in tables]  # noqa: S608


def empty_wal(connection: Any) -> None:
    """Move all committed pages into the file and shorten the WAL to nothing."""
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def versions() -> tuple[str, str]:
    """Return the versions of SQLite and of its encryption, the latter empty where there is none."""
    with contextlib.closing(MODULE.connect(":memory:")) as connection:
        found = connection.execute("PRAGMA cipher_version").fetchone()
    return str(MODULE.sqlite_version), str(found[0]) if found else ""
