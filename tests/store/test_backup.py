"""Backups are whole or not there, restoring keeps what was, and no file shows a name."""

from __future__ import annotations

from pathlib import Path

import pytest

from posapp.domain.errors import StoreUnavailable
from posapp.domain.sealing import new_key
from posapp.store.backup import restore_book
from posapp.store.book import LocalBook, create_book, open_book
from posapp.store.errors import BackupExists, BookInUse, NotABackup
from posapp.store.following import SecondCopyPlace
from tests.store.acts import record
from tests.support.book import KEY, SHOP, START, SettableClock, a_customer, fresh_book, with_customer


def add(book: LocalBook, name: str) -> str:
    return book.write(lambda session: with_customer(session, a_customer(name)))


def names(path: Path) -> list[str]:
    with open_book(path, KEY, clock=SettableClock()) as book:
        return [hit.customer.profile.name for hit in book.read(lambda session: session.customers.find("c", 10)).hits]


def test_a_backup_of_an_open_book_can_be_restored(tmp_path: Path) -> None:
    backup = tmp_path / "stick" / "monday.db"
    with fresh_book(tmp_path / "home") as book:
        path = book.path
        add(book, "Customer A")
        book.backup(backup)
        add(book, "Customer B")
        with pytest.raises(BookInUse):
            restore_book(path, KEY, backup, now=START)
        with pytest.raises(BackupExists):
            book.backup(backup)
    before = backup.read_bytes()
    aside = restore_book(path, KEY, backup, now=START)
    assert names(path) == ["Customer A"]
    assert aside is not None
    assert aside.name.startswith("book.db.before-restore-")
    assert sorted(names_aside(aside, tmp_path)) == ["Customer A", "Customer B"]
    assert backup.read_bytes() == before
    assert [child.name for child in backup.parent.iterdir()] == ["monday.db"]
    assert {child.name for child in path.parent.iterdir()} == {"book.db", "till.lock"}


def names_aside(aside: Path, tmp_path: Path) -> list[str]:
    moved = tmp_path / "moved" / "book.db"
    moved.parent.mkdir()
    aside.rename(moved)
    return names(moved)


def test_a_backup_can_be_restored_where_there_is_no_book(tmp_path: Path) -> None:
    with fresh_book(tmp_path / "home") as book:
        add(book, "Customer A")
        book.backup(tmp_path / "copy.db")
    assert restore_book(tmp_path / "new" / "book.db", KEY, tmp_path / "copy.db", now=START) is None
    assert names(tmp_path / "new" / "book.db") == ["Customer A"]


def test_a_bad_backup_changes_nothing(tmp_path: Path) -> None:
    with fresh_book(tmp_path / "home") as book:
        path = book.path
        add(book, "Customer A")
        book.backup(tmp_path / "copy.db")
    whole = (tmp_path / "copy.db").read_bytes()
    damaged = bytearray(whole)
    for place in range(4096 * 2, len(damaged), 4096):
        damaged[place + 100] ^= 0xFF
    (tmp_path / "copy.db").write_bytes(damaged)
    before = path.read_bytes()
    with pytest.raises(NotABackup):
        restore_book(path, KEY, tmp_path / "copy.db", now=START)
    (tmp_path / "copy.db").write_bytes(whole)
    with pytest.raises(NotABackup):
        restore_book(path, bytes(32), tmp_path / "copy.db", now=START)
    assert path.read_bytes() == before
    assert {child.name for child in path.parent.iterdir()} == {"book.db", "till.lock"}


def test_a_backup_that_cannot_be_written_leaves_no_half_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with fresh_book(tmp_path / "home") as book, pytest.raises(StoreUnavailable):
        book.backup(tmp_path / "file" / "copy.db")


def test_no_file_shows_a_name_or_a_number(tmp_path: Path) -> None:
    (tmp_path / "stick").mkdir()
    place = SecondCopyPlace(tmp_path / "stick" / "till.second-copy", new_key())
    home = tmp_path / "home" / "book.db"
    with create_book(home, KEY, clock=SettableClock(), shop=SHOP, second_copy=place) as book:
        customer = book.write(lambda s: with_customer(s, a_customer("Zxcanary Qwname", "01777-424242")))
        book.write(lambda s: record(s, customer, person={"name": "Zxcanary", "phone": "01777-424242"}))
        assert book.wait_for_second_copy(10)
        book.backup(tmp_path / "stick" / "copy.db")
        files = [file for file in tmp_path.rglob("*") if file.is_file()]
        assert {"book.db", "book.db-wal", "book.db-shm", "copy.db", "till.second-copy"} <= {f.name for f in files}
        raw = {file.name: Path(file).read_bytes() for file in files if file.parent.name == "stick"}
    raw |= {file.name: file.read_bytes() for file in files if file.exists()}
    for name, content in raw.items():
        assert not content.startswith(b"SQLite format 3"), name
        for canary in (b"canary", b"qwname", b"424242", b"242424"):
            assert canary not in content.lower(), name
