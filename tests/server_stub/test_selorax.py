"""What is the SeloraX apps API's own: its credentials, filters, phones, guests, addresses, and its extensions."""

import json
from collections.abc import Iterator
from itertools import pairwise
from typing import Any
from uuid import uuid4

import httpx
import pytest

from server_stub.credentials import all_credentials
from tests.server_stub.contract.test_selorax import LIST, NOBODY, POS, assert_refused, create, in_pos, new_phone, shown
from tests.support.stub import StubServer, as_json

CREDENTIALS = all_credentials(42)["selorax"]
NESTED: dict[str, Any] = {"a": json.loads("[" * 100 + "]" * 100)}
GUESTS = {"include_guests": "true", "limit": 250}


@pytest.fixture
def selorax(stub: StubServer) -> Iterator[httpx.Client]:
    with stub.client(api="selorax") as client:
        yield client


@pytest.fixture
def pos(stub: StubServer) -> Iterator[httpx.Client]:
    with stub.client() as client:
        yield client


def rows(selorax: httpx.Client, **query: Any) -> list[dict[str, Any]]:
    return list(as_json(selorax.get(LIST, params=query))["data"])


def app(store: str = "22", **other: str) -> dict[str, str]:
    made = {**CREDENTIALS[store], **other}
    return {
        "X-Client-Id": made["client_id"],
        "X-Client-Secret": made["client_secret"],
        "X-Store-Id": made["store_id"],
    }


def requests_of(path: str) -> list[tuple[str, str]]:
    return [("GET", LIST), ("POST", LIST), ("GET", path), ("PUT", path), ("DELETE", path), ("GET", f"{path}/orders")]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": f"Bearer {CREDENTIALS['22']['token']}x"},
        {"Authorization": CREDENTIALS["22"]["token"]},
        {"Authorization": "Bearer wrong", **app()},
        app(client_secret="wrong"),
        app(store_id="7"),
        app(store_id="022"),
        {**app(), "X-Store-Id": ""},
        {"Authorization": f"Bearer {all_credentials(42)['pos']['22']['token']}"},
    ],
)
def test_a_bad_credential_is_401_everywhere(stub: StubServer, headers: dict[str, str]) -> None:
    with httpx.Client(base_url=f"{stub.root_url}/selorax", headers=headers, trust_env=False) as client:
        for method, path in [*requests_of(f"{LIST}/1"), ("GET", f"{LIST}/deleted")]:
            assert_refused(client.request(method, path), 401, "invalid_token")


def test_an_app_may_do_what_a_token_may(stub: StubServer) -> None:
    with httpx.Client(base_url=f"{stub.root_url}/selorax", headers=app("7"), trust_env=False) as client:
        made = create(client)
        assert made["store_id"] == 7
        path = f"{LIST}/{made['user_id']}"
        assert as_json(client.put(path, json={"name": "Other"}))["data"]["name"] == "Other"
        as_json(client.delete(path))


def test_a_token_that_may_read_may_not_write(stub: StubServer, selorax: httpx.Client) -> None:
    path = f"{LIST}/{create(selorax)['user_id']}"
    with stub.client(api="selorax", token=CREDENTIALS["22"]["read_token"]) as reader:
        for method, target in requests_of(path):
            response = reader.request(method, target)
            assert response.headers["x-sync-extensions"]
            if method == "GET":
                assert response.status_code == 200
            else:
                assert_refused(response, 403, "insufficient_scope")
    assert shown(selorax, int(path.rsplit("/", 1)[1]))["name"] == "Karim Hossain"


def test_another_stores_customer_is_404(stub: StubServer, selorax: httpx.Client) -> None:
    made = create(selorax)
    path = f"{LIST}/{made['user_id']}"
    with stub.client("7", api="selorax") as stranger:
        for method, target in requests_of(path)[2:]:
            assert_refused(stranger.request(method, target, json={"name": "x"}), 404)
        assert rows(stranger, search=made["phone"]) == []
        assert create(stranger, phone=made["phone"])["store_id"] == 7


