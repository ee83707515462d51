"""What the server last said, page by page."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest

from posapp.domain.customer import Profile
from posapp.domain.ids import CustomerId, InboxId, RemoteId, new_uuid
from posapp.domain.operation import OperationKind, OperationState
from posapp.services.dto import CustomerStatus, InboxItem
from posapp.services.ports.mirror import ScanRun
from posapp.services.ports.remote import Capabilities, RemoteCustomer
from posapp.store.book import LocalBook
from tests.store.acts import record, taka
from tests.support.book import START, SettableClock, a_connection, a_customer, with_customer

ONE, TWO, THREE = RemoteId("1"), RemoteId("2"), RemoteId("3")


@pytest.fixture
def connection(book: LocalBook):
    made = a_connection()
    book.write(lambda session: session.settings.save_connection(made))
    return made


def seen(remote_id: RemoteId, name: str = "Rahima", **fields: object) -> RemoteCustomer:
    return RemoteCustomer(remote_id, Profile(name), **fields)  # type: ignore[arg-type]


def insert(book: LocalBook, connection, *records: RemoteCustomer, adopted: bool = True):
    rows = [(one, CustomerId(new_uuid()) if adopted else None, b"digest") for one in records]
    book.write(lambda s: s.mirror.insert(connection.id, rows, generation=1, seen_at=START))
    return [customer_id for _, customer_id, _ in rows]


def row(book: LocalBook, connection, remote_id: RemoteId):
    return book.read(lambda s: s.mirror.rows(connection.id, [remote_id]))[remote_id]


def test_a_new_row_makes_a_customer_who_is_found(book: LocalBook, connection) -> None:
    (customer,) = insert(book, connection, seen(ONE, "Salma", points=4, balance=taka(-5)))
    assert [hit.customer.id for hit in book.read(lambda s: s.customers.find("salma", 5)).hits] == [customer]
    known = row(book, connection, ONE)
    assert (known.customer_id, known.digest, known.profile) == (customer, b"digest", Profile("Salma"))
    assert book.read(lambda s: s.mirror.remote_id(connection.id, customer)) == ONE
    assert book.read(lambda s: s.mirror.rows(connection.id, [TWO])) == {}
    assert book.read(lambda s: s.mirror.live_count(connection.id)) == 1


def test_a_new_row_of_a_known_customer_leaves_her_as_she_is(book: LocalBook, connection) -> None:
    mine = a_customer("As typed here")
    book.write(lambda s: with_customer(s, mine))
    book.write(lambda s: s.mirror.insert(connection.id, [(seen(ONE), mine.id, b"")], generation=1, seen_at=START))
    assert book.read(lambda s: s.customers.get(mine.id)) == mine


def test_an_anonymised_row_is_nobody(book: LocalBook, connection) -> None:
    (customer,) = insert(book, connection, seen(ONE, "Salma", anonymized=True))
    assert book.read(lambda s: s.customers.get(customer)).status is CustomerStatus.ANONYMIZED
    assert book.read(lambda s: s.customers.find("salma", 5)).hits == ()


def test_numbers_are_taken_only_where_the_lane_was_idle(book: LocalBook, connection) -> None:
    ours = insert(book, connection, seen(ONE, points=1, balance=taka(1)), seen(TWO, points=1, balance=taka(1)))
    changed = [(seen(name, "New", points=9, balance=taka(9)), b"new") for name in (ONE, TWO)]
    later = START + timedelta(hours=1)
    book.write(
        lambda s: s.mirror.update(
            connection.id, changed, generation=2, seen_at=later, with_numbers=lambda name: name == ONE
        )
    )
    one, two = (book.read(lambda s, c=customer: s.khata.standing(c)) for customer in ours)
    assert (one.server_points, one.server_balance, one.balance_as_of) == (9, taka(9), later)
    assert (two.server_points, two.server_balance, two.balance_as_of) == (1, taka(1), START)
    assert row(book, connection, TWO).profile == Profile("New")
    assert book.read(lambda s: s.customers.get(ours[0])).profile == Profile("Rahima")


def test_a_row_without_numbers_takes_none_away(book: LocalBook, connection) -> None:
    (customer,) = insert(book, connection, seen(ONE, points=1, balance=taka(1)))
    book.write(
        lambda s: s.mirror.update(
            connection.id, [(seen(ONE), b"")], generation=2, seen_at=START, with_numbers=lambda _: True
        )
    )
    assert book.read(lambda s: s.khata.standing(customer)).balance == taka(1)


@pytest.mark.parametrize(
    ("kind", "state", "flags"),
    [
        (OperationKind.PAYMENT, OperationState.PENDING, (False, False, False)),
        (OperationKind.PAYMENT, OperationState.IN_FLIGHT, (True, False, False)),
        (OperationKind.PAYMENT, OperationState.UNKNOWN, (True, False, False)),
        (OperationKind.PAYMENT, OperationState.ACKED, (False, False, True)),
        (OperationKind.CUSTOMER_EDIT, OperationState.PENDING, (False, True, False)),
        (OperationKind.CUSTOMER_EDIT, OperationState.NEEDS_HUMAN, (False, True, False)),
        (OperationKind.CUSTOMER_EDIT, OperationState.CONFIRMED, (False, False, False)),
        (OperationKind.CUSTOMER_EDIT, OperationState.REJECTED, (False, False, False)),
    ],
)
def test_a_row_says_what_stands_in_the_way_of_taking_it(book: LocalBook, connection, kind, state, flags) -> None:
    (customer,) = insert(book, connection, seen(ONE))
    book.write(lambda s: record(s, customer, kind, state))
    book.write(lambda s: s.customers.bump_lane(customer))
    known = row(book, connection, ONE)
    assert (known.busy, known.edited, known.unproven) == flags
    assert known.lane_epoch == 1


def test_rows_may_wait_for_a_doubtful_create(book: LocalBook, connection) -> None:
    insert(book, connection, seen(ONE, "Salma", points=3), seen(TWO, "Mina"), adopted=False)
    assert [one.profile.name for one in book.read(lambda s: s.mirror.unadopted(connection.id))] == ["Salma", "Mina"]
    assert book.read(lambda s: s.customers.find("salma", 5)).hits == ()
    customer = book.write(lambda s: s.mirror.adopt(connection.id, ONE))
    assert book.write(lambda s: s.mirror.adopt(connection.id, ONE)) == customer
    assert book.read(lambda s: s.customers.find("salma", 5)).hits[0].customer.id == customer
    ours = a_customer("Mina of ours")
    book.write(lambda s: (s.customers.add(ours), s.mirror.link(connection.id, TWO, ours.id)))
    assert book.read(lambda s: s.mirror.unadopted(connection.id)) == []
    assert row(book, connection, TWO).customer_id == ours.id


def test_a_create_may_be_linked_before_its_row_is_seen(book: LocalBook, connection) -> None:
    ours = a_customer("Mina")
    book.write(lambda s: (s.customers.add(ours), s.mirror.link(connection.id, ONE, ours.id)))
    known = row(book, connection, ONE)
    assert (known.customer_id, known.digest, known.profile.name) == (ours.id, b"", "Mina")
    assert book.read(lambda s: s.khata.standing(ours.id)).server_balance is None


def test_what_is_fetched_one_by_one(book: LocalBook, connection, clock: SettableClock) -> None:
    fresh = {"points": 1, "balance": taka(1)}
    insert(book, connection, seen(ONE, **fresh), seen(TWO), seen(THREE, **fresh))
    due = lambda limit=5, **more: book.read(lambda s: s.mirror.due_for_refresh(connection.id, limit, **more))  # noqa: E731
    assert due() == [TWO]
    book.write(lambda s: s.mirror.mark_for_refresh(connection.id, [THREE]))
    assert (due(), due(1), due(marked_only=True)) == ([THREE, TWO], [THREE], [THREE])
    clock.advance(hours=25)
    assert due() == [THREE, TWO, ONE]
    book.write(lambda s: s.mirror.set_numbers(connection.id, THREE, points=2, balance=taka(2), as_of=clock.now()))
    assert due(marked_only=True) == []
    assert due() == [TWO, ONE]
    book.write(lambda s: s.mirror.set_status(connection.id, TWO, CustomerStatus.DELETED))
    assert due() == [ONE]


def test_what_no_list_carries_is_missing_until_it_is_read_alone_and_old_after_a_day(
    book: LocalBook, connection, clock: SettableClock
) -> None:
    def missing() -> int:
        return book.read(lambda s: s.operations.counts()).phones_missing

    def due() -> list[RemoteId]:
        return list(book.read(lambda s: s.mirror.due_for_refresh(connection.id, 5)))

    def tells(**capabilities: tuple[str, ...]) -> None:
        told = dataclasses.replace(connection, capabilities=Capabilities(**capabilities))
        book.write(lambda s: s.settings.save_connection(told))

    listed = [seen(one, untold=frozenset({"phone"})) for one in (ONE, TWO, THREE)]
    insert(book, connection, *listed)
    assert missing() == 0, "this server's lists carry phones, or will"
    tells(fields=("name", "phone"), listed=("name",))
    assert (missing(), due()) == (3, [ONE, TWO, THREE])
    alone = [(dataclasses.replace(one, untold=frozenset()), b"") for one in listed[:2]]
    book.write(
        lambda s: s.mirror.update(connection.id, alone, generation=1, seen_at=START, with_numbers=lambda _: True)
    )
    assert (missing(), due()) == (1, [THREE])
    book.write(lambda s: s.mirror.set_status(connection.id, THREE, CustomerStatus.DELETED))
    assert (missing(), due()) == (0, [])
    clock.advance(hours=25)
    assert (missing(), due()) == (0, [ONE, TWO])
    tells(fields=("name",), listed=("name",))
    assert (missing(), due()) == (0, [])


def test_a_mark_goes_with_the_numbers_and_not_without(book: LocalBook, connection) -> None:
    insert(book, connection, seen(ONE))
    book.write(lambda s: s.mirror.mark_for_refresh(connection.id, [ONE]))

    def update(record, numbers):
        book.write(
            lambda s: s.mirror.update(
                connection.id, [(record, b"")], generation=1, seen_at=START, with_numbers=lambda _: numbers
            )
        )
        return book.read(lambda s: s.mirror.due_for_refresh(connection.id, 5, marked_only=True))

    assert update(seen(ONE, points=1, balance=taka(1)), numbers=False) == [ONE]
    assert update(seen(ONE, points=1), numbers=True) == [ONE]
    assert update(seen(ONE, points=1, balance=taka(1)), numbers=True) == []


def test_a_khata_fetched_in_the_future_is_fetched_again(book: LocalBook, connection, clock: SettableClock) -> None:
    """Somebody set the clock back: by the old reckoning nobody's khata would be stale for a month."""
    insert(book, connection, seen(ONE, points=1, balance=taka(1)))
    clock.advance(days=-30)
    assert book.read(lambda s: s.mirror.due_for_refresh(connection.id, 5)) == [ONE]


