"""Opening, closing, locking, and what is said of files that are no book."""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from posapp.domain.errors import Cancelled, PosError, StoreCorrupt, StoreUnavailable
from posapp.services.dto import CustomerStatus
from posapp.store import driver
from posapp.store.book import LocalBook, create_book, open_book
from posapp.store.connection import writing_engine
from posapp.store.errors import (
    BookExists,
    BookInUse,
    BookMissing,
    BookReadOnly,
    BookTooNew,
    BookTruncated,
    DiskFull,
    ForeignBook,
    NestedWrite,
    NotEncrypted,
    WriteInRead,
    WrongKey,
)
from posapp.store.scope import shop_from_json, shop_to_json
from tests.store.acts import record
from tests.support.book import KEY, SHOP, SettableClock, a_customer, fresh_book, with_customer


@pytest.fixture
def closed(tmp_path: Path) -> Path:
    """A book with a customer in it, closed."""
    with fresh_book(tmp_path / "home") as book:
        book.write(lambda session: with_customer(session, a_customer()))
        return book.path


def reopened(path: Path, key: bytes = KEY, **more: bool) -> LocalBook:
    return open_book(path, key, clock=SettableClock(), **more)


def change(path: Path, statement: str) -> None:
    with contextlib.closing(driver.connect(path, KEY, mode="rw")) as connection:
        connection.execute(statement).fetchall()


def contents(folder: Path) -> dict[str, bytes]:
    return {child.name: child.read_bytes() for child in folder.iterdir() if child.name != "till.lock"}


def test_a_book_keeps_what_was_written_and_leaves_one_file(closed: Path) -> None:
    assert [child.name for child in closed.parent.iterdir() if child.suffix != ".lock"] == ["book.db"]
    with reopened(closed) as book:
        assert book.read(lambda session: session.operations.counts()).customers == 1
        assert book.read(lambda session: session.settings.shop()) == SHOP
    book.close()
    with pytest.raises(Cancelled):
        book.read(lambda session: session.operations.counts())
    with pytest.raises(Cancelled):
        book.write(lambda session: session.operations.counts())


def test_the_profile_holds(closed: Path) -> None:
    with reopened(closed) as book:
        wanted = {
            "journal_mode": "wal",
            "synchronous": 2,
            "foreign_keys": 1,
            "recursive_triggers": 1,
            "trusted_schema": 0,
            "secure_delete": 1,
            "query_only": 0,
        }
        asked = lambda connection, name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()  # noqa: E731
        assert {name: book._writer.run(lambda c, n=name: asked(c, n)) for name in wanted} == wanted
        assert book._snapshot(lambda connection: asked(connection, "query_only")) == 1


def test_reading_cannot_write(closed: Path) -> None:
    with reopened(closed) as book, pytest.raises(WriteInRead):
        book.read(lambda session: session.settings.set_value("x", "y"))


def test_writing_inside_writing_is_refused_instead_of_waiting_for_ever(closed: Path) -> None:
    with reopened(closed) as book:
        with pytest.raises(NestedWrite):
            book.write(lambda _: book.write(lambda session: session.operations.counts()))
        assert book.write(lambda session: session.operations.counts()).customers == 1


def test_a_failed_act_leaves_nothing(closed: Path) -> None:
    with reopened(closed) as book:
        with pytest.raises(ZeroDivisionError):
            book.write(lambda session: (session.settings.set_value("x", "y"), 1 / 0))
        assert book.read(lambda session: session.settings.value("x")) is None


def test_a_read_does_not_wait_for_a_write_and_sees_what_was_before(closed: Path) -> None:
    started, go_on = threading.Event(), threading.Event()

    def slow(session) -> None:
        session.settings.set_value("x", "y")
        started.set()
        assert go_on.wait(10)

    with reopened(closed) as book:
        writing = threading.Thread(target=book.write, args=(slow,))
        writing.start()
        assert started.wait(10)
        before = time.monotonic()
        assert book.read(lambda session: session.settings.value("x")) is None
        assert time.monotonic() - before < 1
        go_on.set()
        writing.join()
        assert book.read(lambda session: session.settings.value("x")) == "y"


def test_a_tills_act_overtakes_waiting_pages(closed: Path) -> None:
    order: list[str] = []
    started, go_on = threading.Event(), threading.Event()

    def first(_) -> None:
        started.set()
        assert go_on.wait(10)

    with reopened(closed) as book:
        threads = [threading.Thread(target=book.write, args=(first,), kwargs={"urgent": False})]
        threads[0].start()
        assert started.wait(10)
        for name, urgent in (("page 1", False), ("page 2", False), ("sale 1", True), ("sale 2", True)):
            waiting = book._writer._jobs.qsize()
            act = lambda _, n=name: order.append(n)  # noqa: E731
            threads.append(threading.Thread(target=book.write, args=(act,), kwargs={"urgent": urgent}))
            threads[-1].start()
            while book._writer._jobs.qsize() == waiting:
                time.sleep(0.001)
        go_on.set()
        for thread in threads:
            thread.join()
    assert order == ["sale 1", "sale 2", "page 1", "page 2"]


