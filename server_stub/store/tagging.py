"""Tags of many customers at once."""

from collections.abc import Callable, Sequence

import msgspec
from sqlalchemy import select

from server_stub import tables
from server_stub.store import customers
from server_stub.store.writing import Writing


def add_tags(writing: Writing, uuids: Sequence[str], tags: Sequence[str]) -> int:
    """Give customers the tags they lack, behind those they have, and return how many customers were found.

    Args:
        writing: The change this is part of.
        uuids: The customers; those of another store are not found.
        tags: Word for word.
    """
    return _retag(writing, uuids, lambda had: [*had, *(tag for tag in dict.fromkeys(tags) if tag not in had)])


def remove_tags(writing: Writing, uuids: Sequence[str], tags: Sequence[str]) -> int:
    """Take tags from customers and return how many customers were found.

    Args:
        writing: The change this is part of.
        uuids: The customers; those of another store are not found.
        tags: Word for word.
    """
    return _retag(writing, uuids, lambda had: [tag for tag in had if tag not in tags])


def _retag(writing: Writing, uuids: Sequence[str], retagged: Callable[[list[str]], list[str]]) -> int:
    customer = tables.customer
    mine = (customer.c.store_id == writing.store_id) & (customer.c.standing == tables.LIVE)
    found = writing.connection.execute(
        select(customer).where(mine, customer.c.uuid.in_(uuids)).order_by(customer.c.id)
    ).all()
    for row in found:
        tags = retagged(msgspec.json.decode(row.tags, type=list[str]))
        customers.change(writing, row, {"tags": tags})
    return len(found)
