"""Settling an item of the inbox by keys: what is said, what is asked, and what stands in the book afterwards."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from posapp.app import TillApplication
from posapp.domain.operation import OperationKind
from posapp.services.inbox import FoundItem, open_items, settled_items
from posapp.services.resolving.decision import Choice
from posapp.ui.dialogs.approval_dialog import ApprovalDialog
from posapp.ui.dialogs.resolve_dialog import ResolveDialog
from posapp.ui.widgets.labels import Label
from tests.services.counter import Counter, S
from tests.services.resolving.inbox import again_of, put_in_inbox
from tests.ui.dialogs.at_the_desk import ENTER, F2, Teller

K = OperationKind
PIN = "739164"


@pytest.fixture
def counter(teller: Teller) -> Counter:
    """The same till's book, with a server that it knows of."""
    made = Counter(teller.desk.till.book, teller.desk.till.clock)  # type: ignore[arg-type]
    made.connect()
    return made


def the_item(teller: Teller) -> FoundItem:
    [found] = open_items(teller.desk.till)
    return found


def opened(teller: Teller, choice: Choice) -> ResolveDialog:
    found = the_item(teller)
    offer = next(one for one in found.offers if one.choice is choice)
    dialog = ResolveDialog(teller.desk, found, offer, teller.window)
    with teller.qtbot.waitExposed(dialog):
        dialog.open()
    dialog.activateWindow()
    return dialog


def words(dialog: ResolveDialog) -> str:
    return "\n".join(label.text() for label in dialog.findChildren(Label))


def refused(teller: Teller, counter: Counter) -> str:
    """A payment that the server refused."""
    asha = counter.on_server(balance=None, name="Asha Devi")
    payment = teller.entry(asha, K.PAYMENT, 300, note="by her son")
    put_in_inbox(counter, "rejected", payment, state=S.REJECTED, said="<b>too</b> long", status=422)
    return payment


def test_it_says_what_was_meant_what_the_server_said_and_what_will_be_so(teller: Teller, counter: Counter) -> None:
    refused(teller, counter)
    dialog = opened(teller, Choice.SEND_AS_NEW)
    said = words(dialog)
    assert "Asha Devi" in said
    assert "“<b>too</b> long”" in said, "quoted as it came, as plain text"
    assert "422" in said
    assert dialog.offer.effect in said
    assert all(label.textFormat() is Qt.TextFormat.PlainText for label in dialog.findChildren(Label))


def test_a_reason_and_enter_send_it_as_new(teller: Teller, counter: Counter) -> None:
    payment = refused(teller, counter)
    dialog = opened(teller, Choice.SEND_AS_NEW)
    assert dialog.reason.hasFocus()
    teller.press(dialog, ENTER)
    assert dialog.reason_field.below() == "This decision needs a reason."
    teller.type(dialog.reason, "the text was too long")
    with teller.qtbot.waitSignal(teller.desk.changes.customer_changed), teller.qtbot.waitSignal(dialog.saved) as told:
        for _ in range(2):
            teller.press(dialog, ENTER)
    assert told.args == ["Settled: sent as new"]
    assert [view.state for view in again_of(counter, payment)] == [S.PENDING]
    assert settled_items(teller.desk.till, 1)[0].item.reason == "the text was too long"


def test_dropping_money_takes_the_managers_pin(teller: Teller, counter: Counter, app: TillApplication) -> None:
    app.set_pin(None, PIN)
    refused(teller, counter)
    dialog = opened(teller, Choice.DROP)
    assert "The manager allows it with the PIN." in words(dialog)
    teller.type(dialog.reason, "nobody paid")
    teller.press(dialog, ENTER)
    teller.until(lambda: dialog.findChild(ApprovalDialog))
    asks = dialog.findChild(ApprovalDialog)
    assert isinstance(asks, ApprovalDialog)
    teller.until(asks.isActiveWindow)
    teller.type(asks.pin, "000001")
    teller.press(asks, ENTER)
    teller.until(asks.banner.words)
    assert the_item(teller)
    teller.type(asks.pin, PIN)
    with teller.qtbot.waitSignal(dialog.saved):
        teller.press(asks, ENTER)
    settled = settled_items(teller.desk.till, 1)[0].item
    assert (settled.resolution, settled.approved_by) == ("drop", "manager")


