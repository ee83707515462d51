"""Edits and deletes on their way to a server that others write to as well."""

import pytest

from posapp.domain.operation import OperationState
from posapp.services.dto import CustomerStatus
from tests.sync.desk import extended, plain, with_customer

S = OperationState
pytestmark = pytest.mark.usefixtures("any_book")


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


@pytest.mark.parametrize("kind", [extended, plain])
def test_theirs_is_kept_though_the_answer_is_lost(kind):
    desk = kind()
    remote_id, asha = with_customer(desk)
    edit = desk.edit(asha, name="Asha K")
    desk.server.edit(remote_id, name="Usha")
    desk.server.faults = ["drop_after"]
    desk.cycles(3)
    assert desk.state(edit) is S.CONFIRMED
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


def test_a_delete_that_a_scan_proves_first_does_not_wait():
    desk = plain()
    _, asha = with_customer(desk)
    delete = desk.delete(asha)
    desk.server.before_send = lambda _: desk.server.reads_fail.extend(["busy"] * 9)
    desk.cycle()
    assert desk.state(delete) is S.ACKED, "taken, and not read again"
    desk.server.before_send, desk.server.reads_fail = None, []
    assert desk.cycle(full=True).waiting == 0
    assert desk.state(delete) is S.CONFIRMED


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
