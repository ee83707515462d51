"""What the `portal` API promises beyond its endpoints: credentials, stores, forms, passwords, phones, extensions."""

import io
import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import httpx
import jwt
import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from server_stub import passwords, tables
from server_stub.credentials import all_credentials
from server_stub.seeding import SHOPS
from server_stub.spreadsheets import workbook
from server_stub.web_tokens import WebTokens
from tests.support.portal_requests import (
    PASSWORD,
    changed_customer,
    create,
    create_group,
    details,
    new_customer,
    new_email,
)
from tests.support.stub import StubServer, as_json

ENDPOINTS = [
    ("POST", "/api/customer"), ("GET", "/api/customer?limit=1"), ("GET", "/api/admin-customer/customer-detail/301"),
    ("PUT", "/api/customer/301"), ("DELETE", "/api/customer/301"), ("GET", "/api/customer/recent-customerlist"),
    ("GET", "/api/customer/today-customercount"), ("POST", "/api/customer/delete-customer"),
    ("GET", "/api/customer/customer-excel-list?customerId=301"),
    ("GET", "/api/customer/allcustomer-excel-list?name=&status=1&email="), ("GET", "/api/customer/customer-count"),
    ("GET", "/api/customer/order-product-list?limit=1"), ("GET", "/api/customer/product-view-log-list?limit=1"),
    ("GET", "/api/customer/vendor-graph-list?vendorId=22&duration=1"),
    ("GET", "/api/customer/customer-visit-list?month=1&year=2026"), ("POST", "/api/customer-group"),
    ("GET", "/api/customer-group"), ("PUT", "/api/customer-group/1"), ("DELETE", "/api/customer-group/1"),
]  # fmt: skip


@pytest.fixture(scope="module")
def portal(stub: StubServer) -> Iterator[httpx.Client]:
    with stub.client(api="portal") as client:
        yield client


@pytest.fixture(scope="module")
def stranger(stub: StubServer) -> Iterator[httpx.Client]:
    with stub.client("7", api="portal") as client:
        yield client


def refused(response: httpx.Response, status: int) -> str:
    assert response.status_code == status, response.text
    assert response.json()["status"] == 0
    return str(response.json()["message"])


def bad_tokens() -> dict[str, str]:
    made, signer = all_credentials(42), WebTokens(42)
    forever = datetime(2100, 1, 1, tzinfo=UTC)
    claims: dict[str, Any] = {"store": 22, "sub": "vendor-22"}
    plain = {"aud": "portal", "exp": forever, **claims}
    return {
        "expired": made["portal"]["22"]["expired_token"],
        "forged": jwt.encode(plain, "a key of somebody else's, long enough", "HS256"),
        "without algorithm": jwt.encode(plain, "", "none"),
        "another API's": made["siyahfy"]["22"]["token"],
        "another kind's": made["pos"]["22"]["token"],
        "of a store that is not": signer.sign("portal", forever, **{**claims, "store": 8}),
    }


def test_without_a_token_everything_is_401(portal: httpx.Client) -> None:
    for method, path in ENDPOINTS:
        response = portal.request(method, path, headers={"Authorization": "Bearer"})
        refused(response, 401)
        assert "x-sync-extensions" not in response.headers


@pytest.mark.parametrize("kind", list(bad_tokens()))
def test_a_bad_token_is_401(portal: httpx.Client, kind: str) -> None:
    bearer = f"Bearer {bad_tokens()[kind]}"
    for method, path in ENDPOINTS[:2]:
        refused(portal.request(method, path, headers={"Authorization": bearer}), 401)
    refused(portal.get("/api/customer/today-customercount", headers={"Authorized": bearer}), 401)


def test_authorized_is_read_where_it_is_documented_and_nowhere_else(portal: httpx.Client) -> None:
    headers = {"Authorized": portal.headers["Authorization"], "Authorization": ""}
    for method, path in ENDPOINTS:
        status = portal.request(method, path, headers=headers).status_code
        assert (status == 200) == path.endswith("today-customercount"), path


