"""From the wire's shapes to the house's, once, at the edge: money gets its currency, times become UTC."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from posapp.domain.customer import Profile
from posapp.domain.ids import RemoteId
from posapp.remote.amounts import major
from posapp.remote.converting import TombstoneRow, check_page, tombstones, utc
from posapp.remote.siyahfy import wire
from posapp.services.ports.remote import RemoteCustomer, Tombstone, Traits


def customer(seen: wire.Customer, currency: str, etag: str | None = None) -> RemoteCustomer:
    """Return a customer; an empty text is no value.

    Args:
        seen: As read, or as the answer to a write.
        currency: Of the shop.
        etag: For a conditional write.

    Raises:
        WrongShape: The total is no amount of the currency, or a time is beyond all calendars.
    """
    return RemoteCustomer(
        remote_id=RemoteId(str(seen.id)),
        profile=Profile(
            name=seen.name,
            phone=seen.phone or None,
            email=seen.email or None,
            notes=seen.notes or None,
            tags=tuple(dict.fromkeys(seen.tags)),
        ),
        total_spent=major(seen.total_spent, currency),
        total_orders=seen.total_orders,
        created_at=utc(seen.created_at),
        updated_at=utc(seen.updated_at),
        etag=etag,
        traits=Traits(
            blacklisted=seen.blacklisted,
            blacklist_reason=seen.blacklist_reason or "",
            cod_enabled=seen.cod_enabled,
        ),
    )


def customers(rows: Iterable[wire.Customer], currency: str, limit: int | None) -> tuple[RemoteCustomer, ...]:
    """Return customers.

    Args:
        rows: As the server showed them.
        currency: Of the shop.
        limit: How many were asked for; None for all.

    Raises:
        WrongShape: There are more than asked for, or one is there twice.
    """
    every = list(rows)
    check_page([str(row.id) for row in every], limit)
    return tuple(customer(row, currency) for row in every)


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
