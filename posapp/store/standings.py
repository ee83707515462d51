"""A customer's numbers: what the server last said, and what the tills did that the server's figure does not hold yet.

Each figure is summed from its lines on every call; none is kept. An entry that no server takes counts as kept whatever
its operation's state; one that a person decided to keep counts so by the state. What the shop's other tills keep counts
with it. A kept entry that a person linked to a server's counts in the server's figure alone.

What a server that is not used any more said counts for nothing; where it was not zero, the customer's figure is not
known here until the server of today tells one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from posapp.domain.ids import CustomerId
from posapp.domain.operation import WAITING, OperationState
from posapp.services.dto import Standing
from posapp.store.columns import listed
from posapp.store.exchange.tables import PEER_ENTRY, PEER_PAIR, PEER_POINTS
from posapp.store.scope import Scope
from posapp.store.tables import CONNECTION, LEDGER_ENTRY, OPERATION, POINTS_ENTRY, REMOTE_RECORD

_UNSENT = [state.value for state in sorted(WAITING | {OperationState.NEEDS_HUMAN})]
_DROPPED = [OperationState.REJECTED.value, OperationState.CANCELLED.value]


def _linked(table: sa.Table) -> sa.Exists:
    """Return whether the server's figure holds an entry, as a person said."""
    return sa.exists().where(PEER_PAIR.c.entry_id == table.c.id, PEER_PAIR.c.linked)


def _effect(table: sa.Table) -> sa.Case[int]:
    return sa.case((table.c.direction == "credit", table.c.amount), else_=-table.c.amount)


def _sums(table: sa.Table, effect: sa.ColumnElement[int]) -> sa.Select[Any]:
    """Return the sums of lines by customer: not in the server's figure yet, the negative part of that, kept here."""
    state = OPERATION.c.state
    kept = sa.or_(table.c.kept, state == OperationState.KEPT.value)
    if table is LEDGER_ENTRY:
        kept = sa.and_(kept, sa.not_(_linked(table)))
    unsent = sa.and_(sa.not_(table.c.kept), state.in_(_UNSENT))
    return (
        sa.select(
            table.c.customer_id,
            sa.func.sum(sa.case((unsent, effect), else_=0)).label("unsent"),
            sa.func.sum(sa.case((sa.and_(unsent, effect < 0), effect), else_=0)).label("unsent_negative"),
            sa.func.sum(sa.case((kept, effect), else_=0)).label("kept"),
        )
        .join(OPERATION, OPERATION.c.id == table.c.operation_id)
        .where(table.c.customer_id.in_(listed("ids")), state.not_in(_DROPPED))
        .group_by(table.c.customer_id)
    )


def _peers() -> sa.Select[Any]:
    """Return the sums of what other tills keep, by customer."""
    entries = sa.select(PEER_ENTRY.c.customer_id, _effect(PEER_ENTRY).label("money"), sa.literal(0).label("points"))
    counted = sa.and_(sa.not_(PEER_ENTRY.c.gone), sa.not_(_linked(PEER_ENTRY)))
    entries = entries.where(PEER_ENTRY.c.customer_id.in_(listed("ids")), counted)
    points = sa.select(PEER_POINTS.c.customer_id, sa.literal(0), PEER_POINTS.c.points)
    points = points.where(PEER_POINTS.c.customer_id.in_(listed("ids")), sa.not_(PEER_POINTS.c.gone))
    both = sa.union_all(entries, points).subquery()
    sums = (sa.func.sum(both.c.money).label("money"), sa.func.sum(both.c.points).label("points"))
    return sa.select(both.c.customer_id, *sums).group_by(both.c.customer_id)


