"""The khata: what a customer owes or has paid, as a chain of entries that never change."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from server_stub import tables
from server_stub.errors import bad_request, key_reused
from server_stub.store import customers
from server_stub.store.customers import CustomerRow
from server_stub.store.writing import Writing, content_hash

CREDIT = "credit"
DEBIT = "debit"
LARGEST_AMOUNT = 10**15
"""No single amount may be larger, so that no sum leaves 64 bits."""

_LARGEST_BALANCE = 10**18


def entries(
    connection: Connection, customer_id: int, *, since: int | None = None, before: int | None = None
) -> Sequence[Row[Any]]:
    """Return a customer's entries, newest first.

    Args:
        connection: A reading transaction.
        customer_id: The integer id.
        since: Only entries posted then or later.
        before: Only entries posted before then.
    """
    entry = tables.ledger_entry
    wanted = select(entry).where(entry.c.customer_id == customer_id)
    if since is not None:
        wanted = wanted.where(entry.c.created_at >= since)
    if before is not None:
        wanted = wanted.where(entry.c.created_at < before)
    return connection.execute(wanted.order_by(entry.c.created_at.desc(), entry.c.id.desc())).all()


def by_reference(connection: Connection, store_id: int, reference_id: str) -> Row[Any] | None:
    """Return the entry of a store that carries a reference, or None.

    Args:
        connection: Any transaction.
        store_id: The store.
        reference_id: The reference.
    """
    entry = tables.ledger_entry
    return connection.execute(
        select(entry).where(entry.c.store_id == store_id, entry.c.reference_id == reference_id)
    ).one_or_none()


def post(
    writing: Writing,
    customer: CustomerRow,
    *,
    kind: str,
    amount: int,
    description: str,
    reference_id: str,
    occurred_at: int | None = None,
    request_hash: str | None = None,
) -> Row[Any]:
    """Put an entry at the end of a customer's chain and return it.

    Args:
        writing: The change this is part of.
        customer: The customer.
        kind: `credit` or `debit`.
        amount: Minor units, at least 1.
        description: What it was for.
        reference_id: Unique in the store.
        occurred_at: When it happened; now when not said.
        request_hash: What a repeat of the request is known by.

    Raises:
        ApiError: The reference already stands for another entry, or the balance would leave all bounds.
    """
    if by_reference(writing.connection, writing.store_id, reference_id) is not None:
        raise key_reused("This reference already stands for another ledger entry.")
    signed = amount if kind == CREDIT else -amount
    owner = customers.touch(writing, customer.id, ledger_balance=tables.customer.c.ledger_balance + signed)
    if abs(owner.ledger_balance) > _LARGEST_BALANCE:
        raise bad_request("The balance would be too large.")
    row = writing.connection.execute(
        insert(tables.ledger_entry)
        .values(
            uuid=writing.new_uuid(),
            store_id=writing.store_id,
            customer_id=customer.id,
            type=kind,
            amount=amount,
            balance_after=owner.ledger_balance,
            description=description,
            reference_id=reference_id,
            request_hash=request_hash,
            occurred_at=writing.stamp if occurred_at is None else occurred_at,
            created_at=writing.stamp,
        )
        .returning(*tables.ledger_entry.c)
    ).one()
    writing.record("ledger_entry", row.uuid, "created")
    return row


def post_once(
    writing: Writing,
    customer: CustomerRow,
    *,
    kind: str,
    amount: int,
    description: str,
    reference_id: str,
    occurred_at: int | None,
) -> tuple[Row[Any], bool]:
    """Post an entry unless its reference was posted before with the same content.

    Returns:
        The entry, the first one if this is a repeat, and whether it is new.

    Raises:
        ApiError: The reference already stands for something else.
    """
    request_hash = content_hash(customer.uuid, kind, amount, description, occurred_at)
    first = by_reference(writing.connection, writing.store_id, reference_id)
    if first is not None:
        if first.request_hash != request_hash:
            raise key_reused("This reference already stands for another ledger entry.")
        return first, False
    row = post(
        writing,
        customer,
        kind=kind,
        amount=amount,
        description=description,
        reference_id=reference_id,
        occurred_at=occurred_at,
        request_hash=request_hash,
    )
    return row, True
