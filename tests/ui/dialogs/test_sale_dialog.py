"""A sale by keys: the limit, the manager, and what is seen before is what is recorded."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from posapp.domain.ids import CustomerId
from posapp.domain.operation import OperationKind
from posapp.domain.policy import BalanceUnknown
from posapp.ui.dialogs.sale_dialog import SaleDialog
from tests.support.keys import type_text
from tests.ui.dialogs.at_the_desk import ENTER, F2, F4, Teller

K = OperationKind


def opened(teller: Teller, customer_id: CustomerId) -> SaleDialog:
    dialog = SaleDialog(teller.desk, teller.card(customer_id), teller.window)
    teller.open(dialog)
    return dialog


def after(dialog: SaleDialog) -> dict[str, str]:
    return {row.name: row.after for row in dialog.after.rows()}


def with_points(teller: Teller, bill: str = "1000") -> CustomerId:
    """Return a customer who bought something before, and so has points."""
    rahima = teller.customer()
    dialog = opened(teller, rahima)
    teller.type(dialog.bill, bill)
    teller.press(dialog, ENTER)
    teller.until(lambda: teller.told)
    teller.told.clear()
    return rahima


@pytest.mark.parametrize(
    ("bill", "points", "on_account"),
    [
        ("100", "", ""),
        ("1,250.50", "", "1,250.50"),
        ("250", "300", ""),
        ("99.99", "7", "50"),
        ("80", "800", ""),
        ("500", "999", "400.10"),
    ],
)
def test_what_is_seen_before_is_what_is_recorded(teller: Teller, bill: str, points: str, on_account: str) -> None:
    rahima = with_points(teller)
    dialog = opened(teller, rahima)
    before = teller.standing(rahima)
    teller.type(dialog.bill, bill)
    teller.type(dialog.points, points)
    teller.type(dialog.on_account, on_account)
    teller.until(lambda: after(dialog)["To take now"] != "–" and not teller.desk.runner.busy)
    teller.qtbot.wait(0)
    teller.press(dialog, ENTER)
    teller.until(lambda: teller.told)
    sale = teller.card(rahima).sales[0]
    shown, now = after(dialog), teller.standing(rahima)
    assert shown["To take now"] == sale.paid.text()
    assert shown["Discount"] == sale.discount.text()
    assert shown["On account"] == sale.on_account.text()
    assert now.points is not None
    assert before.points is not None
    assert now.balance is not None
    assert shown["Points"] == f"{now.points:,}"
    assert now.points == before.points - sale.points_redeemed + sale.points_earned
    assert abs(now.balance).text() == shown["You will get" if now.balance else "Settled"]
    assert sale.paid + sale.on_account + sale.discount == sale.total


@pytest.mark.parametrize(("bill", "on_account"), [("-50", ""), ("100", "-50")])
def test_an_amount_below_zero_is_refused_and_nothing_is_worked_out_from_it(
    teller: Teller, bill: str, on_account: str
) -> None:
    rahima = with_points(teller)
    dialog = opened(teller, rahima)
    untouched = dialog.after.rows()
    teller.type(dialog.bill, bill)
    teller.type(dialog.on_account, on_account)
    wrong = dialog.account_field if on_account else dialog.bill_field
    teller.until(lambda: wrong.editor.property("wrong"))
    assert dialog.after.rows() == untouched
    teller.press(dialog, ENTER)
    teller.until(lambda: not teller.desk.runner.busy)
    assert len(teller.operations(rahima, K.SALE)) == 1


def test_pressed_many_times_it_is_one_sale(teller: Teller) -> None:
    rahima = teller.customer()
    dialog = opened(teller, rahima)
    teller.type(dialog.bill, "100")
    teller.type(dialog.receipt, "R-7")
    for _ in range(3):
        teller.press(dialog, ENTER)
        QTest.mouseDClick(dialog.action_button, Qt.MouseButton.LeftButton)
    teller.until(lambda: teller.told)
    assert teller.desk.runner.wait_idle()
    assert teller.told[0].text == f"Sale of {teller.money(100).text()} saved"
    (sale,) = teller.operations(rahima, K.SALE)
    assert teller.card(rahima).sales[0].receipt_number == "R-7"
    assert [one.operation_id for one in teller.told] == [sale.id]


def test_one_key_uses_all_points_that_the_bill_can_take(teller: Teller) -> None:
    rahima = with_points(teller)
    dialog = opened(teller, rahima)
    teller.type(dialog.bill, "50")
    teller.until(lambda: "most: 500 points" in dialog.points_field.below())
    teller.press(dialog, F4)
    teller.until(lambda: after(dialog)["To take now"] == teller.money(0).text())
    assert dialog.points.text() == "500"


def test_more_points_than_there_are_is_said_below_them_while_one_types(teller: Teller) -> None:
    rahima = with_points(teller)
    dialog = opened(teller, rahima)
    teller.type(dialog.bill, "5000")
    teller.type(dialog.points, "1001")
    teller.until(lambda: "1000 are available" in dialog.points_field.below())
    teller.press(dialog, ENTER)
    teller.until(lambda: not dialog.busy)
    assert (dialog.bill.text(), dialog.points.text()) == ("5000", "1001")
    assert dialog.points.hasFocus()
    teller.type(dialog.points, "1000")
    teller.until(lambda: f"{teller.money(100).text()} off" in dialog.points_field.below())


def test_one_key_lowers_the_part_on_account_to_what_the_limit_allows(teller: Teller) -> None:
    teller.set_shop(credit_limit="5000")
    rahima = teller.customer()
    teller.entry(rahima, K.CHARGE, 4500)
    dialog = opened(teller, rahima)
    teller.type(dialog.bill, "1500")
    teller.type(dialog.on_account, "1100")
    teller.until(dialog.banner.words)
    title = f"{teller.money(5600).text()} of {teller.money(5000).text()}: take {teller.money(600).text()} now"
    assert dialog.banner.words().startswith(title)
    teller.press(dialog, F2)
    teller.until(lambda: not dialog.banner.words())
    assert after(dialog)["To take now"] == teller.money(1000).text()
    teller.press(dialog, ENTER)
    teller.until(lambda: teller.told)
    assert teller.standing(rahima).balance == teller.money(-5000)


def test_the_manager_allows_more_than_the_limit(teller: Teller) -> None:
    teller.set_shop(credit_limit="100")
    teller.desk.app.set_pin(None, "739164")
    rahima = teller.customer()
    dialog = opened(teller, rahima)
    teller.type(dialog.bill, "150")
    teller.type(dialog.on_account, "150")
    teller.until(dialog.banner.words)
    asks = teller.manager_asked(dialog)
    type_text(asks.pin, "739165")
    teller.press(asks, ENTER)
    teller.until(lambda: "Wrong PIN" in asks.banner.words())
    assert asks.pin.text() == ""
    type_text(asks.pin, "739164")
    teller.press(asks, ENTER)
    teller.until(lambda: teller.told)
    (sale,) = teller.operations(rahima, K.SALE)
    assert sale.approved_by == "manager"


def test_what_a_manager_allowed_does_not_cover_another_amount(teller: Teller) -> None:
    teller.set_shop(credit_limit="100")
    rahima = teller.customer()
    dialog = opened(teller, rahima)
    teller.type(dialog.bill, "150")
    dialog.approved_by = "manager"
    teller.type(dialog.on_account, "150")
    assert dialog.approved_by is None


def test_without_a_pin_the_till_says_where_to_choose_one(teller: Teller) -> None:
    teller.set_shop(credit_limit="100")
    dialog = opened(teller, teller.customer())
    teller.type(dialog.bill, "150")
    teller.type(dialog.on_account, "150")
    teller.until(dialog.banner.words)
    asks = teller.manager_asked(dialog)
    type_text(asks.pin, "1234")
    teller.press(asks, ENTER)
    teller.until(lambda: "No manager's PIN yet" in asks.banner.words())


def test_more_on_account_than_the_bill_is_said_below_it(teller: Teller) -> None:
    dialog = opened(teller, teller.customer())
    teller.type(dialog.bill, "100")
    teller.type(dialog.on_account, "100.01")
    teller.until(lambda: "cannot go on account" in dialog.account_field.below())


@pytest.mark.parametrize("text", ["", "0", "abc", "-1"])
def test_a_bill_that_is_none_is_said_below_it(teller: Teller, text: str) -> None:
    rahima = teller.customer()
    dialog = opened(teller, rahima)
    teller.type(dialog.bill, text)
    teller.press(dialog, ENTER)
    teller.until(lambda: dialog.bill.property("wrong") and not teller.desk.runner.busy)
    assert dialog.bill.hasFocus()
    assert teller.operations(rahima, K.SALE) == []


def test_the_fields_follow_each_other_by_tab(teller: Teller) -> None:
    dialog = opened(teller, teller.customer())
    order = [dialog.bill]
    for _ in range(3):
        teller.press(dialog, Qt.Key.Key_Tab)
        order.append(dialog.focusWidget())  # type: ignore[arg-type]
    assert order == [dialog.bill, dialog.points, dialog.on_account, dialog.receipt]


def test_while_her_debt_is_unknown_all_is_taken_now_by_one_key(teller: Teller) -> None:
    dialog = opened(teller, teller.customer())
    teller.type(dialog.bill, "100")
    teller.type(dialog.on_account, "40")
    teller.until(lambda: after(dialog)["On account"] == teller.money(40).text())
    dialog.on_failed(BalanceUnknown(name="Rahima Khatun"))
    assert "What Rahima Khatun owes is not known" in dialog.banner.words()
    teller.press(dialog, F2)
    teller.until(lambda: after(dialog)["To take now"] == teller.money(100).text())


def test_numbers_typed_and_entered_at_once_are_shown_with_the_refusal(teller: Teller) -> None:
    dialog = opened(teller, teller.customer())
    teller.type(dialog.bill, "100")
    teller.type(dialog.on_account, "140")
    teller.press(dialog, ENTER)
    teller.until(lambda: "cannot go on account" in dialog.account_field.below() and not dialog.busy)
    assert after(dialog)["On account"] == teller.money(140).text()
    assert dialog.on_account.hasFocus()
