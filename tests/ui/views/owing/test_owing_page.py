"""Who owes, over a real book, by keys."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from posapp.domain.customer import Profile
from posapp.domain.ids import CustomerId, OperationId, new_uuid
from posapp.domain.money import Money
from posapp.domain.operation import OperationKind
from posapp.services.customers import add_customer
from posapp.services.khata import EntryForm, record_entry
from posapp.ui.bridge.desk import Desk
from posapp.ui.views.owing.owing_page import OwingPage
from tests.support.keys import type_text


def owes(desk: Desk, name: str, phone: str, rupees: int, days: int = 0) -> CustomerId:
    """Add a customer who owes since so many days."""
    profile = Profile(name, phone=phone)
    customer_id = add_customer(desk.till, operation_id=OperationId(new_uuid()), profile=profile).recorded.customer.id
    move(desk, customer_id, OperationKind.CHARGE, rupees, days)
    return customer_id


def move(desk: Desk, customer_id: CustomerId, kind: OperationKind, rupees: int, days: int = 0) -> None:
    on = desk.shop().day_of(desk.till.clock.now()) - timedelta(days=days)
    amount = Money(rupees * 100, desk.shop().currency)
    form = EntryForm(OperationId(new_uuid()), customer_id, kind, amount, on=on if days else None, confirmed=True)
    record_entry(desk.till, form)


@pytest.fixture
def page(desk: Desk, qtbot: QtBot) -> OwingPage:
    made = OwingPage(desk)
    qtbot.addWidget(made)
    made.resize(1366, 700)
    return made


def opened(page: OwingPage, desk: Desk) -> None:
    page.show()
    assert desk.runner.wait_idle()


def names(page: OwingPage) -> list[str]:
    return [page.model.cell(row, 0).text for row in range(page.model.rowCount())]


def test_nobody_owes(page: OwingPage, desk: Desk) -> None:
    opened(page, desk)
    assert page.summary().startswith("Nobody owes anything")
    assert names(page) == []


def test_by_amount_by_age_and_by_enter(page: OwingPage, desk: Desk, qtbot: QtBot) -> None:
    owes(desk, "Asha Devi", "01711 000001", 500, days=100)
    most = owes(desk, "রহিমা বেগম", "০১৭১১ ০০০০০২", 900)
    opened(page, desk)
    assert names(page) == ["রহিমা বেগম", "Asha Devi"]
    assert page.summary().startswith("2 customers owe ₹1,400.00 · as of ")
    assert [page.totals_model.cell(0, column).text for column in (2, 3, 7)] == ["₹1,400.00", "900.00", "500.00"]
    with qtbot.waitSignal(page.customer_chosen) as chosen:
        qtbot.keyClick(page.table, Qt.Key.Key_Return)
    assert chosen.args == [most]
    qtbot.keyClick(page, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
    assert names(page) == ["Asha Devi", "রহিমা বেগম"]


def test_a_filter_in_any_script_and_by_the_phone(page: OwingPage, desk: Desk, qtbot: QtBot) -> None:
    owes(desk, "Asha Devi", "01711 000001", 500)
    owes(desk, "রহিমা বেগম", "০১৭১১ ০০০০০২", 900)
    opened(page, desk)
    qtbot.keyClick(page, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    type_text(page.filter, "বেগ")
    assert names(page) == ["রহিমা বেগম"]
    page.filter.clear()
    type_text(page.filter, "01711000001")
    assert names(page) == ["Asha Devi"]
    with qtbot.waitSignal(page.customer_chosen):
        qtbot.keyClick(page.filter, Qt.Key.Key_Return)
    type_text(page.filter, "9")
    assert names(page) == []


def test_what_changes_is_read_anew_while_it_is_seen(page: OwingPage, desk: Desk, qtbot: QtBot) -> None:
    asha = owes(desk, "Asha Devi", "01711 000001", 500)
    opened(page, desk)
    move(desk, asha, OperationKind.PAYMENT, 700)
    desk.acted(asha)
    qtbot.waitUntil(lambda: names(page) == [], timeout=10_000)
    assert "others have paid ₹200.00 ahead" in page.summary()


def test_the_models_keep_qts_rules(page: OwingPage, desk: Desk, qtmodeltester: ModelTester) -> None:
    owes(desk, "Asha Devi", "01711 000001", 500)
    opened(page, desk)
    qtmodeltester.check(page.model)
    qtmodeltester.check(page.totals_model)
