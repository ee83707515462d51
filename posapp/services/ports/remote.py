"""A customer server as the till sees it, whatever its API is: what can be read, what can be written, what came of it.

A connector implements `CustomerApi`. It declares what its server can do (`Capabilities`) and, for each write, how a
repeat is made safe (design, section 5); nobody else knows an API's name.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Protocol

from posapp.domain.customer import FieldValue, Profile
from posapp.domain.ids import RemoteId
from posapp.domain.ledger import Direction
from posapp.domain.money import Money


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
class Capabilities:
    """What a connected server can do.

    Attributes:
        idempotency_keys: Every write may carry a key under which a repeat is answered, not applied.
        key_ttl_seconds: How long the server remembers a key.
        updated_since: Lists can be read by change, oldest first.
        tombstones: Deletions can be listed.
        etags: One customer has a strong ETag; writes may be conditional.
        points: It keeps points; `redeem` works.
        redeem_unique: A redemption is unique by its sale.
        ledger: It keeps a khata that can be read.
        ledger_write: Khata entries can be written.
        unique_references: What is written under a reference of ours is written once.
        sales: Sales can be written.
        reversals: Sales and redemptions can be undone.
        settings: It tells the shop's settings.
        delete_meaning: What deleting a customer means there: `anonymize`, `refuse`, `hide`, `gone`.
    """

    idempotency_keys: bool = False
    key_ttl_seconds: int = 7 * 24 * 3600
    updated_since: bool = False
    tombstones: bool = False
    etags: bool = False
    points: bool = False
    redeem_unique: bool = False
    ledger: bool = False
    ledger_write: bool = False
    unique_references: bool = True
    sales: bool = False
    reversals: bool = False
    settings: bool = False
    delete_meaning: str = "gone"

    def without(self, names: Collection[str]) -> Capabilities:
        """Return what is left without some capabilities, by their names."""
        off: dict[str, Any] = dict.fromkeys(names, False)
        return replace(self, **off)


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """The shop's settings as a server tells them."""

    currency: str
    earn_rate: Decimal
    redemption_value: int
    store_name: str
    time_zone: str


@dataclass(frozen=True, slots=True)
class RemoteCustomer:
    """One customer as a server showed it.

    Attributes:
        remote_id: The server's id.
        profile: The fields that people type.
        points: None where the answer does not carry them.
        total_spent: None where the answer does not carry it.
        total_orders: None where the answer does not carry it.
        balance: None where the answer does not carry the khata's balance.
        created_at: None where the answer does not carry it.
        updated_at: None where the answer does not carry it.
        anonymized: Whether the server wiped the person and kept the history.
        etag: For a conditional write; None where there is none.
    """

    remote_id: RemoteId
    profile: Profile
    points: int | None = None
    total_spent: Money | None = None
    total_orders: int | None = None
    balance: Money | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    anonymized: bool = False
    etag: str | None = None


@dataclass(frozen=True, slots=True)
class RemoteEntry:
    """One khata entry as a server showed it."""

    remote_id: str
    direction: Direction
    amount: Money
    balance_after: Money
    description: str
    reference_id: str | None
    recorded_at: datetime
    occurred_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Tombstone:
    """A customer that a server says is gone; `reason` is `deleted`, `anonymized` or `merged`."""

    remote_id: RemoteId
    deleted_at: datetime
    reason: str
    merged_into: RemoteId | None = None


@dataclass(frozen=True, slots=True)
class CreateCustomer:
    """Make a customer."""

    profile: Profile


@dataclass(frozen=True, slots=True)
class EditCustomer:
    """Set some fields of a customer; tags are the whole list."""

    remote_id: RemoteId
    fields: Mapping[str, FieldValue]
    etag: str | None = None


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


Write = (
    CreateCustomer | EditCustomer | DeleteCustomer | PostEntry | PostSale | RedeemPoints | ReverseSale | AdjustPoints
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


@dataclass(frozen=True, slots=True)
class ServerDescription:
    """What a signed request at connecting time learned."""

    capabilities: Capabilities
    settings: ServerSettings | None
    clock_skew_seconds: float | None


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
        """Return a page of all customers in ascending order of creation; empty past the end."""
        ...

    def newest_first(self, page: int) -> Sequence[RemoteCustomer]:
        """Return a page of all customers in descending order of creation."""
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
