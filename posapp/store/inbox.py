"""What a person must decide, and the values that lost a merge."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from posapp.domain.ids import CustomerId, InboxId, OperationId
from posapp.services.dto import InboxItem
from posapp.store.scope import Scope
from posapp.store.tables import FIELD_HISTORY, INBOX_ITEM


class InboxRepository:
    """`Inbox` of the book's port."""

    def __init__(self, scope: Scope) -> None:
        self._sql = scope.sql

    def open(self, item: InboxItem) -> None:
        """Add an item; a second open one of the same kind about the same operation or customer is not added."""
        self._sql.execute(
            insert(INBOX_ITEM)
            .values(
                id=item.id,
                kind=item.kind,
                operation_id=item.operation_id,
                customer_id=item.customer_id,
                meant=dict(item.meant),
                server_said=item.server_said,
                evidence=dict(item.evidence),
                opened_at=item.opened_at,
                resolved_at=item.resolved_at,
                resolution=item.resolution,
            )
            .on_conflict_do_nothing()
        )

    def items(self, *, open_only: bool = True) -> Sequence[InboxItem]:
        """Return items, oldest first."""
        query = sa.select(INBOX_ITEM).order_by(INBOX_ITEM.c.row)
        if open_only:
            query = query.where(INBOX_ITEM.c.resolved_at.is_(None))
        return [_item(row) for row in self._sql.execute(query)]

    def get(self, inbox_id: InboxId) -> InboxItem | None:
        """Return one item."""
        found = self._sql.execute(sa.select(INBOX_ITEM).where(INBOX_ITEM.c.id == inbox_id)).one_or_none()
        return None if found is None else _item(found)

    def resolve(
        self,
        inbox_id: InboxId,
        resolution: str,
        at: datetime,
        *,
        decided_by: str | None = None,
        approved_by: str | None = None,
        reason: str = "",
        target: str | None = None,
    ) -> None:
        """Note how an item was settled, by whom and why; the first settlement stands."""
        who = {"decided_by": decided_by, "approved_by": approved_by, "reason": reason, "target": target}
        self._sql.execute(
            sa.update(INBOX_ITEM)
            .where(INBOX_ITEM.c.id == inbox_id, INBOX_ITEM.c.resolved_at.is_(None))
            .values(resolved_at=at, resolution=resolution, **who)
        )

    def keep_value(
        self, customer_id: CustomerId, field: str, value: object, *, source: str, reason: str, at: datetime
    ) -> None:
        """Keep a value that lost a merge, so that nobody's typing is gone; the same one again is not kept twice."""
        same = {"customer_id": customer_id, "field": field, "source": source, "reason": reason}
        known = sa.select(FIELD_HISTORY.c.value).filter_by(**same)
        if value not in self._sql.execute(known).scalars().all():
            self._sql.execute(sa.insert(FIELD_HISTORY).values(**same, value=value, at=at))


def _item(row: Any) -> InboxItem:
    return InboxItem(
        id=InboxId(row.id),
        kind=row.kind,
        operation_id=None if row.operation_id is None else OperationId(row.operation_id),
        customer_id=None if row.customer_id is None else CustomerId(row.customer_id),
        meant=row.meant,
        server_said=row.server_said,
        evidence=row.evidence,
        opened_at=row.opened_at,
        resolved_at=row.resolved_at,
        resolution=row.resolution,
        decided_by=row.decided_by,
        approved_by=row.approved_by,
        reason=row.reason,
        target=row.target,
    )
