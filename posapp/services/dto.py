"""Frozen rows that leave the book: what the window, the command line and the sync engine are shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from posapp.domain.customer import Profile
from posapp.domain.ids import ConnectionId, CustomerId, EntryId, InboxId, OperationId
from posapp.domain.ledger import Direction, EntryKind, LedgerEntry
from posapp.domain.loyalty import PointsEntry
from posapp.domain.money import Money
from posapp.domain.operation import Operation, OperationState
from posapp.services.ports.remote import Capabilities


class CustomerStatus(StrEnum):
    """Whether a customer can be served: `LIVE`, `DELETED` here or there, `ANONYMIZED` (person erased, history kept)."""

    LIVE = "live"
    DELETED = "deleted"
    ANONYMIZED = "anonymized"


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer as the screen shows her: the mirror with this till's unsent edits on top.

    Attributes:
        id: In this book.
        profile: The fields that people type.
        status: Whether she can be served.
        card_code: Of her loyalty card; kept on this till.
        credit_limit: Hers; None for the shop's default, zero for no credit.
        created_at: When this book first knew her.
        lane_epoch: Grows with every send and every settled send of hers (research/sync, section 3.8).
    """

    id: CustomerId
    profile: Profile
    status: CustomerStatus
    created_at: datetime
    card_code: str | None = None
    credit_limit: Money | None = None
    lane_epoch: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """A customer's numbers, each with where it comes from; nothing unknown looks like zero.

    Attributes:
        server_balance: What the server last said; None where it keeps a khata that was not fetched yet. Zero for a
            customer whom no server knows.
        balance_as_of: When the server said it; None where it did not.
        unsent_balance: Effect of khata acts at this till that the server's figure does not hold yet.
        kept_balance: Effect of khata acts that live in this till's book alone.
        server_points: As `server_balance`, for points.
        points_as_of: As `balance_as_of`.
        unsent_points: Effect of sales and redemptions that the server's figure does not hold yet.
        unsent_redeemed: The redeemed part of `unsent_points`, positive: points that may be gone already.
        kept_points: Effect on points that lives in this till's book alone.
        total_spent: As the server last said it; None where it did not.
        total_orders: As `total_spent`.
    """

    server_balance: Money | None
    balance_as_of: datetime | None
    unsent_balance: Money
    kept_balance: Money
    server_points: int | None
    points_as_of: datetime | None
    unsent_points: int
    unsent_redeemed: int
    kept_points: int
    total_spent: Money | None = None
    total_orders: int | None = None

    @property
    def balance(self) -> Money | None:
        """The whole balance, negative when the customer owes; None while the server's part is unknown."""
        if self.server_balance is None:
            return None
        return self.server_balance + self.unsent_balance + self.kept_balance

    @property
    def points(self) -> int | None:
        """All points shown; None while the server's part is unknown."""
        if self.server_points is None:
            return None
        return self.server_points + self.unsent_points + self.kept_points


class LineState(StrEnum):
    """How far a line has come: `SAVED` here, `SENT` and taken, `CONFIRMED` in the server's own data, and the rest."""

    SAVED = "saved"
    SENT = "sent"
    CONFIRMED = "confirmed"
    DOUBTFUL = "doubtful"
    REJECTED = "rejected"
    NEEDS_HUMAN = "needs_human"
    KEPT = "kept"
    SERVER = "server"


LINE_STATES: Mapping[OperationState, LineState] = {
    OperationState.PENDING: LineState.SAVED,
    OperationState.IN_FLIGHT: LineState.DOUBTFUL,
    OperationState.UNKNOWN: LineState.DOUBTFUL,
    OperationState.ACKED: LineState.SENT,
    OperationState.CONFIRMED: LineState.CONFIRMED,
    OperationState.REJECTED: LineState.REJECTED,
    OperationState.CANCELLED: LineState.REJECTED,
    OperationState.NEEDS_HUMAN: LineState.NEEDS_HUMAN,
    OperationState.KEPT: LineState.KEPT,
}
"""How far what an act wrote has come, by how far the act has come."""


@dataclass(frozen=True, slots=True)
class KhataLine:
    """One line of a khata, from either side; a line known to both sides appears once.

    Attributes:
        entry_id: This book's id of the line; for a server's line the server's id.
        operation_id: The act at this till; None for a line that was written elsewhere.
        kind: None where the server does not say.
        direction: Which way it moves the balance.
        amount: Positive.
        occurred_at: When it happened in the shop, as far as known; else when it was posted.
        recorded_at: When the server posted it; None while it has not.
        description: In the shop's words.
        reference: Receipt or reference.
        state: How far it has come.
        counted: Whether it moves the balance (a refused act does not).
        backdated: Whether a person set the day.
        reversed_by: The line that undoes it.
        reverses: The line that it undoes.
        balance_after: Running balance as the server posted it; None for unsent lines.
        due_on: The day agreed for a debit; None for the shop's terms.
        till_seq: Place of the act among this till's acts; None for a line that was written elsewhere.
        till: The till of this shop that keeps it; None for this one, and for the server's lines.
        taken_at: When it came from that till to this one; None for any other line.
    """

    entry_id: EntryId
    operation_id: OperationId | None
    kind: EntryKind | None
    direction: Direction
    amount: Money
    occurred_at: datetime
    recorded_at: datetime | None
    description: str
    reference: str | None
    state: LineState
    counted: bool = True
    backdated: bool = False
    reversed_by: EntryId | None = None
    reverses: EntryId | None = None
    balance_after: Money | None = None
    due_on: date | None = None
    till_seq: int | None = None
    till: str | None = None
    taken_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PointsLine:
    """One movement of points at a till, or the server's own figure as the line they stand on.

    `till` names the till of this shop that keeps it; None for this one.
    """

    operation_id: OperationId | None
    points: int
    occurred_at: datetime
    description: str
    state: LineState
    counted: bool = True
    till: str | None = None


