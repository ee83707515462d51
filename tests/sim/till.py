"""One till: a real book on disk, the real services, the real engine; it may die at any step and is opened again."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa

from posapp.domain.customer import PROFILE_FIELDS, FieldChange
from posapp.domain.exposure import given_at_risk
from posapp.domain.ids import CustomerId, TillId
from posapp.domain.operation import OperationState
from posapp.domain.shop import Shop
from posapp.remote.credential import credential_from_bytes
from posapp.remote.http import HttpClient
from posapp.remote.registry import CONNECTORS
from posapp.services.connections import ConnectForm, connect
from posapp.services.dto import Connection, Customer, CycleReport, InboxItem, OperationView
from posapp.services.exposure import exposure
from posapp.services.ports.book import Session
from posapp.services.ports.customer_api import CustomerApi
from posapp.services.ports.remote import Capabilities
from posapp.services.till import Till, primary_connection
from posapp.services.verification import verify_book
from posapp.store.book import LocalBook, create_book, open_book
from posapp.store.exchange.people import People
from posapp.store.tables import CUSTOMER
from posapp.sync.backoff import Backoff
from posapp.sync.context import SyncSettings
from posapp.sync.engine import SyncEngine
from posapp.sync.scheduler import Scheduler
from posapp.sync.writes import changes_of, profile_of
from tests.sim.history import Look, Numbers, Own, Recorded, RiskLook, Shown, TillEnd
from tests.sim.network import Link
from tests.sim.server import STORE
from tests.sim.time import TillClock

T = TypeVar("T")

KEY = bytes(range(32))
URL = "http://127.0.0.1:8765"
_KEPT = OperationState.KEPT


class Killed(BaseException):
    """The till's process is gone, in the middle of whatever it did."""

    def __init__(self, till: SimTill) -> None:
        super().__init__(till.name)
        self.till = till


class MortalBook:
    """A book whose process may die before or after any transaction (implements the port `Book`)."""

    def __init__(self, book: LocalBook, step: Callable[[], None]) -> None:
        self._book = book
        self._step = step

    def write(self, act: Callable[[Session], T], *, urgent: bool = True) -> T:
        self._step()
        result = self._book.write(act, urgent=urgent)
        self._step()
        return result

    def read(self, query: Callable[[Session], T]) -> T:
        self._step()
        return self._book.read(query)


class _Secrets:
    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def get(self, name: str) -> bytes | None:
        return self.kept.get(name)

    def set(self, name: str, value: bytes) -> None:
        self.kept[name] = value

    def delete(self, name: str) -> None:
        self.kept.pop(name, None)


