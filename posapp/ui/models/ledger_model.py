"""A khata line by line with its running balance: on the card newest first, in an explanation oldest first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QObject

from posapp.domain.ledger import Direction, signed
from posapp.domain.messages import N_
from posapp.domain.money import Money
from posapp.domain.words import KIND_WORDS
from posapp.locale.translator import Translator
from posapp.services.dto import KhataLine
from posapp.services.lookup import BalanceExplanation
from posapp.ui.bridge.desk import Desk
from posapp.ui.models.records import Cell, Column, RecordsModel
from posapp.ui.theme.tokens import Tone
from posapp.ui.wording import STATES, moment_said


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """A line and the balance after it; without a line it is what was brought forward.

    Attributes:
        line: The line; None for the figure that the history begins with.
        balance: After it; None while the server's part is unknown.
    """

    line: KhataLine | None
    balance: Money | None


def ledger_rows(explained: BalanceExplanation, *, counted_only: bool = False) -> tuple[LedgerRow, ...]:
    """Return the rows of a khata, oldest first, each with its running balance.

    What was brought forward is the first row where there is any, or where nobody knows whether there is.

    Args:
        explained: The lines.
        counted_only: Leave out lines that do not move the balance.
    """
    balance = explained.brought
    rows = [LedgerRow(None, balance)] if balance is None or balance else []
    for line in explained.lines:
        if line.counted and balance is not None:
            balance += signed(line.direction, line.amount)
        if line.counted or not counted_only:
            rows.append(LedgerRow(line, balance))
    return tuple(rows)


class LedgerTableModel(RecordsModel[LedgerRow]):
    """Day, what, debit, credit, balance and how far the line has come."""

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        say = desk.say
        columns = (
            Column(say(N_("When")), 128),
            Column(say(N_("What"))),
            Column(say(N_("Debit")), 124, right=True),
            Column(say(N_("Credit")), 124, right=True),
            Column(say(N_("Balance")), 176, right=True),
            Column(say(N_("State")), 116),
        )
        super().__init__(columns, parent)
        self._desk = desk

    def key(self, record: LedgerRow) -> str:
        """Return the line's id, which stays when the server takes the line."""
        return "" if record.line is None else record.line.entry_id

    def cells(self, record: LedgerRow) -> tuple[Cell, ...]:
        """Return what a row shows."""
        say, line = self._desk.say, record.line
        if line is None:
            return (Cell(), *_brought(say, record.balance))
        struck, tone = line.reversed_by is not None, Tone.NORMAL if line.counted else Tone.MUTED
        when = moment_said(say, line.occurred_at, self._desk.till.clock.now(), self._desk.shop())
        amount = Cell(line.amount.text(), tone=tone, struck=struck)
        sides = (amount, Cell()) if line.direction is Direction.DEBIT else (Cell(), amount)
        what = Cell(what_said(say, line), _aside(say, line), tone=tone, struck=struck, tip=_tip(say, line))
        look = STATES[line.state]
        state = Cell(say(look.word), icon=look.icon, tone=look.tone, tip=say(look.words))
        balance = balance_cell(say, record.balance) if line.counted else Cell()
        return (Cell(when, tone=Tone.MUTED), what, *sides, balance, state)


def what_said(say: Translator, line: KhataLine) -> str:
    """Return what a line is: its kind; where the server says none, its description or its side."""
    if line.kind is not None:
        words = say(KIND_WORDS[line.kind.value])
        return words[:1].upper() + words[1:]
    sides = {Direction.DEBIT: N_("Debit on the server"), Direction.CREDIT: N_("Credit on the server")}
    return line.description or say(sides[line.direction])


def balance_cell(say: Translator, balance: Money | None) -> Cell:
    """Return a balance with its direction in words; unknown never looks like zero."""
    if balance is None:
        return Cell(say(N_("unknown")), tone=Tone.MUTED)
    if not balance:
        return Cell(say(N_("settled")), tone=Tone.MUTED)
    words = say(N_("owes")) if balance.minor < 0 else say(N_("advance"))
    return Cell(abs(balance).text(), words, strong=True)


def _brought(say: Translator, balance: Money | None) -> Iterable[Cell]:
    tip = say(N_("What the server's figure holds beyond the lines that this till knows."))
    what = Cell(say(N_("Brought forward")), tone=Tone.MUTED, tip=tip)
    return what, Cell(), Cell(), balance_cell(say, balance), Cell()


def _aside(say: Translator, line: KhataLine) -> str:
    words = [line.description] if line.kind is not None else []
    words += [line.reference] if line.reference and line.reference != line.description and line.kind else []
    words += [say(N_("till {till}"), till=line.till)] if line.till else []
    words += [say(N_("back-dated"))] if line.backdated else []
    words += [say(N_("reversed"))] if line.reversed_by is not None else []
    return " · ".join(word for word in words if word)


def _tip(say: Translator, line: KhataLine) -> str:
    words = [line.description, line.reference or ""]
    if line.due_on is not None:
        words.append(say(N_("due on {day}"), day=line.due_on))
    if line.reversed_by is not None:
        words.append(say(N_("reversed: another line undoes it")))
    return "\n".join(word for word in words if word)
