"""Points, bills and reversals on their way to a server."""

from dataclasses import replace
from threading import Event, Thread
from types import SimpleNamespace

import pytest

from posapp.domain.ledger import Direction
from posapp.domain.operation import OperationKind, OperationState
from tests.sync.desk import LONG, QUARANTINE, extended, plain, with_customer
from tests.sync.fake_server import EXTENDED, PLAIN
from tests.sync.memory_book import MemoryBook

S = OperationState
pytestmark = pytest.mark.usefixtures("any_book")


def test_an_answered_redemption_sets_the_points_at_once():
    desk = plain()
    remote_id, asha = with_customer(desk, points=100)
    redeem = desk.redeem(asha, 30)
    desk.cycle()
    assert desk.state(redeem) is S.CONFIRMED
    assert desk.numbers(remote_id)[0] == 70


@pytest.mark.parametrize("fault", ["drop_before", "drop_after"])
def test_a_lost_redemption_is_settled_by_the_points_before_and_after(fault):
    desk = plain()
    remote_id, asha = with_customer(desk, points=100)
    redeem = desk.redeem(asha, 30)
    desk.server.faults = [fault]
    desk.cycle()
    desk.cycle()
    assert desk.state(redeem) is S.UNKNOWN
    for _ in range(3):
        desk.clock.pass_time(QUARANTINE)
        desk.cycle()
    assert desk.state(redeem) is S.CONFIRMED
    assert desk.numbers(remote_id)[0] == 70
    assert len(desk.server.effects) == 1


def test_points_answered_again_by_their_bill_are_not_taken_for_the_newest():
    desk = extended()
    desk.server.can(replace(EXTENDED, idempotency_keys=False, updated_since=False))
    remote_id, asha = with_customer(desk, points=100)
    redeem = desk.redeem(asha, 30)
    desk.server.faults = ["drop_after"]
    desk.cycle()
    desk.server.set_points(remote_id, 45)
    desk.clock.pass_time(LONG)
    view = desk.engine.push_now(redeem, deadline_seconds=5)
    assert view.state is S.ACKED, "the answer is the first one, from before the other till's act"
    desk.cycle()
    assert (desk.state(redeem), desk.numbers(remote_id)[0]) == (S.CONFIRMED, 45)
    assert len(desk.server.effects) == 1


def test_a_lost_redemption_with_points_that_fit_nothing_is_asked_about():
    desk = plain()
    remote_id, asha = with_customer(desk, points=100)
    redeem = desk.redeem(asha, 30)
    desk.server.faults = ["drop_before"]
    desk.cycle()
    desk.server.set_points(remote_id, 85)
    desk.clock.pass_time(QUARANTINE)
    desk.cycle()
    assert desk.state(redeem) is S.NEEDS_HUMAN
    assert desk.inbox() == ["unknown"]
    assert desk.server.effects == []


def test_a_customer_gone_while_a_redemption_is_in_doubt_is_asked_about():
    desk = plain()
    remote_id, asha = with_customer(desk, points=100)
    redeem = desk.redeem(asha, 30)
    desk.server.faults = ["drop_after"]
    desk.cycle()
    desk.server.remove(remote_id)
    desk.clock.pass_time(QUARANTINE)
    desk.cycle()
    assert desk.state(redeem) is S.NEEDS_HUMAN
    assert "customer_gone" in desk.inbox()


def test_too_many_points_are_refused_once_and_told():
    desk = extended()
    _, asha = with_customer(desk, points=10)
    redeem = desk.redeem(asha, 30)
    desk.cycle()
    assert desk.state(redeem) is S.REJECTED
    assert desk.view(redeem).evidence["code"] == "insufficient_points"
    assert desk.inbox() == ["rejected"]


def test_a_key_that_the_server_forgot_counts_no_more():
    desk = extended()
    desk.server.can(replace(EXTENDED, redeem_unique=False))
    _, asha = with_customer(desk, points=100)
    redeem = desk.redeem(asha, 30)
    desk.server.faults = ["drop_after"]
    desk.cycle()
    desk.clock.pass_time(8 * 24 * LONG)
    desk.server.keys.clear()
    desk.cycle()
    assert desk.state(redeem) is S.NEEDS_HUMAN, "no fence was read, so nothing proves it"
    assert len(desk.server.effects) == 1


def test_a_sale_and_its_reversal():
    desk = extended()
    remote_id, asha = with_customer(desk)
    sale = desk.sell(asha, 10_000, on_account=4_000)
    undo = desk.reverse(sale, sale_id=sale)
    desk.cycle()
    assert (desk.state(sale), desk.state(undo)) == (S.CONFIRMED, S.CONFIRMED)
    assert desk.numbers(remote_id) == (100, -4_000)


