"""Which debts are still open, and what a payment would pay: what was due first (design, section 3, *allocation*).

No payment is tied to a bill. All that was paid covers the debts in the order in which they were due, so what is still
owed is the youngest debts, as far back as the balance reaches. What the lines cannot explain was brought forward by a
figure: it is older than every line.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from posapp.domain.ids import EntryId
from posapp.domain.ledger import Direction, EntryKind, signed
from posapp.domain.money import Money


@dataclass(frozen=True, slots=True)
class AccountLine:
    """A khata line that counts, as far as ageing looks at it.

    Attributes:
        entry_id: Of the khata line.
        day: The shop's day on which it happened.
        direction: Which way it moves the balance.
        amount: Positive.
        kind: None where the server does not say.
        due_on: The day agreed for a debit; None for the shop's terms.
        description: In the shop's words; may be empty.
        reference: Receipt or reference.
        reverses: The line that it undoes.
    """

    entry_id: EntryId
    day: date
    direction: Direction
    amount: Money
    kind: EntryKind | None = None
    due_on: date | None = None
    description: str = ""
    reference: str | None = None
    reverses: EntryId | None = None


@dataclass(frozen=True, slots=True)
class OpenDebit:
    """A debt that is not wholly paid.

    Attributes:
        entry_id: The line that made it; None for what was brought forward by a figure.
        day: When it was made; None where brought forward.
        due_on: When it is to be paid: as agreed, else the day it was made plus the shop's terms; None as above.
        kind: None where nobody says.
        description: In the shop's words; may be empty.
        reference: Receipt or reference.
        amount: What it was.
        open: What of it is still owed, above zero.
    """

    entry_id: EntryId | None
    day: date | None
    due_on: date | None
    kind: EntryKind | None
    description: str
    reference: str | None
    amount: Money
    open: Money


@dataclass(frozen=True, slots=True)
class OpenAccount:
    """The open debts, what was due first at the front, or what was paid beyond all debts; one of the two is empty."""

    debits: tuple[OpenDebit, ...]
    advance: Money


@dataclass(frozen=True, slots=True)
class AllocationPart:
    """What a payment does to one debt: `taken` of it is paid, `left` stays open."""

    debit: OpenDebit
    taken: Money
    left: Money


@dataclass(frozen=True, slots=True)
class Allocation:
    """How a payment spreads over open debts; `advance` is what remains of it once all are paid."""

    parts: tuple[AllocationPart, ...]
    advance: Money


def due_day(day: date, due_on: date | None, terms_days: int) -> date:
    """Return when a debt is to be paid: as agreed, else its day plus the shop's terms."""
    if due_on is not None:
        return due_on
    try:
        return day + timedelta(days=terms_days)
    except OverflowError:  # the calendar's last days, which a damaged server may send
        return day


def open_account(
    lines: Sequence[AccountLine], *, brought: Money, terms_days: int, until: date | None = None
) -> OpenAccount:
    """Return what is still owed of an account.

    A reversal cancels its own line: it is no new debt and no payment; what a reversed payment had paid is open again.

    Args:
        lines: Every line that counts, in any order.
        brought: What the account held before all of them, negative when owed.
        terms_days: Days after which a debt without an agreed day is due.
        until: The last day that counts; None for all.
    """
    known = [line for line in lines if until is None or line.day <= until]
    balance = sum((signed(line.direction, line.amount) for line in known), brought)
    zero = Money(0, balance.currency)
    left, found = max(-balance, zero), list[OpenDebit]()
    cancelled = _cancelled(known)
    debits = [line for line in known if line.direction is Direction.DEBIT and line.entry_id not in cancelled]
    debits.sort(key=lambda line: (due_day(line.day, line.due_on, terms_days), line.day))
    for line in reversed(debits):
        if not left:
            break
        part = min(line.amount, left)
        due_on = due_day(line.day, line.due_on, terms_days)
        found.append(
            OpenDebit(line.entry_id, line.day, due_on, line.kind, line.description, line.reference, line.amount, part)
        )
        left -= part
    if left:
        found.append(OpenDebit(None, None, None, None, "", None, left, left))
    return OpenAccount(tuple(reversed(found)), max(balance, zero))


def allocate(debits: Iterable[OpenDebit], amount: Money) -> Allocation:
    """Spread a payment over open debts, the first in the row first; what is left of it becomes an advance."""
    parts, rest = list[AllocationPart](), amount
    for debit in debits:
        if rest.minor <= 0:
            break
        taken = min(debit.open, rest)
        parts.append(AllocationPart(debit, taken, debit.open - taken))
        rest -= taken
    return Allocation(tuple(parts), max(rest, Money(0, amount.currency)))


def _cancelled(lines: Iterable[AccountLine]) -> set[EntryId]:
    """Return the ids of lines and reversals that undo each other."""
    by_id = {line.entry_id: line for line in lines}
    gone = set[EntryId]()
    for line in by_id.values():
        target = None if line.reverses is None else by_id.get(line.reverses)
        if target is None or target.entry_id in gone:
            continue
        if target.direction is line.direction.opposite and target.amount == line.amount:
            gone |= {line.entry_id, target.entry_id}
    return gone