@pytest.mark.parametrize("user_id", ["x", "0", "-1", "1.0", "٣", str(2**63), "9" * 30, "a-b", "%00", str(NOBODY)])
def test_an_id_of_the_wrong_form_is_404(selorax: httpx.Client, user_id: str) -> None:
    assert_refused(selorax.get(f"{LIST}/{user_id}"), 404)


def test_a_phone_is_unique_by_its_digits(selorax: httpx.Client, pos: httpx.Client) -> None:
    digits = new_phone()
    spaced = f"{digits[:5]} {digits[5:]}"
    made, other = create(selorax, phone=digits), create(selorax)
    assert_refused(selorax.post(LIST, json={"name": "x", "phone": spaced}), 409, "phone_taken")
    assert_refused(selorax.put(f"{LIST}/{other['user_id']}", json={"phone": spaced}), 409, "phone_taken")
    assert as_json(selorax.put(f"{LIST}/{made['user_id']}", json={"phone": spaced}))["data"]["phone"] == spaced
    assert as_json(pos.post(POS, json={"name": "Not unique there", "phone": digits}))["phone"] == digits
    as_json(selorax.put(f"{LIST}/{made['user_id']}", json={"name": "Nobody asks about the phone"}))


def test_a_guest_is_listed_when_asked_for_and_has_its_phone_alone(selorax: httpx.Client, pos: httpx.Client) -> None:
    guests = [row for row in rows(selorax, **GUESTS) if row["is_guest"]]
    assert guests
    guest = next(row for row in guests if row["phone"])
    assert shown(selorax, guest["user_id"]) | guest == shown(selorax, guest["user_id"])
    assert as_json(selorax.get(f"{LIST}/{guest['user_id']}/orders"))["pagination"]["total"] == guest["total_orders"]
    for query in ({}, {"include_guests": "false"}):
        assert rows(selorax, search=guest["phone"], **query) == []
    assert in_pos(pos, guest) == []
    assert_refused(selorax.post(LIST, json={"name": "x", "phone": guest["phone"]}), 409, "phone_taken")
    assert_refused(
        selorax.put(f"{LIST}/{create(selorax)['user_id']}", json={"phone": guest["phone"]}), 409, "phone_taken"
    )
    renamed = as_json(selorax.put(f"{LIST}/{guest['user_id']}", json={"name": "Still a guest"}))["data"]
    assert (renamed["name"], renamed["is_guest"]) == ("Still a guest", 1)


@pytest.mark.parametrize("sort", ["name:asc", "NAME:DESC", "created_at:asc", "updated_at:desc"])
def test_pages_in_every_order_are_stable(selorax: httpx.Client, sort: str) -> None:
    whole = rows(selorax, sort=sort, limit=250)
    paged = [row for page in range(1, 5) for row in rows(selorax, sort=sort, page=page, limit=7)]
    assert [row["user_id"] for row in paged] == [row["user_id"] for row in whole[:28]]
    column, order = sort.lower().split(":")
    keys = [row[column].casefold() for row in whole]
    assert all(before <= after if order == "asc" else before >= after for before, after in pairwise(keys))
    beyond = as_json(selorax.get(LIST, params={"page": 1000, "limit": 250}))
    assert (beyond["data"], beyond["pagination"]["page"]) == ([], 1000)


def test_since_is_the_time_of_creation(selorax: httpx.Client) -> None:
    first, second = create(selorax), create(selorax)
    as_json(selorax.put(f"{LIST}/{first['user_id']}", json={"name": "Changed later"}))
    moment = shown(selorax, second["user_id"])["created_at"]
    assert [row["user_id"] for row in rows(selorax, since=moment)] == [second["user_id"]]
    assert second["user_id"] in [row["user_id"] for row in rows(selorax, since=moment[:10])]


