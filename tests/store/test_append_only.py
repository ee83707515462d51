"""Nothing recorded is changed or deleted, by whatever statement."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import pytest

from posapp.services.ports.writes import PreparedRequest
from posapp.store import driver
from posapp.store.ddl import _GUARDED
from tests.store.acts import pay, sell
from tests.support.book import KEY, START, a_customer, fresh_book, with_customer


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with fresh_book(tmp_path_factory.mktemp("guards") / "home") as book:
        path = book.path
        customer = book.write(lambda session: with_customer(session, a_customer()))
        entry = book.write(lambda session: pay(session, customer, 500))
        book.write(lambda session: sell(session, customer, 900, 10))
        request = PreparedRequest("POST", "/x", b"body", "application/json", "key")
        book.write(lambda session: session.operations.start_attempt(entry.operation_id, request, START))
    with contextlib.closing(driver.connect(path, KEY, mode="rw")) as raw:
        driver.set_profile(raw, writer=True)
        raw.execute(PRINTED, (customer,))
        raw.execute(TOLD)
        raw.execute(PEER_ENTRY, (customer,))
        raw.execute(PEER_POINTS, (customer,))
        yield raw


PRINTED = (
    "INSERT INTO statement_print (customer_id, first, last, printed_at, till_seq)"
    " VALUES (?, '2026-02-01', '2026-02-28', 1, 2)"
)
TOLD = "INSERT INTO peer_line (source, number, kind, name, at, content) VALUES ('s', 1, 'card', 'card/c', 1, '{}')"
PEER_ENTRY = (
    "INSERT INTO peer_entry (id, source, customer_id, operation_id, kind, direction, amount, occurred_at, taken_at)"
    " VALUES ('e', 's', ?, 'o', 'charge', 'debit', 5, 1, 1)"
)
PEER_POINTS = (
    "INSERT INTO peer_points (id, source, customer_id, operation_id, kind, points, occurred_at)"
    " VALUES ('p', 's', ?, 'o', 'sale', 5, 1)"
)
TABLES = {table.name: (table, free) for table, free in _GUARDED.items()}


@pytest.mark.parametrize("name", TABLES)
def test_delete_and_replace_are_refused(connection: Any, name: str) -> None:
    before = connection.execute(f"SELECT * FROM {name}").fetchall()
    assert before
    for statement in (f"DELETE FROM {name}", f"INSERT OR REPLACE INTO {name} SELECT * FROM {name}"):
        with pytest.raises(driver.DatabaseError, match="append-only"):
            connection.execute(statement)
    assert connection.execute(f"SELECT * FROM {name}").fetchall() == before


@pytest.mark.parametrize(
    ("name", "column"),
    [
        (name, column.name)
        for name, (table, free) in TABLES.items()
        for column in table.columns
        if column.name not in free
    ],
)
def test_no_column_of_content_can_be_updated(connection: Any, name: str, column: str) -> None:
    for statement in (f'UPDATE {name} SET "{column}" = 1', f'UPDATE OR REPLACE {name} SET "{column}" = 1'):
        with pytest.raises(driver.DatabaseError, match="append-only"):
            connection.execute(statement)


def test_the_bytes_of_an_attempt_can_only_be_emptied(connection: Any) -> None:
    with pytest.raises(driver.DatabaseError, match="append-only"):
        connection.execute("UPDATE attempt SET body = x'00'")
    connection.execute("BEGIN")
    connection.execute("UPDATE attempt SET body = x''")
    assert connection.execute("SELECT body FROM attempt").fetchall() == [(b"",)]
    connection.execute("ROLLBACK")


def test_nonsense_is_refused_by_the_schema(connection: Any) -> None:
    for statement in (
        "UPDATE operation SET state = 'perhaps'",
        "UPDATE customer SET status = 'asleep'",
        "UPDATE customer SET credit_limit = -1",
        "INSERT INTO lane_clock (id, epoch) VALUES (2, 0)",
    ):
        with pytest.raises(driver.DatabaseError, match="constraint"):
            connection.execute(statement)
