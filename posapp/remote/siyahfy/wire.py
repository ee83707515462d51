"""The `siyahfy` API on the wire: what each answer must hold, to the type. Unknown members are ignored."""

from __future__ import annotations

from decimal import Decimal
from typing import Generic, Literal, TypeVar

from msgspec import Struct

from posapp.remote.wire_types import Count, IntegerId, Time

Data = TypeVar("Data")


class Customer(Struct, frozen=True, kw_only=True):
    """A customer in any answer; the total is a decimal text of major units."""

    id: IntegerId
    name: str
    email: str | None
    phone: str | None
    tags: list[str]
    notes: str | None
    cod_enabled: bool
    blacklisted: bool
    blacklist_reason: str | None
    total_orders: Count
    total_spent: Decimal
    created_at: Time
    updated_at: Time


class Line(Struct, frozen=True):
    """A line of a customer's timeline."""

    reference: str | None = None


class Timeline(Struct, frozen=True):
    """A customer read alone, as far as the timeline goes."""

    id: IntegerId
    timeline: list[Line]


class Success(Struct, Generic[Data], frozen=True):
    """An answer that something was done or found; one that says otherwise is no success, whatever its status."""

    success: Literal[True]
    data: Data


class Pagination(Struct, frozen=True):
    """What a page is a part of."""

    total: Count


class Page(Struct, Generic[Data], frozen=True):
    """A page of a list."""

    success: Literal[True]
    data: list[Data]
    pagination: Pagination


class Tombstone(Struct, frozen=True):
    """A customer that is no more."""

    id: IntegerId
    deleted_at: Time
    reason: str
    merged_into: IntegerId | None = None


class RowFault(Struct, frozen=True):
    """What was wrong with one row of many."""

    row: int
    field: str
    message: str


class Inserted(Struct, frozen=True):
    """What became of rows that were to be inserted."""

    inserted: Count
    skipped: Count
    ids: list[IntegerId]
    errors: list[RowFault]


class Updated(Struct, frozen=True):
    """How many customers a change found."""

    updated: Count


class Deleted(Struct, frozen=True):
    """How many customers are gone."""

    deleted: Count
