"""Acts on their way to a server that loses answers: at most one effect each, and nothing waits in silence."""

from dataclasses import replace
from threading import Event, Thread
from types import SimpleNamespace

import pytest

from posapp.domain.ledger import Direction
from posapp.domain.operation import OperationKind, OperationState
from posapp.services.dto import CustomerStatus
from tests.sync.desk import LONG, QUARANTINE, extended, plain
from tests.sync.fake_server import EXTENDED, PLAIN
from tests.sync.memory_book import MemoryBook

S = OperationState
pytestmark = pytest.mark.usefixtures("any_book")


def with_customer(desk, **fields):
    remote_id = desk.server.add("Asha", "01711", **fields)
    desk.cycle()
    return remote_id, desk.ours(remote_id)


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
    assert desk.view(payments[0]).evidence["failures"] == 0
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


# Creates


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


# Points


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


# Sales and reversals


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


# Edits and deletes


def test_an_edit_is_merged_with_what_the_server_has_now():
    desk = extended()
    remote_id, asha = with_customer(desk, notes="old", tags=("late",))
    edit = desk.edit(asha, name="Asha K", notes="old\ntill", tags=("late", "new"))
    desk.server.edit(remote_id, notes="old\noffice", tags=("late", "vip"), address="Lane 4")
    desk.cycle()
    profile = desk.server.records[remote_id].profile
    assert (profile.name, profile.notes, profile.address) == ("Asha K", "old\noffice\ntill", "Lane 4")
    assert set(profile.tags) == {"late", "vip", "new"}
    assert desk.state(edit) is S.CONFIRMED
    assert desk.customer(asha).profile == profile


def test_names_that_both_changed_are_ours_and_theirs_is_kept():
    desk = extended()
    remote_id, asha = with_customer(desk)
    desk.edit(asha, name="Asha K")
    desk.server.edit(remote_id, name="Usha")
    desk.cycle()
    assert desk.server.records[remote_id].profile.name == "Asha K"
    assert desk.kept(asha) == [("name", "Usha", "server")]


def test_phones_that_both_changed_are_asked_about_and_money_goes_on():
    desk = extended()
    remote_id, asha = with_customer(desk)
    edit, payment = desk.edit(asha, phone="3"), desk.pay(asha, 5)
    desk.server.edit(remote_id, phone="2")
    report = desk.cycle()
    assert (desk.state(edit), desk.state(payment)) == (S.NEEDS_HUMAN, S.CONFIRMED)
    assert desk.inbox() == ["conflict"]
    assert report.details["conflicts"] == 1
    assert desk.customer(asha).profile.phone == "2"
    assert desk.kept(asha) == [("phone", "3", "till")]


def test_an_edit_meets_a_record_that_moves_between_fence_and_write():
    desk = extended()
    remote_id, asha = with_customer(desk)
    edit = desk.edit(asha, address="Lane 4")
    moves = iter(["n1", "n2"])

    def move(request):
        for name in moves:
            desk.server.edit(remote_id, notes=name)
            return

    desk.server.before_send = move
    desk.cycle()
    assert desk.state(edit) is S.CONFIRMED
    assert desk.server.records[remote_id].profile.address == "Lane 4"
    assert desk.server.records[remote_id].profile.notes == "n2"
    assert len({request.key for request in desk.server.sent}) == 3, "other bytes, another key"


@pytest.mark.parametrize("fault", ["drop_before", "drop_after"])
@pytest.mark.parametrize("make", [extended, plain])
def test_an_edit_whose_answer_is_lost(fault, make):
    desk = make()
    remote_id, asha = with_customer(desk)
    edit = desk.edit(asha, address="Lane 4", tags=("new",))
    desk.server.faults = [fault]
    desk.cycle()
    assert desk.state(edit) is S.UNKNOWN
    desk.cycles(2)
    assert desk.state(edit) is S.CONFIRMED
    assert desk.server.records[remote_id].profile.tags == ("new",)
    assert len(desk.server.effects) == 1


@pytest.mark.parametrize(("balance", "status"), [(0, CustomerStatus.DELETED), (-5, CustomerStatus.ANONYMIZED)])
@pytest.mark.parametrize("fault", ["", "drop_before", "drop_after"])
def test_a_delete_learns_what_it_meant(balance, status, fault):
    desk = extended()
    remote_id, asha = with_customer(desk, balance=balance)
    delete = desk.delete(asha)
    desk.server.faults = [fault]
    desk.cycle()
    desk.cycles(2)
    assert desk.state(delete) is S.CONFIRMED
    assert desk.customer(asha).status is status
    assert not desk.knows(remote_id)
    assert desk.inbox() == []


def test_a_refused_delete_brings_the_customer_back():
    desk = extended()
    _, asha = with_customer(desk)
    delete = desk.delete(asha)
    desk.server.faults = ["refuse"]
    desk.cycle()
    assert desk.state(delete) is S.REJECTED
    assert desk.customer(asha).status is CustomerStatus.LIVE


def test_a_payment_of_a_customer_who_is_gone_is_told():
    desk = extended()
    remote_id, asha = with_customer(desk)
    payment = desk.pay(asha, 5)
    desk.server.remove(remote_id)
    desk.cycle()
    assert desk.state(payment) is S.REJECTED
    assert "customer_gone" in desk.inbox()
    desk.cycle()
    assert not desk.knows(remote_id)


# While a person waits


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
    view = desk.engine.push_now(redeem, deadline_seconds=5)
    assert (view.state, view.attempts) == (S.PENDING, 0)


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
