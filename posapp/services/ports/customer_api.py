"""A customer server as the till drives it, whatever its API is: reading from it, and sending it writes.

A connector implements `CustomerApi`. It declares what its server can do (`Capabilities`) and, for each write, how a
repeat is made safe (design, section 5); nobody else knows an API's name.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from posapp.domain.ids import RemoteId
from posapp.services.ports.remote import Capabilities, RemoteCustomer, RemoteEntry, ServerDescription, Tombstone
from posapp.services.ports.writes import PreparedRequest, Repeat, Write, WriteResult


class CustomerApi(Protocol):
    """One connected customer server.

    Reading methods raise `RemoteUnavailable` (not reached, too slow, 5xx, 429 with `retry_after` in its parameters),
    `SignInRequired`, `RemoteProtocolError` (wrong shape) or `RemoteRejected`. Every request has a total deadline and a
    cap on the decoded size of its answer.
    """

    @property
    def capabilities(self) -> Capabilities:
        """What is relied on: what the server last announced, without what is distrusted."""
        ...

    def distrust(self, names: Collection[str]) -> None:
        """From now on, rely on none of these capabilities, whatever is announced; on all others again."""
        ...

    @property
    def requests(self) -> int:
        """How many requests were made so far."""
        ...

    @property
    def clock_skew_seconds(self) -> float | None:
        """By how many seconds the server's clock was ahead of the till's at its last answer; None before the first."""
        ...

    def describe(self) -> ServerDescription:
        """Check the credential with a signed request and learn what the server can do."""
        ...

    def changed_since(self, since: datetime | None, page: int) -> Sequence[RemoteCustomer]:
        """Return a page of customers with `updated_at ≥ since`, oldest change first (needs `updated_since`)."""
        ...

    @property
    def changes_announced(self) -> int | None:
        """How many customers the server said its last page of `changed_since` or `oldest_first` was of; None: nothing.

        For progress, and to stop where it is too small: no total is trusted to prove anything (design, section 6).
        """
        ...

    def oldest_first(self, page: int) -> Sequence[RemoteCustomer]:
        """Return a page of all customers in ascending order of creation; empty past the end (needs `ascending`)."""
        ...

    def newest_first(self, page: int) -> Sequence[RemoteCustomer]:
        """Return a page of all customers in descending order of creation."""
        ...

    def by_change(self, page: int) -> Sequence[RemoteCustomer]:
        """Return a page of all customers in ascending order of their last change (needs `by_change`)."""
        ...

    def snapshot(self) -> Sequence[RemoteCustomer]:
        """Return all customers, read in one request (needs `snapshot`).

        Raises:
            RemoteProtocolError: The answer ends early, or holds fewer than the server says it has.
        """
        ...

    def customers(self, remote_ids: Sequence[RemoteId]) -> Sequence[RemoteCustomer]:
        """Return those of at most `bulk_read` customers that the server still has, in any order."""
        ...

    def deleted_since(self, since: datetime | None, page: int) -> Sequence[Tombstone]:
        """Return a page of deletions, oldest first, `since` inclusive (needs `tombstones`)."""
        ...

    def customer(self, remote_id: RemoteId, *, timeout: float | None = None) -> RemoteCustomer | None:
        """Return one customer with her balance; None where the server says 404 or 410.

        Args:
            remote_id: The server's id.
            timeout: Total seconds; None for the connection's default.
        """
        ...

    def successor(self, remote_id: RemoteId) -> RemoteId | None:
        """Return whom somebody who is gone was merged into; None where the server does not say so."""
        ...

    def timeline(self, remote_id: RemoteId) -> Collection[str] | None:
        """Return the references on a customer's timeline; None where the server has nobody (needs `timeline`)."""
        ...

    def ledger(self, remote_id: RemoteId, *, timeout: float | None = None) -> Sequence[RemoteEntry]:
        """Return the whole khata in posting order, oldest first.

        Args:
            remote_id: The server's id.
            timeout: Total seconds; None for the connection's default.
        """
        ...

    def search(self, text: str) -> Sequence[RemoteCustomer]:
        """Return the customers that the server finds for a text: the probe for a doubtful create."""
        ...

    def repeat_safety(self, write: Write) -> Repeat:
        """Return how a repeat of this write is made safe on this server as it is now."""
        ...

    def prepare(self, write: Write, key: str) -> PreparedRequest:
        """Return the exact request of a write, carrying `key` where the server honours one."""
        ...

    def send(self, request: PreparedRequest, *, operation_id: str, timeout: float | None = None) -> WriteResult:
        """Send a prepared write on a fresh connection and say what is certain afterwards; never raises `RemoteError`.

        Args:
            request: As prepared, now or before a restart.
            operation_id: For the server's own traces.
            timeout: Total seconds; None for the connection's default.
        """
        ...

    def close(self) -> None:
        """Close all connections."""
        ...
