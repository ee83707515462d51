"""Who is very important, loyal, returning, new or at risk: each customer in exactly one segment."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, case, func, or_, select

from server_stub.clock import DAY_MICROS
from server_stub.tables import LIVE, customer

VIP, AT_RISK, LOYAL, RETURNING, NEW = "vip", "at_risk", "loyal", "returning", "new"
SEGMENTS = (NEW, RETURNING, LOYAL, VIP, AT_RISK)
"""In the order they are shown."""

_AT_RISK_AFTER = 90 * DAY_MICROS
_LOYAL_ORDERS = 5
_RETURNING_ORDERS = 2


@dataclass(frozen=True, kw_only=True)
class VipRule:
    """From where a customer is very important: by either of the two.

    Attributes:
        orders: So many orders.
        spent: So much spent, in minor units.
    """

    orders: int
    spent: int

    def holds_for(self, row: Row[Any]) -> bool:
        """Return whether a customer is very important."""
        return bool(row.total_orders >= self.orders or row.total_spent >= self.spent)

    def condition(self) -> ColumnElement[bool]:
        """Return the same as a condition over the customer's row."""
        return or_(customer.c.total_orders >= self.orders, customer.c.total_spent >= self.spent)


def count_by_segment(connection: Connection, store_id: int, *, vip: VipRule, now: int) -> dict[str, int]:
    """Return how many live customers of a store are in each segment; contracts.md 2, `modules`.

    Args:
        connection: A reading transaction.
        store_id: The store.
        vip: Who is very important.
        now: The present, in microseconds.
    """
    orders = customer.c.total_orders
    segment = case(
        (vip.condition(), VIP),
        ((orders >= _RETURNING_ORDERS) & (customer.c.last_order_at < now - _AT_RISK_AFTER), AT_RISK),
        (orders >= _LOYAL_ORDERS, LOYAL),
        (orders >= _RETURNING_ORDERS, RETURNING),
        else_=NEW,
    ).label("segment")
    placed = select(segment).where(customer.c.store_id == store_id, customer.c.standing == LIVE).subquery()
    counts = dict.fromkeys(SEGMENTS, 0)
    for name, count in connection.execute(select(placed.c.segment, func.count()).group_by(placed.c.segment)):
        counts[name] = count
    return counts
