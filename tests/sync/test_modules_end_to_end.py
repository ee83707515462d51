"""A till beside the stub of the `modules` API: what that API does in its own way ends as anywhere."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from posapp.domain.ids import RemoteId
from posapp.domain.operation import OperationState
from posapp.services.dto import CustomerStatus
from posapp.services.ports.writes import PreparedRequest, WriteResult
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


class Meddled:
    """A server at which something is done right before each write of the till arrives."""

    def __init__(self, api: Any, before: Callable[[], None]) -> None:
        self._api = api
        self._before = before

    def __getattr__(self, name: str) -> Any:
        return getattr(self._api, name)

    def send(self, request: PreparedRequest, **options: Any) -> WriteResult:
        self._before()
        result: WriteResult = self._api.send(request, **options)
        return result


def add_a_tag(desk: StubDesk, remote_id: RemoteId) -> None:
    tags = desk.seen(remote_id)["tags"]
    desk.office_edits(remote_id, tags=[*tags, f"theirs-{len(tags)}"])


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


def test_tags_of_two_tills_do_not_undo_each_other(desk: StubDesk) -> None:
    usha = desk.put_customer("Usha", tags=["retail", "late"])
    desk.cycle()
    customer = desk.ours(usha)
    added, taken = desk.edit(customer, tags=("retail", "late", "till")), desk.edit(customer, tags=("retail", "till"))
    desk.server = Meddled(desk.api, lambda: add_a_tag(desk, usha))  # type: ignore[assignment]
    desk.engine = desk.new_engine()
    desk.cycles(2)
    assert (desk.state(added), desk.state(taken), desk.inbox()) == (S.CONFIRMED, S.CONFIRMED, [])
    assert set(desk.seen(usha)["tags"]) == {"retail", "till", "theirs-2", "theirs-4"}
    assert set(desk.customer(customer).profile.tags) == set(desk.seen(usha)["tags"])


def test_a_lost_answer_to_a_change_of_tags_is_no_second_change(desk: StubDesk) -> None:
    usha = desk.put_customer("Usha", tags=["retail"])
    desk.cycle()
    edit = desk.edit(desk.ours(usha), tags=("retail", "till"))
    desk.fault("POST", "*/bulk/tags", drop_after=True)
    desk.cycles(3)
    assert (desk.state(edit), desk.inbox()) == (S.CONFIRMED, [])
    assert (desk.seen(usha)["tags"], desk.effects_of(edit)) == (["retail", "till"], ["customer"])
