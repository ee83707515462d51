"""The six endpoints of the SeloraX apps API, each as documented and as the `pos` API shows its effect."""

import re
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.support.stub import StubServer, as_json

LIST = "/api/apps/v1/customers"
POS = "/api/v1/customers"
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
NOBODY = 2**62
LISTED = (
    "user_id", "store_id", "name", "email", "phone", "address_json", "is_guest", "created_at", "updated_at",
    "total_orders", "total_spent",
)  # fmt: skip
UPDATED = (
    "user_id", "store_id", "name", "email", "phone", "address_json", "is_guest", "is_phone_verified",
    "is_email_verified", "created_at", "updated_at",
)  # fmt: skip
ORDER = (
    "order_id", "store_id", "user_id", "order_status", "financial_status", "fulfillment_status", "sub_total", "tax",
    "shipping", "discount", "grand_total", "payment_method", "note", "created_at", "updated_at",
)  # fmt: skip


@pytest.fixture
def selorax(any_stub: StubServer) -> Iterator[httpx.Client]:
    with any_stub.client(api="selorax") as client:
        yield client


@pytest.fixture
def pos(any_stub: StubServer) -> Iterator[httpx.Client]:
    with any_stub.client() as client:
        yield client


def new_phone() -> str:
    """Return a phone that nobody has."""
    return f"01{uuid4().int % 10**12:012}"


def create(selorax: httpx.Client, **fields: Any) -> dict[str, Any]:
    body = {"name": "Karim Hossain", "phone": new_phone(), **fields}
    return dict(as_json(selorax.post(LIST, json=body))["data"])


def shown(selorax: httpx.Client, user_id: int) -> dict[str, Any]:
    return dict(as_json(selorax.get(f"{LIST}/{user_id}"))["data"])


def assert_refused(response: httpx.Response, status: int, code: str | None = None) -> None:
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/json"
    body = response.json()
    assert isinstance(body.pop("message"), str)
    assert body == {"status": status, **({} if code is None else {"code": code})}


def in_pos(pos: httpx.Client, customer: dict[str, Any]) -> list[Any]:
    """Return who has a customer's phone in the `pos` API, in full."""
    rows = as_json(pos.get(POS, params={"search": customer["phone"]}))
    return [as_json(pos.get(f"{POS}/{row['id']}")) for row in rows]


def same_in_pos(pos: httpx.Client, row: dict[str, Any]) -> dict[str, Any]:
    """Return a listed customer as the `pos` API shows it."""
    found = as_json(pos.get(POS, params={"search": row["name"], "limit": 250}))
    [same] = [each for each in found if each["created_at"] == row["created_at"]]
    return dict(as_json(pos.get(f"{POS}/{same['id']}")))


def assert_customer(row: dict[str, Any]) -> None:
    """Check the types of whatever members a customer has here."""
    for name in ("user_id", "total_orders", "total_spent"):
        assert type(row.get(name, 0)) is int
    assert row["store_id"] == 22
    assert isinstance(row["name"], str)
    assert row["email"] is None or isinstance(row["email"], str)
    assert row["phone"] is None or isinstance(row["phone"], str)
    assert row["address_json"] is None or isinstance(row["address_json"], dict)
    for name in ("is_guest", "is_phone_verified", "is_email_verified"):
        assert type(row.get(name, 0)) is int
        assert row.get(name, 0) in (0, 1)
    for name in ("created_at", "updated_at"):
        assert TIME.fullmatch(row[name])


def test_selorax_get_customers(selorax: httpx.Client, pos: httpx.Client) -> None:
    made = as_json(pos.post(POS, json={"name": "Rahim Ahmed", "phone": new_phone(), "address": "1 Road, Dhaka"}))
    answer = as_json(selorax.get(LIST, params={"limit": 999}))
    assert tuple(answer) == ("data", "pagination", "status")
    assert answer["status"] == 200
    assert answer["pagination"] == {"page": 1, "limit": 250, "total": len(answer["data"])}
    for row in answer["data"]:
        assert tuple(row) == LISTED
        assert_customer(row)
    [found] = [row for row in answer["data"] if row["phone"] == made["phone"]]
    assert (found["name"], found["email"], found["is_guest"]) == ("Rahim Ahmed", None, 0)
    assert found["address_json"] == {"address": "1 Road, Dhaka"}
    assert found["created_at"] == made["created_at"]
    assert_refused(selorax.get(LIST, params={"sort": "phone:asc"}), 400)


def test_selorax_get_customers_user_id(selorax: httpx.Client, pos: httpx.Client) -> None:
    spender = as_json(pos.get(POS, params={"sort": "total_spent", "limit": 1}))[0]
    since = {"since": spender["created_at"], "sort": "created_at:asc", "limit": 1}
    [row] = as_json(selorax.get(LIST, params=since))["data"]
    answer = as_json(selorax.get(f"{LIST}/{row['user_id']}"))
    assert tuple(answer) == ("data", "status")
    assert answer["status"] == 200
    assert tuple(answer["data"]) == (*UPDATED, "total_orders", "total_spent")
    assert_customer(answer["data"])
    assert answer["data"] | row == answer["data"]
    for name in ("name", "phone", "total_orders", "created_at"):
        assert row[name] == spender[name]
    assert row["total_spent"] == spender["total_spent"] // 100 > 0
    assert_refused(selorax.get(f"{LIST}/{NOBODY}"), 404)


