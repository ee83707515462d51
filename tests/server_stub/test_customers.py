"""The five customer endpoints of the `pos` API, on every database, extended and plain."""

import re
from itertools import pairwise
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.support.stub import StubServer, as_json

LIST = "/api/v1/customers"
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
LISTED = {
    "id", "name", "email", "phone", "address", "loyalty_points", "total_spent", "total_orders", "notes", "tags",
    "created_at",
}  # fmt: skip
FULL = {
    "name": "Jane Doe",
    "email": "jane@example.com",
    "phone": "+1234567890",
    "address": "123 Main St, City",
    "notes": "Referred by John",
    "tags": ["retail"],
}


def create(client: httpx.Client, **fields: Any) -> dict[str, Any]:
    return dict(as_json(client.post(LIST, json={"name": "Jane Doe", **fields})))


def assert_refused(response: httpx.Response, status: int, code: str) -> dict[str, Any]:
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/json"
    body = response.json()
    assert body["error"] == code
    assert isinstance(body["message"], str)
    return dict(body)


def assert_listed_types(row: dict[str, Any]) -> None:
    assert UUID.fullmatch(row["id"])
    assert isinstance(row["name"], str)
    for name in ("email", "phone", "address", "notes"):
        assert row[name] is None or isinstance(row[name], str)
    for name in ("loyalty_points", "total_spent", "total_orders"):
        assert type(row[name]) is int
    assert isinstance(row["tags"], list)
    assert TIME.fullmatch(row["created_at"])


def test_list_rows_have_the_documented_fields(any_stub: StubServer, any_client: httpx.Client) -> None:
    plain = any_stub.thread.settings.announced("pos") == ""
    response = any_client.get(LIST, params={"limit": 999})
    rows = as_json(response)
    assert isinstance(rows, list)
    assert 54 <= len(rows) <= 250
    for row in rows:
        assert set(row) == LISTED | (set() if plain else {"updated_at", "ledger_balance"})
        assert_listed_types(row)
    assert ("x-total-count" in response.headers) is not plain
    assert ("x-sync-extensions" in response.headers) is not plain


def test_list_defaults_to_the_twenty_newest(any_client: httpx.Client) -> None:
    newest = create(any_client)
    rows = as_json(any_client.get(LIST))
    assert len(rows) == 20
    assert rows[0]["id"] == newest["id"]
    times = [row["created_at"] for row in rows]
    assert times == sorted(times, reverse=True)


@pytest.mark.parametrize("sort", ["name", "created_at", "total_spent", "loyalty_points"])
@pytest.mark.parametrize("order", ["ASC", "desc"])
def test_pages_in_every_order_are_stable(any_client: httpx.Client, sort: str, order: str) -> None:
    def page(number: int, limit: int) -> list[dict[str, Any]]:
        return list(
            as_json(any_client.get(LIST, params={"page": number, "limit": limit, "sort": sort, "order": order}))
        )

    whole = page(1, 250)
    paged = [row for number in range(1, 7) for row in page(number, 7)]
    assert [row["id"] for row in paged] == [row["id"] for row in whole[:42]]
    keys = [row[sort].casefold() if sort == "name" else row[sort] for row in whole]
    assert all(before <= after if order == "ASC" else before >= after for before, after in pairwise(keys))
    assert page(1000, 250) == []


@pytest.mark.parametrize(
    "query",
    ["page=0", "page=-1", "page=x", "page=1.5", "page=99999999999999999999", "limit=0", "limit=", "sort=phone",
     "sort=updated_at", "order=up", "search=a%00b"],
)  # fmt: skip
def test_list_refuses_bad_parameters(any_client: httpx.Client, query: str) -> None:
    assert_refused(any_client.get(f"{LIST}?{query}"), 400, "invalid_request")


def test_the_largest_page_is_an_empty_one(any_client: httpx.Client) -> None:
    assert as_json(any_client.get(f"{LIST}?page=9999999999999999999")) == []


@pytest.mark.parametrize(
    "needle", ["ZÜRICH", "zürich ban", "MRS.Z@EXAMPLE", "+880 17-11", "8801711", "১৭১১ ৪৪", "11 44"]
)
def test_search_finds_name_email_phone_and_digits(any_client: httpx.Client, needle: str) -> None:
    made = create(any_client, name="Zürich Banu", email="mrs.z@example.com", phone="+880 17-11 4455")
    found = [row["id"] for row in as_json(any_client.get(LIST, params={"search": needle, "limit": 250}))]
    assert made["id"] in found


@pytest.mark.parametrize("needle", ["10%", "a_b", "\\", "no such person", "\x1f"])
def test_search_takes_wildcards_literally(any_client: httpx.Client, needle: str) -> None:
    create(any_client, name="1000 aXb")
    assert as_json(any_client.get(LIST, params={"search": needle})) == []


