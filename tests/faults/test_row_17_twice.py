"""Something in between delivers a request twice: a key or an own name catches it; without either it is seen."""

from pathlib import Path

import pytest

from posapp.domain.operation import OperationState
from tests.faults.shop import WRITES, Shop, a_shop, about_to_write
from tests.faults.wire import arrives_twice


@pytest.mark.parametrize("write", WRITES)
def test_row_17_a_key_catches_it(tmp_path: Path, write: str) -> None:
    with about_to_write(tmp_path, "extended", write) as (shop, customer_id, act):
        shop.wire.next_write(arrives_twice)
        operation_id = act()
        shop.cycle()
        shop.holds(operation_id)
        assert shop.state(operation_id) is OperationState.CONFIRMED
        shop.agrees(customer_id)


@pytest.mark.parametrize("write", ["edit", "delete"])
def test_row_17_setting_a_value_twice_sets_it_once(tmp_path: Path, write: str) -> None:
    with about_to_write(tmp_path, "plain", write) as (shop, customer_id, act):
        shop.wire.next_write(arrives_twice)
        operation_id = act()
        shop.cycle()
        shop.heal()
        assert shop.state(operation_id) is OperationState.CONFIRMED
        shop.agrees(customer_id)


def test_row_17_a_create_without_a_key_is_seen_as_two(tmp_path: Path) -> None:
    with a_shop(tmp_path, plain=True) as shop:
        shop.wire.next_write(arrives_twice)
        operation_id = shop.created()
        shop.cycle()
        shop.heal()
        shop.cycle(full=True)
        assert shop.state(operation_id) is OperationState.CONFIRMED
        assert len(twins(shop, operation_id)) == 2


def test_row_17_a_redemption_without_a_key_shows_what_is_left(tmp_path: Path) -> None:
    with a_shop(tmp_path, plain=True) as shop:
        customer_id = shop.regular(points=100)
        shop.wire.next_write(arrives_twice)
        operation_id = shop.redeemed(customer_id)
        shop.cycle()
        shop.heal()
        assert shop.state(operation_id) is not OperationState.UNKNOWN
        shop.agrees(customer_id)


def twins(shop: Shop, operation_id: str) -> list[str]:
    """Return the ids at the server of customers who look like the created one."""
    name = f"Asha {operation_id[-6:]}"
    rows = shop.office.get("/api/v1/customers", params={"search": name}).json()
    return [row["id"] for row in rows if row["name"] == name]
