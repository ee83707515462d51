"""Servers that keep fewer fields, show fewer in a list, or list in other ways: nothing is lost, nobody is missed."""

from dataclasses import replace

import pytest

from posapp.domain.customer import with_fields
from posapp.domain.operation import OperationState
from posapp.services.dto import CustomerStatus
from posapp.services.ports.mirror import ScanRun
from posapp.services.ports.remote import Capabilities, Traits
from tests.sync.desk import Desk
from tests.sync.fake_server import EXTENDED

S = OperationState
pytestmark = pytest.mark.usefixtures("any_book")

SHORT = ("name", "email", "phone")
FEWER = Capabilities(fields=SHORT, listed=SHORT)
NO_PHONES = Capabilities(fields=SHORT, listed=("name", "email"))


def names(desk):
    return sorted(one.profile.name for one in desk.customers())


def fill(desk, count):
    return [desk.server.add(f"C{number:04}") for number in range(count)]


# What a server does not keep, or does not tell


@pytest.mark.parametrize("capabilities", [FEWER, replace(FEWER, idempotency_keys=True, etags=True)])
def test_what_the_server_does_not_keep_stays_here(capabilities):
    desk = Desk(capabilities)
    customer_id, create = desk.add("Asha", "01711", notes="Pays on Fridays", tags=("retail",))
    desk.cycle()
    assert desk.state(create) is S.CONFIRMED
    edit = desk.edit(customer_id, name="Asha Khan", notes="Pays on Mondays")
    desk.cycle()
    assert desk.state(edit) is S.CONFIRMED
    [record] = desk.server.records.values()
    assert record.profile.name == "Asha Khan"
    assert record.profile.notes == "Pays on Fridays", "the create sent it, the edit did not"
    desk.server.edit(record.remote_id, phone="01999")
    desk.cycle(full=True)
    shown = desk.customer(customer_id).profile
    assert (shown.name, shown.phone) == ("Asha Khan", "01999")
    assert (shown.notes, shown.tags) == ("Pays on Mondays", ("retail",))


def test_what_this_till_alone_keeps_outlives_an_edit_that_the_server_refuses():
    desk = Desk(FEWER)
    customer_id, _ = desk.add("Asha", "01711")
    desk.cycle()
    tagged = with_fields(desk.customer(customer_id).profile, {"tags": ("retail",)})
    desk.book.write(lambda session: session.customers.set_profile(customer_id, tagged))  # as an edit that is kept does
    refused = desk.edit(customer_id, name="Asha Khan")
    desk.server.faults = ["refuse"]
    desk.cycle()
    assert desk.state(refused) is S.REJECTED
    shown = desk.customer(customer_id).profile
    assert (shown.name, shown.tags) == ("Asha", ("retail",))


def test_a_phone_that_lists_do_not_carry_is_read_customer_by_customer_and_stays():
    desk = Desk(NO_PHONES, page_size=10)
    ids = [desk.server.add(f"C{number}", f"0171{number}") for number in range(7)]
    desk.cycle()
    desk.cycles(2)
    assert [desk.customer(desk.ours(one)).profile.phone for one in ids] == [f"0171{number}" for number in range(7)]
    desk.server.edit(ids[0], email="c0@example.com")
    desk.cycle(full=True)
    shown = desk.customer(desk.ours(ids[0])).profile
    assert (shown.phone, shown.email) == ("01710", "c0@example.com")


def test_a_doubtful_create_is_found_where_lists_do_not_carry_the_phone():
    desk = Desk(NO_PHONES)
    desk.server.faults = ["drop_after"]
    customer_id, create = desk.add("Asha", "01711", email="asha@example.com")
    desk.cycle()
    assert desk.state(create) is S.UNKNOWN
    desk.cycle(full=True)
    desk.cycles(3)
    assert len(desk.server.records) == 1
    assert (desk.state(create), desk.inbox()) == (S.CONFIRMED, [])
    live = [one.id for one in desk.customers() if one.status is CustomerStatus.LIVE]
    assert live == [customer_id]


def test_what_a_server_says_beside_the_profile_is_kept_until_it_says_otherwise():
    desk = Desk(replace(FEWER, listed=(*SHORT, "blacklisted")))
    remote_id = desk.server.add("Asha")
    record = desk.server.records[remote_id]
    desk.server.records[remote_id] = replace(record, traits=Traits(blacklisted=True, group="Wholesale"))
    desk.cycle()
    desk.server.records[remote_id] = replace(record, traits=Traits(blacklisted=False))
    desk.cycle(full=True)
    row = desk.book.read(lambda session: session.mirror.rows(desk.connection.id, [remote_id]))[remote_id]
    assert row.traits == Traits(blacklisted=False, group="Wholesale")


def test_a_phone_of_which_the_server_keeps_the_digits_alone_stays_as_it_was_typed():
    desk = Desk(replace(FEWER, phone_digits=True))
    customer_id, create = desk.add("Asha", "+91 98123 00001")
    desk.cycle()
    assert desk.state(create) is S.CONFIRMED
    [record] = desk.server.records.values()
    desk.server.edit(record.remote_id, phone="9812300001", email="a@example.com")
    desk.cycle(full=True)
    assert desk.customer(customer_id).profile.phone == "+91 98123 00001"
    edit = desk.edit(customer_id, phone="+91 98123 00002")
    desk.cycle()
    assert (desk.state(edit), desk.inbox()) == (S.CONFIRMED, [])
    desk.server.edit(record.remote_id, phone="9812300003")
    desk.cycle(full=True)
    assert desk.customer(customer_id).profile.phone == "9812300003", "somebody changed it there"


