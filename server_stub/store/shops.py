"""The stores and their settings."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select

from server_stub import tables


@dataclass(frozen=True, kw_only=True)
class Shop:
    """A store and the settings its vendor made.

    Attributes:
        earn_rate: Points for every 100 minor units.
        redemption_value: Minor units for every point.
    """

    id: int
    name: str
    currency: str
    time_zone: str
    earn_rate: int
    redemption_value: int


def shop_of(row: Row[Any]) -> Shop:
    """Return the store that a row of its table describes."""
    return Shop(
        id=row.id,
        name=row.name,
        currency=row.currency,
        time_zone=row.time_zone,
        earn_rate=row.earn_rate,
        redemption_value=row.redemption_value,
    )


def read_shop(connection: Connection, store_id: int) -> Shop:
    """Return a store.

    Args:
        connection: Any transaction.
        store_id: A store that exists.
    """
    return shop_of(connection.execute(select(tables.store).where(tables.store.c.id == store_id)).one())