def test_reversals_of_points_and_khata():
    desk = extended()
    remote_id, asha = with_customer(desk, points=50)
    redeem, payment = desk.redeem(asha, 20), desk.pay(asha, 70)
    desk.reverse(redeem, points=20)
    desk.reverse(payment, amount=70, direction=Direction.DEBIT.value)
    assert desk.cycle().waiting == 0
    assert desk.numbers(remote_id) == (50, 0)


def test_a_reversal_of_what_was_refused_is_taken_back():
    desk = extended()
    _, asha = with_customer(desk)
    payment = desk.pay(asha, 70)
    undo = desk.reverse(payment, amount=70, direction=Direction.DEBIT.value)
    desk.server.faults = ["refuse"]
    desk.cycle()
    assert desk.state(undo) is S.CANCELLED


@pytest.mark.parametrize(("fault", "state"), [("", S.KEPT), ("refuse", S.CANCELLED)])
def test_a_bill_that_only_its_points_leave_for(fault, state):
    desk = plain(book=MemoryBook)
    _, asha = with_customer(desk, points=50)
    redeem = desk.redeem(asha, 20)
    intent = {"total": 900, "on_account": 0, "points_redeemed": 20, "redeem_operation": redeem}
    bill = desk.record(OperationKind.SALE, asha, intent)
    desk.book.state.sales[bill] = SimpleNamespace(kept=True)
    desk.server.faults = [fault]
    desk.cycle()
    assert desk.state(bill) is state


def test_a_bill_whose_points_a_person_must_decide_on_is_decided_with_them():
    desk = plain(book=MemoryBook)
    remote_id, asha = with_customer(desk, points=50)
    redeem = desk.redeem(asha, 20)
    intent = {"total": 900, "on_account": 0, "points_redeemed": 20, "redeem_operation": redeem}
    bill = desk.record(OperationKind.SALE, asha, intent)
    desk.book.state.sales[bill] = SimpleNamespace(kept=True)
    desk.server.faults = ["drop_before"]
    desk.cycle()
    desk.server.set_points(remote_id, 45)
    desk.cycles(2)
    assert (desk.state(redeem), desk.state(bill)) == (S.NEEDS_HUMAN, S.NEEDS_HUMAN)
    assert sorted(desk.inbox()) == ["original_open", "unknown"]


def test_one_unreadable_customer_does_not_keep_the_others():
    desk = plain()
    ids = [desk.server.add(f"C{number}", balance=-5) for number in range(6)]
    desk.server.unreadable = {ids[0]}
    report = desk.cycle()
    assert report.problem is None
    assert report.details["unreadable"] == 1
    assert [desk.numbers(one)[1] for one in ids[1:]] == [-5] * 5
    desk.server.unreadable = set(ids)
    assert plain_problem(desk) == "server_answer_wrong"


def plain_problem(desk):
    desk.book.write(lambda session: session.mirror.mark_for_refresh(desk.connection.id, desk.server.records))
    return desk.cycle().problem


def test_a_till_that_waits_sees_what_a_cycle_is_sending():
    desk = extended()
    _, asha = with_customer(desk, points=50)
    redeem = desk.redeem(asha, 20)
    inside, go_on = Event(), Event()

    def hold(request):
        inside.set()
        assert go_on.wait(5)

    desk.server.before_send = hold
    cycle = Thread(target=desk.engine.run_cycle)
    cycle.start()
    assert inside.wait(5)
    sleep, desk.clock.sleep = desk.clock.sleep, lambda seconds: (go_on.set(), sleep(seconds), cycle.join(5))
    assert desk.engine.push_now(redeem, deadline_seconds=5).state is S.CONFIRMED
    assert len(desk.server.effects) == 1


def test_an_ability_that_is_gone_is_told():
    desk = extended()
    _, asha = with_customer(desk)
    payment = desk.pay(asha, 1)
    desk.server.can(PLAIN)
    desk.cycle()
    assert desk.state(payment) is S.NEEDS_HUMAN
    assert desk.inbox() == ["capability_gone"]


@pytest.mark.logs("posapp.sync", "cannot be made into a request")
def test_an_intent_that_makes_no_request_is_told(caplog):
    desk = extended()
    _, asha = with_customer(desk)
    broken = desk.record(OperationKind.PAYMENT, asha, {"amount": "many", "direction": "credit"})
    desk.cycle()
    assert desk.state(broken) is S.NEEDS_HUMAN
    assert "cannot be made into a request" in caplog.text
