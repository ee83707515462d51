"""A counter for tests: a till over a real book, a customer, and a delivery that does as it is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from posapp.domain.customer import Profile
from posapp.domain.ids import CustomerId, InboxId, OperationId, RemoteId, new_uuid
from posapp.domain.money import Money
from posapp.domain.operation import OperationKind, OperationState
from posapp.services.customers import add_customer
from posapp.services.dto import Connection, CustomerStatus, InboxItem, OperationView, Standing
from posapp.services.khata import EntryForm, record_entry
from posapp.services.ports.book import Session
from posapp.services.ports.remote import Capabilities, RemoteCustomer
from posapp.services.redemptions import redeem
from posapp.services.reversals import reverse
from posapp.services.sales import SaleForm, SaleResult, record_sale
from posapp.services.till import Recorded, Till
from posapp.store.book import LocalBook
from tests.support.book import ALL_CAPABILITIES, SettableClock, a_connection, a_customer

S = OperationState
EXTENDED = ALL_CAPABILITIES
PLAIN = Capabilities(points=True, ledger=True, delete_meaning="anonymize")
REMOTE = RemoteId("r-1")


def taka(minor: int) -> Money:
    return Money(minor, "BDT")


def fresh() -> OperationId:
    return OperationId(new_uuid())


class Deliveries:
    """`Delivery` of the port: it accepts, refuses, loses the answer or reaches nobody, as `answers` says.

    As the engine does, it sends what stands before in the lane first, and settles a bill that stands on its points.
    """

    def __init__(self, book: LocalBook, clock: SettableClock) -> None:
        self.answers: list[str] = []
        self.sent: list[OperationId] = []
        self.before_answering: Callable[[OperationId], None] = lambda _: None
        self._book = book
        self._clock = clock

    def push_now(self, operation_id: OperationId, *, deadline_seconds: float) -> OperationView:
        assert 0 < deadline_seconds <= 5
        self.before_answering(operation_id)
        view = self._view(operation_id)
        customer_id = view.operation.customer_id
        while view.state in {S.PENDING, S.UNKNOWN}:
            head = self._book.read(lambda session: session.operations.head(customer_id))
            assert head is not None
            if self._stays_here(head):
                view = self._view(operation_id)
                continue
            answer = self.answers.pop(0) if self.answers else "accept"
            if answer == "unreachable":
                break
            self._settle(head, answer)
            view = self._view(operation_id)
            if answer == "lose":
                break
        return view

    def refresh_customer(self, customer_id: CustomerId, *, deadline_seconds: float) -> bool:
        return False

    def _stays_here(self, view: OperationView) -> bool:
        """A bill of which the points alone went out is never sent: it stands or falls with them."""
        told = view.operation.intent.get("redeem_operation")
        if told is None:
            return False
        points = self._view(OperationId(str(told))).state
        if points is S.NEEDS_HUMAN:
            move(self._book, view.operation.id, S.IN_FLIGHT, S.NEEDS_HUMAN)
        else:
            move(self._book, view.operation.id, S.CANCELLED if points in {S.REJECTED, S.CANCELLED} else S.KEPT)
        return True

    def _settle(self, view: OperationView, answer: str) -> None:
        ends = {"accept": S.CONFIRMED, "refuse": S.REJECTED, "lose": S.UNKNOWN, "ask": S.NEEDS_HUMAN}
        self.sent.append(view.operation.id)
        move(self._book, view.operation.id, S.IN_FLIGHT, ends[answer])
        if answer in {"refuse", "ask"}:
            item = InboxItem(
                InboxId(new_uuid()), answer, view.operation.id, None, {}, "", {}, opened_at=self._clock.now()
            )
            self._book.write(lambda session: session.inbox.open(item))

    def _view(self, operation_id: OperationId) -> OperationView:
        view = self._book.read(lambda session: session.operations.get(operation_id))
        assert view is not None
        return view


class TickingClock(SettableClock):
    """A clock that is never asked twice at the same moment, as a till's is not."""

    def now(self) -> datetime:
        return self.advance(microseconds=7)


def move(book: LocalBook, operation_id: str, *states: OperationState) -> None:
    """Move an act along as the engine would."""
    for state in states:
        book.write(lambda session, state=state: session.operations.set_state(OperationId(operation_id), state))


