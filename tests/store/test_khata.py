"""A customer's numbers and lines, in every state that an operation can have."""

from __future__ import annotations

from datetime import timedelta

import pytest

from posapp.domain.ids import RemoteId
from posapp.domain.ledger import Direction
from posapp.domain.money import CurrencyMismatch, Money
from posapp.domain.operation import OperationKind, OperationState
from posapp.services.dto import LineState
from posapp.services.ports.remote import Capabilities, RemoteCustomer, RemoteEntry
from posapp.store.book import LocalBook
from tests.store.acts import pay, record, sell, taka
from tests.support.book import ALL_CAPABILITIES, START, a_connection, a_customer, with_customer

R1 = RemoteId("77")


def known_to_server(book: LocalBook, *, capabilities=ALL_CAPABILITIES, balance=None, points=None):
    connection = a_connection(capabilities)
    customer = a_customer()

    def fill(session):
        session.settings.save_connection(connection)
        seen = RemoteCustomer(R1, customer.profile, points=points, balance=balance, total_orders=3)
        session.mirror.insert(connection.id, [(seen, customer.id, b"d")], generation=1, seen_at=START)

    book.write(fill)
    return connection.id, customer.id


def standing(book: LocalBook, customer_id):
    return book.read(lambda session: session.khata.standing(customer_id))


def test_nobody_on_a_server_stands_at_zero(book: LocalBook) -> None:
    customer = book.write(lambda session: with_customer(session, a_customer()))
    numbers = standing(book, customer)
    assert (numbers.balance, numbers.points, numbers.balance_as_of) == (taka(0), 0, None)


def test_what_was_never_fetched_is_unknown_and_not_zero(book: LocalBook) -> None:
    _, customer = known_to_server(book)
    numbers = standing(book, customer)
    assert (numbers.server_balance, numbers.balance, numbers.server_points, numbers.points) == (None,) * 4
    assert numbers.total_orders == 3


def test_a_server_without_khata_and_points_stands_at_zero(book: LocalBook) -> None:
    _, customer = known_to_server(book, capabilities=Capabilities())
    assert (standing(book, customer).balance, standing(book, customer).points) == (taka(0), 0)


@pytest.mark.parametrize("state", OperationState)
def test_each_state_counts_once_or_not_at_all(book: LocalBook, state: OperationState) -> None:
    _, customer = known_to_server(book, balance=taka(-1000), points=100)

    def act(session):
        entry = pay(session, customer, 300, state)
        kept = state is OperationState.KEPT
        session.khata.add_points(entry.operation_id, customer, 7, START, kept=kept)
        session.khata.add_points(entry.operation_id, customer, -20, START, kept=kept)

    book.write(act)
    numbers = standing(book, customer)
    waiting = state.value in {"pending", "in_flight", "unknown", "acked", "needs_human"}
    kept = state is OperationState.KEPT
    assert numbers.unsent_balance == taka(300 if waiting else 0)
    assert numbers.kept_balance == taka(300 if kept else 0)
    assert (numbers.unsent_points, numbers.unsent_redeemed) == ((-13, 20) if waiting else (0, 0))
    assert numbers.kept_points == (-13 if kept else 0)
    assert numbers.balance == taka(-700 if waiting or kept else -1000)
    assert numbers.points == (87 if waiting or kept else 100)


def test_what_a_person_decided_to_keep_counts_as_kept(book: LocalBook) -> None:
    _, customer = known_to_server(book, balance=taka(0), points=0)
    entry = book.write(lambda session: pay(session, customer, 300, OperationState.NEEDS_HUMAN))
    book.write(lambda session: session.operations.set_state(entry.operation_id, OperationState.KEPT))
    assert (standing(book, customer).unsent_balance, standing(book, customer).kept_balance) == (taka(0), taka(300))


