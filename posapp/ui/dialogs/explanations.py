"""Where each number of a card comes from: the lines that make it, their sum, and the rule behind it (promise 5)."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

from posapp.domain.ageing import Ageing
from posapp.domain.ids import CustomerId
from posapp.domain.messages import N_
from posapp.domain.money import Money
from posapp.services.allocations import AgeingExplanation, explain_ageing
from posapp.services.dto import Customer
from posapp.services.lookup import BalanceExplanation, Card, PointsExplanation, card, explain_balance, explain_points
from posapp.ui.bridge.desk import Desk
from posapp.ui.models.debts_model import DebtsTableModel, debt_rows
from posapp.ui.models.ledger_model import LedgerTableModel, ledger_rows
from posapp.ui.models.points_model import PointsTableModel, points_rows
from posapp.ui.models.records import Cell, Column, RecordsModel
from posapp.ui.theme.tokens import Tone
from posapp.ui.views.customer.numbers import What
from posapp.ui.wording import balance_said, points_said


@dataclass(frozen=True, slots=True)
class Explained:
    """A number taken apart.

    Attributes:
        customer: Whose.
        title: Asks for the number.
        rows: The lines that make it.
        caption: What the sum is.
        number: The sum, as the card shows it.
        tone: Of the sum.
        notes: The rules behind it.
    """

    customer: Customer
    title: str
    rows: Sequence[Any]
    caption: str
    number: str
    tone: Tone
    notes: tuple[str, ...] = ()


class Why(ABC):
    """One kind of number: how it is read, and how it is told. A subclass a number."""

    def __init__(self, desk: Desk, customer_id: CustomerId) -> None:
        self.desk = desk
        self.say = desk.say
        self.customer_id = customer_id
        self.model = self.new_model()

    @abstractmethod
    def new_model(self) -> RecordsModel[Any]:
        """Return the table that the lines are shown in."""

    @abstractmethod
    def reading(self) -> Callable[[], Any]:
        """Return what reads the lines on a worker's thread."""

    @abstractmethod
    def told(self, read: Any) -> Explained:
        """Return the number taken apart."""


class WhyBalance(Why):
    """The khata's lines that count."""

    def new_model(self) -> RecordsModel[Any]:
        """Return the ledger's table."""
        return LedgerTableModel(self.desk)

    def reading(self) -> Callable[[], BalanceExplanation]:
        """Return what reads the khata."""
        return partial(explain_balance, self.desk.till, self.customer_id)

    def told(self, read: BalanceExplanation) -> Explained:
        """Return the balance as the sum of its lines."""
        say, balance = self.say, read.standing.balance
        said = balance_said(say, balance)
        notes = [say(N_("Debits are owed, credits are paid or given back. Lines that were refused do not count."))]
        if balance is None:
            notes.insert(0, say(N_("The server's part of this khata was not fetched yet: unknown is not zero.")))
        elif read.brought:
            notes.insert(0, say(N_("Brought forward is what the server counts beyond the lines that this till knows.")))
        title = say(N_("Why is this not known?")) if balance is None else say(N_("Why {number}?"), number=said.value)
        rows = ledger_rows(read, counted_only=True)
        return Explained(read.customer, title, rows, said.caption, said.value, said.tone, tuple(notes))


class WhyPoints(Why):
    """The movements of points that count, and what a point is worth."""

    def new_model(self) -> RecordsModel[Any]:
        """Return the table of movements."""
        return PointsTableModel(self.desk)

    def reading(self) -> Callable[[], PointsExplanation]:
        """Return what reads the movements."""
        return partial(explain_points, self.desk.till, self.customer_id)

    def told(self, read: PointsExplanation) -> Explained:
        """Return the points as the sum of their movements."""
        say, points, terms = self.say, read.standing.points, self.desk.shop().terms
        earns = say(
            N_("Points for each {unit} of a bill: {rate}. One point is worth {worth}."),
            rate=f"{terms.earn_rate:f}",
            unit=Money(100, terms.currency),
            worth=terms.worth(1),
        )
        number = points_said(say, points)
        if points is None:
            title, notes = say(N_("Why is this not known?")), [earns]
        else:
            title = say(N_("Why {number} points?"), number=number)
            sentence = N_("{points} × {worth} = {amount} off a bill.")
            worth = say(sentence, points=number, worth=terms.worth(1), amount=terms.worth(max(points, 0)))
            notes = [worth, earns] if points >= 0 else [earns]
        rows = points_rows(read, counted_only=True)
        return Explained(read.customer, title, rows, say(N_("Points")), number, Tone.NORMAL, tuple(notes))


