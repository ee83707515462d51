"""The inbox over a real book and a real stub that refuses, by keys."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from posapp.app import TillApplication
from posapp.domain.ids import OperationId, new_uuid
from posapp.domain.money import Money
from posapp.domain.operation import OperationKind, OperationState
from posapp.locale.translator import Translator
from posapp.services.inbox import FoundItem
from posapp.services.khata import EntryForm, record_entry
from posapp.services.resolving.decision import Choice, Decision
from posapp.services.resolving.resolve import resolve
from posapp.sync.work import ask
from posapp.ui.bridge.desk import Desk
from posapp.ui.dialogs.resolve_dialog import ResolveDialog
from posapp.ui.main_window import MainWindow
from posapp.ui.theme.tokens import Tone
from posapp.ui.views.inbox.evidence import known
from posapp.ui.views.inbox.inbox_page import OPEN, SETTLED, InboxPage
from posapp.ui.views.inbox.wording import KINDS, look_of, meant
from posapp.ui.widgets.buttons import KeyButton
from tests.services.counter import move
from tests.support.book import SettableClock
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
    assert dict(known(Translator("en"), found, desk.shop())) == {
        "Acts that wait": "2",
        "Khata on this till alone": "You will get ₹2,500.00",
        "Fields": "Phone",
        "Answer": "422",
        "never heard of": "x",
    }


@pytest.mark.parametrize(
    ("kind", "evidence", "said"),
    [
        (
            "server_restored",
            {
                "connection": "c",
                "agreed_until": "2026-05-01T10:00:00+00:00",
                "count": 2,
                "acts": [
                    {"operation": "o-1", "kind": "payment", "amount": 50_000, "points": None},
                    {"operation": "o-2", "kind": "redeem", "amount": None, "points": 30},
                ],
            },
            {"Acts that it lost": "2", "Which": "payment: ₹500.00\npoints redeemed: 30 points"},
        ),
        ("customer_gone", {"status": "merged", "waiting": 1}, {"On the server": "made one with another customer"}),
        ("duplicate", {"who": "c-1", "other": "c-2", "both_on_server": True}, {}),
        ("card", {"holder": "c-2"}, {}),
        (
            "extension_broken",
            {
                "extensions": ["tombstones"],
                "seen": "deletion_untold",
                "connection": "c",
                "capabilities": ["tombstones"],
            },
            {"Announced": "tombstones", "What was seen": "it did not tell that a customer was deleted"},
        ),
        ("restored", {"taken": 14, "asked": 3, "damage": None}, {"Acts brought back": "14"}),
        ("chain_altered", {"count": 3, "first": 1207}, {"Faults": "3", "From act on": "1,207"}),
        (
            "chain_keychain",
            {"till": "t", "seq": 12, "hash": "ab", "newest": 10, "file": None},
            {"Act that was there": "12", "Last act of the book": "10"},
        ),
    ],
)
def test_what_is_known_is_said_in_words(
    page: InboxPage, desk: Desk, kind: str, evidence: dict[str, object], said: dict[str, str]
) -> None:
    asha = a_customer(desk.till)
    desk.till.book.write(lambda session: ask(session, desk.till.clock, kind, customer_id=asha, evidence=evidence))
    opened(page, desk)
    found = page.table.selected()
    assert isinstance(found, FoundItem)
    told = dict(known(Translator("en"), found, desk.shop()))
    assert told.items() >= said.items()
    assert not told.keys() & evidence.keys(), "no inner name is shown"
    assert all(value in page.detail.words() for value in told.values())


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


def waiting_item(desk: Desk) -> None:
    """A charge that the server refused."""
    asha = a_customer(desk.till)
    form = EntryForm(OperationId(new_uuid()), asha, OperationKind.CHARGE, Money(45_000, "INR"), confirmed=True)
    act = record_entry(desk.till, form).operation
    move(desk.till.book, act.id, OperationState.PENDING, OperationState.IN_FLIGHT, OperationState.REJECTED)  # type: ignore[arg-type]
    desk.till.book.write(lambda session: ask(session, desk.till.clock, "rejected", operation=act))


def test_each_choice_has_a_button_and_a_key(page: InboxPage, desk: Desk, qtbot: QtBot) -> None:
    waiting_item(desk)
    opened(page, desk)
    found = page.table.selected()
    assert isinstance(found, FoundItem)
    labels = [button.words() for button in page.detail.findChildren(KeyButton) if button is not page.detail.open_button]
    assert labels == [offer.label for offer in found.offers]
    with qtbot.waitSignal(page.offer_chosen) as chosen:
        qtbot.keyClick(page.table, Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    assert chosen.args == [found, found.offers[1]]


def test_what_was_settled_leaves_the_list_and_is_to_be_seen(page: InboxPage, desk: Desk) -> None:
    waiting_item(desk)
    opened(page, desk)
    found = page.table.selected()
    resolve(desk.till, found.item.id, Decision(Choice.DROP, "she brought it back", "", "manager"))
    desk.acted(found.item.customer_id)
    page.tabs.choose(SETTLED)
    assert desk.runner.wait_idle()
    assert page.settled.rowCount() == 1
    assert [page.settled.cell(0, column).text for column in range(3)] == [
        "Charge: ₹450.00",
        "Asha Devi",
        "dropped",
    ]
    words = page.detail.words()
    assert "she brought it back" in words
    assert "manager" in words
    assert "mina" in words
    assert [button.words() for button in page.detail.findChildren(KeyButton) if button.isVisible()] == [
        "Open the customer"
    ]
    page.tabs.choose(OPEN)
    assert desk.runner.wait_idle()
    assert page.model.rowCount() == 0


@pytest.mark.parametrize(
    ("minutes", "icon", "tone"), [(3, "", Tone.MUTED), (20, "clock", Tone.MUTED), (300, "clock-alert", Tone.WARN)]
)
def test_what_waits_long_is_marked(page: InboxPage, desk: Desk, minutes: int, icon: str, tone: Tone) -> None:
    then = SettableClock(desk.till.clock.now() - timedelta(minutes=minutes))
    desk.till.book.write(lambda session: ask(session, then, "suspects"))
    opened(page, desk)
    cell = page.model.cell(0, 2)
    assert (cell.icon, cell.tone) == (icon, tone)
    assert bool(cell.tip) == bool(icon), "never by colour alone"


def test_the_window_settles_an_item_and_says_so(app: TillApplication, desk: Desk, qtbot: QtBot) -> None:
    waiting_item(desk)
    window = MainWindow(desk)
    qtbot.addWidget(window)
    window.show()
    window.show_page(2)
    assert desk.runner.wait_idle()
    found = window.inbox.table.selected()
    offer = next(one for one in found.offers if one.choice is Choice.KEEP)
    window.inbox.offer_chosen.emit(found, offer)
    dialog = window.acts.dialog
    assert isinstance(dialog, ResolveDialog)
    dialog.reason.setText("agreed")
    with qtbot.waitSignal(dialog.saved):
        dialog.go_on()
    qtbot.waitUntil(lambda: window.inbox.model.rowCount() == 0, timeout=WAIT)
    assert window.toast.words() == "Settled: kept on this till"
