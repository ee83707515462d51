"""What a server announces is relied on until it is once seen not to be kept; then no more, until a person says so."""

from dataclasses import replace
from typing import Any

import pytest

from posapp.domain.ledger import Direction
from posapp.domain.operation import OperationState
from posapp.services.ports.remote import Capabilities
from posapp.services.ports.trust import EXTENSION_BROKEN, distrusted, trust_again
from tests.sync.desk import Desk
from tests.sync.fake_server import EXTENDED

pytestmark = pytest.mark.usefixtures("any_book")

S = OperationState
WEEK = 7 * 24 * 3600.0 + 60


def given_up(desk: Desk) -> set[str]:
    """What the book says is not relied on; the connector and the saved connection say so as well."""
    names = set(desk.book.read(lambda session: distrusted(session, desk.connection.id)))
    assert all(not getattr(desk.server.capabilities, name) for name in names)
    return names


def alarms(desk: Desk) -> list[Any]:
    items = desk.book.read(lambda session: session.inbox.items())
    return [item for item in items if item.kind == EXTENSION_BROKEN]


def saved(desk: Desk) -> Capabilities:
    [connection] = desk.book.read(lambda session: session.settings.connections())
    return connection.capabilities


def doubtful_create(desk: Desk, *, forgets: bool) -> str:
    """Make a customer whose first answer is lost, at a server that forgets its keys or keeps them."""
    _, operation_id = desk.add("Asha", "+919820022222")
    desk.server.faults = ["drop_after"]
    desk.cycle()
    assert desk.state(operation_id) is S.UNKNOWN
    if forgets:
        desk.server.keys.clear()
    desk.cycles(1)
    assert desk.state(operation_id) is S.CONFIRMED
    return operation_id


# Keys


def test_a_customer_made_twice_under_one_key() -> None:
    desk = Desk()
    operation_id = doubtful_create(desk, forgets=True)
    twins = {record.remote_id for record in desk.server.named("Asha")}
    assert len(twins) == 2
    assert given_up(desk) == {"idempotency_keys"}
    [alarm] = alarms(desk)
    assert (alarm.operation_id, alarm.evidence["extensions"]) == (operation_id, ["idempotency-key"])
    duplicate = next(item for item in desk.book.read(lambda session: session.inbox.items()) if item.kind == "duplicate")
    assert set(duplicate.evidence["candidates"]) == twins
    assert not saved(desk).idempotency_keys


def test_after_that_a_doubtful_create_is_looked_for_and_not_sent_again() -> None:
    desk = Desk()
    doubtful_create(desk, forgets=True)
    _, operation_id = desk.add("Bela", "+919820033333")
    desk.server.faults = ["drop_after"]
    desk.cycle()
    desk.cycles(3)
    assert desk.state(operation_id) is S.CONFIRMED
    assert len(desk.server.named("Bela")) == 1
    assert desk.server.sent[-1].key is None


def test_keys_that_are_kept_stay_trusted() -> None:
    desk = Desk()
    doubtful_create(desk, forgets=False)
    assert (given_up(desk), alarms(desk)) == (set(), [])


def test_a_first_attempt_that_never_arrived_accuses_nobody() -> None:
    desk = Desk()
    desk.server.add("Asha", "+919820044444")
    desk.cycle()
    desk.add("Asha", "+919820022222")
    desk.server.faults = ["drop_before"]
    desk.cycle()
    desk.cycles(2)
    assert (given_up(desk), alarms(desk)) == (set(), [])


def test_a_twin_is_looked_for_again_where_the_search_failed() -> None:
    desk = Desk()
    desk.add("Asha", "+919820022222")
    desk.server.faults = ["drop_after"]
    desk.cycle()
    desk.server.keys.clear()
    search, desk.server.search = desk.server.search, lambda text: desk.server._read() or []
    desk.server.before_send = lambda _request: desk.server.reads_fail.append("down")
    desk.cycles(1)
    desk.server.before_send, desk.server.search = None, search
    assert given_up(desk) == set()
    desk.cycles(2)
    assert given_up(desk) == {"idempotency_keys"}


def test_it_holds_after_a_restart_whatever_is_announced() -> None:
    desk = Desk()
    doubtful_create(desk, forgets=True)
    desk.server.distrust(())
    desk.engine = desk.new_engine()
    assert not desk.server.capabilities.idempotency_keys
    desk.cycle()
    assert not saved(desk).idempotency_keys


