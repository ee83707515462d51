"""A fresh real book on disk for tests: cheap to make, closed by itself, with a clock that the test owns."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from posapp.domain.customer import Profile
from posapp.domain.ids import ConnectionId, CustomerId, new_uuid
from posapp.domain.shop import Shop
from posapp.services.dto import Connection, Customer, CustomerStatus
from posapp.services.ports.book import Session
from posapp.services.ports.remote import Capabilities
from posapp.store.book import LocalBook, create_book

KEY = bytes(range(32))
START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
SHOP = Shop(
    name="Mina Store",
    country="BD",
    currency="BDT",
    time_zone="Asia/Dhaka",
    earn_rate=Decimal(1),
    redemption_value=10,
)
ALL_CAPABILITIES = Capabilities(
    idempotency_keys=True,
    updated_since=True,
    tombstones=True,
    etags=True,
    points=True,
    redeem_unique=True,
    ledger=True,
    ledger_write=True,
    sales=True,
    reversals=True,
    settings=True,
    delete_meaning="anonymize",
)


class SettableClock:
    """A clock that moves only when a test moves it."""

    def __init__(self, start: datetime = START) -> None:
        self._now = start

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        self.advance(seconds=seconds)

    def advance(self, **parts: float) -> datetime:
        """Move the clock ahead (`seconds=…`, `hours=…`, `days=…`) and return the new time."""
        self._now += timedelta(**parts)
        return self._now


@contextmanager
def fresh_book(home: Path, clock: SettableClock | None = None, *, shop: Shop = SHOP) -> Iterator[LocalBook]:
    """Make a new book in a folder and close it at the end."""
    with create_book(home / "book.db", KEY, clock=clock or SettableClock(), shop=shop) as book:
        yield book


def a_customer(
    name: str = "Rahima Khatun", phone: str | None = "01711-234567", *, customer_id: str | None = None, **fields: object
) -> Customer:
    """Return a live customer who is not in any book yet."""
    profile = Profile(name=name, phone=phone, **fields)  # type: ignore[arg-type]
    return Customer(CustomerId(customer_id or new_uuid()), profile, CustomerStatus.LIVE, START)


def a_connection(capabilities: Capabilities = ALL_CAPABILITIES, *, primary: bool = True) -> Connection:
    """Return a connection to a server that can do everything unless told otherwise."""
    return Connection(
        id=ConnectionId(new_uuid()),
        name="Head office",
        api="pos",
        base_url="https://pos.example",
        store=None,
        primary=primary,
        capabilities=capabilities,
        created_at=START,
    )


def with_customer(session: Session, customer: Customer) -> CustomerId:
    """Add a customer and return her id."""
    session.customers.add(customer)
    return customer.id


@pytest.fixture
def clock() -> SettableClock:
    """A clock at 2026-03-01 09:00 UTC."""
    return SettableClock()


@pytest.fixture
def book(tmp_path: Path, clock: SettableClock) -> Iterator[LocalBook]:
    """A fresh book without a server."""
    with fresh_book(tmp_path / "home", clock) as made:
        yield made
