"""The connector itself: each method of the port as requests of the `portal` API.

An update of this API sets a whole set of fields, most of which no till knows. So the connector keeps for a short time
what it last read of each customer in full: whoever edits reads the record first, and `prepare` sends the rest of it
back as it was. Where nothing was read lately, `prepare` reads it. A request that was prepared before a restart is sent
as it is; nothing is read for it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final, TypeVar

from posapp.domain.ids import RemoteId
from posapp.domain.messages import N_
from posapp.remote.connector import Connector
from posapp.remote.converting import check_same_id, iso, strong_etag
from posapp.remote.http import Answer, HttpClient
from posapp.remote.portal import convert, wire
from posapp.remote.portal.abilities import abilities
from posapp.remote.portal.answers import ROUTES
from posapp.remote.portal.envelope import content, required
from posapp.remote.portal.groups import GroupColors
from posapp.remote.portal.passwords import MARK, filled
from posapp.remote.portal.requests import CUSTOMERS, DETAILS, path_of, prepared
from posapp.remote.recent import Recent
from posapp.remote.wire_types import Count
from posapp.services.ports.remote import Capabilities, RemoteCustomer, ServerDescription, Tombstone
from posapp.services.ports.server_kinds import ServerKind
from posapp.services.ports.writes import (
    CreateCustomer,
    DeleteCustomer,
    EditCustomer,
    PreparedRequest,
    Write,
    WriteResult,
)

PAGE_SIZE: Final = 250
OVERLAP: Final = 25
"""How many rows of a whole page of `newest_first` the next one shows again; of a shorter one the same share."""

Listed = TypeVar("Listed")

_DETAIL_SECONDS: Final = 30.0
_MOST_DETAILS: Final = 64


class PortalApi(Connector):
    """One connected `portal` server (implements `CustomerApi`)."""

    kind = ServerKind(N_("eCommerce portal"))
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
        self._colors = GroupColors(self._reader)
        self._sizes: dict[str, int] = {}
        self._details = Recent[wire.Customer](_DETAIL_SECONDS, _MOST_DETAILS)

    def describe(self) -> ServerDescription:
        """Check the credential with a signed request and learn what the server can do."""
        self._rows({}, limit=1)
        return ServerDescription(self.capabilities, None, self._skew)

    def changed_since(self, since: datetime | None, page: int) -> Sequence[RemoteCustomer]:
        """Return a page of customers by change, oldest first; the first reading of all says of how many it is."""
        moment = iso(since) if since is not None else "1970-01-01T00:00:00Z"
        if since is not None:
            self._changes_announced = None
        elif page == 1:
            self._changes_announced = self._count()
        return self._paged("changed", page, lambda offset: self._page({"updated_since": moment}, offset))

    def newest_first(self, page: int) -> Sequence[RemoteCustomer]:
        """Return a page of all customers as the server lists them: the newest first, though nothing promises it.

        The list has no documented order and no page but an offset, from which rows move away while it is read. So each
        page begins `OVERLAP` rows before the last one ended: up to so many deletions between two requests hide nobody.
        Pages repeat customers, and one past the end is empty. With the first it is asked how many there are.
        """
        if page == 1:
            self._changes_announced = self._count()
        return self._paged("newest", page, lambda offset: self._page({}, offset), overlap=OVERLAP)

    def deleted_since(self, since: datetime | None, page: int) -> Sequence[Tombstone]:
        """Return a page of deletions, oldest first."""
        asked = {} if since is None else {"since": iso(since)}

        def read(offset: int) -> Sequence[Tombstone]:
            return self._reader.read(
                f"{CUSTOMERS}/deleted",
                object,
                lambda told, _: convert.deletions(required(told, list[wire.Tombstone]), PAGE_SIZE),
                params={"limit": str(PAGE_SIZE), "offset": str(offset), **asked},
            )

        return self._paged("deleted", page, read)

    def customer(self, remote_id: RemoteId, *, timeout: float | None = None) -> RemoteCustomer | None:
        """Return one customer in full; None where the server says 404 or 410."""

        def converted(told: object, answer: Answer) -> RemoteCustomer:
            return convert.customer(self._detail(told, remote_id), self._colors.known(), strong_etag(answer))

        return self._reader.read_or_gone(path_of(remote_id, DETAILS), object, converted, timeout=timeout)

    def search(self, text: str) -> Sequence[RemoteCustomer]:
        """Return the customers that the server finds by a piece of the e-mail or of the name; it finds no phones."""
        return self._page({"email" if "@" in text else "name": text})

    def prepare(self, write: Write, key: str) -> PreparedRequest:
        """Return the exact request of a write, carrying `key` where the server honours one; `send` adds the password.

        Raises:
            RemoteError: An edit's record was not read lately, and reading it failed.
            SecretsUnavailable: The keychain does not give the secret.
            ValueError: This API has no such write, or the till has no secret to make a password of.
        """
        match write:
            case CreateCustomer():
                if not self._secret():
                    raise ValueError("no secret to make a password of")
                return prepared(write, key, self.capabilities, None)
            case EditCustomer():
                return prepared(write, key, self.capabilities, self._detail_of(write.remote_id))
            case DeleteCustomer():
                return prepared(write, key, self.capabilities, None)
            case _:
                raise ValueError(f"no such write in the portal API: {type(write).__name__}")

    def send(self, request: PreparedRequest, *, operation_id: str, timeout: float | None = None) -> WriteResult:
        """Send a prepared write on a fresh connection, a create with its password; say what is certain afterwards."""
        if MARK not in request.body:
            return super().send(request, operation_id=operation_id, timeout=timeout)
        body, password = filled(request.body, self._secret(), operation_id)
        result = super().send(replace(request, body=body), operation_id=operation_id, timeout=timeout)
        return replace(result, server_text=result.server_text.replace(password, "…"))

    def _abilities(self, names: Collection[str]) -> Capabilities:
        return abilities(names)

    def _detail_of(self, remote_id: RemoteId) -> wire.Customer:
        return self._details.get(remote_id) or self._reader.read(
            path_of(remote_id, DETAILS), object, lambda told, _: self._detail(told, remote_id)
        )

    def _detail(self, told: object, remote_id: RemoteId) -> wire.Customer:
        seen = required(told, wire.Customer)
        check_same_id(str(seen.id), remote_id)
        self._details.keep(remote_id, seen)
        return seen

    def _count(self) -> int | None:
        params = {"limit": "1", "count": "1"}
        return self._reader.read(CUSTOMERS, object, lambda told, _: content(told, Count), params=params)

    def _paged(
        self, name: str, page: int, read: Callable[[int], Sequence[Listed]], *, overlap: int = 0
    ) -> Sequence[Listed]:
        """Return a page of a list; how many rows a page has is what the first one brought, whatever was asked for."""
        size = self._sizes.get(name, PAGE_SIZE) if page > 1 else PAGE_SIZE
        rows = read((page - 1) * (size - size * overlap // PAGE_SIZE))
        if page == 1:
            self._sizes[name] = len(rows) or PAGE_SIZE
        return rows

    def _page(self, params: Mapping[str, str], offset: int = 0) -> Sequence[RemoteCustomer]:
        rows = self._rows({**params, "offset": str(offset)}, PAGE_SIZE)
        return convert.customers(rows, self._colors.read() if any(row.customer_group_name for row in rows) else {})

    def _rows(self, params: Mapping[str, str], limit: int) -> Sequence[wire.Row]:
        return self._reader.read(
            CUSTOMERS,
            object,
            lambda told, _: convert.checked(required(told, list[wire.Row]), limit),
            params={**params, "limit": str(limit)},
        )
