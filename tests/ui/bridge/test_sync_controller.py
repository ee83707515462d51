"""Sync as a window sees it, over a real book and a real stub."""

from __future__ import annotations

import threading
from collections.abc import Callable
from itertools import pairwise

from pytestqt.qtbot import QtBot

from posapp.app import TillApplication
from posapp.services.dto import CycleReport
from posapp.services.ports.loop import SyncPhase, SyncProgress
from posapp.services.status import status
from posapp.ui.bridge.desk import Desk
from tests.support.stub import StubServer
from tests.ui.bridge.at_the_till import WAIT, a_customer, connect, pay

Serve = Callable[[int], StubServer]
LIST = "/pos/api/v1/customers"
SHARE = 1800
"""How many of 2,000 customers belong to store 22; the others are another store's."""
UNAUTHORIZED = [{"match": {}, "effect": {"status": 401}}]


def cycle(desk: Desk, qtbot: QtBot, begin: Callable[[], None]) -> CycleReport:
    """Do something that starts a cycle and return how the cycle ended."""
    with qtbot.waitSignal(desk.sync.cycle_ended, timeout=WAIT) as ended:
        begin()
    report = ended.args[0]
    assert isinstance(report, CycleReport)
    return report


def test_without_a_server_there_is_nothing_to_run(desk: Desk) -> None:
    a_customer(desk.till)
    desk.sync.start()
    desk.sync.sync_now()
    desk.sync.wake()
    desk.sync.cancel()
    assert desk.runner.wait_idle()
    state = desk.sync.state
    assert (state.server, state.running, state.problem) == (None, False, None)
    assert state.counts is not None
    assert state.counts.kept == 1
    assert desk.sync.stop()


def test_a_first_sync_shows_how_far_it_is(desk: Desk, app: TillApplication, serve: Serve, qtbot: QtBot) -> None:
    connect(app, serve(2000))
    seen: list[SyncProgress] = []
    running: list[bool] = []
    changed: list[object] = []
    desk.sync.progressed.connect(seen.append)
    desk.sync.state_changed.connect(lambda state: running.append(state.running))
    desk.sync.customers_changed.connect(changed.append)
    report = cycle(desk, qtbot, desk.sync.start)
    assert (report.pulled, report.problem, report.changed) == (SHARE, None, None)
    reading = [one for one in seen if one.phase is SyncPhase.READING]
    assert {one.total for one in reading[1:]} == {SHARE}
    assert [one.done for one in reading] == sorted({one.done for one in reading})
    assert 0 < reading[-1].done <= SHARE
    assert all(later.seconds - one.seconds >= 0.09 for one, later in pairwise(reading[1:]))
    assert changed == [None]
    assert True in running
    state = desk.sync.state
    assert (state.server, state.running, state.problem) == ("Head office", False, None)
    assert state.last_success_at is not None
    assert state.counts is not None
    assert state.counts.customers == SHARE


def test_a_cancelled_first_sync_goes_on_where_it_stood(
    desk: Desk, app: TillApplication, serve: Serve, qtbot: QtBot
) -> None:
    stub = serve(2000)
    connect(app, stub)

    def cancel_once(progress: SyncProgress) -> None:
        if progress.phase is SyncPhase.READING and progress.done:
            desk.sync.progressed.disconnect(cancel_once)
            desk.sync.cancel()

    stub.faults([{"match": {"path": LIST}, "effect": {"delay_ms": 200}}])
    desk.sync.progressed.connect(cancel_once)
    cut = cycle(desk, qtbot, desk.sync.start)
    assert (cut.problem, cut.complete) == ("cancelled", False)
    assert 0 < cut.pulled < SHARE
    assert desk.sync.state.problem is None
    assert desk.sync.state.counts is not None
    assert desk.sync.state.counts.customers == cut.pulled
    stub.clear_faults()
    rest = cycle(desk, qtbot, desk.sync.sync_now)
    assert rest.problem is None
    assert cut.pulled + rest.pulled == SHARE
    assert status(desk.till).counts.customers == SHARE


def test_it_names_whom_an_act_changed(desk: Desk, app: TillApplication, serve: Serve, qtbot: QtBot) -> None:
    connect(app, serve(20))
    cycle(desk, qtbot, desk.sync.start)
    asha = a_customer(desk.till)
    sent = cycle(desk, qtbot, desk.sync.wake)
    assert sent.pushed == 1
    assert sent.changed is not None
    assert asha in sent.changed
    pay(desk.till, asha)
    paid = cycle(desk, qtbot, desk.sync.wake)
    assert paid.changed == {asha}


def test_a_refused_credential_pauses_until_somebody_signs_in(
    desk: Desk, app: TillApplication, serve: Serve, qtbot: QtBot
) -> None:
    stub = serve(20)
    connect(app, stub)
    cycle(desk, qtbot, desk.sync.start)
    stub.faults(UNAUTHORIZED)
    report = cycle(desk, qtbot, desk.sync.sync_now)
    state = desk.sync.state
    assert report.problem == "sign_in_required"
    assert state.sign_in_needed
    assert state.problem is not None
    assert state.problem.id == "sign_in_required"
    assert desk.say.say(state.problem.detail) == "The server Head office does not accept this till's credential."
    stub.clear_faults()
    connect(app, stub)
    cycle(desk, qtbot, desk.connected)
    assert not desk.sync.state.sign_in_needed
    assert desk.sync.state.problem is None


def test_a_server_that_is_away_is_a_problem_until_it_is_back(
    desk: Desk, app: TillApplication, serve: Serve, qtbot: QtBot
) -> None:
    stub = serve(20)
    connect(app, stub)
    cycle(desk, qtbot, desk.sync.start)
    before = desk.sync.state.last_success_at
    stub.stop()
    cycle(desk, qtbot, desk.sync.sync_now)
    state = desk.sync.state
    assert state.problem is not None
    assert state.problem.id == "server_unreachable"
    assert state.last_success_at == before
    stub.start()
    cycle(desk, qtbot, desk.sync.sync_now)
    assert desk.sync.state.problem is None


def test_a_full_sync_reads_everybody_again(desk: Desk, app: TillApplication, serve: Serve, qtbot: QtBot) -> None:
    connect(app, serve(300))
    cycle(desk, qtbot, desk.sync.start)
    assert "scans" not in cycle(desk, qtbot, desk.sync.sync_now).details
    assert cycle(desk, qtbot, lambda: desk.sync.sync_now(full=True)).details["scans"] == 1


def test_a_new_connection_begins_once_the_old_loop_ended(
    desk: Desk, app: TillApplication, serve: Serve, qtbot: QtBot
) -> None:
    stub = serve(2000)
    connect(app, stub)
    stub.faults([{"match": {"path": LIST}, "effect": {"delay_ms": 200}}])
    with qtbot.waitSignal(desk.sync.progressed, timeout=WAIT):
        desk.sync.start()
    stub.clear_faults()
    report = cycle(desk, qtbot, desk.sync.restart)
    assert report.problem is None
    assert status(desk.till).counts.customers == SHARE
    assert [thread.name for thread in threading.enumerate()].count("sync") == 1


def test_after_stopping_nothing_more_is_told(desk: Desk, app: TillApplication, serve: Serve, qtbot: QtBot) -> None:
    connect(app, serve(20))
    with qtbot.waitSignal(desk.sync.progressed, timeout=WAIT):
        desk.sync.start()
    heard: list[object] = []
    desk.sync.cycle_ended.connect(heard.append)
    assert desk.sync.stop(20)
    qtbot.wait(20)
    assert heard == []
