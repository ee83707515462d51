"""A khata statement as data: what stands on the paper, checked before a byte of it is written (promise 5).

Opening + Σ lines = confirmed closing; confirmed closing + Σ unsent lines = closing; Σ ageing buckets − advance =
−closing. A statement that does not add up is not printed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from posapp.domain.ageing import Ageing
from posapp.domain.errors import DocumentError, DomainError
from posapp.domain.ids import CustomerId, EntryId
from posapp.domain.ledger import Direction, EntryKind, signed
from posapp.domain.messages import N_
from posapp.domain.money import Money


class StatementDisagrees(DocumentError):
    """The sums of a statement do not agree, so it is not written."""

    id = "statement_disagrees"
    title = N_("The statement does not add up")
    message = N_("The lines give {lines}, the book says {book}.")
    hint = N_("Nothing was printed. Run “posapp verify” and keep its output; the book itself is unchanged.")


class WrongPeriod(DomainError):
    """A period that ends before it begins."""

    id = "wrong_period"
    title = N_("The period ends before it begins")
    message = N_("From {first} to {last} there is no day.")
    hint = N_("Exchange the two dates, or begin at an earlier day.")


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One line of a statement.

    Attributes:
        entry_id: Of the khata entry.
        day: The shop's day on which it happened.
        reference: Receipt or reference; the short id of the act where it has none.
        kind: None where the server does not say.
        description: In the shop's words; may be empty.
        direction: Debit (she owes more) or credit (she owes less).
        amount: Positive.
        balance: Running balance after the line, negative when she owes.
        late: Whether it had happened when a statement reaching its day was last printed, and was not on it.
        backdated: Whether a person set the day.
        reverses: Whether it undoes an earlier line.
    """

    entry_id: EntryId
    day: date
    reference: str
    kind: EntryKind | None
    description: str
    direction: Direction
    amount: Money
    balance: Money
    late: bool = False
    backdated: bool = False
    reverses: bool = False


class Agreement(StrEnum):
    """Whether a statement is what the shop's server has: `PROVEN`, `OPEN` (not compared yet), or it `DIFFERS`."""

    PROVEN = "proven"
    OPEN = "open"
    DIFFERS = "differs"


@dataclass(frozen=True, slots=True)
class Statement:
    """A customer's khata over a period of the shop's days, both inclusive.

    Attributes:
        customer_id: Whose.
        customer_name: As known in the shop.
        phone: As typed; None for none.
        address: One or more lines; empty for none.
        shop_name: As printed at the top.
        first: First day of the period; the day of the first line where no first day was asked for.
        last: Last day of the period.
        printed_at: When, aware, in the shop's zone.
        opening: Balance brought forward.
        lines: Confirmed or kept lines in the order of their day, oldest first.
        unsent: Lines recorded at this till that no server has confirmed yet, oldest first; they come after `lines`.
        closing: Balance with everything, negative when she owes.
        ageing: As of `last`.
        points: Her points now; None where unknown, and where she has none.
        late_before: Lines of days before `first` that the last statement reaching their day did not have: `opening`
            holds them, so it differs from the closing of that statement. Their `balance` is their running sum.
        seen_till_seq: Her acts at this till up to this one are on it, or in its opening.
        seen_server_at: As above, for lines from elsewhere by the time of their posting; None for none.
        agreement: Whether `lines` and what is before them are the server's; None where no server keeps them.
        proven_at: When that was proven, aware, in the shop's zone; None unless it was.
    """

    customer_id: CustomerId
    customer_name: str
    phone: str | None
    address: str
    shop_name: str
    first: date
    last: date
    printed_at: datetime
    opening: Money
    lines: tuple[StatementLine, ...]
    unsent: tuple[StatementLine, ...]
    closing: Money
    ageing: Ageing
    points: int | None = None
    late_before: tuple[StatementLine, ...] = ()
    seen_till_seq: int = 0
    seen_server_at: datetime | None = None
    agreement: Agreement | None = None
    proven_at: datetime | None = None

    @property
    def debits(self) -> Money:
        """Σ of all debits in the period."""
        return self._sum(Direction.DEBIT)

    @property
    def credits(self) -> Money:
        """Σ of all credits in the period."""
        return self._sum(Direction.CREDIT)

    @property
    def late(self) -> tuple[StatementLine, ...]:
        """What is marked as late on it, in its opening and in its lines."""
        return (*self.late_before, *(line for line in (*self.lines, *self.unsent) if line.late))

    @property
    def confirmed_closing(self) -> Money:
        """The balance before the unsent lines."""
        return self.lines[-1].balance if self.lines else self.opening

    def check(self) -> None:
        """Refuse a statement whose sums do not agree.

        Raises:
            StatementDisagrees: A running balance, the closing or the ageing differs from the sum of the lines.
        """
        balance = self.opening
        for line in (*self.lines, *self.unsent):
            balance += signed(line.direction, line.amount)
            self._same(balance, line.balance)
        self._same(balance, self.closing)
        self._same(self.ageing.advance - self.ageing.owed, self.closing)

    def _sum(self, direction: Direction) -> Money:
        lines = (line.amount for line in (*self.lines, *self.unsent) if line.direction is direction)
        return sum(lines, Money(0, self.opening.currency))

    @staticmethod
    def _same(lines: Money, book: Money) -> None:
        if lines != book:
            raise StatementDisagrees(lines=lines, book=book)
