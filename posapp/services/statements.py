"""A khata as it is handed to a customer: her days, her lines, and what came in since the last paper."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime

from posapp.domain.ageing import age
from posapp.domain.ids import CustomerId, short_id
from posapp.domain.ledger import signed
from posapp.domain.money import Money
from posapp.domain.policy import BalanceUnknown
from posapp.domain.shop import Shop
from posapp.domain.statement import Agreement, Statement, StatementLine, WrongPeriod
from posapp.services.accounts import account_of
from posapp.services.dto import KhataLine, LineState
from posapp.services.lookup import BalanceExplanation, explain
from posapp.services.ports.book import Session
from posapp.services.ports.proofs import KhataProof
from posapp.services.ports.receivables import Printing
from posapp.services.till import Till

_UNSENT = frozenset({LineState.SAVED, LineState.DOUBTFUL, LineState.NEEDS_HUMAN})


def statement(till: Till, customer_id: CustomerId, *, first: date | None = None, last: date | None = None) -> Statement:
    """Return a customer's khata over a period of the shop's days, its sums checked.

    Args:
        till: This till.
        customer_id: Whose; a customer who was deleted has one as well.
        first: First day; None for all there is.
        last: Last day; None, or a day that has not come yet, for today.

    Raises:
        UnknownCustomer: The id is not in the book.
        BalanceUnknown: The server keeps the khata and it was not fetched yet.
        WrongPeriod: There is no day in the period.
        StatementDisagrees: The sums do not agree.
    """

    def read(session: Session) -> Statement:
        explained = explain(session, customer_id)
        marks = _Marks(session.settings.shop(), session.receivables.printings(customer_id))
        drawn = _statement(marks, explained, first, last, till.clock.now())
        return _with_agreement(drawn, marks, explained.lines, session.proofs.of_customer(customer_id))

    made = till.book.read(read)
    made.check()
    return made


def note_printed(till: Till, made: Statement) -> None:
    """Remember that a statement was handed out, so that the next one can mark what was not on it.

    Raises:
        StoreUnavailable: The book cannot be written.
    """
    printing = Printing(
        made.customer_id, made.first, made.last, made.printed_at, made.seen_till_seq, made.seen_server_at
    )
    till.book.write(lambda session: session.receivables.note_printing(printing))


class _Marks:
    """Turns khata lines into lines of a statement, on the shop's days, and marks what earlier papers did not have."""

    def __init__(self, shop: Shop, printings: Sequence[Printing]) -> None:
        self.shop = shop
        self._printings = printings

    def day(self, line: KhataLine) -> date:
        """Return the shop's day of a line."""
        return self.shop.day_of(line.occurred_at)

    def lines(self, lines: Iterable[KhataLine], balance: Money) -> tuple[StatementLine, ...]:
        """Return lines with the running balance that they lead to."""
        made = []
        for line in lines:
            balance += signed(line.direction, line.amount)
            made.append(self._line(line, balance))
        return tuple(made)

    def _line(self, line: KhataLine, balance: Money) -> StatementLine:
        reference = line.reference or line.operation_id or line.entry_id
        return StatementLine(
            entry_id=line.entry_id,
            day=self.day(line),
            reference=short_id(reference),
            kind=line.kind,
            description="" if line.description == line.reference else line.description,
            direction=line.direction,
            amount=line.amount,
            balance=balance,
            late=self.late(line),
            backdated=line.backdated,
            reverses=line.reverses is not None,
        )

    def unseen(self, line: KhataLine) -> bool:
        """Return whether the last paper that reached a line's day, by its lines or its opening, did not have it."""
        paper = self._paper(line)
        if paper is None:
            return False
        if line.till_seq is not None:
            return line.till_seq > paper.till_seq
        if line.taken_at is not None:
            return line.taken_at > paper.printed_at
        if line.recorded_at is None or paper.server_recorded_at is None:
            return True
        return line.recorded_at > paper.server_recorded_at

    def late(self, line: KhataLine) -> bool:
        """Return whether that paper could have had it: what happened after it was printed is new, not late."""
        paper = self._paper(line)
        return paper is not None and line.occurred_at < paper.printed_at and self.unseen(line)

    def _paper(self, line: KhataLine) -> Printing | None:
        return next((printing for printing in self._printings if printing.last >= self.day(line)), None)


