"""A till beside the stub of the `modules` API: what that API does in its own way ends as anywhere."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from posapp.domain.ids import RemoteId
from posapp.domain.operation import OperationState
from posapp.services.dto import CustomerStatus
from tests.support.stub import StubServer
from tests.sync.stub_desk import STORE, StubDesk

S = OperationState


@pytest.fixture(scope="module")
def server() -> Iterator[StubServer]:
    with StubServer(plain=True) as stub:
        yield stub


@pytest.fixture
def desk(server: StubServer, tmp_path: Path) -> Iterator[StubDesk]:
    one = StubDesk(server, tmp_path, api_name="modules")
    yield one
    one.close()


def merge(desk: StubDesk, gone: RemoteId, stays: RemoteId) -> None:
    with desk.stub.client(STORE, api="modules") as office:
        body = {"primary_id": stays, "secondary_id": gone}
        office.post("/api/v1/customers/merge", json=body).raise_for_status()


def test_a_merge_makes_one_customer_of_two_with_the_khata_of_both(desk: StubDesk) -> None:
    usha, twin = desk.put_customer("Usha"), desk.put_customer("Usha Rao")
    desk.cycle()
    old, stays = desk.ours(twin), desk.ours(usha)
    desk.keep_charge(old, 500)
    desk.keep_charge(stays, 200)
    merge(desk, twin, usha)
    desk.cycle(full=True)
    assert (desk.customer(old).status, desk.customer(stays).status) == (CustomerStatus.DELETED, CustomerStatus.LIVE)
    standing = desk.book.read(lambda session: session.khata.standing(stays))
    assert standing.kept_balance.minor == -700
    assert desk.inbox() == []


def test_what_waits_for_one_who_was_merged_goes_to_the_one_who_stays(desk: StubDesk) -> None:
    usha, twin = desk.put_customer("Usha"), desk.put_customer("Usha Rao")
    desk.cycle()
    edit = desk.edit(desk.ours(twin), notes="Pays on Fridays")
    merge(desk, twin, usha)
    desk.cycles(2)
    assert (desk.state(edit), desk.inbox()) == (S.CONFIRMED, [])
    assert desk.seen(usha)["notes"] == "Pays on Fridays"
    assert desk.effects_of(edit) == ["customer"]
