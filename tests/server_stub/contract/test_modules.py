"""Every endpoint of the `modules` document, on every database, extended and plain: fields, a refusal, its effect."""

import re
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.support.stub import StubServer, as_json
from tests.support.stub_history import pay, sell

LIST = "/api/v1/customers"
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
LISTED = {
    "id": str, "email": str | None, "phone": str | None, "first_name": str, "last_name": str | None, "full_name": str,
    "accepts_marketing": bool, "total_orders": int, "total_spent": float, "avg_order_value": float | None,
    "first_order_at": str | None, "last_order_at": str | None, "is_vip": bool, "tags": list, "notes": str | None,
    "external_ids": dict, "created_at": str, "updated_at": str,
}  # fmt: skip
SINGLE = {**LISTED, "addresses": list, "default_address": dict | None}
ADDRESS = {
    "id": str, "type": str, "is_default": bool, "first_name": str | None, "last_name": str | None,
    "company": str | None, "address1": str, "address2": str | None, "city": str, "state": str, "pincode": str,
    "country": str | None, "phone": str | None,
}  # fmt: skip
ORDER = {"id": str, "order_number": str, "status": str, "total": float, "discount": float, "created_at": str}
MUMBAI = {"type": "shipping", "address1": "123 Main St", "city": "Mumbai", "state": "Maharashtra", "pincode": "400001"}


@pytest.fixture
def modules(any_stub: StubServer) -> Iterator[httpx.Client]:
    with any_stub.client(api="modules") as client:
        yield client


@pytest.fixture
def pos(any_stub: StubServer) -> Iterator[httpx.Client]:
    with any_stub.client() as client:
        yield client


@pytest.fixture
def stranger(any_stub: StubServer) -> Iterator[str]:
    """A customer of the other store."""
    with any_stub.client("7", api="modules") as client:
        yield create(client)["id"]


def assert_shape(shown: dict[str, Any], members: dict[str, Any]) -> None:
    assert set(shown) == set(members)
    for name, value in shown.items():
        assert isinstance(value, members[name]), name
        assert not name.endswith("_at") or value is None or TIME.fullmatch(value), name


def assert_page(response: httpx.Response, members: dict[str, Any]) -> list[dict[str, Any]]:
    page = as_json(response)
    assert set(page) == {"data", "meta"}
    assert {name: type(value) for name, value in page["meta"].items()} == dict.fromkeys(
        ("current_page", "last_page", "per_page", "total"), int
    )
    assert page["data"]
    for row in page["data"]:
        assert_shape(row, members)
    return list(page["data"])


def assert_refused(response: httpx.Response, status: int, *fields: str) -> None:
    assert response.status_code == status, response.text
    body = response.json()
    assert set(body) == {"message", "errors"}
    assert body["message"]
    assert set(body["errors"]) == set(fields)
    for messages in body["errors"].values():
        assert messages == [body["message"]]


def create(client: httpx.Client, **fields: Any) -> dict[str, Any]:
    made: dict[str, Any] = as_json(client.post(LIST, json={"first_name": "Rahim", **fields}))["data"]
    return made


def read(client: httpx.Client, customer_id: str) -> dict[str, Any]:
    shown: dict[str, Any] = as_json(client.get(f"{LIST}/{customer_id}"))["data"]
    return shown


def test_modules_get_customers(modules: httpx.Client, pos: httpx.Client) -> None:
    word = uuid4().hex
    made = as_json(pos.post(LIST, json={"name": f"{word} Sen Gupta", "phone": "+919876543210", "tags": ["a,b", "b"]}))
    create(modules, last_name=word, tags=["b"], accepts_marketing=True)
    newest, oldest = assert_page(modules.get(LIST, params={"search": word.upper()}), LISTED)
    assert (newest["full_name"], newest["accepts_marketing"]) == (f"Rahim {word}", True)
    assert oldest["id"] == made["id"]
    assert (oldest["first_name"], oldest["last_name"]) == (word, "Sen Gupta")

    def found(**query: Any) -> list[str]:
        return [row["id"] for row in as_json(modules.get(LIST, params={"search": word, **query}))["data"]]

    assert found(tags="b") == [newest["id"], oldest["id"]]
    assert found(tags="b, missing") == []
    assert found(accepts_marketing="true") == [newest["id"]]
    assert found(accepts_marketing="0") == [oldest["id"]]
    assert found(is_vip="true") == []
    assert found(is_vip="false", per_page=1, page=2) == [oldest["id"]]
    meta = as_json(modules.get(LIST, params={"search": word, "per_page": 1}))["meta"]
    assert meta == {"current_page": 1, "last_page": 2, "per_page": 1, "total": 2}
    assert as_json(modules.get(LIST, params={"per_page": 1000}))["meta"]["per_page"] == 100
    for name, wrong in (("page", "0"), ("per_page", "x"), ("accepts_marketing", "perhaps"), ("is_vip", "2")):
        assert_refused(modules.get(LIST, params={name: wrong}), 400, name)
    assert_refused(modules.get(LIST, headers={"Authorization": "Bearer pos_"}), 401)


