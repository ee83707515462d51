"""Lists of customers and of tombstones, in a stable order, a page at a time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, select

from server_stub import tables
from server_stub.store.search import matching

SORT_COLUMNS = {
    "name": tables.customer.c.sort_name,
    "created_at": tables.customer.c.created_at,
    "updated_at": tables.customer.c.updated_at,
    "email": tables.customer.c.email_key,
    "total_orders": tables.customer.c.total_orders,
    "total_spent": tables.customer.c.total_spent,
    "loyalty_points": tables.customer.c.points,
}


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which customers a list asks for, and in which order.

    Attributes:
        search: A piece of name, e-mail or phone; empty for all.
        updated_since: Only those changed then or later, oldest first.
        sort: A key of `SORT_COLUMNS`.
        descending: Whether the largest comes first.
        also: What else must hold, as `store.filters` makes it.
        standings: Which standings count.
    """

    search: str = ""
    updated_since: int | None = None
    sort: str = "created_at"
    descending: bool = True
    also: tuple[ColumnElement[bool], ...] = ()
    standings: tuple[str, ...] = (tables.LIVE,)


def page_of_customers(
    connection: Connection, store_id: int, wanted: Wanted, *, offset: int, limit: int
) -> Sequence[Row[Any]]:
    """Return one page of a store's live customers.

    Args:
        connection: A reading transaction.
        store_id: The store.
        wanted: Which, and in which order; ties go by id in the same direction.
        offset: How many to leave out.
        limit: How many to return at most.
    """
    customer = tables.customer
    by_change = wanted.updated_since is not None
    column = SORT_COLUMNS["updated_at" if by_change else wanted.sort]
    descending = wanted.descending and not by_change
    order = (column.desc(), customer.c.id.desc()) if descending else (column, customer.c.id)
    ids = select(customer.c.id).where(*_conditions(store_id, wanted)).order_by(*order).offset(offset).limit(limit)
    chosen = ids.subquery("chosen")
    return connection.execute(select(customer).join(chosen, chosen.c.id == customer.c.id).order_by(*order)).all()


def all_customers(connection: Connection, store_id: int, wanted: Wanted, columns: Iterable[str]) -> Sequence[Row[Any]]:
    """Return a store's live customers without pages, oldest first.

    Args:
        connection: A reading transaction.
        store_id: The store.
        wanted: Which.
        columns: Those of the table that are needed: a row of all of them takes twice the time.
    """
    customer = tables.customer
    order = (customer.c.created_at, customer.c.id)
    chosen = [customer.c[name] for name in columns]
    return connection.execute(select(*chosen).where(*_conditions(store_id, wanted)).order_by(*order)).all()


def count_customers(connection: Connection, store_id: int, wanted: Wanted) -> int:
    """Return how many customers a list has over all its pages.

    Args:
        connection: A reading transaction.
        store_id: The store.
        wanted: Which.
    """
    return connection.execute(
        select(func.count()).select_from(tables.customer).where(*_conditions(store_id, wanted))
    ).scalar_one()


def page_of_tombstones(
    connection: Connection, store_id: int, since: int | None, *, offset: int, limit: int
) -> tuple[Sequence[Row[Any]], int]:
    """Return one page of what was deleted, oldest first, and how many there are over all pages.

    Args:
        connection: A reading transaction.
        store_id: The store.
        since: Only what was deleted then or later.
        offset: How many to leave out.
        limit: How many to return at most.
    """
    tombstone = tables.tombstone
    conditions = [tombstone.c.store_id == store_id]
    if since is not None:
        conditions.append(tombstone.c.deleted_at >= since)
    total = connection.execute(select(func.count()).select_from(tombstone).where(*conditions)).scalar_one()
    rows = connection.execute(
        select(tombstone)
        .where(*conditions)
        .order_by(tombstone.c.deleted_at, tombstone.c.id)
        .offset(offset)
        .limit(limit)
    ).all()
    return rows, total


def _conditions(store_id: int, wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [
        tables.customer.c.store_id == store_id,
        tables.customer.c.standing.in_(wanted.standings),
        *wanted.also,
    ]
    if wanted.search:
        conditions.append(matching(wanted.search))
    if wanted.updated_since is not None:
        conditions.append(tables.customer.c.updated_at >= wanted.updated_since)
    return conditions
