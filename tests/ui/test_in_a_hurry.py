"""A cashier who does not wait for the screen: an act is always for the customer whom she chose last."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from posapp.domain.customer import Profile
from posapp.domain.errors import StoreUnavailable
from posapp.domain.ids import CustomerId, OperationId, new_uuid
from posapp.services.customers import add_customer
from posapp.ui.acts import Act
from posapp.ui.bridge.desk import Desk
from posapp.ui.dialogs.customer_dialog import CustomerDialog
from posapp.ui.dialogs.money_dialog import MoneyDialog
from posapp.ui.main_window import MainWindow
from posapp.ui.top_bar import OWING
from tests.ui.bridge.at_the_till import WAIT

Key = Qt.Key


def add(desk: Desk, name: str) -> CustomerId:
    return add_customer(desk.till, operation_id=OperationId(new_uuid()), profile=Profile(name)).recorded.customer.id


@pytest.fixture
def window(desk: Desk, qtbot: QtBot) -> MainWindow:
    made = MainWindow(desk)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitUntil(made.customers.search.field.hasFocus, timeout=WAIT)
    return made


def press(qtbot: QtBot, window: QWidget, *keys: Qt.Key) -> None:
    """Press keys where the focus is; no event runs between them but theirs."""
    for key in keys:
        qtbot.keyClick(QApplication.focusWidget() or window, key)


def open_card(qtbot: QtBot, window: MainWindow, text: str) -> None:
    window.customers.search.field.selectAll()
    qtbot.keyClicks(window.customers.search.field, text)
    press(qtbot, window, Key.Key_Return)
    qtbot.waitUntil(lambda: window.customers.card.card is not None, timeout=WAIT)


def money_dialog(qtbot: QtBot, window: MainWindow) -> MoneyDialog[object, object]:
    qtbot.waitUntil(lambda: window.acts.dialog is not None, timeout=WAIT)
    assert isinstance(window.acts.dialog, MoneyDialog)
    return window.acts.dialog


def rest(qtbot: QtBot, desk: Desk, window: MainWindow) -> None:
    """Wait until the look-up and all tasks have been answered."""
    if window.customers.search.waiting:
        with qtbot.waitSignal(desk.lookup.found, timeout=WAIT):
            pass
    assert desk.runner.wait_idle()


def test_an_act_is_for_the_customer_entered_last_not_for_the_card_of_before(
    window: MainWindow, desk: Desk, qtbot: QtBot
) -> None:
    add(desk, "Rahim Uddin")
    asha = add(desk, "Asha Devi")
    open_card(qtbot, window, "rahim")
    window.customers.search.field.selectAll()
    qtbot.keyClicks(window.customers.search.field, "asha")
    press(qtbot, window, Key.Key_Return, Key.Key_F4)
    form = money_dialog(qtbot, window)
    assert form.customer_id == asha
    assert window.customers.card.customer_id == asha
    form.reject()


def test_an_act_is_opened_for_the_first_customer_as_well(window: MainWindow, desk: Desk, qtbot: QtBot) -> None:
    asha = add(desk, "Asha Devi")
    qtbot.keyClicks(window.customers.search.field, "asha")
    press(qtbot, window, Key.Key_Return, Key.Key_F4)
    form = money_dialog(qtbot, window)
    assert form.customer_id == asha
    form.reject()


def test_an_amount_typed_before_the_dialog_opens_is_never_cut_in_two(
    window: MainWindow, desk: Desk, qtbot: QtBot
) -> None:
    add(desk, "Asha Devi")
    qtbot.keyClicks(window.customers.search.field, "asha")
    press(qtbot, window, Key.Key_Return, Key.Key_F4)
    qtbot.keyClicks(window.customers.search.field, "5")
    rest(qtbot, desk, window)
    assert window.acts.dialog is None
    assert "5" in window.customers.search.text()


def test_an_act_with_nobody_found_says_how_to_get_somebody(window: MainWindow, desk: Desk, qtbot: QtBot) -> None:
    add(desk, "Rahim Uddin")
    open_card(qtbot, window, "rahim")
    window.customers.search.field.selectAll()
    qtbot.keyClicks(window.customers.search.field, "zzzzqqq")
    press(qtbot, window, Key.Key_Return, Key.Key_F4)
    rest(qtbot, desk, window)
    assert window.acts.dialog is None
    assert "Choose a customer first" in window.toast.words()


def test_a_second_key_replaces_the_act_that_waits(window: MainWindow, desk: Desk, qtbot: QtBot) -> None:
    add(desk, "Asha Devi")
    qtbot.keyClicks(window.customers.search.field, "asha")
    press(qtbot, window, Key.Key_Return, Key.Key_F4, Key.Key_F4, Key.Key_F5)
    form = money_dialog(qtbot, window)
    assert type(form).__name__ == "ChargeDialog"
    form.reject()
    assert desk.runner.wait_idle()
    assert window.acts.dialog is None


def test_an_act_waits_on_while_the_card_is_read_anew(window: MainWindow, desk: Desk, qtbot: QtBot) -> None:
    asha = add(desk, "Asha Devi")
    window.show_customer(asha)
    window.begin(Act.PAYMENT)
    desk.changes.many_changed.emit()
    money_dialog(qtbot, window).reject()


def test_another_page_ends_the_waiting(window: MainWindow, desk: Desk, qtbot: QtBot) -> None:
    add(desk, "Asha Devi")
    qtbot.keyClicks(window.customers.search.field, "asha")
    press(qtbot, window, Key.Key_Return, Key.Key_F4)
    window.show_page(OWING)
    rest(qtbot, desk, window)
    assert window.acts.dialog is None


def test_one_enter_too_many_leaves_the_card_of_the_new_customer(window: MainWindow, desk: Desk, qtbot: QtBot) -> None:
    add(desk, "Zora Khan")
    with qtbot.waitSignal(desk.lookup.found, timeout=WAIT, check_params_cb=lambda looked: looked.text == "Zo"):
        qtbot.keyClicks(window.customers.search.field, "Zo")
    press(qtbot, window, Key.Key_F8)
    form = window.acts.dialog
    assert isinstance(form, CustomerDialog)
    with qtbot.waitSignal(window.acts.done, timeout=WAIT) as done:
        form.confirm()
    new = done.args[0].customer_id
    qtbot.keyClick(window.customers.search.field, Key.Key_Return)
    rest(qtbot, desk, window)
    qtbot.keyClick(window.customers.search.field, Key.Key_Return)
    assert window.customers.card.customer_id == new


def test_one_enter_too_many_leaves_the_card_that_another_page_opened(
    window: MainWindow, desk: Desk, qtbot: QtBot
) -> None:
    rahim = add(desk, "Rahim Uddin")
    asha = add(desk, "Asha Devi")
    open_card(qtbot, window, "rahim")
    window.owing.customer_chosen.emit(asha)
    rest(qtbot, desk, window)
    press(qtbot, window, Key.Key_Return)
    assert window.customers.card.customer_id == asha
    with qtbot.waitSignal(desk.lookup.found, timeout=WAIT, check_params_cb=lambda looked: looked.text == ""):
        window.customers.search.clear()
    window.owing.customer_chosen.emit(asha)
    press(qtbot, window, Key.Key_Return)
    assert window.customers.card.customer_id == asha
    to_rahim = Key.Key_Up if window.customers.search.model.row_of(asha) else Key.Key_Down
    press(qtbot, window, to_rahim, Key.Key_Return)
    assert window.customers.card.customer_id == rahim


def test_enter_looks_again_after_a_look_up_that_failed(window: MainWindow, desk: Desk, qtbot: QtBot) -> None:
    asha = add(desk, "Asha Devi")
    qtbot.keyClicks(window.customers.search.field, "asha")
    rest(qtbot, desk, window)
    desk.lookup.failed.emit(StoreUnavailable())
    press(qtbot, window, Key.Key_Return)
    qtbot.waitUntil(lambda: window.customers.card.customer_id == asha, timeout=WAIT)


def test_enter_held_down_takes_nobody(window: MainWindow, desk: Desk, qtbot: QtBot) -> None:
    add(desk, "Asha Devi")
    with qtbot.waitSignal(desk.lookup.found, timeout=WAIT, check_params_cb=lambda looked: looked.text == "asha"):
        qtbot.keyClicks(window.customers.search.field, "asha")
    held = QKeyEvent(QEvent.Type.KeyPress, Key.Key_Return, Qt.KeyboardModifier.NoModifier, "\r", True)
    QApplication.sendEvent(window.customers.search.field, held)
    assert window.customers.card.customer_id is None
