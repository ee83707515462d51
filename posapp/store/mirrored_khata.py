"""The server's own khata of a customer as it last told it, under a seal that shows a change made here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from posapp.domain.ids import ConnectionId, RemoteId
from posapp.domain.ledger import Direction
from posapp.domain.proof import seal_of, sealed
from posapp.services.ports.proofs import ProofState
from posapp.services.ports.remote import RemoteEntry
from posapp.store.errors import UnknownRow
from posapp.store.scope import Scope
from posapp.store.tables import KHATA_PROOF, REMOTE_ENTRY, REMOTE_RECORD


class MirroredKhata:
    """The part of `Mirror` that speaks of khata entries."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._sql = scope.sql

    def replace_entries(self, connection_id: ConnectionId, remote_id: RemoteId, entries: Sequence[RemoteEntry]) -> None:
        """Replace the mirrored khata of a customer by the whole khata as the server just told it."""
        record = record_row(self._scope, connection_id, remote_id)
        self._sql.execute(sa.delete(REMOTE_ENTRY).where(REMOTE_ENTRY.c.record == record))
        if entries:
            values = [self._entry_values(record, entry) for entry in entries]
            self._sql.execute(sa.insert(REMOTE_ENTRY), values)
        if entries or self._seal(record) is not None:
            self._set_seal(record, seal_of(entries))

    def add_entry(self, connection_id: ConnectionId, remote_id: RemoteId, entry: RemoteEntry) -> None:
        """Add one entry that the server just answered; a known one stays as it is."""
        record = record_row(self._scope, connection_id, remote_id)
        values = self._entry_values(record, entry)
        same = ["record", "remote_id"]
        added = self._sql.execute(insert(REMOTE_ENTRY).values(**values).on_conflict_do_nothing(index_elements=same))
        if added.rowcount:
            seal = self._seal(record)
            self._set_seal(record, seal_of(entries_of(self._scope, record)) if seal is None else sealed(seal, entry))

    def entries(self, connection_id: ConnectionId, remote_id: RemoteId) -> Sequence[RemoteEntry]:
        """Return the mirrored khata in posting order."""
        return entries_of(self._scope, record_row(self._scope, connection_id, remote_id))

    def _seal(self, record: int) -> bytes | None:
        seal: bytes | None = self._sql.execute(
            sa.select(KHATA_PROOF.c.seal).where(KHATA_PROOF.c.record == record)
        ).scalar()
        return seal

    def _set_seal(self, record: int, seal: bytes) -> None:
        new = insert(KHATA_PROOF).values(record=record, state=ProofState.UNPROVEN.value, seal=seal)
        self._sql.execute(new.on_conflict_do_update(index_elements=["record"], set_={"seal": seal}))

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


def record_row(scope: Scope, connection_id: ConnectionId, remote_id: RemoteId) -> int:
    """Return the row of a remote customer."""
    query = sa.select(REMOTE_RECORD.c.row).where(
        REMOTE_RECORD.c.connection == scope.connection_row(connection_id),
        REMOTE_RECORD.c.remote_id == remote_id,
    )
    row: int | None = scope.sql.execute(query).scalar()
    if row is None:
        raise UnknownRow("no such remote customer")
    return row


def entries_of(scope: Scope, record: int) -> Sequence[RemoteEntry]:
    """Return the mirrored khata of a remote customer, in posting order."""
    query = sa.select(REMOTE_ENTRY).where(REMOTE_ENTRY.c.record == record).order_by(REMOTE_ENTRY.c.row)
    return [
        RemoteEntry(
            remote_id=row.remote_id,
            direction=Direction(row.direction),
            amount=scope.money(row.amount),
            balance_after=scope.money(row.balance_after),
            description=row.description,
            reference_id=row.reference_id,
            recorded_at=row.recorded_at,
            occurred_at=row.occurred_at,
        )
        for row in scope.sql.execute(query)
    ]
