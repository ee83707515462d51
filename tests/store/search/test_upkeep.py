"""The index is what the customers are: after any acts, after an erasure, after a change of country, after a bad end."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from posapp.domain.customer import Profile
from posapp.domain.errors import StoreCorrupt
from posapp.domain.ids import CustomerId, RemoteId, new_uuid
from posapp.services.dto import CustomerStatus
from posapp.services.ports.book import Session
from posapp.services.ports.remote import RemoteCustomer
from posapp.store import driver
from posapp.store.book import LocalBook, open_book
from posapp.store.search import state
from tests.support.book import KEY, SHOP, START, SettableClock, a_connection, a_customer, fresh_book

NAMES = ("Rahima Khatun", "Rahim", "José O'Brien", "রহিমা খাতুন", "أحمد", "Ana Ana", "2 4 6", "क्ष", "Zzqzyx Qqvvx")
PHONES = (None, "01711-234567", "০১৮১২৩৪৫৬৭৮", "+91 98765 43210", "999")
TABLES = (
    "search_entry",
    "search_words_data",
    "search_middles_data",
    "search_vocabulary",
    "search_spelling",
    "customer",
)

Index = dict[str, list[object]]


def rebuild(sql: sa.Connection, country: str) -> None:
    """Fill the index anew in one go."""
    state.begin(sql, country)
    while not state.fill_on(sql, country):
        pass


def in_writer(book: LocalBook, act: Callable[..., object]) -> object:
    """Run on the writer's connection: a deep look at an index is a statement that writes."""
    return book.write(lambda session: act(session._scope.sql, session.settings.shop().country))


def index_of(book: LocalBook) -> Index:
    """What the index holds, without the numbers that words happen to have."""

    def read(sql: object, _country: str) -> Index:
        ask = lambda query: sorted(tuple(row) for row in sql.exec_driver_sql(query))  # noqa: E731
        return {
            "entries": ask("SELECT row, words, middles FROM search_entry"),
            "words": ask("SELECT word, sound FROM search_vocabulary"),
            "spelling": ask(
                "SELECT s.variant, v.word FROM search_spelling s JOIN search_vocabulary v ON v.id = s.word"
            ),
            "count": ask("SELECT fingerprint, entries, filled_to IS NULL FROM search_state"),
        }

    return in_writer(book, read)  # type: ignore[return-value]


profiles = st.builds(
    lambda name, phone, tag: Profile(name, phone, tags=(tag,) if tag else ()),
    st.sampled_from(NAMES),
    st.sampled_from(PHONES),
    st.sampled_from(["", "vip", "রহিমা"]),
)
acts = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.lists(profiles, min_size=1, max_size=4)),
        st.tuples(st.just("edit"), st.integers(0, 9), profiles),
        st.tuples(st.just("card"), st.integers(0, 9), st.sampled_from([None, "C-4711", "Rahim 9"])),
        st.tuples(st.just("status"), st.integers(0, 9), st.sampled_from(list(CustomerStatus))),
    ),
    max_size=12,
)


def do(session: Session, connection, act: tuple, known: list[CustomerId]) -> None:
    if act[0] == "add":
        rows = [(RemoteCustomer(RemoteId(new_uuid()), one), CustomerId(new_uuid()), b"") for one in act[1]]
        session.mirror.insert(connection.id, rows, generation=1, seen_at=START)
        known += [customer_id for _, customer_id, _ in rows]
    elif known:
        customer_id = known[act[1] % len(known)]
        anonymous = session.customers.get(customer_id).status is CustomerStatus.ANONYMIZED
        if act[0] == "edit":
            session.customers.set_profile(customer_id, act[2])
        elif act[0] == "status":
            session.customers.set_status(customer_id, act[2])
        elif not anonymous and session.customers.by_card(act[2] or "") is None:
            session.customers.set_local(customer_id, card_code=act[2], credit_limit=None)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(acts)
def test_upkeep_leaves_what_a_rebuild_makes(tmp_path_factory: pytest.TempPathFactory, done: list[tuple]) -> None:
    with fresh_book(tmp_path_factory.mktemp("book")) as book:
        connection, known = a_connection(), []
        book.write(lambda s: s.settings.save_connection(connection))
        for act in done:
            book.write(lambda s, act=act: do(s, connection, act, known))
        kept = index_of(book)
        assert in_writer(book, state.is_sound)
        in_writer(book, rebuild)
        assert index_of(book) == kept