def test_another_stores_rows_are_404_everywhere(portal: httpx.Client, stranger: httpx.Client) -> None:
    group = create_group(portal)
    made, own = create(portal, group), create(stranger)
    both = f"[{own['id']},{made['id']}]"
    for method, path, form in [
        ("GET", f"/api/admin-customer/customer-detail/{made['id']}", None),
        ("PUT", f"/api/customer/{made['id']}", new_customer()),
        ("DELETE", f"/api/customer/{made['id']}", None),
        ("POST", "/api/customer/delete-customer", {"customerId": both}),
        ("GET", f"/api/customer/customer-excel-list?customerId={both}", None),
        ("GET", f"/api/customer/order-product-list?limit=1&customerId={made['id']}", None),
        ("GET", f"/api/customer/product-view-log-list?limit=1&customerId={made['id']}", None),
        ("GET", "/api/customer/vendor-graph-list?vendorId=22&duration=1", None),
        ("PUT", f"/api/customer-group/{group}", {"name": "x", "colorcode": "x", "status": 1}),
        ("DELETE", f"/api/customer-group/{group}", None),
    ]:
        refused(stranger.request(method, path, data=form), 404)
    refused(stranger.post("/api/customer", data=new_customer(group)), 400)
    assert as_json(stranger.get("/api/customer", params={"limit": 1, "email": made["email"]}))["data"] == []
    assert details(portal, made["id"])["customerGroupId"] == str(group)
    assert details(stranger, own["id"])["email"] == own["email"]


def test_what_the_document_does_not_name_is_not_taken(stub: StubServer, portal: httpx.Client) -> None:
    extra = {"id": 1, "store_id": 7, "storeId": 7, "points": 999, "ledger_balance": 5, "deleteFlag": 1, "standing": "x"}
    made = create(portal, **extra, password_hash="x", createdDate="2000-01-01")
    shown = details(portal, made["id"])
    as_json(portal.put(f"/api/customer/{made['id']}", data=changed_customer(shown, **extra)))
    with stub.client() as pos:
        [row] = as_json(pos.get("/api/v1/customers", params={"search": made["email"]}))
    assert (row["loyalty_points"], row["ledger_balance"]) == (0, 0)
    assert details(portal, made["id"]) == shown


@pytest.mark.parametrize(
    "wrong",
    [
        {"customerGroupId": 999999999}, {"customerGroupId": "x"}, {"customerGroupId": 2**70}, {"username": " "},
        {"email": "nobody"}, {"email": ""}, {"mobileNumber": "12345"}, {"mobileNumber": "1234567890123456"},
        {"mobileNumber": "+8801711000"}, {"mobileNumber": ""}, {"mobileNumber": "১৭১১০০০১১১"},
        {"password": "short", "confirmPassword": "short"}, {"confirmPassword": "another one"}, {"newsletter": 2},
        {"mailStatus": "yes"}, {"status": ""}, {"username": "a\0b"}, {"username": ["a", "b"]},
    ],
    ids=str,
)  # fmt: skip
def test_a_wrong_field_is_refused_and_nobody_made(portal: httpx.Client, wrong: dict[str, Any]) -> None:
    form = new_customer(**wrong)
    message = refused(portal.post("/api/customer", data=form), 400)
    assert PASSWORD not in message
    if "@" in form["email"]:
        assert as_json(portal.get("/api/customer", params={"limit": 1, "email": form["email"]}))["data"] == []


@pytest.mark.parametrize("name", ["customerGroupId", "username", "email", "mobileNumber", "password", "status"])
def test_a_required_field_is_required(portal: httpx.Client, name: str) -> None:
    form = new_customer()
    del form[name]
    assert name in refused(portal.post("/api/customer", data=form), 400)


def test_json_and_multipart_are_bodies_too(portal: httpx.Client) -> None:
    form = new_customer(mobileNumber=8801711000111, customerGroupId=create_group(portal))
    assert as_json(portal.post("/api/customer", json=form))["mobileNumber"] == "8801711000111"
    parts = {name: (None, str(value)) for name, value in new_customer(username="Ümit & Söhne %20+").items()}
    assert as_json(portal.post("/api/customer", files=parts))["username"] == "Ümit & Söhne %20+"
    assert as_json(portal.post("/api/customer", data=new_customer(username="রহিম & Co %2B+")))["username"] == (
        "রহিম & Co %2B+"
    )
    refused(portal.post("/api/customer", json={**form, "email": new_email(), "status": "1"}), 400)
    broken = portal.post("/api/customer", content=b"username=%FF", headers={"Content-Type": "text/plain"})
    refused(broken, 400)


