"""Takes a sale back: its ledger entry, its points and its share of the totals."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, func, insert, select, update

from server_stub import tables
from server_stub.errors import conflict, key_reused
from server_stub.store import customers, ledger, points
from server_stub.store.customers import CustomerRow
from server_stub.store.writing import Writing, content_hash


@dataclass(frozen=True, kw_only=True)
class Reversal:
    """What a reversal did.

    Attributes:
        ledger_amount: What was credited.
        returned: Redeemed points that came back.
        taken: Earned points that went back.
        shortfall: Earned points that were already spent.
        customer: The customer afterwards.
    """

    ledger_amount: int
    returned: int
    taken: int
    shortfall: int
    customer: CustomerRow


def first_answer(writing: Writing, uuid: str, sale_uuid: str, reason: str) -> bytes | None:
    """Return what the reversal that a request repeats was answered with, or None when its id is new.

    Args:
        writing: The change this is part of.
        uuid: The reversal's id.
        sale_uuid: The sale's id.
        reason: As given.

    Raises:
        ApiError: The id stands for another reversal.
    """
    reversal = tables.sale_reversal
    row = writing.connection.execute(
        select(reversal).where(reversal.c.store_id == writing.store_id, reversal.c.uuid == uuid)
    ).one_or_none()
    if row is None:
        return None
    if row.request_hash != content_hash(sale_uuid, reason):
        raise key_reused("This id already stands for another reversal.")
    return bytes(row.answer)


def reverse(writing: Writing, sale: Row[Any], uuid: str) -> Reversal:
    """Take a sale back and return what that did; also for a customer who was anonymised since.

    Args:
        writing: The change this is part of.
        sale: The sale.
        uuid: The reversal's id, which becomes its ledger entry's reference.

    Raises:
        ApiError: It was taken back before: `already_reversed`.
    """
    if sale.reversed_at is not None:
        raise conflict("already_reversed", "This sale was already reversed.")
    writing.connection.execute(update(tables.sale).where(tables.sale.c.id == sale.id).values(reversed_at=writing.stamp))
    customer = customers.reread(writing.connection, sale.customer_id)
    if sale.on_account:
        ledger.post(
            writing,
            customer,
            kind=ledger.CREDIT,
            amount=sale.on_account,
            description=f"Reversal of sale {sale.receipt_number}",
            reference_id=uuid,
        )
    elif ledger.by_reference(writing.connection, writing.store_id, uuid) is not None:
        raise key_reused("This id already stands for a ledger entry.")
    with_returned = customer.points + sale.points_redeemed
    taken = min(with_returned, sale.points_earned)
    if moved := sale.points_redeemed - taken:
        after = with_returned - taken
        points.enter(writing, customer, kind="reversal", points=moved, after=after, sale_ref=sale.uuid)
    writing.record("sale", sale.uuid, "reversed")
    return Reversal(
        ledger_amount=sale.on_account,
        returned=sale.points_redeemed,
        taken=taken,
        shortfall=sale.points_earned - taken,
        customer=_uncount(writing, customer, sale, points_left=with_returned - taken),
    )


def keep_answer(writing: Writing, sale: Row[Any], uuid: str, reason: str, answer: bytes) -> None:
    """Keep what a reversal was answered with, for its repeats.

    Args:
        writing: The change this is part of.
        sale: The sale.
        uuid: The reversal's id.
        reason: As given.
        answer: The body.
    """
    writing.connection.execute(
        insert(tables.sale_reversal).values(
            uuid=uuid,
            store_id=writing.store_id,
            sale_id=sale.id,
            request_hash=content_hash(sale.uuid, reason),
            answer=answer,
            created_at=writing.stamp,
        )
    )


def _uncount(writing: Writing, customer: CustomerRow, sale: Row[Any], *, points_left: int) -> CustomerRow:
    columns = tables.customer.c
    occurred = tables.sale.c.occurred_at
    first, last = writing.connection.execute(
        select(func.min(occurred), func.max(occurred)).where(
            tables.sale.c.customer_id == customer.id, tables.sale.c.reversed_at.is_(None)
        )
    ).one()
    return customers.touch(
        writing,
        customer.id,
        points=points_left,
        total_orders=columns.total_orders - 1,
        total_spent=columns.total_spent - sale.total,
        first_order_at=first,
        last_order_at=last,
    )
