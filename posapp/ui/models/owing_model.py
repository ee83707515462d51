"""Who owes, a customer a row with the age of her debts, and the sums of all."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QObject

from posapp.domain.messages import N_
from posapp.domain.money import Money, currency_of
from posapp.domain.words import AGEING_WORDS
from posapp.locale.translator import Translator
from posapp.services.owing import Owings
from posapp.services.ports.receivables import Owing
from posapp.ui.bridge.desk import Desk
from posapp.ui.models.records import Cell, Column, RecordsModel
from posapp.ui.theme.tokens import Tone
from posapp.ui.wording import short_day_said

_BUCKET_TONES = (Tone.NORMAL, Tone.NORMAL, Tone.NORMAL, Tone.WARN, Tone.BAD)


def _columns(say: Translator) -> tuple[Column, ...]:
    return (
        Column(say(N_("Customer"))),
        Column(say(N_("Phone")), 136),
        Column(say(N_("You will get")), 152, right=True),
        *(Column(say(words), 112, right=True) for words in AGEING_WORDS),
        Column(say(N_("Oldest due")), 104, right=True),
        Column(say(N_("Last paid")), 104, right=True),
    )


class OwingTableModel(RecordsModel[Owing]):
    """Those who owe."""

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(_columns(desk.say), parent)
        self._desk = desk

    def key(self, record: Owing) -> str:
        """Return the customer."""
        return record.customer_id

    def cells(self, record: Owing) -> tuple[Cell, ...]:
        """Return what a row shows; an amount without its whole khata is said to be the least."""
        say = self._desk.say
        owed = record.owed.text()
        least = "" if record.known else say(N_("at least"))
        tip = "" if record.known else say(N_("Her khata was not fetched yet: this is what this till alone recorded."))
        paid = record.last_payment_at
        return (
            Cell(record.name, strong=True, tip=record.name),
            Cell(record.phone or "", tone=Tone.MUTED, tip=record.phone or ""),
            Cell(owed, least, strong=True, tip=tip or owed),
            *_buckets(record.ageing.buckets),
            self._day(record.ageing.oldest_due, N_("not known")),
            self._day(self._desk.shop().day_of(paid) if paid else None, N_("never")),
        )

    def _day(self, day: date | None, otherwise: str) -> Cell:
        if day is None:
            return Cell(self._desk.say(otherwise), tone=Tone.MUTED)
        today = self._desk.shop().day_of(self._desk.till.clock.now())
        return Cell(short_day_said(day, today), tone=Tone.MUTED)


class OwingTotalsModel(RecordsModel[Owings]):
    """The sums under the table, in the same columns."""

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(_columns(desk.say), parent)
        self._say = desk.say

    def key(self, _record: Owings) -> str:
        """Return the same for all: there is one row."""
        return ""

    def cells(self, record: Owings) -> tuple[Cell, ...]:
        """Return the sums."""
        total = record.ageing
        owed = total.owed.text()
        together = Cell(self._say(N_("Together")), strong=True)
        return (together, Cell(), Cell(owed, strong=True, tip=owed), *_buckets(total.buckets), Cell(), Cell())


def _buckets(buckets: tuple[Money, ...]) -> tuple[Cell, ...]:
    """Return amounts without the currency's sign, which the column of the whole debt carries; nothing for zero."""
    found = []
    for money, tone in zip(buckets, _BUCKET_TONES, strict=True):
        text = money.text().removeprefix(currency_of(money.currency).sign) if money else ""
        found.append(Cell(text, tone=tone, tip=money.text() if money else ""))
    return tuple(found)