def test_totals_narrow_a_list(selorax: httpx.Client) -> None:
    everyone = rows(selorax, limit=250)
    some = sorted(row["total_spent"] for row in everyone)[-10]
    assert some
    found = rows(selorax, total_spent_min=some, limit=250)
    assert {row["user_id"] for row in found} == {row["user_id"] for row in everyone if row["total_spent"] >= some}
    answer = as_json(selorax.get(LIST, params={"total_orders_min": 5, "limit": 1}))
    assert answer["pagination"]["total"] == sum(row["total_orders"] >= 5 for row in everyone) > 0
    assert rows(selorax, total_orders_min=10**19 - 1, total_spent_min=10**19 - 1) == []


@pytest.mark.parametrize(
    "query",
    ["page=0", "page=x", "limit=0", "limit=1.5", "sort=name", "sort=total_spent:asc", "sort=name:up", "sort=",
     "since=yesterday", "include_guests=maybe", "total_orders_min=-1", "total_spent_min=5.5", "search=a%00b",
     "updated_since=2025-13-01T00:00:00Z"],
)  # fmt: skip
def test_a_list_refuses_bad_parameters(selorax: httpx.Client, query: str) -> None:
    assert_refused(selorax.get(f"{LIST}?{query}"), 400)


@pytest.mark.parametrize(
    "change",
    [
        {"name": None}, {"name": ""}, {"name": " "}, {"name": "n" * 256}, {"name": 5}, {"email": "nobody"},
        {"email": 1}, {"phone": None}, {"phone": "123456789"}, {"phone": "1" * 21}, {"phone": "no digits at all"},
        {"phone": 1712345678}, {"address_json": "1 Road"}, {"address_json": [1]}, {"address_json": NESTED},
        {"address_json": {"\0": 1}}, {"user_id": 1}, {"address": {"city": "Dhaka"}}, {},
    ],
)  # fmt: skip
def test_a_bad_change_is_refused_and_changes_nothing(selorax: httpx.Client, change: dict[str, Any]) -> None:
    made = create(selorax)
    before = shown(selorax, made["user_id"])
    assert_refused(selorax.put(f"{LIST}/{made['user_id']}", json=change), 400)
    new = {"name": "x", "phone": new_phone(), **change, "address": change.get("address_json")}
    if set(change) & {"name", "email", "phone", "address_json"}:
        assert_refused(selorax.post(LIST, json=new), 400)
    assert shown(selorax, made["user_id"]) == before


def test_a_body_above_five_mebibytes_is_413(selorax: httpx.Client) -> None:
    assert_refused(selorax.post(LIST, content=b" " * (5 * 1024 * 1024 + 1)), 413)


def test_null_clears_the_email_and_the_address(selorax: httpx.Client, pos: httpx.Client) -> None:
    made = create(selorax, email="a@example.com", address={"city": "Dhaka"})
    cleared = as_json(selorax.put(f"{LIST}/{made['user_id']}", json={"email": None, "address_json": None}))["data"]
    assert (cleared["email"], cleared["address_json"]) == (None, None)
    [found] = in_pos(pos, made)
    assert (found["email"], found["address"]) == (None, None)


def test_an_address_is_never_staler_than_in_the_other_apis(selorax: httpx.Client, pos: httpx.Client) -> None:
    address = {"line": " 1  Road ", "geo": {"lat": 23.5}, "floor": 2, "area": "", "city": "Dhaka", "note": None}
    made = create(selorax, address=address)
    user_id = made["user_id"]
    assert shown(selorax, user_id)["address_json"] == address
    [found] = in_pos(pos, made)
    assert found["address"] == "1 Road, Dhaka"
    as_json(pos.put(f"{POS}/{found['id']}", json={"notes": "nothing about the address"}))
    assert shown(selorax, user_id)["address_json"] == address
    as_json(pos.put(f"{POS}/{found['id']}", json={"address": "2 Street"}))
    assert shown(selorax, user_id)["address_json"] == {"address": "2 Street"}
    before = shown(selorax, user_id)
    as_json(selorax.put(f"{LIST}/{user_id}", json={"address_json": {"address": "2 Street"}}))
    assert shown(selorax, user_id) == before
    as_json(pos.put(f"{POS}/{found['id']}", json={"address": None}))
    assert shown(selorax, user_id)["address_json"] is None
    as_json(selorax.put(f"{LIST}/{user_id}", json={"address_json": {"point": [1, 2]}}))
    assert shown(selorax, user_id)["address_json"] == {"point": [1, 2]}
    assert in_pos(pos, made)[0]["address"] is None


