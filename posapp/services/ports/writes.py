"""What the till may ask a customer server to change, the bytes it asks with, and what is certain afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from posapp.domain.customer import FieldValue, Profile
from posapp.domain.ids import RemoteId
from posapp.domain.ledger import Direction
from posapp.domain.money import Money
from posapp.services.ports.remote import RemoteCustomer, RemoteEntry


class Repeat(StrEnum):
    """How repeating a write is made safe (design, section 5).

    `KEY`: the server honours an idempotency key. `NATURAL`: it sets the same value again. `UNIQUE`: the server enforces
    a key of ours. `PROBE`: the effect can be looked for after a quarantine. `NEVER`: evidence or a person decides.
    """

    KEY = "key"
    NATURAL = "natural"
    UNIQUE = "unique"
    PROBE = "probe"
    NEVER = "never"


class Outcome(StrEnum):
    """What is certain after a request (design, section 5).

    `OK`: applied, and the answer has the right shape. `REFUSED`: definitely not applied. `NOT_SENT`: it never reached
    the server. `LATER`: not applied now, come back later (425, 429, 409 `in_progress`). `SIGN_IN`: not applied,
    the credential is refused. `AMBIGUOUS`: anything else.
    """

    OK = "ok"
    REFUSED = "refused"
    NOT_SENT = "not_sent"
    LATER = "later"
    SIGN_IN = "sign_in"
    AMBIGUOUS = "ambiguous"


@dataclass(frozen=True, slots=True)
class CreateCustomer:
    """Make a customer."""

    profile: Profile


@dataclass(frozen=True, slots=True)
class EditCustomer:
    """Set some fields of a customer; tags are the whole list.

    Attributes:
        remote_id: Whose.
        fields: As they shall be.
        etag: Of the record that they were merged with; None for none.
        tags_seen: The tags that the record had, for a server that is told what to add or to take away.
    """

    remote_id: RemoteId
    fields: Mapping[str, FieldValue]
    etag: str | None = None
    tags_seen: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DeleteCustomer:
    """Delete a customer, whatever that means there."""

    remote_id: RemoteId


@dataclass(frozen=True, slots=True)
class PostEntry:
    """Write a khata entry; `reference_id` is the operation's id."""

    remote_id: RemoteId
    reference_id: str
    direction: Direction
    amount: Money
    description: str
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class PostSale:
    """Write a sale with its part on account and its points; `sale_id` is the operation's id."""

    remote_id: RemoteId
    sale_id: str
    total: Money
    on_account: Money
    points_redeemed: int
    receipt_number: str | None
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class RedeemPoints:
    """Take points off; `sale_id` names the bill."""

    remote_id: RemoteId
    points: int
    sale_id: str


@dataclass(frozen=True, slots=True)
class ReverseSale:
    """Undo a whole sale: khata, points and totals go back."""

    remote_id: RemoteId
    sale_id: str
    reversal_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class AdjustPoints:
    """Add points (or take, negative), for a correction."""

    remote_id: RemoteId
    reference_id: str
    points: int
    reason: str


@dataclass(frozen=True, slots=True)
class LogLine:
    """Write a line for people on a customer's timeline; it counts nowhere."""

    remote_id: RemoteId
    reference_id: str
    text: str


Write = (
    CreateCustomer
    | EditCustomer
    | DeleteCustomer
    | PostEntry
    | PostSale
    | RedeemPoints
    | ReverseSale
    | AdjustPoints
    | LogLine
)
"""Everything that the till may ask a server to change."""


@dataclass(frozen=True, slots=True)
class PreparedRequest:
    """A write as the exact bytes that will leave the till, without the credential.

    Attributes:
        method: HTTP method.
        path: Below the connection's base URL.
        body: JSON or form bytes; empty for none.
        content_type: Of the body; empty for none.
        key: The idempotency key; None where the server takes none. A repeat under the same key sends the same bytes.
        headers: Further headers (`If-Match`); never a credential.
    """

    method: str
    path: str
    body: bytes
    content_type: str
    key: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WriteAnswer:
    """What a server's answer to a write told, as far as it told it.

    Attributes:
        customer: The customer's record (create, edit).
        points: Points left (redeem, sale, adjust).
        balance: The khata's balance right after the entry (entry, sale).
        entry: The khata entry as the server wrote it.
        points_earned: By a sale.
        discount: That the redeemed points gave.
        replayed: The server repeated an earlier answer: its numbers may be old.
    """

    customer: RemoteCustomer | None = None
    points: int | None = None
    balance: Money | None = None
    entry: RemoteEntry | None = None
    points_earned: int | None = None
    discount: Money | None = None
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class WriteResult:
    """What is certain after one attempt.

    Attributes:
        outcome: The class of what happened.
        status: HTTP status; None where no answer came.
        code: The server's error code (`insufficient_points`); empty for none.
        server_text: What the server said, at most 500 characters of plain text, to be quoted, never shown as ours.
        retry_after: Seconds to wait before the next attempt; None where it did not say.
        answer: Only with `OK`.
        error_kind: Which failure it was (`ConnectError`, `html`, `wrong_shape`), for the evidence; may be empty.
    """

    outcome: Outcome
    status: int | None = None
    code: str = ""
    server_text: str = ""
    retry_after: float | None = None
    answer: WriteAnswer | None = None
    error_kind: str = ""