def test_create_answers_seven_fields_and_get_shows_all(any_client: httpx.Client) -> None:
    response = any_client.post(LIST, json={**FULL, "loyalty_points": 9, "unknown": {"x": 1}})
    assert response.status_code == 201
    made = response.json()
    assert set(made) == {"id", "name", "email", "phone", "loyalty_points", "total_spent", "created_at"}
    assert (made["loyalty_points"], made["total_spent"]) == (0, 0)
    shown = as_json(any_client.get(f"{LIST}/{made['id']}"))
    assert set(shown) == LISTED | {"recent_purchases", "ledger_balance"}
    assert_listed_types(shown)
    assert {name: shown[name] for name in FULL} == FULL
    assert (shown["recent_purchases"], shown["ledger_balance"]) == ([], 0)
    assert shown["created_at"] == made["created_at"]


def test_a_name_is_enough(any_client: httpx.Client) -> None:
    made = create(any_client, name="রহিম", email=None)
    shown = as_json(any_client.get(f"{LIST}/{made['id']}"))
    assert [shown[name] for name in ("name", "email", "phone", "address", "notes", "tags")] == [
        "রহিম", None, None, None, None, [],
    ]  # fmt: skip


def test_two_customers_may_share_a_phone(any_client: httpx.Client) -> None:
    assert create(any_client, phone="123")["id"] != create(any_client, phone="123")["id"]


BAD_BODIES = [
    b"", b"{", b"[]", b"null", b'"x"', b"\xff", b"\xef\xbb\xbf{}", b'{"name": NaN}', b'{"name": "a", "x": Infinity}',
    b'{"name": "a\\ud800"}', b'{"name": "a\\u0000"}', b'{"name": "a", "tags": ["\\u0000"]}', b'{"name": 5}',
    b'{"name": null}', b'{"name": ""}', b'{"name": "  "}', b'{"name": "a", "email": "nobody"}',
    b'{"name": "a", "email": 1}', b'{"name": "a", "phone": 123}', b'{"name": "a", "tags": "vip"}',
    b'{"name": "a", "tags": [1]}', b'{"name": "a", "tags": null}', b'{"name": "a"} x',
    b'{"name": "a", "x": ' + b"[" * 100_000,
]  # fmt: skip


@pytest.mark.parametrize("body", BAD_BODIES, ids=range(len(BAD_BODIES)))
def test_bad_bodies_are_refused_and_change_nothing(any_client: httpx.Client, body: bytes) -> None:
    made = create(any_client)
    before = as_json(any_client.get(f"{LIST}/{made['id']}"))
    assert_refused(any_client.put(f"{LIST}/{made['id']}", content=body), 400, "invalid_request")
    assert_refused(any_client.post(LIST, content=body), 400, "invalid_request")
    assert as_json(any_client.get(f"{LIST}/{made['id']}")) == before


def test_an_empty_create_is_refused(any_client: httpx.Client) -> None:
    assert_refused(any_client.post(LIST, json={}), 400, "invalid_request")


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_update_changes_only_what_is_given(any_client: httpx.Client, method: str) -> None:
    made = create(any_client, **FULL)
    path = f"{LIST}/{made['id']}"
    change = {"name": "Jane Smith", "phone": "+0987654321", "tags": ["vip", "wholesale"]}
    changed = as_json(any_client.request(method, path, json=change))
    assert changed == as_json(any_client.get(path))
    assert {name: changed[name] for name in FULL} == {**FULL, **change}
    cleared = as_json(
        any_client.request(method, path, json={"email": None, "phone": None, "address": None, "notes": None})
    )
    assert [cleared[name] for name in ("email", "phone", "address", "notes")] == [None] * 4
    found = as_json(any_client.get(LIST, params={"search": "0987654321", "limit": 250}))
    assert made["id"] not in [row["id"] for row in found]


def test_an_address_is_replaced_kept_and_taken_away(any_client: httpx.Client) -> None:
    path = f"{LIST}/{create(any_client, address='1 First Road')['id']}"
    assert as_json(any_client.put(path, json={"address": "2 Second Road"}))["address"] == "2 Second Road"
    assert as_json(any_client.put(path, json={"name": "Other"}))["address"] == "2 Second Road"
    assert as_json(any_client.put(path, json={"address": None}))["address"] is None
    assert as_json(any_client.put(path, json={"address": "3 Third Road"}))["address"] == "3 Third Road"
    assert as_json(any_client.get(path))["address"] == "3 Third Road"
    as_json(any_client.delete(path))


def test_delete_without_history_is_gone(any_client: httpx.Client) -> None:
    made = create(any_client, **FULL)
    path = f"{LIST}/{made['id']}"
    assert as_json(any_client.delete(path)) == {"message": "Customer deleted successfully"}
    for method in ("GET", "PUT", "DELETE"):
        assert_refused(any_client.request(method, path, json={"name": "x"}), 404, "not_found")


