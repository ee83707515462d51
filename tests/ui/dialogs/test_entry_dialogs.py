"""Every khata act by keys: what is seen before is what stands, and each refusal is where one looks."""

from __future__ import annotations

from datetime import timedelta

import pytest

from posapp.domain.ids import CustomerId
from posapp.domain.operation import OperationKind
from posapp.services.lookup import ledger
from posapp.ui.acts import Act
from posapp.ui.dialogs.entry_dialog import EntryDialog
from posapp.ui.dialogs.entry_dialogs import ChargeDialog, OpeningDialog, PayoutDialog, SettlementDialog
from posapp.ui.dialogs.offering import make_dialog
from tests.ui.dialogs.at_the_desk import ENTER, F2, F4, F6, Teller

K = OperationKind
BEFORE = 1000
"""What the customer owes before each act; in an advance before a payout."""


def somebody(teller: Teller, kind: OperationKind) -> CustomerId:
    customer_id = teller.customer()
    teller.entry(customer_id, K.PAYMENT if kind is K.PAYOUT else K.CHARGE, BEFORE)
    return customer_id


def opened(teller: Teller, act: Act, customer_id: CustomerId) -> EntryDialog:
    dialog = make_dialog(act, teller.desk, teller.card(customer_id), teller.window)
    assert isinstance(dialog, EntryDialog)
    teller.open(dialog)
    return dialog


@pytest.mark.parametrize(
    ("act", "kind", "balance", "told"),
    [
        (Act.CHARGE, K.CHARGE, -1250, "{amount} put on account"),
        (Act.OPENING, K.OPENING, -1250, "Opening balance saved: owes {amount}"),
        (Act.RETURN, K.RETURN, -750, "Return of {amount} saved"),
        (Act.PAYOUT, K.PAYOUT, 750, "{amount} of the advance given back"),
        (Act.SETTLEMENT, K.SETTLEMENT, -750, "{amount} forgiven"),
    ],
)
def test_what_is_seen_before_is_what_stands(
    teller: Teller, act: Act, kind: OperationKind, balance: int, told: str
) -> None:
    customer_id = somebody(teller, kind)
    dialog = opened(teller, act, customer_id)
    teller.type(dialog.amount, "250")
    teller.type(dialog.note, "as agreed")
    caption = "You will get" if balance < 0 else "You will give"
    teller.until(lambda: dialog.after.rows()[0].after == teller.money(abs(balance)).text())
    assert dialog.after.rows()[0].name == caption
    teller.press(dialog, ENTER)
    teller.press(dialog, ENTER)
    teller.until(lambda: teller.told)
    assert teller.told[0].text == told.format(amount=teller.money(250).text())
    assert teller.standing(customer_id).balance == teller.money(balance)
    operations = [one for one in teller.operations(customer_id, kind) if one.id == teller.told[0].operation_id]
    assert [one.intent["description"] for one in operations] == ["as agreed"]


@pytest.mark.parametrize(
    ("act", "kind", "words"),
    [(Act.PAYOUT, K.PAYOUT, "cannot be given back"), (Act.SETTLEMENT, K.SETTLEMENT, "cannot be forgiven")],
)
def test_more_than_there_is_is_said_and_one_key_gives_all(
    teller: Teller, act: Act, kind: OperationKind, words: str
) -> None:
    customer_id = somebody(teller, kind)
    dialog = opened(teller, act, customer_id)
    teller.type(dialog.amount, "1000.01")
    teller.until(lambda: words in dialog.amount_field.below())
    teller.press(dialog, F4)
    teller.until(lambda: dialog.after.rows()[0].name == "Settled" and not dialog.amount_field.below())
    teller.press(dialog, ENTER)
    teller.until(lambda: teller.told)
    assert teller.standing(customer_id).balance == teller.money(0)


def test_who_has_no_advance_gets_none_back(teller: Teller) -> None:
    dialog = opened(teller, Act.PAYOUT, somebody(teller, K.CHARGE))
    assert isinstance(dialog, PayoutDialog)
    assert not dialog.all.isVisible()


def test_who_owes_nothing_is_forgiven_nothing(teller: Teller) -> None:
    dialog = opened(teller, Act.SETTLEMENT, somebody(teller, K.PAYOUT))
    assert isinstance(dialog, SettlementDialog)
    assert not dialog.all.isVisible()


def test_an_opening_may_be_an_advance_of_an_earlier_day(teller: Teller) -> None:
    customer_id = teller.customer()
    dialog = opened(teller, Act.OPENING, customer_id)
    assert isinstance(dialog, OpeningDialog)
    teller.type(dialog.amount, "70")
    teller.press(dialog, F6)
    teller.type(dialog.day, "-40")
    teller.until(lambda: dialog.after.rows()[0].name == "You will give")
    teller.press(dialog, ENTER)
    teller.until(lambda: teller.told)
    (line,) = ledger(teller.desk.till, customer_id).lines
    assert teller.told[0].text == f"Opening balance saved: paid {teller.money(70).text()} ahead"
    assert teller.standing(customer_id).balance == teller.money(70)
    assert teller.desk.shop().day_of(line.occurred_at) == dialog.day.today - timedelta(days=40)


def test_a_khata_begins_once(teller: Teller) -> None:
    customer_id = teller.customer()
    teller.entry(customer_id, K.OPENING, 10)
    dialog = opened(teller, Act.OPENING, customer_id)
    teller.type(dialog.amount, "70")
    teller.until(lambda: "has begun already" in dialog.banner.words())


def test_a_charge_has_a_day_by_which_it_is_to_be_paid(teller: Teller) -> None:
    customer_id = teller.customer()
    dialog = opened(teller, Act.CHARGE, customer_id)
    assert isinstance(dialog, ChargeDialog)
    teller.type(dialog.amount, "70")
    teller.type(dialog.due, "-1")
    teller.until(lambda: "cannot be due" in dialog.due_field.below())
    teller.type(dialog.due, "+7")
    teller.until(lambda: dialog.due_field.below().startswith("by "))
    teller.press(dialog, ENTER)
    teller.until(lambda: teller.told)
    (line,) = ledger(teller.desk.till, customer_id).lines
    assert line.due_on == dialog.due.today + timedelta(days=7)


def test_a_charge_beyond_the_limit_becomes_what_fits_by_one_key(teller: Teller) -> None:
    teller.set_shop(credit_limit="1200")
    customer_id = somebody(teller, K.CHARGE)
    dialog = opened(teller, Act.CHARGE, customer_id)
    teller.type(dialog.amount, "500")
    teller.until(dialog.banner.words)
    teller.press(dialog, F2)
    teller.until(lambda: not dialog.banner.words())
    teller.press(dialog, ENTER)
    teller.until(lambda: teller.told)
    assert teller.standing(customer_id).balance == teller.money(-1200)


def test_a_charge_without_any_room_is_the_managers(teller: Teller) -> None:
    teller.set_shop(credit_limit="0")
    teller.desk.app.set_pin(None, "739164")
    customer_id = teller.customer()
    dialog = opened(teller, Act.CHARGE, customer_id)
    teller.type(dialog.amount, "500")
    teller.until(dialog.banner.words)
    teller.press(dialog, F2)
    assert dialog.amount.text() == "500"
    asks = teller.manager_asked(dialog)
    teller.type(asks.pin, "739164")
    teller.press(asks, ENTER)
    teller.until(lambda: teller.told)
    assert teller.operations(customer_id, K.CHARGE)[0].approved_by == "manager"
