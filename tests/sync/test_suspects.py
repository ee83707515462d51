"""Many missing customers: doubted, asked for by leave, and never taken off for a list's sake."""

import json
from datetime import timedelta

import pytest

from posapp.services.ports.mirror import SUSPECTS_ALLOWED
from tests.sync.desk import plain


def doubted():
    desk = plain(page_size=10)
    ids = [desk.server.add(f"C{number:02}") for number in range(60)]
    desk.cycle()
    for one in ids[:15]:
        desk.server.remove(one)
    desk.server.hidden.update(ids[:30])
    assert desk.cycle(full=True).details["suspects"] == 30
    assert sum(desk.knows(one) for one in ids) == 60
    return desk, ids


def allow(desk, most, *, hours=24.0):
    leave = {"most": most, "until": (desk.clock.now() + timedelta(hours=hours)).isoformat()}
    text = json.dumps(leave)
    desk.book.write(lambda session: session.mirror.set_checkpoint(desk.connection.id, SUSPECTS_ALLOWED, text))


def test_with_leave_each_is_asked_for():
    desk, ids = doubted()
    allow(desk, 30)
    assert desk.cycle().details["removed"] == 15
    assert [desk.knows(one) for one in ids] == [False] * 15 + [True] * 45


@pytest.mark.parametrize(("most", "hours"), [(29, 24.0), (30, -1.0), (30, 24 * 30.0)])
def test_a_leave_for_fewer_or_for_another_day_is_none(most, hours):
    desk, ids = doubted()
    allow(desk, most, hours=hours)
    assert "removed" not in desk.cycle().details
    assert all(desk.knows(one) for one in ids)


@pytest.mark.parametrize(("announced", "asks"), [(None, []), (60, []), (40, []), (39, ["suspects"]), (0, ["suspects"])])
def test_a_total_that_fell_is_asked_about(announced, asks):
    desk = plain(page_size=10)
    for number in range(60):
        desk.server.add(f"C{number:02}")
    desk.cycle()
    desk.server.announces = announced
    desk.cycle(full=True)
    assert desk.inbox() == asks
