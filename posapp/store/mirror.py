"""What the server last said: records of customers, taken over page by page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from posapp.domain.ids import ConnectionId, CustomerId, RemoteId
from posapp.domain.money import Money
from posapp.domain.operation import DOUBTFUL, OperationKind, OperationState
from posapp.services.dto import CustomerStatus
from posapp.services.ports.mirror import MirrorRow
from posapp.services.ports.remote import RemoteCustomer
from posapp.store.adopting import Adoption, add_customers, customer_rows, new_customer, portions
from posapp.store.mirrored_khata import MirroredKhata
from posapp.store.profiles import ERASED, from_values, record_values, to_values, traits_of
from posapp.store.pull_state import PullState
from posapp.store.scope import Scope
from posapp.store.tables import CONNECTION, CUSTOMER, LANE_CLOCK, OPERATION, REMOTE_RECORD

_LIVE = CustomerStatus.LIVE.value
_REFRESH_AFTER: Final = timedelta(hours=24)
_DOUBTFUL = [state.value for state in sorted(DOUBTFUL)]
_EDITS = [OperationKind.CUSTOMER_EDIT.value, OperationKind.CUSTOMER_CREATE.value]
_NOT_TOLD_STAYS = ("created_at", "updated_at", "total_spent", "total_orders")
_DONE = [
    state.value
    for state in (
        OperationState.CONFIRMED,
        OperationState.REJECTED,
        OperationState.CANCELLED,
        OperationState.KEPT,
    )
]


class MirrorRepository(Adoption, PullState, MirroredKhata):
    """`Mirror` of the book's port."""

    def __init__(self, scope: Scope) -> None:
        Adoption.__init__(self, scope)
        PullState.__init__(self, scope)
        MirroredKhata.__init__(self, scope)
        self._scope = scope
        self._sql = scope.sql

    def rows(self, connection_id: ConnectionId, remote_ids: Iterable[RemoteId]) -> Mapping[RemoteId, MirrorRow]:
        """Return what is known of some remote customers; unknown ones are missing."""
        connection = self._scope.connection_row(connection_id)
        found: dict[RemoteId, MirrorRow] = {}
        for some in portions(remote_ids):
            query = sa.select(REMOTE_RECORD, CUSTOMER.c.id.label("customer_id"), CUSTOMER.c.lane_epoch).outerjoin(
                CUSTOMER, CUSTOMER.c.row == REMOTE_RECORD.c.customer
            )
            mine = query.where(REMOTE_RECORD.c.connection == connection, REMOTE_RECORD.c.remote_id.in_(some))
            rows = self._sql.execute(mine).all()
            open_acts = self._open_acts([row.customer_id for row in rows if row.customer_id is not None])
            for row in rows:
                found[RemoteId(row.remote_id)] = self._row_of(row, open_acts.get(row.customer_id, ()))
        return found

    def epoch(self) -> int:
        """Return the highest lane epoch given out so far: ask before a request, compare on applying its answer."""
        epoch: int = self._sql.execute(sa.select(LANE_CLOCK.c.epoch)).scalar_one()
        return epoch

    def insert(
        self,
        connection_id: ConnectionId,
        rows: Sequence[tuple[RemoteCustomer, CustomerId | None, bytes]],
        *,
        generation: int,
        seen_at: datetime,
    ) -> None:
        """Add rows seen for the first time (record, our customer or None to leave it unadopted, digest).

        A customer id that the book does not have yet gets a new customer with the row's profile, indexed.
        """
        if not rows:
            return
        connection = self._scope.connection_row(connection_id)
        known = customer_rows(self._scope, [customer_id for _, customer_id, _ in rows if customer_id is not None])
        new = [
            new_customer(record, customer_id, seen_at)
            for record, customer_id, _ in rows
            if customer_id is not None and customer_id not in known
        ]
        known |= add_customers(self._scope, new)
        self._sql.execute(
            sa.insert(REMOTE_RECORD),
            [
                {
                    **self._fields(record, digest, generation),
                    **self._numbers(record, seen_at),
                    "connection": connection,
                    "remote_id": record.remote_id,
                    "customer": None if customer_id is None else known[customer_id],
                    "fetched_at": None if record.untold else seen_at,
                }
                for record, customer_id, digest in rows
            ],
        )

    def update(
        self,
        connection_id: ConnectionId,
        rows: Sequence[tuple[RemoteCustomer, bytes]],
        *,
        generation: int,
        seen_at: datetime,
        with_numbers: Callable[[RemoteId], bool],
    ) -> None:
        """Replace rows that changed; points and balance only where `with_numbers` says so and the row carries them."""
        alike: dict[tuple[str, ...], list[dict[str, Any]]] = {}
        for record, digest in rows:
            values = self._fields(record, digest, generation)
            for name in _NOT_TOLD_STAYS:
                if values[name] is None:
                    del values[name]  # not told is not unknown: a server is known again by the newest
            if with_numbers(record.remote_id):
                numbers = self._numbers(record, seen_at)
                values |= {name: value for name, value in numbers.items() if value is not None}
                if self._complete(record):
                    values |= {"refresh_marked": False, "fetched_at": seen_at}
            bound = {f"new_{name}": value for name, value in values.items()} | {"which": record.remote_id}
            alike.setdefault(tuple(values), []).append(bound)
        for names, several in alike.items():
            self._sql.execute(self._bound_update(connection_id, names), several)

    def set_numbers(
        self,
        connection_id: ConnectionId,
        remote_id: RemoteId,
        *,
        points: int | None,
        balance: Money | None,
        as_of: datetime,
    ) -> None:
        """Set points and balance as the server just told them; None leaves a number as it is."""
        values: dict[str, Any] = {"fetched_at": as_of, "refresh_marked": False}
        if points is not None:
            values |= {"points": points, "points_as_of": as_of}
        if balance is not None:
            values |= {"balance": self._scope.minor(balance), "balance_as_of": as_of}
        self._sql.execute(self._record(connection_id, remote_id).values(**values))

    def set_status(self, connection_id: ConnectionId, remote_id: RemoteId, status: CustomerStatus) -> None:
        """Note that a remote customer is gone or anonymised; the caller sets our customer's status."""
        values: dict[str, Any] = {"status": status.value}
        if status is not CustomerStatus.LIVE:
            values["refresh_marked"] = False
        if status is CustomerStatus.ANONYMIZED:
            values["profile"] = to_values(ERASED)
        self._sql.execute(self._record(connection_id, remote_id).values(**values))

    def merge_into(self, connection_id: ConnectionId, remote_id: RemoteId, primary: RemoteId) -> None:
        """Note that a remote customer was merged into another."""
        values = {"alias_of": primary, "status": CustomerStatus.DELETED.value, "refresh_marked": False}
        self._sql.execute(self._record(connection_id, remote_id).values(**values))

    def forget(self, connection_id: ConnectionId, remote_id: RemoteId) -> None:
        """Take a remote customer out of the mirror: ours is not there under that id, and is to get another if any."""
        known = REMOTE_RECORD.c.connection == self._scope.connection_row(connection_id)
        self._sql.execute(sa.delete(REMOTE_RECORD).where(known, REMOTE_RECORD.c.remote_id == remote_id))

    def due_for_refresh(
        self, connection_id: ConnectionId, limit: int, *, marked_only: bool = False
    ) -> Sequence[RemoteId]:
        """Return customers to be fetched one by one: marked ones first, then those never fetched, then the oldest."""
        column = REMOTE_RECORD.c
        live = sa.select(column.remote_id).where(
            column.connection == self._scope.connection_row(connection_id), column.status == _LIVE
        )
        passes = [live.where(sa.text("refresh_marked = 1")).order_by(column.row)]
        if not marked_only:
            passes.append(live.where(column.fetched_at.is_(None)).order_by(column.row))
        khata, unlisted = self._told_alone(connection_id)
        if not marked_only and khata:
            passes.append(live.where(sa.text("balance IS NULL AND status = 'live'")).order_by(column.row))
        if not marked_only and (khata or unlisted):
            now = self._scope.now()
            passes.append(live.where(column.fetched_at < now - _REFRESH_AFTER).order_by(column.fetched_at))
            ahead = column.fetched_at > now  # the clock was set back: nobody knows how old that is
            passes.append(live.where(ahead).order_by(column.fetched_at))
        due: dict[RemoteId, None] = {}
        for query in passes:
            if len(due) < limit:
                due |= dict.fromkeys(map(RemoteId, self._sql.execute(query.limit(limit)).scalars()))
        return list(due)[:limit]

    def mark_for_refresh(self, connection_id: ConnectionId, remote_ids: Iterable[RemoteId]) -> None:
        """Ask for customers to be fetched one by one in the next cycle."""
        for some in portions(remote_ids):
            self._sql.execute(self._records(connection_id, some).values(refresh_marked=True))

    def mark_seen(self, connection_id: ConnectionId, remote_ids: Iterable[RemoteId], generation: int) -> None:
        """Note that unchanged rows were seen in a scan."""
        for some in portions(remote_ids):
            self._sql.execute(self._records(connection_id, some).values(seen_generation=generation))

    def not_seen_since(self, connection_id: ConnectionId, generation: int) -> Sequence[RemoteId]:
        """Return live remote customers that a complete scan did not show: suspects, never deletions."""
        query = sa.select(REMOTE_RECORD.c.remote_id).where(
            REMOTE_RECORD.c.connection == self._scope.connection_row(connection_id),
            REMOTE_RECORD.c.status == _LIVE,
            REMOTE_RECORD.c.seen_generation < generation,
        )
        return [RemoteId(found) for found in self._sql.execute(query.order_by(REMOTE_RECORD.c.row)).scalars()]

    def live_count(self, connection_id: ConnectionId) -> int:
        """Return how many live remote customers are known."""
        query = sa.select(sa.func.count()).where(
            REMOTE_RECORD.c.connection == self._scope.connection_row(connection_id), REMOTE_RECORD.c.status == _LIVE
        )
        return int(self._sql.execute(query).scalar_one())

    def _bound_update(self, connection_id: ConnectionId, names: Iterable[str]) -> sa.Update:
        """Return one statement for many rows that set the same columns."""
        return (
            sa.update(REMOTE_RECORD)
            .where(
                REMOTE_RECORD.c.connection == self._scope.connection_row(connection_id),
                REMOTE_RECORD.c.remote_id == sa.bindparam("which"),
            )
            .values({name: sa.bindparam(f"new_{name}") for name in names})
        )

    def _record(self, connection_id: ConnectionId, remote_id: RemoteId) -> sa.Update:
        return self._records(connection_id, [remote_id])

    def _records(self, connection_id: ConnectionId, remote_ids: Sequence[RemoteId]) -> sa.Update:
        return sa.update(REMOTE_RECORD).where(
            REMOTE_RECORD.c.connection == self._scope.connection_row(connection_id),
            REMOTE_RECORD.c.remote_id.in_(remote_ids),
        )

    def _told_alone(self, connection_id: ConnectionId) -> tuple[bool, bool]:
        """Return what a server tells of one customer alone: whether a khata, whether fields that no list carries."""
        query = sa.select(CONNECTION.c.capabilities).where(CONNECTION.c.id == connection_id)
        capabilities: dict[str, Any] = self._sql.execute(query).scalar_one()
        unlisted = set(capabilities.get("fields", ())).difference(capabilities.get("listed", ()))
        return capabilities.get("ledger", False) is True, bool(unlisted)

    def _complete(self, record: RemoteCustomer) -> bool:
        """Whether a row brings all that its server keeps, so that a mark for refresh is done with."""
        khata_here = record.balance is not None or not self._primary_keeps("ledger")
        points_here = record.points is not None or not self._primary_keeps("points")
        return khata_here and points_here and not record.untold

    def _primary_keeps(self, what: str) -> bool:
        return self._scope.primary is not None and self._scope.primary[1].get(what, False) is True

    def _fields(self, record: RemoteCustomer, digest: bytes, generation: int) -> dict[str, Any]:
        status = CustomerStatus.ANONYMIZED if record.anonymized else CustomerStatus.LIVE
        return {
            "profile": record_values(record.profile, record.traits),
            "digest": digest,
            "total_spent": self._scope.minor_or_none(record.total_spent),
            "total_orders": record.total_orders,
            "created_at": record.created_at,
            "updated_at": record.updated_at,
            "etag": record.etag,
            "seen_generation": generation,
            "status": status.value,
        }

    def _numbers(self, record: RemoteCustomer, seen_at: datetime) -> dict[str, Any]:
        return {
            "points": record.points,
            "points_as_of": None if record.points is None else seen_at,
            "balance": self._scope.minor_or_none(record.balance),
            "balance_as_of": None if record.balance is None else seen_at,
        }

    def _open_acts(self, customer_ids: Sequence[str]) -> dict[str, list[tuple[str, str]]]:
        acts: dict[str, list[tuple[str, str]]] = {}
        if customer_ids:
            query = sa.select(OPERATION.c.customer_id, OPERATION.c.kind, OPERATION.c.state).where(
                OPERATION.c.customer_id.in_(customer_ids), OPERATION.c.state.not_in(_DONE)
            )
            for customer_id, kind, state in self._sql.execute(query):
                acts.setdefault(customer_id, []).append((kind, state))
        return acts

    def _row_of(self, row: Any, acts: Iterable[tuple[str, str]]) -> MirrorRow:
        acts = list(acts)
        return MirrorRow(
            remote_id=RemoteId(row.remote_id),
            customer_id=None if row.customer_id is None else CustomerId(row.customer_id),
            digest=row.digest,
            profile=from_values(row.profile),
            traits=traits_of(row.profile),
            status=CustomerStatus(row.status),
            lane_epoch=row.lane_epoch or 0,
            busy=any(state in _DOUBTFUL for _, state in acts),
            edited=any(kind in _EDITS for kind, _ in acts),
            unproven=any(state == OperationState.ACKED.value for _, state in acts),
            created_at=row.created_at,
        )