def test_lines_of_both_sides_meet_by_reference(book: LocalBook) -> None:
    connection, customer = known_to_server(book, balance=taka(0))

    def act(session):
        sent = pay(session, customer, 300, OperationState.CONFIRMED)
        refused = pay(session, customer, 400, OperationState.REJECTED, occurred_at=START + timedelta(hours=2))
        waiting = pay(session, customer, 500, occurred_at=START + timedelta(hours=3))
        entries = [
            RemoteEntry("e1", Direction.DEBIT, taka(900), taka(-900), "elsewhere", "x", START - timedelta(hours=1)),
            RemoteEntry(
                "e2", Direction.CREDIT, taka(300), taka(-600), "", sent.operation_id, START + timedelta(hours=1)
            ),
        ]
        session.mirror.replace_entries(connection, R1, entries)
        session.mirror.add_entry(connection, R1, entries[1])
        return sent, refused, waiting

    sent, refused, waiting = book.write(act)
    lines = book.read(lambda session: session.khata.lines(customer))
    assert [(line.entry_id, line.state, line.counted) for line in lines] == [
        ("e1", LineState.SERVER, True),
        (sent.id, LineState.CONFIRMED, True),
        (refused.id, LineState.REJECTED, False),
        (waiting.id, LineState.SAVED, True),
    ]
    assert (lines[1].recorded_at, lines[1].balance_after) == (START + timedelta(hours=1), taka(-600))
    assert (lines[3].recorded_at, lines[3].reference, lines[3].description) == (None, "R-1", "by hand")


@pytest.mark.parametrize(
    ("state", "shown"),
    [
        (OperationState.PENDING, LineState.SAVED),
        (OperationState.IN_FLIGHT, LineState.DOUBTFUL),
        (OperationState.UNKNOWN, LineState.DOUBTFUL),
        (OperationState.ACKED, LineState.SENT),
        (OperationState.CONFIRMED, LineState.CONFIRMED),
        (OperationState.REJECTED, LineState.REJECTED),
        (OperationState.CANCELLED, LineState.REJECTED),
        (OperationState.NEEDS_HUMAN, LineState.NEEDS_HUMAN),
        (OperationState.KEPT, LineState.KEPT),
    ],
)
def test_a_line_says_how_far_it_has_come(book: LocalBook, state, shown) -> None:
    customer = book.write(lambda session: with_customer(session, a_customer()))
    book.write(lambda session: pay(session, customer, 300, state))
    (line,) = book.read(lambda session: session.khata.lines(customer))
    assert line.state is shown
    assert line.counted is (shown is not LineState.REJECTED)


def test_a_reversal_points_both_ways_unless_it_was_refused(book: LocalBook) -> None:
    customer = book.write(lambda session: with_customer(session, a_customer()))

    def act(session):
        first = pay(session, customer, 300)
        pay(
            session,
            customer,
            300,
            OperationState.REJECTED,
            kind=OperationKind.REVERSAL,
            reverses=first.id,
            direction=Direction.DEBIT,
        )
        assert session.khata.lines(customer)[0].reversed_by is None
        second = pay(session, customer, 300, kind=OperationKind.REVERSAL, reverses=first.id, direction=Direction.DEBIT)
        return first, second

    first, second = book.write(act)
    lines = book.read(lambda session: session.khata.lines(customer))
    assert (lines[0].reversed_by, lines[2].reverses) == (second.id, first.id)
    assert standing(book, customer).balance == taka(0)


def test_sales_points_and_entries_are_found_again(book: LocalBook) -> None:
    customer = book.write(lambda session: with_customer(session, a_customer()))
    sale = book.write(lambda session: sell(session, customer, 900, 10))
    entry = book.write(lambda session: pay(session, customer, 300))
    assert book.read(lambda session: session.khata.sale(sale.id)) == sale
    assert book.read(lambda session: session.khata.sales(customer, 5)) == [sale]
    assert book.read(lambda session: session.khata.points_of(sale.id)) == -1
    assert book.read(lambda session: [line.points for line in session.khata.points_lines(customer)]) == [9, -10]
    for name in (entry.id, entry.operation_id):
        assert book.read(lambda session, n=name: session.khata.entry_of(n)) == entry
    assert book.read(lambda session: session.khata.entry_of("none")) is None


def test_the_largest_amount_typed_so_far(book: LocalBook) -> None:
    customer = book.write(lambda session: with_customer(session, a_customer()))
    largest = lambda *kinds: book.read(lambda session: session.khata.largest_amount(kinds))  # noqa: E731
    assert largest(OperationKind.PAYMENT) is None
    book.write(lambda session: [record(session, customer, amount=amount) for amount in (5, 900, 30)])
    book.write(lambda session: record(session, customer, OperationKind.CHARGE, amount=1000))
    assert largest(OperationKind.PAYMENT) == taka(900)
    assert largest(OperationKind.PAYMENT, OperationKind.CHARGE) == taka(1000)


def test_another_currency_never_enters_the_book(book: LocalBook) -> None:
    customer = a_customer()
    book.write(lambda session: session.customers.add(customer))
    with pytest.raises(CurrencyMismatch):
        book.write(lambda s: s.customers.set_local(customer.id, card_code=None, credit_limit=Money(1, "EUR")))
