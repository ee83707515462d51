"""A server that demands a password of every new customer: the book never holds one, and a repeat sends the same."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from posapp.domain.operation import OperationState
from posapp.remote.portal.passwords import MARK, filled
from posapp.remote.registry import open_api
from server_stub.credentials import all_credentials
from tests.support.stub import StubServer
from tests.sync.stub_desk import STORE, StubDesk

SECRET = bytes(range(32))


class PortalDesk(StubDesk):
    def new_api(self) -> Any:
        return open_api(
            "portal",
            base_url=f"{self.stub.root_url}/portal",
            credential=all_credentials(self.stub.random_seed)["portal"][STORE]["token"].encode(),
            currency="INR",
            name="main",
            secret=lambda: SECRET,
        )


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[PortalDesk]:
    with StubServer() as stub:
        desk = PortalDesk(stub, tmp_path)
        yield desk
        desk.close()


def test_a_create_whose_answer_is_lost_is_repeated_and_no_password_stays(desk: PortalDesk, tmp_path: Path) -> None:
    desk.cycle()
    _, operation_id = desk.add("Asha Rao", phone="9812300001", email="asha@example.com")
    desk.fault("POST", "/portal/*", drop_after=True)
    desk.cycles(3)
    assert desk.state(operation_id) in {OperationState.ACKED, OperationState.CONFIRMED}
    _, password = filled(b"", SECRET, operation_id)
    attempts = desk.book.read(lambda session: session.operations.attempts(operation_id))
    assert len(attempts) == 2
    assert {attempt.body.count(MARK) for attempt in attempts} == {2}
    assert password not in repr(attempts) + repr(desk.view(operation_id))
    assert desk.effects_of(operation_id) == ["customer"], "it was made once"
