"""Who owes the shop, and the statements that were handed out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from posapp.domain.ageing import Ageing
from posapp.domain.ids import CustomerId
from posapp.domain.money import Money


@dataclass(frozen=True, slots=True)
class Owing:
    """A customer who owes.

    Attributes:
        customer_id: Whom.
        name: Hers.
        phone: As typed; None for none.
        owed: What she owes, above zero.
        ageing: How old it is.
        last_payment_at: When she last paid something, as far as this till knows.
        known: Whether her whole balance is known; else `owed` is what this till alone recorded.
    """

    customer_id: CustomerId
    name: str
    phone: str | None
    owed: Money
    ageing: Ageing
    last_payment_at: datetime | None
    known: bool


@dataclass(frozen=True, slots=True)
class Receivable:
    """What all customers together owe the shop and the shop owes them.

    Attributes:
        rows: Every live customer who owes, in no order.
        advances: The sum of what others paid beyond their debts.
        unfetched: How many customers' balances the server keeps and this till has not read yet.
    """

    rows: Sequence[Owing]
    advances: Money
    unfetched: int


@dataclass(frozen=True, slots=True)
class Printing:
    """A statement that was handed out, and what stood on it.

    Attributes:
        customer_id: Whose.
        first: First day of its period.
        last: Last day of it.
        printed_at: When.
        till_seq: Her acts at this till up to this one were known.
        server_recorded_at: Her lines from elsewhere up to this posting were known; None where there was none.
    """

    customer_id: CustomerId
    first: date
    last: date
    printed_at: datetime
    till_seq: int
    server_recorded_at: datetime | None


class Receivables(Protocol):
    """What the shop will get."""

    def owing(self, as_of: date) -> Receivable:
        """Return who owes now, with how old it is on a day of the shop."""
        ...

    def printings(self, customer_id: CustomerId) -> Sequence[Printing]:
        """Return the statements that were handed out to a customer, the newest first."""
        ...

    def note_printing(self, printing: Printing) -> None:
        """Remember that a statement was handed out."""
        ...
