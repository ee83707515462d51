"""Customers on their way to a server: one record each, whoever else has that name."""

import pytest

from posapp.domain.operation import OperationState
from tests.sync.desk import LONG, QUARANTINE, extended, plain

S = OperationState
pytestmark = pytest.mark.usefixtures("any_book")


def test_a_refused_create_holds_its_lane_and_asks():
    desk = extended()
    asha, create = desk.add("Asha")
    payment = desk.pay(asha, 5)
    desk.server.faults = ["refuse"]
    desk.cycle()
    assert (desk.state(create), desk.state(payment)) == (S.NEEDS_HUMAN, S.PENDING)
    assert desk.inbox() == ["rejected"]


def test_a_create_whose_answer_is_lost_is_answered_again_under_its_key():
    desk = extended()
    asha, create = desk.add("Asha", "01711")
    desk.server.faults = ["drop_after"]
    desk.cycle()
    assert desk.state(create) is S.UNKNOWN
    assert len(desk.customers()) == 1, "the pulled row waits for the doubtful create"
    desk.cycles(1)
    assert desk.state(create) is S.CONFIRMED
    assert len(desk.server.records) == len(desk.customers()) == 1
    assert desk.remote(asha) in desk.server.records


@pytest.mark.parametrize("fault", ["drop_before", "drop_after"])
def test_a_doubtful_create_without_keys_is_looked_for(fault):
    desk = plain()
    asha, create = desk.add("Asha", "01711", address="Lane 4")
    desk.server.faults = [fault]
    desk.cycle()
    desk.cycle()
    assert desk.state(create) is S.UNKNOWN, "it rests"
    for _ in range(4):
        desk.clock.pass_time(QUARANTINE)
        desk.cycle()
    assert desk.state(create) is S.CONFIRMED
    assert len(desk.server.records) == len(desk.customers()) == 1
    assert desk.remote(asha) in desk.server.records


def test_a_create_answered_again_brings_no_number_of_then():
    desk = extended()
    asha, create = desk.add("Asha", "01711")
    desk.server.faults = ["drop_after", "offline"]
    assert desk.engine.push_now(create, deadline_seconds=5).state is S.UNKNOWN
    (remote_id,) = desk.server.records
    desk.server.set_points(remote_id, 45)
    desk.clock.pass_time(LONG)
    assert desk.engine.push_now(create, deadline_seconds=5).state is S.CONFIRMED
    assert desk.remote(asha) == remote_id
    assert desk.numbers(remote_id) == (None, None), "unknown, not the zero of the first answer"
    desk.cycle()
    assert desk.numbers(remote_id) == (45, 0)


def test_a_doubtful_create_is_absent_only_after_two_probes():
    desk = plain()
    _, create = desk.add("Asha", "01711")
    desk.server.faults = ["drop_before"]
    desk.cycle()
    desk.clock.pass_time(QUARANTINE)
    desk.cycle()
    assert desk.state(create) is S.UNKNOWN
    assert desk.view(create).evidence["absent_probes"] == 1
    assert desk.server.effects == []
    desk.clock.pass_time(QUARANTINE)
    desk.cycle()
    assert desk.state(create) is S.CONFIRMED


def test_a_create_that_somebody_else_may_have_made_is_asked_about():
    desk = plain()
    _, create = desk.add("Asha", "01711", address="Lane 4")
    desk.server.faults = ["drop_before"]
    desk.cycle()
    desk.server.add("Asha", "01711", address="Lane 5")
    desk.clock.pass_time(QUARANTINE)
    desk.cycle()
    assert desk.state(create) is S.NEEDS_HUMAN
    assert desk.inbox() == ["unknown"]


def test_an_old_namesake_is_not_taken_for_our_create():
    desk = plain()
    desk.server.add("Asha", "01711")
    desk.clock.pass_time(LONG)
    _, create = desk.add("Asha", "01711")
    desk.server.faults = ["drop_before"]
    for _ in range(4):
        desk.cycle()
        desk.clock.pass_time(QUARANTINE)
    assert desk.state(create) is S.CONFIRMED
    assert len(desk.server.named("Asha")) == 2


@pytest.mark.parametrize("fields", [{"name": "Usha"}, {"phone": "9"}, {"name": "Usha", "phone": "9"}])
def test_whoever_a_doubtful_create_became_is_known_though_the_office_changed_her(fields):
    desk = plain()
    desk.cycle()
    _, create = desk.add("Asha", "01711")
    desk.server.faults = ["drop_after"]
    desk.cycle()
    assert desk.state(create) is S.UNKNOWN
    [remote_id] = desk.server.records
    desk.server.edit(remote_id, **fields)
    desk.cycle(full=True)
    desk.cycles(4)
    assert len(desk.server.records) == 1
    assert desk.state(create) is S.NEEDS_HUMAN
    assert desk.view(create).evidence["candidates"] == [remote_id]


def test_an_unadopted_row_becomes_a_customer_once_no_create_is_in_doubt():
    desk = plain()
    _, create = desk.add("Asha", "01711")
    desk.server.faults = ["drop_before"]
    desk.cycle()
    namesake = desk.server.add("Asha", "01711")
    desk.server.add("Usha")
    desk.cycle()
    assert len(desk.customers()) == 2
    desk.clock.pass_time(LONG)
    for _ in range(4):
        desk.clock.pass_time(QUARANTINE)
        desk.cycle()
    assert desk.knows(namesake)
    assert not desk.book.read(lambda session: session.mirror.unadopted(desk.connection.id))
    assert desk.state(create) is not S.UNKNOWN
