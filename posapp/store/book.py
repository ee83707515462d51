"""The local book: made, opened, written through its writer and read on snapshots."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Self, TypeVar

import sqlalchemy as sa

from posapp.domain.errors import Cancelled, CommitUnknown, PosError
from posapp.domain.ids import TillId, new_uuid
from posapp.domain.shop import Shop
from posapp.services.ports.anchors import Anchor, AnchorFault, Keeper, fault_of
from posapp.services.ports.book import Session
from posapp.services.ports.clock import Clock
from posapp.store.backup import copy_verified
from posapp.store.connection import reading_engine, writing_engine
from posapp.store.copy_check import acts_that_differ
from posapp.store.ddl import APPLICATION_ID, create_schema
from posapp.store.doubt import settle
from posapp.store.errors import BookExists, BookInUse, BookMissing, BookReadOnly, translated
from posapp.store.files import put_in_place, remove_with_companions
from posapp.store.following import Follower, SecondCopyPlace, SecondCopyStatus
from posapp.store.lock import HomeLock
from posapp.store.opening import inspect, nobody_can_write
from posapp.store.place import check_place
from posapp.store.refilling import Refiller
from posapp.store.scope import TILL, Scope
from posapp.store.search import state
from posapp.store.session import LocalSession
from posapp.store.settings import SettingsRepository
from posapp.store.writer import Writer

T = TypeVar("T")

_UNFINISHED = ".unfinished"


class LocalBook:
    """`Book` of the port, over one encrypted file; `close` it, or use it in a `with` statement."""

    def __init__(
        self,
        path: Path,
        key: bytes,
        clock: Clock,
        lock: HomeLock | None,
        second_copy: SecondCopyPlace | None = None,
    ) -> None:
        """Start reading, and writing where the home's lock is held; use `open_book`.

        Args:
            path: The file, known to be a book at the newest schema.
            key: Its raw key.
            clock: The till's clock.
            lock: Held by the caller and released by `close`; None for a book that is only read.
            second_copy: Where acts are copied to; None for nowhere, and for a book that is only read.
        """
        self.path = path
        self._key = key
        self._clock = clock
        self._lock = lock
        self._closed = threading.Event()
        self._readers = reading_engine(path, key, immutable=lock is None and nobody_can_write(path))
        self._follower: Follower | None = None
        self._writer = None if lock is None else Writer(path, key, committed=self._follow)
        if self._writer is not None and second_copy is not None:
            till_id = self.read(lambda session: session.settings.till_id())
            self._follower = Follower(second_copy, till_id, clock, self._snapshot, self._on_other_acts)
        self._refiller = Refiller(self._fill_index_on)
        if self._writer is not None and self._index_is_stale():
            self._refiller.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def read_only(self) -> bool:
        """Whether this process may only read, for another one holds the home's lock."""
        return self._writer is None

    def write(self, act: Callable[[Session], T], *, urgent: bool = True) -> T:
        """Run `act` in one transaction on the writer's thread and return its result once it is on disk.

        Args:
            act: Gets a session; an exception rolls everything back and is raised here.
            urgent: A till's act overtakes waiting pull pages (`urgent=False`).

        Raises:
            StoreUnavailable: The book cannot be written; `CommitUnknown` where the act may nevertheless be there.
        """
        writer, done = self._own_writer(), list[tuple[T, LocalSession]]()

        def run(connection: sa.Connection) -> None:
            session = LocalSession(connection, self._clock)
            done.append((act(session), session))

        try:
            writer.run(run, urgent=urgent)
        except CommitUnknown as doubt:
            if not done[0][1].recorded:
                raise
            settle(writer, self.path, self._clock, done[0][1].recorded, doubt)
        ((result, session),) = done
        if session.index_stale:
            self._refiller.start()
        if session.erased:
            writer.empty_log()
        return result

    def write_rows(self, act: Callable[[Scope], T]) -> T:
        """Run `act` on the tables themselves in one transaction: for acts that are put back as they were recorded.

        Raises:
            StoreUnavailable: The book cannot be written.
        """
        return self._own_writer().run(lambda connection: act(Scope(connection, self._clock)), urgent=False)

    def read(self, query: Callable[[Session], T]) -> T:
        """Run `query` on a consistent snapshot; writing in it is an error."""
        return self._snapshot(lambda connection: query(LocalSession(connection, self._clock)))

    def second_copy_status(self) -> SecondCopyStatus:
        """Return how the second copy stands, for the warning *no second copy since …*."""
        return SecondCopyStatus(None) if self._follower is None else self._follower.status()

    def differs_from_copy(self, place: SecondCopyPlace) -> AnchorFault | None:
        """Read the whole second copy and return how the book differs from it; None where it has every act of it.

        Raises:
            StoreUnavailable: The second copy itself is damaged or cannot be read.
        """
        anchor = acts_that_differ(place.path, place.key, self._snapshot)
        if anchor is None:
            return None
        file = str(place.path)
        return self.read(lambda session: fault_of(session.operations, Keeper.SECOND_COPY, anchor, file))

    def wait_for_second_copy(self, seconds: float) -> bool:
        """Wait until all that is committed was copied; return whether it was."""
        return self._follower is not None and self._follower.wait(seconds)

    def backup(self, target: Path) -> None:
        """Copy the book as it stands now to a new file, verified; acts go on meanwhile.

        Raises:
            BackupExists: The target is there already; it was not touched.
            StoreUnavailable: It could not be written, or is not whole.
        """
        copy_verified(self.path, self._key, target)

    def wait_for_index(self, seconds: float) -> bool:
        """Wait until a stale search index is filled anew; return whether it is."""
        return self._refiller.wait(seconds)

    def _own_writer(self) -> Writer:
        if self._writer is None:
            raise BookReadOnly(path=self.path) if nobody_can_write(self.path) else BookInUse()
        return self._writer

    def _fill_index_on(self) -> bool:
        assert self._writer is not None
        return self._writer.run(lambda sql: state.fill_on(sql, Scope(sql, self._clock).shop.country), urgent=False)

    def _index_is_stale(self) -> bool:
        return self._snapshot(lambda sql: state.is_stale(sql, Scope(sql, self._clock).shop.country))

    def _on_other_acts(self, anchor: Anchor, aside: Path) -> None:
        """Ask a person about a second copy that has other acts than this book."""

        def note(session: Session) -> None:
            fault = fault_of(session.operations, Keeper.SECOND_COPY, anchor, str(aside))
            if fault is not None:
                session.inbox.open(fault.item(self._clock.now()))

        self.write(note, urgent=False)

    def _follow(self) -> None:
        if self._follower is not None:
            self._follower.notify()

    def _snapshot(self, query: Callable[[sa.Connection], T]) -> T:
        if self._closed.is_set():
            raise Cancelled
        try:
            with self._readers.connect() as connection:
                return _in_snapshot(connection, query)
        except Exception as error:
            ours = translated(error, self.path, reading=True)
            if ours is error:
                raise
            raise ours from error

    def close(self) -> None:
        """Finish waiting acts, empty the WAL into the file and let go of the home; a second call does nothing."""
        if self._closed.is_set():
            return
        self._refiller.close()
        if self._follower is not None:
            self._follower.close()
        self._closed.set()
        self._readers.dispose()
        if self._writer is not None:
            self._writer.close()
        if self._lock is not None:
            self._lock.release()


