"""What customers looked at and ordered, and how many came to the shop: lists and sums for its vendor."""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, Select, case, distinct, func, select

from server_stub import tables
from server_stub.store.days import start_of


@dataclass(frozen=True, kw_only=True)
class Span:
    """A stretch of days under one label.

    Attributes:
        label: A day `YYYY-MM-DD` or a month `YYYY-MM`.
        first: The first day.
        after: The day after the last.
    """

    label: str
    first: date
    after: date


def page_of_ordered_products(
    connection: Connection, store_id: int, customer_id: int | None, *, offset: int, limit: int
) -> Sequence[Row[Any]]:
    """Return one page of the products that live customers ordered, newest first; each row names its customer.

    Args:
        connection: A reading transaction.
        store_id: The store.
        customer_id: Only this customer's; None for all.
        offset: How many to leave out.
        limit: How many to return at most.
    """
    item = tables.order_item
    wanted = _ordered(store_id, customer_id).add_columns(*item.c, tables.sale.c.customer_id)
    order = (item.c.created_at.desc(), item.c.id.desc())
    return connection.execute(wanted.order_by(*order).offset(offset).limit(limit)).all()


def count_ordered_products(connection: Connection, store_id: int, customer_id: int | None) -> int:
    """Return how many rows `page_of_ordered_products` has over all pages."""
    return int(connection.execute(_ordered(store_id, customer_id).add_columns(func.count())).scalar_one())


def page_of_product_views(
    connection: Connection, store_id: int, customer_id: int | None, *, offset: int, limit: int
) -> Sequence[Row[Any]]:
    """Return one page of the products that live customers looked at, newest first.

    Args:
        connection: A reading transaction.
        store_id: The store.
        customer_id: Only this customer's; None for all.
        offset: How many to leave out.
        limit: How many to return at most.
    """
    view = tables.product_view
    order = (view.c.created_at.desc(), view.c.id.desc())
    wanted = _viewed(store_id, customer_id).add_columns(*view.c)
    return connection.execute(wanted.order_by(*order).offset(offset).limit(limit)).all()


def count_product_views(connection: Connection, store_id: int, customer_id: int | None) -> int:
    """Return how many rows `page_of_product_views` has over all pages."""
    return int(connection.execute(_viewed(store_id, customer_id).add_columns(func.count())).scalar_one())


def visits_of_month(connection: Connection, store_id: int, year: int, month: int) -> dict[str, int]:
    """Return how many visits each day of a month had, every day from the first to the last.

    Args:
        connection: A reading transaction.
        store_id: The store.
        year: From 1 to 9999.
        month: From 1 to 12.
    """
    visit = tables.visit
    days = [date(year, month, day + 1).isoformat() for day in range(calendar.monthrange(year, month)[1])]
    mine = select(visit.c.day, visit.c.visits).where(
        visit.c.store_id == store_id, visit.c.day.between(days[0], days[-1])
    )
    return dict.fromkeys(days, 0) | {row.day: row.visits for row in connection.execute(mine)}


def trade(connection: Connection, store_id: int, spans: Sequence[Span], time_zone: str) -> dict[str, Row[Any]]:
    """Return `orders`, `customers` who made them and `revenue` in minor units, by label; quiet spans are left out.

    Args:
        connection: A reading transaction.
        store_id: The store.
        spans: One right after the other.
        time_zone: The store's.
    """
    sale = tables.sale
    ends = [start_of(span.after, time_zone) for span in spans]
    label = case(*((sale.c.occurred_at < end, span.label) for span, end in zip(spans, ends, strict=True)))
    sold = (
        select(label.label("label"), sale.c.customer_id, sale.c.total)
        .where(
            sale.c.store_id == store_id,
            sale.c.reversed_at.is_(None),
            sale.c.occurred_at >= start_of(spans[0].first, time_zone),
            sale.c.occurred_at < ends[-1],
        )
        .subquery()
    )
    summed = select(
        sold.c.label,
        func.count().label("orders"),
        func.count(distinct(sold.c.customer_id)).label("customers"),
        func.sum(sold.c.total).label("revenue"),
    ).group_by(sold.c.label)
    return {row.label: row for row in connection.execute(summed)}


def _ordered(store_id: int, customer_id: int | None) -> Select[Any]:
    item, sale, customer = tables.order_item, tables.sale, tables.customer
    wanted = (
        select()
        .select_from(item)
        .join(sale, sale.c.id == item.c.sale_id)
        .join(customer, customer.c.id == sale.c.customer_id)
        .where(item.c.store_id == store_id, customer.c.standing == tables.LIVE, sale.c.reversed_at.is_(None))
    )
    return wanted if customer_id is None else wanted.where(sale.c.customer_id == customer_id)


def _viewed(store_id: int, customer_id: int | None) -> Select[Any]:
    view, customer = tables.product_view, tables.customer
    wanted = (
        select()
        .select_from(view)
        .join(customer, customer.c.id == view.c.customer_id)
        .where(view.c.store_id == store_id, customer.c.standing == tables.LIVE)
    )
    return wanted if customer_id is None else wanted.where(view.c.customer_id == customer_id)