def test_modules_post_customers(modules: httpx.Client, pos: httpx.Client) -> None:
    body = {
        "first_name": "John",
        "last_name": "Doe",
        "email": "john@example.com",
        "phone": "+919876543210",
        "accepts_marketing": True,
        "tags": ["vip", "wholesale"],
        "notes": "Calls before noon",
        "external_ids": {"shopify": "77"},
    }
    response = modules.post(LIST, json={**body, "addresses": [MUMBAI]})
    assert response.status_code == 201
    made = response.json()["data"]
    assert_shape(made, SINGLE)
    assert {name: made[name] for name in body} == body
    assert (made["full_name"], made["is_vip"], made["total_orders"]) == ("John Doe", False, 0)
    assert (made["total_spent"], made["avg_order_value"]) == (0, None)
    assert_shape(made["default_address"], ADDRESS)
    assert made["addresses"] == [made["default_address"]]
    assert made["default_address"].items() >= {**MUMBAI, "is_default": True, "country": None}.items()
    there = as_json(pos.get(f"{LIST}/{made['id']}"))
    assert (there["name"], there["phone"], there["tags"]) == ("John Doe", body["phone"], body["tags"])
    assert there["address"] == "123 Main St, Mumbai, Maharashtra, 400001"
    for field, wrong in (("first_name", " "), ("last_name", 1), ("email", "none"), ("accepts_marketing", 1)):
        assert_refused(modules.post(LIST, json={**body, field: wrong}), 422, field)
    assert_refused(modules.post(LIST, json={"last_name": "Doe"}), 422, "first_name")
    short = {name: value for name, value in MUMBAI.items() if name != "city"}
    assert_refused(modules.post(LIST, json={**body, "addresses": [MUMBAI, short]}), 422, "addresses.1.city")
    assert_refused(modules.post(LIST, json={**body, "addresses": [{**MUMBAI, "type": 0}]}), 422, "addresses.0.type")
    assert_refused(modules.post(LIST, json=[]), 422, "body")
    assert_refused(modules.post(LIST, content=b'{"first_name"'), 400)


def test_modules_get_customers_search(modules: httpx.Client, pos: httpx.Client) -> None:
    number = str(uuid4().int)[:12]
    made = as_json(pos.post(LIST, json={"name": "Searched", "phone": f"+{number[:5]}-{number[5:]}"}))
    [found] = assert_page(modules.get(f"{LIST}/search", params={"q": number[3:]}), LISTED)
    assert (found["id"], found["full_name"]) == (made["id"], "Searched")
    assert as_json(modules.get(f"{LIST}/search", params={"q": uuid4().hex}))["data"] == []
    assert_refused(modules.get(f"{LIST}/search"), 400, "q")
    assert_refused(modules.get(f"{LIST}/search", params={"q": " "}), 400, "q")


def test_modules_get_customers_vip(any_stub: StubServer, modules: httpx.Client, pos: httpx.Client) -> None:
    rows = assert_page(modules.get(f"{LIST}/vip", params={"per_page": 100}), LISTED)
    assert all(row["is_vip"] and (row["total_orders"] >= 10 or row["total_spent"] >= 50_000) for row in rows)
    spender = as_json(pos.post(LIST, json={"name": "Spender"}))["id"]
    sell(any_stub, spender, 4_999_999)
    assert not read(modules, spender)["is_vip"]
    sell(any_stub, spender, 1)
    shown = read(modules, spender)
    assert (shown["is_vip"], shown["total_spent"], shown["avg_order_value"]) == (True, 50_000, 25_000)
    [newest] = assert_page(modules.get(f"{LIST}/vip", params={"per_page": 1}), LISTED)
    assert newest["id"] == spender
    as_json(pos.delete(f"{LIST}/{spender}"))
    assert as_json(modules.get(f"{LIST}/vip", params={"per_page": 1}))["data"][0]["id"] != spender
    assert_refused(modules.get(f"{LIST}/vip", params={"page": "-1"}), 400, "page")