def _in_snapshot(connection: sa.Connection, query: Callable[[sa.Connection], T]) -> T:
    """Run a query in one transaction.

    A connection on which it broke off is not used again: it may still hold a statement half read, which SQLite would
    refuse to begin anew.
    """
    try:
        with connection.begin():
            return query(connection)
    except PosError:
        raise
    except Exception:
        connection.invalidate()
        raise


def create_book(
    path: Path,
    key: bytes,
    *,
    clock: Clock,
    shop: Shop,
    till_id: TillId | None = None,
    second_copy: SecondCopyPlace | None = None,
) -> LocalBook:
    """Make a fresh book and open it.

    Args:
        path: Its file; the folder is the till's home and is made where it is missing.
        key: 32 random bytes, already kept where they will be found again.
        clock: The till's clock.
        shop: The first settings.
        till_id: The till's id; None for a new one.
        second_copy: Where every act is copied to at once; None for nowhere.

    Raises:
        BookInUse: Another process holds the home.
        BookExists: A file is there already; it is not touched.
        StoreUnavailable: It cannot be written.
    """
    if path.exists():
        raise BookExists(path=path)
    check_place(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise translated(error, path) from error
    lock = HomeLock(path.parent)
    try:
        _make(path, key, clock, shop, till_id or TillId(new_uuid()))
        return LocalBook(path, key, clock, lock, second_copy)
    except BaseException:
        lock.release()
        raise


def open_book(
    path: Path,
    key: bytes,
    *,
    clock: Clock,
    second_copy: SecondCopyPlace | None = None,
    read_only: bool = False,
) -> LocalBook:
    """Open a book, after looking whether it is whole and bringing its schema up to date.

    Args:
        path: Its file.
        key: Its raw key.
        clock: The till's clock.
        second_copy: Where every act is copied to at once; missing ones are written now. None for nowhere.
        read_only: Only read, beside a process that may hold the home.

    Raises:
        BookInUse: Another process holds the home.
        BookMissing: There is no file.
        BookTooNew: A newer program wrote it; it is not touched.
        BookLinked: Its file is a link or has a second name.
        BookOnNetwork: Its folder lies on another computer.
        StoreCorrupt: It is damaged, not ours, or of another key; it is not touched.
        StoreUnavailable: It cannot be read or written.
    """
    check_place(path)
    if read_only:
        inspect(path, key, alone=False)
        return LocalBook(path, key, clock, None)
    if not path.parent.is_dir():
        raise BookMissing(path=path)
    lock = HomeLock(path.parent)
    try:
        if not inspect(path, key, alone=True).current:
            from posapp.store.migrating import upgrade  # noqa: PLC0415 (the migration tool costs a start's time)

            upgrade(path, key, now=clock.now())
        return LocalBook(path, key, clock, lock, second_copy)
    except BaseException:
        lock.release()
        raise


def _make(path: Path, key: bytes, clock: Clock, shop: Shop, till_id: TillId) -> None:
    """Write a fresh book under another name, so that a crash leaves a whole book or none."""
    temporary = path.with_name(path.name + _UNFINISHED)
    if path.exists():  # somebody may have made one while this call waited for the home
        raise BookExists(path=path)
    remove_with_companions(temporary)
    try:
        engine = writing_engine(temporary, key, create=True)
        try:
            with engine.begin() as connection:
                connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
                create_schema(connection)
                settings = SettingsRepository(Scope(connection, clock))
                settings.set_value(TILL, till_id)
                settings.save_shop(shop)
        finally:
            engine.dispose()
        put_in_place(temporary, path)
    except Exception as error:
        remove_with_companions(temporary)
        ours = translated(error, path)
        if ours is error:
            raise
        raise ours from error
