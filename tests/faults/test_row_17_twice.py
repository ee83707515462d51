"""Something in between delivers a request twice: a key or an own name catches it; without either it is seen."""

from pathlib import Path

import pytest

from posapp.domain.operation import OperationState
from tests.faults.shop import AT_EVERY_SERVER, Shop, a_shop, about_to_write
from tests.faults.wire import arrives_twice

SEEN_AS_TWO = ["plain", "modules plain"]
"""Servers without a key on which two customers may have the same phone and e-mail."""

ONCE = [one for one in AT_EVERY_SERVER if one[0] not in SEEN_AS_TWO or one[1] not in {"create", "redeem"}]


@pytest.mark.parametrize(("server", "write"), ONCE)
def test_row_17_a_key_a_unique_field_or_a_set_value_catches_it(tmp_path: Path, server: str, write: str) -> None:
    with about_to_write(tmp_path, server, write) as (shop, customer_id, act):
        shop.wire.next_write(arrives_twice)
        operation_id = act()
        shop.cycle()
        shop.holds(operation_id)
        assert shop.state(operation_id) is OperationState.CONFIRMED
        shop.agrees(customer_id)


@pytest.mark.parametrize("server", SEEN_AS_TWO)
def test_row_17_a_create_without_a_key_is_seen_as_two(tmp_path: Path, server: str) -> None:
    with about_to_write(tmp_path, server, "create") as (shop, _, act):
        shop.wire.next_write(arrives_twice)
        operation_id = act()
        shop.cycle()
        shop.heal()
        shop.cycle(full=True)
        assert shop.state(operation_id) is OperationState.CONFIRMED
        assert len(twins(shop, operation_id)) == 2
        assert [one.profile.name for one in shop.customers()].count(f"Asha {operation_id[-6:]}") == 2
        assert shop.inbox() == ["duplicate"]


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