def test_a_person_trusts_it_again() -> None:
    desk = Desk()
    doubtful_create(desk, forgets=True)
    desk.book.write(lambda session: trust_again(session, desk.connection.id, ["idempotency_keys"]))
    desk.cycle()
    assert given_up(desk) == set()
    assert saved(desk) == EXTENDED


# Points


@pytest.mark.parametrize(
    ("keys", "broken"), [(True, {"redeem_unique", "idempotency_keys"}), (False, {"redeem_unique"})]
)
def test_points_taken_twice(keys: bool, broken: set[str]) -> None:
    desk = Desk(replace(EXTENDED, idempotency_keys=keys))
    remote_id = desk.server.add("Asha", points=100)
    desk.cycle()
    redemption = desk.redeem(desk.ours(remote_id), 30)
    desk.server.faults = ["drop_after"]
    desk.cycle()
    desk.server.keys.clear()
    desk.server.unique.clear()
    desk.cycles(2)
    assert desk.server.records[remote_id].points == 40
    assert given_up(desk) == broken
    [alarm] = alarms(desk)
    assert alarm.operation_id == redemption
    assert (alarm.evidence["points_before"], alarm.evidence["points_after"]) == (100, 40)


def test_points_taken_once_accuse_nobody() -> None:
    desk = Desk(replace(EXTENDED, idempotency_keys=False))
    remote_id = desk.server.add("Asha", points=100)
    desk.cycle()
    desk.redeem(desk.ours(remote_id), 30)
    desk.server.faults = ["drop_after"]
    desk.cycle()
    desk.cycles(2)
    assert desk.server.records[remote_id].points == 70
    assert (given_up(desk), alarms(desk)) == (set(), [])


# Khata


def test_an_entry_written_twice_is_looked_for_from_then_on() -> None:
    desk = Desk()
    remote_id = desk.server.add("Asha")
    desk.cycle()
    asha = desk.ours(remote_id)
    payment = desk.pay(asha, 500)
    desk.server.faults = ["drop_after"]
    desk.cycle()
    desk.server.keys.clear()
    desk.server.unique.clear()
    desk.cycles(3)
    assert len(desk.server.khatas[remote_id]) == 2
    assert given_up(desk) == {"unique_references", "idempotency_keys"}
    assert [item.operation_id for item in alarms(desk)] == [payment]

    again = desk.pay(asha, 700)
    desk.server.faults = ["drop_after"]
    desk.cycle()
    desk.server.unique.clear()
    desk.cycles(3)
    assert desk.state(again) in {S.ACKED, S.CONFIRMED}
    assert [entry.amount.minor for entry in desk.server.khatas[remote_id]] == [500, 500, 700]


# Changes


def test_a_list_of_changes_that_makes_no_sense_twice_is_given_up() -> None:
    desk = Desk()
    asha = desk.server.add("Asha")
    bela = desk.server.add("Bela")
    desk.cycle()
    desk.server.edit(asha, name="Asha Rao")
    changes = desk.server.changed_since
    desk.server.changed_since = lambda since, page: list(reversed(changes(None, page)))
    assert desk.cycle().problem == "changes_out_of_order"
    assert given_up(desk) == set()
    assert desk.cycle().problem is None
    assert given_up(desk) == {"updated_since"}
    assert desk.customer(desk.ours(asha)).profile.name == "Asha Rao"
    assert [item.evidence["seen"] for item in alarms(desk)] == ["changes_senseless"]
    desk.server.edit(bela, name="Bela Rao")
    desk.cycles(2, seconds=4 * 3600)
    assert desk.customer(desk.ours(bela)).profile.name == "Bela Rao"
    assert desk.cycle().problem is None


def test_two_that_make_no_sense_with_a_good_one_between_are_forgiven() -> None:
    desk = Desk()
    desk.server.add("Asha")
    desk.server.add("Bela")
    desk.cycle()
    changes = desk.server.changed_since
    for _ in range(3):
        desk.server.changed_since = lambda since, page: list(reversed(changes(None, page)))
        assert desk.cycle().problem == "changes_out_of_order"
        desk.server.changed_since = changes
        assert desk.cycle().problem is None
    assert given_up(desk) == set()


def untold(desk: Desk, *names: str) -> None:
    """From now on, the list of changes leaves somebody out."""
    changes = desk.server.changed_since
    desk.server.changed_since = lambda since, page: [
        record for record in changes(since, page) if record.profile.name not in names
    ]


