"""What a customer server can do and what it shows, whatever its API is."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from posapp.domain.customer import PROFILE_FIELDS, Profile
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
        fields: The fields of a profile that it keeps; the others stay on this till.
        listed: What its lists carry: fields of a profile, of `Traits`, numbers of `RemoteCustomer`; the rest is read
            customer by customer.
        required: The fields, beside the name, without which it takes nobody.
        unique: The fields that it lets only one customer have.
        apart: Fields that are set by a request of their own, never together with others.
        tag_steps: It takes tags to be added, and tags to be taken away, each by a request: no till undoes another's.
        timeline: Lines for people can be written on a customer's timeline with a reference of ours, and read there.
        ascending: Its lists can be read oldest first; else only the newest first, which drifts.
        by_change: Its lists can be ordered by the last change, though not narrowed to what changed.
        snapshot: All customers can be read in one request.
        bulk_read: How many customers one request reads by their ids; 0 where each is read alone.
        phone_sizes: The fewest and the most signs of a phone that it takes; zeros for any.
        phone_digits: It keeps no more of a phone than `national_digits`: two phones that share them are the same there.
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
    fields: tuple[str, ...] = PROFILE_FIELDS
    listed: tuple[str, ...] = (*PROFILE_FIELDS, "points", "total_orders", "total_spent")
    required: tuple[str, ...] = ()
    unique: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()
    tag_steps: bool = False
    timeline: bool = False
    ascending: bool = True
    by_change: bool = False
    snapshot: bool = False
    bulk_read: int = 0
    phone_sizes: tuple[int, int] = (0, 0)
    phone_digits: bool = False

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
class Traits:
    """What a server says of a customer that nobody types on a till; None where it does not say.

    Attributes:
        blacklisted: The shop serves the customer only with a manager's leave.
        blacklist_reason: Why; empty for no reason given.
        cod_enabled: May pay on delivery.
        vip: Counts as a very good customer there.
        marketing: Agreed to be written to.
        guest: Bought without an account.
        group: The name of the customer's group; empty for none.
        group_color: Of the group, `#rrggbb`; empty for none.
        last_order_at: When the customer last bought something.
    """

    blacklisted: bool | None = None
    blacklist_reason: str | None = None
    cod_enabled: bool | None = None
    vip: bool | None = None
    marketing: bool | None = None
    guest: bool | None = None
    group: str | None = None
    group_color: str | None = None
    last_order_at: datetime | None = None

    def told(self) -> dict[str, bool | str]:
        """Return what is said, by name, as JSON writes it."""
        said = {name: getattr(self, name) for name in _TRAITS}
        return {
            name: value.isoformat() if isinstance(value, datetime) else value
            for name, value in said.items()
            if value is not None
        }

    def over(self, before: Traits) -> Traits:
        """Return these, and what was known before where they say nothing."""
        told = {name: value for name in _TRAITS if (value := getattr(self, name)) is not None}
        return replace(before, **told)


_TRAITS = tuple(field.name for field in fields(Traits))

SILENT = Traits()
"""Of a server that says nothing of the kind."""


@dataclass(frozen=True, slots=True)
class RemoteCustomer:
    """One customer as a server showed it.

    Attributes:
        remote_id: The server's id.
        profile: The fields that people type; nothing stands in those that were not told.
        points: None where the answer does not carry them.
        total_spent: None where the answer does not carry it.
        total_orders: None where the answer does not carry it.
        balance: None where the answer does not carry the khata's balance.
        created_at: None where the answer does not carry it.
        updated_at: None where the answer does not carry it.
        anonymized: Whether the server wiped the person and kept the history.
        etag: For a conditional write; None where there is none.
        untold: The fields of the profile that the server keeps and the answer does not carry: unknown is not empty.
        traits: What else the server says.
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
    untold: frozenset[str] = frozenset()
    traits: Traits = SILENT


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
