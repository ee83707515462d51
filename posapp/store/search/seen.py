"""Whose card was opened lately at this till."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from posapp.store.search.tables import CUSTOMER_SEEN

_KEPT: Final = 1000
_TOO_MANY = sa.delete(CUSTOMER_SEEN).where(
    CUSTOMER_SEEN.c.customer.in_(
        sa.select(CUSTOMER_SEEN.c.customer).order_by(CUSTOMER_SEEN.c.at.desc()).limit(-1).offset(_KEPT)
    )
)


def note_seen(sql: sa.Connection, row: int, at: datetime) -> None:
    """Note that a customer's card was opened; only the last thousand are kept."""
    noted = insert(CUSTOMER_SEEN).values(customer=row, at=at)
    sql.execute(noted.on_conflict_do_update(index_elements=["customer"], set_={"at": at}))
    sql.execute(_TOO_MANY)


def forget_seen(sql: sa.Connection, row: int) -> None:
    """Forget that a customer's card was opened."""
    sql.execute(sa.delete(CUSTOMER_SEEN).where(CUSTOMER_SEEN.c.customer == row))


def rows_seen(sql: sa.Connection, limit: int) -> list[int]:
    """Return the rows of the customers seen lately, the last one first."""
    query = sa.select(CUSTOMER_SEEN.c.customer).order_by(CUSTOMER_SEEN.c.at.desc(), CUSTOMER_SEEN.c.customer)
    return list(sql.execute(query.limit(limit)).scalars())
