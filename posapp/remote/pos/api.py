"""The connector itself: each method of the port as one request of the `pos` API."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Final

from posapp.domain.ids import RemoteId
from posapp.domain.messages import N_
from posapp.remote.connector import Connector
from posapp.remote.converting import TombstoneRow, check_same_id, iso, strong_etag, tombstones
from posapp.remote.extensions import total_count
from posapp.remote.http import Answer
from posapp.remote.pos import convert, wire
from posapp.remote.pos.abilities import abilities
from posapp.remote.pos.answers import ROUTES
from posapp.remote.pos.requests import CUSTOMERS, customer_path, prepared
from posapp.services.ports.remote import (
    Capabilities,
    RemoteCustomer,
    RemoteEntry,
    ServerDescription,
    ServerSettings,
    Tombstone,
)
from posapp.services.ports.server_kinds import ServerKind
from posapp.services.ports.writes import PreparedRequest, Write

PAGE_SIZE: Final = 250
"""The document's default is 20 and it names no maximum: ask for many, count what comes."""


class PosApi(Connector):
    """One connected `pos` server (implements `CustomerApi`)."""

    kind = ServerKind(N_("POS customer server"))
    routes = ROUTES

    def describe(self) -> ServerDescription:
        """Check the credential with a signed request and learn what the server can do."""
        self._page({}, limit=1)
        settings: ServerSettings | None = None
        if self.capabilities.settings:
            settings = self._reader.read("/api/v1/settings", wire.Settings, lambda seen, _: convert.settings(seen))
        return ServerDescription(self.capabilities, settings, self._skew)

    def changed_since(self, since: datetime | None, page: int) -> Sequence[RemoteCustomer]:
        """Return a page of customers by change, oldest first."""
        moment = iso(since) if since is not None else "1970-01-01T00:00:00Z"

        return self._page({"updated_since": moment, "page": str(page)}, counted=True)

    def oldest_first(self, page: int) -> Sequence[RemoteCustomer]:
        """Return a page of all customers in ascending order of creation."""
        return self._page({"sort": "created_at", "order": "ASC", "page": str(page)}, counted=True)

    def newest_first(self, page: int) -> Sequence[RemoteCustomer]:
        """Return a page of all customers in descending order of creation."""
        return self._page({"sort": "created_at", "order": "DESC", "page": str(page)})

    def deleted_since(self, since: datetime | None, page: int) -> Sequence[Tombstone]:
        """Return a page of deletions, oldest first."""
        params = {"page": str(page), "limit": str(PAGE_SIZE)}
        if since is not None:
            params["since"] = iso(since)
        return self._reader.read(
            f"{CUSTOMERS}/deleted",
            list[TombstoneRow],
            lambda seen, _: tombstones(seen, PAGE_SIZE),
            params=params,
        )

    def customer(self, remote_id: RemoteId, *, timeout: float | None = None) -> RemoteCustomer | None:
        """Return one customer with her balance; None where the server says 404 or 410."""

        def converted(seen: wire.Customer, answer: Answer) -> RemoteCustomer:
            check_same_id(seen.id, remote_id)
            return convert.customer(seen, self._currency, strong_etag(answer))

        return self._reader.read_or_gone(customer_path(remote_id), wire.Customer, converted, timeout=timeout)

    def ledger(self, remote_id: RemoteId, *, timeout: float | None = None) -> Sequence[RemoteEntry]:
        """Return the whole khata in posting order, oldest first."""
        return self._reader.read(
            customer_path(remote_id, "/ledger"),
            list[wire.Entry],
            lambda seen, _: convert.ledger(seen, self._currency),
            timeout=timeout,
        )

    def search(self, text: str) -> Sequence[RemoteCustomer]:
        """Return the customers that the server finds for a text."""
        return self._page({"search": text})

    def prepare(self, write: Write, key: str) -> PreparedRequest:
        """Return the exact request of a write, carrying `key` where the server honours one."""
        return prepared(write, key, self._currency, self.capabilities)

    def _abilities(self, names: Collection[str]) -> Capabilities:
        return abilities(names)

    def _page(
        self, params: Mapping[str, str], limit: int = PAGE_SIZE, *, counted: bool = False
    ) -> Sequence[RemoteCustomer]:
        def converted(seen: list[wire.Customer], answer: Answer) -> Sequence[RemoteCustomer]:
            if counted:
                self._changes_announced = total_count(answer)
            return convert.customers(seen, self._currency, limit)

        return self._reader.read(CUSTOMERS, list[wire.Customer], converted, params={**params, "limit": str(limit)})
