"""A customer's card over a real book: read off the GUI thread, driven by keys, never another customer's numbers."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from posapp.app import TillApplication
from posapp.domain.customer import Profile
from posapp.domain.ids import CustomerId, OperationId, new_uuid
from posapp.services.customers import add_customer
from posapp.services.dto import CustomerStatus, KhataLine
from posapp.services.lookup import find
from posapp.services.ports.search import FoundCustomer
from posapp.ui.acts import Act
from posapp.ui.bridge.desk import Desk
from posapp.ui.dialogs.explain_dialog import ExplainDialog
from posapp.ui.views.customer.card_view import ON_BUTTONS, CardView
from posapp.ui.views.customer.numbers import What
from tests.services.counter import Counter
from tests.support.stub import StubServer
from tests.ui.bridge.at_the_till import WAIT, connect, pay

pytestmark = [
    pytest.mark.qt_log_ignore("This plugin does not support"),  # what menus ask of the offscreen screen
    pytest.mark.usefixtures("counter"),
]
K = Qt.Key
LIVE_ONLY = [act for act in Act if act is not Act.STATEMENT]


def opened(view: CardView, desk: Desk, customer_id: CustomerId) -> None:
    view.show_customer(customer_id)
    settle(desk)


def settle(desk: Desk) -> None:
    """Let readings come back, and the readings that they begin."""
    assert desk.runner.wait_idle()
    QApplication.processEvents()
    assert desk.runner.wait_idle()


def somebody(desk: Desk, stub: StubServer) -> FoundCustomer:
    """Return a customer whom the till knows from the stub."""
    with stub.client() as office:
        listed = office.get("/api/v1/customers").raise_for_status().json()
    return find(desk.till, listed[0]["name"]).hits[0]


def khata(view: CardView) -> list[str]:
    model = view.khata.model
    return [model.cell(row, 1).plain() for row in range(model.rowCount())]


def focused(qtbot: QtBot, widget: QWidget) -> QWidget:
    widget.window().activateWindow()
    widget.setFocus()
    qtbot.waitUntil(widget.hasFocus)
    return widget


def press_in_menu(qtbot: QtBot, menu: QMenu, words: str) -> None:
    qtbot.waitUntil(menu.isVisible)
    for _ in menu.actions():
        qtbot.keyClick(menu, K.Key_Down)
        active = menu.activeAction()
        if active is not None and active.text() == words:
            qtbot.keyClick(menu, K.Key_Return)
            return
    raise AssertionError(f"{words} cannot be reached")


def test_without_a_customer_it_says_what_to_do(view: CardView) -> None:
    assert view.card is None
    assert view.nobody.isVisible()
    assert all(view.why_not(act) for act in Act)


def test_a_new_customer_has_everything_but_lines(view: CardView, desk: Desk, counter: Counter) -> None:
    profile = Profile(
        "রহিমা খাতুন", phone="01711-234567", email="rahima@example.com", tags=("regular",), notes="one\ntwo\nthree"
    )
    added = add_customer(counter.till, operation_id=OperationId(new_uuid()), profile=profile, card_code="C-9")
    opened(view, desk, added.recorded.customer.id)
    assert view.header.name.text() == "রহিমা খাতুন"
    assert view.header.phone.label.text() == "01711-234567"
    assert view.header.email.label.text() == "rahima@example.com"
    assert view.header.code.label.text() == "C-9"
    assert [label.text() for label in view.header.notes.lines] == ["one", "two"]
    assert view.particulars.notes.toPlainText() == "one\ntwo\nthree"
    assert view.khata.nothing.isVisible()
    assert view.figures.figures[What.BALANCE].value() == "৳0.00"
    assert view.header.age.words() == "only on this till so far"


def test_acts_are_asked_for_by_button_and_menu(view: CardView, desk: Desk, counter: Counter, qtbot: QtBot) -> None:
    opened(view, desk, counter.customer())
    wanted: list[Act] = []
    view.act_wanted.connect(wanted.append)
    for act in ON_BUTTONS:
        qtbot.keyClick(focused(qtbot, view.buttons[act]), K.Key_Space)
    qtbot.keyClick(focused(qtbot, view.header.edit_button), K.Key_Space)
    qtbot.keyClick(focused(qtbot, view.header.more_button), K.Key_Space)
    press_in_menu(qtbot, view.header.menu, "Give advance back")
    assert wanted == [*ON_BUTTONS, Act.EDIT, Act.PAYOUT]


def test_a_deleted_customer_can_be_read_and_printed_only(view: CardView, desk: Desk, counter: Counter) -> None:
    asha = counter.customer()
    counter.gone(asha, CustomerStatus.DELETED)
    opened(view, desk, asha)
    assert view.header.state.text() == "deleted"
    assert [act for act in Act if view.why_not(act)] == LIVE_ONLY
    assert not view.buttons[Act.SALE].isEnabled()
    assert "deleted" in view.buttons[Act.SALE].toolTip()
    assert view.buttons[Act.STATEMENT].isEnabled()


def test_the_khata_tells_every_line_newest_first_and_enter_opens_what_can_be_done(
    view: CardView, desk: Desk, counter: Counter, qtbot: QtBot
) -> None:
    asha = counter.customer()
    counter.enter(asha, "charge", 700, note="Rice")
    counter.enter(asha, "payment", 200, reference="bKash 77")
    opened(view, desk, asha)
    assert khata(view) == ["Payment · bKash 77", "Charge · Rice"]
    table = focused(qtbot, view.khata.table)
    reversals: list[KhataLine] = []
    slips: list[str] = []
    view.reverse_wanted.connect(reversals.append)
    view.slip_wanted.connect(slips.append)
    for words in ("Copy reference", "Slip", "Reverse …"):
        qtbot.keyClick(table, K.Key_Return)
        press_in_menu(qtbot, view.khata.menu, words)
    qtbot.keyClick(table, K.Key_Down)
    qtbot.keyClick(table, K.Key_Return)
    press_in_menu(qtbot, view.khata.menu, "Reverse …")
    assert QGuiApplication.clipboard().text() == "bKash 77"
    assert [line.description for line in reversals] == ["", "Rice"]
    assert slips == [reversals[0].operation_id]


def test_what_cannot_be_undone_says_why(view: CardView, desk: Desk, counter: Counter, qtbot: QtBot) -> None:
    asha = counter.customer()
    done = counter.enter(asha, "charge", 700)
    counter.reverse(done.operation.id)
    opened(view, desk, asha)
    table = focused(qtbot, view.khata.table)
    for expected in ("It is a correction itself.", "It was reversed already."):
        qtbot.keyClick(table, K.Key_Return)
        qtbot.waitUntil(view.khata.menu.isVisible)
        reverse = view.khata.menu.actions()[0]
        assert (reverse.isEnabled(), reverse.toolTip()) == (False, expected)
        qtbot.keyClick(view.khata.menu, K.Key_Escape)
        qtbot.keyClick(table, K.Key_Down)


def test_only_what_changed_is_read_anew_and_the_chosen_line_stays(
    view: CardView, desk: Desk, counter: Counter, qtbot: QtBot
) -> None:
    asha, ravi = counter.customer(), counter.customer("Ravi")
    for number in range(40):
        counter.enter(asha, "charge", 100 + number, note=f"line {number}")
    opened(view, desk, asha)
    view.khata.table.selectRow(20)
    chosen = view.khata.table.selected()
    view.khata.table.verticalScrollBar().setValue(200)
    counter.enter(ravi, "charge", 700)
    desk.changes.customer_changed.emit(ravi)
    assert not desk.runner.busy
    counter.enter(asha, "payment", 500)
    with qtbot.assertNotEmitted(view.khata.model.modelReset):
        desk.changes.customer_changed.emit(asha)
        settle(desk)
    assert khata(view)[0] == "Payment"
    assert view.khata.table.selected().line.entry_id == chosen.line.entry_id
    assert view.khata.table.verticalScrollBar().value() == 200
    assert view.figures.figures[What.BALANCE].value() == "৳42.80"
    desk.changes.many_changed.emit()
    settle(desk)
    assert view.khata.table.selected().line.entry_id == chosen.line.entry_id


def test_an_answer_for_somebody_else_is_dropped(view: CardView, desk: Desk, counter: Counter) -> None:
    asha, ravi = counter.customer("Asha"), counter.customer("Ravi")
    counter.enter(asha, "charge", 700, note="of Asha")
    counter.enter(ravi, "charge", 900, note="of Ravi")
    gate = Event()
    desk.runner.run(gate.wait, done=lambda _: None, failed=lambda _: None)
    view.show_customer(asha)
    view.show_customer(ravi)
    assert view.card is None
    gate.set()
    settle(desk)
    assert view.card is not None
    assert view.card.customer.id == view.customer_id == ravi
    assert khata(view) == ["Charge · of Ravi"]
    view.show_customer(asha)
    view.show_customer(None)
    settle(desk)
    assert (view.customer_id, view.card) == (None, None)
    assert view.nobody.isVisible()
    assert view.khata.model.rowCount() == 0


def test_a_customer_who_is_not_in_the_book_is_told(view: CardView, desk: Desk) -> None:
    opened(view, desk, CustomerId("nobody"))
    assert view.nobody.isVisible()
    assert view.card is None


def test_tabs_are_walked_by_arrows_and_read_only_what_is_seen(
    view: CardView, desk: Desk, counter: Counter, qtbot: QtBot
) -> None:
    asha = counter.customer()
    counter.sell(asha, 10_000, receipt_number="R-7", offline=True)
    opened(view, desk, asha)
    assert view.purchases.model.rowCount() == 0
    tab = QApplication.focusWidget() or view
    for page, first in ((view.purchases, "R-7"), (view.points, "Sale")):
        tab = view.tabs.findChildren(QWidget)[view.tabs.current]
        qtbot.keyClick(focused(qtbot, tab), K.Key_Right)
        settle(desk)
        assert page.isVisible()
        assert page.model.cell(0, 1).text == first


def test_read_all_notes_goes_to_the_notes(view: CardView, desk: Desk, counter: Counter, qtbot: QtBot) -> None:
    profile = Profile("Asha", notes="one\ntwo\nthree")
    added = add_customer(counter.till, operation_id=OperationId(new_uuid()), profile=profile)
    opened(view, desk, added.recorded.customer.id)
    qtbot.keyClick(focused(qtbot, view.header.notes.all_button), K.Key_Space)
    assert view.particulars.isVisible()
    assert view.particulars.notes.hasFocus()


def test_every_figure_opens_its_explanation_by_enter(
    view: CardView, desk: Desk, counter: Counter, qtbot: QtBot
) -> None:
    opened(view, desk, counter.customer())
    for what in What:
        qtbot.keyClick(focused(qtbot, view.figures.figures[what]), K.Key_Return)
        dialogs = [dialog for dialog in view.findChildren(ExplainDialog) if dialog.isVisible()]
        assert len(dialogs) == 1
        settle(desk)
        assert dialogs[0].explained is not None
        qtbot.keyClick(dialogs[0], K.Key_Escape)
        qtbot.waitUntil(lambda: not view.findChildren(ExplainDialog))


def test_an_opened_card_is_read_anew_from_the_server_and_ages_where_it_is_away(
    app: TillApplication,
    desk: Desk,
    qtbot: QtBot,
    serve: Callable[[int], StubServer],
    caplog: pytest.LogCaptureFixture,
) -> None:
    stub = serve(3)
    connect(app, stub)
    app.sync(full=True, connection=None, progress=None)
    desk.shop_was_changed()
    settle(desk)
    whom = somebody(desk, stub)
    view = CardView(desk)
    qtbot.addWidget(view)
    view.show()
    view.show_customer(whom.customer.id)
    qtbot.waitUntil(lambda: view.card is not None)
    before = view.card
    assert before is not None
    with stub.client() as office:
        changed = office.put(f"/api/v1/customers/{whom.remote_id}", json={"name": "Renamed In The Office"})
        changed.raise_for_status()
    qtbot.waitUntil(lambda: view.header.name.text() == "Renamed In The Office", timeout=WAIT)
    settle(desk)
    assert view.header.age.words().startswith("as of ")
    assert view.header.age.words().endswith("s ago")
    stub.stop()
    view.show_customer(None)
    view.show_customer(whom.customer.id)
    qtbot.waitUntil(lambda: "not refreshed: server_unreachable" in caplog.text, timeout=WAIT)
    settle(desk)
    assert view.header.age.words().startswith("as of ")
    view.hide()


def test_a_payment_goes_from_saved_to_accepted_before_her_eyes(
    app: TillApplication, desk: Desk, qtbot: QtBot, serve: Callable[[int], StubServer]
) -> None:
    stub = serve(3)
    connect(app, stub)
    app.sync(full=True, connection=None, progress=None)
    desk.shop_was_changed()
    settle(desk)
    whom = somebody(desk, stub).customer.id
    view = CardView(desk)
    qtbot.addWidget(view)
    view.show()
    view.show_customer(whom)
    settle(desk)
    pay(desk.till, whom)
    desk.changes.customer_changed.emit(whom)
    settle(desk)
    assert [view.khata.model.cell(0, column).text for column in (1, 5)] == ["Payment", "saved"]
    app.sync(full=False, connection=None, progress=None)
    desk.changes.many_changed.emit()
    settle(desk)
    assert [view.khata.model.cell(0, column).text for column in (1, 5)] == ["Payment", "accepted"]
    view.hide()
