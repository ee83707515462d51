"""What changed on the server comes over once, whole and in any order of misfortune; a short list deletes nobody."""

from dataclasses import replace
from threading import Event

import pytest

from posapp.domain.ledger import Direction
from posapp.domain.operation import OperationState
from posapp.services.dto import CustomerStatus
from posapp.services.ports.remote import Capabilities
from posapp.sync.context import Tally
from tests.sync.desk import LONG, Desk, extended, plain
from tests.sync.fake_server import EXTENDED, PLAIN
from tests.sync.memory_book import MemoryBook

S = OperationState
pytestmark = pytest.mark.usefixtures("any_book")


def names(desk):
    return sorted(one.profile.name for one in desk.customers() if one.status is CustomerStatus.LIVE)


def fill(desk, count):
    return [desk.server.add(f"C{number:04}", points=number) for number in range(count)]


# Servers that list by change


@pytest.mark.parametrize("count", [0, 1, 9, 10, 11, 35])
@pytest.mark.parametrize("make", [extended, plain])
def test_the_first_sync_brings_everybody(make, count):
    desk = make(page_size=10)
    ids = fill(desk, count)
    report = desk.cycle()
    assert names(desk) == [f"C{number:04}" for number in range(count)]
    assert report.pulled == count
    assert report.complete
    assert all(desk.numbers(one) == (desk.server.records[one].points, 0) for one in ids)
    again = desk.cycle()
    assert again.pulled == 0
    assert again.requests <= (3 if make is extended else 2 + count)


def test_everybody_changed_at_one_moment():
    desk = extended(page_size=10)
    fill(desk, 45)
    now = desk.clock.now()
    desk.server.records = {one: replace(record, updated_at=now) for one, record in desk.server.records.items()}
    assert desk.cycle().pulled == 45
    assert len(names(desk)) == 45


def test_changes_come_over_and_deletions_with_them():
    desk = extended(page_size=10)
    ids = fill(desk, 25)
    desk.server.post(ids[3], Direction.DEBIT, 5)
    desk.cycle()
    desk.server.edit(ids[7], name="Renamed")
    desk.server.remove(ids[1])
    desk.server.remove(ids[3], anonymize=True)
    desk.server.merge(ids[2], ids[4])
    report = desk.cycle()
    assert report.details["removed"] == 3
    assert len(names(desk)) == 22
    assert "Renamed" in names(desk)
    assert desk.customer(desk.ours(ids[3])).status is CustomerStatus.ANONYMIZED
    assert not desk.knows(ids[1])
    assert not desk.knows(ids[2])


def test_many_deletions_come_in_pages():
    desk = extended(page_size=10)
    ids = fill(desk, 40)
    desk.cycle()
    for one in ids[:35]:
        desk.server.remove(one)
    assert desk.cycle().details["removed"] == 35
    assert desk.cycle().details.get("removed", 0) == 0


def test_a_customer_with_waiting_work_stays_and_is_told_about():
    desk = extended()
    (one,) = fill(desk, 1)
    desk.cycle()
    desk.pay(desk.ours(one), 5)
    desk.server.remove(one)
    desk.server.faults = ["broken"] * 5
    desk.cycle()
    assert names(desk) == ["C0000"]
    assert desk.inbox() == ["customer_gone"]


@pytest.mark.parametrize("anonymize", [True, False])
def test_what_the_server_took_does_not_wait_for_a_customer_who_is_gone(anonymize):
    desk = extended()
    (one,) = fill(desk, 1)
    desk.cycle()
    paid = desk.pay(desk.ours(one), 5)
    desk.server.faults = ["drop_after"]
    desk.engine.push_now(paid, deadline_seconds=5.0)
    assert desk.state(paid) is S.ACKED, "taken, and the answer to the repeat proves no number"
    desk.server.remove(one, anonymize=anonymize)
    report = desk.cycle()
    assert desk.state(paid) is S.CONFIRMED
    assert (report.waiting, desk.inbox()) == (0, [])


