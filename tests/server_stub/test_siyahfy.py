"""The rules of the `siyahfy` API's vendor: who may come in, other stores' rows, extensions, CSV."""

import csv
import io
import json
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import httpx
import jwt
import pytest

from server_stub.credentials import all_credentials
from tests.server_stub.contract.examples_siyahfy import VENDOR
from tests.support.storefront import shopper, token_of
from tests.support.stub import StubServer, as_json

LIST = "/api/vendors/customers/22"
INSERT = "/api/bulkinsertcustomers"
NEVER = datetime(2100, 1, 1, tzinfo=UTC)


def new(**fields: Any) -> dict[str, Any]:
    return {"name": "Jane Doe", "phone": str(uuid4().int)[:15], **fields}


def inserted(client: httpx.Client, *rows: dict[str, Any]) -> list[int]:
    done = as_json(client.post(INSERT, json={"customers": rows}))["data"]
    assert done["errors"] == []
    return list(done["ids"])


def profile(client: httpx.Client, customer_id: int, **headers: str) -> httpx.Response:
    return client.get("/api/customers/edit", params={"id": customer_id}, headers=headers)


def statuses(stub: StubServer, token: str) -> set[int]:
    """Ask every endpoint of the vendor with a token and without ids, and return what was answered."""
    with stub.client(api="siyahfy", token=token) as client:
        return {
            client.request(one.method, one.path.replace(":customer", "0").replace(":address", "0")).status_code
            for one in VENDOR
        }


def test_no_endpoint_lets_a_bad_token_in(stub: StubServer) -> None:
    mine = all_credentials(42)
    claims = {"aud": "siyahfy", "exp": NEVER, "store": 22, "sub": "vendor-22"}
    assert statuses(stub, mine["siyahfy"]["22"]["expired_token"]) == {401}
    for bad in (
        mine["portal"]["22"]["token"],
        mine["pos"]["22"]["token"],
        jwt.encode(claims, "guessed, and long enough to sign", "HS256"),
        jwt.encode(claims, "", "none"),
        token_of("1 or 1=1"),
        token_of("9" * 30),
        token_of(1, random_seed=43),
    ):
        with stub.client(api="siyahfy", token=bad) as client:
            response = client.get(LIST)
        assert response.status_code == 401
        assert response.headers["www-authenticate"] == "Bearer"
        assert response.json() == {"success": False, "message": "A valid bearer token is required."}


def test_a_customer_is_kept_out_of_the_vendors_endpoints(stub: StubServer) -> None:
    customer = shopper(stub)
    assert statuses(stub, customer.token) == {403}
    with stub.client(api="siyahfy") as vendor:
        body = {"customer_id": customer.id, "blacklisted": True}
        as_json(vendor.post("/api/vendors/blacklist-customer", json=body))
    with stub.client(api="siyahfy", token=customer.token) as client:
        assert client.get(LIST).status_code == 401


def test_another_stores_rows_are_not_there(stub: StubServer) -> None:
    with stub.client(api="siyahfy") as mine, stub.client("7", api="siyahfy") as other:
        [theirs] = inserted(mine, new(address="1 A St", tags=["a"]))
        address = profile(mine, theirs).json()["data"]["addresses"][0]["id"]
        before = profile(mine, theirs).json()
        named = {"id": theirs, "customer_id": theirs, "address_id": address}
        for method, path, more in (
            ("GET", LIST, {}),
            ("GET", "/api/vendors/customers_fetch/22", {}),
            ("GET", f"/api/customers/edit?id={theirs}", {}),
            ("POST", "/api/editcontactinformation", {"name": "x"}),
            ("GET", f"/api/customerAddresses?customer_id={theirs}", {}),
            ("POST", "/api/manageCustomerAddress", {"address1": "x"}),
            ("PUT", "/api/updateAddress", {"address1": "x"}),
            ("DELETE", f"/api/deleteCustomerAddress?address_id={address}", {}),
            ("POST", "/api/vendors/customer/log", {"type": "note", "note": "x"}),
            ("POST", "/api/update-cod-status", {"cod_enabled": False}),
            ("POST", "/api/vendors/blacklist-customer", {"blacklisted": True}),
            ("DELETE", f"/api/vendors/customer/delete/{theirs}", {}),
            ("GET", "/api/vendors/customers_deleted/22", {}),
        ):
            assert other.request(method, path, json={**named, **more}).status_code == 404, path
        ids = {"ids": [theirs]}
        assert as_json(other.post("/api/fetchCustomersById", json=ids))["data"] == []
        assert as_json(other.request("DELETE", "/api/vendors/customers/delete", json=ids))["data"] == {"deleted": 0}
        changes = {**ids, "set": {"tags": []}}
        assert as_json(other.post("/api/bulkupdatecolumns", json=changes))["data"] == {"updated": 0}
        assert other.post("/api/export-customers", json=ids).text.count("\r\n") == 1
        assert profile(mine, theirs).json() == before


def test_a_phone_of_another_store_is_free(stub: StubServer) -> None:
    row = new()
    for store in ("22", "7"):
        with stub.client(store, api="siyahfy") as client:
            assert len(inserted(client, row)) == 1


