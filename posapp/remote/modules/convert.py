"""From the wire's shapes to the house's, once, at the edge: money gets its currency, times become UTC."""

from __future__ import annotations

from collections.abc import Sequence

from posapp.domain.customer import Profile
from posapp.domain.ids import RemoteId
from posapp.remote.amounts import major
from posapp.remote.converting import check_page, utc
from posapp.remote.modules import wire
from posapp.services.ports.remote import RemoteCustomer, Traits


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
        remote_id=RemoteId(seen.id),
        profile=Profile(
            name=seen.full_name,
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
            vip=seen.is_vip,
            marketing=seen.accepts_marketing,
            last_order_at=None if seen.last_order_at is None else utc(seen.last_order_at),
        ),
    )


def customers(page: Sequence[wire.Customer], currency: str, limit: int) -> tuple[RemoteCustomer, ...]:
    """Return a page of customers.

    Raises:
        WrongShape: It holds more rows than asked for, or one customer twice.
    """
    check_page([row.id for row in page], limit)
    return tuple(customer(row, currency) for row in page)