class SimTill:
    """A till of the shop.

    Attributes:
        next_cycle: Second of the world at which its loop begins the next cycle.
        lives: How often it was opened.
    """

    def __init__(
        self, name: str, api: str, folder: Path, clock: TillClock, *, interval: float, draw: random.Random
    ) -> None:
        self.name = name
        self.api = api
        self.clock = clock
        self.link: Link
        self.next_cycle = 0.0
        self.asleep = False
        self.lives = 0
        self.busy = False
        self._folder = folder
        self._draw = draw
        self._interval = interval
        self._steps_left: int | None = None
        self._failures = 0
        self._secrets = _Secrets()
        self._local: LocalBook
        self.till: Till
        self.engine: SyncEngine
        self._scheduler: Scheduler

    # Its life

    def begin(self, link: Link, token: str) -> None:
        """Make the book and connect it."""
        self.link = link
        shop = Shop("Bandra Provision", "IN", "INR", "Asia/Kolkata")
        path = self._home / "book.db"
        self._local = create_book(path, KEY, clock=self.clock, shop=shop, till_id=TillId(self.name))
        self._take_up()
        form = ConnectForm(self.api, URL, STORE, "main", token.encode(), "IN", "INR", "Asia/Kolkata")
        connect(self.till, self._secrets, form, open_api=lambda currency: self._api(token.encode(), currency, None))
        self._take_up()

    def step(self) -> None:
        """One step nearer to death, if that was drawn."""
        if self._steps_left is None:
            return
        self._steps_left -= 1
        if self._steps_left <= 0:
            self._steps_left = None
            raise Killed(self)

    def die_within(self, steps: int | None) -> None:
        """Let the process die after so many steps; None to let it live."""
        self._steps_left = steps

    def open_again(self) -> None:
        """Start anew on the files as the dead process left them."""
        self._steps_left = None
        before, local = self._home, self._local
        self.lives += 1
        self._home.mkdir(parents=True)
        for name in ("book.db", "book.db-wal"):
            if (before / name).exists():
                shutil.copyfile(before / name, self._home / name)
        local.close()
        shutil.rmtree(before)
        self._local = open_book(self._home / "book.db", KEY, clock=self.clock)
        self._take_up()

    def close(self) -> None:
        if self.lives >= 0:
            self._local.close()

    @property
    def _home(self) -> Path:
        return self._folder / f"{self.name}-{self.lives}"

    def _take_up(self) -> None:
        assert self._local.wait_for_index(30), "the search index is not filled"
        book = MortalBook(self._local, self.step)
        self.till = Till(book, self.clock, self.name)
        connection = self._local.read(primary_connection)
        if connection is not None:
            self._connect(connection)

    def _connect(self, connection: Connection) -> None:
        api = self._api(self._secrets.kept[connection.secret_name], "INR", connection.capabilities)
        settings = SyncSettings(lanes=1, backoff=Backoff(random=self._draw))
        self.connection = connection
        self.engine = SyncEngine(self.till.book, api, connection, self.clock, settings=settings)
        self._scheduler = Scheduler(
            self.engine, lambda report: None, interval=self._interval, backoff=Backoff(random=self._draw)
        )

    def _api(self, token: bytes, currency: str, known: Capabilities | None) -> CustomerApi:
        client = HttpClient(URL, credential_from_bytes(token), transport=self.link, now=self.clock.now)
        return CONNECTORS[self.api](client, currency, "main", known, store=STORE, secret=self.name.encode)

    # Its loop

    def cycle(self, now: Callable[[], float], *, full: bool = False) -> CycleReport:
        """Run one cycle and note when the next one is due."""
        report = self.engine.run_cycle(full=full)
        self._failures = self._failures + 1 if report.problem is not None else 0
        self.next_cycle = now() + self._scheduler.delay_after(report, self._failures)
        self._must_wait = bool(report.details.get("retry_after"))
        return report

    _must_wait = False

    def wake(self, now: float) -> None:
        """Begin the next cycle now, for work was recorded; not where the server asked for a pause."""
        if not self._must_wait:
            self.next_cycle = now

    # Looking at it, past any death

    def customers(self, *, live: bool = True) -> list[Customer]:
        """Return the customers in the order in which the book met them."""

        def read(session: Session) -> list[Customer]:
            sql: Any = session.customers
            query = sa.select(CUSTOMER.c.id).order_by(CUSTOMER.c.row)
            if live:
                query = query.where(CUSTOMER.c.status == "live")
            ids = sql._sql.execute(query).scalars().all()
            found = [session.customers.get(CustomerId(one)) for one in ids]
            return [one for one in found if one is not None]

        return self._local.read(read)

    def waiting(self) -> int:
        return self._local.read(lambda session: session.operations.counts()).waiting

    def inbox(self) -> list[InboxItem]:
        return list(self._local.read(lambda session: session.inbox.items()))

    def look(self, customer_id: CustomerId, moment: int) -> Look:
        """Return what the till shows of a customer now."""

        def read(session: Session) -> Look:
            standing = session.khata.standing(customer_id)
            views = session.operations.of_customer(customer_id, frozenset(OperationState))
            own: list[Own] = []
            kept: list[Own] = []
            for view in (*views, *_kept_of_others(session, customer_id)):
                entry = session.khata.entry_of(view.operation.id)
                points = session.khata.points_of(view.operation.id)
                sale = session.khata.sale(view.operation.id)
                if entry is None and not points:
                    continue
                stays = view.state is _KEPT or any(one.kept for one in (entry, sale) if one is not None)
                money = 0 if entry is None else entry.amount.minor * (1 if entry.direction.value == "credit" else -1)
                (kept if stays else own).append(Own(view.operation.id, view.state.value, money, points))
            balance, known_points = standing.server_balance, standing.server_points
            return Look(
                self.name,
                customer_id,
                session.mirror.remote_id(self.connection.id, customer_id),
                moment,
                None if balance is None else (balance + standing.unsent_balance).minor,
                None if known_points is None else known_points + standing.unsent_points,
                tuple(own),
                Numbers(standing.kept_balance.minor, standing.kept_points),
                tuple(kept),
            )

        return self._local.read(read)

    def risk(self, moment: int) -> RiskLook:
        """Return what the till says points can still cost, and every act that gave some at the shop's risk."""

        def read(session: Session) -> RiskLook:
            views = session.operations.in_states(frozenset(OperationState))
            given = [(view, given_at_risk(view.operation.intent, view.evidence)) for view in views]
            acts = tuple((view.operation.id, view.state.value, minor) for view, minor in given if minor is not None)
            return RiskLook(self.name, moment, exposure(session, self.clock.now()).total.minor, acts)

        return self._local.read(read)

    def end(self, moment: int) -> TillEnd:
        """Return the till as it stands at the end."""
        operations = self._local.read(_recorded)
        items = self._local.read(lambda session: session.inbox.items())
        verified = verify_book(Till(self._local, self.clock, self.name))
        return TillEnd(
            name=self.name,
            operations=operations,
            inbox=tuple((item.kind, item.operation_id, item.customer_id) for item in items),
            customers=tuple(self._shown(customer, moment) for customer in self.customers(live=False)),
            faults=tuple(fault.kind for fault in verified.faults),
            server=self.connection.capabilities,
        )

    def _shown(self, customer: Customer, moment: int) -> Shown:
        look = self.look(customer.id, moment)
        fields = {name: getattr(customer.profile, name) for name in PROFILE_FIELDS}
        return Shown(customer.id, look.remote, customer.status.value, fields, look.balance, look.points)