def test_changes_come_oldest_first_and_the_deleted_leave_tombstones(any_stub: StubServer) -> None:
    plain = any_stub.thread.settings.announced("siyahfy") == ""
    with any_stub.client(api="siyahfy") as client:
        first, second = inserted(client, new(), new())
        start = profile(client, first).json()["data"]["updated_at"]
        as_json(client.post("/api/vendors/customer/log", json={"customer_id": first, "type": "note", "note": "n"}))
        for path in (LIST, "/api/vendors/customers_fetch/22"):
            rows = as_json(client.get(path, params={"updated_since": start}))["data"]
            assert ([row["id"] for row in rows] == [second, first]) is not plain
        as_json(client.delete(f"/api/vendors/customer/delete/{second}"))
        response = client.get("/api/vendors/customers_deleted/22", params={"since": start})
        assert ("x-sync-extensions" in response.headers) is not plain
        if plain:
            assert response.status_code == 404
            return
        body = as_json(response)
        moment = body["data"][0]["deleted_at"]
        assert body == {
            "success": True,
            "data": [{"id": second, "deleted_at": moment, "reason": "deleted", "merged_into": None}],
            "pagination": {"page": 1, "limit": 20, "total": 1, "pages": 1},
        }


def test_a_tag_tells_whether_a_profile_has_changed(any_stub: StubServer) -> None:
    plain = any_stub.thread.settings.announced("siyahfy") == ""
    with any_stub.client(api="siyahfy") as client:
        [made] = inserted(client, new(address="1 A St"))
        first = profile(client, made)
        assert ("etag" in first.headers) is not plain
        tag = first.headers.get("etag", '"x"')
        assert profile(client, made, **{"If-None-Match": tag}).status_code == (200 if plain else 304)
        as_json(client.post("/api/vendors/customer/log", json={"customer_id": made, "type": "note", "note": "n"}))
        stale = {"If-Match": tag}
        edit = {"id": made, "notes": "n"}
        expected = 200 if plain else 412
        assert client.post("/api/editcontactinformation", json=edit, headers=stale).status_code == expected
        assert client.delete(f"/api/vendors/customer/delete/{made}", headers=stale).status_code == expected
        if not plain:
            fresh = {"If-Match": profile(client, made).headers["etag"]}
            as_json(client.delete(f"/api/vendors/customer/delete/{made}", headers=fresh))


def test_a_repeat_under_a_key_inserts_nobody_twice(any_stub: StubServer) -> None:
    plain = any_stub.thread.settings.announced("siyahfy") == ""
    key = {"Idempotency-Key": str(uuid4())}
    with any_stub.client(api="siyahfy") as client:
        body = {"customers": [{"name": f"Twin {uuid4()}"}]}
        answers = [client.post(INSERT, json=body, headers=key) for _ in range(2)]
        assert (answers[0].content == answers[1].content) is not plain
        assert ("idempotency-replayed" in answers[1].headers) is not plain
        found = as_json(client.get(LIST, params={"search": body["customers"][0]["name"]}))["data"]
        assert len(found) == (2 if plain else 1)
        reused = client.post(INSERT, json={"customers": []}, headers=key)
        assert reused.status_code == (200 if plain else 409)
        assert plain or reused.json()["code"] == "key_reused"


def test_what_is_exported_can_be_read_back_and_inserted_elsewhere(stub: StubServer) -> None:
    odd = ["=SUM(A1)", "+880 17", "-1", "@x", "a;b", 'q"', "x,y", "নাম", "line\r\nbreak"]
    rows = [new(name=text, notes=text, tags=[text, "b"]) for text in odd]
    with stub.client(api="siyahfy") as client, stub.client("7", api="siyahfy") as other:
        ids = inserted(client, *rows)
        text = client.post("/api/export-customers", json={"ids": ids}).text
        read = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
        assert [(row["name"], row["notes"], row["phone"]) for row in read] == [
            (row["name"], row["notes"], row["phone"]) for row in rows
        ]
        headers = {"Content-Type": "text/csv"}
        done = as_json(other.post(INSERT, content=text.encode("utf-8-sig"), headers=headers))["data"]
        assert (done["inserted"], done["errors"]) == (len(odd), [])
        there = as_json(other.post("/api/fetchCustomersById", json={"ids": done["ids"]}))["data"]
        assert [(row["name"], row["notes"], row["tags"]) for row in there] == [
            (row["name"], row["notes"], row["tags"]) for row in rows
        ]
        again = as_json(client.post(INSERT, content=text.encode(), headers=headers))["data"]
        assert (again["inserted"], again["skipped"]) == (0, len(odd))


@pytest.mark.parametrize(
    "body",
    ["", "{", "[]", '{"customers": {}}', '{"customers": [{"name": "\\ud800"}]}', '{"customers": null}'],
)
def test_a_body_that_is_no_list_of_rows_is_refused_whole(stub: StubServer, body: str) -> None:
    with stub.client(api="siyahfy") as client:
        assert client.post(INSERT, content=body).status_code == 400


def test_a_row_that_cannot_be_kept_is_named(stub: StubServer) -> None:
    with stub.client(api="siyahfy") as client:
        rows = [{"name": "a\0"}, {"name": "b", "tags": ["\0"]}, {"name": "c", "tags": "x"}, {"email": "a@b"}]
        done = as_json(client.post(INSERT, content=json.dumps({"customers": rows})))["data"]
        assert [(one["row"], one["field"]) for one in done["errors"]] == [
            (1, "name"), (2, "tags"), (3, "tags"), (4, "name"),
        ]  # fmt: skip
        text = 'name,tags\r\nTagged,"""open"\r\n'
        done = as_json(client.post(INSERT, content=text, headers={"Content-Type": "text/csv"}))["data"]
        assert [(one["row"], one["field"]) for one in done["errors"]] == [(1, "tags")]
