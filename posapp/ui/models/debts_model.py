"""The debts that are still open, what was due first at the top."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import QObject

from posapp.domain.allocation import OpenDebit
from posapp.domain.messages import N_
from posapp.domain.words import KIND_WORDS
from posapp.ui.bridge.desk import Desk
from posapp.ui.models.records import Cell, Column, RecordsModel
from posapp.ui.theme.tokens import Tone
from posapp.ui.wording import day_said


@dataclass(frozen=True, slots=True)
class DebtRow:
    """An open debt, and how many days past due it is; none or below where it is not due."""

    debit: OpenDebit
    past_due: int


def debt_rows(debits: tuple[OpenDebit, ...], as_of: date) -> tuple[DebtRow, ...]:
    """Return open debts with their age on a day of the shop; one without a day is not overdue."""
    return tuple(DebtRow(debit, 0 if debit.due_on is None else (as_of - debit.due_on).days) for debit in debits)


class DebtsTableModel(RecordsModel[DebtRow]):
    """What was taken, when, when it was due, and what of it is still owed."""

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        say = desk.say
        columns = (
            Column(say(N_("Taken on")), 112),
            Column(say(N_("What"))),
            Column(say(N_("Was")), 124, right=True),
            Column(say(N_("Due on")), 112),
            Column(say(N_("Not overdue")), 132, right=True),
            Column(say(N_("Overdue")), 184, right=True),
        )
        super().__init__(columns, parent)
        self._desk = desk

    def key(self, record: DebtRow) -> str:
        """Return the id of the line that made the debt."""
        return record.debit.entry_id or ""

    def cells(self, record: DebtRow) -> tuple[Cell, ...]:
        """Return what a row shows."""
        say, debit = self._desk.say, record.debit
        words = say(KIND_WORDS[debit.kind.value]) if debit.kind else debit.description
        if debit.entry_id is None:
            words = say(N_("brought forward"))
        aside = debit.description if debit.kind else debit.reference or ""
        overdue = record.past_due > 0
        late = say.plural(N_("{count} day"), N_("{count} days"), record.past_due) if overdue else ""
        open_ = Cell(debit.open.text(), late, strong=True, tone=Tone.BAD if overdue else Tone.NORMAL)
        return (
            Cell(_day(debit.day), tone=Tone.MUTED),
            Cell(words[:1].upper() + words[1:], aside),
            Cell(debit.amount.text(), tone=Tone.MUTED),
            Cell(_day(debit.due_on), tone=Tone.MUTED),
            *((Cell(), open_) if overdue else (open_, Cell())),
        )


def _day(day: date | None) -> str:
    return "–" if day is None else day_said(day)
