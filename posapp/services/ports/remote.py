"""What a customer server can do and what it shows, whatever its API is."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from posapp.domain.customer import Profile
from posapp.domain.ids import RemoteId
from posapp.domain.ledger import Direction
from posapp.domain.money import Money


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
class ServerDescription:
    """What a signed request at connecting time learned."""

    capabilities: Capabilities
    settings: ServerSettings | None
    clock_skew_seconds: float | None
