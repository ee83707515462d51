"""Deleting by keys: Enter alone never does it, and what stands against it is said."""

from __future__ import annotations

from PySide6.QtCore import Qt

from posapp.app import TillApplication
from posapp.domain.ids import CustomerId
from posapp.domain.operation import OperationKind
from posapp.services.dto import CustomerStatus
from posapp.ui.dialogs.delete_dialog import DeleteDialog
from tests.support.stub import StubServer
from tests.ui.dialogs.at_the_desk import ENTER, Teller


def opened(teller: Teller, customer_id: CustomerId) -> DeleteDialog:
    dialog = DeleteDialog(teller.desk, teller.card(customer_id), teller.window)
    teller.open(dialog)
    return dialog


def test_two_deliberate_acts_delete(teller: Teller) -> None:
    asha = teller.customer("Asha")
    dialog = opened(teller, asha)
    teller.until(dialog.understood.isVisible)
    teller.press(dialog, Qt.Key.Key_Tab)
    assert dialog.focusWidget() is dialog.understood
    teller.press(dialog, ENTER)
    assert dialog.isVisible()
    assert not dialog.action_button.isEnabled()
    teller.press(dialog, Qt.Key.Key_Space)
    teller.press(dialog, ENTER)
    teller.until(lambda: teller.told)
    assert teller.told[0].text == "Asha was deleted"
    assert teller.card(asha).customer.status is CustomerStatus.ANONYMIZED


def test_enter_as_it_opens_cancels(teller: Teller) -> None:
    asha = teller.customer("Asha")
    dialog = opened(teller, asha)
    teller.until(dialog.understood.isVisible)
    assert dialog.focusWidget() is dialog.cancel_button
    teller.press(dialog, ENTER)
    teller.until(lambda: not dialog.isVisible())
    assert teller.card(asha).customer.status is CustomerStatus.LIVE


def test_who_owes_cannot_be_deleted(teller: Teller) -> None:
    asha = teller.customer("Asha")
    teller.entry(asha, OperationKind.CHARGE, 300)
    dialog = opened(teller, asha)
    teller.until(dialog.banner.words)
    assert "The khata of Asha is not settled." in dialog.banner.words()
    assert not dialog.understood.isVisible()
    assert not dialog.action_button.isEnabled()
    assert dialog.after.rows()[0].after == teller.money(300).text()


def test_what_it_means_is_the_servers(teller: Teller, app: TillApplication) -> None:
    with StubServer(customers=3) as stub:
        teller.connect(app, stub)
        asha = teller.customer("Asha")
        assert app.sync(full=False, connection=None, progress=None).waiting == 0
        dialog = opened(teller, asha)
        teller.until(dialog.understood.isVisible)
        assert "erased for ever" in dialog.meaning()