def test_two_threads_that_read_and_then_write_lose_nothing(closed: Path) -> None:
    def count(session) -> None:
        session.settings.set_value("n", str(int(session.settings.value("n") or 0) + 1))

    with reopened(closed) as book:
        threads = [threading.Thread(target=lambda: [book.write(count) for _ in range(50)]) for _ in "ab"]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert book.read(lambda session: session.settings.value("n")) == "100"


OTHER_PROCESS = """
import sys
from pathlib import Path
from posapp.store.book import open_book
from posapp.store.errors import BookInUse
from tests.support.book import KEY, SettableClock
path = Path(sys.argv[1])
try:
    open_book(path, KEY, clock=SettableClock())
except BookInUse as error:
    print(error.detail.text)
with open_book(path, KEY, clock=SettableClock(), read_only=True) as book:
    print(book.read(lambda session: session.operations.counts()).customers)
    try:
        book.write(lambda session: session.settings.set_value("a", "b"))
    except BookInUse as error:
        print(error.id)
"""


def test_a_second_process_reads_and_does_not_write(closed: Path) -> None:
    with reopened(closed) as book:
        book.write(lambda session: with_customer(session, a_customer("Second")))
        other = subprocess.run(
            [sys.executable, "-c", OTHER_PROCESS, str(closed)], capture_output=True, text=True, check=True
        )
        assert other.stdout.splitlines() == ["The till is open; do it there.", "2", "book_in_use"]
        assert other.stderr == ""
        with pytest.raises(BookInUse):
            reopened(closed)
        book.write(lambda session: session.settings.set_value("still", "here"))


def test_a_closed_book_can_be_read_without_the_lock(closed: Path) -> None:
    with reopened(closed, read_only=True) as book:
        assert book.read_only
        assert book.read(lambda session: session.operations.counts()).customers == 1
        with pytest.raises(BookInUse):
            book.write(lambda session: None)
    with reopened(closed) as book:
        assert not book.read_only


def test_a_book_is_never_made_over_another(closed: Path) -> None:
    before = contents(closed.parent)
    with pytest.raises(BookExists):
        create_book(closed, KEY, clock=SettableClock(), shop=SHOP)
    assert contents(closed.parent) == before


def test_making_a_book_is_quick(tmp_path: Path) -> None:
    before = time.perf_counter()
    with fresh_book(tmp_path / "home"):
        assert time.perf_counter() - before < 0.5


def plain_sqlite(path: Path) -> None:
    path.unlink()
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE t (a)")
        connection.commit()


def foreign(path: Path) -> None:
    change(path, "PRAGMA application_id = 7")


def newer(path: Path) -> None:
    change(path, "UPDATE alembic_version SET version_num = '9999'")


