"""A customer's timeline: what people noted and what happened, a line each."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from server_stub import tables
from server_stub.store import customers
from server_stub.store.writing import Writing

LogRow = Row[Any]


def of_customer(connection: Connection, customer_id: int) -> Sequence[LogRow]:
    """Return a customer's timeline, newest first.

    Args:
        connection: Any transaction.
        customer_id: The integer id.
    """
    log = tables.customer_log
    order = (log.c.created_at.desc(), log.c.id.desc())
    return connection.execute(select(log).where(log.c.customer_id == customer_id).order_by(*order)).all()


def log(writing: Writing, customer_id: int, *, kind: str, note: str, reference: str | None) -> LogRow:
    """Add a line to a customer's timeline and return it.

    Args:
        writing: The change this is part of.
        customer_id: The integer id of a live customer.
        kind: `note` or `activity`.
        note: What it says.
        reference: What it is about, in the caller's own words.
    """
    row = writing.connection.execute(
        insert(tables.customer_log)
        .values(
            store_id=writing.store_id,
            customer_id=customer_id,
            type=kind,
            note=note,
            reference=reference,
            created_at=writing.stamp,
        )
        .returning(*tables.customer_log.c)
    ).one()
    customers.touch(writing, customer_id)
    writing.record("customer_log", str(row.id), "created")
    return row
