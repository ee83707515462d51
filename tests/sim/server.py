"""The stub in this process and this thread: every request is awaited to its end before anything else happens.

The tills speak the API that was drawn; the office works through `pos` with every extension, over the same store, and
merges through `modules`, which alone can. In the history a customer has the id that the tills' API shows.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa

from server_stub import tables
from server_stub.app import close_app, create_app
from server_stub.clock import to_micros
from server_stub.credentials import all_credentials
from server_stub.settings import EXTENSIONS, Settings
from server_stub.store.writing import INTEGER_IDS
from tests.sim.history import Effect, Entry, History, Kept, Numbers, ServerEnd
from tests.sim.time import WorldClock

STORE = "7"
_SEED = 42
_READS = frozenset({"/api/export-customers", "/api/fetchCustomersById"})
_SETS = frozenset({"/api/editcontactinformation", "/api/bulkupdatecolumns", "/api/v1/customers/bulk/tags"})
"""What siyahfy and modules ask for by POST."""


@dataclass(frozen=True, slots=True)
class Wire:
    """A request as it travels."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str | None:
        return next((value for known, value in self.headers if known.lower() == name), None)

    @property
    def reads(self) -> bool:
        """Whether it changes nothing."""
        return self.method == "GET" or self.target in _READS

    @property
    def sets(self) -> bool:
        """Whether it sets values, and again sets the same ones; else it makes or moves something."""
        return self.method in {"PUT", "PATCH", "DELETE"} or self.target in _SETS


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer as it travels."""

    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes


class ShopServer:
    """The shop's server, its office, and the truth about what is in it."""

    def __init__(self, clock: WorldClock, api: str, extensions: frozenset[str], history: History) -> None:
        settings = Settings(database_url="sqlite://", api=api, extensions=extensions)
        self.clock = clock
        self.api = api
        self.extensions = extensions
        self.token = _token(api)
        self._app = create_app(settings, clock.now)
        self._offices: dict[str, Any] = {}
        self._loop = asyncio.new_event_loop()
        self._history = history
        self._seen = 0
        self._numbers: dict[str, Numbers] = {}
        self._shown: dict[str, str] = {}
        self._office_acts = 0

    def close(self) -> None:
        self._loop.close()
        close_app(self._app)

    def call(self, wire: Wire, *, office: str = "") -> Reply:
        """Answer a request, of a till or by the API of an office, and note what it changed."""
        app = self._office(office) if office else self._app
        reply = self._loop.run_until_complete(_asgi(app, wire))
        if not wire.reads:
            self._observe()
        return reply

    def _office(self, api: str) -> Any:
        if api not in self._offices:
            every = Settings(database_url="sqlite://", api=api, extensions=frozenset(EXTENSIONS))
            app = create_app(every, self.clock.now)
            app.state.runtime = replace(self._app.state.runtime, settings=every)
            self._offices[api] = app
        return self._offices[api]

    def office(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, *, api: str = "pos"
    ) -> tuple[int, Any]:
        """Do something in the office, which no fault befalls."""
        self._office_acts += 1
        headers = (
            ("authorization", f"Bearer {_token(api)}"),
            ("content-type", "application/json"),
            ("x-sim-op", f"office-{self._office_acts}"),
        )
        wire = Wire(method, path, headers, json.dumps(body).encode() if body is not None else b"")
        reply = self.call(wire, office=api)
        return reply.status, json.loads(reply.body) if reply.body else None

    # The truth

    def live(self) -> list[str]:
        """Return the live customers as the office knows them, oldest first."""
        table = tables.customer.c
        with self._database.read() as connection:
            query = sa.select(table.uuid).where(table.standing == tables.LIVE, table.store_id == int(STORE))
            return list(connection.execute(query.order_by(table.id)).scalars())

    def _observe(self) -> None:
        effect = tables.effect.c
        with self._database.read() as connection:
            new = connection.execute(
                sa.select(effect.id, effect.op, effect.entity, effect.entity_id, effect.change)
                .where(effect.id > self._seen)
                .order_by(effect.id)
            ).all()
            if not new:
                return
            numbers = self._all_numbers(connection)
        self._history.moment += 1
        for row in new:
            about = self._shown.get(row.entity_id, row.entity_id)
            seen = Effect(row.op or "", row.entity, row.change, self._history.moment, about)
            self._history.effects.append(seen)
        self._seen = new[-1].id
        self._note(numbers)

    def _all_numbers(self, connection: sa.Connection) -> dict[str, Numbers]:
        """Return everybody's numbers, and remember how the tills' API shows each."""
        customer = tables.customer.c
        query = sa.select(customer.id, customer.uuid, customer.ledger_balance, customer.points)
        rows = connection.execute(query.where(customer.store_id == int(STORE)).order_by(customer.id)).all()
        self._shown |= {row.uuid: self._as_shown(row) for row in rows}
        return {self._shown[row.uuid]: Numbers(row.ledger_balance, row.points) for row in rows}

    def _as_shown(self, row: Any) -> str:
        return str(row.id) if self.api in INTEGER_IDS else str(row.uuid)

    def _note(self, numbers: dict[str, Numbers]) -> None:
        for remote, one in numbers.items():
            if self._numbers.get(remote) != one:
                self._history.moments.setdefault(remote, []).append((self._history.moment, one))
        self._numbers = numbers

    def end(self) -> ServerEnd:
        """Return what the server has."""
        customer, entry, points = tables.customer.c, tables.ledger_entry.c, tables.points_entry.c
        signed = sa.case((entry.type == "credit", entry.amount), else_=-entry.amount)
        with self._database.read() as connection:
            entries = connection.execute(
                sa.select(entry.customer_id, entry.reference_id, signed.label("signed")).order_by(entry.id)
            ).all()
            moved = dict(
                connection.execute(
                    sa.select(points.customer_id, sa.func.sum(points.points)).group_by(points.customer_id)
                ).all()
            )
            store = customer.store_id == int(STORE)
            rows = connection.execute(sa.select(tables.customer).where(store).order_by(customer.id)).all()
        names = {row.id: self._as_shown(row) for row in rows}
        khata: dict[int, int] = {}
        for one in entries:
            khata[one.customer_id] = khata.get(one.customer_id, 0) + one.signed
        return ServerEnd(
            customers=tuple(
                Kept(
                    remote=names[row.id],
                    live=row.standing == tables.LIVE,
                    fields={
                        "name": row.name,
                        "phone": row.phone,
                        "email": row.email,
                        "address": row.address_line,
                        "notes": row.notes,
                        "tags": tuple(json.loads(row.tags)),
                    },
                    numbers=Numbers(row.ledger_balance, row.points),
                    khata=khata.get(row.id, 0),
                    points_entries=moved.get(row.id, 0),
                )
                for row in rows
            ),
            entries=tuple(Entry(names[one.customer_id], one.reference_id, one.signed) for one in entries),
        )

    # Backups

    def snapshot(self) -> bytes:
        """Return a copy of the server's whole database."""
        return bytes(self._raw().serialize())

    def restore(self, snapshot: bytes) -> None:
        """Put an older copy in the place of the database."""
        self._raw().deserialize(snapshot)
        effect = tables.effect.c
        with self._database.write() as connection:
            self._seen = connection.execute(sa.select(sa.func.max(effect.id))).scalar() or 0
            # The clock of the machine did not go back with the disk.
            stamp = to_micros(self.clock.now())
            connection.execute(sa.update(tables.store).values(last_stamp=stamp))
            numbers = self._all_numbers(connection)
            kept = connection.execute(sa.select(sa.func.count()).select_from(tables.effect)).scalar_one()
        history = self._history
        alive = [index for index in range(len(history.effects)) if index not in history.lost]
        history.lost.update(alive[kept:])
        history.moment += 1
        history.restored.append(history.moment)
        self._note(numbers)

    @property
    def _database(self) -> Any:
        return self._app.state.runtime.database

    def _raw(self) -> Any:
        with self._database.read() as connection:
            return connection.connection.driver_connection


def _token(api: str) -> str:
    return all_credentials(_SEED)[api][STORE]["token"]


async def _asgi(app: Any, wire: Wire) -> Reply:
    parts = urlsplit(wire.target)
    asked: list[dict[str, Any]] = [{"type": "http.request", "body": wire.body, "more_body": False}]
    answered: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return asked.pop() if asked else {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        answered.append(message)

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": wire.method,
        "scheme": "http",
        "path": parts.path,
        "raw_path": parts.path.encode(),
        "query_string": parts.query.encode(),
        "root_path": "",
        "headers": [(name.lower().encode(), value.encode()) for name, value in wire.headers],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }
    await app(scope, receive, send)
    body = b"".join(message.get("body", b"") for message in answered[1:])
    return Reply(answered[0]["status"], tuple(answered[0]["headers"]), body)
