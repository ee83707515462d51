"""The `modules` API on the wire: what each answer must hold, to the type. Unknown members are ignored."""

from __future__ import annotations

from decimal import Decimal

from msgspec import Struct

from posapp.remote.converting import TombstoneRow
from posapp.remote.wire_types import Count, Id, Time


class Customer(Struct, frozen=True, kw_only=True):
    """A customer in any answer; the total is in major units."""

    id: Id
    full_name: str
    email: str | None
    phone: str | None
    accepts_marketing: bool
    total_orders: Count
    total_spent: Decimal
    last_order_at: Time | None
    is_vip: bool
    tags: list[str]
    notes: str | None
    created_at: Time
    updated_at: Time


class Meta(Struct, frozen=True):
    """What a page is a part of."""

    total: Count


class Page(Struct, frozen=True):
    """A page of customers."""

    data: list[Customer]
    meta: Meta


class Updated(Struct, frozen=True):
    """How many customers a request for many found."""

    updated: Count


class Tagged(Struct, frozen=True):
    """The answer to a change of tags."""

    data: Updated


class Deletions(Struct, frozen=True):
    """A page of deletions."""

    data: list[TombstoneRow]


class Merged(Struct, frozen=True):
    """What is said of a customer who was merged into another."""

    merged_into: Id


class One(Struct, frozen=True):
    """One customer: read alone, or the answer to a write."""

    data: Customer
