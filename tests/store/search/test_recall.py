"""Whoever must be found is found: the search against a reading of 20,000 customers of all scripts."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import pytest

from posapp.domain.customer import Profile
from posapp.domain.ids import CustomerId, RemoteId, new_uuid
from posapp.services.ports.remote import RemoteCustomer
from posapp.store.book import LocalBook
from tests.support import truth
from tests.support.book import SHOP, START, a_connection, fresh_book
from tests.support.people import people
from tests.support.search_queries import LIMIT, Query, queries

COUNT = 20_000
EVERYONE = list(people(COUNT))
ASKED = queries(EVERYONE, SHOP.country, a_kind=12)
LEAST = {"typo": 0.9, "sound": 0.8}
"""Two typing errors may make another name, and a spelling that somebody has comes before one that sounds so."""


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalBook]:
    with fresh_book(tmp_path_factory.mktemp("crowd")) as book:
        connection = a_connection()
        book.write(lambda session: session.settings.save_connection(connection))
        rest = iter(EVERYONE)
        while page := list(islice(rest, 2000)):
            rows = [(RemoteCustomer(RemoteId(new_uuid()), one), CustomerId(new_uuid()), b"") for one in page]
            book.write(lambda s, rows=rows: s.mirror.insert(connection.id, rows, generation=1, seen_at=START))
        yield book


@pytest.fixture(scope="module")
def read() -> list[truth.Read]:
    return [truth.read(one, SHOP.country) for one in EVERYONE]


def found(book: LocalBook, text: str) -> list[Profile]:
    return [hit.customer.profile for hit in book.read(lambda session: session.customers.find(text, LIMIT)).hits]


def recall_of(book: LocalBook, read: list[truth.Read], query: Query) -> float:
    assert query.test is not None
    must = {EVERYONE[number] for number, one in enumerate(read) if query.test(one)}
    return len(must.intersection(found(book, query.text))) / min(LIMIT, len(must)) if must else 1.0


@pytest.mark.parametrize("kind", [kind for kind, some in ASKED.items() if some[0].test])
def test_every_kind_of_query_finds_who_must_be_found(crowd: LocalBook, read: list[truth.Read], kind: str) -> None:
    recalls = {query.text: recall_of(crowd, read, query) for query in ASKED[kind]}
    assert sum(recalls.values()) / len(recalls) >= LEAST.get(kind, 1.0), recalls


def test_nobody_is_found_for_letters_that_nobody_has(crowd: LocalBook) -> None:
    assert [found(crowd, query.text) for query in ASKED["no hit"]] == [[]] * len(ASKED["no hit"])


def test_everybody_was_searched_and_more_match_than_are_shown(crowd: LocalBook) -> None:
    answer = crowd.read(lambda session: session.customers.find("ra", 20))
    assert (answer.searched, len(answer.hits), answer.more) == (COUNT, 20, True)
    (alone,) = (number for number, one in enumerate(EVERYONE) if one.phone == EVERYONE[0].phone)
    answer = crowd.read(lambda session: session.customers.find(EVERYONE[alone].phone, 20))
    assert (len(answer.hits), answer.more) == (1, False)
