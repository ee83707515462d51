"""What a server last said, as the sync engine writes it and the use cases read it; it may be wiped and rebuilt."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from posapp.domain.customer import Profile
from posapp.domain.ids import ConnectionId, CustomerId, RemoteId
from posapp.domain.money import Money
from posapp.services.dto import CustomerStatus
from posapp.services.ports.remote import SILENT, RemoteCustomer, RemoteEntry, Traits

HELD = "pushes_held"
"""Checkpoint: why nothing is sent to a server, a `Held`; none while all is well."""

CHANGED = "changed_since"
"""Checkpoint: up to when the changes were read, by the server's clock."""

DELETED = "deleted_since"
"""Checkpoint: up to when the deletions were read."""

NEWEST = "newest"
"""Checkpoint: the record that changed last, or was made last where a server lists no changes: by it the server is known
again."""

SCANNED_AT = "scanned_at"
"""Checkpoint: when a full scan was last completed, by this till's clock."""

WENT_BACK_TO = "went_back_to"
"""Checkpoint: the newest moment, by the server's clock, at which a server that went back agrees with this till."""

SENSELESS = "changes_senseless"
"""Checkpoint: set while the last list of changes made no sense."""

CREATES_REPEATED = "creates_repeated"
"""Checkpoint: creates that a repeat ended and whose twin is to be looked for, as a JSON list of operation ids."""

TIMELINE = "timeline"
"""Checkpoint: which kept khata acts stand on the server's timelines, as JSON: all up to act `seq` but those `left`."""

SUSPECTS_ALLOWED = "suspects_allowed"
"""Checkpoint: a person's leave to ask for missing customers one by one, as JSON: how many at `most`, `until` when."""


@dataclass(frozen=True, slots=True)
class MirrorRow:
    """What the book knows of one remote customer, as much as a pull needs to decide.

    Attributes:
        remote_id: The server's id.
        customer_id: Ours; None while the row waits for a doubtful create to be settled.
        digest: Of the last fields seen.
        profile: The last fields seen: the base of merges.
        status: As the server last showed it.
        lane_epoch: Of the customer; compare with the epoch at the start of a request.
        busy: Whether an operation of hers is in flight or unknown.
        edited: Whether an edit of hers is not yet confirmed.
        unproven: Whether an accepted operation of hers was not yet seen in the server's data.
        traits: What else the server last said.
        created_at: When the record was made there, by the server's clock; None where it does not say.
    """

    remote_id: RemoteId
    customer_id: CustomerId | None
    digest: bytes
    profile: Profile
    status: CustomerStatus
    lane_epoch: int
    busy: bool
    edited: bool
    unproven: bool
    traits: Traits = SILENT
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ScanRun:
    """A full scan under way: it resumes at `next_page` after a crash.

    Attributes:
        generation: Number of the scan; rows seen carry it.
        next_page: To be read next, descending to 1; 0 when only the tail remains.
        last_page: Highest page when the scan began.
        page_size: Rows a full page really holds.
        started_at: When it began.
        rows_seen: Rows read so far.
    """

    generation: int
    next_page: int
    last_page: int
    page_size: int
    started_at: datetime
    rows_seen: int


class Held(StrEnum):
    """Why nothing is sent to a server.

    `OTHER_STORE`: it shows none of the customers that this till knows. `WENT_BACK`: it stands at an older state, what
    it lost is not known yet. `ASKED`: a person is asked what becomes of it. `DECIDED`: that was said, and whom the
    server does not show any more is still to be let go of. `REPLACED`: the till works with another server.
    """

    OTHER_STORE = "other_store"
    WENT_BACK = "went_back"
    ASKED = "asked"
    DECIDED = "decided"
    REPLACED = "replaced"


@dataclass(frozen=True, slots=True)
class Landmark:
    """A customer by whom a server is known again.

    Attributes:
        remote_id: The server's id.
        customer_id: Ours; None for nobody yet.
        changed_at: When the record last changed there, as last seen; its creation where the server does not say.
    """

    remote_id: RemoteId
    customer_id: CustomerId | None
    changed_at: datetime | None