def test_what_the_server_took_is_settled_when_the_word_comes_after_the_customer_has_gone():
    desk = extended()
    (one,) = fill(desk, 1)
    desk.cycle()
    paid = desk.pay(desk.ours(one), 5)
    desk.server.faults = ["drop_after", "drop_before"]
    desk.cycle()
    desk.server.remove(one, anonymize=True)
    desk.cycles(1)
    assert desk.state(paid) is S.UNKNOWN, "gone, and the act is in doubt"
    assert desk.cycles(1).waiting == 0
    assert desk.state(paid) is S.CONFIRMED


def test_a_customer_whose_khata_only_this_till_keeps_stays_and_is_told_about():
    desk = plain()
    (one,) = fill(desk, 1)
    desk.cycle()
    asha = desk.ours(one)
    desk.keep_charge(asha, 500)
    desk.server.remove(one)
    desk.cycle(full=True)
    assert names(desk) == ["C0000"], "five hundred that she owes do not vanish with a click elsewhere"
    assert desk.inbox() == ["customer_gone"]


def test_a_customer_who_is_erased_there_leaves_a_word_about_her_kept_khata():
    desk = extended()
    (one,) = fill(desk, 1)
    desk.cycle()
    asha = desk.ours(one)
    desk.keep_charge(asha, 500)
    desk.server.remove(one, anonymize=True)
    desk.cycle()
    assert desk.customer(asha).status is CustomerStatus.ANONYMIZED
    (item,) = desk.book.read(lambda session: session.inbox.items())
    assert (item.kind, item.evidence["kept_balance"]) == ("customer_gone", -500)


@pytest.mark.parametrize("capabilities", [EXTENDED, Capabilities()])
def test_two_who_became_one_there_become_one_here_with_the_whole_khata(capabilities):
    desk = Desk(capabilities)
    one, other = fill(desk, 2)
    desk.cycle()
    desk.keep_charge(desk.ours(one), 500)
    desk.keep_charge(desk.ours(other), 200)
    desk.server.merge(one, other)
    desk.cycle(full=True)
    assert (names(desk), desk.inbox()) == (["C0001"], [])
    standing = desk.book.read(lambda session: session.khata.standing(desk.ours(other)))
    assert standing.kept_balance.minor == -700
    assert desk.ours(one) == desk.ours(other), "who is looked up by the old id is the one who stays"


@pytest.mark.parametrize("capabilities", [EXTENDED, Capabilities()])
def test_what_waits_for_somebody_merged_goes_on_for_the_one_who_stays(capabilities):
    desk = Desk(capabilities)
    one, other = fill(desk, 2)
    desk.cycle()
    asha = desk.ours(one)
    edit = desk.edit(asha, address="Lane 4")
    desk.server.merge(one, other)
    desk.cycles(3)
    assert (desk.state(edit), desk.inbox()) == (S.CONFIRMED, [])
    assert desk.server.records[other].profile.address == "Lane 4"
    assert len(names(desk)) == 1


def test_a_delete_of_somebody_merged_does_not_delete_the_one_who_stays():
    desk = extended()
    one, other = fill(desk, 2)
    desk.cycle()
    delete = desk.delete(desk.ours(one))
    desk.server.merge(one, other)
    desk.engine._pull(Tally(), None, full=False)
    desk.cycles(2)
    assert (desk.state(delete), list(desk.server.records), names(desk)) == (S.CONFIRMED, [other], ["C0001"])


def test_who_was_merged_into_somebody_unknown_here_is_that_one_from_now_on():
    desk = Desk(Capabilities())
    (one,) = fill(desk, 1)
    desk.cycle()
    asha = desk.ours(one)
    desk.keep_charge(asha, 500)
    edit = desk.edit(asha, address="Lane 4")
    other = desk.server.add("Asha Khan")
    desk.server.merge(one, other)
    desk.cycles(2)
    assert (desk.state(edit), desk.inbox(), desk.ours(other)) == (S.CONFIRMED, [], asha)
    assert desk.customer(asha).profile.name == "Asha Khan"