_MONEY = _sums(LEDGER_ENTRY, _effect(LEDGER_ENTRY))
_POINTS = _sums(POINTS_ENTRY, POINTS_ENTRY.c.points)
_PEERS = _peers()
_RECORDS = sa.select(
    REMOTE_RECORD.c.customer,
    REMOTE_RECORD.c.balance,
    REMOTE_RECORD.c.balance_as_of,
    REMOTE_RECORD.c.points,
    REMOTE_RECORD.c.points_as_of,
    REMOTE_RECORD.c.total_spent,
    REMOTE_RECORD.c.total_orders,
).where(
    REMOTE_RECORD.c.customer.in_(listed("rows")),
    REMOTE_RECORD.c.connection == sa.bindparam("primary"),
    REMOTE_RECORD.c.alias_of.is_(None),
)
"""Made once: making a statement costs more than asking it for fifty customers."""

_LEFT = (
    sa.select(REMOTE_RECORD.c.customer, REMOTE_RECORD.c.balance, REMOTE_RECORD.c.points, CONNECTION.c.capabilities)
    .join(CONNECTION, CONNECTION.c.row == REMOTE_RECORD.c.connection)
    .where(
        REMOTE_RECORD.c.customer.in_(listed("rows")),
        sa.not_(CONNECTION.c.primary),
        REMOTE_RECORD.c.alias_of.is_(None),
    )
)


def standings(scope: Scope, customers: Sequence[tuple[int, str]]) -> Mapping[CustomerId, Standing]:
    """Return the numbers of some customers.

    Args:
        scope: The transaction.
        customers: Row and id of each.
    """
    if not customers:
        return {}
    ids = {"ids": [customer_id for _, customer_id in customers]}
    money = {row.customer_id: row for row in scope.sql.execute(_MONEY, ids).all()}
    points = {row.customer_id: row for row in scope.sql.execute(_POINTS, ids).all()}
    peers = {row.customer_id: row for row in scope.sql.execute(_PEERS, ids).all()}
    records = _records(scope, [row for row, _ in customers])
    found = {
        customer_id: _standing(
            scope, records.get(row), money.get(customer_id), points.get(customer_id), peers.get(customer_id)
        )
        for row, customer_id in customers
    }
    if scope.servers_left:
        ids_of = {row: customer_id for row, customer_id in customers if row not in records}
        for left in scope.sql.execute(_LEFT, {"rows": list(ids_of)}):
            found[ids_of[left.customer]] = _without_what_was_left(found[ids_of[left.customer]], left)
    return {CustomerId(customer_id): standing for customer_id, standing in found.items()}


def _records(scope: Scope, rows: Sequence[int]) -> dict[int, Any]:
    if scope.primary is None:
        return {}
    found = scope.sql.execute(_RECORDS, {"rows": rows, "primary": scope.primary[0]})
    return {row.customer: row for row in found.all()}


def _without_what_was_left(standing: Standing, left: Any) -> Standing:
    """Return numbers that do not show a zero for what stands with a server that is not used any more."""
    khata = left.balance or (left.balance is None and left.capabilities.get("ledger"))
    points = left.points or (left.points is None and left.capabilities.get("points"))
    return replace(
        standing,
        server_balance=None if khata else standing.server_balance,
        server_points=None if points else standing.server_points,
    )


def _standing(scope: Scope, record: Any, money: Any, points: Any, peers: Any) -> Standing:
    balance: int | None = 0
    server_points: int | None = 0
    if record is not None and scope.primary is not None:
        capabilities = scope.primary[1]
        balance = record.balance if record.balance is not None or capabilities.get("ledger") else 0
        server_points = record.points if record.points is not None or capabilities.get("points") else 0
    return Standing(
        server_balance=scope.money_or_none(balance),
        balance_as_of=record.balance_as_of if record else None,
        unsent_balance=scope.money(money.unsent if money else 0),
        kept_balance=scope.money((money.kept if money else 0) + (peers.money if peers else 0)),
        server_points=server_points,
        points_as_of=record.points_as_of if record else None,
        unsent_points=points.unsent if points else 0,
        unsent_redeemed=-points.unsent_negative if points else 0,
        kept_points=(points.kept if points else 0) + (peers.points if peers else 0),
        total_spent=scope.money_or_none(record.total_spent) if record else None,
        total_orders=record.total_orders if record else None,
    )
