"""The server is put back to an older backup: it has forgotten acts that it took, and nobody says so."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from posapp.domain.ids import OperationId, new_uuid
from posapp.domain.operation import OperationState
from posapp.services.dto import CustomerStatus, InboxItem
from posapp.services.resolving.decision import Choice, Decision
from posapp.services.resolving.resolve import resolve
from tests.faults.shop import SEEDED, Shop
from tests.faults.wire import Wire
from tests.support.stub import StubServer

S = OperationState

NUMBERING = [
    f"{api_name} {offers}" for api_name in ("selorax", "portal", "siyahfy") for offers in ("extended", "plain")
]
"""Servers whose customers have numbers."""


class BackedUp(Shop):
    """A shop whose server is backed up, and put back later."""

    database: Path
    later: list[timedelta]

    def back_up(self) -> None:
        _copy(self.database, self.database.with_suffix(".bak"))

    def put_back(self) -> None:
        _copy(self.database.with_suffix(".bak"), self.database)

    def the(self, kind: str) -> InboxItem:
        return next(item for item in self.book.read(lambda session: session.inbox.items()) if item.kind == kind)

    def decide(self, choice: Choice, kind: str = "server_restored") -> None:
        resolve(self.till, self.the(kind).id, Decision(choice, reason="as agreed", approved_by="manager"))

    def listed(self) -> set[OperationId]:
        acts = self.the("server_restored").evidence["acts"]
        assert isinstance(acts, list)
        return {act["operation"] for act in acts}


def _copy(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(target)) as other:
        one.backup(other)


@contextmanager
def backed_up(folder: Path, *, plain: bool, seeded: int = SEEDED, api_name: str = "pos") -> Iterator[BackedUp]:
    database, later = folder / "server.db", [timedelta()]

    def clock() -> datetime:
        return datetime.now(UTC) + later[0]

    with (
        StubServer(plain=plain, customers=seeded, database_url=f"sqlite:///{database}", clock=clock) as stub,
        Wire(f"{stub.root_url}/{api_name}") as wire,
    ):
        shop = BackedUp(stub, wire, folder / "till", api_name=api_name)
        shop.database, shop.later = database, later
        try:
            yield shop
        finally:
            shop.close()


@pytest.fixture(params=["extended", "plain"])
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[BackedUp]:
    with backed_up(tmp_path, plain=request.param == "plain") as one:
        yield one


@pytest.fixture
def extended_shop(tmp_path: Path) -> Iterator[BackedUp]:
    with backed_up(tmp_path, plain=False) as one:
        yield one


def noticed(shop: BackedUp) -> None:
    """Run cycles until a manager is asked; from the first on nothing is sent."""
    sent = len(shop.stub.effects())
    shop.clock.pass_time(30)
    assert shop.engine.run_cycle().problem == "server_went_back"
    shop.clock.pass_time(30)
    assert shop.engine.run_cycle().problem is None
    assert "server_restored" in shop.inbox()
    assert len(shop.stub.effects()) == sent


def test_row_36_what_was_lost_is_sent_again_by_approval_once(shop: BackedUp) -> None:
    regular = shop.regular(100)
    kept = shop.edited(shop.regular(0))
    shop.heal()
    shop.back_up()
    lost = [shop.created(), shop.created()]
    if shop.extended:
        lost += [shop.payment(regular), shop.sale(regular), shop.charged(shop.view(lost[0]).operation.customer_id)]
    shop.heal()
    assert {shop.state(one) for one in lost} == {S.CONFIRMED}
    before = shop.standing(regular)
    shop.put_back()
    waits = shop.created()
    noticed(shop)
    assert shop.listed() >= set(lost)
    assert kept not in shop.listed()
    assert {shop.state(one) for one in lost} == {S.NEEDS_HUMAN}
    assert shop.standing(regular).balance == before.balance
    assert shop.customer(shop.view(lost[0]).operation.customer_id).status is CustomerStatus.LIVE
    assert shop.cycle().problem is None
    assert (shop.state(waits), shop.effects_of(waits)) == (S.PENDING, [])
    shop.decide(Choice.REPLAY)
    shop.holds(*lost, waits)
    assert shop.inbox() == []
    assert {shop.state(one) for one in [*lost, waits, kept]} == {S.CONFIRMED}
    shop.agrees(regular)
    for one in lost[:2]:
        shop.agrees(shop.view(one).operation.customer_id)
    names = [row["name"] for row in shop.office.get("/api/v1/customers?limit=250").json()]
    for one in lost[:2]:
        assert names.count(shop.customer(shop.view(one).operation.customer_id).profile.name) == 1


def test_row_36_the_server_is_right(extended_shop: BackedUp) -> None:
    shop = extended_shop
    regular = shop.regular(100)
    shop.back_up()
    before = shop.standing(regular)
    payment, create = shop.payment(regular), shop.created()
    shop.heal()
    shop.put_back()
    noticed(shop)
    shop.decide(Choice.ACCEPT)
    shop.heal()
    assert shop.state(payment) is S.REJECTED
    assert shop.effects_of(payment) == []
    assert shop.standing(regular).balance == before.balance
    shop.agrees(regular)
    assert shop.customer(shop.view(create).operation.customer_id).status is CustomerStatus.DELETED
    later = shop.payment(regular)
    shop.holds(later)


def test_row_36_the_server_is_right_and_what_may_be_there_stays_as_it_was(shop: BackedUp) -> None:
    """Of a cash bill and of points taken off nothing is to be read; a customer may be gone for two reasons."""
    regular, other = shop.regular(100), shop.newcomer()
    there = [shop.redeemed(regular), shop.edited(other)]
    if shop.extended:
        there += [shop.sale(regular, on_account=0), shop.payment(other)]
    shop.heal()
    path = f"/api/v1/customers/{shop.remote(regular)}/loyalty/redeem"
    shop.office.post(path, json={"points": 7, "sale_id": new_uuid()}).raise_for_status()
    shop.back_up()
    lost = [shop.newcomer(), shop.view(shop.created()).operation.customer_id]
    shop.heal()
    shop.put_back()
    gone = shop.remote(other)
    assert gone is not None
    shop.office_deletes(gone)
    noticed(shop)
    assert shop.listed() & set(there)
    shop.decide(Choice.ACCEPT)
    shop.heal()
    assert {shop.state(one) for one in there} == {S.CONFIRMED}
    assert all(shop.effects_of(one) for one in there)
    shop.agrees(regular)
    assert CustomerStatus.LIVE not in {shop.customer(one).status for one in [*lost, other]}
    assert shop.inbox() == []


def test_row_36_what_is_there_after_all_is_not_doubled(extended_shop: BackedUp) -> None:
    """An act that stands on the list and has its effect is repeated under its key, and takes effect once."""
    shop = extended_shop
    regular = shop.regular(100)
    there = shop.sale(regular, on_account=0)
    shop.heal()
    shop.back_up()
    payment = shop.payment(shop.newcomer())
    shop.heal()
    shop.put_back()
    noticed(shop)
    assert {there, payment} <= shop.listed()
    shop.decide(Choice.REPLAY)
    shop.heal()
    assert sorted(shop.effects_of(there)) == ["points", "sale"]
    assert shop.state(there) is S.CONFIRMED
    shop.agrees(regular)


def test_row_36_the_office_went_on_before_the_till_noticed(extended_shop: BackedUp) -> None:
    shop = extended_shop
    regular, other = shop.regular(100), shop.newcomer()
    shop.back_up()
    payment = shop.payment(regular)
    shop.heal()
    shop.put_back()
    remote_id = shop.remote(other)
    assert remote_id is not None
    for number in range(3):
        shop.office_edits(remote_id, address=f"Lane {number}")
        shop.put_customer(f"Later {number}")
    noticed(shop)
    assert payment in shop.listed()
    shop.decide(Choice.REPLAY)
    shop.holds(payment)
    shop.agrees(regular)


def test_row_36_a_customer_whom_the_office_made_is_lost_with_her(extended_shop: BackedUp) -> None:
    shop = extended_shop
    shop.back_up()
    newcomer = shop.newcomer()
    payment = shop.payment(newcomer)
    shop.heal()
    shop.put_back()
    noticed(shop)
    shop.decide(Choice.REPLAY)
    shop.heal()
    assert shop.the("customer_gone").operation_id == payment
    assert shop.effects_of(payment) == []
    assert shop.waiting() == 0


@pytest.mark.parametrize("choice", [Choice.REPLAY, Choice.ACCEPT])
@pytest.mark.parametrize("server", NUMBERING)
def test_row_36_an_id_given_anew_is_somebody_else(tmp_path: Path, server: str, choice: Choice) -> None:
    """A server that counts its customers gives the lost ones' numbers to the next: nobody takes another's place."""
    api_name, offers = server.split()
    with backed_up(tmp_path, plain=offers == "plain", seeded=5, api_name=api_name) as shop:
        shop.back_up()
        create = shop.created()
        ours = shop.view(create).operation.customer_id
        shop.heal()
        number, profile = shop.remote(ours), shop.customer(ours).profile
        theirs = shop.put_customer("Meera", phone="+919830011223", email="meera@example.com")
        shop.cycle(full=True)
        meera = shop.ours(theirs)
        shop.put_back()
        shop.later[0] = timedelta(hours=1)
        shop.clock.pass_time(3600)
        taken = shop.put_customer("Bilal", phone="+919840044556", email="bilal@example.com")
        assert taken == number
        shop.put_customer("Chitra", phone="+919850077889", email="chitra@example.com")
        noticed(shop)
        assert shop.listed() == {create}
        assert shop.customer(ours).profile == profile
        shop.decide(choice)
        shop.heal()
        assert shop.ours(taken) not in {ours, meera}
        assert shop.customer(shop.ours(taken)).profile.name == "Bilal"
        lives = shop.customer(ours).status is CustomerStatus.LIVE
        assert lives == (choice is Choice.REPLAY)
        assert shop.customer(meera).status is CustomerStatus.DELETED
        assert shop.inbox() == []
        shop.same_people()


def test_row_36_a_deletion_by_the_office_is_no_restore(shop: BackedUp) -> None:
    newest = shop.newcomer()
    remote_id = shop.remote(newest)
    assert remote_id is not None
    shop.cycle()
    shop.office_deletes(remote_id)
    assert shop.cycle().problem is None
    shop.cycle(full=True)
    assert shop.inbox() == []
    assert shop.customer(newest).status is CustomerStatus.DELETED
    shop.holds(shop.edited(shop.regular(0)))


@pytest.mark.parametrize("choice", [Choice.REPLAY, Choice.ACCEPT])
def test_row_36_a_khata_is_compared_with_what_is_there_since(extended_shop: BackedUp, choice: Choice) -> None:
    shop = extended_shop
    regular, other = shop.regular(), shop.newcomer()
    shop.heal()
    shop.back_up()
    line = {"type": "credit", "amount": 700, "description": "at another till", "reference_id": new_uuid()}
    path = f"/api/v1/customers/{shop.remote(other)}/ledger"
    shop.office.post(path, json=line).raise_for_status()
    shop.payment(regular)
    shop.heal()
    assert not shop.engine.prove_khatas().mismatches
    shop.put_back()
    noticed(shop)
    shop.decide(choice)
    shop.office.post(path, json=line).raise_for_status()
    shop.heal()
    assert not shop.engine.prove_khatas().mismatches
    assert "khata_mismatch" not in shop.inbox()
    shop.agrees(regular)
    shop.agrees(other)
