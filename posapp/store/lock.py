"""One process a home: who holds the lock writes, everybody else may only read."""

from __future__ import annotations

from pathlib import Path

from filelock import FileLock, Timeout

from posapp.store.errors import BookInUse, BookReadOnly

LOCK_NAME = "till.lock"


class HomeLock:
    """The lock of a till's home folder; the system releases it when the process dies."""

    def __init__(self, home: Path) -> None:
        """Take the lock at once or not at all.

        Args:
            home: The folder that the book lies in.

        Raises:
            BookInUse: Another process, or another book in this one, holds it.
            BookReadOnly: The folder cannot be written.
        """
        self._lock = FileLock(home / LOCK_NAME, timeout=0, thread_local=False)
        try:
            self._lock.acquire()
        except Timeout as error:
            raise BookInUse from error
        except OSError as error:
            raise BookReadOnly(path=home) from error

    def release(self) -> None:
        """Let somebody else write; a second call does nothing."""
        self._lock.release()
