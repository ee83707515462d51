"""Which kind of customer somebody is by what was bought, where no server says so.

The rules are those of the `modules` API (its document and contracts, section 2): each customer is in exactly one
segment, the first that fits. What is not known never puts anybody into one: without the day of the last order nobody is
at risk, without a total nobody is a VIP by spending.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from posapp.domain.messages import N_
from posapp.domain.money import Money, currency_of

VIP_ORDERS: Final = 10
VIP_SPENT: Final = 50_000
"""In whole units of the shop's currency; the document names no currency."""
LOYAL_ORDERS: Final = 5
RETURNING_ORDERS: Final = 2
AT_RISK_AFTER: Final = timedelta(days=90)


class Segment(StrEnum):
    """A kind of customer; the order is that of the rules."""

    VIP = "vip"
    AT_RISK = "at_risk"
    LOYAL = "loyal"
    RETURNING = "returning"
    NEW = "new"


SEGMENT_WORDS: Final = {
    Segment.VIP: N_("VIP"),
    Segment.AT_RISK: N_("At risk"),
    Segment.LOYAL: N_("Loyal"),
    Segment.RETURNING: N_("Returning"),
    Segment.NEW: N_("New"),
}

SEGMENT_RULES: Final = {
    Segment.VIP: N_("10 orders or more, or 50,000 spent"),
    Segment.AT_RISK: N_("bought more than once, but not in the last 90 days"),
    Segment.LOYAL: N_("5 to 9 orders"),
    Segment.RETURNING: N_("2 to 4 orders"),
    Segment.NEW: N_("one order at most"),
}
"""Why somebody is in a segment, for a person who asks."""


@dataclass(frozen=True, slots=True)
class Bought:
    """What a customer bought.

    Attributes:
        orders: How many.
        spent: On all of them; None where it is not known.
        last_at: When the last one was; None where it is not known.
    """

    orders: int
    spent: Money | None
    last_at: datetime | None


def segment_of(bought: Bought, *, now: datetime, vip: bool | None = None) -> Segment:
    """Return the segment of a customer.

    Args:
        bought: As far as it is known.
        now: By the till's clock.
        vip: What the server says of it; None where it says nothing, so that the document's thresholds decide.
    """
    if vip if vip is not None else _is_vip(bought):
        return Segment.VIP
    repeats = bought.orders >= RETURNING_ORDERS
    if repeats and bought.last_at is not None and now - bought.last_at > AT_RISK_AFTER:
        return Segment.AT_RISK
    if bought.orders >= LOYAL_ORDERS:
        return Segment.LOYAL
    return Segment.RETURNING if repeats else Segment.NEW


def _is_vip(bought: Bought) -> bool:
    if bought.orders >= VIP_ORDERS:
        return True
    if bought.spent is None:
        return False
    threshold: int = VIP_SPENT * 10 ** currency_of(bought.spent.currency).decimals
    return bought.spent.minor >= threshold
