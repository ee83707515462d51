"""The seven endpoints of the loyalty and ledger POS API, each as documented and as `selorax` shows its effect."""

import re
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.support.stub import StubServer, as_json

LIST = "/api/v1/customers"
SELORAX = "/api/apps/v1/customers"
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
LISTED = (
    "id", "name", "email", "phone", "address", "loyalty_points", "total_spent", "total_orders", "notes", "tags",
    "created_at",
)  # fmt: skip
SINGLE = (*LISTED[:-1], "recent_purchases", "ledger_balance", "created_at")
EXTENDED = ("updated_at", "ledger_balance")
JANE = {
    "name": "Jane Doe",
    "email": "jane@example.com",
    "address": "123 Main St, City",
    "notes": "Referred by John",
    "tags": ["retail"],
}


@pytest.fixture
def pos(any_stub: StubServer) -> Iterator[httpx.Client]:
    with any_stub.client() as client:
        yield client


@pytest.fixture
def selorax(any_stub: StubServer) -> Iterator[httpx.Client]:
    with any_stub.client(api="selorax") as client:
        yield client


def create(pos: httpx.Client, **fields: Any) -> dict[str, Any]:
    phone = f"+1{uuid4().int % 10**12:012}"
    return dict(as_json(pos.post(LIST, json={**JANE, "phone": phone, **fields})))


def in_selorax(selorax: httpx.Client, phone: str) -> list[dict[str, Any]]:
    return list(as_json(selorax.get(SELORAX, params={"search": phone}))["data"])


def same_in_selorax(selorax: httpx.Client, row: dict[str, Any]) -> dict[str, Any]:
    """Return a customer as `selorax` lists it: nobody else was created at that moment."""
    since = {"since": row["created_at"], "sort": "created_at:asc", "limit": 1}
    return dict(as_json(selorax.get(SELORAX, params=since))["data"][0])


def assert_refused(response: httpx.Response, status: int, code: str) -> None:
    assert response.status_code == status, response.text
    body = response.json()
    assert body["error"] == code
    assert isinstance(body["message"], str)


def assert_customer(row: dict[str, Any]) -> None:
    assert UUID.fullmatch(row["id"])
    assert isinstance(row["name"], str)
    for name in ("email", "phone", "address", "notes"):
        assert row[name] is None or isinstance(row[name], str)
    for name in ("loyalty_points", "total_spent", "total_orders"):
        assert type(row[name]) is int
    assert all(isinstance(tag, str) for tag in row["tags"])
    assert TIME.fullmatch(row["created_at"])


def test_pos_get_customers(any_stub: StubServer, pos: httpx.Client, selorax: httpx.Client) -> None:
    made = as_json(selorax.post(SELORAX, json={"name": "Zahir", "phone": f"01{uuid4().int % 10**12:012}"}))["data"]
    extended = bool(any_stub.thread.settings.announced("pos"))
    rows = as_json(pos.get(LIST))
    assert isinstance(rows, list)
    assert len(rows) == 20
    for row in rows:
        assert tuple(row) == LISTED + (EXTENDED if extended else ())
        assert_customer(row)
    assert (rows[0]["name"], rows[0]["phone"], rows[0]["address"]) == ("Zahir", made["phone"], None)
    by_name = as_json(pos.get(LIST, params={"sort": "name", "order": "DESC", "limit": 1, "search": "zahir", "page": 1}))
    assert [row["name"] for row in by_name] == ["Zahir"]
    assert_refused(pos.get(LIST, params={"page": 0}), 400, "invalid_request")


def test_pos_get_customers_id(pos: httpx.Client, selorax: httpx.Client) -> None:
    listed = as_json(pos.get(LIST, params={"sort": "total_spent", "limit": 1}))[0]
    row = same_in_selorax(selorax, listed)
    found = as_json(pos.get(f"{LIST}/{listed['id']}"))
    assert tuple(found) == SINGLE
    assert_customer(found)
    assert type(found["ledger_balance"]) is int
    assert (found["name"], found["total_orders"]) == (row["name"], row["total_orders"])
    assert found["total_spent"] // 100 == row["total_spent"]
    assert len(found["recent_purchases"]) == min(row["total_orders"], 10)
    for purchase in found["recent_purchases"]:
        assert tuple(purchase) == ("id", "receipt_number", "total", "created_at")
        assert UUID.fullmatch(purchase["id"])
        assert re.fullmatch(r"REC-\d{8}-\d{3,}", purchase["receipt_number"])
        assert type(purchase["total"]) is int
        assert TIME.fullmatch(purchase["created_at"])
    assert_refused(pos.get(f"{LIST}/{uuid4()}"), 404, "not_found")


