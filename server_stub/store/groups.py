"""Customer groups: a store's own way to sort its customers, each in one group at most."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, insert, select, update

from server_stub import tables
from server_stub.store.search import fold
from server_stub.store.writing import Writing

GroupRow = Row[Any]


def of_store(connection: Connection, store_id: int) -> Sequence[GroupRow]:
    """Return a store's groups, oldest first.

    Args:
        connection: Any transaction.
        store_id: The store.
    """
    group = tables.customer_group
    return connection.execute(select(group).where(group.c.store_id == store_id).order_by(group.c.id)).all()


def find(connection: Connection, store_id: int, group_id: int) -> GroupRow | None:
    """Return a group of a store, or None.

    Args:
        connection: Any transaction.
        store_id: The store; another store's groups are not found.
        group_id: The integer id.
    """
    group = tables.customer_group
    return connection.execute(select(group).where(group.c.id == group_id, group.c.store_id == store_id)).one_or_none()


def in_group(connection: Connection, store_id: int, wanted: str) -> ColumnElement[bool]:
    """Return the condition that a customer is in a group.

    Args:
        connection: Any transaction.
        store_id: The store.
        wanted: The group's id, or its name without regard to case.
    """
    ids = [row.id for row in of_store(connection, store_id) if wanted == str(row.id) or fold(wanted) == fold(row.name)]
    return tables.customer.c.group_id.in_(ids)


def create(writing: Writing, **columns: object) -> GroupRow:
    """Create a group and return it.

    Args:
        writing: The change this is part of.
        columns: `name`, `description`, `color_code` and `is_active`.
    """
    row = writing.connection.execute(
        insert(tables.customer_group)
        .values(store_id=writing.store_id, created_at=writing.stamp, updated_at=writing.stamp, **columns)
        .returning(*tables.customer_group.c)
    ).one()
    writing.record("customer_group", str(row.id), "created")
    return row


def change(writing: Writing, row: GroupRow, **columns: object) -> GroupRow:
    """Change a group and return it; its members show its name, so theirs moves their `updated_at` too.

    Args:
        writing: The change this is part of.
        row: As it stands.
        columns: New values of `name`, `description`, `color_code` and `is_active`.
    """
    if all(value == getattr(row, name) for name, value in columns.items()):
        return row
    if columns.get("name", row.name) != row.name:
        _touch_members(writing, row)
    writing.record("customer_group", str(row.id), "updated")
    group = tables.customer_group
    return writing.connection.execute(
        update(group).where(group.c.id == row.id).values(updated_at=writing.stamp, **columns).returning(*group.c)
    ).one()


def remove(writing: Writing, row: GroupRow) -> None:
    """Delete a group; its members then have none.

    Args:
        writing: The change this is part of.
        row: As it stands.
    """
    _touch_members(writing, row)
    writing.connection.execute(delete(tables.customer_group).where(tables.customer_group.c.id == row.id))
    writing.record("customer_group", str(row.id), tables.DELETED)


def _touch_members(writing: Writing, row: GroupRow) -> None:
    customer = tables.customer
    writing.connection.execute(update(customer).where(customer.c.group_id == row.id).values(updated_at=writing.stamp))