def test_scans_find_suspects_and_delete_nobody(book: LocalBook, connection) -> None:
    insert(book, connection, seen(ONE), seen(TWO), seen(THREE))
    book.write(lambda s: s.mirror.mark_seen(connection.id, [ONE], 2))
    book.write(lambda s: s.mirror.merge_into(connection.id, THREE, ONE))
    assert book.read(lambda s: s.mirror.not_seen_since(connection.id, 2)) == [TWO]
    assert book.read(lambda s: s.mirror.live_count(connection.id)) == 2


def test_a_merged_row_no_longer_speaks_for_the_customer(book: LocalBook, connection) -> None:
    (one, _) = insert(book, connection, seen(ONE, balance=taka(5)), seen(TWO, balance=taka(7)))
    book.write(lambda s: (s.mirror.link(connection.id, TWO, one), s.mirror.merge_into(connection.id, ONE, TWO)))
    assert book.read(lambda s: s.mirror.remote_id(connection.id, one)) == TWO
    assert book.read(lambda s: s.khata.standing(one)).balance == taka(7)


def test_positions_are_kept(book: LocalBook, connection) -> None:
    book.write(lambda s: s.mirror.set_checkpoint(connection.id, "newest", "a"))
    book.write(lambda s: s.mirror.set_checkpoint(connection.id, "newest", "b"))
    assert book.read(lambda s: s.mirror.checkpoint(connection.id, "newest")) == "b"
    book.write(lambda s: s.mirror.set_checkpoint(connection.id, "newest", None))
    assert book.read(lambda s: s.mirror.checkpoint(connection.id, "newest")) is None
    run = ScanRun(3, 7, 40, 50, START, 1650)
    assert book.read(lambda s: (s.mirror.last_generation(connection.id), s.mirror.scan_run(connection.id))) == (0, None)
    book.write(lambda s: s.mirror.save_scan_run(connection.id, run))
    assert book.read(lambda s: s.mirror.scan_run(connection.id)) == run
    book.write(lambda s: s.mirror.save_scan_run(connection.id, None))
    assert book.read(lambda s: (s.mirror.last_generation(connection.id), s.mirror.scan_run(connection.id))) == (3, None)