def test_modules_get_customers_segments(any_stub: StubServer, modules: httpx.Client, pos: httpx.Client) -> None:
    def counts() -> dict[str, int]:
        shown = as_json(modules.get(f"{LIST}/segments"))["data"]
        assert set(shown) == {"new", "returning", "loyal", "vip", "at_risk", "total"}
        for segment in shown.values():
            assert_shape(segment, {"label": str, "count": int})
        return {name: segment["count"] for name, segment in shown.items()}

    def moved(before: dict[str, int]) -> dict[str, int]:
        after = counts()
        return {name: count - before[name] for name, count in after.items() if count != before[name]}

    first = counts()
    assert min(first.values()) > 0
    assert sum(first.values()) == 2 * first["total"]
    wanderer = as_json(pos.post(LIST, json={"name": "Wanderer"}))["id"]
    assert moved(first) == {"new": 1, "total": 1}
    sell(any_stub, wanderer, 100, days_ago=100)
    assert moved(first) == {"new": 1, "total": 1}
    sell(any_stub, wanderer, 100, days_ago=91)
    assert moved(first) == {"at_risk": 1, "total": 1}
    sell(any_stub, wanderer, 100, days_ago=89)
    assert moved(first) == {"returning": 1, "total": 1}
    for _ in range(2):
        sell(any_stub, wanderer, 100, days_ago=95)
    assert moved(first) == {"loyal": 1, "total": 1}
    sell(any_stub, wanderer, 5_000_000, days_ago=200)
    assert moved(first) == {"vip": 1, "total": 1}
    as_json(pos.delete(f"{LIST}/{wanderer}"))
    assert moved(first) == {}
    assert_refused(modules.get(f"{LIST}/segments", headers={"Authorization": "Bearer"}), 401)


def test_modules_post_customers_merge(
    any_stub: StubServer, modules: httpx.Client, pos: httpx.Client, stranger: str
) -> None:
    primary = create(modules, last_name="Ahmed", tags=["a"], external_ids={"shopify": "1"}, addresses=[MUMBAI])["id"]
    secondary = create(
        modules, last_name="Khan", email="khan@example.com", tags=["b", "a"], external_ids={"shopify": "2", "erp": "9"},
        addresses=[MUMBAI, {**MUMBAI, "type": "billing"}],
    )["id"]  # fmt: skip
    sell(any_stub, primary, 10_000, on_account=4_000)
    moved = sell(any_stub, secondary, 30_000, on_account=5_000, days_ago=3)
    pay(any_stub, secondary, 2_000)
    sell(any_stub, primary, 2_000, on_account=500)
    before = as_json(pos.get(f"{LIST}/{primary}/ledger"))
    merging = {"primary_id": primary, "secondary_id": secondary}
    response = modules.post(f"{LIST}/merge", json=merging)
    assert response.status_code == 200
    merged = response.json()["data"]
    assert_shape(merged, SINGLE)
    assert (merged["id"], merged["full_name"], merged["email"]) == (primary, "Rahim Ahmed", "khan@example.com")
    assert (merged["tags"], merged["external_ids"]) == (["a", "b"], {"shopify": "1", "erp": "9"})
    assert (merged["total_orders"], merged["total_spent"], merged["avg_order_value"]) == (3, 420, 140)
    assert merged["first_order_at"] < merged["last_order_at"]
    assert [(one["type"], one["is_default"]) for one in merged["addresses"]] == [
        ("shipping", True), ("shipping", False), ("billing", True),
    ]  # fmt: skip
    assert read(modules, primary) == merged
    there = as_json(pos.get(f"{LIST}/{primary}"))
    assert (there["ledger_balance"], there["loyalty_points"], there["total_spent"]) == (-7_500, 420, 42_000)
    assert moved.uuid in {one["id"] for one in there["recent_purchases"]}
    khata = as_json(pos.get(f"{LIST}/{primary}/ledger"))
    assert khata[2:] == before
    assert [line["balance_after"] for line in khata] == [-7_500, -9_500, -4_500, -4_000]
    assert khata[1]["reference_id"] == moved.uuid
    for path in ("", "/orders", "/addresses"):
        gone = modules.get(f"{LIST}/{secondary}{path}")
        assert (gone.status_code, gone.json()["merged_into"]) == (404, primary)
        assert set(gone.json()) == {"message", "merged_into"}
    assert pos.get(f"{LIST}/{secondary}").status_code == 404
    assert modules.post(f"{LIST}/merge", json=merging).json()["merged_into"] == primary
    same = {"primary_id": primary, "secondary_id": primary.upper()}
    assert_refused(modules.post(f"{LIST}/merge", json=same), 422, "secondary_id")
    assert_refused(modules.post(f"{LIST}/merge", json={"primary_id": primary}), 422, "secondary_id")
    for unknown in (stranger, str(uuid4()), "7"):
        assert_refused(modules.post(f"{LIST}/merge", json={**merging, "secondary_id": unknown}), 404)
        assert_refused(modules.post(f"{LIST}/merge", json={"primary_id": unknown, "secondary_id": primary}), 404)