def cut_in_half(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2 // 4096 * 4096)


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def noise(path: Path) -> None:
    path.write_bytes(os.urandom(50_000))


def damaged(path: Path) -> None:
    whole = bytearray(path.read_bytes())
    for place in range(4096 * 2, len(whole), 4096):
        whole[place + 100] ^= 0xFF
    path.write_bytes(whole)


def gone(path: Path) -> None:
    path.unlink()


@pytest.mark.parametrize(
    ("harm", "error"),
    [
        (plain_sqlite, NotEncrypted),
        (foreign, ForeignBook),
        (newer, BookTooNew),
        (cut_in_half, StoreCorrupt),
        (emptied, BookTruncated),
        (noise, WrongKey),
        (damaged, StoreCorrupt),
        (gone, BookMissing),
    ],
)
def test_what_is_no_book_is_named_and_not_touched(closed: Path, capfd, harm, error: type[PosError]) -> None:
    harm(closed)
    before = contents(closed.parent)
    for read_only in (False, True):
        if read_only and harm in (damaged, cut_in_half):
            continue  # a book that is only read is not read through first
        with pytest.raises(StoreCorrupt if read_only and harm is plain_sqlite else error) as caught:
            reopened(closed, read_only=read_only)
        assert caught.value.params["path"] == closed
        now = contents(closed.parent)
        assert now == before if not read_only else now.get("book.db") == before.get("book.db")
    assert capfd.readouterr().err == ""


def test_another_key_does_not_open_the_book(closed: Path) -> None:
    before = contents(closed.parent)
    with pytest.raises(WrongKey):
        reopened(closed, bytes(32))
    assert contents(closed.parent) == before
    reopened(closed).close()


def test_a_newer_book_with_a_wal_is_not_touched_either(closed: Path) -> None:
    engine = writing_engine(closed, KEY)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with contextlib.closing(driver.connect(closed, KEY, mode="ro")) as holding:
        holding.execute("SELECT count(*) FROM customer").fetchall()
        before = closed.read_bytes()
        with pytest.raises(BookTooNew):
            reopened(closed)
        assert closed.read_bytes() == before
    engine.dispose()


def test_a_missing_home_is_said(tmp_path: Path) -> None:
    with pytest.raises(BookMissing):
        reopened(tmp_path / "nowhere" / "book.db")


def test_a_full_book_says_so_and_goes_on_once_there_is_room(closed: Path) -> None:
    big = lambda session: session.settings.set_value("big", "x" * 2_000_000)  # noqa: E731
    with reopened(closed) as book:
        book._writer.run(lambda connection: connection.exec_driver_sql("PRAGMA max_page_count = 120").scalar())
        with pytest.raises(DiskFull) as caught:
            book.write(big)
        assert caught.value.params["path"] == closed
        book.write(lambda session: session.settings.set_value("small", "x"))
        book._writer.run(lambda connection: connection.exec_driver_sql("PRAGMA max_page_count = 100000").scalar())
        book.write(big)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(disk)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("no right to mount a small disk here")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


def test_a_full_disk_says_so_and_the_till_goes_on_once_there_is_room(small_disk: Path) -> None:
    with fresh_book(small_disk / "home") as book:
        ballast = small_disk / "ballast"
        ballast.write_bytes(bytes(800_000))
        with pytest.raises(StoreUnavailable) as caught:
            book.write(lambda session: session.settings.set_value("big", "x" * 3_000_000))
        assert type(caught.value) is DiskFull
        assert book.read(lambda session: session.settings.value("big")) is None
        ballast.unlink()
        book.write(lambda session: session.settings.set_value("small", "x"))
        assert book.read(lambda session: session.settings.value("small")) == "x"


def test_a_write_protected_disk_says_so_and_is_still_read(small_disk: Path) -> None:
    with fresh_book(small_disk / "home") as book:
        path = book.path
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with pytest.raises(BookReadOnly):
        reopened(path)
    with pytest.raises(BookReadOnly):
        create_book(path.with_name("other") / "book.db", KEY, clock=SettableClock(), shop=SHOP)
    with reopened(path, read_only=True) as book:
        assert book.read(lambda session: session.settings.shop()) == SHOP


DYING = """
import os, sys
from pathlib import Path
from posapp.store.book import open_book
from tests.store.acts import record
from tests.support.book import KEY, SettableClock
book = open_book(Path(sys.argv[1]), KEY, clock=SettableClock())
while True:
    done = book.write(lambda session: record(session, sys.argv[2]))
    print(done.id, flush=True)
"""


@pytest.mark.parametrize("acts", [1, 25, 60])
def test_whatever_was_said_to_be_saved_survives_a_kill(tmp_path: Path, acts: int) -> None:
    with fresh_book(tmp_path / "home") as book:
        path = book.path
        customer = book.write(lambda session: with_customer(session, a_customer()))
    command = [sys.executable, "-c", DYING, str(path), customer]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        saved = [child.stdout.readline().strip() for _ in range(acts)]
        child.kill()
        saved += child.stdout.read().split("\n")[:-1]
    with reopened(path) as book:
        known = [operation.id for operation in book.read(lambda session: session.operations.chain(0, 10_000))]
        assert known[: len(saved)] == saved
        assert len(known) <= len(saved) + 1
        assert book.write(lambda session: record(session, customer)).till_seq == len(known) + 1
        assert book.read(lambda session: session.customers.get(customer)).status is CustomerStatus.LIVE


def test_a_shop_of_an_older_book_has_debts_due_at_once() -> None:
    values = json.loads(shop_to_json(replace(SHOP, terms_days=30)))
    assert shop_from_json(json.dumps(values)).terms_days == 30
    del values["terms_days"]
    assert shop_from_json(json.dumps(values)) == SHOP


def test_a_write_holds_the_book_before_it_read_anything(tmp_path: Path) -> None:
    with fresh_book(tmp_path / "home") as book:

        def act(_: object) -> None:
            other = driver.connect(book.path, KEY, mode="rw", timeout_ms=0)
            with contextlib.closing(other), pytest.raises(driver.MODULE.OperationalError, match="locked"):
                other.execute("BEGIN IMMEDIATE")

        book.write(act)
