"""Whoever is blacklisted is served once the manager typed the PIN, in every dialog that gives something."""

from __future__ import annotations

from typing import Any

import pytest

from posapp.domain.ids import CustomerId
from posapp.domain.operation import OperationKind
from posapp.services.ports.remote import Capabilities, Traits
from posapp.ui.dialogs.entry_dialogs import ChargeDialog
from posapp.ui.dialogs.money_dialog import MoneyDialog
from posapp.ui.dialogs.payment_dialog import PaymentDialog
from posapp.ui.dialogs.redeem_dialog import RedeemDialog
from posapp.ui.dialogs.sale_dialog import SaleDialog
from tests.services.counter import Counter
from tests.ui.dialogs.at_the_desk import ENTER, Teller

PIN = "739164"
TITLE = "This customer is blacklisted"


@pytest.fixture
def asha(counter: Counter, teller: Teller) -> CustomerId:
    """A blacklisted customer with points that this till keeps, at a till whose manager has a PIN."""
    counter.connect(Capabilities())
    who = counter.on_server(traits=Traits(blacklisted=True, blacklist_reason="Abuse"))
    counter.sell(who, 200_00, approved_by="manager")
    teller.desk.app.set_pin(None, PIN)
    return who


def allowed(teller: Teller, dialog: MoneyDialog[Any, Any]) -> None:
    """Wait for the refusal, let the manager allow it, and wait until the act stands."""
    teller.until(lambda: TITLE in dialog.banner.words())
    asks = teller.manager_asked(dialog)
    teller.type(asks.pin, PIN)
    teller.press(asks, ENTER)
    teller.until(lambda: teller.told)


def test_a_bill_that_is_paid(asha: CustomerId, teller: Teller) -> None:
    dialog = SaleDialog(teller.desk, teller.card(asha), teller.window)
    teller.open(dialog)
    teller.type(dialog.bill, "100")
    allowed(teller, dialog)
    assert [act.approved_by for act in teller.operations(asha, OperationKind.SALE)] == ["manager", "manager"]


def test_an_amount_on_account(asha: CustomerId, teller: Teller) -> None:
    dialog = ChargeDialog(teller.desk, teller.card(asha), teller.window)
    teller.open(dialog)
    teller.type(dialog.amount, "100")
    allowed(teller, dialog)
    assert [act.approved_by for act in teller.operations(asha, OperationKind.CHARGE)] == ["manager"]


def test_points_are_refused_before_any_are_typed_and_all_of_them_can_be_allowed(
    asha: CustomerId, teller: Teller
) -> None:
    dialog = RedeemDialog(teller.desk, teller.card(asha), teller.window)
    teller.open(dialog)
    teller.until(lambda: TITLE in dialog.banner.words())
    assert dialog.available == 200
    teller.type(dialog.points, "10")
    teller.until(lambda: dialog.after.rows()[0].after != "–")
    allowed(teller, dialog)
    assert [act.approved_by for act in teller.operations(asha, OperationKind.REDEEM)] == ["manager"]


def test_a_payment_is_taken_without_a_word(asha: CustomerId, teller: Teller) -> None:
    dialog = PaymentDialog(teller.desk, teller.card(asha), teller.window)
    teller.open(dialog)
    teller.type(dialog.amount, "100")
    teller.press(dialog, ENTER)
    teller.until(lambda: teller.told)
    assert [act.approved_by for act in teller.operations(asha, OperationKind.PAYMENT)] == [None]