def _kept_of_others(session: Session, customer_id: CustomerId) -> list[OperationView]:
    """Return the kept acts of those who became one with a customer: their lines stand in the one khata as well."""
    people = People(session.peers._scope)  # type: ignore[attr-defined]
    views = session.operations.in_states(frozenset(OperationState))
    one_with = {view.operation.customer_id for view in views} - {customer_id}
    one_with = {who for who in one_with if people.here(who) == customer_id}
    theirs = [view for view in views if view.operation.customer_id in one_with]
    entries = {view.operation.id: session.khata.entry_of(view.operation.id) for view in theirs}
    return [
        view
        for view in theirs
        if view.state is _KEPT or ((entry := entries[view.operation.id]) is not None and entry.kept)
    ]


def _recorded(session: Session) -> tuple[Recorded, ...]:
    return tuple(
        Recorded(
            view.operation.id,
            view.operation.kind.value,
            view.state.value,
            view.operation.customer_id,
            dict(view.operation.intent),
            view.attempts,
            _typed(session.operations.person(view.operation.id)),
        )
        for view in session.operations.in_states(frozenset(OperationState))
    )


def _typed(person: Mapping[str, object]) -> Mapping[str, FieldChange]:
    """Return what an act did to the fields of a profile."""
    if "profile" in person:
        return {name: FieldChange(None, value) for name, value in asdict(profile_of(person)).items()}
    return changes_of(person) if "changes" in person else {}