def test_modules_post_customers_bulk_tags(modules: httpx.Client, pos: httpx.Client, stranger: str) -> None:
    one, other = create(modules, tags=["old"])["id"], create(modules, tags=["newsletter"])["id"]
    body = {
        "customer_ids": [one, other.upper(), one, stranger, str(uuid4()), "7"],
        "tags": ["summer-sale", "newsletter"],
    }
    assert as_json(modules.post(f"{LIST}/bulk/tags", json=body)) == {"data": {"updated": 2}}
    assert as_json(pos.get(f"{LIST}/{one}"))["tags"] == ["old", "summer-sale", "newsletter"]
    assert as_json(pos.get(f"{LIST}/{other}"))["tags"] == ["newsletter", "summer-sale"]
    many = {**body, "customer_ids": [str(uuid4()) for _ in range(501)]}
    assert_refused(modules.post(f"{LIST}/bulk/tags", json=many), 422, "customer_ids")
    assert as_json(modules.post(f"{LIST}/bulk/tags", json={**many, "customer_ids": many["customer_ids"][1:]})) == {
        "data": {"updated": 0}
    }
    assert_refused(modules.post(f"{LIST}/bulk/tags", json={**body, "tags": "newsletter"}), 422, "tags")


def test_modules_delete_customers_bulk_tags(modules: httpx.Client, pos: httpx.Client, any_stub: StubServer) -> None:
    mine = create(modules, tags=["a", "b", "c"])["id"]
    with any_stub.client("7", api="modules") as client:
        theirs = create(client, tags=["a"])["id"]
        body = {"customer_ids": [mine, theirs], "tags": ["a", "c", "z"]}
        assert as_json(modules.request("DELETE", f"{LIST}/bulk/tags", json=body)) == {"data": {"updated": 1}}
        assert read(client, theirs)["tags"] == ["a"]
    assert as_json(pos.get(f"{LIST}/{mine}"))["tags"] == ["b"]
    assert_refused(modules.request("DELETE", f"{LIST}/bulk/tags", json={"tags": ["a"]}), 422, "customer_ids")


def test_modules_get_customers_id(modules: httpx.Client, pos: httpx.Client, stranger: str) -> None:
    made = as_json(pos.post(LIST, json={"name": "Fatima", "address": "12 Lake Road, Dhaka", "notes": "Regular"}))
    shown = read(modules, made["id"])
    assert_shape(shown, SINGLE)
    assert (shown["first_name"], shown["last_name"], shown["notes"]) == ("Fatima", None, "Regular")
    assert_shape(shown["default_address"], ADDRESS)
    assert (shown["default_address"]["address1"], shown["default_address"]["city"]) == ("12 Lake Road, Dhaka", "")
    as_json(pos.put(f"{LIST}/{made['id']}", json={"address": None}))
    bare = read(modules, made["id"])
    assert (bare["addresses"], bare["default_address"]) == ([], None)
    for unknown in (stranger, str(uuid4()), "7"):
        assert_refused(modules.get(f"{LIST}/{unknown}"), 404)


