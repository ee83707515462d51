"""The worker that talks to the server hangs or dies: it is noticed and replaced, and nothing is doubled."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from posapp.domain.operation import OperationState
from posapp.services.dto import CycleReport
from posapp.services.ports.loop import SILENT_LOOKS, SyncProgress, Watchdog
from posapp.sync.scheduler import Scheduler
from posapp.ui.bridge.sync_controller import SyncController
from posapp.ui.bridge.task_runner import TaskRunner
from tests.faults.shop import Shop, extended_shop
from tests.sync.desk import extended

__all__ = ["extended_shop"]

S = OperationState
WAIT = 20_000


@dataclass
class Hanging:
    """Cycles of which the first never ends, or ends in a way that nobody meant."""

    dies: bool
    released: threading.Event = field(default_factory=threading.Event)

    def run_cycle(self, *, full: bool = False, cancel: Any = None, progress: Any = None) -> CycleReport:
        if self.dies:
            raise SystemExit
        self.released.wait(60)
        raise SystemExit


class FirstHangs:
    """An application whose first loop hangs or dies; those after it are the shop's."""

    def __init__(self, shop: Shop, *, dies: bool) -> None:
        self.shop = shop
        self.hanging = Hanging(dies)
        self.renewed = 0

    def renew_sync(self) -> None:
        self.renewed += 1

    def scheduler(self, report: Callable[[CycleReport], None], progress: Callable[[SyncProgress], None]) -> Scheduler:
        return Scheduler(self.shop.new_engine(self.shop.in_flight) if self.renewed else self.hanging, report, progress)


@pytest.fixture
def runner(qtbot: QtBot) -> Iterator[TaskRunner]:
    made = TaskRunner()
    yield made
    made.close()


@pytest.mark.logs("posapp.ui.bridge.sync_controller", "sync hung or died")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
@pytest.mark.parametrize("dies", [False, True])
def test_row_48_a_worker_that_hangs_or_dies_is_replaced(
    extended_shop: Shop, runner: TaskRunner, qtbot: QtBot, *, dies: bool
) -> None:
    shop = extended_shop
    payment = shop.payment(shop.regular(100))
    app = FirstHangs(shop, dies=dies)
    sync = SyncController(app, shop.till, runner, look_seconds=0.02)  # type: ignore[arg-type]
    problems: list[str] = []
    sync.state_changed.connect(lambda state: problems.append(state.problem.id) if state.problem else None)
    try:
        with qtbot.waitSignal(sync.cycle_ended, timeout=WAIT):
            sync.start()
        assert problems[0] == "sync_hung"
        assert sync.state.problem is None
        assert shop.state(payment) is S.CONFIRMED
        assert shop.effects_of(payment) == ["ledger_entry"]
        assert app.renewed == 1
    finally:
        app.hanging.released.set()
        assert sync.stop(20)


def test_row_48_a_loop_at_rest_is_not_taken_for_one_that_hangs() -> None:
    watchdog = Watchdog()
    assert not any(watchdog.hangs(beats) for beats in range(SILENT_LOOKS * 3))
    looks = [watchdog.hangs(7) for _ in range(SILENT_LOOKS + 1)]
    assert looks == [False] * SILENT_LOOKS + [True]


def test_row_48_what_the_hung_one_is_sending_is_left_to_it() -> None:
    """The engine that replaces it sends everything else, and neither doubles the other's."""
    desk = extended()
    one, two = desk.server.add("Asha"), desk.server.add("Usha")
    desk.cycle()
    hung, beside = desk.pay(desk.ours(one), 40), desk.pay(desk.ours(two), 50)
    reached, go_on = threading.Event(), threading.Event()

    def hangs(request: Any) -> None:
        if b'"minor": 40' in request.body and not reached.is_set():
            reached.set()
            assert go_on.wait(20)

    desk.server.before_send = hangs
    worker = threading.Thread(target=desk.engine.run_cycle)
    worker.start()
    assert reached.wait(20)
    desk.new_engine(desk.in_flight).run_cycle()
    assert desk.state(beside) is S.CONFIRMED
    assert desk.state(hung) is S.IN_FLIGHT
    go_on.set()
    worker.join(20)
    desk.cycles(2)
    assert desk.state(hung) is S.CONFIRMED
    assert sorted(desk.server.effects) == sorted([("PostEntry", hung), ("PostEntry", beside)])
