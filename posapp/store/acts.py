"""Whole acts, with everything that was recorded beside the operation: what a second copy must hold to rescue a till."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from posapp.domain.operation import Operation
from posapp.store.operations import PERSON_SALT, operation_of
from posapp.store.scope import SHOP
from posapp.store.tables import (
    CONNECTION,
    CUSTOMER,
    LEDGER_ENTRY,
    OPERATION,
    OPERATION_PERSON,
    POINTS_ENTRY,
    REMOTE_RECORD,
    SALE,
    SETTING,
)

_OF_A_SERVER = ("id", "name", "api", "base_url", "store", "primary", "capabilities", "created_at")


@dataclass(frozen=True, slots=True)
class WholeAct:
    """An operation with what it wrote.

    Attributes:
        operation: As chained.
        state: Its delivery when it was copied.
        person: Its personal data; empty where there was none or it was erased.
        customer: Name, phone and status, and the customer's ids on the servers, to find her by when this book is lost.
        entries: Khata entries, as columns of their table; moments and days as ISO text.
        points: Movements of points, likewise.
        sale: The bill, likewise; None for another act.
        till: The shop and its servers, as `surroundings` returns them, where they differ from what lines before say;
            empty elsewhere.
    """

    operation: Operation
    state: str
    person: Mapping[str, Any]
    customer: Mapping[str, Any]
    entries: Sequence[Mapping[str, Any]]
    points: Sequence[Mapping[str, Any]]
    sale: Mapping[str, Any] | None
    till: Mapping[str, Any] = field(default_factory=dict)


def whole_acts(connection: sa.Connection, after_seq: int, limit: int) -> list[WholeAct]:
    """Return acts in the till's order.

    Args:
        connection: On the book.
        after_seq: The last place in the order that is not wanted.
        limit: How many at most.
    """
    query = sa.select(OPERATION).where(OPERATION.c.till_seq > after_seq).order_by(OPERATION.c.till_seq).limit(limit)
    rows = connection.execute(query).all()
    ids = [row.id for row in rows]
    persons = _by(connection, OPERATION_PERSON, "operation_id", ids)
    entries = _by(connection, LEDGER_ENTRY, "operation_id", ids)
    points = _by(connection, POINTS_ENTRY, "operation_id", ids)
    sales = _by(connection, SALE, "id", ids)
    customers = _customers(connection, sorted({row.customer_id for row in rows}))
    return [
        WholeAct(
            operation=operation_of(row),
            state=row.state,
            person=persons[row.id][0]["person"] if row.id in persons else {},
            customer=customers.get(row.customer_id, {}),
            entries=entries.get(row.id, ()),
            points=points.get(row.id, ()),
            sale=sales[row.id][0] if row.id in sales else None,
        )
        for row in rows
    ]


def surroundings(connection: sa.Connection) -> dict[str, Any]:
    """Return what acts mean nothing without: the shop with its currency, its servers, the salt of persons' digests.

    Args:
        connection: On the book.
    """
    settings = sa.select(SETTING.c.name, SETTING.c.value).where(SETTING.c.name.in_([SHOP, PERSON_SALT]))
    known: dict[str, str] = {row.name: row.value for row in connection.execute(settings)}
    servers = connection.execute(sa.select(*(CONNECTION.c[name] for name in _OF_A_SERVER)).order_by(CONNECTION.c.row))
    return {
        "shop": json.loads(known[SHOP]),
        "salt": known.get(PERSON_SALT),
        "servers": [{name: _json_value(value) for name, value in row.items()} for row in servers.mappings()],
    }


def _by(connection: sa.Connection, table: sa.Table, column: str, ids: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    grouped: dict[str, list[dict[str, Any]]] = {}
    for row in connection.execute(sa.select(table).where(table.c[column].in_(ids))).mappings():
        values = {name: _json_value(value) for name, value in row.items() if name != "row"}
        grouped.setdefault(row[column], []).append(values)
    return grouped


def _customers(connection: sa.Connection, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    columns = (CUSTOMER.c.row, CUSTOMER.c.id, CUSTOMER.c.name, CUSTOMER.c.phone, CUSTOMER.c.status)
    query = sa.select(*columns).where(CUSTOMER.c.id.in_(ids))
    found = {row.row: row for row in connection.execute(query)}
    remote: dict[int, dict[str, str]] = {}
    known = (
        sa.select(REMOTE_RECORD.c.customer, CONNECTION.c.id, REMOTE_RECORD.c.remote_id)
        .join(CONNECTION, CONNECTION.c.row == REMOTE_RECORD.c.connection)
        .where(REMOTE_RECORD.c.customer.in_(list(found)))
    )
    for customer, connection_id, remote_id in connection.execute(known):
        remote.setdefault(customer, {})[connection_id] = remote_id
    return {
        row.id: {
            "name": row.name,
            "phone": row.phone,
            "status": row.status,
            "remote_ids": remote.get(number, {}),
        }
        for number, row in found.items()
    }


def _json_value(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime | date) else value
