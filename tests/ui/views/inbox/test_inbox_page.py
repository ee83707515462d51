"""The inbox over a real book and a real stub that refuses, by keys."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from posapp.app import TillApplication
from posapp.domain.ids import OperationId, new_uuid
from posapp.domain.money import Money
from posapp.domain.operation import OperationKind
from posapp.locale.translator import Translator
from posapp.services.inbox import FoundItem
from posapp.services.khata import EntryForm, record_entry
from posapp.sync.work import ask
from posapp.ui.bridge.desk import Desk
from posapp.ui.views.inbox.inbox_page import InboxPage
from posapp.ui.views.inbox.wording import KINDS, known, look_of, meant
from tests.support.stub import StubServer
from tests.ui.bridge.at_the_till import WAIT, a_customer, connect, pay

Serve = Callable[[int], StubServer]
REFUSED = [{"match": {"method": "POST", "path": "*/ledger*"}, "effect": {"status": 422}}]


@pytest.fixture
def page(desk: Desk, qtbot: QtBot) -> InboxPage:
    made = InboxPage(desk)
    qtbot.addWidget(made)
    made.resize(1366, 700)
    return made


def opened(page: InboxPage, desk: Desk) -> None:
    page.show()
    assert desk.runner.wait_idle()


def test_nothing_needs_anybody(page: InboxPage, desk: Desk) -> None:
    opened(page, desk)
    assert page.model.rowCount() == 0
    assert not page.detail.isVisible()


def test_a_payment_that_the_server_refused(
    page: InboxPage, desk: Desk, app: TillApplication, serve: Serve, qtbot: QtBot
) -> None:
    stub = serve(20)
    connect(app, stub)
    asha = a_customer(desk.till)
    with qtbot.waitSignal(desk.sync.cycle_ended, timeout=WAIT):
        desk.sync.start()
    stub.faults(REFUSED)
    pay(desk.till, asha, 12_500)
    opened(page, desk)
    with qtbot.waitSignal(desk.sync.cycle_ended, timeout=WAIT):
        desk.sync.sync_now()
    qtbot.waitUntil(lambda: page.model.rowCount() == 1, timeout=WAIT)
    assert page.model.cell(0, 0).text == "Payment: ₹125.00"
    words = page.detail.words()
    assert "Refused by the server" in words
    assert "It does not count on this till." in words
    assert "Asha Devi" in words
    found = page.table.selected()
    assert isinstance(found, FoundItem)
    assert found.item.server_said
    assert f"“{found.item.server_said}”" in words
    with qtbot.waitSignal(page.customer_chosen) as chosen:
        qtbot.keyClick(page.table, Qt.Key.Key_Return)
    assert chosen.args == [asha]


def test_every_kind_that_the_engine_knows_is_said(page: InboxPage, desk: Desk, qtbot: QtBot) -> None:
    asha = a_customer(desk.till)
    evidence = {"waiting": 2, "kept_balance": -250_000, "fields": ["phone"], "status": 422, "never heard of": "x"}
    for kind in (*KINDS, "of next year"):
        desk.till.book.write(
            lambda session, kind=kind: ask(session, desk.till.clock, kind, customer_id=asha, evidence=evidence)  # type: ignore[misc]
        )
    opened(page, desk)
    titles = []
    for _ in range(page.model.rowCount()):
        titles.append(page.detail.words().splitlines()[0])
        qtbot.keyClick(page.table, Qt.Key.Key_Down)
    assert titles == [*(look.title for look in KINDS.values()), look_of("of next year").title]
    found = page.table.selected()
    assert isinstance(found, FoundItem)
    assert dict(known(Translator("en"), found, "INR")) == {
        "Acts that wait": "2",
        "Khata on this till alone": "You will get ₹2,500.00",
        "Fields": "Phone",
        "Answer": "422",
        "never heard of": "x",
    }


def test_an_opening_says_which_way_it_goes(page: InboxPage, desk: Desk) -> None:
    asha = a_customer(desk.till)
    form = EntryForm(OperationId(new_uuid()), asha, OperationKind.OPENING, Money(-7_000, "INR"))
    act = record_entry(desk.till, form).operation
    desk.till.book.write(lambda session: ask(session, desk.till.clock, "rejected", operation=act))
    opened(page, desk)
    assert page.model.cell(0, 0).text == "Opening balance: ₹70.00"
    found = page.table.selected()
    assert isinstance(found, FoundItem)
    assert dict(meant(Translator("en"), found, "INR")) == {"Which way": "Paid ahead", "Amount": "₹70.00"}


def test_the_model_keeps_qts_rules(page: InboxPage, desk: Desk, qtmodeltester: ModelTester) -> None:
    desk.till.book.write(lambda session: ask(session, desk.till.clock, "suspects", evidence={"suspects": 3}))
    opened(page, desk)
    assert page.model.rowCount() == 1
    qtmodeltester.check(page.model)
