"""The server refuses connections or has no name: nothing left the till, and it knows that."""

from collections.abc import Callable
from pathlib import Path

import pytest

from posapp.domain.ids import CustomerId, OperationId
from posapp.domain.operation import OperationState
from posapp.remote.credential import credential_from_bytes
from posapp.remote.registry import open_api
from tests.faults.shop import EVERY_WRITE, Shop, about_to_write
from tests.faults.wire import closed_port
from tests.sync.stub_desk import STORE


def moved(shop: Shop, url: str) -> None:
    """Let the till look for its server at another place."""
    token, known = credential_from_bytes(shop.stub.token(STORE).encode()), shop.api.capabilities
    shop.server = open_api("pos", base_url=url, credential=token, currency="INR", name="main", known=known)  # type: ignore[assignment]
    shop.engine = shop.new_engine()


def waits_and_goes_once(shop: Shop, customer_id: CustomerId, act: Callable[[], OperationId], url: str) -> None:
    operation_id = act()
    moved(shop, url)
    for _ in range(3):
        assert shop.cycle().problem is not None
    assert shop.state(operation_id) is OperationState.PENDING
    assert shop.view(operation_id).attempts == 0
    shop.server.close()
    shop.server = shop.api  # type: ignore[assignment]
    shop.engine = shop.new_engine()
    shop.holds(operation_id)
    assert shop.state(operation_id) is OperationState.CONFIRMED
    shop.agrees(customer_id)


@pytest.mark.parametrize(("offers", "write"), [one for one in EVERY_WRITE if not one[1].startswith("rede")])
def test_row_13_nobody_listens(tmp_path: Path, offers: str, write: str) -> None:
    with about_to_write(tmp_path, offers, write) as (shop, customer_id, act):
        waits_and_goes_once(shop, customer_id, act, f"http://127.0.0.1:{closed_port()}/pos")


@pytest.mark.parametrize("write", ["create", "payment", "sale"])
def test_row_13_no_name(tmp_path: Path, write: str) -> None:
    with about_to_write(tmp_path, "extended", write) as (shop, customer_id, act):
        waits_and_goes_once(shop, customer_id, act, "https://gone.invalid/pos")


@pytest.mark.parametrize("offers", ["extended", "plain"])
def test_row_13_points_are_given_only_by_the_server(tmp_path: Path, offers: str) -> None:
    with about_to_write(tmp_path, offers, "redeem") as (shop, customer_id, act):
        moved(shop, f"http://127.0.0.1:{closed_port()}/pos")
        operation_id = act()
        shop.server.close()
        shop.server = shop.api  # type: ignore[assignment]
        shop.engine = shop.new_engine()
        shop.holds(operation_id)
        assert shop.state(operation_id) is OperationState.CANCELLED
        assert shop.effects_of(operation_id) == []
        shop.agrees(customer_id)
