"""What a cycle tells whoever watches it: how far it is, and whom it changed."""

from threading import Event, Thread

import pytest

from posapp.domain.ids import CustomerId
from posapp.services.ports.loop import SyncPhase, SyncProgress
from posapp.sync.watching import MANY, Changed, Meter
from tests.sync.desk import extended, plain, with_customer


def watched(desk, **options):
    """Run a cycle and return its report and what it told."""
    told: list[SyncProgress] = []
    return desk.engine.run_cycle(progress=told.append, **options), told


def test_a_scan_knows_its_total_from_its_pages():
    desk = plain(page_size=10)
    for number in range(35):
        desk.server.add(f"Customer {number}")
    _, told = watched(desk)
    assert [one.phase for one in told[:2]] == [SyncPhase.SENDING, SyncPhase.READING]
    reading = [one for one in told if one.phase is SyncPhase.READING]
    assert {one.total for one in reading} == {40}


@pytest.mark.parametrize("make", [extended, plain])
def test_a_cancelled_reading_goes_on_where_it_stood(make):
    desk = make(page_size=10)
    for number in range(60):
        desk.server.add(f"Customer {number}")
        desk.clock.pass_time(1)
    cancel = Event()
    asked = []

    def on_read(page):
        asked.append(page)
        if len(desk.customers()) >= 20:
            cancel.set()

    desk.server.before_page = on_read
    cut, _ = watched(desk, cancel=cancel)
    assert cut.problem == "cancelled"
    held = len(desk.customers())
    assert 20 <= held < 60
    desk.server.before_page = None
    desk.engine = desk.new_engine()
    rest, told = watched(desk)
    assert rest.problem is None
    assert len(desk.customers()) == 60
    assert cut.pulled + rest.pulled == 60
    if make is plain:
        reading = next(one for one in told if one.phase is SyncPhase.READING)
        assert (reading.done, reading.total) == (held, 60)


def test_nobody_is_told_more_often_than_a_person_can_see():
    told = []
    meter = Meter(told.append)
    meter.begin(SyncPhase.READING, total=100_000)
    for _ in range(100_000):
        meter.step()
    assert told[0] == SyncProgress(SyncPhase.READING, 0, 100_000, told[0].seconds)
    assert len(told) <= 2 + told[-1].seconds / 0.1


def test_rows_read_twice_never_go_beyond_the_total():
    told = []
    meter = Meter(told.append)
    meter.begin(SyncPhase.READING)
    meter.expect(10)
    meter.expect(99)
    meter.step(12)
    meter.begin(SyncPhase.CHECKING, total=3, done=1)
    assert [(one.done, one.total) for one in told if one.total is not None] in ([(1, 3)], [(10, 10), (1, 3)])


def test_changed_customers_are_named_once_and_many_are_not():
    changed = Changed()
    changed.add([CustomerId("a"), None, CustomerId("b"), CustomerId("a")])
    assert changed.taken() == {"a", "b"}
    assert changed.taken() == frozenset()
    threads = [
        Thread(target=changed.add, args=([CustomerId(f"{thread}-{number}") for number in range(MANY // 4 + 1)],))
        for thread in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    changed.add([CustomerId("one more")])
    assert changed.taken() is None
    assert changed.taken() == frozenset()


@pytest.mark.parametrize("make", [extended, plain])
def test_a_cycle_names_whom_it_changed(make):
    desk = make()
    remote_id, ours = with_customer(desk)
    other, _ = desk.add("Ravi Kumar")
    report = desk.cycle(full=True)
    assert report.changed is not None
    assert other in report.changed
    quiet = desk.cycle()
    assert make is plain or quiet.changed == frozenset()
    desk.charge(ours, 500)
    charged = desk.cycle()
    assert charged.changed is not None
    assert ours in charged.changed
    desk.server.edit(remote_id, name="Asha D.")
    desk.clock.pass_time(1)
    edited = desk.cycle(full=True)
    assert edited.changed is not None
    assert ours in edited.changed
    desk.server.remove(remote_id)
    removed = desk.cycle(full=True)
    assert removed.changed is not None
    assert ours in removed.changed
