"""How old a debt is: the buckets that a shopkeeper collects by (design, section 3, *ageing*)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from posapp.domain.allocation import OpenAccount, OpenDebit
from posapp.domain.money import Money

LAST_DAYS = (0, 30, 60, 90)
"""The last day past due of each bucket but the oldest: a debt of exactly 30 days is in 1–30."""


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

    @classmethod
    def of(
        cls, as_of: date, buckets: Sequence[Money], *, advance: Money, undated: Money, oldest_due: date | None
    ) -> Ageing:
        """Return an ageing of its five buckets, youngest first."""
        current, days_1_30, days_31_60, days_61_90, over_90 = buckets
        return cls(as_of, current, days_1_30, days_31_60, days_61_90, over_90, advance, undated, oldest_due)

    @property
    def buckets(self) -> tuple[Money, Money, Money, Money, Money]:
        """The five buckets, youngest first."""
        return self.current, self.days_1_30, self.days_31_60, self.days_61_90, self.over_90

    @property
    def owed(self) -> Money:
        """The sum of the buckets."""
        return sum(self.buckets, Money(0, self.current.currency))


def bucket_of(debit: OpenDebit, as_of: date) -> int:
    """Return the place of an open debt in `Ageing.buckets`."""
    past = 0 if debit.due_on is None else (as_of - debit.due_on).days
    return sum(past > last for last in LAST_DAYS)


def age(account: OpenAccount, as_of: date) -> Ageing:
    """Return how old what is owed on an account is, on a day of the shop."""
    currency = account.advance.currency
    buckets = [Money(0, currency)] * (len(LAST_DAYS) + 1)
    for debit in account.debits:
        buckets[bucket_of(debit, as_of)] += debit.open
    return Ageing.of(
        as_of,
        buckets,
        advance=account.advance,
        undated=sum((debit.open for debit in account.debits if debit.due_on is None), Money(0, currency)),
        oldest_due=min((debit.due_on for debit in account.debits if debit.due_on is not None), default=None),
    )


def total(ageings: Sequence[Ageing], as_of: date, advance: Money) -> Ageing:
    """Return the column sums of what many customers owe on a day, beside what others paid ahead."""
    columns = zip(*((*ageing.buckets, ageing.undated) for ageing in ageings), strict=True)
    sums = [Money(sum(part.minor for part in column), advance.currency) for column in columns]
    *buckets, undated = sums or [Money(0, advance.currency)] * (len(LAST_DAYS) + 2)
    oldest = min((ageing.oldest_due for ageing in ageings if ageing.oldest_due is not None), default=None)
    return Ageing.of(as_of, buckets, advance=advance, undated=undated, oldest_due=oldest)
