"""A till for tests: a book, a server, an engine and the acts of a person, over the ports alone."""

import random
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from posapp.domain.customer import FieldValue, Profile, changes_between, with_fields
from posapp.domain.ids import ConnectionId, CustomerId, EntryId, OperationId, RemoteId, new_uuid
from posapp.domain.ledger import Direction, EntryKind, LedgerEntry
from posapp.domain.money import Money
from posapp.domain.operation import Draft, OperationKind, OperationState
from posapp.domain.shop import Shop
from posapp.services.dto import Connection, Customer, CustomerStatus, CycleReport, LedgerDetails, OperationView
from posapp.services.ports.remote import Capabilities, RemoteEntry
from posapp.sync.backoff import Backoff
from posapp.sync.context import InFlight, SyncSettings
from posapp.sync.engine import SyncEngine
from tests.sync.encrypted_book import customers_of, kept_values
from tests.sync.fake_clock import FakeClock
from tests.sync.fake_server import EXTENDED, PLAIN, FakeServer
from tests.sync.memory_book import MemoryBook

SHOP = Shop("Bandra Provision", "IN", "INR", "Asia/Kolkata", quarantine_seconds=2.0)
QUARANTINE = 2.5
LONG = 3600.0


def quick_settings(**changes: Any) -> SyncSettings:
    values: dict[str, Any] = {"lanes": 1, "backoff": Backoff(random=random.Random(7)), "lookback_seconds": 0.0}
    return SyncSettings(**{**values, **changes})


def connection_of(clock: Any, capabilities: Capabilities) -> Connection:
    return Connection(ConnectionId("main"), "main", "pos", "http://shop", "7", True, capabilities, clock.now())