def test_modules_patch_customers_id(modules: httpx.Client, pos: httpx.Client, stranger: str) -> None:
    made = create(modules, last_name="Ahmed", email="r@example.com", notes="x", tags=["a"], external_ids={"erp": "1"})
    url = f"{LIST}/{made['id']}"
    ignored = {"id": str(uuid4()), "total_spent": 9, "total_orders": 9, "is_vip": True, "loyalty_points": 9}
    changed = as_json(modules.patch(url, json={"last_name": "Uddin", "email": None, "tags": ["b"], **ignored}))["data"]
    assert_shape(changed, SINGLE)
    kept = {"id": made["id"], "total_spent": 0, "total_orders": 0, "is_vip": False, "external_ids": {"erp": "1"}}
    new = {"full_name": "Rahim Uddin", "email": None, "tags": ["b"], "notes": "x"}
    assert changed.items() >= {**kept, **new}.items()
    assert changed["updated_at"] > made["updated_at"]
    there = as_json(pos.get(url))
    assert (there["name"], there["email"], there["tags"], there["loyalty_points"]) == ("Rahim Uddin", None, ["b"], 0)
    assert as_json(modules.patch(url, json={"last_name": None, "external_ids": {}}))["data"]["last_name"] is None
    assert as_json(pos.get(url))["name"] == "Rahim"
    for field, wrong in (("first_name", None), ("email", "x"), ("tags", None), ("external_ids", {"erp": 1})):
        assert_refused(modules.patch(url, json={field: wrong}), 422, field)
    assert_refused(modules.patch(f"{LIST}/{stranger}", json={"notes": "mine"}), 404)


def test_modules_delete_customers_id(modules: httpx.Client, pos: httpx.Client, stranger: str) -> None:
    made = create(modules, last_name=uuid4().hex)
    url = f"{LIST}/{made['id']}"
    answer = modules.delete(url)
    assert (answer.status_code, answer.content) == (204, b"")
    assert_refused(modules.get(url), 404)
    assert_refused(modules.delete(url), 404)
    assert pos.get(url).status_code == 404
    assert as_json(pos.get(LIST, params={"search": made["last_name"]})) == []
    assert_refused(modules.delete(f"{LIST}/{stranger}"), 404)


def test_modules_get_customers_id_orders(
    any_stub: StubServer, modules: httpx.Client, pos: httpx.Client, stranger: str
) -> None:
    made = as_json(pos.post(LIST, json={"name": "Buyer"}))["id"]
    first, last = sell(any_stub, made, 12_345), sell(any_stub, made, 500)
    orders = assert_page(modules.get(f"{LIST}/{made}/orders"), ORDER)
    assert [(one["id"], one["total"]) for one in orders] == [(last.uuid, 5), (first.uuid, 123.45)]
    bought = as_json(pos.get(f"{LIST}/{made}"))["recent_purchases"]
    assert [one["order_number"] for one in orders] == [one["receipt_number"] for one in bought]
    second = as_json(modules.get(f"{LIST}/{made}/orders", params={"per_page": 1, "page": 2}))
    assert (second["data"], second["meta"]["total"]) == (orders[1:], 2)
    assert_refused(modules.get(f"{LIST}/{stranger}/orders"), 404)
    assert_refused(modules.get(f"{LIST}/{made}/orders", params={"per_page": "0"}), 400, "per_page")


def test_modules_get_customers_id_addresses(modules: httpx.Client, pos: httpx.Client, stranger: str) -> None:
    made = as_json(pos.post(LIST, json={"name": "Fatima", "address": "12 Lake Road, Dhaka"}))["id"]
    as_json(modules.post(f"{LIST}/{made}/addresses", json=MUMBAI))
    lake, mumbai = assert_page(modules.get(f"{LIST}/{made}/addresses"), ADDRESS)
    assert (lake["address1"], lake["is_default"]) == ("12 Lake Road, Dhaka", True)
    assert (mumbai["address1"], mumbai["is_default"]) == ("123 Main St", False)
    second = as_json(modules.get(f"{LIST}/{made}/addresses", params={"per_page": 1, "page": 2}))
    assert second == {"data": [mumbai], "meta": {"current_page": 2, "last_page": 2, "per_page": 1, "total": 2}}
    assert_refused(modules.get(f"{LIST}/{stranger}/addresses"), 404)


