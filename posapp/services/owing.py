"""Who owes the shop, how much and since when: the list that a shopkeeper collects by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from posapp.domain.ageing import Ageing, total
from posapp.services.ports.book import Session
from posapp.services.ports.receivables import Owing
from posapp.services.till import Till

Order = Literal["amount", "age"]


@dataclass(frozen=True, slots=True)
class Owings:
    """Everyone who owes.

    Attributes:
        rows: In the order that was asked for.
        ageing: The sums of their columns; `advance` is what other customers paid beyond their debts, so that buckets
            less advance are what the shop will get in all.
        unfetched: How many customers are left out because their khata was not fetched yet.
    """

    rows: tuple[Owing, ...]
    ageing: Ageing
    unfetched: int


def owing(till: Till, *, order: Order = "amount") -> Owings:
    """Return everyone who owes now: the largest amount first, or the debt that is due for longest first."""

    def read(session: Session) -> Owings:
        shop = session.settings.shop()
        today = shop.day_of(till.clock.now())
        found = session.receivables.owing(today)
        whole = total([row.ageing for row in found.rows], today, found.advances)
        return Owings(in_order(found.rows, order), whole, found.unfetched)

    return till.book.read(read)


def in_order(rows: Sequence[Owing], order: Order) -> tuple[Owing, ...]:
    """Return those who owe in an order: the largest amount first, or the debt that is due for longest first."""
    return tuple(sorted(rows, key=_by_amount if order == "amount" else _by_age))


def _by_amount(row: Owing) -> tuple[int, str]:
    return -row.owed.minor, row.name


def _by_age(row: Owing) -> tuple[date, int, str]:
    return row.ageing.oldest_due or date.max, -row.owed.minor, row.name
