"""The server's own khata of a customer, as it last told it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from posapp.domain.ids import ConnectionId, RemoteId
from posapp.domain.ledger import Direction
from posapp.services.ports.remote import RemoteEntry
from posapp.store.errors import UnknownRow
from posapp.store.scope import Scope
from posapp.store.tables import REMOTE_ENTRY, REMOTE_RECORD


class MirroredKhata:
    """The part of `Mirror` that speaks of khata entries."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._sql = scope.sql

    def replace_entries(self, connection_id: ConnectionId, remote_id: RemoteId, entries: Sequence[RemoteEntry]) -> None:
        """Replace the mirrored khata of a customer by the whole khata as the server just told it."""
        record = self._record_row(connection_id, remote_id)
        self._sql.execute(sa.delete(REMOTE_ENTRY).where(REMOTE_ENTRY.c.record == record))
        if entries:
            values = [self._entry_values(record, entry) for entry in entries]
            self._sql.execute(sa.insert(REMOTE_ENTRY), values)

    def add_entry(self, connection_id: ConnectionId, remote_id: RemoteId, entry: RemoteEntry) -> None:
        """Add one entry that the server just answered; a known one stays as it is."""
        record = self._record_row(connection_id, remote_id)
        values = self._entry_values(record, entry)
        same = ["record", "remote_id"]
        self._sql.execute(insert(REMOTE_ENTRY).values(**values).on_conflict_do_nothing(index_elements=same))

    def entries(self, connection_id: ConnectionId, remote_id: RemoteId) -> Sequence[RemoteEntry]:
        """Return the mirrored khata in posting order."""
        record = self._record_row(connection_id, remote_id)
        query = sa.select(REMOTE_ENTRY).where(REMOTE_ENTRY.c.record == record).order_by(REMOTE_ENTRY.c.row)
        return [
            RemoteEntry(
                remote_id=row.remote_id,
                direction=Direction(row.direction),
                amount=self._scope.money(row.amount),
                balance_after=self._scope.money(row.balance_after),
                description=row.description,
                reference_id=row.reference_id,
                recorded_at=row.recorded_at,
                occurred_at=row.occurred_at,
            )
            for row in self._sql.execute(query)
        ]

    def _record_row(self, connection_id: ConnectionId, remote_id: RemoteId) -> int:
        query = sa.select(REMOTE_RECORD.c.row).where(
            REMOTE_RECORD.c.connection == self._scope.connection_row(connection_id),
            REMOTE_RECORD.c.remote_id == remote_id,
        )
        row: int | None = self._sql.execute(query).scalar()
        if row is None:
            raise UnknownRow("no such remote customer")
        return row

    def _entry_values(self, record: int, entry: RemoteEntry) -> dict[str, Any]:
        return {
            "record": record,
            "remote_id": entry.remote_id,
            "direction": entry.direction.value,
            "amount": self._scope.minor(entry.amount),
            "balance_after": self._scope.minor(entry.balance_after),
            "description": entry.description,
            "reference_id": entry.reference_id,
            "recorded_at": entry.recorded_at,
            "occurred_at": entry.occurred_at,
        }
