"""Points given at the shop's risk: the acts whose end is open, and what is left of the shares."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from posapp.domain.ids import CustomerId
from posapp.domain.operation import WAITING, OperationState
from posapp.services.dto import CustomerStatus, OperationView
from posapp.store.operations import views_of
from posapp.store.scope import Scope
from posapp.store.tables import CUSTOMER, OPERATION, POINTS_ENTRY, REMOTE_RECORD

_NOT_PROVEN = [state.value for state in sorted(WAITING | {OperationState.NEEDS_HUMAN})]
_OPEN = [state for state in _NOT_PROVEN if state != OperationState.ACKED.value]
_NOTED = "$.at_risk"


class RiskRepository:
    """`RiskBook` of the book's port."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def acts(self) -> Sequence[OperationView]:
        """Return the acts at risk whose end is open, in the till's order; an accepted one is safe."""
        noted = sa.or_(
            sa.func.json_extract(OPERATION.c.intent, _NOTED) == 1,
            sa.func.json_extract(OPERATION.c.evidence, _NOTED) == 1,
        )
        return views_of(self._scope.sql, OPERATION.c.state.in_(_OPEN), noted)

    def unspent(self, tills: int, *, since: datetime | None, limit: int) -> Sequence[tuple[CustomerId, int]]:
        """Return what is left of this till's share of live customers' points, where anything is."""
        if self._scope.primary is None:
            return []
        taken = (
            sa.select(POINTS_ENTRY.c.customer_id, (-sa.func.sum(POINTS_ENTRY.c.points)).label("points"))
            .join(OPERATION, OPERATION.c.id == POINTS_ENTRY.c.operation_id)
            .where(OPERATION.c.state.in_(_NOT_PROVEN), POINTS_ENTRY.c.points < 0, sa.not_(POINTS_ENTRY.c.kept))
            .group_by(POINTS_ENTRY.c.customer_id)
            .subquery()
        )
        left = REMOTE_RECORD.c.points // sa.bindparam("tills", tills) - sa.func.coalesce(taken.c.points, 0)
        query = (
            sa.select(CUSTOMER.c.id, left)
            .select_from(REMOTE_RECORD)
            .join(CUSTOMER, CUSTOMER.c.row == REMOTE_RECORD.c.customer)
            .outerjoin(taken, taken.c.customer_id == CUSTOMER.c.id)
            .where(
                REMOTE_RECORD.c.connection == self._scope.primary[0],
                REMOTE_RECORD.c.alias_of.is_(None),
                REMOTE_RECORD.c.points >= tills,
                CUSTOMER.c.status == CustomerStatus.LIVE.value,
                left > 0,
            )
            .limit(limit)
        )
        if since is not None:
            query = query.where(REMOTE_RECORD.c.points_as_of >= since)
        return [(CustomerId(customer_id), int(points)) for customer_id, points in self._scope.sql.execute(query)]
