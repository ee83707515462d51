"""How old a debt is: the buckets that a shopkeeper collects by (design, section 3, *ageing*)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from posapp.domain.money import Money


@dataclass(frozen=True, slots=True)
class Ageing:
    """What a customer owes on a day, by how long it has been due; all amounts positive.

    Attributes:
        as_of: The shop's day for which it holds.
        current: Not due yet, and debts whose day nobody knows (`undated` of it).
        days_1_30: Due for 1 to 30 days.
        days_31_60: As above.
        days_61_90: As above.
        over_90: As above.
        advance: What was paid beyond all debts.
        undated: The part of `current` that was brought forward by a figure without a day.
        oldest_due: The earliest day on which something still owed was due; None where nothing dated is owed.
    """

    as_of: date
    current: Money
    days_1_30: Money
    days_31_60: Money
    days_61_90: Money
    over_90: Money
    advance: Money
    undated: Money
    oldest_due: date | None

    @property
    def buckets(self) -> tuple[Money, Money, Money, Money, Money]:
        """The five buckets, youngest first."""
        return self.current, self.days_1_30, self.days_31_60, self.days_61_90, self.over_90

    @property
    def owed(self) -> Money:
        """The sum of the buckets."""
        return sum(self.buckets, Money(0, self.current.currency))
