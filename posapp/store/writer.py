"""The one thread that writes the book.

It owns the only connection that may write and alone moves pages from the WAL into the file. Use cases and the sync
engine hand it closures; a till's act overtakes waiting pull pages, and within a class the order is kept.
"""

from __future__ import annotations

import itertools
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar

import sqlalchemy as sa

from posapp.domain.errors import Cancelled, CommitUnknown
from posapp.store.connection import writing_engine
from posapp.store.errors import BookBusy, DiskFailing, NestedWrite, translated

T = TypeVar("T")

_URGENT: Final = 0
_PATIENT: Final = 1
_LAST: Final = 2

_CHECKPOINT_WHEN_IDLE: Final = 4 * 1024 * 1024
_CHECKPOINT_ANYWAY: Final = 64 * 1024 * 1024


@dataclass(order=True, slots=True)
class _Job:
    """Work on its way to the writer's thread; None ends the thread."""

    rank: int
    number: int
    work: Callable[[], Any] | None = field(compare=False)
    future: Future[Any] = field(compare=False)


class Writer:
    """Runs closures one after another, each in one transaction, on its own thread."""

    def __init__(self, path: Path, key: bytes, *, committed: Callable[[], None] | None = None) -> None:
        """Open the writing connection and start the thread.

        Args:
            path: The book's file; it exists.
            key: Its raw key.
            committed: Called on the writer's thread after each commit, after the caller has its answer.
        """
        self._path = path
        self._key = key
        self._committed = committed
        self._jobs: queue.PriorityQueue[_Job] = queue.PriorityQueue()
        self._numbers = itertools.count()
        self._gate = threading.Lock()
        self._closed = False
        self._engine = writing_engine(path, key)
        try:
            self._engine.connect().close()
        except Exception as error:
            self._engine.dispose()
            raise translated(error, path) from error
        self._thread = threading.Thread(target=self._run, name="book-writer", daemon=True)
        self._thread.start()

    def run(self, act: Callable[[sa.Connection], T], *, urgent: bool = True) -> T:
        """Run a closure in one transaction and return its result once it is on disk.

        Args:
            act: Gets the writing connection; an exception rolls everything back and is raised here.
            urgent: Overtake what is not.

        Raises:
            NestedWrite: Called from inside another act.
            StoreUnavailable: The book cannot be written.
            Cancelled: The writer is closed.
        """
        return self._wait_for(partial(self._in_transaction, act), _URGENT if urgent else _PATIENT)

    def move_into_file(self) -> None:
        """Move all that is committed from the WAL into the file, forced to the disk.

        Raises:
            StoreUnavailable: The disk refuses, or a reader holds it up.
        """
        self._wait_for(self._move, _URGENT)

    def empty_log(self) -> None:
        """Empty the WAL, whose old pages still show whom an erasure took; a reader may hold it up for now."""
        self._wait_for(partial(self._checkpoint, "TRUNCATE"), _PATIENT)

    def _wait_for(self, work: Callable[[], T], rank: int) -> T:
        if threading.current_thread() is self._thread:
            raise NestedWrite("a write inside a write would wait for itself")
        future: Future[T] = Future()
        with self._gate:
            if self._closed:
                raise Cancelled
            self._jobs.put(_Job(rank, next(self._numbers), work, future))
        try:
            return future.result()
        finally:
            del future  # an exception holds its traceback, which holds this frame: no cycle may outlive the call

    def close(self) -> None:
        """Finish what waits, empty the WAL into the file and end the thread; a second call does nothing."""
        with self._gate:
            if self._closed:
                return
            self._closed = True
            self._jobs.put(_Job(_LAST, next(self._numbers), None, Future()))
        self._thread.join()

    def _run(self) -> None:
        while True:
            job = self._jobs.get()
            if job.work is None:
                break
            self._do(job.work, job.future)
            del job
            self._checkpoint_if_large()
        self._checkpoint("TRUNCATE")
        self._engine.dispose()

    def _do(self, work: Callable[[], Any], future: Future[Any]) -> None:
        try:
            result = work()
        except BaseException as error:  # noqa: BLE001 (whatever it is belongs to the caller, not to this thread)
            future.set_exception(error)
            return
        future.set_result(result)
        if self._committed is not None:
            self._committed()

    def _in_transaction(self, act: Callable[[sa.Connection], T]) -> T:
        committing = False
        try:
            with self._engine.connect() as connection:
                transaction = connection.begin()
                try:
                    result = act(connection)
                    committing = True
                    transaction.commit()
                except BaseException:
                    if transaction.is_active:
                        transaction.rollback()
                    raise
        except Exception as error:
            ours = translated(error, self._path, committing=committing)
            if isinstance(ours, CommitUnknown | DiskFailing):
                self._reopen()
            if ours is error:
                raise
            raise ours from error
        return result

    def _reopen(self) -> None:
        """Throw the connection away: after an I/O error its view of the file may differ from what is on disk."""
        self._engine.dispose()
        self._engine = writing_engine(self._path, self._key)

    def _checkpoint_if_large(self) -> None:
        try:
            size = self._path.with_name(self._path.name + "-wal").stat().st_size
        except OSError:
            return
        if size > _CHECKPOINT_ANYWAY or (size > _CHECKPOINT_WHEN_IDLE and self._jobs.empty()):
            self._checkpoint("PASSIVE" if size <= _CHECKPOINT_ANYWAY else "RESTART")

    def _checkpoint(self, kind: str) -> None:
        """Move the WAL's pages into the file; a failure loses nothing, for the WAL keeps them."""
        try:
            self._moved(kind)
        except Exception as error:
            if translated(error, self._path) is error:
                raise

    def _move(self) -> None:
        try:
            held_up = self._moved("FULL")
        except Exception as error:
            raise translated(error, self._path) from error
        if held_up:
            raise BookBusy(path=self._path)

    def _moved(self, kind: str) -> bool:
        """Move the WAL's pages into the file; return whether a reader held some of them up."""
        with self._engine.connect() as connection:
            raw = connection.connection.dbapi_connection
            assert raw is not None
            ((busy, pages, moved),) = raw.cursor().execute(f"PRAGMA wal_checkpoint({kind})").fetchall()
            return bool(busy) or pages != moved