@dataclass(frozen=True, slots=True)
class SaleRecord:
    """A bill as recorded at this till; amounts in the shop's currency."""

    id: OperationId
    customer_id: CustomerId
    total: Money
    discount: Money
    on_account: Money
    paid: Money
    points_redeemed: int
    points_earned: int
    receipt_number: str | None
    occurred_at: datetime
    kept: bool = False


@dataclass(frozen=True, slots=True)
class Written:
    """What an operation wrote beside itself, as it lies in the book now."""

    entries: tuple[LedgerEntry, ...] = ()
    points: tuple[PointsEntry, ...] = ()
    sale: SaleRecord | None = None


@dataclass(frozen=True, slots=True)
class OperationView:
    """An operation with its delivery, for the outbox and the engine.

    Attributes:
        operation: The act.
        state: Where it is.
        not_before: No attempt before this moment.
        evidence: What the engine noted (last error, numbers before, request id); JSON values.
        attempts: How many times something may have left the till; one that ended as `not_sent` does not count.
    """

    operation: Operation
    state: OperationState
    not_before: datetime | None
    evidence: Mapping[str, object]
    attempts: int


@dataclass(frozen=True, slots=True)
class InboxItem:
    """Something that a person must decide.

    Attributes:
        id: Of this item.
        kind: `rejected`, `unknown`, `conflict`, `customer_gone`, `suspects`, `capability_gone`, …
        operation_id: The act in question, if it is one.
        customer_id: Whom it is about, if anyone.
        meant: What was meant, as values that a screen can say.
        server_said: The server's words, to be quoted as plain text; empty for none.
        evidence: What is known.
        opened_at: When it came up.
        resolved_at: When it was settled; None while open.
        resolution: How it was settled; None while open.
        decided_by: Who settled it; None while open, or where no person was asked.
        approved_by: The manager who allowed it; None for nobody.
        reason: Why, in the words of who settled it; empty for none, or once the person is erased.
        target: What it was linked to; None for nothing.
    """

    id: InboxId
    kind: str
    operation_id: OperationId | None
    customer_id: CustomerId | None
    meant: Mapping[str, object]
    server_said: str
    evidence: Mapping[str, object]
    opened_at: datetime
    resolved_at: datetime | None = None
    resolution: str | None = None
    decided_by: str | None = None
    approved_by: str | None = None
    reason: str = ""
    target: str | None = None


@dataclass(frozen=True, slots=True)
class Connection:
    """A customer server that this till works with; its credential lies in the keychain under `secret_name`."""

    id: ConnectionId
    name: str
    api: str
    base_url: str
    store: str | None
    primary: bool
    capabilities: Capabilities
    created_at: datetime
    last_success_at: datetime | None = None
    paused: bool = False
    clock_skew_seconds: float | None = None

    @property
    def secret_name(self) -> str:
        """Where in the keychain the credential lies."""
        return f"connection.{self.id}"


@dataclass(frozen=True, slots=True)
class LedgerDetails:
    """What an entry carries beside its amount: kept for later screens, never sent where the API has no place for it."""

    tender: str | None = None
    reference: str | None = None
    note: str | None = None
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """The figures of the status line.

    Attributes:
        customers: Live ones.
        waiting: Operations that will go out by themselves.
        needs_attention: Open inbox items.
        kept: Operations that live on this till alone.
        oldest_waiting: When the oldest waiting operation was recorded; None where none waits.
        phones_missing: Customers whose phone was not read yet, on a server whose lists do not carry phones.
    """

    customers: int
    waiting: int
    needs_attention: int
    kept: int
    oldest_waiting: datetime | None = None
    phones_missing: int = 0


@dataclass(frozen=True, slots=True)
class CycleReport:
    """How one sync cycle ended.

    Attributes:
        pulled: Customers written to the book.
        pushed: Operations the server took.
        waiting: Operations still to go.
        needs_attention: Open inbox items.
        requests: HTTP requests made.
        seconds: How long it took.
        complete: Whether everything that was planned was done.
        problem: Message id of what cut the cycle short; None for nothing.
        details: Further figures (`removed`, `confirmed`, `refreshed`), by name.
        changed: Customers who may look different than before; None for too many to name.
    """

    pulled: int
    pushed: int
    waiting: int
    needs_attention: int
    requests: int
    seconds: float
    complete: bool
    problem: str | None = None
    details: Mapping[str, int] = field(default_factory=dict)
    changed: frozenset[CustomerId] | None = frozenset()
