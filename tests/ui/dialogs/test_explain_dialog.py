"""Every number opens to exactly the lines that make it, and their sum is the number that the card shows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from posapp.domain.ids import CustomerId
from posapp.domain.money import parse_amount
from posapp.domain.operation import OperationState
from posapp.services.lookup import card
from posapp.ui.bridge.desk import Desk
from posapp.ui.dialogs.explain_dialog import ExplainDialog
from posapp.ui.models.debts_model import DebtsTableModel
from posapp.ui.views.customer.numbers import Teller, What
from tests.services.counter import Counter, taka

S = OperationState


def explained(desk: Desk, qtbot: QtBot, customer_id: CustomerId, what: What) -> ExplainDialog:
    dialog = ExplainDialog(desk, customer_id, what)
    qtbot.addWidget(dialog)
    with qtbot.waitExposed(dialog):
        dialog.open()
    assert desk.runner.wait_idle()
    assert dialog.explained is not None
    return dialog


def column(dialog: ExplainDialog, place: int) -> list[str]:
    model = dialog.why.model
    return [model.cell(row, place).text for row in range(model.rowCount())]


def total(texts: list[str]) -> int:
    return sum(amount.minor for text in texts if text and (amount := parse_amount(text, "BDT")))


@pytest.fixture
def asha(counter: Counter) -> CustomerId:
    """She owes more than the server knows, some of it long overdue; one act was refused."""
    counter.connect()
    counter.shop(credit_limit=taka(900_000))
    asha = counter.on_server(balance=-300_000, points=1_240)
    counter.server_says(balance=-300_000, points=1_240)
    today = counter.book.read(lambda session: session.settings.shop()).day_of(counter.clock.now())
    counter.enter(asha, "charge", 120_000, note="Shoes", on=today - timedelta(days=43))
    refused = counter.enter(asha, "charge", 65_000, note="Refused")
    counter.move(refused.operation.id, S.IN_FLIGHT, S.REJECTED)
    counter.sell(asha, 48_000, on_account=20_000, receipt_number="R-9", offline=True)
    counter.enter(asha, "payment", 50_000)
    return asha


def test_a_balance_is_the_sum_of_its_lines(asha: CustomerId, desk: Desk, qtbot: QtBot) -> None:
    dialog = explained(desk, qtbot, asha, What.BALANCE)
    assert dialog.title.text() == "Why ৳3,900.00?"
    assert column(dialog, 1) == ["Brought forward", "Charge", "Sale", "Payment"]
    brought = total(column(dialog, 4)[:1])
    owed = brought + total(column(dialog, 2)) - total(column(dialog, 3))
    assert owed == total([dialog.number.text()]) == 390_000
    assert dialog.caption.text() == "You will get"


def test_points_are_the_sum_of_their_movements_and_their_worth_is_told(
    asha: CustomerId, desk: Desk, qtbot: QtBot
) -> None:
    dialog = explained(desk, qtbot, asha, What.POINTS)
    assert (column(dialog, 1), column(dialog, 4)) == (["Brought forward", "Sale"], ["1,240", "1,720"])
    assert dialog.number.text() == "1,720"
    assert "1,720 × ৳0.10 = ৳172.00" in dialog.notes.text()


def test_credit_is_the_limit_less_what_is_owed_and_tells_whose_limit_it_is(
    asha: CustomerId, desk: Desk, counter: Counter, qtbot: QtBot
) -> None:
    dialog = explained(desk, qtbot, asha, What.CREDIT)
    assert column(dialog, 0) == ["The shop's limit", "less what is owed"]
    limit, owed = (total([text]) for text in column(dialog, 1))
    assert limit - owed == total([dialog.number.text()])
    counter.book.write(lambda session: session.customers.set_local(asha, card_code=None, credit_limit=taka(100_000)))
    own = explained(desk, qtbot, asha, What.CREDIT)
    assert column(own, 0)[0] == "Her own limit"
    assert own.number.text() == "৳0.00"
    assert own.notes.text().startswith("More is owed than the limit allows")
    counter.book.write(lambda session: session.customers.set_local(asha, card_code=None, credit_limit=None))
    counter.shop(credit_limit=None)
    assert explained(desk, qtbot, asha, What.CREDIT).number.text() == "no limit"


def test_what_is_overdue_is_the_sum_of_the_debts_past_due(
    asha: CustomerId, desk: Desk, qtbot: QtBot, qtmodeltester: ModelTester
) -> None:
    dialog = explained(desk, qtbot, asha, What.AGEING)
    model = DebtsTableModel(desk)
    assert dialog.explained is not None
    model.show_records(dialog.explained.rows)
    qtmodeltester.check(model, force_py=True)
    assert column(dialog, 1) == ["Brought forward", "Charge", "Sale"]
    assert total(column(dialog, 5)) == total([dialog.number.text()]) == 120_000
    assert total(column(dialog, 5)) + total(column(dialog, 4)) == 390_000
    assert "31–60 days ৳1,200.00" in dialog.notes.text()


@pytest.mark.parametrize("what", list(What))
def test_the_sum_is_the_number_that_the_card_shows(
    what: What, asha: CustomerId, desk: Desk, counter: Counter, qtbot: QtBot
) -> None:
    teller = Teller(desk.say, desk.shop(), counter.clock.now())
    assert explained(desk, qtbot, asha, what).number.text() == teller.figures(card(desk.till, asha))[what].value


@pytest.mark.parametrize("what", list(What))
def test_what_is_unknown_is_said_to_be_unknown(what: What, counter: Counter, desk: Desk, qtbot: QtBot) -> None:
    counter.connect()
    counter.shop(credit_limit=taka(100_000))
    dialog = explained(desk, qtbot, counter.on_server(balance=None, points=None), what)
    assert dialog.title.text() == "Why is this not known?"
    assert dialog.number.text() == "not fetched yet"


def test_it_is_copied_and_closed_by_keys(asha: CustomerId, desk: Desk, qtbot: QtBot) -> None:
    dialog = explained(desk, qtbot, asha, What.BALANCE)
    qtbot.keyClick(dialog, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    copied = QGuiApplication.clipboard().text().splitlines()
    assert copied[1] == "Why ৳3,900.00?"
    assert "You will get\t৳3,900.00" in copied
    assert len(copied) == 3 + dialog.why.model.rowCount() + 1 + len(dialog.explained.notes if dialog.explained else ())
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_somebody_who_is_not_in_the_book_is_told(desk: Desk, qtbot: QtBot) -> None:
    dialog = ExplainDialog(desk, CustomerId("nobody"), What.BALANCE)
    qtbot.addWidget(dialog)
    with qtbot.waitExposed(dialog):
        dialog.open()
    assert desk.runner.wait_idle()
    assert dialog.banner.words().startswith("Customer not found")
