"""Loyalty points: earned, redeemed, adjusted; the balance is never below zero."""

from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from server_stub import tables
from server_stub.errors import ApiError, bad_request, conflict, insufficient_points, key_reused
from server_stub.store import customers
from server_stub.store.customers import CustomerRow
from server_stub.store.writing import Writing, content_hash

LARGEST_POINTS = 10**12
"""No single number of points may be larger, so that no sum leaves 64 bits."""


def deduct(writing: Writing, customer: CustomerRow, points: int) -> int:
    """Take points from a customer in one statement that refuses to go below zero; return what is left.

    Args:
        writing: The change this is part of.
        customer: The customer.
        points: At least 1.

    Raises:
        ApiError: There are not so many.
    """
    left = writing.connection.execute(
        update(tables.customer)
        .where(
            tables.customer.c.id == customer.id,
            tables.customer.c.standing == tables.LIVE,
            tables.customer.c.points >= points,
        )
        .values(points=tables.customer.c.points - points, updated_at=writing.stamp)
        .returning(tables.customer.c.points)
    ).scalar_one_or_none()
    if left is None:
        raise insufficient_points(customers.reread(writing.connection, customer.id).points)
    return int(left)


def add(writing: Writing, customer: CustomerRow, points: int) -> int:
    """Give a customer points; return how many there are then.

    Args:
        writing: The change this is part of.
        customer: The customer.
        points: At least 0.
    """
    return int(customers.touch(writing, customer.id, points=tables.customer.c.points + points).points)


def enter(writing: Writing, customer: CustomerRow, *, kind: str, points: int, after: int, **columns: Any) -> Row[Any]:
    """Write down a movement of points and return its row.

    Args:
        writing: The change this is part of.
        customer: The customer.
        kind: `opening`, `earn`, `redeem`, `adjust` or `reversal`.
        points: With its sign.
        after: The balance after it.
        columns: More of `points_entry`.
    """
    row = writing.connection.execute(
        insert(tables.points_entry)
        .values(
            uuid=writing.new_uuid(),
            store_id=writing.store_id,
            customer_id=customer.id,
            kind=kind,
            points=points,
            points_after=after,
            created_at=writing.stamp,
            **columns,
        )
        .returning(*tables.points_entry.c)
    ).one()
    writing.record("points", row.uuid, kind)
    return row


def redeemed_for(connection: Connection, store_id: int, sale_ref: str) -> tuple[int, int, int | None]:
    """Return what was redeemed for a sale so far: points, their worth, and whose they were.

    Args:
        connection: Any transaction.
        store_id: The store.
        sale_ref: The sale's id, which need not exist yet.
    """
    entry = tables.points_entry
    row = connection.execute(
        select(func.sum(-entry.c.points), func.sum(entry.c.discount_amount), func.min(entry.c.customer_id)).where(
            entry.c.store_id == store_id, entry.c.sale_ref == sale_ref, entry.c.kind == "redeem"
        )
    ).one()
    return int(row[0] or 0), int(row[1] or 0), row[2]


def redeem(writing: Writing, customer: CustomerRow, *, points: int, sale_ref: str, once: bool) -> Row[Any]:
    """Redeem points for a sale and return the entry, whose `points` are negative.

    Args:
        writing: The change this is part of.
        customer: The customer.
        points: At least 1.
        sale_ref: The sale's id, which need not exist.
        once: Whether a repeat for the same sale answers the first result instead of deducting again.

    Raises:
        ApiError: Too few points, or another redemption stands for this sale.
    """
    if once:
        first = _redemption(writing.connection, writing.store_id, sale_ref)
        if first is not None:
            if (first.customer_id, first.points) != (customer.id, -points):
                raise sale_already_redeemed()
            return first
    discount = points * writing.shop.redemption_value
    left = deduct(writing, customer, points)
    row = enter(
        writing,
        customer,
        kind="redeem",
        points=-points,
        after=left,
        discount_amount=discount,
        sale_ref=sale_ref,
        redeem_key=sale_ref if once else None,
    )
    sale = tables.sale
    writing.connection.execute(
        update(sale)
        .where(
            sale.c.store_id == writing.store_id,
            sale.c.uuid == sale_ref,
            sale.c.customer_id == customer.id,
            sale.c.reversed_at.is_(None),
        )
        .values(points_redeemed=sale.c.points_redeemed + points, discount_amount=sale.c.discount_amount + discount)
    )
    return row


def adjust_once(
    writing: Writing, customer: CustomerRow, *, points: int, reason: str, reference_id: str
) -> tuple[Row[Any], bool]:
    """Correct a customer's points by hand unless the reference was used before with the same content.

    Args:
        writing: The change this is part of.
        customer: The customer.
        points: With its sign, not 0.
        reason: Why.
        reference_id: Unique in the store among adjustments.

    Returns:
        The entry, the first one if this is a repeat, and whether it is new.

    Raises:
        ApiError: The balance would fall below zero, or the reference stands for something else.
    """
    request_hash = content_hash(customer.uuid, points, reason)
    entry = tables.points_entry
    first = writing.connection.execute(
        select(entry).where(entry.c.store_id == writing.store_id, entry.c.adjust_key == reference_id)
    ).one_or_none()
    if first is not None:
        if first.request_hash != request_hash:
            raise key_reused("This reference already stands for another adjustment.")
        return first, False
    if points == 0:
        raise bad_request("points must be a whole number other than 0.")
    after = add(writing, customer, points) if points > 0 else deduct(writing, customer, -points)
    row = enter(
        writing,
        customer,
        kind="adjust",
        points=points,
        after=after,
        reason=reason,
        adjust_key=reference_id,
        request_hash=request_hash,
    )
    return row, True


def sale_already_redeemed() -> ApiError:
    """Return the refusal of a second, different redemption for one sale."""
    return conflict("sale_already_redeemed", "Points were already redeemed for this sale.")


def _redemption(connection: Connection, store_id: int, sale_ref: str) -> Row[Any] | None:
    entry = tables.points_entry
    return connection.execute(
        select(entry)
        .where(entry.c.store_id == store_id, entry.c.sale_ref == sale_ref, entry.c.kind == "redeem")
        .order_by(entry.c.redeem_key.is_(None), entry.c.id)
        .limit(1)
    ).one_or_none()
