"""What every part of the engine works with, so that each part is a few functions and not a class with everything."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import Protocol

from posapp.domain.errors import Cancelled, PosError, RemoteProtocolError
from posapp.domain.ids import ConnectionId, OperationId
from posapp.domain.messages import N_
from posapp.services.ports.book import Book
from posapp.services.ports.clock import Clock
from posapp.services.ports.customer_api import CustomerApi
from posapp.sync.backoff import Backoff
from posapp.sync.watching import Changed, Meter


class ListRepeats(RemoteProtocolError):
    """A list answers one page's rows for another page: it ignores paging."""

    id = "list_repeats"
    message = N_("The server's customer list answers the same rows for two pages.")


class ListEndless(RemoteProtocolError):
    """A list has more pages than any shop has customers."""

    id = "list_endless"
    message = N_("The server's customer list does not come to an end.")


class ChangesOutOfOrder(RemoteProtocolError):
    """A list of changes is not in the order that a position in it needs."""

    id = "changes_out_of_order"
    message = N_("The server's list of changes is not in order of change.")


class CancelToken(Protocol):
    """What ends a cycle between two steps; a `threading.Event` is one."""

    def is_set(self) -> bool:
        """Return whether the work should end."""
        ...


@dataclass(frozen=True, slots=True)
class SyncSettings:
    """How the engine behaves; the defaults are for a shop's till.

    Attributes:
        lanes: Lanes that run side by side; 1 runs them inline, one after the other.
        full_scan_hours: A full scan is due when none was completed in so many hours (servers without changes).
        audit_hours: As much for servers that tell changes and deletions: to see whether they told them all.
        refresh_limit: Customers fetched one by one in a cycle with a full scan.
        rolling_refresh: Customers fetched one by one in other cycles (servers whose lists carry no khata).
        newest_pages: The most pages read for new customers between scans.
        most_pages: The most pages of one list read in a cycle: a list without end is ended there. The next cycle goes
            on where this one stood, so that a very large shop comes over whole.
        lookback_seconds: How far before its last position a pull begins, for changes that were committed late there.
        skew_seconds: How far a server's clock may differ from ours when a record's age is evidence.
        merge_tries: How often an edit is merged again in one cycle when the record keeps moving.
        silent_limit: After so many writes without any answer, or so many senseless ones, the work ends: it is not the
            server that answers.
        foreign_refusals: After so many failures a refusal that is not in the API's own words counts as one.
        suspects_floor: So many customers may be missing from a scan before a person is asked.
        suspects_share: Or this share of all, whichever is more.
        fall_share: The announced total may be lower than what is known by this share, or by `suspects_floor`.
        proofs_a_cycle: Khatas that are proven in a cycle; 0 for none but when somebody asks.
        proof_hours: A khata is proven again after so long.
        proof_minutes: One that changed, differed or could not be compared is looked at again after so long.
        proof_tries: How often a khata is read while its balance moves.
        backoff: Delays between attempts.
    """

    lanes: int = 4
    full_scan_hours: float = 6.0
    audit_hours: float = 7 * 24.0
    refresh_limit: int = 200
    rolling_refresh: int = 50
    newest_pages: int = 50
    most_pages: int = 10_000
    lookback_seconds: float = 5.0
    skew_seconds: float = 600.0
    merge_tries: int = 4
    silent_limit: int = 3
    foreign_refusals: int = 5
    suspects_floor: int = 20
    suspects_share: float = 0.005
    fall_share: float = 0.01
    proofs_a_cycle: int = 5
    proof_hours: float = 12.0
    proof_minutes: float = 10.0
    proof_tries: int = 3
    backoff: Backoff = field(default_factory=Backoff)


class InFlight:
    """The operations that this process is sending right now, so that nobody takes them for left-overs of a crash."""

    def __init__(self) -> None:
        self._ids: set[OperationId] = set()
        self._lock = Lock()

    @contextmanager
    def sending(self, operation_id: OperationId) -> Iterator[bool]:
        """Hold an operation while it is sent; yields False where another thread holds it."""
        with self._lock:
            free = operation_id not in self._ids
            self._ids.add(operation_id)
        try:
            yield free
        finally:
            if free:
                with self._lock:
                    self._ids.discard(operation_id)

    def __contains__(self, operation_id: object) -> bool:
        with self._lock:
            return operation_id in self._ids


@dataclass(frozen=True, slots=True)
class SyncContext:
    """The book, the server, the clock and the settings that all parts of the engine share."""

    book: Book
    api: CustomerApi
    connection_id: ConnectionId
    clock: Clock
    settings: SyncSettings
    in_flight: InFlight = field(default_factory=InFlight)
    changed: Changed = field(default_factory=Changed)


@dataclass(slots=True)
class Tally:
    """What a cycle did so far: figures by name and what cut it short. One a cycle; lanes add to it under a lock."""

    figures: dict[str, int] = field(default_factory=dict)
    problem: str | None = None
    retry_after: float | None = None
    meter: Meter = field(default_factory=Meter)
    _lock: Lock = field(default_factory=Lock)

    def add(self, name: str, count: int = 1) -> None:
        """Add to a figure."""
        with self._lock:
            self.figures[name] = self.figures.get(name, 0) + count

    def stop(self, problem: str, retry_after: float | None = None) -> None:
        """Note what cut the cycle short; the first cause stands."""
        with self._lock:
            if self.problem is None:
                self.problem, self.retry_after = problem, retry_after

    @property
    def stopped(self) -> bool:
        """Whether something cut the cycle short."""
        return self.problem is not None


def problem_of(error: PosError) -> tuple[str, float | None]:
    """Return an error's message id and how long the server asked to wait."""
    wait = error.params.get("retry_after")
    return error.id, float(wait) if isinstance(wait, int | float) else None


def check_cancelled(cancel: CancelToken | None) -> None:
    """Raise `Cancelled` when the work should end."""
    if cancel is not None and cancel.is_set():
        raise Cancelled


def moment_at(context: SyncContext, name: str) -> datetime | None:
    """Return the moment up to which a list was read; None where it never was.

    Args:
        context: Whose book.
        name: Of the checkpoint.
    """
    saved = context.book.read(lambda session: session.mirror.checkpoint(context.connection_id, name))
    return None if saved is None else datetime.fromisoformat(saved)
