"""Customers: find, create, change, delete or anonymise."""

from collections.abc import Mapping
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, delete, exists, insert, select, update

from server_stub import tables
from server_stub.store import addresses
from server_stub.store.search import searched_columns
from server_stub.store.writing import Writing

ANONYMOUS_NAME = "Deleted customer"

CustomerRow = Row[Any]

_SEARCHED = ("name", "email", "phone")


def find(connection: Connection, store_id: int, uuid: str, *standings: str, by: str = "uuid") -> CustomerRow | None:
    """Return a customer of a store, or None.

    Args:
        connection: Any transaction.
        store_id: The store; another store's customers are not found.
        uuid: The customer's uuid.
        standings: Which standings count; live alone when none is named.
        by: The column the id is looked up in.
    """
    return connection.execute(
        select(tables.customer).where(
            tables.customer.c[by] == uuid,
            tables.customer.c.store_id == store_id,
            tables.customer.c.standing.in_(standings or (tables.LIVE,)),
        )
    ).one_or_none()


def reread(connection: Connection, customer_id: int) -> CustomerRow:
    """Return a customer as it stands now in this transaction.

    Args:
        connection: Any transaction.
        customer_id: The integer id of a customer that exists.
    """
    return connection.execute(select(tables.customer).where(tables.customer.c.id == customer_id)).one()


def encode_tags(tags: list[str]) -> str:
    """Return tags as they are stored: a JSON array."""
    return msgspec.json.encode(tags).decode()


def create(
    writing: Writing,
    *,
    name: str,
    email: str | None = None,
    phone: str | None = None,
    address: str | None = None,
    notes: str | None = None,
    tags: list[str] | None = None,
) -> CustomerRow:
    """Create a customer and return it.

    Args:
        writing: The change this is part of.
        name: Not empty.
        email: As given.
        phone: As given; others may have the same.
        address: One line, kept as the default address.
        notes: Free text.
        tags: In the order given.
    """
    row = writing.connection.execute(
        insert(tables.customer)
        .values(
            uuid=writing.new_uuid(),
            store_id=writing.store_id,
            standing=tables.LIVE,
            name=name,
            email=email,
            phone=phone,
            notes=notes,
            tags=encode_tags(tags or []),
            address_line=address,
            created_at=writing.stamp,
            updated_at=writing.stamp,
            **searched_columns(name, email, phone),
        )
        .returning(*tables.customer.c)
    ).one()
    if address is not None:
        addresses.set_default_line(writing, row.id, address)
    writing.record("customer", row.uuid, "created")
    return row


def change(writing: Writing, row: CustomerRow, changes: Mapping[str, str | list[str] | None]) -> CustomerRow:
    """Change fields of a customer and return it; what changes nothing leaves no trace.

    Args:
        writing: The change this is part of.
        row: The customer as it stands.
        changes: New values of `name`, `email`, `phone`, `notes`, `tags` and `address`.
    """
    columns = {
        "address_line" if name == "address" else name: encode_tags(value) if isinstance(value, list) else value
        for name, value in changes.items()
    }
    columns = {name: value for name, value in columns.items() if value != getattr(row, name)}
    if not columns:
        return row
    if any(name in columns for name in _SEARCHED):
        name, email, phone = (columns.get(field, getattr(row, field)) for field in _SEARCHED)
        columns |= searched_columns(str(name), email, phone)
    if "address_line" in columns:
        addresses.set_default_line(writing, row.id, columns["address_line"])
    changed = touch(writing, row.id, **columns)
    writing.record("customer", row.uuid, "updated")
    return changed


def touch(writing: Writing, customer_id: int, **columns: object) -> CustomerRow:
    """Write columns of a customer, move its `updated_at` and return it.

    Args:
        writing: The change this is part of.
        customer_id: The integer id.
        columns: New values, or SQL expressions over the old ones.
    """
    return writing.connection.execute(
        update(tables.customer)
        .where(tables.customer.c.id == customer_id)
        .values(updated_at=writing.stamp, **columns)
        .returning(*tables.customer.c)
    ).one()


def has_history(connection: Connection, customer_id: int) -> bool:
    """Return whether a customer has sales or ledger entries, which must outlive it.

    Args:
        connection: Any transaction.
        customer_id: The integer id.
    """
    return bool(
        connection.execute(
            select(
                exists().where(tables.sale.c.customer_id == customer_id)
                | exists().where(tables.ledger_entry.c.customer_id == customer_id)
            )
        ).scalar_one()
    )


def remove(writing: Writing, row: CustomerRow) -> None:
    """Delete a customer, or anonymise one whose sales or ledger must stay, and leave a tombstone.

    Args:
        writing: The change this is part of.
        row: The customer as it stands.
    """
    keeps_history = has_history(writing.connection, row.id)
    addresses.remove_all(writing, row.id)
    writing.connection.execute(delete(tables.customer_log).where(tables.customer_log.c.customer_id == row.id))
    if keeps_history:
        _anonymise(writing, row.id)
    else:
        writing.connection.execute(delete(tables.customer).where(tables.customer.c.id == row.id))
    reason = tables.ANONYMIZED if keeps_history else tables.DELETED
    writing.connection.execute(
        insert(tables.tombstone).values(
            store_id=writing.store_id,
            customer_id=row.id,
            customer_uuid=row.uuid,
            reason=reason,
            deleted_at=writing.stamp,
        )
    )
    writing.record("customer", row.uuid, reason)


def _anonymise(writing: Writing, customer_id: int) -> None:
    touch(
        writing,
        customer_id,
        standing=tables.ANONYMIZED,
        name=ANONYMOUS_NAME,
        email=None,
        phone=None,
        notes=None,
        tags="[]",
        address_line=None,
        address_json=None,
        username=None,
        password_hash=None,
        group_id=None,
        accepts_marketing=False,
        blacklist_reason=None,
        **searched_columns(ANONYMOUS_NAME, None, None),
    )
