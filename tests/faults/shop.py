"""A shop for the fault matrix: a till with its real book and services, a wire that goes wrong, a real server."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from posapp.domain.customer import FieldValue, Profile
from posapp.domain.errors import DomainError, RemoteError
from posapp.domain.ids import CustomerId, OperationId, RemoteId, new_uuid
from posapp.domain.money import Money
from posapp.domain.operation import OperationKind, OperationState
from posapp.remote.registry import CONNECTORS
from posapp.services.customers import add_customer, delete_customer, edit_customer
from posapp.services.dto import CustomerStatus, Standing
from posapp.services.khata import EntryForm, record_entry
from posapp.services.redemptions import redeem
from posapp.services.reversals import reverse
from posapp.services.sales import SaleForm, record_sale
from posapp.services.till import Till
from posapp.services.verification import verify_book
from posapp.sync.context import InFlight
from tests.faults.wire import Wire
from tests.support.side_by_side import unequal_fields
from tests.support.stub import StubServer
from tests.sync.stub_desk import STORE, StubDesk

S = OperationState
K = OperationKind
SEEDED = 50
RESTS = 200.0
"""Seconds between two cycles while all is well again: more than any quarantine, and some backoffs."""


class Shop(StubDesk):
    """A till at a server, over a wire; acts go through the services, as a person's do."""

    def __init__(self, stub: StubServer, wire: Wire, folder: Path, **settings: Any) -> None:
        self.wire = wire
        super().__init__(stub, folder, **settings)
        self.in_flight = InFlight()
        self.engine = self.new_engine(self.in_flight)
        self.till = Till(self.book, self.clock, "asha")
        self.cycle()

    @property
    def url(self) -> str:
        """Where the till finds its server: at the wire's other end."""
        return self.wire.url

    @property
    def extended(self) -> bool:
        """Whether the server offers more than its document."""
        return bool(self.api.capabilities.ledger_write)

    def regular(self, points: int = 0) -> CustomerId:
        """Return a customer whom the server knows, with at least so many points there."""
        rows = self.office.get("/api/v1/customers?limit=250&sort=loyalty_points&order=DESC").json()
        row = next(one for one in rows if one["loyalty_points"] >= points and one["phone"])
        return self.ours(RemoteId(row["id"]))

    def newcomer(self) -> CustomerId:
        """Return a customer whom the server knows, without any history."""
        own = new_uuid()[-6:]
        remote_id = self.put_customer(f"New {own}", phone="+919820012345", email=f"{own}@example.com")
        self.cycle(full=True)
        return self.ours(remote_id)

    # Acts, each recorded as saved

    def payment(self, customer_id: CustomerId, minor: int = 4_000) -> OperationId:
        return self._khata(customer_id, K.PAYMENT, minor)

    def charged(self, customer_id: CustomerId, minor: int = 2_500) -> OperationId:
        return self._khata(customer_id, K.CHARGE, minor)

    def sale(self, customer_id: CustomerId, minor: int = 90_000, on_account: int = 30_000) -> OperationId:
        operation_id = OperationId(new_uuid())
        amounts = Money(minor, "INR"), Money(on_account, "INR")
        form = SaleForm(operation_id, customer_id, *amounts, confirmed=True, approved_by="manager")
        record_sale(self.till, None, form)
        return operation_id

    def redeemed(self, customer_id: CustomerId, points: int = 20) -> OperationId:
        """Take points off online, as a cashier does; what she is told is not this matter's."""
        operation_id = OperationId(new_uuid())
        with suppress(RemoteError, DomainError):
            redeem(
                self.till,
                self.engine,
                operation_id=operation_id,
                customer_id=customer_id,
                points=points,
                sale_id=None,
            )
        return operation_id

    def created(self) -> OperationId:
        operation_id = OperationId(new_uuid())
        own = operation_id[-6:]
        profile = Profile(
            name=f"Asha {own}",
            phone="+919820022222",
            email=f"{own}@example.com",
            address="Lane 4",
            tags=("till",),
        )
        add_customer(self.till, operation_id=operation_id, profile=profile)
        return operation_id

    def edited(self, customer_id: CustomerId) -> OperationId:
        operation_id = OperationId(new_uuid())
        return self._edited(customer_id, operation_id, address=f"Lane {operation_id[-6:]}", tags=("late", "till"))

    def renamed(self, customer_id: CustomerId) -> OperationId:
        """Change what every server keeps."""
        operation_id = OperationId(new_uuid())
        fields = {"name": f"Renamed {operation_id[-6:]}", "phone": "+919820033333"}
        return self._edited(customer_id, operation_id, **fields)

    def tagged(self, customer_id: CustomerId) -> OperationId:
        return self._edited(customer_id, OperationId(new_uuid()), tags=("late", "till"))

    def changed(self, customer_id: CustomerId) -> OperationId:
        """Change all there is; where fields are set apart, that is more than one request."""
        operation_id = OperationId(new_uuid())
        fields = {"name": f"Changed {operation_id[-6:]}", "notes": "Pays late", "address": "Lane 5"}
        return self._edited(customer_id, operation_id, tags=("late",), **fields)

    def _edited(self, customer_id: CustomerId, operation_id: OperationId, **fields: FieldValue) -> OperationId:
        edit_customer(self.till, operation_id=operation_id, customer_id=customer_id, fields=fields)
        return operation_id

    def deleted(self, customer_id: CustomerId) -> OperationId:
        operation_id = OperationId(new_uuid())
        delete_customer(self.till, operation_id=operation_id, customer_id=customer_id, confirmed=True)
        return operation_id

    def undone(self, operation_id: OperationId) -> OperationId:
        reversal_id = OperationId(new_uuid())
        reverse(self.till, operation_id=reversal_id, entry_or_operation=operation_id, reason="typed wrongly")
        return reversal_id

    def _khata(self, customer_id: CustomerId, kind: OperationKind, minor: int) -> OperationId:
        operation_id = OperationId(new_uuid())
        form = EntryForm(operation_id, customer_id, kind, Money(minor, "INR"), confirmed=True, approved_by="manager")
        record_entry(self.till, form)
        return operation_id

    def rest_doubtful(self, seconds: float) -> None:
        """Set how long a doubtful write rests."""
        rests = replace(self.book.read(lambda session: session.settings.shop()), quarantine_seconds=seconds)
        self.book.write(lambda session: session.settings.save_shop(rests))

    # What must hold

    def heal(self, cycles: int = 14) -> None:
        """Let everything pass, and run cycles with pauses until nothing waits."""
        self.wire.clear()
        self.stub.clear_faults()
        for _ in range(cycles):
            self.clock.pass_time(RESTS)
            report = self.engine.run_cycle()
            if not report.waiting and report.problem is None:
                return

    def holds(self, *operation_ids: OperationId) -> None:
        """Heal; then each act has exactly one effect, or is before a person with at most one, and nothing waits."""
        self.heal()
        assert self.waiting() == 0
        self.nothing_doubled()
        asked = {item.operation_id for item in self.book.read(lambda session: session.inbox.items())}
        for operation_id in operation_ids:
            effects = self.effects_of(operation_id)
            state = self.state(operation_id)
            if state in {S.CONFIRMED, S.ACKED}:
                assert effects
            elif state is not S.CANCELLED:
                assert operation_id in asked, state
        assert verify_book(self.till).faults == ()

    def nothing_doubled(self) -> None:
        """No act had an effect twice."""
        effects = Counter((effect["op"], effect["entity"]) for effect in self.stub.effects() if effect["op"])
        assert [one for one, times in effects.items() if times > 1] == []

    def same_people(self) -> None:
        """Till and server know the same customers, alike in every field that the server keeps."""
        assert self.cycle(full=True).problem is None
        rows = {self.shown(row.uuid): row for row in self.stub.live_rows(int(STORE))}
        here = {self.remote(one.id): one for one in self.customers() if one.status is CustomerStatus.LIVE}
        assert here.keys() == rows.keys()
        unequal = {one: [*unequal_fields(here[one].profile, row, self.api.capabilities)] for one, row in rows.items()}
        assert not any(unequal.values()), unequal

    def agrees(self, customer_id: CustomerId) -> None:
        """The till shows a customer as the server has it, points and balance too where it keeps them, and knows it."""
        if self.api_name != "pos":
            self.same_people()
            return
        remote_id = self.remote(customer_id)
        assert remote_id is not None
        there, here = self.seen(remote_id), self.standing(customer_id)
        assert here.balance is not None
        assert (here.points, here.balance.minor) == (there["loyalty_points"], there["ledger_balance"])
        assert (here.unsent_points, here.unsent_balance.minor) == (0, 0)

    def standing(self, customer_id: CustomerId) -> Standing:
        """Return a customer's numbers as the till shows them."""
        return self.book.read(lambda session: session.khata.standing(customer_id))