def test_a_link_asks_which_one_and_takes_a_key(teller: Teller, counter: Counter) -> None:
    asha = counter.customer("Asha Devi", phone="01711-222333")
    for number in range(2):
        counter.on_server(balance=None, remote_id=f"r-{number}", name="Asha Devi")
    put_in_inbox(counter, "unknown", asha)
    dialog = opened(teller, Choice.LINK)
    teller.press(dialog, ENTER)
    assert dialog.target_field is not None
    assert dialog.target_field.below() == "Say what it is the same as."
    teller.press(dialog, F2)
    wanted = dialog.target()
    assert wanted in {"r-0", "r-1"}
    with teller.qtbot.waitSignal(dialog.saved):
        teller.press(dialog, ENTER)
    assert settled_items(teller.desk.till, 1)[0].item.target == wanted


def test_a_phone_that_somebody_has_there_is_typed_anew(teller: Teller, counter: Counter) -> None:
    asha = counter.customer("Asha Devi", phone="01711-222333")
    put_in_inbox(counter, "rejected", asha, said="Phone exists.", status=409, code="phone_taken")
    dialog = opened(teller, Choice.ANOTHER)
    assert "Another customer there has this phone." in words(dialog)
    assert dialog.value.hasFocus()
    assert dialog.value_field is not None
    for typed, wrong in (("", "Type what shall be sent instead."), ("none", "“none” is not a phone number.")):
        teller.type(dialog.value, typed)
        teller.press(dialog, ENTER)
        teller.until(lambda wrong=wrong: dialog.value_field.below() == wrong)
    teller.type(dialog.value, "01811-222333")
    with teller.qtbot.waitSignal(dialog.saved) as told:
        teller.press(dialog, ENTER)
    assert told.args == ["Settled: put right and sent"]
    [anew] = again_of(counter, asha)
    person = counter.book.read(lambda session: session.operations.person(anew.operation.id))
    assert person["profile"]["phone"] == "01811-222333"  # type: ignore[index]


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_another_customer_is_found_by_typing(teller: Teller, counter: Counter) -> None:
    payment = teller.entry(counter.on_server(balance=None, name="Asha Devi"), K.PAYMENT, 300)
    usha = counter.on_server(balance=None, remote_id="r-2", name="Usha Rani")
    put_in_inbox(counter, "customer_gone", payment, state=S.REJECTED)
    dialog = opened(teller, Choice.LINK)
    assert dialog.other is not None
    teller.type(dialog.other, "usha")

    def chosen() -> str:
        assert dialog.other is not None
        dialog.other.settle()
        return dialog.target()

    teller.until(chosen)
    assert dialog.target() == usha
    teller.type(dialog.reason, "it was her sister")
    dialog.go_on()
    teller.until(lambda: again_of(counter, payment))
    assert again_of(counter, payment)[0].operation.customer_id == usha


def test_what_may_still_arrive_is_said_in_the_dialog(teller: Teller, counter: Counter, app: TillApplication) -> None:
    payment = teller.entry(counter.on_server(balance=None), K.PAYMENT, 300)
    put_in_inbox(counter, "unknown", payment, outcome="ambiguous")
    dialog = opened(teller, Choice.SEND_AS_NEW)
    dialog.approved_by = "manager"
    teller.type(dialog.reason, "again")
    teller.press(dialog, ENTER)
    teller.until(lambda: "It may still arrive" in dialog.banner.words())
    assert dialog.isVisible()
    assert the_item(teller).item.opened_at <= teller.desk.till.clock.now() + timedelta(seconds=1)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert again_of(counter, payment) == []