class Counter:
    """A till and its book; `connect` gives it a server."""

    def __init__(self, book: LocalBook, clock: SettableClock) -> None:
        self.book = book
        self.clock = clock
        self.till = Till(book, clock, "Mina")
        self.deliveries = Deliveries(book, clock)
        self.connection: Connection | None = None

    def connect(self, capabilities: Capabilities = EXTENDED) -> Connection:
        """Save a connection, or give the one there is other abilities."""
        known = self.connection or a_connection(capabilities)
        self.connection = replace(known, capabilities=capabilities)
        self.book.write(lambda session: session.settings.save_connection(self.connection))
        return self.connection

    def pause(self) -> None:
        """The server wants a sign-in."""
        assert self.connection is not None
        paused = replace(self.connection, paused=True)
        self.book.write(lambda session: session.settings.save_connection(paused))

    def shop(self, **changes: Any) -> None:
        self.book.write(lambda session: session.settings.save_shop(replace(session.settings.shop(), **changes)))

    def customer(self, name: str = "Rahima Khatun", **fields: Any) -> CustomerId:
        """Add a customer at the till."""
        profile = Profile(name, fields.pop("phone", None))
        return add_customer(self.till, operation_id=fresh(), profile=profile, **fields).recorded.customer.id

    def on_server(
        self,
        *,
        balance: int | None = 0,
        points: int | None = 0,
        remote_id: str = REMOTE,
        name: str = "Rahima Khatun",
        **more: Any,
    ) -> CustomerId:
        """Bring a customer in as a pull does."""
        assert self.connection is not None
        connection, customer = self.connection, a_customer(name, phone=None)
        money = None if balance is None else taka(balance)
        record = RemoteCustomer(RemoteId(remote_id), customer.profile, points=points, balance=money, **more)
        self.book.write(
            lambda session: session.mirror.insert(
                connection.id, [(record, customer.id, b"d")], generation=1, seen_at=self.clock.now()
            )
        )
        return customer.id

    def server_says(self, *, balance: int | None = None, points: int | None = None, remote_id: str = REMOTE) -> None:
        assert self.connection is not None
        connection, money = self.connection, None if balance is None else taka(balance)
        self.book.write(
            lambda session: session.mirror.set_numbers(
                connection.id, RemoteId(remote_id), points=points, balance=money, as_of=self.clock.now()
            )
        )

    def enter(self, customer_id: CustomerId, kind: str, amount: int, **fields: Any) -> Recorded:
        operation_id = fields.pop("operation_id", None) or fresh()
        form = EntryForm(operation_id, customer_id, OperationKind(kind), taka(amount), **fields)
        return record_entry(self.till, form)

    def sell(self, customer_id: CustomerId, total: int, **fields: Any) -> SaleResult:
        """Sell over the delivery; `offline=True` without one."""
        delivery = None if fields.pop("offline", False) else self.deliveries
        operation_id = fields.pop("operation_id", None) or fresh()
        on_account = taka(fields.pop("on_account", 0))
        form = SaleForm(operation_id, customer_id, taka(total), on_account, **fields)
        return record_sale(self.till, delivery, form)

    def reverse(self, entry_or_operation: str, **fields: Any) -> Recorded:
        operation_id = fields.pop("operation_id", None) or fresh()
        reason = fields.pop("reason", "a slip")
        return reverse(self.till, operation_id=operation_id, entry_or_operation=entry_or_operation, reason=reason)

    def redeem(self, customer_id: CustomerId, points: int, **fields: Any) -> Recorded:
        delivery = None if fields.pop("offline", False) else self.deliveries
        operation_id = fields.pop("operation_id", None) or fresh()
        return redeem(
            self.till,
            delivery,
            operation_id=operation_id,
            customer_id=customer_id,
            points=points,
            sale_id=fields.pop("sale_id", None),
            **fields,
        )

    def standing(self, customer_id: CustomerId) -> Standing:
        return self.book.read(lambda session: session.khata.standing(customer_id))

    def balance(self, customer_id: CustomerId) -> int | None:
        balance = self.standing(customer_id).balance
        return None if balance is None else balance.minor

    def points(self, customer_id: CustomerId) -> int | None:
        return self.standing(customer_id).points

    def state(self, operation_id: str) -> OperationState:
        view = self.book.read(lambda session: session.operations.get(OperationId(operation_id)))
        assert view is not None
        return view.state

    def move(self, operation_id: str, *states: OperationState) -> None:
        move(self.book, operation_id, *states)

    def operations(self) -> list[OperationView]:
        return list(self.book.read(lambda session: session.operations.in_states(OperationState)))

    def inbox(self) -> list[str]:
        return [item.kind for item in self.book.read(lambda session: session.inbox.items())]

    def gone(self, customer_id: CustomerId, status: CustomerStatus = CustomerStatus.DELETED) -> None:
        self.book.write(lambda session: session.customers.set_status(customer_id, status))


@pytest.fixture
def counter(book: LocalBook, clock: SettableClock) -> Counter:
    """A till in a shop of taka with one point a hundred and ten poisha a point."""

    def fill(session: Session) -> None:
        shop = session.settings.shop()
        session.settings.save_shop(replace(shop, earn_rate=Decimal(1), redemption_value=10))

    book.write(fill)
    return Counter(book, clock)
