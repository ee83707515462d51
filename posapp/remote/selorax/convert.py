"""From the wire's shapes to the house's, once, at the edge: money gets its currency, times become UTC."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from msgspec import UnsetType

from posapp.domain.customer import Profile
from posapp.domain.ids import RemoteId
from posapp.remote.amounts import major
from posapp.remote.converting import TombstoneRow, check_page, tombstones, utc
from posapp.remote.selorax import wire
from posapp.remote.selorax.addresses import line_of
from posapp.services.ports.remote import RemoteCustomer, Tombstone, Traits

Value = TypeVar("Value")


def customer(seen: wire.Written, currency: str, etag: str | None = None) -> RemoteCustomer:
    """Return a customer; an empty text is no value, what the answer does not carry is untold.

    Args:
        seen: As read, or as the answer to a write.
        currency: Of the shop.
        etag: For a conditional write.

    Raises:
        WrongShape: The total is no amount of the currency, or a time is beyond all calendars.
    """
    fields = {"phone": seen.phone, "email": seen.email, "address": seen.address_json}
    return RemoteCustomer(
        remote_id=RemoteId(str(seen.user_id)),
        profile=Profile(
            name=seen.name,
            phone=_told(seen.phone) or None,
            email=_told(seen.email) or None,
            address=line_of(_told(seen.address_json)),
        ),
        total_spent=major(seen.total_spent, currency),
        total_orders=seen.total_orders,
        created_at=utc(seen.created_at),
        updated_at=utc(seen.updated_at),
        etag=etag,
        untold=frozenset(name for name, value in fields.items() if isinstance(value, UnsetType)),
        traits=Traits(guest=None if seen.is_guest is None else seen.is_guest == 1),
    )


def customers(page: Sequence[wire.Customer], currency: str, limit: int) -> tuple[RemoteCustomer, ...]:
    """Return a page of customers.

    Raises:
        WrongShape: It holds more rows than asked for, or one customer twice.
    """
    check_page([str(row.user_id) for row in page], limit)
    return tuple(customer(row, currency) for row in page)


def deletions(page: Sequence[wire.Tombstone], limit: int) -> tuple[Tombstone, ...]:
    """Return a page of deletions.

    Raises:
        WrongShape: It is too long, or a reason is unknown.
    """
    rows = [
        TombstoneRow(str(row.id), row.deleted_at, row.reason, str(row.merged_into) if row.merged_into else None)
        for row in page
    ]
    return tombstones(rows, limit)


def _told(value: Value | UnsetType) -> Value | None:
    return None if isinstance(value, UnsetType) else value