def test_a_person_is_asked_where_both_of_two_who_became_one_have_acts_on_their_way():
    desk = extended()
    one, other = fill(desk, 2)
    desk.cycle()
    desk.edit(desk.ours(one), address="Lane 4")
    desk.edit(desk.ours(other), address="Lane 5")
    desk.server.merge(one, other)
    desk.engine._pull(Tally(), None, full=False)
    assert names(desk) == ["C0000", "C0001"]
    assert desk.inbox() == ["customer_gone"]


def test_a_customer_who_is_back_is_back():
    desk = extended()
    (one,) = fill(desk, 1)
    desk.cycle()
    record = desk.server.records[one]
    desk.server.remove(one)
    desk.cycle()
    assert names(desk) == []
    desk.server.records[one] = replace(record, updated_at=desk.clock.now())
    desk.server.stones.clear()
    desk.cycle()
    assert names(desk) == ["C0000"]


def test_an_unsent_edit_lies_over_what_came():
    desk = extended()
    (one,) = fill(desk, 1)
    desk.cycle()
    asha = desk.ours(one)
    desk.edit(asha, name="Asha")
    desk.server.faults = ["broken"]
    desk.server.edit(one, address="Lane 4")
    desk.cycle()
    shown = desk.customer(asha).profile
    assert (shown.name, shown.address) == ("Asha", "Lane 4")


@pytest.mark.parametrize("fault", ["lie", "down", "busy"])
def test_a_page_that_cannot_be_trusted_changes_nothing(fault):
    desk = extended(page_size=10)
    fill(desk, 25)
    desk.server.reads_fail = ["", fault]
    report = desk.cycle()
    assert len(names(desk)) == 10
    assert not report.complete
    assert report.problem == ("server_answer_wrong" if fault == "lie" else "server_unreachable")
    assert report.details.get("retry_after") == (9 if fault == "busy" else None)
    desk.cycle()
    assert len(names(desk)) == 25


def test_changes_out_of_order_are_refused():
    desk = extended()
    ids = fill(desk, 3)
    desk.server.changed_since = lambda since, page: [desk.server.records[one] for one in reversed(ids)]
    assert desk.cycle().problem == "changes_out_of_order"
    assert names(desk) == []


def test_a_list_of_changes_that_ignores_pages_is_refused():
    desk = extended(page_size=10)
    fill(desk, 30)
    now = desk.clock.now()
    desk.server.records = {one: replace(record, updated_at=now) for one, record in desk.server.records.items()}
    desk.server.ignores_page = True
    assert desk.cycle().problem == "list_repeats"


def test_a_cycle_can_be_ended():
    desk = extended()
    fill(desk, 3)
    stop = Event()
    stop.set()
    report = desk.engine.run_cycle(cancel=stop)
    assert (report.problem, report.complete) == ("cancelled", False)


# Full scans


@pytest.mark.parametrize("page_size", [1, 7, 10, 64])
def test_a_scan_meets_rows_that_come_and_go(page_size):
    desk = plain(page_size=page_size, book=None if page_size == 10 else MemoryBook)
    ids = fill(desk, 60)
    desk.cycle()
    doomed, reads = iter(ids[5:50:3]), []

    def drift(page):
        reads.append(page)
        if len(reads) % 2:
            gone = next(doomed, None)
            if gone is not None:
                desk.server.remove(gone)
            desk.server.add(f"New {len(reads):04}")

    desk.server.before_page = drift
    assert desk.cycle(full=True).problem is None
    desk.server.before_page = None
    known = {remote_id for remote_id in desk.server.records if desk.knows(remote_id)}
    late = [record.profile.name for one, record in desk.server.records.items() if one not in known]
    kept = sorted(record.profile.name for record in desk.server.records.values() if record.remote_id in known)
    assert all(name > kept[-1] for name in late), "only what came after the end was found"
    desk.cycle(full=True)
    assert names(desk) == sorted(record.profile.name for record in desk.server.records.values())


