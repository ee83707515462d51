"""Fills a new store: the two shops always, customers with a history when asked."""

from sqlalchemy import insert, select, text

from server_stub import tables
from server_stub.clock import Clock
from server_stub.database import Database

SHOPS = (
    {"id": 22, "name": "Dhaka Super Shop", "currency": "BDT", "time_zone": "Asia/Dhaka"},
    {"id": 7, "name": "Bandra Provision", "currency": "INR", "time_zone": "Asia/Kolkata"},
)


def seed(database: Database, *, customers: int, random_seed: int, clock: Clock) -> None:
    """Seed what is missing."""
    with database.write() as connection:
        if not database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(7022002)"))
        known = set(connection.execute(select(tables.store.c.id)).scalars())
        for shop in SHOPS:
            if shop["id"] not in known:
                connection.execute(insert(tables.store).values(earn_rate=1, redemption_value=10, last_stamp=0, **shop))