def test_an_email_is_one_customers_only(portal: httpx.Client, stranger: httpx.Client) -> None:
    first, second = create(portal), create(portal)
    refused(portal.post("/api/customer", data=new_customer(email=first["email"].upper())), 400)
    form = changed_customer(details(portal, second["id"]))
    refused(portal.put(f"/api/customer/{second['id']}", data={**form, "email": first["email"]}), 400)
    refused(portal.put(f"/api/customer/{second['id']}", data={**form, "email": ""}), 400)
    assert create(stranger, email=first["email"])["email"] == first["email"]
    as_json(portal.delete(f"/api/customer/{first['id']}"))
    assert as_json(portal.put(f"/api/customer/{second['id']}", data={**form, "email": first["email"]}))


def test_a_password_is_kept_as_argon2_and_never_shown(
    stub: StubServer, portal: httpx.Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    made = create(portal)
    other = "quite another one"
    form = changed_customer(details(portal, made["id"]), password=other, confirmPassword=other)

    def stored() -> str:
        with stub.thread.app.state.runtime.database.read() as connection:
            query = select(tables.customer.c.password_hash).where(tables.customer.c.id == made["id"])
            return str(connection.execute(query).scalar_one())

    first = stored()
    assert first.startswith("$argon2id$")
    assert passwords.matches(first, PASSWORD)
    answer = portal.put(f"/api/customer/{made['id']}", data=form)
    assert passwords.matches(stored(), other)
    assert as_json(portal.put(f"/api/customer/{made['id']}", data=changed_customer(as_json(answer))))["password"] == ""
    assert passwords.matches(stored(), other)
    for secret in (PASSWORD, other, first, stored()):
        assert secret not in answer.text
        assert secret not in caplog.text


@pytest.mark.parametrize("phone", ["+880 1711-000222", "01711 000222", "(0) 17", None])
def test_what_comes_back_as_it_was_shown_changes_nothing(
    stub: StubServer, portal: httpx.Client, phone: str | None
) -> None:
    with stub.client() as pos:
        made = as_json(pos.post("/api/v1/customers", json={"name": "Mina Das", "phone": phone}))
        before = as_json(pos.get(f"/api/v1/customers/{made['id']}"))
        newest = as_json(portal.get("/api/customer/recent-customerlist"))["data"][0]["id"]
        shown = details(portal, newest)
        assert (shown["email"], shown["username"], shown["lastName"]) == ("", "", "Das")
        form = changed_customer(shown)
        assert shown == {**shown, **as_json(portal.put(f"/api/customer/{newest}", data=form))}
        assert as_json(pos.get(f"/api/v1/customers/{made['id']}")) == before
        for given, kept in (("01999000111", "01999000111"), ("", None)):
            as_json(portal.put(f"/api/customer/{newest}", data={**form, "mobileNumber": given}))
            assert as_json(pos.get(f"/api/v1/customers/{made['id']}"))["phone"] == kept


def test_a_username_sets_the_name_unless_a_real_name_comes_too(portal: httpx.Client) -> None:
    made = create(portal, username="rahim99", realName="Abdur Rahim")
    assert (made["firstName"], made["username"]) == ("Abdur", "rahim99")
    form = changed_customer(details(portal, made["id"]), username="Karim Khan")
    del form["realName"], form["email"]
    shown = as_json(portal.put(f"/api/customer/{made['id']}", data=form))
    assert [shown[name] for name in ("firstName", "lastName", "username")] == ["Karim", "Khan", "Karim Khan"]
    assert shown["email"] == made["email"]
    refused(portal.put(f"/api/customer/{made['id']}", data={**form, "realName": " "}), 400)


def test_filters_narrow_the_list(portal: httpx.Client) -> None:
    name, group = f"Team {uuid4().hex}", f"Group {uuid4().hex}"
    number = create_group(portal, group)
    first = create(portal, number, username=f"{name} 100%_Sure")
    second = create(portal, username=f"{name} Other", status=0)

    def found(**asked: str | int) -> list[int]:
        params: dict[str, str | int] = {"limit": 250, "name": name, **asked}
        return [row["id"] for row in as_json(portal.get("/api/customer", params=params))["data"]]

    assert found() == found(name=name.upper()) == [second["id"], first["id"]]
    assert found(name="100%_s") == found(customerGroup=number) == found(customerGroup=group.lower()) == [first["id"]]
    assert found(status=1) == found(email=first["email"][3:20].upper()) == [first["id"]]
    assert found(status=0) == [second["id"]]
    assert found(name=f"{name[:4]}%") == []
    assert found(name="example.com") == found(customerGroup="nobody's") == found(date="2001-01-01") == []
    today = datetime.now(ZoneInfo("Asia/Dhaka")).date().isoformat()
    assert len(found(date=today)) == 2
    assert found(date="9999-12-31") == found(date="0001-01-01") == []


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=x", "limit=", "limit=1&offset=-1", "limit=1&offset=x", "limit=1&date=2026-02-30",
     "limit=1&date=", "limit=1&status=2", "limit=1&count=x", "limit=1&updated_since=x", "limit=1&name=a%00"],
)  # fmt: skip
def test_the_list_refuses_bad_parameters(portal: httpx.Client, query: str) -> None:
    refused(portal.get(f"/api/customer?{query}"), 400)