class CreditRow(NamedTuple):
    """A step from the limit to what is left."""

    name: str
    amount: Money


class _CreditModel(RecordsModel[CreditRow]):
    def __init__(self, desk: Desk) -> None:
        super().__init__((Column(desk.say(N_("What"))), Column(desk.say(N_("Amount")), 200, right=True)))

    def key(self, record: CreditRow) -> str:
        return record.name

    def cells(self, record: CreditRow) -> tuple[Cell, ...]:
        return Cell(record.name), Cell(record.amount.text(), strong=True)


class WhyCredit(Why):
    """The limit, what of it is used, and who set it."""

    def new_model(self) -> RecordsModel[Any]:
        """Return a table of names and amounts."""
        return _CreditModel(self.desk)

    def reading(self) -> Callable[[], Card]:
        """Return what reads the card."""
        return partial(card, self.desk.till, self.customer_id)

    def told(self, read: Card) -> Explained:
        """Return what is left as limit less what is owed."""
        say, limit = self.say, read.limit
        if limit is None:
            note = say(N_("Neither this customer nor the shop has a credit limit; Edit (F7) sets one."))
            title, number = say(N_("Why no limit?")), say(N_("no limit"))
            return Explained(read.customer, title, (), say(N_("Credit")), number, Tone.NORMAL, (note,))
        own = read.customer.credit_limit is not None
        rows = [CreditRow(say(N_("Her own limit")) if own else say(N_("The shop's limit")), limit)]
        source = N_("The limit was set for this customer; Edit (F7) changes it.")
        if not own:
            source = N_("This customer has no own limit, so the shop's counts; Edit (F7) sets one.")
        if read.left is None or read.standing.balance is None:
            unknown = say(N_("What is owed was not fetched yet: unknown is not zero."))
            title, number = say(N_("Why is this not known?")), say(N_("not fetched yet"))
            return Explained(read.customer, title, rows, say(N_("Left")), number, Tone.MUTED, (unknown, say(source)))
        sentence = N_("less what is owed") if read.standing.balance.minor <= 0 else N_("and the advance")
        rows.append(CreditRow(say(sentence), abs(read.standing.balance)))
        notes = [say(source)]
        if limit + read.standing.balance < read.left:
            notes.insert(0, say(N_("More is owed than the limit allows; nothing is left until some of it is paid.")))
        title = say(N_("Why {number} left?"), number=read.left)
        return Explained(read.customer, title, rows, say(N_("Left")), read.left.text(), Tone.NORMAL, tuple(notes))


class WhyOverdue(Why):
    """The debts that are still open, by age."""

    def new_model(self) -> RecordsModel[Any]:
        """Return the table of open debts."""
        return DebtsTableModel(self.desk)

    def reading(self) -> Callable[[], AgeingExplanation]:
        """Return what reads the khata and finds what of it is open."""
        return partial(explain_ageing, self.desk.till, self.customer_id)

    def told(self, read: AgeingExplanation) -> Explained:
        """Return what is overdue as the sum of the debts past due."""
        say, ageing, customer = self.say, read.ageing, read.customer
        caption = say(N_("Overdue"))
        if ageing is None:
            number = say(N_("not fetched yet"))
            return Explained(customer, say(N_("Why is this not known?")), (), caption, number, Tone.MUTED)
        overdue = ageing.owed - ageing.current
        number = overdue.text() if overdue else say(N_("nothing"))
        rule = say(N_("No payment is tied to a bill: what was paid covers what was due first."))
        owed = say(
            N_("{owed} is owed in all, {current} of it is not overdue."), owed=ageing.owed, current=ageing.current
        )
        notes = (self._buckets(ageing), owed, rule) if ageing.owed else (rule,)
        title, tone = say(N_("Why {number} overdue?"), number=number), Tone.BAD if overdue else Tone.NORMAL
        return Explained(customer, title, debt_rows(read.debits, ageing.as_of), caption, number, tone, notes)

    def _buckets(self, ageing: Ageing) -> str:
        _, *rest = ageing.buckets
        names = ("d30", "d60", "d90", "older")
        sentence = N_("Past due 1–30 days {d30} · 31–60 days {d60} · 61–90 days {d90} · longer {older}")
        return self.say(sentence, **dict(zip(names, rest, strict=True)))


EXPLANATIONS: dict[What, type[Why]] = {
    What.BALANCE: WhyBalance,
    What.POINTS: WhyPoints,
    What.CREDIT: WhyCredit,
    What.AGEING: WhyOverdue,
}