def test_pos_post_customers(pos: httpx.Client, selorax: httpx.Client) -> None:
    made = create(pos)
    assert tuple(made) == ("id", "name", "email", "phone", "loyalty_points", "total_spent", "created_at")
    assert UUID.fullmatch(made["id"])
    assert (made["name"], made["email"]) == ("Jane Doe", "jane@example.com")
    assert (made["loyalty_points"], made["total_spent"]) == (0, 0)
    assert TIME.fullmatch(made["created_at"])
    found = as_json(pos.get(f"{LIST}/{made['id']}"))
    assert {name: found[name] for name in JANE} == JANE
    [row] = in_selorax(selorax, made["phone"])
    assert (row["name"], row["email"], row["phone"]) == ("Jane Doe", "jane@example.com", made["phone"])
    assert row["address_json"] == {"address": "123 Main St, City"}
    assert_refused(pos.post(LIST, json={"email": "jane@example.com"}), 400, "invalid_request")


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_pos_put_customers_id(pos: httpx.Client, selorax: httpx.Client, method: str) -> None:
    made = create(pos)
    path = f"{LIST}/{made['id']}"
    phone = f"+0{uuid4().int % 10**12:012}"
    change = {"name": "Jane Smith", "phone": phone, "tags": ["vip", "wholesale"]}
    changed = as_json(pos.request(method, path, json=change))
    assert tuple(changed) == SINGLE
    assert_customer(changed)
    assert {name: changed[name] for name in JANE} == {**JANE, "name": "Jane Smith", "tags": ["vip", "wholesale"]}
    [row] = in_selorax(selorax, phone)
    assert row["name"] == "Jane Smith"
    assert in_selorax(selorax, made["phone"]) == []
    assert_refused(pos.request(method, path, json={"name": ""}), 400, "invalid_request")


def test_pos_delete_customers_id(pos: httpx.Client, selorax: httpx.Client) -> None:
    made = create(pos)
    [row] = in_selorax(selorax, made["phone"])
    assert as_json(pos.delete(f"{LIST}/{made['id']}")) == {"message": "Customer deleted successfully"}
    assert selorax.get(f"{SELORAX}/{row['user_id']}").status_code == 404
    assert in_selorax(selorax, made["phone"]) == []
    assert_refused(pos.delete(f"{LIST}/{made['id']}"), 404, "not_found")


def test_pos_get_customers_id_ledger(pos: httpx.Client) -> None:
    rows = as_json(pos.get(LIST, params={"limit": 250}))
    shown = (as_json(pos.get(f"{LIST}/{row['id']}")) for row in rows if row["total_orders"] in (0, 2, 3, 4))
    debtor = next(one for one in shown if one["ledger_balance"])
    path = f"{LIST}/{debtor['id']}/ledger"
    entries = as_json(pos.get(path))
    balance = 0
    for entry in reversed(entries):
        assert {"id", "type", "amount", "balance_after", "description", "reference_id", "created_at"} <= set(entry)
        assert UUID.fullmatch(entry["id"])
        assert type(entry["amount"]) is int
        balance += entry["amount"] if entry["type"] == "credit" else -entry["amount"]
        assert entry["balance_after"] == balance
        assert isinstance(entry["description"], str)
        assert entry["reference_id"] is None or UUID.fullmatch(entry["reference_id"])
        assert TIME.fullmatch(entry["created_at"])
    assert balance == debtor["ledger_balance"]
    newest = entries[0]["created_at"][:10]
    within = as_json(pos.get(path, params={"from": newest, "to": newest}))
    assert within == [entry for entry in entries if entry["created_at"].startswith(newest)]
    assert_refused(pos.get(path, params={"from": "yesterday"}), 400, "invalid_request")


def test_pos_post_customers_id_loyalty_redeem(pos: httpx.Client, selorax: httpx.Client) -> None:
    rich = as_json(pos.get(LIST, params={"sort": "loyalty_points", "limit": 1}))[0]
    path = f"{LIST}/{rich['id']}/loyalty/redeem"
    before = same_in_selorax(selorax, rich)
    redeemed = as_json(pos.post(path, json={"points": 10, "sale_id": str(uuid4())}))
    assert redeemed == {"redeemed": 10, "discount_amount": 100, "remaining_points": rich["loyalty_points"] - 10}
    after = same_in_selorax(selorax, rich)
    assert after["updated_at"] > before["updated_at"]
    refused = pos.post(path, json={"points": rich["loyalty_points"], "sale_id": str(uuid4())})
    assert_refused(refused, 409, "insufficient_points")
    assert refused.json()["available"] == rich["loyalty_points"] - 10
