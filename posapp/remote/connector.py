"""What every connector shares: what a server announced, how a write is sent, what is certain afterwards.

A connector of a new API is a subclass in a package of its own: it says what its server can do, where it reads, what the
bytes of a write are and how its answer is read. One more line in `registry` makes it known.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import ClassVar, Final

from posapp.domain.ids import RemoteId
from posapp.remote.extensions import announced, repeat_safety
from posapp.remote.http import Answer, HttpClient
from posapp.remote.outcomes import classify
from posapp.remote.reading import Reader
from posapp.remote.server_time import clock_skew
from posapp.services.ports.remote import Capabilities, RemoteCustomer, RemoteEntry, ServerDescription, Tombstone
from posapp.services.ports.server_kinds import ServerKind
from posapp.services.ports.writes import PreparedRequest, Repeat, Write, WriteAnswer, WriteResult

Parser = Callable[[PreparedRequest, Answer, str], WriteAnswer]
"""Reads the answer to a request, given the currency; raises `WrongShape` where it is not what that is answered with."""

Routes = Sequence[tuple[str, re.Pattern[str], Parser]]
"""Method and path of every write of an API, and what reads the answer."""

REPLAYED: Final = "idempotency-replayed"


def parser_of(routes: Routes, request: PreparedRequest) -> Parser:
    """Return what reads the answer to a write; it follows from method and path alone.

    So a request that was prepared before a restart is understood after it.

    Args:
        routes: Of the API.
        request: As prepared.

    Raises:
        ValueError: It is no write of this API: a bug, found before anything is sent.
    """
    for method, path, parser in routes:
        if method == request.method and path.fullmatch(request.path):
            return parser
    raise ValueError(f"no such write in this API: {request.method}")


class AbilityAbsent(Exception):
    """A server was asked for what its capabilities do not promise: a bug of the caller, who asks them first."""


class Connector(ABC):
    """One connected server (the part of `CustomerApi` that all share); safe to use from several threads.

    Attributes:
        kind: What a person is asked for, and told, before a server of this API is connected.
        routes: Its writes.
    """

    kind: ClassVar[ServerKind]
    routes: ClassVar[Routes]

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
        """Remember the server; nothing is sent.

        Args:
            http: The client.
            currency: ISO 4217 code of its money.
            name: Of the connection, for people.
            known: What the server was known to do, until it announces it again.
            store: The store's id, where the API's paths name it.
            secret: Gives this till's, to make a new customer's password of where the API demands one.
        """
        self._http = http
        self._currency = currency
        self._store = store
        self._secret = secret
        self._reader = Reader(http, name, self._learn)
        self._announced = known or self._abilities(())
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

    @property
    def changes_announced(self) -> int | None:
        """How many customers the server said its last page of a whole list was of."""
        return self._changes_announced

    @abstractmethod
    def describe(self) -> ServerDescription:
        """Check the credential with a signed request and learn what the server can do."""

    @abstractmethod
    def newest_first(self, page: int) -> Sequence[RemoteCustomer]:
        """Return a page of all customers in descending order of creation."""

    @abstractmethod
    def customer(self, remote_id: RemoteId, *, timeout: float | None = None) -> RemoteCustomer | None:
        """Return one customer with her balance; None where the server says 404 or 410."""

    @abstractmethod
    def search(self, text: str) -> Sequence[RemoteCustomer]:
        """Return the customers that the server finds for a text."""

    @abstractmethod
    def prepare(self, write: Write, key: str) -> PreparedRequest:
        """Return the exact request of a write, carrying `key` where the server honours one."""

    @abstractmethod
    def _abilities(self, names: Collection[str]) -> Capabilities:
        """Return what the server can do that announces some extensions, by their names; none is what is documented."""

    def changed_since(self, since: datetime | None, page: int) -> Sequence[RemoteCustomer]:
        """Return a page of customers by change, oldest first."""
        raise self._cannot("updated_since")

    def oldest_first(self, page: int) -> Sequence[RemoteCustomer]:
        """Return a page of all customers in ascending order of creation."""
        raise self._cannot("ascending")

    def by_change(self, page: int) -> Sequence[RemoteCustomer]:
        """Return a page of all customers in ascending order of their last change."""
        raise self._cannot("by_change")

    def snapshot(self) -> Sequence[RemoteCustomer]:
        """Return all customers, read in one request."""
        raise self._cannot("snapshot")

    def customers(self, remote_ids: Sequence[RemoteId]) -> Sequence[RemoteCustomer]:
        """Return those of some customers that the server still has."""
        raise self._cannot("bulk_read")

    def deleted_since(self, since: datetime | None, page: int) -> Sequence[Tombstone]:
        """Return a page of deletions, oldest first."""
        raise self._cannot("tombstones")

    def successor(self, remote_id: RemoteId) -> RemoteId | None:
        """Return whom somebody who is gone was merged into; None where the server does not say so."""
        return None

    def timeline(self, remote_id: RemoteId) -> Collection[str] | None:
        """Return the references on a customer's timeline; None where the server has nobody."""
        raise self._cannot("timeline")

    def ledger(self, remote_id: RemoteId, *, timeout: float | None = None) -> Sequence[RemoteEntry]:
        """Return the whole khata in posting order, oldest first."""
        raise self._cannot("ledger")

    def repeat_safety(self, write: Write) -> Repeat:
        """Return how a repeat of this write is made safe on this server as it is now."""
        return repeat_safety(write, self.capabilities)

    def send(self, request: PreparedRequest, *, operation_id: str, timeout: float | None = None) -> WriteResult:
        """Send a prepared write on a fresh connection and say what is certain afterwards."""
        parser = parser_of(self.routes, request)
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

    def _learn(self, answer: Answer) -> None:
        """Take what a signed, well-formed answer announces; pages from in between never get here."""
        self._announced = self._abilities(announced(answer))
        self._skew = clock_skew(answer)

    def _cannot(self, ability: str) -> AbilityAbsent:
        """Return the error of a caller that did not ask whether the server can."""
        return AbilityAbsent(f"{type(self).__name__} has no {ability}")


def is_replay(answer: Answer, first: int | None = None) -> bool:
    """Return whether the server repeated an earlier answer.

    Args:
        answer: The server's.
        first: The status that only a first answer has; None where both have the same.
    """
    return answer.headers.get(REPLAYED, "").strip().lower() == "true" or first not in {None, answer.status}
