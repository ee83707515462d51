"""The connector itself: each method of the port as one request of the `siyahfy` API."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Final
from urllib.parse import quote

from posapp.domain.errors import RemoteProtocolError
from posapp.domain.ids import RemoteId
from posapp.domain.messages import N_
from posapp.remote.connector import Connector
from posapp.remote.converting import check_same_id, iso, strong_etag
from posapp.remote.http import Answer, HttpClient
from posapp.remote.preparing import integer_id
from posapp.remote.siyahfy import convert, csv_text, wire
from posapp.remote.siyahfy.abilities import BULK, abilities
from posapp.remote.siyahfy.answers import ROUTES
from posapp.remote.siyahfy.requests import prepared
from posapp.remote.strict_json import decoded
from posapp.services.ports.remote import Capabilities, RemoteCustomer, ServerDescription, Tombstone
from posapp.services.ports.server_kinds import ServerKind
from posapp.services.ports.writes import PreparedRequest, Write

PAGE_SIZE: Final = 100
"""The largest page (contracts, section 2)."""
EXPORT_SECONDS: Final = 120.0
"""All customers in one answer take longer than a page of them."""


class SiyahfyApi(Connector):
    """One connected `siyahfy` server (implements `CustomerApi`)."""

    kind = ServerKind(N_("Siyahfy store"), store=True)
    routes = ROUTES

    def __init__(
        self,
        http: HttpClient,
        currency: str,
        name: str,
        known: Capabilities | None = None,
        *,
        store: str = "",
        secret: Callable[[], bytes] = bytes,
    ) -> None:
        """Remember the server, as `Connector` does; nothing is sent."""
        super().__init__(http, currency, name, known, store=store, secret=secret)
        self._customers = f"/api/vendors/customers_fetch/{quote(store, safe='')}"
        self._searched = f"/api/vendors/customers/{quote(store, safe='')}"
        self._deleted = f"/api/vendors/customers_deleted/{quote(store, safe='')}"

    def describe(self) -> ServerDescription:
        """Check the credential with a signed request and learn what the server can do."""
        self._page(self._customers, {}, limit=1)
        return ServerDescription(self.capabilities, None, self._skew)

    def changed_since(self, since: datetime | None, page: int) -> Sequence[RemoteCustomer]:
        """Return a page of customers by change, oldest first."""
        moment = iso(since) if since is not None else "1970-01-01T00:00:00Z"
        return self._page(self._customers, {"updated_since": moment, "page": str(page)})

    def oldest_first(self, page: int) -> Sequence[RemoteCustomer]:
        """Return a page of all customers in ascending order of creation."""
        return self._page(self._customers, {"sort": "created_at", "order": "asc", "page": str(page)})

    def newest_first(self, page: int) -> Sequence[RemoteCustomer]:
        """Return a page of all customers in descending order of creation."""
        return self._page(self._customers, {"sort": "created_at", "order": "desc", "page": str(page)})

    def by_change(self, page: int) -> Sequence[RemoteCustomer]:
        """Return a page of all customers in ascending order of their last change."""
        return self._page(self._customers, {"sort": "updated_at", "order": "asc", "page": str(page)})

    def snapshot(self) -> Sequence[RemoteCustomer]:
        """Return all customers of one export, unless it is shorter than the server's own count of them.

        Somebody may be deleted between the count and the export, so a few may be missing; whoever is, is asked for.
        """
        self._page(self._customers, {}, limit=1)
        every: Sequence[RemoteCustomer] = self._reader.ask(
            "/api/export-customers",
            {},
            lambda answer: convert.customers(csv_text.rows_of(answer), self._currency, None),
            accept=csv_text.MEDIA_TYPE,
            timeout=EXPORT_SECONDS,
        )
        announced = self._changes_announced or 0
        if len(every) < announced - max(BULK, announced // 100):
            raise RemoteProtocolError
        return every

    def customers(self, remote_ids: Sequence[RemoteId]) -> Sequence[RemoteCustomer]:
        """Return those of some customers that the server still has."""
        numbers = [integer_id(one) for one in remote_ids]
        shape = wire.Success[list[wire.Customer]]
        return self._reader.ask(
            "/api/fetchCustomersById",
            {"ids": numbers},
            lambda answer: convert.customers(decoded(answer, shape).data, self._currency, len(numbers)),
        )

    def deleted_since(self, since: datetime | None, page: int) -> Sequence[Tombstone]:
        """Return a page of deletions, oldest first."""
        params = {"page": str(page), "limit": str(PAGE_SIZE)}
        if since is not None:
            params["since"] = iso(since)
        return self._reader.read(
            self._deleted,
            wire.Page[wire.Tombstone],
            lambda seen, _: convert.deletions(seen.data, PAGE_SIZE),
            params=params,
        )

    def customer(self, remote_id: RemoteId, *, timeout: float | None = None) -> RemoteCustomer | None:
        """Return one customer; None where the server says 404 or 410."""

        def converted(seen: wire.Success[wire.Customer], answer: Answer) -> RemoteCustomer:
            check_same_id(str(seen.data.id), remote_id)
            return convert.customer(seen.data, self._currency, strong_etag(answer))

        return self._reader.read_or_gone(
            "/api/customers/edit",
            wire.Success[wire.Customer],
            converted,
            params={"id": str(integer_id(remote_id))},
            timeout=timeout,
        )

    def timeline(self, remote_id: RemoteId) -> Collection[str] | None:
        """Return the references on a customer's timeline; None where the server has nobody."""

        def converted(seen: wire.Success[wire.Timeline], _: Answer) -> Collection[str]:
            check_same_id(str(seen.data.id), remote_id)
            return frozenset(line.reference for line in seen.data.timeline if line.reference)

        params = {"id": str(integer_id(remote_id))}
        return self._reader.read_or_gone("/api/customers/edit", wire.Success[wire.Timeline], converted, params=params)

    def search(self, text: str) -> Sequence[RemoteCustomer]:
        """Return the customers that the server finds for a text."""
        return self._page(self._searched, {"search": text}, counted=False)

    def prepare(self, write: Write, key: str) -> PreparedRequest:
        """Return the exact request of a write, carrying `key` where the server honours one.

        Raises:
            ValueError: This API has no such write.
        """
        return prepared(write, key, self.capabilities)

    def _abilities(self, names: Collection[str]) -> Capabilities:
        return abilities(names)

    def _page(
        self, path: str, params: Mapping[str, str], limit: int = PAGE_SIZE, *, counted: bool = True
    ) -> Sequence[RemoteCustomer]:
        def converted(seen: wire.Page[wire.Customer], _: Answer) -> Sequence[RemoteCustomer]:
            if counted:
                self._changes_announced = seen.pagination.total
            return convert.customers(seen.data, self._currency, limit)

        return self._reader.read(path, wire.Page[wire.Customer], converted, params={**params, "limit": str(limit)})
