"""Book, engine, connector and server stub together, with the network in between going wrong."""

import pytest

from posapp.domain.operation import OperationState
from posapp.services.dto import CustomerStatus
from tests.support.stub import StubServer
from tests.sync.desk import QUARANTINE
from tests.sync.stub_desk import StubDesk

S = OperationState
EVERY = "*/api/v1/*"


@pytest.fixture(params=["extended", "plain"])
def desk(request, tmp_path):
    with StubServer(plain=request.param == "plain", customers=0) as stub:
        one = StubDesk(stub, tmp_path)
        yield one
        one.close()


@pytest.fixture
def extended_desk(tmp_path):
    with StubServer() as stub:
        one = StubDesk(stub, tmp_path)
        yield one
        one.close()


@pytest.fixture
def plain_desk(tmp_path):
    with StubServer(plain=True) as stub:
        one = StubDesk(stub, tmp_path)
        yield one
        one.close()


def rest(desk, cycles=4):
    for _ in range(cycles):
        desk.clock.pass_time(QUARANTINE)
        report = desk.engine.run_cycle()
    return report


def test_both_sides_add_edit_and_delete(desk):
    usha = desk.put_customer("Usha", phone="98200 11111", notes="old")
    ravi, sita = desk.put_customer("Ravi"), desk.put_customer("Sita")
    for number in range(7):
        desk.put_customer(f"C{number}")
    first = desk.cycle()
    assert first.problem is None
    assert first.pulled == 10
    asha, create = desk.add("Asha", "98200 22222", tags=("vip",))
    edit = desk.edit(desk.ours(usha), notes="old\ntill", address="Lane 4")
    desk.office_edits(usha, notes="old\noffice", email="usha@example.com")
    desk.office_deletes(ravi)
    delete = desk.delete(desk.ours(sita))
    report = desk.cycle(full=True)
    assert report.problem is None
    assert [desk.state(one) for one in (create, edit, delete)] == [S.CONFIRMED] * 3
    assert desk.office.get(f"/api/v1/customers/{sita}").status_code == 404
    assert desk.seen(usha)["notes"] == "old\noffice\ntill"
    assert desk.customer(desk.ours(usha)).profile.email == "usha@example.com"
    assert desk.seen(desk.remote(asha))["tags"] == ["vip"]
    assert desk.customer(desk.ours(ravi)).status is CustomerStatus.DELETED
    assert desk.waiting() == 0
    assert desk.inbox() == []


@pytest.mark.parametrize("effect", [{"drop_after": True}, {"drop_before": True}, {"status": 503}, {"html_200": True}])
def test_a_create_whose_answer_is_lost_makes_one_customer(desk, effect):
    desk.cycle()
    asha, create = desk.add("Asha", "98200 22222", address="Lane 4", tags=("vip",))
    desk.fault("POST", "*/api/v1/customers", **effect)
    desk.cycle()
    assert desk.state(create) is S.UNKNOWN
    rest(desk)
    assert desk.state(create) is S.CONFIRMED
    assert desk.effects_of(create) == ["customer"]
    assert [one.id for one in desk.customers()] == [asha]
    assert desk.seen(desk.remote(asha))["address"] == "Lane 4"


@pytest.mark.parametrize("effect", [{"drop_after": True}, {"drop_before": True}, {"truncate": True}, {"status": 500}])
def test_a_payment_whose_answer_is_lost_is_paid_once(extended_desk, effect):
    desk = extended_desk
    remote_id = desk.put_customer("Asha")
    desk.cycle()
    asha = desk.ours(remote_id)
    charge, payment = desk.charge(asha, 900), desk.pay(asha, 400)
    desk.fault("POST", "*/ledger", **effect)
    desk.cycle()
    assert desk.state(charge) is S.UNKNOWN
    assert desk.state(payment) is S.PENDING
    rest(desk)
    assert (desk.state(charge), desk.state(payment)) == (S.CONFIRMED, S.CONFIRMED)
    assert desk.seen(remote_id)["ledger_balance"] == -500
    assert desk.numbers(remote_id) == (0, -500)
    assert len(desk.effects_of(charge)) == len(desk.effects_of(payment)) == 1
    standing = desk.book.read(lambda session: session.khata.standing(asha))
    assert standing.balance is not None
    assert (standing.balance.minor, standing.unsent_balance.minor) == (-500, 0)


def test_more_points_than_there_are_is_refused(plain_desk):
    desk = plain_desk
    remote_id = desk.put_customer("Asha")
    desk.cycle()
    redeem = desk.redeem(desk.ours(remote_id), 10)
    desk.cycle()
    assert desk.state(redeem) is S.REJECTED
    assert desk.view(redeem).evidence["code"] == "insufficient_points"


@pytest.mark.parametrize("effect", [{"drop_after": True}, {"drop_before": True}])
@pytest.mark.parametrize("offers", ["plain", "extended"])
def test_a_lost_redemption_takes_the_points_once(tmp_path, effect, offers):
    with StubServer(plain=offers == "plain", customers=60) as stub:
        desk = StubDesk(stub, tmp_path)
        desk.cycle()
        rich = max(desk.office.get("/api/v1/customers?limit=250").json(), key=lambda row: row["loyalty_points"])
        points, remote_id = rich["loyalty_points"], rich["id"]
        redeem = desk.redeem(desk.ours(remote_id), 10)
        desk.fault("POST", "*/loyalty/redeem", **effect)
        desk.cycle()
        assert desk.state(redeem) is S.UNKNOWN
        rest(desk)
        assert desk.state(redeem) is S.CONFIRMED
        assert desk.seen(remote_id)["loyalty_points"] == points - 10
        assert desk.numbers(remote_id)[0] == points - 10
        desk.close()