def test_an_erased_person_is_nowhere_in_the_index(book: LocalBook) -> None:
    """The canary is read for in the very pages, deciphered: full-text indexes keep words in blobs of their own."""
    canary = a_customer("Zzqzyx Qqvvx", "01999-777666", email="zzqzyx.w@wqwq.example", tags=("qjqjq",))
    others = [a_customer(f"Rahima {number}", f"0171100{number:04d}") for number in range(200)]
    book.write(lambda s: [s.customers.add(one) for one in [*others[:100], canary, *others[100:]]])
    assert remains(book, (b"zzqz", b"qqvvx", b"777666", b"wqwq", b"qjqjq"))
    book.write(lambda s: s.customers.note_seen(canary.id, START))
    book.write(lambda s: s.customers.set_status(canary.id, CustomerStatus.ANONYMIZED))
    assert not remains(book, (b"zqz", b"qvv", b"9777", b"777666", b"666777", b"wqw", b"qjq"))
    assert book.read(lambda s: s.customers.recent(5)) == []


def remains(book: LocalBook, pieces: tuple[bytes, ...]) -> bool:
    def read(sql, _country: str) -> bool:
        for table in TABLES:
            for row in sql.exec_driver_sql(f"SELECT * FROM {table}"):
                values = b"\n".join(value if isinstance(value, bytes) else str(value).lower().encode() for value in row)
                if any(piece in values for piece in pieces):
                    return True
        return False

    return bool(in_writer(book, read))


def test_a_word_that_somebody_else_has_stays_known(book: LocalBook) -> None:
    one, other = a_customer("Quddus", None), a_customer("Quddus Ali", None)
    book.write(lambda s: [s.customers.add(customer) for customer in (one, other)])
    book.write(lambda s: s.customers.set_status(one.id, CustomerStatus.ANONYMIZED))
    assert [hit.customer.id for hit in book.read(lambda s: s.customers.find("kuddos", 5)).hits] == [other.id]


def test_another_country_reads_the_phones_anew(book: LocalBook) -> None:
    indian = a_customer("Asha", "98765 43210")
    book.write(lambda s: s.customers.add(indian))
    assert book.read(lambda s: s.customers.find("+91 98765", 5)).hits == ()
    book.write(lambda s: s.settings.save_shop(dataclasses.replace(SHOP, country="IN")))
    assert book.wait_for_index(10)
    assert [hit.customer.id for hit in book.read(lambda s: s.customers.find("+91 98765", 5)).hits] == [indian.id]
    (same,) = book.read(lambda s: s.customers.alike(Profile("", "+919876543210"), 5))
    assert (same.customer.id, same.matched) == (indian.id, "phone")
    assert in_writer(book, state.is_sound)


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE search_state SET fingerprint = '0 BD'",
        "UPDATE search_state SET filled_to = 3",
        "UPDATE search_state SET entries = entries - 1",
        "DELETE FROM search_entry; UPDATE search_state SET entries = 0",
    ],
)
def test_a_stale_index_is_filled_anew_when_the_book_opens(tmp_path: Path, damage: str) -> None:
    with fresh_book(tmp_path / "home") as book:
        book.write(lambda s: [s.customers.add(a_customer(f"Rahima {number}", None)) for number in range(600)])
        whole = index_of(book)
        path = book.path
    with contextlib.closing(driver.connect(path, KEY, mode="rw")) as connection:
        for statement in damage.split("; "):
            connection.execute(statement)
    with open_book(path, KEY, clock=SettableClock()) as book:
        book.write(lambda s: s.customers.add(a_customer("Salma", None)))
        assert book.wait_for_index(30)
        assert in_writer(book, state.is_sound)
        assert len(book.read(lambda s: s.customers.find("rahima 599", 5)).hits) == 1
        found = book.read(lambda s: s.customers.find("salma", 5))
        assert (len(found.hits), found.searched) == (1, 601)
        assert index_of(book)["entries"][:600] == whole["entries"]


def test_a_filling_that_was_cut_off_goes_on_at_the_next_start(tmp_path: Path) -> None:
    with fresh_book(tmp_path / "home") as book:
        count = state.PORTION + 50
        book.write(lambda s: [s.customers.add(a_customer(f"Rahima {number}", None)) for number in range(count)])
        in_writer(book, state.begin)
        assert in_writer(book, state.fill_on) is False
        assert book.read(lambda s: s.customers.find("rahima", 5)).searched == state.PORTION, "and the answer says so"
        path = book.path
    with open_book(path, KEY, clock=SettableClock()) as book:
        assert book.wait_for_index(30)
        assert book.read(lambda s: s.customers.find("rahima", 5)).searched == count
        assert in_writer(book, state.is_sound)


def test_a_deep_look_sees_an_index_that_lost_a_word(book: LocalBook) -> None:
    book.write(lambda s: s.customers.add(a_customer()))
    assert in_writer(book, state.is_sound)
    in_writer(book, lambda sql, _: sql.exec_driver_sql("UPDATE search_entry SET words = 'rahim | x'"))
    with pytest.raises(StoreCorrupt):
        in_writer(book, state.is_sound)