def test_the_khata_of_a_server_is_replaced_whole(book: LocalBook, connection) -> None:
    insert(book, connection, seen(ONE))
    assert book.read(lambda s: s.mirror.entries(connection.id, ONE)) == []
    book.write(lambda s: s.mirror.replace_entries(connection.id, ONE, []))


def test_settings_and_connections(book: LocalBook, connection) -> None:
    other = dataclasses.replace(a_connection(), name="New head office")
    book.write(lambda s: s.settings.save_connection(other))
    assert book.read(lambda s: s.settings.connections()) == [other, dataclasses.replace(connection, primary=False)]
    paused = dataclasses.replace(other, paused=True, last_success_at=START)
    book.write(lambda s: s.settings.save_connection(paused))
    assert book.read(lambda s: s.settings.connections())[0] == paused
    shop = dataclasses.replace(book.read(lambda s: s.settings.shop()), credit_limit=taka(100), tills=3)
    book.write(lambda s: (s.settings.save_shop(shop), s.settings.set_value("x", "1"), s.settings.set_value("x", "2")))
    assert book.read(lambda s: (s.settings.shop(), s.settings.value("x"), s.settings.value("y"))) == (shop, "2", None)


def test_the_inbox_asks_once(book: LocalBook) -> None:
    customer = book.write(lambda s: with_customer(s, a_customer()))
    item = InboxItem(InboxId("i1"), "conflict", None, customer, {"name": "x"}, "no", {"n": 1}, START)
    book.write(lambda s: [s.inbox.open(dataclasses.replace(item, id=InboxId(f"i{number}"))) for number in (1, 2)])
    assert book.read(lambda s: s.inbox.items()) == [item]
    book.write(lambda s: s.inbox.resolve(item.id, "theirs", START))
    assert book.read(lambda s: (s.inbox.items(), s.inbox.get(item.id).resolution)) == ([], "theirs")
    book.write(lambda s: s.inbox.open(dataclasses.replace(item, id=InboxId("i3"))))
    assert [one.id for one in book.read(lambda s: s.inbox.items(open_only=False))] == ["i1", "i3"]
    book.write(lambda s: s.inbox.keep_value(customer, "phone", "017", source="theirs", reason="merge", at=START))
