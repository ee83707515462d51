"""Two customers of this book who turned out to be one.

What was recorded stays where it was recorded; what only this till's book holds of the one who goes is copied, as
another till's lines are, to the one who stays. She goes out of the search; whoever speaks of her later means the other.
"""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from posapp.domain.ids import CustomerId
from posapp.domain.operation import WAITING, OperationState
from posapp.services.dto import CustomerStatus
from posapp.store.customers import CustomersRepository
from posapp.store.exchange.asking import ask
from posapp.store.exchange.lines import OwnLines
from posapp.store.exchange.tables import PEER_CUSTOMER, PEER_ENTRY, PEER_POINTS, PEER_SAME
from posapp.store.exchange.values import Values
from posapp.store.scope import Scope
from posapp.store.standings import standings
from posapp.store.tables import CUSTOMER, OPERATION, REMOTE_RECORD

_ON_THE_WAY: Final = [state.value for state in sorted(WAITING | {OperationState.NEEDS_HUMAN})]
KEPT_HERE: Final = "(e.kept OR o.state = 'kept') AND o.state NOT IN ('rejected', 'cancelled')"
"""SQL for a line `e` of an act `o` that counts in this till's book alone."""
POINTS_ID: Final = "e.operation_id || CASE WHEN e.points > 0 THEN '/+' ELSE '/-' END"
"""SQL for the name of a movement of points: an act moves points once up and once down at most."""
_COPY_ENTRIES: Final = sa.text(f"""
INSERT OR IGNORE INTO peer_entry (id, source, customer_id, operation_id, kind, direction, amount, occurred_at, taken_at,
  description, due_on, backdated, reverses, reference, actor)
SELECT e.id, :source, :keep, e.operation_id, e.kind, e.direction, e.amount, e.occurred_at, o.recorded_at,
  e.description, e.due_on, e.backdated, e.reverses, e.reference, o.actor
FROM ledger_entry e JOIN operation o ON o.id = e.operation_id WHERE e.customer_id = :gone AND {KEPT_HERE}
""")  # noqa: S608 (made of this module's own words)
_COPY_POINTS: Final = sa.text(f"""
INSERT OR IGNORE INTO peer_points (id, source, customer_id, operation_id, kind, points, occurred_at)
SELECT {POINTS_ID}, :source, :keep, e.operation_id, o.kind, e.points, e.occurred_at
FROM points_entry e JOIN operation o ON o.id = e.operation_id WHERE e.customer_id = :gone AND {KEPT_HERE}
""")  # noqa: S608 (made of this module's own words)


class Merging:
    """Making two customers one."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._sql = scope.sql

    def unite(self, one: CustomerId, other: CustomerId) -> CustomerId | None:
        """Make two customers one and return who remains; None where it cannot be yet, or the server has two records."""
        keep, gone = self._order(one, other)
        if keep is None or gone is None:
            return None
        values = {"source": OwnLines(self._scope).source or "", "keep": keep.id, "gone": gone.id}
        self._sql.execute(_COPY_ENTRIES, values)
        self._sql.execute(_COPY_POINTS, values)
        for table in (PEER_ENTRY, PEER_POINTS, PEER_CUSTOMER):
            self._sql.execute(sa.update(table).where(table.c.customer_id == gone.id).values(customer_id=keep.id))
        remember = insert(PEER_CUSTOMER).values(id=gone.id, customer_id=keep.id)
        self._sql.execute(remember.on_conflict_do_update(index_elements=["id"], set_={"customer_id": keep.id}))
        hers = REMOTE_RECORD.c.customer == gone.row
        self._sql.execute(sa.update(REMOTE_RECORD).where(hers).values(customer=keep.row, refresh_marked=True))
        customers = CustomersRepository(self._scope)
        customers.set_status(CustomerId(gone.id), CustomerStatus.DELETED)
        Values(self._scope).move(CustomerId(gone.id), CustomerId(keep.id))
        customers.bump_lane(CustomerId(keep.id))
        return CustomerId(keep.id)

    def has_numbers(self, customer_id: CustomerId) -> bool:
        """Return whether anything is owed or any points are left in what the tills keep of somebody."""
        row = self._sql.execute(sa.select(CUSTOMER.c.row).where(CUSTOMER.c.id == customer_id)).scalar_one()
        held = standings(self._scope, [(row, customer_id)])[customer_id]
        return bool(held.kept_balance or held.kept_points or held.unsent_balance or held.unsent_points)

    def _order(self, one: CustomerId, other: CustomerId) -> tuple[Any, Any]:
        """Return who stays and who goes.

        Whoever has acts on their way stays, else whom the server knows, else the elder.
        """
        rows = [
            self._sql.execute(sa.select(CUSTOMER).where(CUSTOMER.c.id == who)).one() for who in sorted((one, other))
        ]
        busy = [self._busy(row.id) for row in rows]
        known = [self._on_server(row.row) for row in rows]
        if all(known):
            self._ask(rows)
            return None, None
        if all(busy):
            return None, None
        ranks = [(busy[place], known[place], -place) for place in (0, 1)]
        keep = ranks.index(max(ranks))
        return rows[keep], rows[1 - keep]

    def _ask(self, rows: list[Any]) -> None:
        """The server has two records of one person: only there can they become one."""
        said = sa.select(PEER_SAME.c.apart).where(PEER_SAME.c.one == rows[0].id, PEER_SAME.c.other == rows[1].id)
        if not self._sql.execute(said).scalar():
            ask(self._scope, "duplicate", rows[1].id, {"who": rows[1].id, "other": rows[0].id, "both_on_server": True})

    def _busy(self, customer_id: str) -> bool:
        waits = sa.select(OPERATION.c.id).where(
            OPERATION.c.customer_id == customer_id, OPERATION.c.state.in_(_ON_THE_WAY)
        )
        return self._sql.execute(waits.limit(1)).scalar() is not None

    def _on_server(self, row: int) -> bool:
        hers = (REMOTE_RECORD.c.customer == row, REMOTE_RECORD.c.alias_of.is_(None))
        return self._sql.execute(sa.select(REMOTE_RECORD.c.row).where(*hers).limit(1)).scalar() is not None
