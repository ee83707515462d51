"""The loop around the cycles: when the next one comes, and that nothing ends it but a stop."""

import random
from dataclasses import replace
from threading import Event, Thread

import pytest

from posapp.domain.errors import StoreUnavailable
from posapp.services.dto import CycleReport
from posapp.sync.backoff import Backoff
from posapp.sync.scheduler import Scheduler


def report(problem=None, **details):
    return CycleReport(0, 0, 0, 0, 0, 0.0, problem is None, problem, details)


class Cycles:
    def __init__(self, *outcomes):
        self.outcomes = list(outcomes)
        self.fulls = []
        self.ran = Event()

    def run_cycle(self, *, full=False, cancel=None, progress=None):
        self.fulls.append(full)
        self.ran.set()
        outcome = self.outcomes.pop(0) if self.outcomes else report()
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


def running(scheduler, **options):
    thread = Thread(target=lambda: scheduler.run(**options))
    thread.start()
    return thread


def test_recorded_work_wakes_it_and_a_stop_ends_it():
    cycles, seen = Cycles(), []
    scheduler = Scheduler(cycles, seen.append, interval=60)
    thread = running(scheduler, full=True)
    assert cycles.ran.wait(5)
    cycles.ran.clear()
    scheduler.wake()
    assert cycles.ran.wait(5)
    scheduler.stop()
    thread.join(5)
    assert not thread.is_alive()
    assert cycles.fulls[:2] == [True, False]
    assert len(seen) == len(cycles.fulls)


@pytest.mark.logs("posapp.sync.scheduler", "a sync cycle failed")
def test_neither_a_bug_nor_a_lost_book_ends_it(caplog):
    cycles, seen = Cycles(RuntimeError("a bug"), StoreUnavailable()), []

    def tell(cycle):
        seen.append(cycle.problem)
        if len(seen) == 3:
            scheduler.stop()
        scheduler.wake()

    scheduler = Scheduler(cycles, tell, interval=0, backoff=Backoff(base=0.0))
    scheduler.run()
    assert seen == ["error", "store_unavailable", None]
    assert "RuntimeError" in caplog.text


def test_a_cancelled_cycle_is_left_in_peace_until_somebody_wakes_the_loop():
    class Cancellable(Cycles):
        def run_cycle(self, *, full=False, cancel=None, progress=None):
            super().run_cycle(full=full)
            if full:
                while not cancel.is_set():
                    self.ran.wait(0.01)
                return report("cancelled")
            return report()

    cycles, seen, told = Cancellable(), [], Event()

    def tell(cycle):
        seen.append(cycle.problem)
        told.set()

    scheduler = Scheduler(cycles, tell)
    thread = running(scheduler)
    assert told.wait(5)
    for _ in range(2):
        cycles.ran.clear()
        told.clear()
        scheduler.wake(full=True)
        assert cycles.ran.wait(5)
        scheduler.cancel()
        assert told.wait(5)
    cycles.ran.clear()
    assert not cycles.ran.wait(0.1)
    scheduler.wake()
    assert cycles.ran.wait(5)
    scheduler.stop()
    thread.join(5)
    assert not thread.is_alive()
    assert seen[:3] == [None, "cancelled", "cancelled"]
    assert cycles.fulls[:4] == [False, True, True, True]


@pytest.mark.logs("posapp.sync.scheduler", "nobody could be told")
def test_a_callback_that_fails_is_no_reason_to_stop(caplog):
    cycles = Cycles()
    told = []

    def tell(cycle):
        told.append(cycle)
        scheduler.wake()
        if len(told) == 2:
            scheduler.stop()
        raise ValueError("view is gone")

    scheduler = Scheduler(cycles, tell, interval=0)
    scheduler.run()
    assert len(told) == 2
    assert "nobody could be told" in caplog.text


@pytest.mark.parametrize(
    ("cycle", "failures", "least", "most"),
    [
        (report(), 0, 30, 30),
        (replace(report(), waiting=1), 0, 5, 5),
        (report("server_unreachable"), 1, 1, 3),
        (report("server_unreachable"), 50, 1, 301),
        (report("server_unreachable", retry_after=400), 1, 400, 400),
        (report("sign_in_required"), 9, 30, 30),
        (report("cancelled"), 0, 300, 300),
    ],
)
def test_how_long_it_rests(cycle, failures, least, most):
    scheduler = Scheduler(Cycles(), print, backoff=Backoff(random=random.Random(5)))
    delays = [scheduler.delay_after(cycle, failures) for _ in range(50)]
    assert least <= min(delays)
    assert max(delays) <= most


def test_a_pause_that_the_server_asked_for_is_not_cut_short_by_work():
    cycles = Cycles(report("server_unreachable", retry_after=60))
    scheduler = Scheduler(cycles, lambda _: None)
    thread = running(scheduler)
    assert cycles.ran.wait(5)
    cycles.ran.clear()
    scheduler.wake()
    assert not cycles.ran.wait(0.2)
    scheduler.stop()
    thread.join(5)
    assert not thread.is_alive()
