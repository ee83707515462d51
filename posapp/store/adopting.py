"""Which customer of ours a server's customer is, and the one that is made where there is none yet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from posapp.domain.ids import ConnectionId, CustomerId, RemoteId, new_uuid
from posapp.services.dto import Customer, CustomerStatus
from posapp.services.ports.remote import RemoteCustomer
from posapp.store.customer_rows import customer_values
from posapp.store.errors import UnknownRow
from posapp.store.profiles import ERASED, from_row, from_values, to_values
from posapp.store.scope import Scope
from posapp.store.search import upkeep
from posapp.store.search.entries import entry_of
from posapp.store.tables import CUSTOMER, REMOTE_RECORD

_LIVE = CustomerStatus.LIVE.value
_NAMES_A_QUERY: Final = 500


class Adoption:
    """The part of `Mirror` that ties a server's customers to ours."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._sql = scope.sql

    def remote_id(self, connection_id: ConnectionId, customer_id: CustomerId) -> RemoteId | None:
        """Return a customer's id on a server."""
        query = (
            sa.select(REMOTE_RECORD.c.remote_id)
            .join(CUSTOMER, CUSTOMER.c.row == REMOTE_RECORD.c.customer)
            .where(
                CUSTOMER.c.id == customer_id,
                REMOTE_RECORD.c.connection == self._scope.connection_row(connection_id),
                REMOTE_RECORD.c.alias_of.is_(None),
            )
            .limit(1)
        )
        found = self._sql.execute(query).scalar()
        return None if found is None else RemoteId(found)

    def link(self, connection_id: ConnectionId, remote_id: RemoteId, customer_id: CustomerId) -> None:
        """Tie a remote customer to ours, whether or not the row was seen already."""
        found = self._sql.execute(sa.select(CUSTOMER).where(CUSTOMER.c.id == customer_id)).one_or_none()
        if found is None:
            raise UnknownRow("no such customer")
        self._sql.execute(
            insert(REMOTE_RECORD)
            .values(
                connection=self._scope.connection_row(connection_id),
                remote_id=remote_id,
                customer=found.row,
                profile=to_values(from_row(found)),
                digest=b"",
                status=_LIVE,
            )
            .on_conflict_do_update(index_elements=["connection", "remote_id"], set_={"customer": found.row})
        )

    def unadopted(self, connection_id: ConnectionId) -> Sequence[RemoteCustomer]:
        """Return rows that belong to no customer of ours yet."""
        query = sa.select(REMOTE_RECORD).where(
            REMOTE_RECORD.c.connection == self._scope.connection_row(connection_id),
            REMOTE_RECORD.c.customer.is_(None),
            REMOTE_RECORD.c.alias_of.is_(None),
            REMOTE_RECORD.c.status == _LIVE,
        )
        return [self._remote(row) for row in self._sql.execute(query.order_by(REMOTE_RECORD.c.row))]

    def adopt(self, connection_id: ConnectionId, remote_id: RemoteId) -> CustomerId:
        """Make a customer for an unadopted row and return her id; one that is ours already keeps her."""
        query = (
            sa.select(REMOTE_RECORD, CUSTOMER.c.id.label("customer_id"))
            .outerjoin(CUSTOMER, CUSTOMER.c.row == REMOTE_RECORD.c.customer)
            .where(
                REMOTE_RECORD.c.connection == self._scope.connection_row(connection_id),
                REMOTE_RECORD.c.remote_id == remote_id,
            )
        )
        found = self._sql.execute(query).one_or_none()
        if found is None:
            raise UnknownRow("no such remote customer")
        if found.customer_id is not None:
            return CustomerId(found.customer_id)
        customer_id = CustomerId(new_uuid())
        rows = add_customers(self._scope, [new_customer(self._remote(found), customer_id, self._scope.now())])
        self._sql.execute(
            sa.update(REMOTE_RECORD).where(REMOTE_RECORD.c.row == found.row).values(customer=rows[customer_id])
        )
        return customer_id

    def _remote(self, row: Any) -> RemoteCustomer:
        return RemoteCustomer(
            remote_id=RemoteId(row.remote_id),
            profile=from_values(row.profile),
            points=row.points,
            total_spent=self._scope.money_or_none(row.total_spent),
            total_orders=row.total_orders,
            balance=self._scope.money_or_none(row.balance),
            created_at=row.created_at,
            updated_at=row.updated_at,
            anonymized=row.status == CustomerStatus.ANONYMIZED.value,
            etag=row.etag,
        )


def new_customer(record: RemoteCustomer, customer_id: CustomerId, seen_at: datetime) -> Customer:
    """Return the customer whom a record makes here."""
    status = CustomerStatus.ANONYMIZED if record.anonymized else CustomerStatus.LIVE
    profile = ERASED if record.anonymized else record.profile
    return Customer(id=customer_id, profile=profile, status=status, created_at=seen_at)


def customer_rows(scope: Scope, customer_ids: Sequence[CustomerId]) -> dict[CustomerId, int]:
    """Return the rows of those customers whom the book has."""
    rows: dict[CustomerId, int] = {}
    for some in portions(customer_ids):
        query = sa.select(CUSTOMER.c.id, CUSTOMER.c.row).where(CUSTOMER.c.id.in_(some))
        rows |= {CustomerId(found): row for found, row in scope.sql.execute(query)}
    return rows


def add_customers(scope: Scope, customers: Sequence[Customer]) -> dict[CustomerId, int]:
    """Add customers and index them, in ascending order of rows, which the index takes fastest."""
    if not customers:
        return {}
    first = (scope.sql.execute(sa.select(sa.func.max(CUSTOMER.c.row))).scalar() or 0) + 1
    numbered = list(enumerate(customers, first))
    scope.sql.execute(
        sa.insert(CUSTOMER), [{**customer_values(scope, customer), "row": row} for row, customer in numbered]
    )
    country = scope.shop.country
    live = [(row, customer) for row, customer in numbered if customer.status is CustomerStatus.LIVE]
    upkeep.add(scope.sql, [(row, entry_of(customer.profile, customer.card_code, country)) for row, customer in live])
    return {customer.id: row for row, customer in numbered}


def portions(names: Iterable[Any]) -> Iterable[Sequence[Any]]:
    """Return names in portions that one query takes."""
    everything = list(names)
    return (everything[start : start + _NAMES_A_QUERY] for start in range(0, len(everything), _NAMES_A_QUERY))
