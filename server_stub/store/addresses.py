"""A customer's addresses; the default one is also kept on one line in the customer's row.

Of each kind one address is the default: the first, until another is made it; when it goes, the oldest left.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from server_stub import tables
from server_stub.store.writing import Writing

AddressRow = Row[Any]

BILLING, SHIPPING = "billing", "shipping"
FIELDS = ("name", "company", "address1", "address2", "city", "state", "pincode", "country", "phone")
"""The columns that people fill in."""

_LINE = ("address1", "address2", "city", "state", "pincode", "country")


def of_customer(connection: Connection, customer_id: int) -> Sequence[AddressRow]:
    """Return a customer's addresses, oldest first.

    Args:
        connection: Any transaction.
        customer_id: The integer id.
    """
    address = tables.address
    return connection.execute(select(address).where(address.c.customer_id == customer_id).order_by(address.c.id)).all()


def find(connection: Connection, store_id: int, key: str | int, *, by: str = "uuid") -> AddressRow | None:
    """Return an address of a store, or None; whether its customer is live is the caller's to ask.

    Args:
        connection: Any transaction.
        store_id: The store.
        key: What the column holds.
        by: `uuid` or `id`.
    """
    address = tables.address
    return connection.execute(select(address).where(address.c[by] == key, address.c.store_id == store_id)).one_or_none()


def default_of(rows: Sequence[AddressRow]) -> AddressRow | None:
    """Return the one of a customer's addresses that stands for all: the default, the shipping one first."""
    defaults = sorted((row for row in rows if row.is_default), key=lambda row: row.kind != SHIPPING)
    return defaults[0] if defaults else None


def add(
    writing: Writing, customer_id: int, fields: Mapping[str, str | None], *, kind: str = SHIPPING, default: bool = False
) -> AddressRow:
    """Put an address into a customer's book and return it.

    Args:
        writing: The change this is part of.
        customer_id: The integer id.
        fields: By column, of `FIELDS`; at least `address1`.
        kind: `billing` or `shipping`.
        default: Whether it becomes the default of its kind; the first does anyway.
    """
    row = writing.connection.execute(
        insert(tables.address)
        .values(
            uuid=writing.new_uuid(),
            store_id=writing.store_id,
            customer_id=customer_id,
            kind=kind,
            is_default=False,
            created_at=writing.stamp,
            **fields,
        )
        .returning(*tables.address.c)
    ).one()
    return _settled(writing, row, default=default)


def change(
    writing: Writing,
    row: AddressRow,
    fields: Mapping[str, str | None],
    *,
    kind: str | None = None,
    default: bool = False,
) -> AddressRow:
    """Change an address and return it.

    Args:
        writing: The change this is part of.
        row: As it stands.
        fields: New values by column, of `FIELDS`.
        kind: Another kind; None leaves it.
        default: Whether it becomes the default of its kind; False leaves it.
    """
    moved = kind is not None and kind != row.kind
    values: dict[str, object] = {**fields, **({"kind": kind, "is_default": False} if moved else {})}
    if values:
        writing.connection.execute(update(tables.address).where(tables.address.c.id == row.id).values(**values))
    return _settled(writing, row, default=default)


def remove(writing: Writing, row: AddressRow) -> None:
    """Take an address out of its customer's book.

    Args:
        writing: The change this is part of.
        row: As it stands.
    """
    writing.connection.execute(delete(tables.address).where(tables.address.c.id == row.id))
    _keep_one_default(writing, row.customer_id)
    _keep_line(writing, row.customer_id)


def set_default_line(writing: Writing, customer_id: int, line: str | None) -> None:
    """Make a line the whole of a customer's default address, or take that address away.

    Whoever calls keeps the line in the customer's row.

    Args:
        writing: The change this is part of.
        customer_id: The integer id.
        line: The address on one line; None for none.
    """
    standing = default_of(of_customer(writing.connection, customer_id))
    if line is None:
        if standing is not None:
            writing.connection.execute(delete(tables.address).where(tables.address.c.id == standing.id))
            _keep_one_default(writing, customer_id)
        return
    if standing is not None:
        bare: dict[str, str | None] = dict.fromkeys(_LINE)
        writing.connection.execute(
            update(tables.address).where(tables.address.c.id == standing.id).values(**{**bare, "address1": line})
        )
        return
    writing.connection.execute(
        insert(tables.address).values(
            uuid=writing.new_uuid(),
            store_id=writing.store_id,
            customer_id=customer_id,
            address1=line,
            created_at=writing.stamp,
        )
    )


def move_all(writing: Writing, customer_id: int, to: int) -> None:
    """Put every address of a customer into another's book, whose own defaults stay.

    Args:
        writing: The change this is part of.
        customer_id: The integer id of the one.
        to: The integer id of the other.
    """
    address = tables.address
    decided = {row.kind for row in of_customer(writing.connection, to)}
    writing.connection.execute(
        update(address)
        .where(address.c.customer_id == customer_id)
        .values(customer_id=to, is_default=address.c.is_default & address.c.kind.not_in(decided))
    )
    _keep_line(writing, to)


def remove_all(writing: Writing, customer_id: int) -> None:
    """Take every address of a customer away.

    Args:
        writing: The change this is part of.
        customer_id: The integer id.
    """
    writing.connection.execute(delete(tables.address).where(tables.address.c.customer_id == customer_id))


def on_one_line(row: AddressRow) -> str:
    """Return an address on one line."""
    return ", ".join(part for name in _LINE if (part := getattr(row, name)))


def _settled(writing: Writing, row: AddressRow, *, default: bool) -> AddressRow:
    address = tables.address
    if default:
        kind = writing.connection.execute(select(address.c.kind).where(address.c.id == row.id)).scalar_one()
        same = (address.c.customer_id == row.customer_id) & (address.c.kind == kind)
        writing.connection.execute(update(address).where(same).values(is_default=address.c.id == row.id))
    _keep_one_default(writing, row.customer_id)
    _keep_line(writing, row.customer_id)
    return writing.connection.execute(select(address).where(address.c.id == row.id)).one()


def _keep_one_default(writing: Writing, customer_id: int) -> None:
    rows = of_customer(writing.connection, customer_id)
    for kind in (BILLING, SHIPPING):
        mine = [row for row in rows if row.kind == kind]
        if mine and not any(row.is_default for row in mine):
            writing.connection.execute(
                update(tables.address).where(tables.address.c.id == mine[0].id).values(is_default=True)
            )


def _keep_line(writing: Writing, customer_id: int) -> None:
    """Keep the default address on one line in the customer's row, whose `updated_at` moves with every address."""
    default = default_of(of_customer(writing.connection, customer_id))
    writing.connection.execute(
        update(tables.customer)
        .where(tables.customer.c.id == customer_id)
        .values(address_line=None if default is None else on_one_line(default), updated_at=writing.stamp)
    )