@contextmanager
def a_shop(
    folder: Path, *, plain: bool = False, seeded: int = SEEDED, api_name: str = "pos", **settings: Any
) -> Iterator[Shop]:
    """Open a shop whose first sync is done."""
    with StubServer(plain=plain, customers=seeded) as stub, Wire(f"{stub.root_url}/{api_name}") as wire:
        shop = Shop(stub, wire, folder, api_name=api_name, **settings)
        try:
            yield shop
        finally:
            shop.close()


@pytest.fixture(params=["extended", "plain"])
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shop]:
    """A shop at both kinds of server."""
    with a_shop(tmp_path, plain=request.param == "plain") as one:
        yield one


@pytest.fixture
def extended_shop(tmp_path: Path) -> Iterator[Shop]:
    """A shop at a server that offers everything."""
    with a_shop(tmp_path) as one:
        yield one


Write = Callable[[Shop], tuple[CustomerId, Callable[[], OperationId]]]
"""Prepares a write: whose figures are looked at afterwards, and what records it."""


def _for(points: int, act: Callable[[Shop, CustomerId], OperationId]) -> Write:
    def prepared(shop: Shop) -> tuple[CustomerId, Callable[[], OperationId]]:
        customer_id = shop.regular(points)
        return customer_id, lambda: act(shop, customer_id)

    return prepared