class Mirror(Protocol):
    """What the server last said; written by the sync engine alone, may be wiped and rebuilt."""

    def remote_id(self, connection_id: ConnectionId, customer_id: CustomerId) -> RemoteId | None:
        """Return a customer's id on a server."""
        ...

    def rows(self, connection_id: ConnectionId, remote_ids: Iterable[RemoteId]) -> Mapping[RemoteId, MirrorRow]:
        """Return what is known of some remote customers; unknown ones are missing."""
        ...

    def epoch(self) -> int:
        """Return the highest lane epoch given out so far: ask before a request, compare on applying its answer."""
        ...

    def insert(
        self,
        connection_id: ConnectionId,
        rows: Sequence[tuple[RemoteCustomer, CustomerId | None, bytes]],
        *,
        generation: int,
        seen_at: datetime,
    ) -> None:
        """Add rows seen for the first time (record, our customer or None to leave it unadopted, digest).

        A customer id that the book does not have yet gets a new customer with the row's profile, indexed.
        """
        ...

    def update(
        self,
        connection_id: ConnectionId,
        rows: Sequence[tuple[RemoteCustomer, bytes]],
        *,
        generation: int,
        seen_at: datetime,
        with_numbers: Callable[[RemoteId], bool],
    ) -> None:
        """Replace rows that changed; points and balance only where `with_numbers` says so and the row carries them."""
        ...

    def mark_seen(self, connection_id: ConnectionId, remote_ids: Iterable[RemoteId], generation: int) -> None:
        """Note that unchanged rows were seen in a scan."""
        ...

    def link(self, connection_id: ConnectionId, remote_id: RemoteId, customer_id: CustomerId) -> None:
        """Tie a remote customer to ours, whether or not the row was seen already."""
        ...

    def unadopted(self, connection_id: ConnectionId) -> Sequence[RemoteCustomer]:
        """Return rows that belong to no customer of ours yet."""
        ...

    def adopt(self, connection_id: ConnectionId, remote_id: RemoteId) -> CustomerId:
        """Make a customer for an unadopted row and return her id."""
        ...

    def set_numbers(
        self,
        connection_id: ConnectionId,
        remote_id: RemoteId,
        *,
        points: int | None,
        balance: Money | None,
        as_of: datetime,
    ) -> None:
        """Set points and balance as the server just told them; None leaves a number as it is."""
        ...

    def replace_entries(self, connection_id: ConnectionId, remote_id: RemoteId, entries: Sequence[RemoteEntry]) -> None:
        """Replace the mirrored khata of a customer by the whole khata as the server just told it."""
        ...

    def add_entry(self, connection_id: ConnectionId, remote_id: RemoteId, entry: RemoteEntry) -> None:
        """Add one entry that the server just answered; a known one stays as it is."""
        ...

    def entries(self, connection_id: ConnectionId, remote_id: RemoteId) -> Sequence[RemoteEntry]:
        """Return the mirrored khata in posting order."""
        ...

    def set_status(self, connection_id: ConnectionId, remote_id: RemoteId, status: CustomerStatus) -> None:
        """Note that a remote customer is gone or anonymised; the caller sets our customer's status."""
        ...

    def merge_into(self, connection_id: ConnectionId, remote_id: RemoteId, primary: RemoteId) -> None:
        """Note that a remote customer was merged into another."""
        ...

    def due_for_refresh(
        self, connection_id: ConnectionId, limit: int, *, marked_only: bool = False
    ) -> Sequence[RemoteId]:
        """Return customers to be fetched one by one: marked ones first, then khatas never fetched, then the oldest.

        A mark goes when `update`, `insert` or `set_numbers` brings the numbers, or the customer is gone.
        """
        ...

    def mark_for_refresh(self, connection_id: ConnectionId, remote_ids: Iterable[RemoteId]) -> None:
        """Ask for customers to be fetched one by one in the next cycle."""
        ...

    def checkpoint(self, connection_id: ConnectionId, name: str) -> str | None:
        """Return a saved position (`changed_since`, `deleted_since`, `newest`); None where there is none."""
        ...

    def set_checkpoint(self, connection_id: ConnectionId, name: str, value: str | None) -> None:
        """Save a position, in the transaction of the rows it stands for; None forgets it."""
        ...

    def scan_run(self, connection_id: ConnectionId) -> ScanRun | None:
        """Return the scan under way; None where none is."""
        ...

    def save_scan_run(self, connection_id: ConnectionId, run: ScanRun | None) -> None:
        """Save the scan's position, or that it ended."""
        ...

    def last_generation(self, connection_id: ConnectionId) -> int:
        """Return the number of the newest scan begun so far; 0 where there was none."""
        ...

    def not_seen_since(self, connection_id: ConnectionId, generation: int) -> Sequence[RemoteId]:
        """Return live remote customers that a complete scan did not show: suspects, never deletions."""
        ...

    def live_count(self, connection_id: ConnectionId) -> int:
        """Return how many live remote customers are known."""
        ...

    def newest(self, connection_id: ConnectionId, limit: int) -> Sequence[Landmark]:
        """Return live remote customers, the one that changed last first."""
        ...

    def oldest(self, connection_id: ConnectionId, limit: int) -> Sequence[Landmark]:
        """Return live remote customers, the one created first at the server first."""
        ...

    def forget(self, connection_id: ConnectionId, remote_id: RemoteId) -> None:
        """Take a remote customer out of the mirror: ours is not there under that id, and is to get another if any."""
        ...
