"""What every view gets: what changed, told once, after acts here and after cycles."""

from __future__ import annotations

from dataclasses import replace

from pytestqt.qtbot import QtBot

from posapp.app import TillApplication
from posapp.services.shop import change_shop
from posapp.ui.bridge.desk import Desk
from tests.support.stub import StubServer
from tests.ui.bridge.at_the_till import WAIT, a_customer, connect, pay


def test_an_act_is_told_to_every_view_and_counted(desk: Desk) -> None:
    customers: list[str] = []
    counts: list[int] = []
    desk.changes.customer_changed.connect(customers.append)
    desk.changes.counts_changed.connect(
        lambda: counts.append(desk.sync.state.counts.kept if desk.sync.state.counts else -1)
    )
    asha = a_customer(desk.till)
    desk.acted(asha)
    assert desk.runner.wait_idle()
    pay(desk.till, asha)
    desk.acted(asha)
    assert desk.runner.wait_idle()
    assert customers == [asha, asha]
    assert counts == [1, 2]


def test_an_act_goes_out_and_its_customer_is_told_again(desk: Desk, app: TillApplication, qtbot: QtBot) -> None:
    with StubServer(customers=3) as stub:
        connect(app, stub)
        with qtbot.waitSignal(desk.sync.cycle_ended, timeout=WAIT):
            desk.connected()
        asha = a_customer(desk.till)
        told: list[str] = []
        desk.changes.customer_changed.connect(told.append)
        with qtbot.waitSignal(desk.sync.cycle_ended, timeout=WAIT) as ended:
            desk.acted(asha)
        assert ended.args[0].pushed == 1
        assert told.count(asha) == 2
        assert desk.sync.stop(20)


def test_many_changes_are_one_word(desk: Desk, qtbot: QtBot) -> None:
    with qtbot.waitSignal(desk.changes.many_changed, timeout=WAIT):
        desk.sync.customers_changed.emit(None)


def test_the_shop_is_read_again_only_when_told_so(desk: Desk, qtbot: QtBot) -> None:
    before = desk.shop()
    change_shop(desk.till, {"name": "Mina Store"})
    assert desk.shop() is before
    with qtbot.waitSignal(desk.changes.shop_changed, timeout=WAIT):
        desk.shop_was_changed()
    assert desk.shop() == replace(before, name="Mina Store")
