"""What a seeded store holds: the same every time, plausible, and someone of every kind."""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Row, func, select

from server_stub import tables
from server_stub.clock import DAY_MICROS, to_micros
from tests.server_stub.conftest import StartStub
from tests.support.stub import StubServer, as_json

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
SCRIPTS = {
    "latin": "[A-Za-z]",
    "devanagari": "[\u0900-\u097f]",
    "bengali": "[\u0980-\u09ff]",
    "arabic": "[\u0600-\u06ff]",
}


def rows(stub: StubServer, table: Any, store_id: int) -> Sequence[Row[Any]]:
    with stub.thread.app.state.runtime.database.read() as connection:
        found: Sequence[Row[Any]] = connection.execute(
            select(table).where(table.c.store_id == store_id).order_by(table.c.id)
        ).all()
        return found


@pytest.fixture
def fifty(start_stub: StartStub) -> StubServer:
    return start_stub(customers=50, clock=lambda: NOW)


def test_two_stores_are_always_there(start_stub: StartStub) -> None:
    stub = start_stub()
    for store in ("22", "7"):
        with stub.client(store) as client:
            assert as_json(client.get("/api/v1/customers")) == []


def segment(customer: Row[Any]) -> str:
    if customer.total_orders >= 10 or customer.total_spent >= 5_000_000:
        return "vip"
    if customer.total_orders >= 2 and customer.last_order_at < to_micros(NOW) - 90 * DAY_MICROS:
        return "at_risk"
    if customer.total_orders >= 5:
        return "loyal"
    return "returning" if customer.total_orders >= 2 else "new"


@pytest.mark.parametrize("store_id", [22, 7])
def test_fifty_customers_have_everyone(fifty: StubServer, store_id: int) -> None:
    everyone = rows(fifty, tables.customer, store_id)
    assert len(everyone) == 50
    assert sum(customer.standing == tables.GUEST for customer in everyone) == 5
    known = [customer for customer in everyone if customer.standing == tables.LIVE]
    assert set(Counter(map(segment, known))) == {"vip", "at_risk", "loyal", "returning", "new"}
    assert any(each.total_orders >= 10 and each.total_spent < 5_000_000 for each in known)
    assert any(each.total_orders < 10 and each.total_spent >= 5_000_000 for each in known)
    assert sum(customer.points >= 500 for customer in known) >= 10
    assert any(customer.phone is None for customer in known)
    assert any(customer.email is None for customer in known)
    assert any(customer.address_line for customer in known)
    assert any(customer.group_id for customer in known)
    assert any(customer.tags != "[]" for customer in known)
    for script, letters in SCRIPTS.items():
        assert any(re.search(letters, customer.name) for customer in everyone), script


@pytest.mark.parametrize("store_id", [22, 7])
def test_what_a_row_repeats_agrees_with_what_it_repeats(fifty: StubServer, store_id: int) -> None:
    sales = [sale for sale in rows(fifty, tables.sale, store_id) if sale.reversed_at is None]
    entries = rows(fifty, tables.ledger_entry, store_id)
    points = rows(fifty, tables.points_entry, store_id)
    for customer in rows(fifty, tables.customer, store_id):
        own = [sale for sale in sales if sale.customer_id == customer.id]
        assert customer.total_orders == len(own)
        assert customer.total_spent == sum(sale.total for sale in own)
        assert customer.first_order_at == min((sale.occurred_at for sale in own), default=None)
        assert customer.last_order_at == max((sale.occurred_at for sale in own), default=None)
        assert customer.points == sum(entry.points for entry in points if entry.customer_id == customer.id)
        balance = 0
        khata = [entry for entry in entries if entry.customer_id == customer.id]
        for entry in sorted(khata, key=lambda entry: (entry.created_at, entry.id)):
            balance += entry.amount if entry.type == "credit" else -entry.amount
            assert entry.balance_after == balance
        assert customer.ledger_balance == balance
        assert customer.created_at <= customer.updated_at <= to_micros(NOW)
        for sale in own:
            assert customer.created_at < sale.created_at < to_micros(NOW)
            assert sale.points_earned == (sale.total - sale.discount_amount) // 100
            assert sale.discount_amount == sale.points_redeemed * 10
    assert len({entry.created_at for entry in entries}) == len(entries)
    days = {entry.created_at // DAY_MICROS for entry in entries}
    assert len(days) >= 5
    receipts = [sale.receipt_number for sale in sales]
    assert len(set(receipts)) == len(receipts)


def everything(stub: StubServer) -> list[Any]:
    return [
        [tuple(row) for row in rows(stub, table, store_id)]
        for table in (tables.customer, tables.address, tables.sale, tables.ledger_entry, tables.points_entry)
        for store_id in (22, 7)
    ]


def test_the_same_seed_gives_the_same_rows_on_every_database(fifty: StubServer) -> None:
    with StubServer(customers=50, clock=lambda: NOW) as other:
        assert everything(other) == everything(fifty)
    later = NOW + timedelta(days=3)
    with StubServer(customers=50, clock=lambda: later) as other:
        there, here = rows(other, tables.customer, 22), rows(fifty, tables.customer, 22)
        assert [(row.uuid, row.name, row.phone) for row in there] == [(row.uuid, row.name, row.phone) for row in here]
    with StubServer(customers=50, random_seed=1, clock=lambda: NOW) as other:
        assert everything(other) != everything(fifty)


def test_a_filled_store_is_left_alone_and_counts_on(fifty: StubServer, start_stub: StartStub) -> None:
    again = start_stub(customers=80, clock=lambda: NOW)
    with again.client() as client:
        made = as_json(client.post("/api/v1/customers", json={"name": "After"}))
        as_json(client.delete(f"/api/v1/customers/{made['id']}"))
        last = as_json(client.post("/api/v1/customers", json={"name": "Last"}))
    ids = [row.id for row in rows(again, tables.customer, 22)]
    assert len(ids) == 51
    assert ids[-1] >= 402
    assert last["created_at"] > "2026-03-01"
    with again.thread.app.state.runtime.database.read() as connection:
        assert connection.execute(select(func.count()).select_from(tables.store)).scalar_one() == 2