def test_delete_with_history_anonymises(any_client: httpx.Client) -> None:
    rows = as_json(any_client.get(LIST, params={"limit": 250}))
    row = next(row for row in rows if row["total_orders"] and row["email"] and row["loyalty_points"])
    path = f"{LIST}/{row['id']}"
    before = as_json(any_client.get(path))
    ledger = as_json(any_client.get(f"{path}/ledger"))
    assert as_json(any_client.delete(path)) == {"message": "Customer deleted successfully"}
    after = as_json(any_client.get(path))
    blank: dict[str, Any] = {"email": None, "phone": None, "address": None, "notes": None, "tags": []}
    assert after == {**before, **blank, "name": "Deleted customer", "anonymized": True}
    assert after["recent_purchases"]
    assert as_json(any_client.get(f"{path}/ledger")) == ledger
    assert_refused(any_client.put(path, json={"name": "x"}), 404, "not_found")
    assert_refused(any_client.delete(path), 404, "not_found")
    redeem = {"points": 1, "sale_id": str(uuid4())}
    assert_refused(any_client.post(f"{path}/loyalty/redeem", json=redeem), 404, "not_found")
    for query in ({}, {"search": "Deleted customer"}, {"search": before["email"]}):
        listed = as_json(any_client.get(LIST, params={"limit": 250, **query}))
        assert row["id"] not in [each["id"] for each in listed]


def test_recent_purchases_are_the_ten_newest(any_client: httpx.Client) -> None:
    rows = as_json(any_client.get(LIST, params={"limit": 250}))
    busy = max(rows, key=lambda row: row["total_orders"])
    purchases = as_json(any_client.get(f"{LIST}/{busy['id']}"))["recent_purchases"]
    assert busy["total_orders"] >= 10
    assert len(purchases) == 10
    for purchase in purchases:
        assert set(purchase) == {"id", "receipt_number", "total", "created_at"}
        assert re.fullmatch(r"REC-\d{8}-\d{3,}", purchase["receipt_number"])
        assert type(purchase["total"]) is int
    times = [purchase["created_at"] for purchase in purchases]
    assert times == sorted(times, reverse=True)


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer wrong", "Basic {}", "{}", "Bearer {}x"])
def test_a_bad_credential_is_401_everywhere(any_stub: StubServer, header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header.format(any_stub.token())}
    some = f"{LIST}/{uuid4()}"
    with httpx.Client(base_url=any_stub.base_url, headers=headers, trust_env=False) as client:
        for method, path in [
            ("GET", LIST), ("POST", LIST), ("GET", some), ("PUT", some), ("PATCH", some), ("DELETE", some),
            ("GET", f"{some}/ledger"), ("POST", f"{some}/loyalty/redeem"),
        ]:  # fmt: skip
            response = client.request(method, path)
            assert_refused(response, 401, "unauthorized")
            assert "x-sync-extensions" not in response.headers


def test_another_stores_customer_is_404(any_stub: StubServer, any_client: httpx.Client) -> None:
    made = create(any_client, phone="5550001112")
    path = f"{LIST}/{made['id']}"
    with any_stub.client("7") as stranger:
        for method, tail in [("GET", ""), ("PUT", ""), ("DELETE", ""), ("GET", "/ledger"), ("POST", "/loyalty/redeem")]:
            assert_refused(stranger.request(method, path + tail, json={"name": "x"}), 404, "not_found")
        assert as_json(stranger.get(LIST, params={"search": "5550001112"})) == []
    assert as_json(any_client.get(path))["name"] == "Jane Doe"


@pytest.mark.parametrize(
    "identifier", ["1", "deleted-x", "%00", "g" * 36, "00000000-0000-0000-0000-00000000000", "../x"]
)
def test_an_id_of_the_wrong_form_is_404(any_client: httpx.Client, identifier: str) -> None:
    assert_refused(any_client.get(f"{LIST}/{identifier}"), 404, "not_found")


def test_ids_are_read_in_either_case(any_client: httpx.Client) -> None:
    made = create(any_client)
    assert as_json(any_client.get(f"{LIST}/{made['id'].upper()}"))["id"] == made["id"]


def test_unknown_routes_and_methods_answer_in_the_same_shape(any_stub: StubServer, any_client: httpx.Client) -> None:
    assert_refused(any_client.get("/api/v1/nothing"), 404, "not_found")
    assert_refused(any_client.get(f"{LIST}/"), 404, "not_found")
    refused = any_client.delete(LIST)
    assert_refused(refused, 405, "method_not_allowed")
    assert "GET" in refused.headers["allow"]
    assert_refused(httpx.get(f"{any_stub.root_url}/nothing", trust_env=False), 404, "not_found")


def test_a_body_above_five_mebibytes_is_413(any_client: httpx.Client) -> None:
    body = {"name": "x", "notes": "y" * (5 * 1024 * 1024)}
    assert_refused(any_client.post(LIST, json=body), 413, "payload_too_large")
    assert as_json(any_client.get(LIST, params={"limit": 1}))


def test_a_body_just_below_five_mebibytes_is_kept(any_client: httpx.Client) -> None:
    made = create(any_client, name="n" * 10_000, notes="y" * (5 * 1024 * 1024 - 20_000))
    assert len(as_json(any_client.get(f"{LIST}/{made['id']}"))["notes"]) == 5 * 1024 * 1024 - 20_000
    any_client.delete(f"{LIST}/{made['id']}")
