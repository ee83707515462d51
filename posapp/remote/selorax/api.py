"""The connector itself: each method of the port as one request of the `selorax` API.

Guests, who bought without an account, are not asked for: they are no customers of the desk.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Final

from posapp.domain.ids import RemoteId
from posapp.domain.messages import N_
from posapp.remote.connector import Connector
from posapp.remote.converting import check_same_id, iso, strong_etag
from posapp.remote.http import Answer
from posapp.remote.selorax import convert, wire
from posapp.remote.selorax.abilities import abilities
from posapp.remote.selorax.answers import ROUTES
from posapp.remote.selorax.requests import CUSTOMERS, customer_path, prepared
from posapp.services.ports.remote import Capabilities, RemoteCustomer, ServerDescription, Tombstone
from posapp.services.ports.server_kinds import ServerKind
from posapp.services.ports.writes import PreparedRequest, Write

PAGE_SIZE: Final = 250
"""The document's maximum."""


class SeloraxApi(Connector):
    """One connected `selorax` server (implements `CustomerApi`)."""

    kind = ServerKind(N_("SeloraX store"), client=True)
    routes = ROUTES

    def describe(self) -> ServerDescription:
        """Check the credential with a signed request and learn what the server can do."""
        self._page({}, limit=1)
        return ServerDescription(self.capabilities, None, self._skew)

    def changed_since(self, since: datetime | None, page: int) -> Sequence[RemoteCustomer]:
        """Return a page of customers by change, oldest first."""
        moment = iso(since) if since is not None else "1970-01-01T00:00:00Z"
        return self._page({"updated_since": moment, "page": str(page)}, counted=True)

    def oldest_first(self, page: int) -> Sequence[RemoteCustomer]:
        """Return a page of all customers in ascending order of creation."""
        return self._page({"sort": "created_at:asc", "page": str(page)}, counted=True)

    def newest_first(self, page: int) -> Sequence[RemoteCustomer]:
        """Return a page of all customers in descending order of creation."""
        return self._page({"sort": "created_at:desc", "page": str(page)}, counted=True)

    def by_change(self, page: int) -> Sequence[RemoteCustomer]:
        """Return a page of all customers in ascending order of their last change."""
        return self._page({"sort": "updated_at:asc", "page": str(page)}, counted=True)

    def deleted_since(self, since: datetime | None, page: int) -> Sequence[Tombstone]:
        """Return a page of deletions, oldest first."""
        params = {"page": str(page), "limit": str(PAGE_SIZE)}
        if since is not None:
            params["since"] = iso(since)
        return self._reader.read(
            f"{CUSTOMERS}/deleted",
            wire.Deletions,
            lambda seen, _: convert.deletions(seen.data, PAGE_SIZE),
            params=params,
        )

    def customer(self, remote_id: RemoteId, *, timeout: float | None = None) -> RemoteCustomer | None:
        """Return one customer; None where the server says 404 or 410."""

        def converted(seen: wire.One, answer: Answer) -> RemoteCustomer:
            check_same_id(str(seen.data.user_id), remote_id)
            return convert.customer(seen.data, self._currency, strong_etag(answer))

        return self._reader.read_or_gone(customer_path(remote_id), wire.One, converted, timeout=timeout)

    def search(self, text: str) -> Sequence[RemoteCustomer]:
        """Return the customers that the server finds for a text."""
        return self._page({"search": text})

    def prepare(self, write: Write, key: str) -> PreparedRequest:
        """Return the exact request of a write, carrying `key` where the server honours one.

        Raises:
            ValueError: This API has no such write.
        """
        return prepared(write, key, self.capabilities)

    def _abilities(self, names: Collection[str]) -> Capabilities:
        return abilities(names)

    def _page(
        self, params: Mapping[str, str], limit: int = PAGE_SIZE, *, counted: bool = False
    ) -> Sequence[RemoteCustomer]:
        def converted(seen: wire.Page, _: Answer) -> Sequence[RemoteCustomer]:
            if counted:
                self._changes_announced = seen.pagination.total
            return convert.customers(seen.data, self._currency, limit)

        return self._reader.read(CUSTOMERS, wire.Page, converted, params={**params, "limit": str(limit)})