def _undoing(points: int, act: Callable[[Shop, CustomerId], OperationId]) -> Write:
    def prepared(shop: Shop) -> tuple[CustomerId, Callable[[], OperationId]]:
        customer_id = shop.regular(points)
        done = act(shop, customer_id)
        shop.heal()
        return customer_id, lambda: shop.undone(done)

    return prepared


def _newcomer_deleted(shop: Shop) -> tuple[CustomerId, Callable[[], OperationId]]:
    customer_id = shop.newcomer()
    return shop.regular(), lambda: shop.deleted(customer_id)


def _created(shop: Shop) -> tuple[CustomerId, Callable[[], OperationId]]:
    return shop.regular(), shop.created


PLAIN_WRITES: dict[str, Write] = {
    "create": _created,
    "edit": _for(0, Shop.edited),
    "delete": _newcomer_deleted,
    "redeem": _for(100, Shop.redeemed),
}
"""Writes that every server of this API takes."""

WRITES: dict[str, Write] = {
    **PLAIN_WRITES,
    "payment": _for(0, Shop.payment),
    "charge": _for(0, Shop.charged),
    "sale": _for(0, Shop.sale),
    "payment undone": _undoing(0, Shop.payment),
    "sale undone": _undoing(0, Shop.sale),
    "redemption undone": _undoing(100, Shop.redeemed),
}
"""Every write that the till makes."""

EVERY_WRITE = [("extended", name) for name in WRITES] + [("plain", name) for name in PLAIN_WRITES]
"""What a server of the `pos` API offers, with each write."""


def _newcomer_and(act: Callable[[Shop, CustomerId], OperationId]) -> Write:
    def prepared(shop: Shop) -> tuple[CustomerId, Callable[[], OperationId]]:
        customer_id = shop.newcomer()
        return customer_id, lambda: act(shop, customer_id)

    return prepared


def _another_created(shop: Shop) -> tuple[CustomerId, Callable[[], OperationId]]:
    return shop.newcomer(), shop.created


OTHER_WRITES: dict[str, Write] = {
    "create": _another_created,
    "edit": _newcomer_and(Shop.renamed),
    "delete": _newcomer_and(Shop.deleted),
    "edit of tags": _newcomer_and(Shop.tagged),
    "edit of all": _newcomer_and(Shop.changed),
}
"""Writes that the till makes at the other APIs; tags only where the server keeps them."""

OTHER_APIS = tuple(name for name in CONNECTORS if name != "pos")
EVERY_SERVER = [f"{api_name} {offers}" for api_name in OTHER_APIS for offers in ("extended", "plain")]
"""Every other API, extended and plain."""

_WITHOUT_TAGS = {"selorax", "portal"}
EVERY_OTHER_WRITE = [
    (server, name)
    for server in EVERY_SERVER
    for name in OTHER_WRITES
    if name != "edit of tags" or server.split()[0] not in _WITHOUT_TAGS
]
AT_EVERY_SERVER = EVERY_WRITE + EVERY_OTHER_WRITE


@contextmanager
def at(folder: Path, server: str, *, people: int = 0, **settings: Any) -> Iterator[Shop]:
    """Open a shop at one of `EVERY_SERVER`, with so many customers known."""
    api_name, offers = server.split()
    with a_shop(folder, plain=offers == "plain", seeded=0, api_name=api_name, **settings) as shop:
        for number in range(people):
            shop.put_customer(f"Person {number}", phone=f"+9198200{number:05}", email=f"{number}@example.com")
        if people:
            shop.cycle(full=True)
        yield shop


@contextmanager
def about_to_write(
    folder: Path, server: str, name: str
) -> Iterator[tuple[Shop, CustomerId, Callable[[], OperationId]]]:
    """Open a shop in which a write is prepared and everything before it is settled.

    Args:
        folder: For the book.
        server: What `pos` offers, `extended` or `plain`; or one of `EVERY_SERVER`.
        name: Of the write.
    """
    other = " " in server
    with at(folder, server) if other else a_shop(folder, plain=server == "plain") as shop:
        customer_id, act = (OTHER_WRITES if other else WRITES)[name](shop)
        shop.heal()
        yield shop, customer_id, act
