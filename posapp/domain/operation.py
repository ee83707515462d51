"""An act of a person at this till, and its life until a server provably has it (design, sections 4 and 5).

The words here are shared by the services that record acts, the store that keeps them and the engine that sends them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from posapp.domain.ids import CustomerId, OperationId, TillId

GENESIS_HASH = "0" * 64
"""`prev_hash` of a till's first operation."""


RESTORED = "restored"
"""In an act's evidence: when it came back from a copy. What became of it since the copy was made nobody knows: it may
have been sent, from here before a disaster or by a till that is dead (design, section 4)."""

WITHDRAWN = "withdrawn"
"""Choice of a decision that an act has no effect: nothing of it was sent, or the server refused it and the cashier was
told. A copy says so with it; else the act would come back from the copy as one that may have been sent."""

GIVE_AT_RISK = "give_at_risk"
"""The choice of a decision that gives a discount while nobody knows whether the server took the points off."""

STAYS = "stays"
"""In a kept edit's intent: what it says stays on this till over what the server has, as a person decided."""

LOCAL = "local"
"""In an act's intent and person: what no server holds, the credit limit and the card."""


class OperationKind(StrEnum):
    """What a person did; a closed list."""

    CUSTOMER_CREATE = "customer_create"
    CUSTOMER_EDIT = "customer_edit"
    CUSTOMER_DELETE = "customer_delete"
    SALE = "sale"
    REDEEM = "redeem"
    OPENING = "opening"
    CHARGE = "charge"
    PAYMENT = "payment"
    RETURN = "return"
    PAYOUT = "payout"
    SETTLEMENT = "settlement"
    WRITE_OFF = "write_off"
    REVERSAL = "reversal"
    RESOLUTION = "resolution"


LEDGER_KINDS = frozenset(
    {
        OperationKind.OPENING,
        OperationKind.CHARGE,
        OperationKind.PAYMENT,
        OperationKind.RETURN,
        OperationKind.PAYOUT,
        OperationKind.SETTLEMENT,
        OperationKind.WRITE_OFF,
    }
)
"""Acts that are one khata entry and nothing else."""


class OperationState(StrEnum):
    """Where an operation is on its way to the server.

    `PENDING` waits to be sent. `IN_FLIGHT` is being sent. `UNKNOWN` was sent and nobody knows what became of it.
    `ACKED` was taken by the server. `CONFIRMED` was seen in the server's own data. `REJECTED` was refused there and not
    applied. `NEEDS_HUMAN` is in the inbox. `CANCELLED` was taken back before anything was sent. `KEPT` belongs to this
    till's book alone, for no server takes it.
    """

    PENDING = "pending"
    IN_FLIGHT = "in_flight"
    UNKNOWN = "unknown"
    ACKED = "acked"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    NEEDS_HUMAN = "needs_human"
    CANCELLED = "cancelled"
    KEPT = "kept"


TRANSITIONS: Mapping[OperationState, frozenset[OperationState]] = {
    OperationState.PENDING: frozenset(
        {OperationState.IN_FLIGHT, OperationState.CANCELLED, OperationState.NEEDS_HUMAN, OperationState.KEPT}
    ),
    OperationState.IN_FLIGHT: frozenset(
        {
            OperationState.PENDING,
            OperationState.UNKNOWN,
            OperationState.ACKED,
            OperationState.CONFIRMED,
            OperationState.REJECTED,
            OperationState.NEEDS_HUMAN,
        }
    ),
    OperationState.UNKNOWN: frozenset(
        {
            OperationState.IN_FLIGHT,
            OperationState.PENDING,
            OperationState.ACKED,
            OperationState.CONFIRMED,
            OperationState.REJECTED,
            OperationState.NEEDS_HUMAN,
        }
    ),
    OperationState.ACKED: frozenset({OperationState.CONFIRMED, OperationState.NEEDS_HUMAN}),
    OperationState.NEEDS_HUMAN: frozenset(
        {OperationState.PENDING, OperationState.ACKED, OperationState.REJECTED, OperationState.KEPT}
    ),
    OperationState.KEPT: frozenset({OperationState.PENDING, OperationState.UNKNOWN}),
    OperationState.CONFIRMED: frozenset({OperationState.NEEDS_HUMAN}),
    OperationState.REJECTED: frozenset(),
    OperationState.CANCELLED: frozenset(),
}
"""Every step that an operation may take; anything else is a bug that the store refuses."""

