"""What the other tills keep of one customer, for her lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import sqlalchemy as sa

from posapp.domain.ids import CustomerId
from posapp.store.exchange.tables import PEER_ENTRY, PEER_PAIR, PEER_POINTS, PEER_TILL
from posapp.store.tables import LEDGER_ENTRY

_BOTH: Final = (LEDGER_ENTRY, PEER_ENTRY)


def peer_entries(sql: sa.Connection, customer_id: CustomerId) -> Sequence[Any]:
    """Return the khata entries that other tills keep, each with the name of its till, as they came here."""
    return sql.execute(_of(PEER_ENTRY, customer_id).order_by(PEER_ENTRY.c.row)).all()


def peer_movements(sql: sa.Connection, customer_id: CustomerId) -> Sequence[Any]:
    """Return the movements of points that other tills keep, each with the name of its till."""
    return sql.execute(_of(PEER_POINTS, customer_id).order_by(PEER_POINTS.c.occurred_at, PEER_POINTS.c.row)).all()


def linked_entries(sql: sa.Connection, customer_id: CustomerId) -> Mapping[str, str]:
    """Return which kept entries a person linked to which of the server's."""
    hers = [sa.select(table.c.id).where(table.c.customer_id == customer_id) for table in _BOTH]
    query = sa.select(PEER_PAIR.c.entry_id, PEER_PAIR.c.remote_id).where(
        PEER_PAIR.c.linked, PEER_PAIR.c.entry_id.in_(sa.union_all(*hers))
    )
    return {row.entry_id: row.remote_id for row in sql.execute(query)}


def _of(table: sa.Table, customer_id: CustomerId) -> sa.Select[Any]:
    """Return the lines of a customer that hold, with their tills; a till that is this one itself has no name."""
    return (
        sa.select(table, PEER_TILL.c.name.label("till"))
        .outerjoin(PEER_TILL, PEER_TILL.c.source == table.c.source)
        .where(table.c.customer_id == customer_id, sa.not_(table.c.gone))
    )