def test_a_change_that_was_not_told() -> None:
    desk = Desk()
    asha = desk.server.add("Asha")
    bela = desk.server.add("Bela")
    desk.cycle()
    untold(desk, "Asha Rao")
    desk.server.edit(asha, name="Asha Rao")
    desk.server.edit(bela, name="Bela Rao")
    desk.cycle()
    assert desk.customer(desk.ours(asha)).profile.name == "Asha"
    assert desk.cycle(full=True).problem is None
    assert desk.customer(desk.ours(asha)).profile.name == "Asha Rao"
    assert given_up(desk) == {"updated_since"}
    [alarm] = alarms(desk)
    assert (alarm.customer_id, alarm.evidence["seen"]) == (desk.ours(asha), "change_untold")


def test_a_customer_of_whom_nothing_was_told() -> None:
    desk = Desk()
    desk.server.add("Asha")
    desk.cycle()
    untold(desk, "Chand")
    chand = desk.server.add("Chand")
    desk.server.add("Dina")
    desk.cycle()
    desk.cycle(full=True)
    assert desk.knows(chand)
    assert [item.customer_id for item in alarms(desk)] == [desk.ours(chand)]


def test_a_scan_of_an_honest_server_accuses_nobody() -> None:
    desk = Desk(page_size=3)
    remote_ids = [desk.server.add(f"Customer {n}", points=n) for n in range(9)]
    desk.cycle()
    desk.edit(desk.ours(remote_ids[0]), name="Edited here")
    desk.pay(desk.ours(remote_ids[1]), 300)
    desk.server.edit(remote_ids[2], name="Edited there")
    desk.server.post(remote_ids[3], Direction.DEBIT, 900)
    for n in range(4):
        desk.server.before_page = lambda _page, n=n: desk.server.set_points(remote_ids[4], n)
        assert desk.cycle(full=True).problem is None
    assert (given_up(desk), alarms(desk)) == (set(), [])


def test_trusted_again_everybody_is_read_anew() -> None:
    desk = Desk()
    asha = desk.server.add("Asha", balance=-500)
    desk.server.add("Bela")
    desk.cycle()
    changes = desk.server.changed_since
    desk.server.changed_since = lambda since, page: list(reversed(changes(None, page)))
    desk.cycle()
    desk.cycle()
    desk.server.edit(asha, name="Asha Rao")
    desk.server.changed_since = changes
    desk.book.write(lambda session: trust_again(session, desk.connection.id, ["updated_since"]))
    desk.cycle()
    assert desk.customer(desk.ours(asha)).profile.name == "Asha Rao"
    desk.cycle(full=True)
    assert (given_up(desk), len(alarms(desk))) == (set(), 1)


# Deletions, and the audit that finds them


def test_a_server_that_tells_everything_is_read_whole_once_a_week() -> None:
    desk = Desk()
    desk.server.add("Asha")
    desk.cycle()
    assert "scans" not in desk.cycles(1, seconds=WEEK - 3600).details
    assert desk.cycles(1, seconds=3600).details["scans"] == 1
    assert "scans" not in desk.cycles(1, seconds=WEEK - 3600).details
    assert desk.cycles(1, seconds=3600).details["scans"] == 1


def test_a_deletion_that_was_not_told() -> None:
    desk = Desk()
    asha = desk.server.add("Asha")
    desk.server.add("Bela")
    desk.cycle()
    ours = desk.ours(asha)
    desk.server.remove(asha)
    desk.server.stones.clear()
    desk.cycle()
    assert desk.knows(asha)
    assert desk.cycles(1, seconds=WEEK).problem is None
    assert not desk.knows(asha)
    assert given_up(desk) == {"tombstones"}
    [alarm] = alarms(desk)
    assert (alarm.customer_id, alarm.evidence["seen"]) == (ours, "deletion_untold")
    assert desk.cycles(1, seconds=7 * 3600).details["scans"] == 1


def test_a_deletion_in_the_middle_of_a_scan_accuses_nobody() -> None:
    desk = Desk()
    asha = desk.server.add("Asha")
    desk.server.add("Bela")
    desk.cycle()
    removed = []

    def remove(_page: int) -> None:
        if desk.server.requests > before + 4 and not removed:
            removed.append(desk.server.remove(asha))

    before = desk.server.requests
    desk.server.before_page = remove
    desk.cycle(full=True)
    desk.server.before_page = None
    assert removed
    desk.cycle(full=True)
    assert not desk.knows(asha)
    assert (given_up(desk), alarms(desk)) == (set(), [])