def test_seeded_addresses_are_one_in_both_spellings(selorax: httpx.Client, pos: httpx.Client) -> None:
    lines = {row["created_at"]: row["address"] for row in as_json(pos.get(POS, params={"limit": 250, "sort": "name"}))}
    seeded = [row for row in rows(selorax, limit=250) if (row["address_json"] or {}).get("pincode")]
    assert len(seeded) > 20
    for row in seeded:
        assert ", ".join(row["address_json"].values()) == lines.get(row["created_at"], "?")


def test_amounts_are_whole_units_rounded_down(selorax: httpx.Client, pos: httpx.Client) -> None:
    made = create(selorax)
    [found] = in_pos(pos, made)
    sold = [
        {"id": str(uuid4()), "customer_id": found["id"], "total": 19_999, "on_account": on_account}
        for on_account in (0, 9_999, 19_999)
    ]
    for sale in sold:
        as_json(pos.post("/api/v1/sales", json=sale))
    path = f"{LIST}/{made['user_id']}"
    assert shown(selorax, made["user_id"])["total_spent"] == 599
    orders = as_json(selorax.get(f"{path}/orders"))["data"]
    assert [(order["sub_total"], order["grand_total"]) for order in orders] == [(199, 199)] * 3
    assert [order["financial_status"] for order in orders] == ["pending", "partially_paid", "paid"]
    assert [order["user_id"] for order in rows(selorax, search=made["phone"], total_spent_min=599)] == [made["user_id"]]
    assert rows(selorax, search=made["phone"], total_spent_min=600) == []
    assert_refused(selorax.delete(path), 400)
    for sale in sold:
        as_json(pos.post(f"/api/v1/sales/{sale['id']}/reversal", json={"id": str(uuid4()), "reason": "x"}))
    assert as_json(selorax.get(f"{path}/orders"))["data"] == []
    as_json(selorax.delete(path))


def test_updated_since_lists_the_changed_oldest_first(selorax: httpx.Client) -> None:
    first, second = create(selorax), create(selorax)
    as_json(selorax.put(f"{LIST}/{first['user_id']}", json={"name": "Later"}))
    moment = shown(selorax, second["user_id"])["updated_at"]
    answer = selorax.get(LIST, params={"updated_since": moment, "sort": "name:desc"})
    assert [row["user_id"] for row in as_json(answer)["data"]] == [second["user_id"], first["user_id"]]
    assert as_json(answer)["pagination"]["total"] == 2
    assert "x-total-count" not in answer.headers


def test_tombstones_tell_what_went_and_why(selorax: httpx.Client, pos: httpx.Client) -> None:
    gone, kept = create(selorax), create(selorax)
    [with_history] = in_pos(pos, kept)
    entry = {"type": "debit", "amount": 5, "description": "", "reference_id": str(uuid4())}
    as_json(pos.post(f"{POS}/{with_history['id']}/ledger", json=entry))
    mark = shown(selorax, kept["user_id"])["updated_at"]
    as_json(selorax.delete(f"{LIST}/{gone['user_id']}"))
    as_json(pos.delete(f"{POS}/{with_history['id']}"))
    assert_refused(selorax.get(f"{LIST}/{kept['user_id']}"), 404)
    answer = as_json(selorax.get(f"{LIST}/deleted", params={"since": mark}))
    stones = answer["data"]
    assert [tuple(stone) for stone in stones] == [("id", "deleted_at", "reason", "merged_into")] * 2
    assert [(stone["id"], stone["reason"], stone["merged_into"]) for stone in stones] == [
        (gone["user_id"], "deleted", None), (kept["user_id"], "anonymized", None),
    ]  # fmt: skip
    assert (answer["pagination"], answer["status"]) == ({"page": 1, "limit": 50, "total": 2}, 200)
    paged = {"since": stones[0]["deleted_at"], "page": 2, "limit": 1}
    assert as_json(selorax.get(f"{LIST}/deleted", params=paged))["data"] == stones[1:]
    assert_refused(selorax.get(f"{LIST}/deleted", params={"since": "x"}), 400)


