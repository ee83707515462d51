"""Customers of a server that is not used any more: who leaves the search, who stays, and who comes back with it.

Nothing is deleted. Whoever leaves is served no more, and every act, line and figure stays to be read by the customer's
id; the server's records stay as they were last seen. Whoever has a khata or points kept on this till alone stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa

from posapp.domain.ids import ConnectionId
from posapp.domain.operation import OperationKind
from posapp.services.dto import CustomerStatus, Standing
from posapp.services.ports.book import Parted
from posapp.store.adopting import portions
from posapp.store.columns import listed
from posapp.store.profiles import from_row
from posapp.store.scope import Scope
from posapp.store.search import upkeep
from posapp.store.search.entries import entry_of
from posapp.store.search.tables import CUSTOMER_SEEN
from posapp.store.standings import standings
from posapp.store.tables import CUSTOMER, OPERATION, REMOTE_RECORD

_LIVE, _DELETED = CustomerStatus.LIVE.value, CustomerStatus.DELETED.value
_SET: Final = sa.update(CUSTOMER).where(CUSTOMER.c.row.in_(listed("rows"))).values(status=sa.bindparam("new_status"))


def part(scope: Scope, connection_id: ConnectionId) -> Parted:
    """Take the customers of the primary server out of the search, but for those of whom this till keeps something.

    Where somebody's khata or points are torn apart by it, nobody leaves.
    """
    known = sa.select(CUSTOMER.c.row, CUSTOMER.c.id).where(*_tied(scope, connection_id), CUSTOMER.c.status == _LIVE)
    leaving, staying, torn = [], 0, 0
    for some in portions(scope.sql.execute(known.order_by(CUSTOMER.c.row).distinct()).all()):
        numbers = standings(scope, [(row.row, row.id) for row in some])
        for row in some:
            standing = numbers[row.id]
            if not (standing.kept_balance or standing.kept_points):
                leaving.append(row.row)
            elif _something_there(standing):
                torn += 1
            else:
                staying += 1
    if torn:
        return Parted(0, staying, torn)
    scope.sql.execute(_SET, {"rows": leaving, "new_status": _DELETED})
    scope.sql.execute(sa.delete(CUSTOMER_SEEN).where(CUSTOMER_SEEN.c.customer.in_(listed("rows"))), {"rows": leaving})
    upkeep.remove(scope.sql, leaving)
    return Parted(len(leaving), staying, 0)


def come_back(scope: Scope, connection_id: ConnectionId) -> None:
    """Let those who left with a server be found again: nobody deleted them, neither there nor here."""
    deleted_here = sa.exists().where(
        OPERATION.c.customer_id == CUSTOMER.c.id, OPERATION.c.kind == OperationKind.CUSTOMER_DELETE.value
    )
    left = sa.select(CUSTOMER).where(
        *_tied(scope, connection_id),
        CUSTOMER.c.status == _DELETED,
        REMOTE_RECORD.c.status == _LIVE,
        sa.not_(deleted_here),
    )
    rows = scope.sql.execute(left.order_by(CUSTOMER.c.row).distinct()).all()
    scope.sql.execute(_SET, {"rows": [row.row for row in rows], "new_status": _LIVE})
    country = scope.shop.country
    upkeep.add(scope.sql, [(row.row, entry_of(from_row(row), row.card_code, country)) for row in rows])


def _tied(scope: Scope, connection_id: ConnectionId) -> Sequence[sa.ColumnElement[bool]]:
    return (
        REMOTE_RECORD.c.customer == CUSTOMER.c.row,
        REMOTE_RECORD.c.connection == scope.connection_row(connection_id),
        REMOTE_RECORD.c.alias_of.is_(None),
    )


def _something_there(standing: Standing) -> bool:
    """Whether the server's figures are anything but a known zero."""
    known = standing.server_balance is not None and standing.server_points is not None
    return not known or bool(standing.server_balance) or bool(standing.server_points)
