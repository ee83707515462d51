"""The connector itself: each method of the port as one request of the `pos` API."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Final

from posapp.domain.ids import RemoteId
from posapp.remote.http import Answer, HttpClient
from posapp.remote.outcomes import classify
from posapp.remote.pos import convert, extensions, wire
from posapp.remote.pos.answers import parser_of
from posapp.remote.pos.requests import CUSTOMERS, customer_path, prepared
from posapp.remote.reading import Reader
from posapp.remote.server_time import clock_skew
from posapp.services.ports.remote import (
    Capabilities,
    RemoteCustomer,
    RemoteEntry,
    ServerDescription,
    ServerSettings,
    Tombstone,
)
from posapp.services.ports.writes import PreparedRequest, Repeat, Write, WriteAnswer, WriteResult

PAGE_SIZE: Final = 250
"""The document's default is 20 and it names no maximum: ask for many, count what comes."""


class PosApi:
    """One connected `pos` server (implements `CustomerApi`); safe to use from several threads."""

    def __init__(self, http: HttpClient, currency: str, name: str, known: Capabilities | None = None) -> None:
        """Remember the server; nothing is sent.

        Args:
            http: The client.
            currency: ISO 4217 code of its money.
            name: Of the connection, for people.
            known: What the server was known to do, until it announces it again.
        """
        self._http = http
        self._currency = currency
        self._reader = Reader(http, name, self._learn)
        self._announced = known or extensions.PLAIN
        self._distrusted: Collection[str] = ()
        self._skew: float | None = None
        self._changes_announced: int | None = None

    @property
    def capabilities(self) -> Capabilities:
        """What is relied on: what the server last announced, without what is distrusted."""
        return self._announced.without(self._distrusted)

    def distrust(self, names: Collection[str]) -> None:
        """From now on, rely on none of these capabilities, whatever is announced; on all others again."""
        self._distrusted = names

    @property
    def requests(self) -> int:
        """How many requests were made so far."""
        return self._http.requests

    @property
    def clock_skew_seconds(self) -> float | None:
        """By how many seconds the server's clock was ahead of the till's at its last answer."""
        return self._skew

    def describe(self) -> ServerDescription:
        """Check the credential with a signed request and learn what the server can do."""
        self._page({}, limit=1)
        settings: ServerSettings | None = None
        if self.capabilities.settings:
            settings = self._reader.read("/api/v1/settings", wire.Settings, lambda seen, _: convert.settings(seen))
        return ServerDescription(self.capabilities, settings, self._skew)

    def changed_since(self, since: datetime | None, page: int) -> Sequence[RemoteCustomer]:
        """Return a page of customers by change, oldest first."""
        moment = convert.iso(since) if since is not None else "1970-01-01T00:00:00Z"

        return self._page({"updated_since": moment, "page": str(page)}, counted=True)

    @property
    def changes_announced(self) -> int | None:
        """How many customers the server said its last page of `changed_since` or `oldest_first` was of."""
        return self._changes_announced

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
            params["since"] = convert.iso(since)
        return self._reader.read(
            f"{CUSTOMERS}/deleted",
            list[wire.Tombstone],
            lambda seen, _: convert.tombstones(seen, PAGE_SIZE),
            params=params,
        )

    def customer(self, remote_id: RemoteId, *, timeout: float | None = None) -> RemoteCustomer | None:
        """Return one customer with her balance; None where the server says 404 or 410."""

        def converted(seen: wire.Customer, answer: Answer) -> RemoteCustomer:
            convert.check_same_id(seen.id, remote_id)
            return convert.customer(seen, self._currency, convert.strong_etag(answer))

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

    def repeat_safety(self, write: Write) -> Repeat:
        """Return how a repeat of this write is made safe on this server as it is now."""
        return extensions.repeat_safety(write, self.capabilities)

    def prepare(self, write: Write, key: str) -> PreparedRequest:
        """Return the exact request of a write, carrying `key` where the server honours one."""
        return prepared(write, key, self._currency, self.capabilities)

    def send(self, request: PreparedRequest, *, operation_id: str, timeout: float | None = None) -> WriteResult:
        """Send a prepared write on a fresh connection and say what is certain afterwards."""
        parser = parser_of(request)
        headers = dict(request.headers)
        headers["X-Sim-Op"] = operation_id  # a trace for tests; servers ignore it
        if request.content_type:
            headers["Content-Type"] = request.content_type
        if request.key is not None:
            headers["Idempotency-Key"] = request.key

        def parse(answer: Answer) -> WriteAnswer:
            result = parser(request, answer, self._currency)
            self._learn(answer)
            return result

        return classify(self._http.write(request.method, request.path, request.body, headers, timeout), parse)

    def close(self) -> None:
        """Close all connections."""
        self._http.close()

    def _page(
        self, params: Mapping[str, str], limit: int = PAGE_SIZE, *, counted: bool = False
    ) -> Sequence[RemoteCustomer]:
        def converted(seen: list[wire.Customer], answer: Answer) -> Sequence[RemoteCustomer]:
            if counted:
                self._changes_announced = extensions.total_count(answer)
            return convert.customers(seen, self._currency, limit)

        return self._reader.read(CUSTOMERS, list[wire.Customer], converted, params={**params, "limit": str(limit)})

    def _learn(self, answer: Answer) -> None:
        """Take what a signed, well-formed answer announces; pages from in between never get here."""
        self._announced = extensions.announced(answer)
        self._skew = clock_skew(answer)