WAITING = frozenset({OperationState.PENDING, OperationState.IN_FLIGHT, OperationState.UNKNOWN, OperationState.ACKED})
"""States that drain by themselves: the figure *waiting* counts these."""

OVERLAY = WAITING | {OperationState.NEEDS_HUMAN, OperationState.KEPT}
"""States whose effect the mirror does not hold yet: the screen adds it to what the server said."""

LONGEST_REST = timedelta(hours=1)
"""No server's wish and no backoff lets an act rest for longer; only a shop's own quarantine may."""

DOUBTFUL = frozenset({OperationState.IN_FLIGHT, OperationState.UNKNOWN})
"""States in which the server may or may not have applied the operation."""


def longest_rest(quarantine: float) -> timedelta:
    """Return the longest that an act can have been told to rest: what lies farther ahead comes from a wrong clock.

    Args:
        quarantine: Seconds that a doubtful write rests in this shop.
    """
    return max(LONGEST_REST, timedelta(seconds=quarantine))


def rests(not_before: datetime | None, now: datetime, quarantine: float) -> bool:
    """Return whether an act must not be tried yet.

    Args:
        not_before: Until when it rests; None for not at all.
        now: By the clock as it is now, which may have been put back since.
        quarantine: Seconds that a doubtful write rests in this shop.
    """
    return not_before is not None and now < not_before <= now + longest_rest(quarantine)


@dataclass(frozen=True, slots=True)
class Operation:
    """One act, as recorded; its content never changes.

    Attributes:
        id: UUIDv7 made when the dialog opened, so that a double click is one act.
        till_id: The till that recorded it.
        till_seq: Its place in the till's order, from 1 without gaps.
        kind: What was done.
        customer_id: To whom; also its lane.
        intent: Ids, amounts in minor units and digests of personal data; JSON values only.
        actor: Who did it.
        approved_by: The manager who allowed it, where a rule asked for one.
        occurred_at: When it happened in the shop.
        recorded_at: When this till's clock said it was recorded.
        reverses: The operation that this one undoes.
        prev_hash: Hash of the operation before it at this till.
        hash: Of all of the above.
    """

    id: OperationId
    till_id: TillId
    till_seq: int
    kind: OperationKind
    customer_id: CustomerId
    intent: Mapping[str, object]
    actor: str
    occurred_at: datetime
    recorded_at: datetime
    prev_hash: str
    hash: str
    approved_by: str | None = None
    reverses: OperationId | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """An operation before the book gives it its place in the chain.

    `person` holds what identifies somebody (names, phones, changed fields); it is stored beside the chain, where an
    erasure may delete it.
    """

    id: OperationId
    kind: OperationKind
    customer_id: CustomerId
    intent: Mapping[str, object]
    actor: str
    occurred_at: datetime
    approved_by: str | None = None
    reverses: OperationId | None = None
    person: Mapping[str, object] = field(default_factory=dict)


def canonical_json(value: object) -> str:
    """Return JSON in one form only: sorted keys, no blanks, no NaN, so that equal content has equal bytes."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def operation_hash(operation: Operation) -> str:
    """Return the hash that chains an operation to the one before it (SHA-256 over its canonical content)."""
    content = {
        "id": operation.id,
        "till_id": operation.till_id,
        "till_seq": operation.till_seq,
        "kind": operation.kind.value,
        "customer_id": operation.customer_id,
        "intent": dict(operation.intent),
        "actor": operation.actor,
        "approved_by": operation.approved_by,
        "occurred_at": operation.occurred_at.isoformat(),
        "recorded_at": operation.recorded_at.isoformat(),
        "reverses": operation.reverses,
        "prev_hash": operation.prev_hash,
    }
    return hashlib.sha256(canonical_json(content).encode()).hexdigest()


def person_digest(salt: bytes, person: Mapping[str, object]) -> str:
    """Return a salted hash of personal data, which ties it to the chain without revealing it once it is erased."""
    return hashlib.blake2b(canonical_json(dict(person)).encode(), key=salt, digest_size=20).hexdigest()