def test_a_customer_deleted_there_goes_only_after_being_asked_for():
    desk = plain(page_size=10)
    ids = fill(desk, 25)
    desk.cycle()
    desk.server.remove(ids[4])
    desk.server.hidden.add(ids[9])
    report = desk.cycle(full=True)
    assert report.details["removed"] == 1
    assert not desk.knows(ids[4])
    assert desk.knows(ids[9])
    assert len(names(desk)) == 24


@pytest.mark.parametrize(("known", "missing"), [(60, 21), (30, 30), (3, 3)])
def test_a_short_list_deletes_nobody(known, missing):
    desk = plain(page_size=10)
    ids = fill(desk, known)
    desk.cycle()
    desk.server.hidden.update(ids[:missing])
    for one in ids[:missing]:
        record = desk.server.records.pop(one)
        desk.server.records[one] = record
    asked = desk.server.requests
    report = desk.cycle(full=True)
    assert report.details["suspects"] == missing
    assert len(names(desk)) == known
    assert desk.inbox() == ["suspects"]
    assert desk.server.requests > asked
    desk.cycle(full=True)
    assert desk.inbox() == ["suspects"]


def test_a_list_that_ignores_pages_is_refused():
    desk = plain(page_size=10)
    fill(desk, 25)
    desk.server.ignores_page = True
    report = desk.cycle()
    assert report.problem == "list_repeats"
    assert names(desk) == []


@pytest.mark.parametrize("pages", [1, 2, 3])
def test_a_scan_goes_on_where_it_was_cut(pages):
    desk = plain(page_size=10)
    fill(desk, 50)
    finding = 6
    desk.server.reads_fail = [""] * (finding + pages) + ["down"]
    assert desk.cycle().problem == "server_unreachable"
    first = len(names(desk))
    assert 0 < first < 50
    desk.engine = desk.new_engine()
    read = []
    desk.server.before_page = read.append
    desk.cycle()
    assert len(names(desk)) == 50
    assert len(read) == 5 - first // 10 + 2


def test_a_crash_between_a_page_and_its_commit_reads_it_again():
    desk = plain(page_size=10, book=MemoryBook)
    fill(desk, 50)
    commits = iter([False] * 4 + [True])
    desk.book.crash_before_commit = lambda: next(commits, False)
    with pytest.raises(KeyboardInterrupt):
        desk.cycle()
    desk.engine = desk.new_engine()
    desk.cycle()
    assert len(names(desk)) == 50


def test_between_scans_only_new_customers_are_read():
    desk = plain(page_size=10, rolling_refresh=0)
    fill(desk, 50)
    desk.cycle()
    new = desk.server.add("Newest")
    before = desk.server.requests
    desk.cycle()
    assert desk.knows(new)
    assert desk.server.requests - before == 2


def test_a_scan_is_due_again_after_some_hours():
    desk = plain(page_size=10)
    (one,) = fill(desk, 1)
    desk.cycle()
    desk.server.edit(one, name="Renamed")
    assert desk.cycle().details.get("scans") is None
    desk.clock.pass_time(7 * LONG)
    assert desk.cycle().details["scans"] == 1
    assert names(desk) == ["Renamed"]


def test_khatas_that_no_list_carries_are_fetched_in_turn():
    desk = plain(page_size=10, refresh_limit=4, rolling_refresh=3)
    ids = [desk.server.add(f"C{number}", balance=-number - 1) for number in range(10)]
    desk.cycle()
    assert sum(desk.numbers(one)[1] is not None for one in ids) == 4
    desk.cycles(2, seconds=30)
    assert [desk.numbers(one)[1] for one in ids] == [-number - 1 for number in range(10)]


# No number counts twice


def test_a_number_read_while_a_payment_is_in_doubt_does_not_count():
    desk = extended()
    one = desk.server.add("Asha", balance=-100)
    desk.cycle()
    payment = desk.pay(desk.ours(one), 40)
    desk.server.faults = ["drop_after"]
    desk.cycle()
    assert desk.state(payment) is S.UNKNOWN
    assert desk.numbers(one)[1] == -100, "the overlay still holds the payment"
    desk.cycles(2)
    assert desk.numbers(one)[1] == -60


