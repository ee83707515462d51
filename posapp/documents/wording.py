"""The words on paper that are handed to a customer: her side of every figure."""

from __future__ import annotations

from posapp.domain.ledger import Direction, EntryKind
from posapp.domain.messages import N_
from posapp.domain.money import Money
from posapp.domain.statement import Agreement, Statement, StatementLine
from posapp.domain.words import KIND_WORDS
from posapp.locale.translator import Translator

_AGREEMENT = {
    Agreement.PROVEN: N_("This agrees with the shop's server: proven {at}"),
    Agreement.OPEN: N_("Not yet compared with the shop's server"),
    Agreement.DIFFERS: N_("The shop is looking into a difference from its server"),
}


def direction_words(balance: Money, say: Translator) -> str:
    """Return which way a balance goes; a minus is never shown."""
    if not balance:
        return say(N_("Settled"))
    return say(N_("You owe us")) if balance.minor < 0 else say(N_("We owe you"))


def small_direction_words(balance: Money, say: Translator) -> str:
    """Return which way a running balance goes, in the fewest words."""
    if not balance:
        return say(N_("settled"))
    return say(N_("you owe")) if balance.minor < 0 else say(N_("advance"))


def side_words(direction: Direction, say: Translator) -> str:
    """Return the name of the column in which a line stands."""
    return say(N_("debit")) if direction is Direction.DEBIT else say(N_("credit"))


def line_words(line: StatementLine, say: Translator) -> tuple[str, str]:
    """Return what a line is and what is said of it; a server that tells no kind tells it in the description."""
    if line.kind is None and line.description:
        return line.description, ""
    words = say(KIND_WORDS[line.kind.value]) if line.kind else say(N_("entry"))
    return words[:1].upper() + words[1:], line.description


def line_notes(line: StatementLine, say: Translator) -> str:
    """Return what is special about a line; empty for nothing."""
    notes = [
        say(text)
        for holds, text in (
            (line.reverses and line.kind is not EntryKind.REVERSAL, N_("takes back an earlier line")),
            (line.backdated, N_("entered later for this day")),
            (line.late, N_("arrived late †")),
        )
        if holds
    ]
    return " · ".join(notes)


def late_in_opening(line: StatementLine, say: Translator) -> str:
    """Return that the opening balance holds a line which no earlier statement had."""
    return say(
        N_("arrived late † and is in it: {day} {kind}, {side} {amount}"),
        day=line.day,
        kind=say(KIND_WORDS[line.kind.value]) if line.kind else say(N_("entry")),
        side=side_words(line.direction, say),
        amount=line.amount,
    )


def late_footnote(say: Translator) -> str:
    """Return what the mark of a late line means."""
    return say(N_("† arrived after an earlier statement for that day was made"))


def period_words(statement: Statement, say: Translator) -> str:
    """Return the period of a statement."""
    return say(N_("{first} to {last}"), first=statement.first, last=statement.last)


def title_words(statement: Statement, say: Translator) -> str:
    """Return the title of a document with one statement."""
    return say(
        N_("Statement of {name}, {first} to {last}"),
        name=statement.customer_name,
        first=statement.first,
        last=statement.last,
    )


def agreement_words(statement: Statement, say: Translator) -> str:
    """Return whether a statement is what the shop's server has; empty where no server keeps the khata."""
    if statement.agreement is None:
        return ""
    return say(_AGREEMENT[statement.agreement], at=statement.proven_at)