# Who lacks what the server demands


def test_a_create_that_lacks_what_the_server_demands_waits_for_a_person():
    desk = Desk(replace(EXTENDED, required=("email",)))
    _, create = desk.add("Asha", "01711")
    other, sent = desk.add("Bina", email="bina@example.com")
    desk.cycle()
    assert desk.state(create) is S.NEEDS_HUMAN
    assert desk.inbox() == ["field_missing"]
    assert desk.state(sent) is S.CONFIRMED
    assert desk.remote(other) is not None


# Other ways of listing


@pytest.mark.parametrize("capabilities", [Capabilities(ascending=False), Capabilities(snapshot=True)])
@pytest.mark.parametrize("count", [0, 1, 9, 10, 11, 35])
def test_every_way_of_listing_brings_everybody(capabilities, count):
    desk = Desk(capabilities, page_size=10)
    fill(desk, count)
    assert desk.cycle().complete
    assert names(desk) == [f"C{number:04}" for number in range(count)]
    assert desk.cycle().pulled == 0


@pytest.mark.parametrize("seed", range(3))
def test_a_list_of_the_newest_first_misses_nobody_while_rows_come_and_go(seed):
    desk = Desk(Capabilities(ascending=False), page_size=10)
    ids = fill(desk, 60)
    moves = iter([4, 9, 14, 19, 24, 29])

    def move(page):
        place = next(moves, None)
        if place is not None and page > 1 and (page + seed) % 2:
            desk.server.remove(ids[place])
            desk.server.add(f"New {place}")

    desk.server.before_page = move
    desk.cycle()
    desk.server.before_page = None
    there = sorted(record.profile.name for record in desk.server.records.values())
    assert sorted(set(names(desk)) & set(there)) == there
    desk.cycle(full=True)
    live = sorted(desk.customer(desk.ours(one)).profile.name for one in desk.server.records)
    assert live == there


@pytest.mark.parametrize("capabilities", [Capabilities(ascending=False), Capabilities(snapshot=True)])
def test_whoever_is_missing_from_a_whole_list_is_asked_for_before_being_gone(capabilities):
    desk = Desk(capabilities, page_size=10)
    ids = fill(desk, 30)
    desk.cycle()
    desk.server.remove(ids[3])
    desk.server.hidden = {ids[4]}
    report = desk.cycle(full=True)
    assert report.details["removed"] == 1
    assert not desk.knows(ids[3])
    assert desk.knows(ids[4])


@pytest.mark.parametrize("count", [0, 1, 10, 35])
def test_by_last_change_brings_what_changed_and_no_more(count):
    desk = Desk(Capabilities(by_change=True), page_size=10, rolling_refresh=0)
    ids = fill(desk, count)
    desk.cycle()
    desk.server.add("New")
    for one in ids[:3]:
        desk.server.edit(one, name=f"Renamed {one[:4]}")
    before, desk.server.announces = desk.server.requests, len(desk.server.records)
    desk.cycle()
    assert {f"Renamed {one[:4]}" for one in ids[:3]} | {"New"} <= set(names(desk))
    assert desk.server.requests - before <= 11


def test_whoever_changes_while_the_last_changes_are_read_is_met_at_the_tail():
    desk = Desk(Capabilities(by_change=True), page_size=10)
    ids = fill(desk, 35)
    desk.cycle()
    for one in ids[:12]:
        desk.server.edit(one, name=f"Renamed {one[:4]}")
    moves = iter(ids[20:23])

    def move(page):
        one = next(moves, None)
        if one is not None:
            desk.server.edit(one, name=f"Late {one[:4]}")

    desk.server.before_page = move
    desk.cycle()
    desk.server.before_page = None
    wanted = {f"Renamed {one[:4]}" for one in ids[:12]} | {f"Late {one[:4]}" for one in ids[20:23]}
    assert wanted <= set(names(desk))


def test_a_list_of_everybody_that_is_cut_short_gives_way_to_the_pages():
    desk = Desk(Capabilities(snapshot=True), page_size=10)
    fill(desk, 25)
    desk.server.reads_fail = ["lie"]
    assert desk.cycle().complete
    assert len(names(desk)) == 25


def test_the_pages_are_read_whole_where_a_snapshot_died_half_way():
    desk = Desk(Capabilities(snapshot=True), page_size=10)
    ids = fill(desk, 35)
    desk.cycle()
    whole = desk.book.read(lambda session: session.mirror.last_generation(desk.connection.id))
    begun = ScanRun(whole + 1, 0, 0, 35, desk.clock.now(), 0)
    desk.book.write(lambda session: session.mirror.save_scan_run(desk.connection.id, begun))
    for one in ids[30:33]:
        desk.server.edit(one, name=f"Renamed {one[:4]}")
    desk.server.reads_fail = ["lie"]
    desk.cycle(full=True)
    assert {f"Renamed {one[:4]}" for one in ids[30:33]} <= set(names(desk))
    assert desk.inbox() == [], "nobody is missing"


def test_suspects_are_asked_for_together_and_the_missing_one_by_one():
    desk = Desk(Capabilities(snapshot=True, bulk_read=10), page_size=10, refresh_limit=0)
    ids = fill(desk, 40)
    desk.cycle()
    desk.server.remove(ids[3])
    desk.server.hidden = set(ids[4:16])
    desk.server.edit(ids[5], name="Renamed")
    before = desk.server.requests
    report = desk.cycle(full=True)
    assert report.details["removed"] == 1
    assert not desk.knows(ids[3])
    assert all(desk.knows(one) for one in ids[4:16])
    assert "Renamed" in names(desk)
    assert desk.server.requests - before <= 6
