"""A customer's addresses; the default one is also kept on one line in the customer's row."""

from sqlalchemy import delete, insert, update

from server_stub import tables
from server_stub.store.writing import Writing


def set_default_line(writing: Writing, customer_id: int, line: str | None) -> None:
    """Make a line the whole of a customer's default address, or take that address away.

    Args:
        writing: The change this is part of.
        customer_id: The integer id.
        line: The address on one line; None for none.
    """
    default = (tables.address.c.customer_id == customer_id) & tables.address.c.is_default
    if line is None:
        writing.connection.execute(delete(tables.address).where(default))
        return
    replaced = writing.connection.execute(
        update(tables.address)
        .where(default)
        .values(address1=line, address2=None, city=None, state=None, pincode=None, country=None)
    )
    if replaced.rowcount:
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


def remove_all(writing: Writing, customer_id: int) -> None:
    """Take every address of a customer away.

    Args:
        writing: The change this is part of.
        customer_id: The integer id.
    """
    writing.connection.execute(delete(tables.address).where(tables.address.c.customer_id == customer_id))
