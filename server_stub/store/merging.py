"""Makes one customer of two: what the second has goes to the first, and its id points there from then on.

The khata. An entry that was answered never changes, and a customer's `balance_after` is a chain in posting order. So
the first's entries stay as they are, and the second's are posted to the first anew: at the end of its chain, with the
moment of the merge as their posting time and an id of their own. Type, amount, description, reference and the time it
happened (`occurred_at`) are those of before, and the ids of before answer nowhere any more, as the customer they were
under. The balance of the first is afterwards the sum of both, and every line that makes it can be seen.

Sales and movements of points keep their rows, and with them what they were answered with (the balance and the points
right after them); only whose they are changes. So a sale can still be read, repeated and reversed.
"""

from typing import Any

import msgspec
from sqlalchemy import Connection, delete, insert, select, update

from server_stub import tables
from server_stub.store import addresses, customers, ledger
from server_stub.store.customers import CustomerRow, encode_tags
from server_stub.store.search import searched_columns
from server_stub.store.writing import Writing

_FILLED = ("notes", "group_id", "address_json", "username", "blacklist_reason")
_MOVED = (tables.sale, tables.points_entry, tables.customer_log, tables.product_view)


def merge(writing: Writing, primary: CustomerRow, secondary: CustomerRow) -> CustomerRow:
    """Move everything of one customer to another, leave a tombstone that says so, and return the one that stays.

    Args:
        writing: The change this is part of.
        primary: Who stays.
        secondary: Who goes; another customer of the same store.
    """
    for table in _MOVED:
        writing.connection.execute(
            update(table).where(table.c.customer_id == secondary.id).values(customer_id=primary.id)
        )
    balance = _post_anew(writing, primary, secondary)
    addresses.move_all(writing, secondary.id, primary.id)
    _empty(writing, secondary)
    merged = customers.touch(
        writing, primary.id, ledger_balance=balance, **_totals(primary, secondary), **_person(primary, secondary)
    )
    customers.bury(writing, secondary, tables.MERGED, merged_into=primary)
    writing.record_customer(merged, "updated")
    return merged


def successor_of(connection: Connection, customer_id: int) -> str:
    """Return the uuid of the customer that a merged one went into.

    Args:
        connection: Any transaction.
        customer_id: The integer id of a customer that was merged away.
    """
    tombstone = tables.tombstone
    into = select(tombstone.c.merged_into_uuid).where(tombstone.c.customer_id == customer_id)
    return str(connection.execute(into).scalar_one())


def _post_anew(writing: Writing, primary: CustomerRow, secondary: CustomerRow) -> int:
    """Put the second's entries at the end of the first's chain and return the balance after them."""
    entry = tables.ledger_entry
    balance: int = primary.ledger_balance
    posted = []
    for row in reversed(ledger.entries(writing.connection, secondary.id)):
        balance += row.amount if row.type == ledger.CREDIT else -row.amount
        moved = {name: value for name, value in row._asdict().items() if name != "id"}
        moved |= {"uuid": writing.new_uuid(), "customer_id": primary.id, "created_at": writing.stamp}
        posted.append({**moved, "balance_after": balance})
    writing.connection.execute(delete(entry).where(entry.c.customer_id == secondary.id))
    if posted:
        writing.connection.execute(insert(entry), posted)
    return balance


def _totals(primary: CustomerRow, secondary: CustomerRow) -> dict[str, object]:
    both = (primary, secondary)
    return {
        "points": primary.points + secondary.points,
        "total_orders": primary.total_orders + secondary.total_orders,
        "total_spent": primary.total_spent + secondary.total_spent,
        "first_order_at": min((row.first_order_at for row in both if row.first_order_at is not None), default=None),
        "last_order_at": max((row.last_order_at for row in both if row.last_order_at is not None), default=None),
    }


def _person(primary: CustomerRow, secondary: CustomerRow) -> dict[str, object]:
    """Return what the second fills of the first's empty fields; a ban of either holds, a password never moves."""
    filled = {name: getattr(secondary, name) for name in _FILLED if not getattr(primary, name)}
    reached: dict[str, Any] = {}
    for way in ("email", "phone"):
        source = primary if getattr(primary, way) else secondary
        reached |= {way: getattr(source, way), f"{way}_verified": getattr(source, f"{way}_verified")}
    tags, more = (msgspec.json.decode(row.tags, type=list[str]) for row in (primary, secondary))
    known, foreign = (msgspec.json.decode(row.external_ids, type=dict[str, str]) for row in (primary, secondary))
    return {
        **filled,
        **reached,
        **searched_columns(primary.name, reached["email"], reached["phone"]),
        "tags": encode_tags([*tags, *(tag for tag in dict.fromkeys(more) if tag not in tags)]),
        "external_ids": msgspec.json.encode({**foreign, **known}).decode(),
        "blacklisted": primary.blacklisted or secondary.blacklisted,
        "cod_enabled": primary.cod_enabled and secondary.cod_enabled,
    }


def _empty(writing: Writing, secondary: CustomerRow) -> None:
    customers.touch(
        writing,
        secondary.id,
        standing=tables.MERGED,
        points=0,
        ledger_balance=0,
        total_orders=0,
        total_spent=0,
        first_order_at=None,
        last_order_at=None,
        address_line=None,
    )