@pytest.mark.parametrize("wanted", ["[{0},{1}]", "{0},{1}", " [ {0} , {1}, {0} ] "])
def test_several_customers_are_named_in_every_way(portal: httpx.Client, wanted: str) -> None:
    ids = [create(portal)["id"] for _ in range(2)]
    text = wanted.format(*ids)
    sheet = portal.get("/api/customer/customer-excel-list", params={"customerId": text})
    [name] = CalamineWorkbook.from_filelike(io.BytesIO(sheet.content)).sheet_names
    rows = CalamineWorkbook.from_filelike(io.BytesIO(sheet.content)).get_sheet_by_name(name).to_python()
    assert [row[0] for row in rows[1:]] == ids
    as_json(portal.post("/api/customer/delete-customer", data={"customerId": text}))
    refused(portal.get(f"/api/admin-customer/customer-detail/{ids[1]}"), 404)


def test_several_customers_as_fields_that_repeat(portal: httpx.Client) -> None:
    ids = [create(portal)["id"] for _ in range(2)]
    as_json(portal.post("/api/customer/delete-customer", data={"customerId": ids}))
    refused(portal.get(f"/api/admin-customer/customer-detail/{ids[1]}"), 404)
    refused(portal.post("/api/customer/delete-customer", data={"customerId": "x"}), 404)
    many = {"customerId": ",".join(map(str, range(1, 502)))}
    refused(portal.post("/api/customer/delete-customer", data=many), 400)
    assert portal.get("/api/customer/customer-excel-list", params=many).json() == {
        "status": 1, "message": "Invalid customerId",
    }  # fmt: skip
    as_json(portal.post("/api/customer/delete-customer"))


def test_a_repeat_under_one_key_makes_one_customer(portal: httpx.Client) -> None:
    form, key = new_customer(), {"Idempotency-Key": str(uuid4())}
    first, again = (portal.post("/api/customer", data=form, headers=key) for _ in range(2))
    assert first.content == again.content
    assert again.headers["Idempotency-Replayed"] == "true"
    conflict = portal.post("/api/customer", data={**form, "status": 0}, headers=key)
    refused(conflict, 409)
    assert conflict.json()["code"] == "key_reused"
    assert as_json(portal.get("/api/customer", params={"limit": 1, "count": 1, "email": form["email"]}))["data"] == 1


def test_changes_and_deletions_are_listed_oldest_first(portal: httpx.Client) -> None:
    first, second = create(portal), create(portal)
    since = as_json(portal.get("/api/customer", params={"limit": 1, "email": first["email"]}))["data"][0][
        "modifiedDate"
    ]
    form = changed_customer(details(portal, first["id"]), mobileNumber="1999888777")
    as_json(portal.put(f"/api/customer/{first['id']}", data=form))
    rows = as_json(portal.get("/api/customer", params={"limit": 250, "updated_since": since}))["data"]
    assert [row["id"] for row in rows] == [second["id"], first["id"]]
    assert [row["mobileNumber"] for row in rows] == ["1711000111", "1999888777"]
    as_json(portal.post("/api/customer/delete-customer", json={"customerId": [first["id"], second["id"]]}))
    gone = as_json(portal.get("/api/customer/deleted", params={"since": since, "limit": 1, "offset": 1}))
    assert (gone["status"], len(gone["data"])) == ("1", 1)
    [stone] = gone["data"]
    assert (stone["id"], stone["reason"], stone["merged_into"]) == (second["id"], "deleted", None)
    assert stone["deleted_at"] > since
    refused(portal.get("/api/customer/deleted", params={"since": "x"}), 400)