def test_a_sale_and_its_reversal(extended_desk):
    desk = extended_desk
    remote_id = desk.put_customer("Asha")
    desk.cycle()
    sale = desk.sell(desk.ours(remote_id), 10_000, on_account=4_000)
    desk.cycle()
    assert desk.state(sale) is S.CONFIRMED
    assert desk.numbers(remote_id) == (100, -4_000)
    undo = desk.reverse(sale, sale_id=sale)
    desk.cycle()
    assert desk.state(undo) is S.CONFIRMED
    assert desk.numbers(remote_id) == (0, 0)


def test_a_customer_with_history_is_anonymised_there_and_here(extended_desk):
    desk = extended_desk
    remote_id = desk.put_customer("Asha", phone="98200 22222")
    desk.cycle()
    asha = desk.ours(remote_id)
    desk.charge(asha, 5)
    desk.pay(asha, 5)
    desk.cycle()
    delete = desk.delete(asha)
    desk.fault("DELETE", "*", drop_after=True)
    desk.cycle()
    rest(desk, 2)
    assert desk.state(delete) is S.CONFIRMED
    assert desk.customer(asha).status is CustomerStatus.ANONYMIZED
    assert desk.customer(asha).profile.phone is None
    assert desk.inbox() == []


def test_an_edit_in_between_is_merged_not_overwritten(desk):
    remote_id = desk.put_customer("Asha", tags=["late"])
    desk.cycle()
    edit = desk.edit(desk.ours(remote_id), tags=("late", "till"))
    desk.office_edits(remote_id, tags=["late", "office"])
    desk.fault("PUT", "*", drop_after=True)
    desk.cycle()
    rest(desk, 2)
    assert desk.state(edit) is S.CONFIRMED
    assert set(desk.seen(remote_id)["tags"]) == {"late", "till", "office"}
    assert len(desk.effects_of(edit)) == 1


def test_a_busy_server_says_when(desk):
    remote_id = desk.put_customer("Asha")
    desk.cycle()
    edit = desk.edit(desk.ours(remote_id), address="Lane 4")
    desk.stub.faults([{"match": {"method": "PUT", "count": 1}, "effect": {"status": 429, "retry_after": 20}}])
    report = desk.cycle()
    assert report.details["retry_after"] == 20
    assert desk.state(edit) is S.PENDING
    desk.clock.pass_time(21)
    assert desk.cycle().problem is None
    assert desk.state(edit) is S.CONFIRMED


def test_a_refused_credential_pauses_and_loses_nothing(desk):
    remote_id = desk.put_customer("Asha")
    desk.cycle()
    edit = desk.edit(desk.ours(remote_id), address="Lane 4")
    desk.stub.faults([{"match": {"path": EVERY}, "effect": {"status": 401}}])
    assert desk.cycle().problem == "sign_in_required"
    assert desk.cycle().problem == "sign_in_required"
    assert desk.state(edit) is S.PENDING
    desk.stub.clear_faults()
    assert desk.cycle().problem is None
    assert desk.state(edit) is S.CONFIRMED


def test_a_server_that_goes_away_and_comes_back(desk):
    desk.cycle()
    asha, create = desk.add("Asha")
    edit = desk.edit(asha, address="Lane 4")
    desk.stub.stop()
    report = desk.cycle()
    assert report.problem == "server_unreachable"
    assert desk.engine.push_now(create, deadline_seconds=2).state is S.PENDING
    desk.stub.start()
    rest(desk, 2)
    assert (desk.state(create), desk.state(edit)) == (S.CONFIRMED, S.CONFIRMED)
    assert desk.seen(desk.remote(asha))["address"] == "Lane 4"


def test_a_page_cut_in_half_changes_nothing(desk):
    remote_id = desk.put_customer("Asha")
    desk.cycle()
    other = desk.put_customer("Usha")
    desk.fault("GET", "*/api/v1/customers", truncate=True)
    report = desk.cycle(full=True)
    assert report.problem is not None
    assert desk.knows(remote_id)
    assert desk.cycle(full=True).problem is None
    assert desk.knows(other)


def test_a_seeded_shop_comes_over_whole(tmp_path):
    for offers in ("plain", "extended"):
        with StubServer(plain=offers == "plain", customers=400) as stub:
            desk = StubDesk(stub, tmp_path / offers, refresh_limit=5)
            assert desk.cycle().problem is None
            page, listed = 1, []
            while rows := desk.office.get(f"/api/v1/customers?limit=250&page={page}").json():
                listed += rows
                page += 1
            assert all(desk.knows(row["id"]) for row in listed)
            live = [one for one in desk.customers() if one.status is CustomerStatus.LIVE]
            assert len(live) == len(listed)
            assert desk.cycle().pulled <= 5
            desk.close()