def _statement(
    marks: _Marks, explained: BalanceExplanation, first: date | None, last: date | None, now: datetime
) -> Statement:
    shop, profile, standing = marks.shop, explained.customer.profile, explained.standing
    counted = sorted((line for line in explained.lines if line.counted), key=lambda line: line.occurred_at)
    until = _last_day(shop, counted, first, last, now)
    account = account_of(shop, counted, explained.brought, until)
    if account is None or explained.brought is None or standing.balance is None:
        raise BalanceUnknown(name=profile.name)
    before = [line for line in counted if first is not None and marks.day(line) < first]
    inside = [line for line in counted if marks.day(line) <= until and (first is None or marks.day(line) >= first)]
    after = [line for line in counted if marks.day(line) > until]
    opening = _plus(explained.brought, before)
    lines = marks.lines((line for line in inside if line.state not in _UNSENT), opening)
    unsent = marks.lines((line for line in inside if line.state in _UNSENT), lines[-1].balance if lines else opening)
    return Statement(
        customer_id=explained.customer.id,
        customer_name=profile.name,
        phone=profile.phone,
        address=profile.address or "",
        shop_name=shop.name,
        first=first or min((line.day for line in (*lines, *unsent)), default=until),
        last=until,
        printed_at=shop.at(now),
        opening=opening,
        lines=lines,
        unsent=unsent,
        closing=standing.balance - _plus(Money(0, shop.currency), after),
        ageing=age(account, until),
        points=standing.points if standing.points and standing.points > 0 else None,
        late_before=marks.lines((line for line in before if marks.unseen(line)), Money(0, shop.currency)),
        seen_till_seq=max((line.till_seq or 0 for line in explained.lines), default=0),
        seen_server_at=_last_posting(explained.lines),
    )


def _with_agreement(made: Statement, marks: _Marks, lines: Iterable[KhataLine], proof: KhataProof | None) -> Statement:
    """Return a statement with whether it is the server's: only where a proof covers every confirmed line up to its end.

    A line that no server has posted, kept here or sent and not seen there, is covered by no proof.
    """
    if proof is None:
        return made
    until = (line for line in lines if line.counted and line.state not in _UNSENT and marks.day(line) <= made.last)
    if proof.held:
        return replace(made, agreement=Agreement.DIFFERS)
    if proof.proven_at is None or not proof.current or any(line.recorded_at is None for line in until):
        return replace(made, agreement=Agreement.OPEN)
    return replace(made, agreement=Agreement.PROVEN, proven_at=marks.shop.at(proof.proven_at))


def _last_day(shop: Shop, lines: Sequence[KhataLine], first: date | None, last: date | None, now: datetime) -> date:
    """Return the last day of a period: today at most, or the day of a line that a server dates later."""
    latest = max([shop.day_of(now), *(shop.day_of(line.occurred_at) for line in lines[-1:])])
    until = latest if last is None else min(last, latest)
    if first is not None and first > until:
        raise WrongPeriod(first=first, last=until)
    return until


def _last_posting(lines: Iterable[KhataLine]) -> datetime | None:
    """Return when the newest line from elsewhere was posted; this till's own are known by their place in its acts."""
    posted = [line.recorded_at for line in lines if line.till_seq is None and line.recorded_at is not None]
    return max(posted, default=None)


def _plus(balance: Money, lines: Iterable[KhataLine]) -> Money:
    return sum((signed(line.direction, line.amount) for line in lines), balance)