def test_a_tag_tells_whether_a_customer_moved_on(portal: httpx.Client) -> None:
    group = create_group(portal)
    made = create(portal, group)
    path, detail = f"/api/customer/{made['id']}", f"/api/admin-customer/customer-detail/{made['id']}"
    response = portal.get(detail)
    old, form = response.headers["ETag"], changed_customer(response.json()["data"])
    assert portal.get(detail, headers={"If-None-Match": old}).status_code == 304
    body = {"name": "Renamed", "colorcode": "#000000", "status": 1}
    as_json(portal.put(f"/api/customer-group/{group}", data=body))
    new = portal.get(detail, headers={"If-None-Match": old}).headers["ETag"]
    assert new != old
    refused(portal.put(path, data=form, headers={"If-Match": old}), 412)
    refused(portal.delete(path, headers={"If-Match": old}), 412)
    as_json(portal.put(path, data={**form, "customerNo": "7"}, headers={"If-Match": new}))
    as_json(portal.delete(path, headers={"If-Match": portal.get(detail).headers["ETag"]}))


def test_days_are_the_stores_own_and_an_empty_store_is_empty() -> None:
    now = datetime(2026, 3, 1, 17, 59, 59, tzinfo=UTC)  # Sunday, a second before midnight in Dhaka

    def clock() -> datetime:
        return now

    with StubServer(clock=clock, api="portal") as stub, stub.client(api="portal") as portal:
        for name in ("order-product-list?limit=1", "product-view-log-list?limit=1", "recent-customerlist"):
            assert as_json(portal.get(f"/api/customer/{name}"))["data"] == []
        assert as_json(portal.get("/api/customer-group"))["data"] == []
        visits = as_json(portal.get("/api/customer/customer-visit-list?month=3&year=2026"))["data"]
        assert {row["visits"] for row in visits} == {0}
        create(portal)
        graph = {"vendorId": 22, "duration": 1}
        for today, count, week in [("2026-03-01", 1, "2026-02-23"), ("2026-03-02", 0, "2026-03-02")]:
            assert as_json(portal.get("/api/customer/today-customercount"))["data"] == count
            assert as_json(portal.get("/api/customer", params={"limit": 1, "count": 1, "date": today}))["data"] == count
            assert as_json(portal.get("/api/customer/vendor-graph-list", params=graph))["data"][0]["label"] == week
            now += timedelta(seconds=1)


def test_texts_in_a_spreadsheet_stay_texts() -> None:
    texts = ["=1+1", "{=1}", "https://example.com", "007", "", "রহিম", "x" * 40_000, "a\x01b"]
    file = workbook("Sheet", ["text", "number"], ([text, number] for number, text in enumerate(texts)))
    header, *rows = CalamineWorkbook.from_filelike(io.BytesIO(file)).get_sheet_by_name("Sheet").to_python()
    assert header == ["text", "number"]
    assert [row[1] for row in rows] == list(range(len(texts)))
    assert [row[0] for row in rows[:6]] == texts[:6]
    assert len(str(rows[6][0])) == 32_767


def test_seeded_browsing_is_the_same_every_time() -> None:
    when = datetime(2026, 3, 1, 9, tzinfo=UTC)

    def browsed() -> list[Any]:
        with (
            StubServer(customers=12, clock=lambda: when) as stub,
            stub.thread.app.state.runtime.database.read() as connection,
        ):
            made = (tables.order_item, tables.product_view, tables.visit)
            return [[tuple(row) for row in connection.execute(select(table))] for table in made]

    first = browsed()
    assert first == browsed()
    assert all(first)
    assert {row[0] for row in first[2]} == {shop["id"] for shop in SHOPS}
