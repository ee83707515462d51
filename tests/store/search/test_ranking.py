"""Exact before beginning before inner before sound before typing error; within each, who was seen lately."""

from __future__ import annotations

from datetime import timedelta

import pytest

from posapp.services.dto import CustomerStatus
from posapp.services.ports.search import MatchKind
from posapp.store.book import LocalBook
from tests.support.book import START, a_customer


def shown(book: LocalBook, text: str, limit: int = 50) -> list[tuple[str, MatchKind]]:
    hits = book.read(lambda session: session.customers.find(text, limit)).hits
    return [(hit.customer.profile.name, hit.kind) for hit in hits]


def test_kinds_come_in_their_order(book: LocalBook) -> None:
    names = ("Sharmina Das", "Karmin", "Carmeen", "Karmina", "Kamrin", "McKarminson", "Nobody")
    book.write(lambda s: [s.customers.add(a_customer(name, None)) for name in names])
    assert shown(book, "karmin") == [
        ("Karmin", MatchKind.EXACT),
        ("Karmina", MatchKind.PREFIX),
        ("McKarminson", MatchKind.INNER),
        ("Carmeen", MatchKind.SOUND),
        ("Kamrin", MatchKind.TYPO),
    ]


def test_the_weakest_of_several_words_counts(book: LocalBook) -> None:
    names = ("Rahim Khan", "Rahima Khan", "Raheem Khan", "Abdurrahim Khan", "Khan Rahim")
    book.write(lambda s: [s.customers.add(a_customer(name, None)) for name in names])
    assert [kind for _, kind in shown(book, "khan rahim")] == [
        MatchKind.EXACT,
        MatchKind.EXACT,
        MatchKind.PREFIX,
        MatchKind.INNER,
        MatchKind.SOUND,
    ]


def test_who_was_seen_lately_comes_first_within_a_kind(book: LocalBook) -> None:
    people = [a_customer(f"Rahim {word}", None) for word in ("Ali", "Bose", "Das", "Khan")]
    book.write(lambda s: [s.customers.add(one) for one in [*people, a_customer("Rahima", None)]])
    book.write(lambda s: s.customers.note_seen(people[3].id, START))
    book.write(lambda s: s.customers.note_seen(people[1].id, START + timedelta(hours=1)))
    assert [name for name, _ in shown(book, "rahim")] == [
        "Rahim Bose",
        "Rahim Khan",
        "Rahim Ali",
        "Rahim Das",
        "Rahima",
    ]
    recent = book.read(lambda s: s.customers.recent(5))
    assert [(one.customer.id, one.matched, one.marks) for one in recent] == [
        (people[1].id, "", ()),
        (people[3].id, "", ()),
    ]
    book.write(lambda s: s.customers.set_status(people[1].id, CustomerStatus.DELETED))
    assert [one.customer.id for one in book.read(lambda s: s.customers.recent(5))] == [people[3].id]


@pytest.mark.parametrize("text", ["rahim", "17112", "ra"])
def test_who_was_seen_is_not_lost_among_hundreds(book: LocalBook, text: str) -> None:
    people = [a_customer(f"Rahimuddin {number}", f"017112{number:05d}") for number in range(600)]
    book.write(lambda s: [s.customers.add(one) for one in people])
    book.write(lambda s: s.customers.note_seen(people[555].id, START))
    assert shown(book, text, 3)[0][0] == "Rahimuddin 555"


def test_the_last_digits_come_before_the_same_digits_elsewhere(book: LocalBook) -> None:
    many = [a_customer(f"Begins {number}", f"01711{number:06d}") for number in range(250)]
    book.write(lambda s: [s.customers.add(one) for one in [*many, a_customer("Ends", "01999991711")]])
    assert shown(book, "1711", 5)[0] == ("Ends", MatchKind.PREFIX)


def test_an_act_is_never_about_somebody_who_only_sounds_so(book: LocalBook) -> None:
    book.write(lambda s: [s.customers.add(a_customer(name, None)) for name in ("Raheem", "Abdurrahim")])
    assert len(shown(book, "rahim")) == 2
    assert book.read(lambda s: s.customers.resolve("rahim")) == []
    assert [one.profile.name for one in book.read(lambda s: s.customers.resolve("rahee"))] == ["Raheem"]
