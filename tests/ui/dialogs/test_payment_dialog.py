"""A payment by keys: what it will do is seen before, and it is recorded once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextLayout, QTextLine
from PySide6.QtTest import QTest

from posapp.domain.customer import Profile
from posapp.domain.ids import CustomerId, OperationId, new_uuid
from posapp.domain.operation import OperationKind
from posapp.services.customers import add_customer
from posapp.services.dto import LineState
from posapp.services.lookup import ledger
from posapp.ui.dialogs.payment_dialog import PaymentDialog
from posapp.ui.widgets.labels import Label
from tests.ui.dialogs.at_the_desk import ENTER, F2, F4, Teller

K = OperationKind


def owing(teller: Teller) -> CustomerId:
    rahima = teller.customer()
    teller.entry(rahima, K.CHARGE, 300, note="Rice")
    teller.entry(rahima, K.CHARGE, 200, note="Oil")
    return rahima


def opened(teller: Teller, customer_id: CustomerId) -> PaymentDialog:
    dialog = PaymentDialog(teller.desk, teller.card(customer_id), teller.window)
    teller.open(dialog)
    return dialog


def allocated(dialog: PaymentDialog) -> list[str]:
    return [label.text() for label in dialog.allocation.findChildren(Label) if not label.isHidden()]


@pytest.mark.parametrize("name", ["Rahima Khatun", "\u0623\u062d\u0645\u062f \u0645\u062d\u0645\u062f", "\u202eRahima"])
def test_the_phone_reads_from_the_left_beside_a_name_of_any_script(teller: Teller, name: str) -> None:
    added = add_customer(
        teller.desk.till, operation_id=OperationId(new_uuid()), profile=Profile(name, phone="98765 43210")
    )
    dialog = opened(teller, added.recorded.customer.id)
    texts = [label.text() for label in dialog.findChildren(Label)]
    about = next(text for text in texts if "98765 43210" in text)
    layout = QTextLayout(about)
    layout.beginLayout()
    line = layout.createLine()
    layout.endLayout()
    start = about.index("98765 43210")
    places = [edge_of(line, start + step) for step in range(11)]
    assert places == sorted(places)
    assert edge_of(line, about.index(name[1])) < places[0]


def edge_of(line: QTextLine, place: int) -> float:
    edge: object = line.cursorToX(place)
    assert isinstance(edge, tuple)
    return float(edge[0])


def test_typed_and_entered_it_stands_with_all_that_was_said(teller: Teller) -> None:
    rahima = owing(teller)
    dialog = opened(teller, rahima)
    assert dialog.focusWidget() is dialog.amount
    teller.type(dialog.amount, "350")
    teller.press(dialog, Qt.Key.Key_F7)
    teller.type(dialog.reference, "UTR 7")
    teller.type(dialog.note, "in the evening")
    teller.until(lambda: dialog.after.rows()[0].after == teller.money(150).text())
    assert dialog.after.rows()[0].name == "You will get"
    dialog.tender.setFocus()
    teller.press(dialog, ENTER)
    teller.until(lambda: teller.told)
    assert teller.told[0].text == f"Payment of {teller.money(350).text()} saved"
    assert not dialog.isVisible()
    (payment,) = teller.operations(rahima, K.PAYMENT)
    assert teller.told[0].operation_id == payment.id == dialog.operation_id
    assert payment.intent["tender"] == "bank"
    assert payment.intent["reference"] == "UTR 7"
    assert payment.intent["description"] == "in the evening"
    assert teller.standing(rahima).balance == teller.money(-150)


def test_pressed_many_times_it_is_one_payment(teller: Teller) -> None:
    rahima = owing(teller)
    dialog = opened(teller, rahima)
    teller.type(dialog.amount, "100")
    for _ in range(3):
        teller.press(dialog, ENTER)
        QTest.mouseDClick(dialog.action_button, Qt.MouseButton.LeftButton)
    teller.until(lambda: teller.told)
    assert teller.desk.runner.wait_idle()
    assert len(teller.operations(rahima, K.PAYMENT)) == len(teller.told) == 1


def test_one_key_fills_the_whole_debt(teller: Teller) -> None:
    rahima = owing(teller)
    dialog = opened(teller, rahima)
    teller.press(dialog, F4)
    teller.until(lambda: dialog.after.rows()[0].name == "Settled")
    teller.press(dialog, ENTER)
    teller.until(lambda: teller.told)
    assert teller.standing(rahima).balance == teller.money(0)


def test_who_owes_nothing_is_offered_no_debt(teller: Teller) -> None:
    dialog = opened(teller, teller.customer())
    assert not dialog.all.isVisible()


def test_the_oldest_debt_is_paid_first_and_the_rest_stays_open(teller: Teller) -> None:
    dialog = opened(teller, owing(teller))
    teller.type(dialog.amount, "400")
    teller.until(lambda: any("Oil" in text for text in allocated(dialog)))
    shown = allocated(dialog)
    assert next(text for text in shown if "Rice" in text or "Oil" in text).endswith("Rice")
    assert f"{teller.money(100).text()} stays open" in shown
    assert teller.money(300).text() in shown


def test_what_is_paid_beyond_all_debts_is_an_advance(teller: Teller) -> None:
    rahima = owing(teller)
    dialog = opened(teller, rahima)
    teller.type(dialog.amount, "700")
    teller.until(lambda: f"becomes an advance of {teller.money(200).text()}" in allocated(dialog))
    assert dialog.after.rows()[0].name == "You will give"
    teller.type(dialog.amount, "500")
    teller.until(lambda: dialog.after.rows()[0].name == "Settled")
    assert not any("advance" in text for text in allocated(dialog))


@pytest.mark.parametrize("text", ["12x", "1.234", "-5", "0", ""])
def test_what_is_no_payment_is_said_below_the_amount_and_nothing_is_lost(teller: Teller, text: str) -> None:
    rahima = owing(teller)
    dialog = opened(teller, rahima)
    teller.type(dialog.note, "kept")
    teller.type(dialog.amount, text)
    teller.press(dialog, ENTER)
    teller.until(lambda: dialog.amount_field.below() and not teller.desk.runner.busy)
    assert dialog.isVisible()
    assert dialog.amount.property("wrong") is True
    assert (dialog.amount.text(), dialog.note.text()) == (text, "kept")
    assert teller.operations(rahima, K.PAYMENT) == []


def test_an_unusually_large_amount_is_asked_about_once(teller: Teller) -> None:
    rahima = owing(teller)
    dialog = opened(teller, rahima)
    teller.type(dialog.amount, "50000")
    teller.press(dialog, ENTER)
    teller.until(dialog.banner.words)
    assert teller.money(50000).text() in dialog.banner.words()
    teller.press(dialog, ENTER)
    teller.until(lambda: not dialog.busy)
    assert teller.operations(rahima, K.PAYMENT) == []
    teller.press(dialog, F2)
    teller.until(lambda: teller.told)
    assert teller.standing(rahima).balance == teller.money(49500)


def test_another_amount_is_asked_about_anew(teller: Teller) -> None:
    dialog = opened(teller, owing(teller))
    teller.type(dialog.amount, "50000")
    teller.until(dialog.banner.words)
    teller.type(dialog.amount, "60")
    teller.until(lambda: not dialog.banner.words())


def test_an_earlier_day_is_named_and_counts_there(teller: Teller) -> None:
    rahima = owing(teller)
    dialog = opened(teller, rahima)
    teller.type(dialog.amount, "50")
    teller.type(dialog.day, "-3")
    teller.until(lambda: dialog.day_field.below().startswith("Counts from"))
    teller.press(dialog, ENTER)
    teller.until(lambda: teller.told)
    line = next(line for line in ledger(teller.desk.till, rahima).lines if line.kind == "payment")
    shop = teller.desk.shop()
    assert line.backdated
    assert shop.day_of(line.occurred_at) == dialog.day.today - timedelta(days=3)
    assert line.state is LineState.KEPT


def test_a_day_that_has_not_come_is_said_below_the_day(teller: Teller) -> None:
    dialog = opened(teller, owing(teller))
    teller.type(dialog.amount, "50")
    teller.type(dialog.day, "+1")
    teller.until(lambda: dialog.day_field.below() == "The date lies in the future.")
    teller.press(dialog, ENTER)
    teller.until(lambda: not dialog.busy)
    assert dialog.isVisible()


def test_escape_leaves_without_a_payment(teller: Teller) -> None:
    rahima = owing(teller)
    dialog = opened(teller, rahima)
    teller.type(dialog.amount, "50")
    teller.press(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    assert teller.operations(rahima, K.PAYMENT) == []
