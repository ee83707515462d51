"""A customer's bills: what was bought for, how it was paid, what it did to the points."""

from __future__ import annotations

from PySide6.QtCore import QObject

from posapp.domain.messages import N_
from posapp.domain.money import Money
from posapp.locale.translator import Translator
from posapp.services.dto import LineState, SaleRecord
from posapp.services.purchases import Purchase
from posapp.ui.bridge.desk import Desk
from posapp.ui.models.records import Cell, Column, RecordsModel
from posapp.ui.theme.tokens import Tone
from posapp.ui.wording import STATES, moment_said


class PurchasesTableModel(RecordsModel[Purchase]):
    """Day, receipt, total, discount, paid, on account, points earned and how far the bill has come."""

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        say = desk.say
        columns = (
            Column(say(N_("When")), 128),
            Column(say(N_("Receipt"))),
            Column(say(N_("Bill")), 112, right=True),
            Column(say(N_("Discount")), 100, right=True),
            Column(say(N_("Paid")), 112, right=True),
            Column(say(N_("On account")), 112, right=True),
            Column(say(N_("Earned")), 92, right=True),
            Column(say(N_("State")), 108),
        )
        super().__init__(columns, parent)
        self._desk = desk

    def key(self, record: Purchase) -> str:
        """Return the bill's id."""
        return record.sale.id

    def cells(self, record: Purchase) -> tuple[Cell, ...]:
        """Return what a row shows."""
        say, sale = self._desk.say, record.sale
        tone = Tone.MUTED if record.state is LineState.REJECTED else Tone.NORMAL
        when = moment_said(say, sale.occurred_at, self._desk.till.clock.now(), self._desk.shop())
        receipt = sale.receipt_number or say(N_("no number"))
        undone = say(N_("reversed")) if record.reversed else ""
        look = STATES[record.state]
        return (
            Cell(when, tone=Tone.MUTED),
            Cell(receipt, undone, tone=tone if sale.receipt_number else Tone.MUTED, struck=record.reversed),
            Cell(sale.total.text(), tone=tone, struck=record.reversed, strong=True),
            *(_part(amount, tone) for amount in (sale.discount, sale.paid, sale.on_account)),
            _earned(say, sale, tone),
            Cell(say(look.word), icon=look.icon, tone=look.tone, tip=say(look.words)),
        )


def _part(amount: Money, tone: Tone) -> Cell:
    return Cell(amount.text(), tone=tone) if amount else Cell("–", tone=Tone.MUTED)


def _earned(say: Translator, sale: SaleRecord, tone: Tone) -> Cell:
    used = say(N_("{points} points used on this bill"), points=f"{sale.points_redeemed:,}")
    earned = f"{sale.points_earned:,}" if sale.points_earned else "–"
    return Cell(earned, tone=tone if sale.points_earned else Tone.MUTED, tip=used if sale.points_redeemed else "")
