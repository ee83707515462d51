"""Customers: find, create, change, delete or anonymise."""

from collections.abc import Mapping
from typing import Any, cast

import msgspec
from sqlalchemy import ColumnElement, Connection, Row, delete, exists, insert, select, update

from server_stub import tables
from server_stub.store import addresses
from server_stub.store.search import digits, fold, searched_columns
from server_stub.store.writing import Writing

ANONYMOUS_NAME = "Deleted customer"

CustomerRow = Row[Any]

_SEARCHED = ("name", "email", "phone")


def find(
    connection: Connection, store_id: int, key: str | int, *standings: str, by: str = "uuid"
) -> CustomerRow | None:
    """Return a customer of a store, or None.

    Args:
        connection: Any transaction.
        store_id: The store; another store's customers are not found.
        key: The customer's uuid, or what the column holds.
        standings: Which standings count; live alone when none is named.
        by: The column the id is looked up in.
    """
    return connection.execute(
        select(tables.customer).where(
            tables.customer.c[by] == key,
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


def first_and_last(name: str) -> tuple[str, str]:
    """Return a name as two: up to the first space, and the rest, which may be empty.

    Args:
        name: The whole name.
    """
    first, _, last = name.strip().partition(" ")
    return first, last.strip()


def phone_taken(connection: Connection, store_id: int, phone: str, *, other_than: int | None = None) -> bool:
    """Return whether a live customer or guest of a store has a phone, by its digits.

    Args:
        connection: Any transaction.
        store_id: The store.
        phone: As given.
        other_than: The integer id of the customer who may have it.
    """
    return _taken(connection, store_id, tables.customer.c.phone_digits == digits(phone), other_than)


def email_taken(connection: Connection, store_id: int, email: str, *, other_than: int | None = None) -> bool:
    """Return whether a live customer or guest of a store has an e-mail, without regard to case.

    Args:
        connection: Any transaction.
        store_id: The store.
        email: As given.
        other_than: The integer id of the customer who may have it.
    """
    return _taken(connection, store_id, tables.customer.c.email_key == fold(email), other_than)


def _taken(connection: Connection, store_id: int, same: ColumnElement[bool], other_than: int | None) -> bool:
    customer = tables.customer
    mine = (customer.c.store_id == store_id) & customer.c.standing.in_((tables.LIVE, tables.GUEST)) & same
    if other_than is not None:
        mine &= customer.c.id != other_than
    return bool(connection.execute(select(exists().where(mine))).scalar_one())


def create(
    writing: Writing,
    *,
    name: str,
    email: str | None = None,
    phone: str | None = None,
    address: str | None = None,
    notes: str | None = None,
    tags: list[str] | None = None,
    **columns: object,
) -> CustomerRow:
    """Create a customer and return it.

    Args:
        writing: The change this is part of.
        name: Not empty.
        email: As given; whether another may have it is the API's to ask (`email_taken`).
        phone: As given; whether another may have it is the API's to ask (`phone_taken`).
        address: One line, kept as the default address.
        notes: Free text.
        tags: In the order given.
        columns: Other columns of the table, by name.
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
            **columns,
        )
        .returning(*tables.customer.c)
    ).one()
    if address is not None:
        addresses.set_default_line(writing, row.id, address)
    writing.record_customer(row, "created")
    return row


def change(writing: Writing, row: CustomerRow, changes: Mapping[str, object]) -> CustomerRow:
    """Change fields of a customer and return it; what changes nothing leaves no trace.

    Args:
        writing: The change this is part of.
        row: The customer as it stands.
        changes: New values by column; `tags` as a list, `address` as the default address on one line.
    """
    columns = {
        "address_line" if name == "address" else name: encode_tags(value) if isinstance(value, list) else value
        for name, value in changes.items()
    }
    columns = {name: value for name, value in columns.items() if value != getattr(row, name)}
    if not columns:
        return row
    if any(name in columns for name in _SEARCHED):
        name, email, phone = (cast("Any", columns.get(field, getattr(row, field))) for field in _SEARCHED)
        columns |= searched_columns(name, email, phone)
    if "address_line" in columns:
        addresses.set_default_line(writing, row.id, cast("str | None", columns["address_line"]))
    changed = touch(writing, row.id, **columns)
    writing.record_customer(row, "updated")
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
    """Delete a customer and all that belongs to it, and leave a tombstone.

    Args:
        writing: The change this is part of.
        row: The customer as it stands.
    """
    writing.connection.execute(delete(tables.customer).where(tables.customer.c.id == row.id))
    bury(writing, row, tables.DELETED)


def anonymise(writing: Writing, row: CustomerRow) -> None:
    """Take the person out of a customer whose sales or ledger must stay, and leave a tombstone.

    Args:
        writing: The change this is part of.
        row: The customer as it stands.
    """
    addresses.remove_all(writing, row.id)
    for told in (tables.customer_log, tables.one_time_code):
        writing.connection.execute(delete(told).where(told.c.customer_id == row.id))
    touch(
        writing,
        row.id,
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
        avatar=None,
        customer_no=None,
        **searched_columns(ANONYMOUS_NAME, None, None),
    )
    bury(writing, row, tables.ANONYMIZED)


def hide(writing: Writing, row: CustomerRow) -> None:
    """Mark a customer as deleted: it is in no list and answers nowhere, its row stays. Leave a tombstone.

    Args:
        writing: The change this is part of.
        row: The customer as it stands.
    """
    touch(writing, row.id, standing=tables.DELETED)
    bury(writing, row, tables.DELETED)


def bury(writing: Writing, row: CustomerRow, reason: str, *, merged_into: CustomerRow | None = None) -> None:
    """Leave the tombstone of a customer.

    Args:
        writing: The change this is part of.
        row: The customer as it stood.
        reason: `deleted`, `anonymized` or `merged`.
        merged_into: Who took its place.
    """
    writing.connection.execute(
        insert(tables.tombstone).values(
            store_id=writing.store_id,
            customer_id=row.id,
            customer_uuid=row.uuid,
            reason=reason,
            merged_into_id=None if merged_into is None else merged_into.id,
            merged_into_uuid=None if merged_into is None else merged_into.uuid,
            deleted_at=writing.stamp,
        )
    )
    writing.record_customer(row, reason)
