"""The khata: what a customer owes the shop, line by line (design, section 3).

`credit` is in the customer's favour, `debit` is owed; the balance is Σ credit − Σ debit: a negative balance means that
the customer owes. A line is never changed: a correction is a new line of kind `reversal`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from posapp.domain.ids import CustomerId, EntryId, OperationId
from posapp.domain.money import Money


class Direction(StrEnum):
    """Which way an entry moves the balance."""

    CREDIT = "credit"
    DEBIT = "debit"

    @property
    def opposite(self) -> Direction:
        """The direction that undoes this one."""
        return Direction.DEBIT if self is Direction.CREDIT else Direction.CREDIT


class EntryKind(StrEnum):
    """Why an entry exists; a closed list."""

    OPENING = "opening"
    SALE = "sale"
    CHARGE = "charge"
    PAYMENT = "payment"
    RETURN = "return"
    PAYOUT = "payout"
    SETTLEMENT = "settlement"
    WRITE_OFF = "write_off"
    REVERSAL = "reversal"


DIRECTION_OF = {
    EntryKind.SALE: Direction.DEBIT,
    EntryKind.CHARGE: Direction.DEBIT,
    EntryKind.PAYOUT: Direction.DEBIT,
    EntryKind.PAYMENT: Direction.CREDIT,
    EntryKind.RETURN: Direction.CREDIT,
    EntryKind.SETTLEMENT: Direction.CREDIT,
    EntryKind.WRITE_OFF: Direction.CREDIT,
}
"""The direction of each kind that has one; an opening may go either way, a reversal goes against its entry."""


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One line of a khata, written at this till.

    Attributes:
        id: Of this line.
        customer_id: Whose khata.
        operation_id: The act that wrote it; also its reference on a server.
        kind: Why it exists.
        direction: Which way it moves the balance.
        amount: Always positive.
        occurred_at: When it happened in the shop, aware UTC.
        description: For the statement, in the shop's words; may be empty.
        due_on: The day by which a debit is to be paid, where one was agreed.
        backdated: Whether `occurred_at` was set to an earlier day by a person.
        reverses: The entry that this one undoes.
        kept: Whether no server takes it: it lives in this till's book alone.
    """

    id: EntryId
    customer_id: CustomerId
    operation_id: OperationId
    kind: EntryKind
    direction: Direction
    amount: Money
    occurred_at: datetime
    description: str = ""
    due_on: date | None = None
    backdated: bool = False
    reverses: EntryId | None = None
    kept: bool = False

    @property
    def effect(self) -> Money:
        """What the entry adds to the balance; negative for a debit."""
        return signed(self.direction, self.amount)


def signed(direction: Direction, amount: Money) -> Money:
    """Return the effect of an amount on a balance (credit positive, debit negative)."""
    return amount if direction is Direction.CREDIT else -amount