class Desk:
    make_book: Callable[[Shop, Connection, FakeClock], Any] | None = None

    def __init__(
        self, capabilities: Capabilities = EXTENDED, *, page_size: int = 100, book: Any = None, **settings: Any
    ) -> None:
        self.clock = FakeClock()
        self.server = FakeServer(self.clock, capabilities, page_size)
        self.connection = connection_of(self.clock, capabilities)
        if book is None and Desk.make_book is not None:
            self.book: Any = Desk.make_book(SHOP, self.connection, self.clock)
        else:
            self.book = MemoryBook(SHOP, self.connection)
        self.settings = quick_settings(**settings)
        self.in_flight = InFlight()
        self.engine = self.new_engine(self.in_flight)

    def new_engine(self, in_flight: InFlight | None = None) -> SyncEngine:
        """As after a restart, when nothing but the book is remembered; or beside another, after signing in anew."""
        return SyncEngine(
            self.book, self.server, self.connection, self.clock, settings=self.settings, in_flight=in_flight
        )

    def cycle(self, *, full: bool = False) -> CycleReport:
        self.clock.pass_time(1)
        return self.engine.run_cycle(full=full)

    def cycles(self, count: int, seconds: float = LONG) -> CycleReport:
        """Run cycles with long pauses: every backoff and quarantine is over in between."""
        for _ in range(count):
            self.clock.pass_time(seconds)
            report = self.engine.run_cycle()
        return report

    # Acts

    def add(self, name: str, phone: str | None = None, **fields: Any) -> tuple[CustomerId, OperationId]:
        profile = Profile(name=name, phone=phone, **fields)
        customer_id = CustomerId(new_uuid())
        customer = Customer(customer_id, profile, CustomerStatus.LIVE, self.clock.now())
        self.book.write(lambda session: session.customers.add(customer))
        person = {"profile": {**asdict(profile), "tags": list(profile.tags)}}
        return customer_id, self.record(OperationKind.CUSTOMER_CREATE, customer_id, {}, person)

    def edit(self, customer_id: CustomerId, **fields: FieldValue) -> OperationId:
        seen = self.customer(customer_id).profile
        wanted = with_fields(seen, fields)
        changes = {name: asdict(change) for name, change in changes_between(seen, wanted).items()}
        self.book.write(lambda session: session.customers.set_profile(customer_id, wanted))
        intent = {"fields": sorted(changes)}
        return self.record(OperationKind.CUSTOMER_EDIT, customer_id, intent, {"changes": changes})

    def delete(self, customer_id: CustomerId) -> OperationId:
        self.book.write(lambda session: session.customers.set_status(customer_id, CustomerStatus.DELETED))
        return self.record(OperationKind.CUSTOMER_DELETE, customer_id, {})

    def pay(self, customer_id: CustomerId, amount: int) -> OperationId:
        return self._entry(OperationKind.PAYMENT, customer_id, amount, Direction.CREDIT)

    def charge(self, customer_id: CustomerId, amount: int) -> OperationId:
        return self._entry(OperationKind.CHARGE, customer_id, amount, Direction.DEBIT)

    def redeem(self, customer_id: CustomerId, points: int) -> OperationId:
        intent = {"points": points, "sale_id": new_uuid()}
        return self.record(OperationKind.REDEEM, customer_id, intent)

    def sell(self, customer_id: CustomerId, total: int, on_account: int = 0) -> OperationId:
        intent = {"total": total, "discount": 0, "on_account": on_account, "points_redeemed": 0, "receipt_number": None}
        return self.record(OperationKind.SALE, customer_id, intent)

    def reverse(self, operation_id: OperationId, **intent: object) -> OperationId:
        undone = self.view(operation_id).operation
        kind = {"of_kind": undone.kind.value, "reason": "mistake"}
        return self.record(OperationKind.REVERSAL, undone.customer_id, {**kind, **intent}, reverses=operation_id)

    def record(  # noqa: PLR0917
        self,
        kind: OperationKind,
        customer_id: CustomerId,
        intent: Mapping[str, object],
        person: Mapping[str, object] | None = None,
        reverses: OperationId | None = None,
        state: OperationState = OperationState.PENDING,
        write: Callable[[Any, OperationId], None] = lambda _session, _id: None,
    ) -> OperationId:
        draft = Draft(
            id=OperationId(new_uuid()),
            kind=kind,
            customer_id=customer_id,
            intent=intent,
            actor="asha",
            occurred_at=self.clock.now(),
            reverses=reverses,
            person=person or {},
        )
        now = self.clock.now()

        def act(session: Any) -> None:
            session.operations.record(draft, state=state, recorded_at=now)
            write(session, draft.id)

        self.book.write(act)
        return draft.id

    def keep_charge(self, customer_id: CustomerId, amount: int) -> OperationId:
        """A charge that only this till's book holds."""
        return self._entry(OperationKind.CHARGE, customer_id, amount, Direction.DEBIT, kept=True)

    def _entry(
        self, kind: OperationKind, customer_id: CustomerId, amount: int, direction: Direction, *, kept: bool = False
    ) -> OperationId:
        entry_id = EntryId(new_uuid())
        intent = {"amount": amount, "direction": direction.value, "description": "", "entry_id": entry_id}
        state = OperationState.KEPT if kept else OperationState.PENDING

        def write(session: Any, operation_id: OperationId) -> None:
            money, now = Money(amount, SHOP.currency), self.clock.now()
            line = (entry_id, customer_id, operation_id, EntryKind(kind.value), direction, money, now)
            session.khata.add_entry(LedgerEntry(*line, kept=kept), LedgerDetails())

        return self.record(kind, customer_id, intent, state=state, write=write)

    # What the book says

    def state(self, operation_id: OperationId) -> OperationState:
        return self.view(operation_id).state

    def view(self, operation_id: OperationId) -> OperationView:
        view = self.book.read(lambda session: session.operations.get(operation_id))
        assert view is not None
        return view

    def customer(self, customer_id: CustomerId) -> Customer:
        customer = self.book.read(lambda session: session.customers.get(customer_id))
        assert customer is not None
        return customer

    def ours(self, remote_id: RemoteId) -> CustomerId:
        row = self.book.read(lambda session: session.mirror.rows(self.connection.id, [remote_id]))[remote_id]
        assert row.customer_id is not None
        return row.customer_id

    def knows(self, remote_id: RemoteId) -> bool:
        rows = self.book.read(lambda session: session.mirror.rows(self.connection.id, [remote_id]))
        return remote_id in rows and rows[remote_id].status is CustomerStatus.LIVE

    def remote(self, customer_id: CustomerId) -> RemoteId | None:
        return self.book.read(lambda session: session.mirror.remote_id(self.connection.id, customer_id))

    def inbox(self) -> list[str]:
        return [item.kind for item in self.book.read(lambda session: session.inbox.items())]

    def numbers(self, remote_id: RemoteId) -> tuple[int | None, int | None]:
        """Points and balance as the server last said them."""
        if isinstance(self.book, MemoryBook):
            row = self.book.state.rows[remote_id]
            return row.points, row.balance
        standing = self.book.read(lambda session: session.khata.standing(self.ours(remote_id)))
        return standing.server_points, standing.server_balance.minor if standing.server_balance is not None else None

    def customers(self) -> list[Customer]:
        if isinstance(self.book, MemoryBook):
            return list(self.book.state.customers.values())
        return customers_of(self.book)

    def kept(self, customer_id: CustomerId) -> list[tuple[str, object, str]]:
        """The values that lost a merge: field, value, source."""
        if isinstance(self.book, MemoryBook):
            return [(field, value, source) for one, field, value, source in self.book.state.kept if one == customer_id]
        return kept_values(self.book, customer_id)

    def entries(self, remote_id: RemoteId) -> list[RemoteEntry]:
        return list(self.book.read(lambda session: session.mirror.entries(self.connection.id, remote_id)))

    def waiting(self) -> int:
        return self.book.read(lambda session: session.operations.counts()).waiting


def extended(**settings: Any) -> Desk:
    return Desk(EXTENDED, **settings)


def plain(**settings: Any) -> Desk:
    return Desk(PLAIN, **settings)


def with_customer(desk: Desk, **fields: Any) -> tuple[RemoteId, CustomerId]:
    remote_id = desk.server.add("Asha", "01711", **fields)
    desk.cycle()
    return remote_id, desk.ours(remote_id)
