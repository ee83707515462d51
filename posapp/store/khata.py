"""Money and points that this till recorded, and what they and the server's figures make together."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from posapp.domain.ids import CustomerId, EntryId, OperationId
from posapp.domain.ledger import Direction, EntryKind, LedgerEntry
from posapp.domain.loyalty import PointsEntry
from posapp.domain.money import Money
from posapp.domain.operation import OperationKind, OperationState
from posapp.domain.segments import Bought
from posapp.services.dto import (
    LINE_STATES,
    KhataLine,
    LedgerDetails,
    LineState,
    PointsLine,
    SaleRecord,
    Standing,
    Written,
)
from posapp.store.errors import UnknownRow
from posapp.store.exchange.reading import linked_entries, peer_entries, peer_movements
from posapp.store.khata_lines import NOT_COUNTED, local_line, peer_line, server_line
from posapp.store.scope import Scope
from posapp.store.standings import standings
from posapp.store.tables import CUSTOMER, LEDGER_ENTRY, OPERATION, POINTS_ENTRY, REMOTE_ENTRY, REMOTE_RECORD, SALE

_WITHOUT_EFFECT = [state.value for state in (OperationState.REJECTED, OperationState.CANCELLED)]
_NEWEST_BILL = sa.func.max(SALE.c.occurred_at, type_=SALE.c.occurred_at.type)


class KhataRepository:
    """`Khata` of the book's port."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._sql = scope.sql

    def add_entry(self, entry: LedgerEntry, details: LedgerDetails) -> None:
        """Append a khata entry."""
        self._sql.execute(
            sa.insert(LEDGER_ENTRY).values(
                id=entry.id,
                customer_id=entry.customer_id,
                operation_id=entry.operation_id,
                kind=entry.kind.value,
                direction=entry.direction.value,
                amount=self._scope.minor(entry.amount),
                occurred_at=entry.occurred_at,
                description=entry.description,
                due_on=entry.due_on or details.due_on,
                backdated=entry.backdated,
                reverses=entry.reverses,
                kept=entry.kept,
                tender=details.tender,
                reference=details.reference,
                note=details.note,
            )
        )

    def entry_of(self, entry_or_operation: str) -> LedgerEntry | None:
        """Return the entry with this id, or the one that this operation wrote."""
        for column in (LEDGER_ENTRY.c.id, LEDGER_ENTRY.c.operation_id):
            query = sa.select(LEDGER_ENTRY).where(column == entry_or_operation).order_by(LEDGER_ENTRY.c.row).limit(1)
            found = self._sql.execute(query).one_or_none()
            if found is not None:
                return self._entry(found)
        return None

    def add_points(
        self, operation_id: OperationId, customer_id: CustomerId, points: int, occurred_at: datetime, *, kept: bool
    ) -> None:
        """Append a movement of points: positive earned, negative redeemed."""
        values = {"operation_id": operation_id, "customer_id": customer_id, "points": points}
        self._sql.execute(sa.insert(POINTS_ENTRY).values(**values, occurred_at=occurred_at, kept=kept))

    def add_sale(self, sale: SaleRecord) -> None:
        """Append a bill."""
        self._sql.execute(
            sa.insert(SALE).values(
                id=sale.id,
                customer_id=sale.customer_id,
                total=self._scope.minor(sale.total),
                discount=self._scope.minor(sale.discount),
                on_account=self._scope.minor(sale.on_account),
                paid=self._scope.minor(sale.paid),
                points_redeemed=sale.points_redeemed,
                points_earned=sale.points_earned,
                receipt_number=sale.receipt_number,
                occurred_at=sale.occurred_at,
                kept=sale.kept,
            )
        )

    def sale(self, operation_id: OperationId) -> SaleRecord | None:
        """Return a bill."""
        found = self._sql.execute(sa.select(SALE).where(SALE.c.id == operation_id)).one_or_none()
        return None if found is None else self._sale(found)

    def points_of(self, operation_id: OperationId) -> int:
        """Return the sum of what an operation did to points."""
        total = sa.func.coalesce(sa.func.sum(POINTS_ENTRY.c.points), 0)
        query = sa.select(total).where(POINTS_ENTRY.c.operation_id == operation_id)
        return int(self._sql.execute(query).scalar_one())

    def standing(self, customer_id: CustomerId) -> Standing:
        """Return a customer's numbers."""
        return standings(self._scope, [(self._customer_row(customer_id), customer_id)])[customer_id]

    def lines(self, customer_id: CustomerId) -> Sequence[KhataLine]:
        """Return all lines of a khata, this till's, the other tills' and the server's, a line known to two once.

        They come oldest first.
        """
        remote = self._remote_entries(customer_id)
        by_reference = {row.reference_id: row for row in remote if row.reference_id is not None}
        local = self._sql.execute(
            sa.select(LEDGER_ENTRY, OPERATION.c.state, OPERATION.c.till_seq)
            .join(OPERATION, OPERATION.c.id == LEDGER_ENTRY.c.operation_id)
            .where(LEDGER_ENTRY.c.customer_id == customer_id)
            .order_by(LEDGER_ENTRY.c.row)
        ).all()
        peers = peer_entries(self._sql, customer_id)
        linked = linked_entries(self._sql, customer_id)
        posted = {row.remote_id: row for row in remote if row.remote_id in linked.values()}
        undone_by = {row.reverses: row.id for row in local if row.reverses is not None and row.state not in NOT_COUNTED}
        undone_by |= {row.reverses: row.id for row in peers if row.reverses is not None}
        matched = {row.operation_id for row in local if row.state not in NOT_COUNTED}
        by_reference = {name: row for name, row in by_reference.items() if name in matched}
        lines = [
            local_line(
                self._scope, row, by_reference.get(row.operation_id) or posted.get(linked.get(row.id)), undone_by
            )
            for row in local
        ]
        lines += [peer_line(self._scope, row, posted.get(linked.get(row.id)), undone_by) for row in peers]
        lines += [
            server_line(self._scope, row, undone_by)
            for row in remote
            if row.reference_id not in matched and row.remote_id not in posted
        ]
        return sorted(lines, key=lambda line: line.recorded_at or line.occurred_at)

    def points_lines(self, customer_id: CustomerId) -> Sequence[PointsLine]:
        """Return the tills' movements of a customer's points, oldest first."""
        query = (
            sa.select(POINTS_ENTRY, OPERATION.c.state, OPERATION.c.kind)
            .join(OPERATION, OPERATION.c.id == POINTS_ENTRY.c.operation_id)
            .where(POINTS_ENTRY.c.customer_id == customer_id)
            .order_by(POINTS_ENTRY.c.occurred_at, POINTS_ENTRY.c.row)
        )
        here = [
            PointsLine(
                operation_id=OperationId(row.operation_id),
                points=row.points,
                occurred_at=row.occurred_at,
                description=row.kind,
                state=LINE_STATES[OperationState(row.state)],
                counted=row.state not in NOT_COUNTED,
            )
            for row in self._sql.execute(query)
        ]
        elsewhere = [
            PointsLine(
                operation_id=None,
                points=row.points,
                occurred_at=row.occurred_at,
                description=row.kind,
                state=LineState.KEPT,
                till=row.till,
            )
            for row in peer_movements(self._sql, customer_id)
        ]
        return sorted([*here, *elsewhere], key=lambda line: line.occurred_at) if elsewhere else here

    def sales(self, customer_id: CustomerId, limit: int) -> Sequence[SaleRecord]:
        """Return a customer's bills at this till, newest first."""
        query = sa.select(SALE).where(SALE.c.customer_id == customer_id)
        query = query.order_by(SALE.c.occurred_at.desc(), SALE.c.row.desc()).limit(limit)
        return [self._sale(row) for row in self._sql.execute(query)]

    def bought_here(self, customer_id: CustomerId) -> Bought:
        """Return what a customer bought on bills that this till alone keeps; those undone do not count."""
        undoing = OPERATION.alias("undoing")
        undone = sa.exists().where(undoing.c.reverses == SALE.c.id, undoing.c.state.not_in(_WITHOUT_EFFECT))
        query = (
            sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(SALE.c.total), 0), _NEWEST_BILL)
            .join(OPERATION, OPERATION.c.id == SALE.c.id)
            .where(SALE.c.customer_id == customer_id, OPERATION.c.state == OperationState.KEPT.value, sa.not_(undone))
        )
        orders, spent, newest = self._sql.execute(query).one()
        return Bought(orders, self._scope.money(spent), newest)

    def written_by(self, operation_ids: Collection[OperationId]) -> Mapping[OperationId, Written]:
        """Return what operations wrote beside themselves; those that wrote nothing are missing."""
        found: dict[OperationId, Written] = {}
        for row in self._of(LEDGER_ENTRY, LEDGER_ENTRY.c.operation_id, operation_ids):
            known = found.get(row.operation_id, Written())
            found[row.operation_id] = replace(known, entries=(*known.entries, self._entry(row)))
        for row in self._of(POINTS_ENTRY, POINTS_ENTRY.c.operation_id, operation_ids):
            known = found.get(row.operation_id, Written())
            moved = PointsEntry(CustomerId(row.customer_id), row.points, row.occurred_at)
            found[row.operation_id] = replace(known, points=(*known.points, moved))
        for row in self._of(SALE, SALE.c.id, operation_ids):
            found[row.id] = replace(found.get(row.id, Written()), sale=self._sale(row))
        return found

    def strays(self) -> Sequence[OperationId]:
        """Return operations that lines, points or bills name and the book does not have: there must be none."""
        known = sa.select(OPERATION.c.id)
        named = sa.union(
            sa.select(LEDGER_ENTRY.c.operation_id).where(LEDGER_ENTRY.c.operation_id.not_in(known)),
            sa.select(POINTS_ENTRY.c.operation_id).where(POINTS_ENTRY.c.operation_id.not_in(known)),
            sa.select(SALE.c.id).where(SALE.c.id.not_in(known)),
        )
        return [OperationId(found) for found in self._sql.execute(named).scalars()]

    def largest_amount(self, kinds: Iterable[OperationKind]) -> Money | None:
        """Return the largest amount so far typed in operations of some kinds; None where there is none."""
        names = [kind.value for kind in kinds]
        largest = [
            self._sql.execute(sa.select(sa.func.max(OPERATION.c.amount)).where(OPERATION.c.kind == name)).scalar()
            for name in names
        ]
        return self._scope.money_or_none(max((amount for amount in largest if amount is not None), default=None))

    def _of(self, table: sa.Table, column: sa.ColumnElement[str], ids: Collection[OperationId]) -> Sequence[Any]:
        return self._sql.execute(sa.select(table).where(column.in_(ids)).order_by(table.c.row)).all()

    def _customer_row(self, customer_id: CustomerId) -> int:
        row = self._sql.execute(sa.select(CUSTOMER.c.row).where(CUSTOMER.c.id == customer_id)).scalar()
        if row is None:
            raise UnknownRow("no such customer")
        return int(row)

    def _remote_entries(self, customer_id: CustomerId) -> Sequence[Any]:
        if self._scope.primary is None:
            return []
        query = (
            sa.select(REMOTE_ENTRY)
            .join(REMOTE_RECORD, REMOTE_RECORD.c.row == REMOTE_ENTRY.c.record)
            .where(
                REMOTE_RECORD.c.customer == self._customer_row(customer_id),
                REMOTE_RECORD.c.connection == self._scope.primary[0],
                REMOTE_RECORD.c.alias_of.is_(None),
            )
            .order_by(REMOTE_ENTRY.c.row)
        )
        return self._sql.execute(query).all()

    def _entry(self, row: Any) -> LedgerEntry:
        return LedgerEntry(
            id=EntryId(row.id),
            customer_id=CustomerId(row.customer_id),
            operation_id=OperationId(row.operation_id),
            kind=EntryKind(row.kind),
            direction=Direction(row.direction),
            amount=self._scope.money(row.amount),
            occurred_at=row.occurred_at,
            description=row.description,
            due_on=row.due_on,
            backdated=row.backdated,
            reverses=None if row.reverses is None else EntryId(row.reverses),
            kept=row.kept,
        )

    def _sale(self, row: Any) -> SaleRecord:
        return SaleRecord(
            id=OperationId(row.id),
            customer_id=CustomerId(row.customer_id),
            total=self._scope.money(row.total),
            discount=self._scope.money(row.discount),
            on_account=self._scope.money(row.on_account),
            paid=self._scope.money(row.paid),
            points_redeemed=row.points_redeemed,
            points_earned=row.points_earned,
            receipt_number=row.receipt_number,
            occurred_at=row.occurred_at,
            kept=row.kept,
        )