def test_etag_guards_updates_and_deletes(selorax: httpx.Client) -> None:
    path = f"{LIST}/{create(selorax)['user_id']}"
    tag = selorax.get(path).headers["etag"]
    unchanged = selorax.get(path, headers={"If-None-Match": tag})
    assert (unchanged.status_code, unchanged.content, unchanged.headers["etag"]) == (304, b"", tag)
    changed = selorax.put(path, json={"name": "a"}, headers={"If-Match": tag})
    assert changed.headers["etag"] == selorax.get(path).headers["etag"] != tag
    for method in ("PUT", "DELETE"):
        assert_refused(selorax.request(method, path, json={"name": "b"}, headers={"If-Match": tag}), 412)
    assert as_json(selorax.get(path))["data"]["name"] == "a"
    assert selorax.delete(path, headers={"If-Match": changed.headers["etag"]}).status_code == 200


def test_a_key_makes_a_write_happen_once(selorax: httpx.Client) -> None:
    headers, body = {"Idempotency-Key": str(uuid4())}, {"name": "Once", "phone": new_phone()}
    first, again = (selorax.post(LIST, json=body, headers=headers) for _ in range(2))
    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["idempotency-replayed"] == "true"
    assert_refused(selorax.post(LIST, json={**body, "name": "x"}, headers=headers), 409, "key_reused")
    assert_refused(selorax.post(LIST, json=body, headers={"Idempotency-Key": "x"}), 400)
    path, headers = f"{LIST}/{first.json()['data']['user_id']}", {"Idempotency-Key": str(uuid4())}
    gone, again = (selorax.delete(path, headers=headers) for _ in range(2))
    assert (again.status_code, again.content) == (200, gone.content)


def test_a_plain_stub_offers_none_of_it(any_stub: StubServer) -> None:
    with any_stub.client(api="selorax") as client:
        response = client.get(LIST, params={"updated_since": "2999-01-01T00:00:00Z"})
        if any_stub.thread.settings.announced("selorax"):
            assert response.headers["x-sync-extensions"] == "idempotency-key, updated-since, tombstones, etag"
            return
        assert "x-sync-extensions" not in response.headers
        assert len(as_json(response)["data"]) == 50
        assert_refused(client.get(f"{LIST}/deleted"), 404)
        path = f"{LIST}/{create(client)['user_id']}"
        assert "etag" not in client.get(path).headers
        headers = {"If-Match": '"x"', "Idempotency-Key": "no"}
        assert client.put(path, json={"name": "x"}, headers=headers).status_code == 200


def test_unknown_routes_and_methods_answer_in_the_same_shape(selorax: httpx.Client) -> None:
    assert_refused(selorax.get("/api/apps/v1/nothing"), 404)
    assert_refused(selorax.delete(LIST), 405)


def test_effects_carry_the_integer_id(stub: StubServer, selorax: httpx.Client) -> None:
    made = as_json(selorax.post(LIST, json={"name": "x", "phone": new_phone()}, headers={"X-Sim-Op": "selorax-1"}))
    [effect] = [each for each in stub.effects() if each["op"] == "selorax-1"]
    assert (effect["api"], effect["id"], effect["change"]) == ("selorax", str(made["data"]["user_id"]), "created")
