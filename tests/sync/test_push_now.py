"""Sending while a person waits."""

import pytest

from posapp.domain.ledger import Direction
from posapp.domain.operation import OperationState
from tests.sync.desk import extended, plain, with_customer

S = OperationState
pytestmark = pytest.mark.usefixtures("any_book")


def test_push_now_answers_in_time():
    desk = plain()
    remote_id, asha = with_customer(desk, points=100)
    redeem = desk.redeem(asha, 30)
    view = desk.engine.push_now(redeem, deadline_seconds=5)
    assert view.state is S.CONFIRMED
    assert desk.numbers(remote_id)[0] == 70


def test_push_now_takes_what_stands_before_along():
    desk = extended()
    asha, create = desk.add("Asha")
    payment = desk.pay(asha, 5)
    assert desk.engine.push_now(payment, deadline_seconds=5).state is S.CONFIRMED
    assert desk.state(create) is S.CONFIRMED


@pytest.mark.parametrize("make", [extended, plain])
def test_push_now_offline_leaves_nothing_sent(make):
    desk = make()
    _, asha = with_customer(desk, points=100)
    redeem = desk.redeem(asha, 30)
    desk.server.offline = True
    assert desk.engine.push_now(redeem, deadline_seconds=5).state is S.PENDING


def test_an_attempt_that_never_left_does_not_count():
    """The till withdraws a redemption only where nothing left it (services, redemptions; dto, OperationView)."""
    desk = extended()
    _, asha = with_customer(desk, points=100)
    redeem = desk.redeem(asha, 30)
    desk.server.offline = True
    assert desk.engine.push_now(redeem, deadline_seconds=5).attempts == 0


def test_push_now_repeats_under_its_key_until_the_deadline():
    desk = extended()
    _, asha = with_customer(desk, points=100)
    redeem = desk.redeem(asha, 30)
    desk.server.faults = ["drop_after", "broken"]
    view = desk.engine.push_now(redeem, deadline_seconds=5)
    assert view.state in {S.ACKED, S.CONFIRMED}
    assert len(desk.server.effects) == 1


def test_push_now_does_not_repeat_what_is_not_safe():
    desk = plain()
    _, asha = with_customer(desk, points=100)
    redeem = desk.redeem(asha, 30)
    desk.server.faults = ["drop_after"]
    assert desk.engine.push_now(redeem, deadline_seconds=5).state is S.UNKNOWN
    assert len(desk.server.sent) == 1
    asked = desk.server.requests
    assert desk.engine.push_now(redeem, deadline_seconds=5).state is S.UNKNOWN
    assert desk.server.requests == asked, "it rests"


def test_what_was_taken_back_while_its_customer_was_read_is_not_sent():
    desk = plain()
    _, asha = with_customer(desk, points=100)
    redeem = desk.redeem(asha, 30)
    read = desk.server.customer

    def withdrawn(remote_id, **options):
        desk.book.write(lambda session: session.operations.set_state(redeem, S.CANCELLED))
        return read(remote_id, **options)

    desk.server.customer = withdrawn
    assert desk.engine.push_now(redeem, deadline_seconds=5).state is S.CANCELLED
    assert desk.server.sent == []


def test_push_now_ends_at_its_deadline():
    desk = extended()
    _, asha = with_customer(desk, points=100)
    redeem = desk.redeem(asha, 30)
    desk.server.faults = ["broken"] * 1000
    began = desk.clock.monotonic()
    assert desk.engine.push_now(redeem, deadline_seconds=5).state is S.UNKNOWN
    assert desk.clock.monotonic() - began < 5.5


def test_a_card_that_is_opened_is_fetched():
    desk = plain()
    remote_id, asha = with_customer(desk)
    desk.server.post(remote_id, Direction.DEBIT, 40)
    assert desk.engine.refresh_customer(asha, deadline_seconds=1.5)
    assert desk.numbers(remote_id)[1] == -40
    assert len(desk.entries(remote_id)) == 1
    desk.server.offline = True
    assert not desk.engine.refresh_customer(asha, deadline_seconds=1.5)


def test_a_cycle_beside_it_takes_nothing_for_the_left_over_of_a_crash():
    desk = extended()
    _, asha = with_customer(desk, points=100)
    redeem = desk.redeem(asha, 30)

    def cycle_meanwhile(request):
        desk.server.before_send = None
        desk.cycle()
        assert desk.state(redeem) is S.IN_FLIGHT

    desk.server.before_send = cycle_meanwhile
    assert desk.engine.push_now(redeem, deadline_seconds=5).state is S.CONFIRMED
    assert "recovered" not in desk.view(redeem).evidence


def test_an_engine_that_replaces_one_leaves_alone_what_that_one_is_sending():
    desk = extended()
    _, asha = with_customer(desk, points=100)
    redeem = desk.redeem(asha, 30)
    other = desk.new_engine(desk.in_flight)

    def cycle_meanwhile(request):
        desk.server.before_send = None
        other.run_cycle()
        assert desk.state(redeem) is S.IN_FLIGHT

    desk.server.before_send = cycle_meanwhile
    assert desk.engine.push_now(redeem, deadline_seconds=5).state is S.CONFIRMED
    assert "recovered" not in desk.view(redeem).evidence
    assert len(desk.server.effects) == 1
