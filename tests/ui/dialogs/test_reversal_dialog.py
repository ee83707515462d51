"""Undoing an act by keys, with a reason; what was recorded stays."""

from __future__ import annotations

from posapp.domain.ids import CustomerId
from posapp.domain.operation import OperationKind
from posapp.services.dto import KhataLine, SaleRecord
from posapp.services.lookup import ledger
from posapp.ui.dialogs.reversal_dialog import ReversalDialog
from posapp.ui.dialogs.sale_dialog import SaleDialog
from tests.ui.dialogs.at_the_desk import ENTER, F5, Teller

K = OperationKind


def opened(teller: Teller, customer_id: CustomerId, line: KhataLine | SaleRecord) -> ReversalDialog:
    dialog = ReversalDialog(teller.desk, teller.card(customer_id), line, teller.window)
    teller.open(dialog)
    teller.until(dialog.undone.rows)
    return dialog


def charged(teller: Teller) -> tuple[CustomerId, KhataLine]:
    customer_id = teller.customer()
    teller.entry(customer_id, K.CHARGE, 300, note="Rice")
    return customer_id, ledger(teller.desk.till, customer_id).lines[0]


def test_a_reason_by_one_key_undoes_it(teller: Teller) -> None:
    customer_id, line = charged(teller)
    dialog = opened(teller, customer_id, line)
    assert dialog.undone.rows()[0].after == teller.money(300).text()
    assert dialog.after.rows()[0].name == "Settled"
    teller.press(dialog, F5)
    for _ in range(2):
        teller.press(dialog, ENTER)
    teller.until(lambda: teller.told)
    assert teller.told[0].text == "Undone: charge"
    (reversal,) = teller.operations(customer_id, K.REVERSAL)
    assert reversal.intent["reason"] == "Typed wrong"
    assert teller.standing(customer_id).balance == teller.money(0)
    assert len(teller.operations(customer_id, K.CHARGE)) == 1


def test_without_a_reason_nothing_is_undone(teller: Teller) -> None:
    customer_id, line = charged(teller)
    dialog = opened(teller, customer_id, line)
    teller.press(dialog, ENTER)
    teller.until(lambda: dialog.reason_field.below() == "A reversal needs a reason.")
    assert dialog.words.hasFocus()
    teller.type(dialog.words, "both were hers")
    teller.press(dialog, ENTER)
    teller.until(lambda: teller.told)
    assert teller.operations(customer_id, K.REVERSAL)[0].intent["reason"] == "both were hers"


def test_what_was_undone_is_not_undone_again(teller: Teller) -> None:
    customer_id, line = charged(teller)
    dialog = opened(teller, customer_id, line)
    teller.press(dialog, F5)
    teller.press(dialog, ENTER)
    teller.until(lambda: teller.told)
    again = opened(teller, customer_id, line)
    teller.until(lambda: "Reversed already" in again.banner.words())
    teller.press(again, F5)
    teller.press(again, ENTER)
    teller.until(lambda: not again.busy)
    assert again.isVisible()
    assert len(teller.operations(customer_id, K.REVERSAL)) == 1


def test_undoing_a_bill_gives_back_points_and_debt_as_shown(teller: Teller) -> None:
    customer_id = teller.customer()
    sale = SaleDialog(teller.desk, teller.card(customer_id), teller.window)
    teller.open(sale)
    teller.type(sale.bill, "500")
    teller.type(sale.on_account, "200")
    teller.press(sale, ENTER)
    teller.until(lambda: teller.told)
    dialog = opened(teller, customer_id, teller.card(customer_id).sales[0])
    shown = {row.name: row.after for row in dialog.after.rows()}
    undone = {row.name: row.after for row in dialog.undone.rows()}
    assert undone["Points taken back"] == "500"
    assert undone["On account"] == teller.money(200).text()
    teller.press(dialog, F5)
    teller.press(dialog, ENTER)
    teller.until(lambda: len(teller.told) > 1)
    now = teller.standing(customer_id)
    assert shown == {"Settled": teller.money(0).text(), "Points": "0"}
    assert (now.balance, now.points) == (teller.money(0), 0)
