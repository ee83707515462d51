"""Makes up what a shop's customers looked at and what was in their orders, the same for the same seed.

Most of it is copied inside the database from the rows that are there, so that a hundred thousand customers stay quick.
"""

import random
from datetime import timedelta

from sqlalchemy import ColumnElement, Connection, case, insert, select, true

from server_stub import tables
from server_stub.names import PRODUCTS
from server_stub.store.days import day_of
from server_stub.store.shops import read_shop

_HOUR = 3_600_000_000
_DAYS = 500
_FEWEST, _MOST = 5, 80


def fill_browsing(connection: Connection, store_id: int, *, random_seed: int, now: int) -> None:
    """Give each order its products, customers what they looked at, and each of the last days its visits.

    Args:
        connection: A writing transaction.
        store_id: A store with customers.
        random_seed: Decides the visits.
        now: The present, in microseconds; its day is the last one with visits.
    """
    _fill_orders(connection, store_id)
    _fill_views(connection, store_id)
    draw = random.Random(f"visits:{random_seed}:{store_id}")  # noqa: S311 - repeatable on purpose
    today = day_of(now, read_shop(connection, store_id).time_zone)
    days = [(today - timedelta(days=back)).isoformat() for back in range(_DAYS)]
    connection.execute(
        insert(tables.visit),
        [{"store_id": store_id, "day": day, "visits": draw.randint(_FEWEST, _MOST)} for day in days],
    )


def _fill_orders(connection: Connection, store_id: int) -> None:
    """Put one or two products into each order, together worth its total."""
    sale, item = tables.sale, tables.order_item
    mixed = sale.c.id % 2 == 1
    share = sale.c.total // 3
    first = case((mixed, sale.c.total - share), else_=sale.c.total)
    for product, total, wanted in ((sale.c.id, first, true()), (sale.c.id + 4, share, mixed)):
        chosen = select(sale.c.store_id, sale.c.id, _named(product), 1 + product % 3, total, sale.c.created_at).where(
            sale.c.store_id == store_id, wanted
        )
        columns = ("store_id", "sale_id", "product_name", "quantity", "total", "created_at")
        connection.execute(insert(item).from_select(columns, chosen.order_by(sale.c.id)))


def _fill_views(connection: Connection, store_id: int) -> None:
    """Let two customers in three look at a product an hour after they joined, and some at another."""
    customer, view = tables.customer, tables.product_view
    for place in range(2):
        product = customer.c.id + 3 * place
        chosen = select(
            customer.c.store_id, customer.c.id, _named(product), customer.c.created_at + (place + 1) * _HOUR
        ).where(customer.c.store_id == store_id, customer.c.id % 3 > place)
        columns = ("store_id", "customer_id", "product_name", "created_at")
        connection.execute(insert(view).from_select(columns, chosen.order_by(customer.c.id)))


def _named(number: ColumnElement[int]) -> ColumnElement[str]:
    return case(dict(enumerate(PRODUCTS)), value=number % len(PRODUCTS))
