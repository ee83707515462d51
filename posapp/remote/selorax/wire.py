"""The `selorax` API on the wire: what each answer must hold, to the type. Unknown members are ignored."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from posapp.remote.wire_types import Count, IntegerId, Time

Flag = Literal[0, 1]
Success = Annotated[int, Meta(ge=200, le=299)]
"""The status that stands in every answer beside HTTP's own."""


class Written(Struct, frozen=True, kw_only=True):
    """A customer as the answer to a write: a create's lacks most members, an update's the totals."""

    user_id: IntegerId
    name: str
    phone: str | UnsetType | None = UNSET
    email: str | UnsetType | None = UNSET
    address_json: dict[str, object] | UnsetType | None = UNSET
    is_guest: Flag | None = None
    created_at: Time | None = None
    updated_at: Time | None = None
    total_orders: Count | None = None
    total_spent: Decimal | None = None


class Customer(Written, frozen=True, kw_only=True):
    """A customer as read, in a list or alone; the totals are whole units."""

    phone: str | None
    email: str | None
    address_json: dict[str, object] | None
    is_guest: Flag
    created_at: Time
    updated_at: Time
    total_orders: Count
    total_spent: Decimal


class Tombstone(Struct, frozen=True):
    """A customer that is no more."""

    id: IntegerId
    deleted_at: Time
    reason: str
    merged_into: IntegerId | None = None


class Pagination(Struct, frozen=True):
    """What a page is a part of."""

    total: Count


class Page(Struct, frozen=True):
    """A page of customers."""

    data: list[Customer]
    pagination: Pagination
    status: Success


class Deletions(Struct, frozen=True):
    """A page of deletions."""

    data: list[Tombstone]
    status: Success


class One(Struct, frozen=True):
    """One customer, read alone."""

    data: Customer
    status: Success


class Answered(Struct, frozen=True):
    """The answer to a create or an update."""

    data: Written
    status: Success


class Deleted(Struct, frozen=True):
    """The answer to a delete."""

    message: str
    status: Success
