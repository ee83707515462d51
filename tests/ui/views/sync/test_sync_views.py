"""The sync light, what is behind it and the strip of a first sync, over a real book and a real stub."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from posapp.app import TillApplication
from posapp.domain.ids import OperationId, new_uuid
from posapp.services.at_risk import redeem_at_risk
from posapp.services.shop import change_shop
from posapp.ui.bridge.desk import Desk
from posapp.ui.views.sync.first_sync import FirstSyncStrip
from posapp.ui.views.sync.light import SyncLight
from posapp.ui.views.sync.panel import SyncPanel
from posapp.ui.widgets.buttons import KeyButton
from tests.support.stub import StubServer
from tests.ui.bridge.at_the_till import WAIT, a_customer, connect, pay

Serve = Callable[[int], StubServer]
LIST = "/pos/api/v1/customers"


def synced(desk: Desk, qtbot: QtBot, begin: Callable[[], object]) -> None:
    with qtbot.waitSignal(desk.sync.cycle_ended, timeout=WAIT):
        begin()


def the_panel(light: SyncLight, qtbot: QtBot) -> SyncPanel:
    """Open what is behind the light, by a key."""
    light.setFocus()
    qtbot.keyClick(light, Qt.Key.Key_Space)
    panel = light.window().findChild(SyncPanel)
    assert isinstance(panel, SyncPanel)
    return panel


def test_without_a_server_it_says_so_and_offers_one(desk: Desk, qtbot: QtBot) -> None:
    light = SyncLight(desk)
    qtbot.addWidget(light)
    light.show()
    desk.sync.start()
    assert desk.runner.wait_idle()
    assert light.words() == "No server — kept on this till"
    panel = the_panel(light, qtbot)
    assert panel.value("Server") == "none: everything is kept on this till"
    with qtbot.waitSignal(light.connect_wanted):
        qtbot.keyClick(panel.focusWidget(), Qt.Key.Key_Space)


def test_it_follows_the_server_away_and_back(desk: Desk, app: TillApplication, serve: Serve, qtbot: QtBot) -> None:
    stub = serve(20)
    connect(app, stub)
    light = SyncLight(desk)
    qtbot.addWidget(light)
    light.show()
    synced(desk, qtbot, desk.sync.start)
    assert light.words().startswith("Head office · answered ")
    assert light.waiting() == ""
    stub.stop()
    pay(desk.till, a_customer(desk.till))
    synced(desk, qtbot, desk.sync.sync_now)
    assert light.words() == "The server does not answer"
    assert light.waiting() == "2 waiting"
    panel = the_panel(light, qtbot)
    assert panel.problem().startswith("The server cannot be reached\n")
    assert panel.value("Waiting").startswith("2 acts, the oldest since ")
    stub.start()
    with qtbot.waitSignal(desk.sync.cycle_ended, timeout=WAIT):
        qtbot.keyClick(panel, Qt.Key.Key_F9)
    assert panel.problem() == ""
    qtbot.waitUntil(lambda: panel.value("Waiting") == "nothing", timeout=WAIT)
    assert panel.value("Customers") == "19"
    qtbot.keyClick(panel, Qt.Key.Key_Escape)
    assert light.waiting() == ""


def test_a_first_sync_is_shown_ended_and_gone_on_with_by_keys(
    desk: Desk, app: TillApplication, serve: Serve, qtbot: QtBot
) -> None:
    stub = serve(3000)
    connect(app, stub)
    stub.faults([{"match": {"path": LIST}, "effect": {"delay_ms": 100}}])
    strip = FirstSyncStrip(desk)
    qtbot.addWidget(strip)
    desk.sync.start()
    qtbot.waitUntil(lambda: strip.words().endswith(" of 2,700 customers"), timeout=WAIT)
    with qtbot.waitSignal(desk.sync.cycle_ended, timeout=WAIT):
        qtbot.keyClick(strip, Qt.Key.Key_Tab)
        qtbot.keyClick(strip.focusWidget(), Qt.Key.Key_Space)
    assert strip.words().startswith("Stopped at ")
    assert strip.words().endswith(" of 2,700 customers; it goes on by itself later.")
    stub.clear_faults()
    with qtbot.waitSignal(desk.sync.cycle_ended, timeout=WAIT):
        qtbot.keyClick(strip.focusWidget(), Qt.Key.Key_Space)
    assert strip.words() == ""
    assert desk.sync.state.counts is not None
    assert desk.sync.state.counts.customers == 2700


def test_signed_out_there_is_one_button_to_press(desk: Desk, app: TillApplication, serve: Serve, qtbot: QtBot) -> None:
    stub = serve(3)
    connect(app, stub)
    stub.faults([{"match": {"path": "*"}, "effect": {"status": 401}}])
    synced(desk, qtbot, desk.sync.start)
    panel = SyncPanel(desk)
    qtbot.addWidget(panel)
    panel.show()
    qtbot.waitUntil(lambda: desk.sync.state.sign_in_needed, timeout=WAIT)
    pressable = [one for one in panel.findChildren(KeyButton) if one.isVisible() and one.property("kind") == "primary"]
    assert [one.words() for one in pressable] == ["Sign in again…"]


def test_what_could_be_lost_offline_is_said(desk: Desk, app: TillApplication, serve: Serve, qtbot: QtBot) -> None:
    stub = serve(20)
    connect(app, stub)
    light = SyncLight(desk)
    qtbot.addWidget(light)
    light.show()
    synced(desk, qtbot, desk.sync.start)
    panel = the_panel(light, qtbot)
    assert (light.risk(), panel.value("Could be lost offline")) == ("", "nothing")
    terms = change_shop(desk.till, {"tills": "2", "redeem-total": "100"}).terms
    desk.sync.refresh()
    qtbot.waitUntil(lambda: panel.value("Could be lost offline") != "nothing", timeout=WAIT)
    whole = terms.worth(100)
    assert panel.value("Could be lost offline") == f"{whole} at most"
    assert light.risk() == ""
    stub.stop()
    hits = desk.till.book.read(lambda session: session.risk.unspent(2, since=None, limit=100))
    customer_id, _ = max(hits, key=lambda hit: hit[1])
    redeem_at_risk(
        desk.till,
        operation_id=OperationId(new_uuid()),
        customer_id=customer_id,
        points=10,
        sale_id=None,
        bill=None,
        approved_by="manager",
    )
    desk.sync.refresh()
    qtbot.waitUntil(lambda: bool(light.risk()), timeout=WAIT)
    assert light.risk() == f"{whole} at risk"
    parts = f"{terms.worth(10)} given, {terms.worth(90)} more allowed"
    assert panel.value("Could be lost offline") == f"{whole} at most: {parts}"
