"""Row 12: an old backup takes the book's place; what was sent since is asked about, never sent again blindly."""

from __future__ import annotations

import pytest

from posapp.domain.errors import StoreUnavailable
from posapp.domain.operation import OperationState
from posapp.store.errors import BackupExists
from posapp.store.replaying import OtherActs
from tests.support.disaster import DONE, Disaster
from tests.support.stub import StubServer
from tests.sync.stub_desk import StubDesk

S = OperationState


@pytest.fixture(params=["extended", "plain"])
def till(request, tmp_path):
    with StubServer(plain=request.param == "plain") as stub:
        desk = StubDesk(stub, tmp_path / "desk")
        desk.book.close()
        one = Disaster(desk, tmp_path)
        yield one
        one.desk.close()


@pytest.fixture
def extended(tmp_path):
    with StubServer() as stub:
        desk = StubDesk(stub, tmp_path / "desk")
        desk.book.close()
        one = Disaster(desk, tmp_path)
        yield one
        one.desk.close()


def acts_after(till):
    """Everything that both kinds of server take, done after the backup."""
    desk = till.desk
    asha, create = desk.add("Asha", "98200 22222", tags=("vip",))
    edit = desk.edit(asha, address="Lane 4")
    return [create, edit]


def test_row_12_acts_sent_after_the_backup_are_not_sent_again(till):
    desk = till.desk
    usha = desk.put_customer("Usha", phone="98200 11111")
    till.settle(1)
    before = desk.edit(desk.ours(usha), notes="before")
    till.settle(1)
    backup = till.backup()
    after = acts_after(till)
    till.settle(2)
    effects = desk.stub.effects()
    till.lose()
    done = till.restore(backup)
    assert (done.known, done.taken, done.asked) == (1, 2, 2)
    assert till.state(before) is S.CONFIRMED
    assert all(till.state(one) is S.UNKNOWN for one in after)
    till.settle()
    assert desk.stub.effects() == effects
    assert all(till.state(one) in DONE for one in after)
    assert desk.waiting() == 0
    assert not till.faults()


def test_row_12_acts_that_waited_in_the_backup_and_were_sent_since_have_one_effect(till):
    till.settle(1)
    after = acts_after(till)
    backup = till.backup()
    till.settle(2)
    effects = till.desk.stub.effects()
    assert len(effects) >= 2
    till.lose()
    done = till.restore(backup, with_copy=False)
    assert done.asked == 2
    till.settle()
    assert till.desk.stub.effects() == effects
    assert all(till.state(one) in DONE for one in after)


@pytest.mark.parametrize("effect", [{"drop_after": True}, {"drop_before": True}])
def test_row_12_an_answer_lost_before_the_disaster_ends_in_one_effect(till, effect):
    till.settle(1)
    backup = till.backup()
    create, edit = acts_after(till)
    till.desk.fault("POST", "*/api/v1/customers", **effect)
    till.settle(1)
    till.lose()
    till.restore(backup)
    till.settle(8)
    assert till.desk.effects_of(create) == ["customer"]
    assert len(till.desk.effects_of(edit)) <= 1
    assert {till.state(create), till.state(edit)} <= DONE
    names = [row["name"] for row in till.desk.office.get("/api/v1/customers").json()]
    assert names == ["Asha"]


@pytest.mark.parametrize("delivered", ["nothing", "answer lost", "everything"])
def test_row_12_money_moves_once(extended, delivered):
    till, desk = extended, extended.desk
    remote_id = desk.put_customer("Asha")
    till.settle(1)
    backup = till.backup()
    asha = desk.ours(remote_id)
    acts = [desk.charge(asha, 900), desk.pay(asha, 400), desk.sell(asha, 10_000, on_account=4_000)]
    if delivered == "answer lost":
        desk.fault("POST", "*/ledger", drop_after=True)
    if delivered != "nothing":
        till.settle(1)
    till.spoil()
    till.restore(backup)
    till.settle()
    assert [till.state(one) for one in acts] == [S.CONFIRMED] * 3
    assert desk.seen(remote_id)["ledger_balance"] == -4_500
    assert desk.numbers(remote_id)[1] == -4_500
    assert len(desk.office.get(f"/api/v1/customers/{remote_id}/ledger").json()) == 3


def test_row_12_points_that_cannot_be_asked_about_are_a_persons(tmp_path):
    with StubServer(plain=True, customers=60) as stub:
        desk = StubDesk(stub, tmp_path / "desk")
        desk.book.close()
        till = Disaster(desk, tmp_path)
        till.settle(1)
        rich = max(desk.office.get("/api/v1/customers?limit=250").json(), key=lambda row: row["loyalty_points"])
        backup = till.backup()
        redeem = desk.redeem(desk.ours(rich["id"]), 10)
        till.settle(1)
        effects = stub.effects()
        till.lose()
        till.restore(backup)
        till.settle()
        assert stub.effects() == effects
        assert till.state(redeem) is S.NEEDS_HUMAN
        assert "unknown" in desk.inbox()
        desk.close()


def test_row_12_evidence_from_before_the_backup_proves_nothing_any_more(tmp_path):
    """The points right before an older attempt equal the points now, by accident: the act is not sent a second time."""
    with StubServer(plain=True, customers=60) as stub:
        desk = StubDesk(stub, tmp_path / "desk")
        desk.book.close()
        till = Disaster(desk, tmp_path)
        till.settle(1)
        rich = max(desk.office.get("/api/v1/customers?limit=250").json(), key=lambda row: row["loyalty_points"])
        redeem = desk.redeem(desk.ours(rich["id"]), 10)
        desk.fault("POST", "*/loyalty/redeem", drop_after=True)
        desk.engine.run_cycle()
        assert till.state(redeem) is S.UNKNOWN
        backup = till.backup()
        till.lose()
        till.restore(backup)
        till.settle()
        assert till.state(redeem) is S.NEEDS_HUMAN
        assert desk.seen(rich["id"])["loyalty_points"] == rich["loyalty_points"] - 10
        desk.close()


def test_row_12_a_second_copy_of_another_line_is_refused_and_nothing_is_touched(extended):
    till, desk = extended, extended.desk
    till.settle(1)
    backup = till.backup()
    desk.add("Asha")
    till.lose()
    till.restore(backup, with_copy=False)
    desk.add("Usha")
    later = till.backup("later.db")
    till.close()
    (aside,) = till.stick.glob("*.aside-*")
    before = till.path.read_bytes()
    with pytest.raises(OtherActs):
        till.restore(later, copy=aside)
    assert till.path.read_bytes() == before
    till.open()


def test_row_12_a_backup_that_breaks_off_leaves_nothing_with_its_name(extended, tmp_path):
    till = extended
    target = tmp_path / "file-in-the-way" / "copy.db"
    target.parent.write_text("in the way")
    with pytest.raises(StoreUnavailable):
        till.desk.book.backup(target)
    backup = till.backup()
    with pytest.raises(BackupExists):
        till.backup()
    assert sorted(one.name for one in till.stick.iterdir()) == [backup.name, till.copy.name]