def test_modules_post_customers_id_addresses(modules: httpx.Client, pos: httpx.Client, stranger: str) -> None:
    made = create(modules)
    url = f"{LIST}/{made['id']}/addresses"
    response = modules.post(url, json={**MUMBAI, "first_name": "John", "last_name": "Doe Roe", "country": "India"})
    assert response.status_code == 201
    address = response.json()["data"]
    assert_shape(address, ADDRESS)
    named = {"first_name": "John", "last_name": "Doe Roe", "country": "India", "is_default": True}
    assert address.items() >= {**MUMBAI, **named}.items()
    assert as_json(pos.get(f"{LIST}/{made['id']}"))["address"] == "123 Main St, Mumbai, Maharashtra, 400001, India"
    billing = as_json(modules.post(url, json={**MUMBAI, "type": "billing", "address1": "Bank"}))["data"]
    other = as_json(modules.post(url, json={**MUMBAI, "is_default": True, "address1": "New"}))["data"]
    shown = read(modules, made["id"])
    assert (billing["is_default"], other["is_default"], shown["default_address"]) == (True, True, other)
    assert [one["is_default"] for one in shown["addresses"]] == [False, True, True]
    assert shown["updated_at"] > made["updated_at"]
    assert_refused(modules.post(url, json={**MUMBAI, "pincode": 400001}), 422, "pincode")
    assert_refused(modules.post(url, json={**MUMBAI, "type": "home"}), 422, "type")
    assert_refused(modules.post(f"{LIST}/{stranger}/addresses", json=MUMBAI), 404)


def test_modules_patch_customers_id_addresses_id(modules: httpx.Client, pos: httpx.Client, stranger: str) -> None:
    made = create(modules, addresses=[MUMBAI, {**MUMBAI, "address1": "Other", "first_name": "Jo", "last_name": "Doe"}])
    first, other = made["addresses"]
    url = f"{LIST}/{made['id']}/addresses/{other['id']}"
    changed = as_json(modules.patch(url, json={"city": "Pune", "last_name": None, "is_default": True}))["data"]
    assert_shape(changed, ADDRESS)
    assert changed == {**other, "city": "Pune", "last_name": None, "is_default": True}
    assert as_json(pos.get(f"{LIST}/{made['id']}"))["address"] == "Other, Pune, Maharashtra, 400001"
    assert as_json(modules.patch(url, json={"type": "billing"}))["data"] == {**changed, "type": "billing"}
    assert [one["is_default"] for one in read(modules, made["id"])["addresses"]] == [True, True]
    before = read(modules, made["id"])
    as_json(modules.patch(url, json={"city": "Pune", "type": "billing", "is_default": False}))
    assert read(modules, made["id"]) == before
    assert_refused(modules.patch(url, json={"city": None}), 422, "city")
    assert_refused(modules.patch(f"{LIST}/{create(modules)['id']}/addresses/{first['id']}", json={}), 404)
    assert_refused(modules.patch(f"{LIST}/{stranger}/addresses/{first['id']}", json={}), 404)


def test_modules_delete_customers_id_addresses_id(modules: httpx.Client, pos: httpx.Client) -> None:
    made = create(modules, addresses=[{**MUMBAI, "address1": name} for name in ("Oldest", "Middle", "Last")])
    oldest, middle, last = (one["id"] for one in made["addresses"])
    url = f"{LIST}/{made['id']}/addresses"
    as_json(modules.post(f"{url}/{last}/default"))
    answer = modules.delete(f"{url}/{last}")
    assert (answer.status_code, answer.content) == (204, b"")
    assert read(modules, made["id"])["default_address"]["id"] == oldest
    assert as_json(pos.get(f"{LIST}/{made['id']}"))["address"].startswith("Oldest")
    assert_refused(modules.delete(f"{url}/{last}"), 404)
    assert_refused(modules.delete(f"{url}/7"), 404)
    assert [modules.delete(f"{url}/{one}").status_code for one in (oldest, middle)] == [204, 204]
    assert as_json(pos.get(f"{LIST}/{made['id']}"))["address"] is None


def test_modules_post_customers_id_addresses_id_default(modules: httpx.Client, pos: httpx.Client) -> None:
    made = create(modules, addresses=[MUMBAI, {**MUMBAI, "address1": "Other"}, {**MUMBAI, "type": "billing"}])
    _, other, billing = made["addresses"]
    url = f"{LIST}/{made['id']}/addresses"
    response = modules.post(f"{url}/{other['id']}/default")
    assert response.status_code == 200
    assert response.json() == {"data": {**other, "is_default": True}}
    assert_shape(response.json()["data"], ADDRESS)
    shown = read(modules, made["id"])
    assert [one["is_default"] for one in shown["addresses"]] == [False, True, True]
    assert shown["default_address"]["id"] == other["id"] != billing["id"]
    assert as_json(pos.get(f"{LIST}/{made['id']}"))["address"].startswith("Other")
    assert_refused(modules.post(f"{url}/{uuid4()}/default"), 404)
