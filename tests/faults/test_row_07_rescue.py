"""Row 7, its second half: the book is spoiled, cut or gone; backup and second copy bring everything back."""

from __future__ import annotations

import pytest

from posapp.domain.errors import StoreCorrupt, StoreUnavailable
from posapp.domain.operation import OperationState
from posapp.store.book import open_book
from posapp.store.copied_acts import CopyOfAnotherKey, survey
from posapp.store.errors import NotABackup
from posapp.store.second_copy import SecondCopyAltered, SecondCopyCut, SecondCopyGap
from tests.support.disaster import DONE, KEY, Disaster
from tests.support.stub import StubServer
from tests.sync.stub_desk import StubDesk

S = OperationState


@pytest.fixture
def stub():
    with StubServer() as one:
        yield one


@pytest.fixture
def till(stub, tmp_path):
    yield from _till(stub, tmp_path / "first")


@pytest.fixture
def other(stub, tmp_path):
    yield from _till(stub, tmp_path / "second")


def _till(stub, folder):
    desk = StubDesk(stub, folder / "desk")
    desk.book.close()
    one = Disaster(desk, folder)
    yield one
    one.desk.close()


def a_day(till):
    """A customer of the server's and a new one, money of both, and something kept; nothing of it is sent yet."""
    desk = till.desk
    remote_id = desk.put_customer("Usha", phone="98200 11111")
    till.settle(1)
    usha = desk.ours(remote_id)
    asha, create = desk.add("Asha", "98200 22222")
    sent = [create, desk.charge(asha, 900), desk.pay(usha, 400), desk.edit(usha, address="Lane 4")]
    return remote_id, sent, desk.keep_charge(usha, 70)


@pytest.mark.parametrize("damage", ["pages", "cut", "empty", "gone"])
def test_row_07_a_spoiled_book_comes_back_whole(till, damage):
    remote_id, sent, kept = a_day(till)
    backup = till.backup()
    more = till.desk.pay(till.desk.ours(remote_id), 100)
    till.settle(1)
    effects = till.desk.stub.effects()
    _harm(till, damage)
    done = till.restore(backup)
    assert (done.known, done.taken) == (5, 1)
    till.settle()
    assert till.desk.stub.effects() == effects
    assert {till.state(one) for one in (*sent, more)} == {S.CONFIRMED}
    assert till.state(kept) is S.KEPT
    assert till.desk.waiting() == 0
    assert not till.faults()
    laid_aside = sorted(one.name for one in till.path.parent.glob("book.db.before-restore-*"))
    assert bool(laid_aside) == (damage != "gone")


