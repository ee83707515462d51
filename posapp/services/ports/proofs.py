"""Which khatas were proven equal to the server's, and what was seen when (design, promise 6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from posapp.domain.ids import ConnectionId, CustomerId, RemoteId
from posapp.domain.money import Money
from posapp.domain.proof import Difference, Figures
from posapp.services.ports.remote import RemoteEntry


class ProofState(StrEnum):
    """How far a khata's proof is.

    `UNPROVEN`: it was read, never proven. `PROVEN`: it was equal when it was last compared. `MISMATCH`: it was not,
    and it is held for new credit. `ACCEPTED`: a person takes what the server says at the next reading as right.
    """

    UNPROVEN = "unproven"
    PROVEN = "proven"
    MISMATCH = "mismatch"
    ACCEPTED = "accepted"


@dataclass(frozen=True, slots=True)
class Seen:
    """What this till saw of a khata so far.

    Attributes:
        entries: As mirrored, in their order.
        seal: Over the entries when they were written down.
        intact: Whether they still are as they were written down.
        state: Of the proof.
        settled_until: A person accepted whatever the server posted until then.
        balance: The server's balance as shown here; None where it is not known, or known to differ.
    """

    entries: Sequence[RemoteEntry]
    seal: bytes
    intact: bool
    state: ProofState
    settled_until: datetime | None
    balance: Money | None = None


@dataclass(frozen=True, slots=True)
class KhataProof:
    """How a customer's khata stands against the server's.

    Attributes:
        state: How far its proof is.
        proven_at: When it was last proven equal; None for never.
        current: Whether that proof covers all that this till knows of the server's khata now.
        difference: What was wrong, as plain values (`kind`, `position`, `ours`, `theirs`); None for nothing.
    """

    state: ProofState
    proven_at: datetime | None
    current: bool
    difference: Mapping[str, object] | None

    @property
    def held(self) -> bool:
        """Whether no new credit goes on this khata but by a manager."""
        return self.state is ProofState.MISMATCH


@dataclass(frozen=True, slots=True)
class HeldKhata:
    """A khata that is not proven equal, with the first thing in which both sides differ."""

    customer_id: CustomerId
    name: str
    difference: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class ProofSummary:
    """How many khatas of the primary server are proven.

    Attributes:
        proven: Khatas whose proof covers all that is known of them.
        of: All khatas that are known.
        at: When a khata was last proven; None for never.
        held: Khatas that differ.
    """

    proven: int
    of: int
    at: datetime | None
    held: int


@dataclass(frozen=True, slots=True)
class ProofReport:
    """How a pass over all khatas ended.

    Attributes:
        proven: Khatas that are equal to the server's.
        of: Khatas that were to be compared.
        at: When the pass ended.
        mismatches: Those that differ.
        problem: Message id of what cut the pass short; None for nothing.
    """

    proven: int
    of: int
    at: datetime
    mismatches: Sequence[HeldKhata]
    problem: str | None = None

    @property
    def open(self) -> int:
        """Khatas that could not be compared now: something of theirs is on its way, or they were not reached."""
        return self.of - self.proven - len(self.mismatches)


class Proofs(Protocol):
    """What was seen of khatas, and what their proofs came to."""

    def seen(self, connection_id: ConnectionId, remote_id: RemoteId) -> Seen:
        """Return what was seen of a khata so far."""
        ...

    def seal(self, connection_id: ConnectionId, remote_id: RemoteId) -> bytes:
        """Return the seal of what was seen of a khata: another one later says that it was written since."""
        ...

    def of_customer(self, customer_id: CustomerId) -> KhataProof | None:
        """Return how a customer's khata stands against the primary server's; None where that one keeps none of hers."""
        ...

    def is_held(self, customer_id: CustomerId) -> bool:
        """Return whether a customer's khata differs from the primary server's, so that no new credit goes on it."""
        ...

    def note_proven(self, connection_id: ConnectionId, remote_id: RemoteId, figures: Figures, at: datetime) -> None:
        """Note that a khata was proven; a hold ends."""
        ...

    def note_mismatch(
        self, connection_id: ConnectionId, remote_id: RemoteId, difference: Difference, at: datetime
    ) -> None:
        """Note that a khata differs, and hold it."""
        ...

    def note_tried(self, connection_id: ConnectionId, remote_id: RemoteId, at: datetime) -> None:
        """Note that a khata could not be compared, so that others come first."""
        ...

    def accept(self, customer_id: CustomerId) -> None:
        """Take what the primary server says at the next reading as right; the hold ends, and it is read soon."""
        ...

    def accept_all(self, connection_id: ConnectionId) -> None:
        """Take what a server says of every khata at the next reading as right: it is not what it was."""
        ...

    def note_accepted(self, connection_id: ConnectionId, remote_id: RemoteId, settled_until: datetime | None) -> None:
        """Note that what a person accepted was read: what comes later follows from it."""
        ...

    def due(
        self, connection_id: ConnectionId, limit: int, *, stale_before: datetime, retry_before: datetime
    ) -> Sequence[RemoteId]:
        """Return khatas to be proven: those that changed first, then the ones not tried for longest.

        Args:
            connection_id: The server.
            limit: At most so many.
            stale_before: A proven khata is due again when it was tried before then.
            retry_before: One that differed or could not be compared is, when it was tried before then.
        """
        ...

    def khatas(self, connection_id: ConnectionId) -> Sequence[RemoteId]:
        """Return all customers of a server who have a khata there, or may have one that was not fetched yet."""
        ...

    def summary(self) -> ProofSummary | None:
        """Return how many khatas are proven; None where no server keeps any."""
        ...

    def held(self) -> Sequence[HeldKhata]:
        """Return the khatas of the primary server that differ."""
        ...
