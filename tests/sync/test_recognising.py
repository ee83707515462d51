"""Knowing a server again: one put back to an older state, another store's, one where somebody was only deleted."""

import copy

import pytest

from posapp.domain.operation import OperationState
from posapp.services.resolving.decision import Choice, Decision
from posapp.services.resolving.resolve import resolve
from posapp.services.till import Till
from tests.sync.desk import extended, plain, with_customer

pytestmark = pytest.mark.usefixtures("any_book")
S = OperationState
KEPT = ("records", "khatas", "stones", "keys", "unique")


def backup(desk):
    return copy.deepcopy({name: getattr(desk.server, name) for name in KEPT})


def put_back(desk, kept):
    for name, value in kept.items():
        setattr(desk.server, name, value)


def decide(desk, choice):
    """A manager decides the one item of the inbox."""
    [item] = desk.book.read(lambda session: session.inbox.items())
    decision = Decision(choice, reason="as agreed", approved_by="manager")
    resolve(Till(desk.book, desk.clock, "asha"), item.id, decision)


@pytest.mark.parametrize("make", [extended, plain])
def test_a_server_that_was_put_back_gets_nothing_until_a_person_decided(make):
    desk = make()
    with_customer(desk, balance=-100)
    kept = backup(desk)
    lost = [desk.add("Usha")[1], desk.add("Ravi")[1]]
    desk.cycle()
    assert {desk.state(one) for one in lost} == {S.CONFIRMED}
    put_back(desk, kept)
    waits, effects = desk.add("Sita")[1], list(desk.server.effects)
    assert desk.cycle().problem == "server_went_back"
    report = desk.cycle()
    assert (report.problem, report.details["lost"]) == (None, 2)
    assert desk.inbox() == ["server_restored"]
    assert {desk.state(one) for one in lost} == {S.NEEDS_HUMAN}
    desk.cycles(2)
    assert desk.engine.push_now(waits, deadline_seconds=5).state is S.PENDING
    assert desk.server.effects == effects


def test_one_lost_payment_is_enough_where_a_server_lists_changes():
    desk = extended()
    remote_id, asha = with_customer(desk, balance=-100)
    kept = backup(desk)
    payment = desk.pay(asha, 40)
    desk.cycle()
    put_back(desk, kept)
    desk.cycle()
    desk.cycle()
    assert desk.state(payment) is S.NEEDS_HUMAN
    assert desk.numbers(remote_id)[1] == -100, "what the server says now; the payment lies on top of it"


@pytest.mark.parametrize("make", [extended, plain])
def test_the_newest_one_deleted_there_is_no_alarm(make):
    desk = make()
    ids = [desk.server.add(f"C{number}") for number in range(4)]
    desk.cycle()
    desk.server.remove(ids[-1])
    assert desk.cycle().problem is None
    assert desk.cycle(full=True).problem is None
    assert desk.inbox() == []
    assert not desk.knows(ids[-1])


@pytest.mark.parametrize("make", [extended, plain])
@pytest.mark.parametrize("full", [False, True])
def test_another_stores_customers_are_not_taken_over(make, full):
    desk = make()
    _, asha = with_customer(desk)
    desk.server.add("Usha")
    desk.cycle()
    ours = backup(desk)
    desk.edit(asha, address="Lane 4")
    desk.server.records, desk.server.khatas = {}, {}
    strangers = [desk.server.add(f"Stranger {number}") for number in range(5)]
    for _ in range(2):
        assert desk.cycle(full=full).problem == "other_store"
    assert len(desk.customers()) == 2
    assert not any(desk.knows(one) for one in strangers)
    assert (desk.inbox(), desk.server.effects) == (["other_store"], [])
    put_back(desk, ours)
    assert desk.cycle().problem is None
    assert desk.inbox() == []
    assert [kind for kind, _ in desk.server.effects] == ["EditCustomer"]


@pytest.mark.parametrize("make", [extended, plain])
def test_whom_the_server_lost_is_let_go_of_and_one_unreadable_record_stops_nothing(make):
    desk = make()
    with_customer(desk, balance=-100)
    kept = backup(desk)
    strangers = [desk.server.add(f"C{number}") for number in range(3)]
    made = desk.add("Usha")[1]
    desk.cycle()
    put_back(desk, kept)
    waits = desk.add("Sita")[1]
    desk.cycles(2)
    decide(desk, Choice.ACCEPT)
    desk.server.unreadable.add(strangers[0])
    assert desk.cycle().problem is None
    assert (desk.state(waits), desk.state(made)) == (S.CONFIRMED, S.CONFIRMED)
    assert [desk.knows(one) for one in strangers] == [True, False, False]
    assert desk.inbox() == []
