"""Whatever is typed, pasted or scanned into the search is an answer, never an error, and soon."""

from __future__ import annotations

import threading

import pytest

from posapp.domain.customer import Profile
from posapp.store.book import LocalBook
from tests.support.book import a_customer

HOSTILE = [
    '"', "''", "*", "rah*", '"rahima" OR "x"', "rahima AND khatun", "NEAR(rahima khatun)", "words : rahima", "-rahima",
    "^rahima", "rahima\x00khatun", "\x00", "\ud800", "🙂", "👨‍👩‍👧", "\u202erahima\u202c", "\ufeff",
    "\ue0011711", "\ue0027654", "|",
    "a" * 10_000, "ra " * 5_000, "1" * 10_000, "১" * 300, "ﷺ", "्", "َ", "'; DROP TABLE customer; --",
    "{a}", "%", "_", "\u0301\u0302", "ß" * 100, "０１７１１", "٠١٧١١", "\n\t", "rahima\u200dkhatun", "𝐑𝐚𝐡𝐢𝐦𝐚",
]  # fmt: skip


@pytest.fixture
def one(book: LocalBook) -> LocalBook:
    book.write(lambda s: s.customers.add(a_customer(tags=("vip",))))
    return book


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text)[:20])
def test_nothing_typed_breaks_it(one: LocalBook, text: str) -> None:
    answer = one.read(lambda s: s.customers.find(text, 5))
    assert answer.searched == 1
    assert len(answer.hits) <= 1
    one.read(lambda s: (s.customers.resolve(text), s.customers.alike(Profile(text, text, text), 5)))


def test_signs_of_the_index_are_no_letters(one: LocalBook) -> None:
    assert one.read(lambda s: s.customers.find("\ue0021711", 5)) == one.read(lambda s: s.customers.find("1711", 5))
    assert one.read(lambda s: s.customers.find("|", 5)).hits == ()


@pytest.mark.parametrize("name", HOSTILE[:20], ids=lambda text: ascii(text)[:20])
def test_any_name_can_be_kept_and_taken_away(one: LocalBook, name: str) -> None:
    plain = "".join(char for char in name if char != "\x00" and not "\ud800" <= char <= "\udfff")[:255] or "x"
    customer = a_customer(plain, "01999-000000")
    one.write(lambda s: s.customers.add(customer))
    assert customer.id in {hit.customer.id for hit in one.read(lambda s: s.customers.find("01999000000", 5)).hits}
    one.write(lambda s: s.customers.set_profile(customer.id, Profile("Other")))
    assert one.read(lambda s: s.customers.find("01999000000", 5)).hits == ()


def test_many_may_ask_at_once_while_the_book_is_written(one: LocalBook) -> None:
    wrong: list[object] = []

    def ask(text: str) -> None:
        for _ in range(30):
            hits = one.read(lambda s: s.customers.find(text, 5)).hits
            if not hits or hits[0].customer.profile.name != "Rahima Khatun":
                wrong.append((text, hits))

    askers = [threading.Thread(target=ask, args=(text,)) for text in ("rahima", "khat", "1711", "raheema")]
    for asker in askers:
        asker.start()
    for number in range(30):
        one.write(lambda s, number=number: s.customers.add(a_customer(f"Zubair {number}", None)))
    for asker in askers:
        asker.join()
    assert wrong == []