def test_a_page_that_was_answered_before_a_payment_went_out_does_not_count():
    desk = extended()
    one = desk.server.add("Asha", balance=-100)
    desk.cycle()
    payment = desk.pay(desk.ours(one), 40)
    desk.server.post(one, Direction.DEBIT, 1)
    real = desk.server.changed_since

    def overtaken(since, page):
        rows = real(since, page)
        desk.engine.push_now(payment, deadline_seconds=5)
        return rows

    desk.server.changed_since = overtaken
    desk.engine._pull(Tally(), None, full=False)
    assert desk.state(payment) is S.CONFIRMED
    assert desk.numbers(one)[1] == -61


@pytest.mark.parametrize("listing", ["changed_since", "oldest_first"])
def test_a_page_that_was_answered_before_an_edit_went_out_does_not_bring_the_old_name_back(listing):
    desk = extended() if listing == "changed_since" else plain(page_size=1)
    one = desk.server.add("Asha")
    fill(desk, 2)
    desk.cycle()
    asha = desk.ours(one)
    edit = desk.edit(asha, name="Asha K")
    desk.server.edit(one, address="Lane 4")
    real, times = getattr(desk.server, listing), []

    def overtaken(*args):
        rows = real(*args)
        times.append(one in {row.remote_id for row in rows})
        if sum(times) == (1 if listing == "changed_since" else 2):
            desk.engine.push_now(edit, deadline_seconds=5)
        return rows

    setattr(desk.server, listing, overtaken)
    desk.engine._pull(Tally(), None, full=listing == "oldest_first")
    assert desk.state(edit) is S.CONFIRMED
    assert desk.customer(asha).profile.name == "Asha K"
    assert desk.customer(asha).profile.address == "Lane 4"


@pytest.mark.parametrize("make", [extended, plain])
def test_a_number_that_comes_back_to_what_it_was_is_seen(make):
    desk = make()
    one = desk.server.add("Asha", points=100)
    desk.cycle()
    desk.redeem(desk.ours(one), 30)
    desk.cycle()
    assert desk.numbers(one)[0] == 70
    desk.server.set_points(one, 100)
    desk.cycle(full=True)
    assert desk.numbers(one)[0] == 100


def test_an_accepted_entry_is_confirmed_by_the_khata_or_missed():
    desk = extended()
    one = desk.server.add("Asha")
    desk.cycle()
    first, second = desk.pay(desk.ours(one), 40), desk.pay(desk.ours(one), 2)
    desk.server.faults = ["drop_after"]
    desk.cycle()
    desk.server.reads_fail = ["", "down"]
    desk.cycles(1)
    assert {desk.state(first), desk.state(second)} == {S.ACKED}
    lost = desk.server.khatas[one].pop()
    assert lost.reference_id == second
    report = desk.cycle()
    assert (desk.state(first), desk.state(second)) == (S.CONFIRMED, S.NEEDS_HUMAN)
    assert desk.inbox() == ["lost_effect"]
    assert (report.details["confirmed"], report.details["lost"]) == (1, 1)


def test_a_non_primary_connection_only_reads():
    desk = extended()
    one = desk.server.add("Asha")
    desk.cycle()
    desk.pay(desk.ours(one), 40)
    second = replace(desk.connection, primary=False)
    desk.book.write(lambda session: session.settings.save_connection(second))
    desk.cycle()
    assert desk.server.effects == []


@pytest.mark.parametrize("capabilities", [EXTENDED, PLAIN])
def test_what_the_server_can_do_is_remembered(capabilities):
    desk = Desk(capabilities)
    desk.cycle()
    saved = desk.book.read(lambda session: session.settings.connections()[0])
    assert saved.capabilities == capabilities
    assert saved.last_success_at == desk.clock.now()
