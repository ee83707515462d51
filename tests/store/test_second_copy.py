"""The second copy has every act, says what is wrong with it by name, and never holds an act up."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from posapp.domain.errors import StoreUnavailable
from posapp.domain.sealing import new_key
from posapp.store.book import LocalBook, create_book, open_book
from posapp.store.following import SecondCopyPlace
from posapp.store.second_copy import (
    SecondCopyAltered,
    SecondCopyCut,
    SecondCopyForeign,
    SecondCopyGap,
    read_second_copy,
)
from tests.store.acts import record, sell, taka
from tests.support.book import KEY, SHOP, SettableClock, a_customer, with_customer

RESCUE = new_key()


@pytest.fixture
def place(tmp_path: Path) -> SecondCopyPlace:
    (tmp_path / "stick").mkdir()
    return SecondCopyPlace(tmp_path / "stick" / "till.second-copy", RESCUE)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home" / "book.db"


def made(home: Path, place: SecondCopyPlace, clock: SettableClock) -> LocalBook:
    return create_book(home, KEY, clock=clock, shop=SHOP, second_copy=place)


def opened(home: Path, place: SecondCopyPlace, clock: SettableClock) -> LocalBook:
    return open_book(home, KEY, clock=clock, second_copy=place)


def fill(book: LocalBook, acts: int = 3) -> str:
    customer = book.write(lambda session: with_customer(session, a_customer()))
    for number in range(acts):
        book.write(lambda session, n=number: record(session, customer, amount=n + 1, person={"name": "Rahima"}))
    return customer


def seqs(path: Path, **more: int) -> list[int]:
    return [act.operation.till_seq for act in read_second_copy(path, RESCUE, **more)]


def test_every_act_follows_at_once_with_all_that_rescues_it(home, place, clock) -> None:
    with made(home, place, clock) as book:
        customer = fill(book)
        sale = book.write(lambda session: sell(session, customer, 900, 10))
        assert book.wait_for_second_copy(10)
        chain = book.read(lambda session: session.operations.chain(0, 10))
        status = book.second_copy_status()
        assert (status.path, status.copied_seq, status.missing_since, status.problem) == (place.path, 4, None, None)
        acts = list(read_second_copy(place.path, RESCUE, expected_seq=4))
    assert [act.operation for act in acts] == chain
    assert acts[0].person == {"name": "Rahima"}
    assert acts[0].customer["name"] == "Rahima Khatun"
    assert (acts[3].sale["total"], acts[3].sale["id"], sale.total) == (900, sale.id, taka(900))
    assert [entry["points"] for entry in acts[3].points] == [9, -10]


def test_no_place_is_no_warning(book: LocalBook) -> None:
    assert book.second_copy_status().path is None
    assert not book.wait_for_second_copy(0)


def test_a_missing_folder_is_a_lasting_warning_and_what_is_missing_follows(home, place, clock) -> None:
    place.path.parent.rmdir()
    with made(home, place, clock) as book:
        since = clock.now()
        clock.advance(hours=1)
        fill(book)
        assert not book.wait_for_second_copy(10)
        status = book.second_copy_status()
        assert (status.copied_seq, status.missing_since, status.problem) == (0, since, "second_copy_missing")
        assert not place.path.parent.exists()
        place.path.parent.mkdir()
        book.write(lambda session: session.settings.set_value("a", "b"))
        assert book.wait_for_second_copy(10)
        assert book.second_copy_status().missing_since is None
    assert seqs(place.path) == [1, 2, 3]


def test_a_stick_pulled_out_meanwhile_gets_what_is_missing_at_the_next_start(home, place, clock) -> None:
    with made(home, place, clock) as book:
        customer = fill(book)
        assert book.wait_for_second_copy(10)
        away = place.path.parent.rename(place.path.parent.with_name("away"))
        book.write(lambda session: record(session, customer))
        assert not book.wait_for_second_copy(10)
    away.rename(place.path.parent)
    assert seqs(place.path) == [1, 2, 3]
    with opened(home, place, clock) as book:
        assert book.wait_for_second_copy(10)
    assert seqs(place.path, expected_seq=4) == [1, 2, 3, 4]


def test_a_torn_last_line_is_written_again(home, place, clock) -> None:
    with made(home, place, clock) as book:
        fill(book)
    os.truncate(place.path, place.path.stat().st_size - 40)
    with pytest.raises(SecondCopyCut):
        seqs(place.path)
    opened(home, place, clock).close()
    assert seqs(place.path) == [1, 2, 3]


def test_what_is_wrong_is_told_by_name(home, place, clock) -> None:
    with made(home, place, clock) as book:
        fill(book, 4)
    lines = place.path.read_bytes().splitlines(keepends=True)

    def verdict(content: list[bytes], key: bytes = RESCUE):
        place.path.write_bytes(b"".join(content))
        try:
            return len(list(read_second_copy(place.path, key, expected_seq=4)))
        except StoreUnavailable as error:
            return type(error), error.params.get("seq")

    changed = bytearray(lines[2])
    changed[20] ^= 1
    assert verdict(lines) == 4
    assert verdict(lines[:2] + lines[3:]) == (SecondCopyGap, 2)
    assert verdict([*lines[:2], bytes(changed), *lines[3:]]) == (SecondCopyAltered, 2)
    assert verdict(lines[:4]) == (SecondCopyCut, 3)
    assert verdict([*lines[:3], lines[4].replace(b"4 ", b"3 ", 1)]) == (SecondCopyAltered, 3)
    assert verdict([*lines[:2], lines[1], *lines[2:]]) == (SecondCopyAltered, 1)
    assert verdict(lines, new_key()) == (SecondCopyAltered, 1)
    assert verdict([b"something else\n"])[0] is SecondCopyForeign
    place.path.unlink()
    with pytest.raises(StoreUnavailable):
        seqs(place.path)


def test_a_copy_of_another_life_is_set_aside_and_not_overwritten(home, place, clock) -> None:
    with made(home, place, clock) as book:
        fill(book)
    before = place.path.read_bytes()
    home.unlink()
    with create_book(home, KEY, clock=clock, shop=SHOP, second_copy=place, till_id=before.split()[2].decode()) as book:
        fill(book, 1)
        assert book.wait_for_second_copy(10)
    assert seqs(place.path) == [1]
    (aside,) = place.path.parent.glob("*.aside-*")
    assert aside.read_bytes() == before


def test_a_file_of_somebody_else_is_left_alone(home, place, clock) -> None:
    place.path.write_bytes(b"my holiday\n")
    with made(home, place, clock) as book:
        fill(book)
        assert not book.wait_for_second_copy(10)
        assert book.second_copy_status().problem == "second_copy_foreign"
    assert place.path.read_bytes() == b"my holiday\n"


def test_an_erased_person_leaves_the_second_copy_too(home, place, clock) -> None:
    with made(home, place, clock) as book:
        customer = fill(book)
        assert book.wait_for_second_copy(10)
        book.write(lambda session: session.operations.erase_person(customer))
        assert book.wait_for_second_copy(10)
    assert [act.person for act in read_second_copy(place.path, RESCUE, expected_seq=3)] == [{}, {}, {}]
