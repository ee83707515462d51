"""The `pos` API on the wire: what each answer must hold, to the type. Unknown members are ignored."""

from __future__ import annotations

from decimal import Decimal

from msgspec import Struct

from posapp.remote.wire_types import Amount, Count, Id, Minor, Time


class Customer(Struct, frozen=True):
    """A customer in any answer: the list, the single one, a create, an update; what is missing is unknown."""

    id: Id
    name: str
    email: str | None = None
    phone: str | None = None
    address: str | None = None
    notes: str | None = None
    tags: list[str] | None = None
    loyalty_points: Count | None = None
    total_spent: Minor | None = None
    total_orders: Count | None = None
    ledger_balance: Minor | None = None
    created_at: Time | None = None
    updated_at: Time | None = None
    anonymized: bool = False


class Entry(Struct, frozen=True):
    """A line of the ledger."""

    id: Id
    type: str
    amount: Amount
    balance_after: Minor
    created_at: Time
    description: str | None = None
    reference_id: str | None = None
    occurred_at: Time | None = None


class Deleted(Struct, frozen=True):
    """The answer to a delete."""

    message: str


class Redeemed(Struct, frozen=True):
    """The answer to a redeem."""

    redeemed: Count
    discount_amount: Amount
    remaining_points: Count


class Sold(Struct, frozen=True):
    """The answer to a sale."""

    id: Id
    points_earned: Count
    discount_amount: Amount
    loyalty_points: Count
    ledger_balance: Minor


class Reversed(Struct, frozen=True):
    """The answer to a reversal."""

    id: Id
    loyalty_points: Count
    ledger_balance: Minor


class Adjusted(Struct, frozen=True):
    """The answer to an adjustment of points; `points` is negative where some were taken."""

    reference_id: Id
    points: Minor
    loyalty_points: Count


class Settings(Struct, frozen=True):
    """A shop's settings."""

    currency: str
    earn_rate: Decimal
    redemption_value: Amount
    store_name: str
    time_zone: str
