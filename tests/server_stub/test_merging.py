"""Merging two customers: nothing recorded is lost, changed or counted twice."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.server_stub.contract.test_modules import LIST, create, read
from tests.support.stub import StubServer, as_json


@pytest.fixture
def pos(stub: StubServer) -> Iterator[httpx.Client]:
    with stub.client() as client:
        yield client


@pytest.fixture
def modules(stub: StubServer) -> Iterator[httpx.Client]:
    with stub.client(api="modules") as client:
        yield client


def merge(modules: httpx.Client, primary: str, secondary: str) -> None:
    as_json(modules.post(f"{LIST}/merge", json={"primary_id": primary, "secondary_id": secondary}))


def sell(pos: httpx.Client, customer: str, total: int, on_account: int) -> dict[str, Any]:
    bill = {"id": str(uuid4()), "customer_id": customer, "total": total, "on_account": on_account}
    as_json(pos.post("/api/v1/sales", json=bill))
    return bill


def khata(pos: httpx.Client, customer: str) -> list[dict[str, Any]]:
    """Return a customer's entries, oldest first."""
    return list(reversed(as_json(pos.get(f"{LIST}/{customer}/ledger"))))


def test_the_khata_is_a_chain_after_each_of_two_merges(pos: httpx.Client, modules: httpx.Client) -> None:
    first, second, third = (create(modules)["id"] for _ in range(3))
    amounts = ((first, 100), (second, 20), (third, 3), (second, 40), (third, 5), (first, 600))
    for customer, amount in amounts:
        sell(pos, customer, 1000, amount)
    answered = {line["id"]: line for one in (first, second, third) for line in khata(pos, one)}
    merge(modules, second, first)
    merge(modules, third, second)
    lines = khata(pos, third)
    assert [line["amount"] for line in lines] == [3, 5, 20, 40, 100, 600]
    assert [line["balance_after"] for line in lines] == [-3, -8, -28, -68, -168, -768]
    assert [line["created_at"] for line in lines] == sorted(line["created_at"] for line in lines)
    assert as_json(pos.get(f"{LIST}/{third}"))["ledger_balance"] == -768
    assert [answered.get(line["id"]) for line in lines] == [*lines[:2], None, None, None, None]
    by_reference = {line["reference_id"]: line for line in answered.values()}
    for line in lines:
        before = by_reference.pop(line["reference_id"])
        assert line["occurred_at"] == before["occurred_at"]
        assert (line["type"], line["description"]) == (before["type"], before["description"])
    assert not by_reference


def test_a_moved_sale_can_be_read_repeated_and_reversed(pos: httpx.Client, modules: httpx.Client) -> None:
    primary, secondary = (create(modules)["id"] for _ in range(2))
    bill = {"id": str(uuid4()), "customer_id": secondary, "total": 5000, "on_account": 2000}
    answer = pos.post("/api/v1/sales", json=bill)
    shown = as_json(pos.get(f"/api/v1/sales/{bill['id']}"))
    merge(modules, primary, secondary)
    again = pos.post("/api/v1/sales", json=bill)
    assert (again.status_code, again.content) == (200, answer.content)
    assert as_json(pos.get(f"/api/v1/sales/{bill['id']}")) == {**shown, "customer_id": primary}
    reversal = {"id": str(uuid4()), "reason": "Brought back"}
    assert as_json(pos.post(f"/api/v1/sales/{bill['id']}/reversal", json=reversal))["ledger_amount"] == 2000
    there = as_json(pos.get(f"{LIST}/{primary}"))
    assert (there["ledger_balance"], there["loyalty_points"], there["total_orders"]) == (0, 0, 0)
    assert [line["balance_after"] for line in khata(pos, primary)] == [-2000, 0]


def test_points_of_both_can_be_redeemed_once(pos: httpx.Client, modules: httpx.Client) -> None:
    primary, secondary = (create(modules)["id"] for _ in range(2))
    for customer in (primary, secondary):
        sell(pos, customer, 10_000, 0)
    merge(modules, primary, secondary)
    redeeming = {"points": 200, "sale_id": str(uuid4())}
    assert as_json(pos.post(f"{LIST}/{primary}/loyalty/redeem", json=redeeming))["remaining_points"] == 0
    assert pos.post(f"{LIST}/{secondary}/loyalty/redeem", json=redeeming).status_code == 404


def test_what_the_first_lacks_is_filled_and_what_it_has_stays(pos: httpx.Client, modules: httpx.Client) -> None:
    known = {"email": "first@example.com", "accepts_marketing": True}
    primary = create(modules, last_name="Ahmed", **known)["id"]
    number = str(uuid4().int)[:11]
    secondary = create(modules, email="second@example.com", phone=number, notes="Calls before noon")["id"]
    merge(modules, primary, secondary)
    merged = read(modules, primary)
    assert merged.items() >= {**known, "phone": number, "notes": "Calls before noon"}.items()
    assert [row["id"] for row in as_json(pos.get(LIST, params={"search": number}))] == [primary]
    assert (merged["total_orders"], merged["first_order_at"], merged["default_address"]) == (0, None, None)


def test_a_merge_under_a_key_happens_once_and_is_two_effects(stub: StubServer, modules: httpx.Client) -> None:
    primary, secondary = (create(modules)["id"] for _ in range(2))
    op = str(uuid4())
    for _ in range(2):
        response = modules.post(
            f"{LIST}/merge",
            json={"primary_id": primary, "secondary_id": secondary},
            headers={"Idempotency-Key": op, "X-Sim-Op": op},
        )
        assert as_json(response)["data"]["id"] == primary
    effects = [(one["id"], one["change"]) for one in stub.effects() if one["op"] == op]
    assert effects == [(secondary, "merged"), (primary, "updated")]
