"""How far the pull has come: checkpoints and the scan under way, saved with the rows they stand for."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from posapp.domain.ids import ConnectionId, CustomerId, RemoteId
from posapp.services.dto import CustomerStatus
from posapp.services.ports.mirror import Landmark, ScanRun
from posapp.store.scope import Scope
from posapp.store.tables import CHECKPOINT, CUSTOMER, REMOTE_RECORD, SCAN_RUN

_CHANGED_AT = sa.func.coalesce(
    REMOTE_RECORD.c.updated_at, REMOTE_RECORD.c.created_at, type_=REMOTE_RECORD.c.updated_at.type
)


class PullState:
    """The part of `Mirror` that speaks of positions, and of whom a server is known again by."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._sql = scope.sql

    def checkpoint(self, connection_id: ConnectionId, name: str) -> str | None:
        """Return a saved position (`changed_since`, `deleted_since`, `newest`); None where there is none."""
        row = self._scope.connection_row(connection_id)
        query = sa.select(CHECKPOINT.c.value).where(CHECKPOINT.c.connection == row, CHECKPOINT.c.name == name)
        return self._sql.execute(query).scalar()

    def set_checkpoint(self, connection_id: ConnectionId, name: str, value: str | None) -> None:
        """Save a position, in the transaction of the rows it stands for; None forgets it."""
        row = self._scope.connection_row(connection_id)
        if value is None:
            self._sql.execute(sa.delete(CHECKPOINT).where(CHECKPOINT.c.connection == row, CHECKPOINT.c.name == name))
            return
        self._sql.execute(
            insert(CHECKPOINT)
            .values(connection=row, name=name, value=value)
            .on_conflict_do_update(index_elements=["connection", "name"], set_={"value": value})
        )

    def scan_run(self, connection_id: ConnectionId) -> ScanRun | None:
        """Return the scan under way; None where none is."""
        row = self._scope.connection_row(connection_id)
        query = sa.select(SCAN_RUN).where(SCAN_RUN.c.connection == row, SCAN_RUN.c.running)
        found = self._sql.execute(query).one_or_none()
        if found is None:
            return None
        return ScanRun(**{field.name: getattr(found, field.name) for field in dataclasses.fields(ScanRun)})

    def save_scan_run(self, connection_id: ConnectionId, run: ScanRun | None) -> None:
        """Save the scan's position, or that it ended."""
        row = self._scope.connection_row(connection_id)
        if run is None:
            self._sql.execute(sa.update(SCAN_RUN).where(SCAN_RUN.c.connection == row).values(running=False))
            return
        values = {**dataclasses.asdict(run), "running": True}
        self._sql.execute(
            insert(SCAN_RUN)
            .values(connection=row, **values)
            .on_conflict_do_update(index_elements=["connection"], set_=values)
        )

    def last_generation(self, connection_id: ConnectionId) -> int:
        """Return the number of the newest scan begun so far; 0 where there was none."""
        row = self._scope.connection_row(connection_id)
        return self._sql.execute(sa.select(SCAN_RUN.c.generation).where(SCAN_RUN.c.connection == row)).scalar() or 0

    def newest(self, connection_id: ConnectionId, limit: int) -> Sequence[Landmark]:
        """Return live remote customers, the one that changed last first."""
        return self._landmarks(connection_id, limit, _CHANGED_AT.desc())

    def oldest(self, connection_id: ConnectionId, limit: int) -> Sequence[Landmark]:
        """Return live remote customers, the one created first at the server first."""
        return self._landmarks(connection_id, limit, REMOTE_RECORD.c.created_at)

    def _landmarks(self, connection_id: ConnectionId, limit: int, order: sa.ColumnElement[Any]) -> Sequence[Landmark]:
        query = (
            sa.select(REMOTE_RECORD.c.remote_id, CUSTOMER.c.id, _CHANGED_AT.label("changed_at"))
            .outerjoin(CUSTOMER, CUSTOMER.c.row == REMOTE_RECORD.c.customer)
            .where(
                REMOTE_RECORD.c.connection == self._scope.connection_row(connection_id),
                REMOTE_RECORD.c.status == CustomerStatus.LIVE.value,
            )
            .order_by(order, REMOTE_RECORD.c.row)
            .limit(limit)
        )
        return [
            Landmark(RemoteId(row.remote_id), None if row.id is None else CustomerId(row.id), row.changed_at)
            for row in self._sql.execute(query)
        ]