def _harm(till, damage):
    if damage == "pages":
        till.spoil()
    else:
        till.close()
    if damage == "cut":
        content = till.path.read_bytes()
        till.path.write_bytes(content[: len(content) // 2])
    if damage == "empty":
        till.path.write_bytes(b"")
    if damage == "gone":
        till.path.unlink()
    with pytest.raises(StoreUnavailable):
        open_book(till.path, KEY, clock=till.desk.clock)


def test_row_07_a_lost_book_is_built_anew_from_the_second_copy_alone(till):
    remote_id, sent, kept = a_day(till)
    till.settle(1)
    desk, chain = till.desk, lambda: till.desk.book.read(lambda s: s.operations.chain(0, 100))
    before, usha, effects = chain(), desk.ours(remote_id), desk.stub.effects()
    till_id = desk.book.read(lambda session: session.settings.till_id())
    till.lose()
    done = till.rebuild()
    assert (done.known, done.taken, done.kept) == (0, 5, 1)
    assert chain() == before
    assert desk.book.read(lambda session: session.settings.till_id()) == till_id
    till.settle()
    assert desk.stub.effects() == effects
    assert {till.state(one) for one in sent} == {S.CONFIRMED}
    assert till.state(kept) is S.KEPT
    assert desk.ours(remote_id) == usha
    assert sorted(one.profile.name for one in desk.customers()) == ["Asha", "Usha"]
    assert desk.numbers(remote_id)[1] == 400
    assert desk.customer(usha).profile.address == "Lane 4"


def test_row_07_what_was_never_sent_goes_out_once_after_a_rebuild(till):
    remote_id, sent, _ = a_day(till)
    till.lose()
    till.rebuild()
    till.settle()
    assert {till.state(one) for one in sent} == {S.CONFIRMED}
    assert till.desk.seen(remote_id)["ledger_balance"] == 400
    assert len({effect["op"] for effect in till.desk.stub.effects() if effect["op"]}) == 4


def test_row_07_each_damage_of_the_second_copy_is_named_and_the_acts_before_it_can_be_used(till):
    _, sent, _ = a_day(till)
    till.lose()
    whole = till.copy.read_bytes().splitlines(keepends=True)
    changed = bytearray(whole[3])
    changed[30] ^= 1
    for lines, error in (
        ([*whole[:3], bytes(changed), *whole[4:]], SecondCopyAltered),
        ([*whole[:3], *whole[4:]], SecondCopyGap),
        ([*whole[:3], whole[3][:-9]], SecondCopyCut),
    ):
        till.copy.write_bytes(b"".join(lines))
        with pytest.raises(error):
            till.rebuild()
        assert not till.path.exists()
    done = till.rebuild(up_to_damage=True)
    assert (done.acts, done.taken, type(done.damage)) == (2, 2, SecondCopyCut)
    assert till.state(sent[0]) is S.UNKNOWN
    with pytest.raises(CopyOfAnotherKey):
        survey(till.copy, bytes(32), up_to_damage=True)


def test_row_07_a_spoiled_backup_is_refused_and_the_book_is_untouched(till):
    a_day(till)
    backup = till.backup()
    content = bytearray(backup.read_bytes())
    for place in range(8192, len(content), 4096):
        content[place + 7] ^= 1
    backup.write_bytes(content)
    till.close()
    before = till.path.read_bytes()
    with pytest.raises((NotABackup, StoreCorrupt)):
        till.restore(backup)
    assert till.path.read_bytes() == before
    assert not (till.path.parent / "restoring").exists()
    till.open()


@pytest.mark.parametrize("fate", ["never sent", "answer lost", "all there"])
def test_row_07_a_dead_till_is_rescued_by_a_living_one(till, other, fate):
    remote_id, sent, kept = a_day(till)
    if fate == "answer lost":
        till.desk.fault("POST", "*/ledger", drop_after=True)
    if fate != "never sent":
        till.settle(1)
    till.close()
    other.settle(1)
    mine = other.desk.pay(other.desk.ours(remote_id), 30)
    other.settle(1)
    done = other.rescue(till.copy)
    assert (done.known, done.taken, done.kept) == (0, 5, 1)
    standing = other.desk.book.read(lambda session: session.khata.standing(other.desk.ours(remote_id)))
    assert standing.server_balance is None  # nobody knows whether it holds what is in doubt
    assert standing.kept_balance.minor == -70
    again = other.rescue(till.copy)
    assert (again.known, again.taken) == (5, 0)
    other.settle()
    assert {other.state(one) for one in (*sent, mine)} == {S.CONFIRMED}
    assert other.state(kept) is S.KEPT
    assert other.desk.seen(remote_id)["ledger_balance"] == 430
    entries = other.desk.office.get(f"/api/v1/customers/{remote_id}/ledger").json()
    assert len(entries) == 2
    names = [row["name"] for row in other.desk.office.get("/api/v1/customers").json()]
    assert sorted(names) == ["Asha", "Usha"]
    live = [one for one in other.desk.customers() if one.status.value == "live"]
    assert sorted(one.profile.name for one in live) == ["Asha", "Usha"]
    standing = other.desk.book.read(lambda session: session.khata.standing(other.desk.ours(remote_id)))
    assert (standing.server_balance.minor, standing.unsent_balance.minor) == (430, 0)
    assert not other.faults()
    rescued = other.desk.view(sent[1])
    assert (rescued.operation.actor, rescued.evidence["rescued_seq"]) == ("asha", 2)


def test_row_07_a_dead_tills_acts_on_a_server_that_cannot_be_asked_twice(tmp_path):
    with StubServer(plain=True) as stub:
        first, second = (next(tills) for tills in (_till(stub, tmp_path / "a"), _till(stub, tmp_path / "b")))
        first.settle(1)
        _, create = first.desk.add("Asha", "98200 22222")
        first.desk.fault("POST", "*/api/v1/customers", drop_after=True)
        first.desk.engine.run_cycle()
        assert first.state(create) is S.UNKNOWN
        first.close()
        second.settle(1)
        second.rescue(first.copy)
        second.settle()
        assert second.state(create) in DONE
        assert [row["name"] for row in second.desk.office.get("/api/v1/customers").json()] == ["Asha"]
        live = [one for one in second.desk.customers() if one.status.value == "live"]
        assert len(live) == 1
        first.desk.close()
        second.desk.close()


def test_row_07_a_till_whose_book_lost_its_end_is_rescued_by_its_own_copy(till):
    _, sent, _ = a_day(till)
    backup = till.backup()
    later = till.desk.add("Ravi")[1]
    till.close()
    copy = till.stick / "kept"
    copy.write_bytes(till.copy.read_bytes())
    backup.replace(till.path)
    till.copy.unlink()
    till.open()
    done = till.rescue(copy)
    assert done.taken == 1
    till.settle()
    waiting = till.desk.add("Sita")[1]
    again = till.rescue(copy)
    assert (again.known, again.taken, again.asked) == (6, 0, 0)
    assert till.state(waiting) is S.PENDING
    assert {till.state(one) for one in (*sent, later)} == {S.CONFIRMED}
    assert not till.faults()
