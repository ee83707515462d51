"""Fills a new store: the two shops always, customers with a history when asked."""

from collections.abc import Iterable
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Table, exists, func, insert, select, text, update

from server_stub import tables
from server_stub.clock import Clock, to_micros
from server_stub.database import Database
from server_stub.seeded_browsing import fill_browsing
from server_stub.seeded_customers import Filler, Rows

SHOPS: tuple[dict[str, Any], ...] = (
    {"id": 22, "name": "Dhaka Super Shop", "currency": "BDT", "time_zone": "Asia/Dhaka"},
    {"id": 7, "name": "Bandra Provision", "currency": "INR", "time_zone": "Asia/Kolkata"},
)
EARN_RATE = 1
REDEMPTION_VALUE = 10

_SEED_LOCK = 7_022_002
_BATCH = 2000


def seed(database: Database, *, customers: int, random_seed: int, clock: Clock) -> None:
    """Seed what is missing: the shops, and customers in a shop that has none. Safe in several processes at once.

    Args:
        database: With its tables.
        customers: How many in each shop.
        random_seed: Decides every name, number and id; only the times go by the clock.
        clock: The present, which histories end at.
    """
    with database.write() as connection:
        if not database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _SEED_LOCK})
        known = set(connection.execute(select(tables.store.c.id)).scalars())
        for shop in SHOPS:
            if shop["id"] not in known:
                connection.execute(
                    insert(tables.store).values(
                        earn_rate=EARN_RATE, redemption_value=REDEMPTION_VALUE, last_stamp=0, **shop
                    )
                )
        if not customers:
            return
        now = to_micros(clock())
        filled = [_fill(connection, shop["id"], customers, random_seed, now) for shop in SHOPS]
        if any(filled) and not database.is_sqlite:
            _move_sequences(connection)


def _fill(connection: Connection, store_id: int, count: int, random_seed: int, now: int) -> bool:
    """Fill an empty shop and return whether it was empty."""
    customer = tables.customer
    if connection.execute(select(exists().where(customer.c.store_id == store_id))).scalar_one():
        return False
    first_id = (connection.execute(select(func.max(customer.c.id))).scalar_one() or 300) + 1
    first_group = (connection.execute(select(func.max(tables.customer_group.c.id))).scalar_one() or 0) + 1
    filler = Filler(store_id, random_seed=random_seed, now=now, first_id=first_id, first_group=first_group)
    _insert(connection, {tables.customer_group: filler.groups()})
    made = filler.customers(count)
    while batch := _merged(islice(made, _BATCH)):
        _insert(connection, batch)
    _insert(connection, {tables.receipt_counter: filler.receipt_counters()})
    fill_browsing(connection, store_id, random_seed=random_seed, now=now)
    connection.execute(update(tables.store).where(tables.store.c.id == store_id).values(last_stamp=now))
    return True


def _merged(batches: Iterable[Rows]) -> Rows:
    merged: Rows = {}
    for rows in batches:
        for table, more in rows.items():
            merged.setdefault(table, []).extend(more)
    return merged


def _insert(connection: Connection, rows: Rows) -> None:
    """Insert rows table by table; the rows of one table have the same columns in the same order."""
    for table in sorted(rows, key=tables.metadata.sorted_tables.index):
        if rows[table]:
            _insert_many(connection, table, rows[table])


def _insert_many(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    names = list(rows[0])
    if connection.dialect.name == "postgresql":
        driver: Any = connection.connection.cursor()
        with driver, driver.copy(f"COPY {table.name} ({', '.join(names)}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(tuple(row.values()))
        return
    marks = ", ".join("?" * len(names))
    statement = f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({marks})"  # noqa: S608 - names of our tables
    connection.exec_driver_sql(statement, [tuple(row.values()) for row in rows])


def _move_sequences(connection: Connection) -> None:
    """Let PostgreSQL count on from the ids that were given by hand."""
    for table in (tables.customer, tables.customer_group):
        highest = connection.execute(select(func.max(table.c.id))).scalar_one() or 1
        connection.execute(
            text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :highest)"),
            {"name": table.name, "highest": highest},
        )
