"""A customer's orders: the store's sales as the APIs without a ledger see them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, func, select

from server_stub import tables


def page_of_orders(
    connection: Connection, customer_id: int, *, offset: int, limit: int, status: str = ""
) -> tuple[Sequence[Row[Any]], int]:
    """Return one page of a customer's orders, newest first, and how many there are over all pages.

    Args:
        connection: A reading transaction.
        customer_id: The integer id.
        offset: How many to leave out.
        limit: How many to return at most.
        status: Only orders of this status; empty for all.
    """
    sale = tables.sale
    conditions = [sale.c.customer_id == customer_id, sale.c.reversed_at.is_(None)]
    if status:
        conditions.append(sale.c.status == status)
    total = connection.execute(select(func.count()).select_from(sale).where(*conditions)).scalar_one()
    order = (sale.c.created_at.desc(), sale.c.id.desc())
    rows = connection.execute(select(sale).where(*conditions).order_by(*order).offset(offset).limit(limit)).all()
    return rows, total