def test_selorax_put_customers_user_id(selorax: httpx.Client, pos: httpx.Client) -> None:
    made = create(selorax, email="karim@example.com")
    path = f"{LIST}/{made['user_id']}"
    change = {
        "name": "Karim H. Khan",
        "address_json": {"address": "456 New Street", "city": "Dhaka", "area": "Gulshan"},
    }
    answer = as_json(selorax.put(path, json=change))
    assert tuple(answer) == ("data", "message", "status")
    assert (answer["message"], answer["status"]) == ("Customer updated.", 200)
    assert tuple(answer["data"]) == UPDATED
    assert_customer(answer["data"])
    assert {name: answer["data"][name] for name in change} == change
    [found] = in_pos(pos, made)
    assert (found["name"], found["email"], found["phone"]) == ("Karim H. Khan", "karim@example.com", made["phone"])
    assert found["address"] == "456 New Street, Dhaka, Gulshan"
    assert_refused(selorax.put(path, json={}), 400)
    assert_refused(selorax.put(f"{LIST}/{NOBODY}", json=change), 404)


def test_selorax_get_customers_user_id_orders(selorax: httpx.Client, pos: httpx.Client) -> None:
    rows = as_json(selorax.get(LIST, params={"total_orders_min": 2, "limit": 1}))["data"]
    path = f"{LIST}/{rows[0]['user_id']}/orders"
    answer = as_json(selorax.get(path, params={"status": "delivered"}))
    assert tuple(answer) == ("data", "pagination", "status")
    assert answer["pagination"] == {"page": 1, "limit": 50, "total": rows[0]["total_orders"]}
    for order in answer["data"]:
        assert tuple(order) == ORDER
        assert type(order["order_id"]) is int
        assert (order["store_id"], order["user_id"]) == (22, rows[0]["user_id"])
        assert order["financial_status"] in {"paid", "partially_paid", "pending"}
        assert (order["order_status"], order["fulfillment_status"], order["note"]) == ("delivered", "fulfilled", None)
        for name in ("sub_total", "tax", "shipping", "discount", "grand_total"):
            assert type(order[name]) is int
        assert order["payment_method"] in {"cash", "account"}
        assert TIME.fullmatch(order["created_at"])
        assert TIME.fullmatch(order["updated_at"])
    purchases = same_in_pos(pos, rows[0])["recent_purchases"]
    assert [(order["sub_total"], order["created_at"]) for order in answer["data"]][:10] == [
        (purchase["total"] // 100, purchase["created_at"]) for purchase in purchases
    ]
    assert as_json(selorax.get(path, params={"status": "pending"}))["data"] == []
    assert_refused(selorax.get(f"{LIST}/{NOBODY}/orders"), 404)


def test_selorax_post_customers(selorax: httpx.Client, pos: httpx.Client) -> None:
    phone = new_phone()
    address = {"address": "789 Park Avenue", "city": "Chittagong"}
    body = {"name": "Karim Hossain", "phone": phone, "email": "karim@example.com", "address": address}
    response = selorax.post(LIST, json=body)
    assert response.status_code == 201
    answer = response.json()
    assert tuple(answer) == ("data", "status")
    assert answer["status"] == 201
    user_id = answer["data"]["user_id"]
    assert type(user_id) is int
    assert answer["data"] == {
        "user_id": user_id, "name": "Karim Hossain", "phone": phone, "email": "karim@example.com", "store_id": 22,
    }  # fmt: skip
    assert shown(selorax, user_id)["address_json"] == address
    [found] = in_pos(pos, body)
    assert (found["name"], found["email"]) == ("Karim Hossain", "karim@example.com")
    assert found["address"] == "789 Park Avenue, Chittagong"
    assert_refused(selorax.post(LIST, json={"name": "No phone"}), 400)
    assert_refused(selorax.post(LIST, json=body), 409, "phone_taken")


def test_selorax_delete_customers_user_id(selorax: httpx.Client, pos: httpx.Client) -> None:
    made = create(selorax)
    [before] = in_pos(pos, made)
    path = f"{LIST}/{made['user_id']}"
    assert as_json(selorax.delete(path)) == {"message": "Customer deleted.", "status": 200}
    assert in_pos(pos, made) == []
    assert pos.get(f"{POS}/{before['id']}").status_code == 404
    assert_refused(selorax.delete(path), 404)
    buyer = as_json(selorax.get(LIST, params={"total_orders_min": 1, "limit": 1}))["data"][0]
    assert_refused(selorax.delete(f"{LIST}/{buyer['user_id']}"), 400)
    assert shown(selorax, buyer["user_id"])["total_orders"] == buyer["total_orders"]
