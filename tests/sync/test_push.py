"""Acts on their way to a server that loses answers: at most one effect each, and nothing waits in silence."""

from dataclasses import replace

import pytest

from posapp.domain.operation import OperationState
from tests.sync.desk import extended, with_customer
from tests.sync.fake_server import EXTENDED, PLAIN

S = OperationState
pytestmark = pytest.mark.usefixtures("any_book")


def test_a_customer_and_her_khata_go_out_in_order():
    desk = extended()
    asha, create = desk.add("Asha", "01711", tags=("vip",))
    charge, payment = desk.charge(asha, 500), desk.pay(asha, 200)
    report = desk.cycle()
    assert [desk.state(one) for one in (create, charge, payment)] == [S.CONFIRMED] * 3
    assert [kind for kind, _ in desk.server.effects] == ["CreateCustomer", "PostEntry", "PostEntry"]
    assert desk.numbers(desk.remote(asha)) == (0, -300)
    assert (report.pushed, report.waiting, report.problem, report.complete) == (3, 0, None, True)
    assert desk.server.records[desk.remote(asha)].profile.tags == ("vip",)


@pytest.mark.parametrize("fault", ["drop_before", "drop_after", "broken"])
@pytest.mark.parametrize("capabilities", [EXTENDED, replace(PLAIN, ledger_write=True)])
def test_a_payment_whose_answer_is_lost_has_one_effect(fault, capabilities):
    desk = extended()
    desk.server.can(capabilities)
    remote_id, asha = with_customer(desk)
    payment = desk.pay(asha, 200)
    desk.server.faults = [fault]
    desk.cycle()
    assert desk.state(payment) is S.UNKNOWN
    desk.cycles(2)
    assert desk.state(payment) is S.CONFIRMED
    assert [kind for kind, _ in desk.server.effects] == ["PostEntry"]
    assert desk.numbers(remote_id)[1] == 200
    assert desk.server.sent[0] == desk.server.sent[1], "the same bytes under the same key"


def test_offline_is_not_an_attempt_and_ends_the_push():
    desk = extended()
    _, asha = with_customer(desk)
    payments = [desk.pay(asha, 1), desk.pay(asha, 2)]
    desk.server.offline = True
    report = desk.cycle()
    assert report.problem == "server_unreachable"
    assert not report.complete
    assert [desk.state(one) for one in payments] == [S.PENDING, S.PENDING]
    assert desk.view(payments[0]).attempts == 0
    desk.server.offline = False
    assert desk.cycles(1).waiting == 0


def test_a_sign_in_pauses_the_connection_until_it_works_again():
    desk = extended()
    _, asha = with_customer(desk)
    payment = desk.pay(asha, 1)
    desk.server.signed_out = True
    assert desk.cycle().problem == "sign_in_required"
    assert desk.book.read(lambda session: session.settings.connections()[0].paused)
    assert desk.state(payment) is S.PENDING
    assert desk.cycle().problem == "sign_in_required"
    desk.server.signed_out = False
    assert desk.cycle().problem is None
    assert not desk.book.read(lambda session: session.settings.connections()[0].paused)
    assert desk.state(payment) is S.CONFIRMED


def test_a_busy_server_is_left_alone_for_as_long_as_it_asks():
    desk = extended()
    _, asha = with_customer(desk)
    payment = desk.pay(asha, 1)
    desk.server.faults = ["busy"]
    report = desk.cycle()
    assert report.details["retry_after"] == 7
    assert desk.state(payment) is S.PENDING
    sent = len(desk.server.sent)
    desk.clock.pass_time(3)
    desk.cycle()
    assert len(desk.server.sent) == sent
    desk.clock.pass_time(7)
    desk.cycle()
    assert desk.state(payment) is S.CONFIRMED


def test_a_refused_payment_goes_to_the_inbox_and_is_never_sent_again():
    desk = extended()
    _, asha = with_customer(desk)
    payment, second = desk.pay(asha, 1), desk.pay(asha, 2)
    desk.server.faults = ["refuse"]
    desk.cycle()
    assert (desk.state(payment), desk.state(second)) == (S.REJECTED, S.CONFIRMED)
    assert desk.inbox() == ["rejected"]
    desk.cycles(3)
    assert len(desk.server.sent) == 2


def test_a_proxys_404_rejects_nothing_at_first_and_is_told_in_the_end():
    desk = extended()
    _, asha = with_customer(desk)
    payment = desk.pay(asha, 1)
    desk.server.faults = ["proxy"] * 3
    desk.cycles(3)
    assert desk.state(payment) is S.PENDING
    desk.cycles(1)
    assert desk.state(payment) is S.CONFIRMED
    second = desk.pay(asha, 1)
    desk.server.faults = ["proxy"] * 6
    desk.cycles(6)
    assert desk.state(second) is S.REJECTED
    assert desk.inbox() == ["customer_gone"]


def test_a_stuck_lane_blocks_only_itself():
    desk = extended()
    _, asha = with_customer(desk)
    remote = desk.server.add("Usha")
    desk.cycle()
    usha = desk.ours(remote)
    stuck, free = desk.pay(asha, 1), desk.pay(usha, 2)
    desk.server.faults = ["broken"]
    desk.cycle()
    assert (desk.state(stuck), desk.state(free)) == (S.UNKNOWN, S.CONFIRMED)


def test_many_lanes_side_by_side_have_one_effect_each():
    desk = extended(lanes=4)
    customers = [desk.add(f"C{number}")[0] for number in range(12)]
    payments = [desk.pay(customer, 5) for customer in customers for _ in range(3)]
    desk.cycle()
    assert {desk.state(one) for one in payments} == {S.CONFIRMED}
    assert len(desk.server.effects) == 48


def test_a_server_that_says_nothing_at_all_ends_the_push():
    desk = extended()
    for number in range(8):
        desk.add(f"C{number}")
    desk.server.faults = ["drop_before"] * 8
    report = desk.cycle()
    assert report.problem == "server_unreachable"
    assert len(desk.server.sent) == 3


def test_a_crash_after_the_answer_leaves_a_doubt_that_resolves():
    desk = extended()
    remote_id, asha = with_customer(desk)
    payment = desk.pay(asha, 200)
    desk.server.faults = ["crash"]
    with pytest.raises(KeyboardInterrupt):
        desk.cycle()
    assert desk.state(payment) is S.IN_FLIGHT
    desk.engine = desk.new_engine()
    desk.cycle()
    assert desk.state(payment) is S.CONFIRMED
    assert len(desk.server.effects) == 1
    assert desk.numbers(remote_id)[1] == 200
