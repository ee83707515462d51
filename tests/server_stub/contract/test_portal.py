"""Every endpoint of the `portal` document, on every database, extended and plain: its fields, a refusal, its effect."""

import io
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import httpx
import pytest
from python_calamine import CalamineWorkbook

from tests.support.portal_requests import changed_customer, create, create_group, details, new_customer, new_email
from tests.support.stub import StubServer, as_json

POS = "/api/v1/customers"
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
CREATED = {
    "customerGroupId": str, "firstName": str, "username": str, "email": str, "mobileNumber": str, "password": str,
    "mailStatus": str, "deleteFlag": int, "isActive": str, "createdDate": str, "id": int,
}  # fmt: skip
FULL = {
    "createdBy": int, "createdDate": str, "modifiedBy": int, "modifiedDate": str, "id": int, "firstName": str,
    "lastName": str, "username": str, "password": str, "email": str, "mobileNumber": str, "address": str,
    "countryId": int, "zoneId": str, "city": str, "local": str, "oauthData": str, "avatar": str, "newsletter": int,
    "avatarPath": str, "customerGroupId": str, "lastLogin": str, "safe": int, "ip": str, "mailStatus": str,
    "pincode": str, "deleteFlag": int, "isActive": str, "forgetPasswordKey": str, "linkExpires": str, "lockedOn": str,
}  # fmt: skip
LISTED = {
    "id": int, "firstName": str, "lastName": str, "username": str, "email": str, "isActive": str, "createdDate": str,
    "modifiedDate": str, "customerGroupName": str,
}  # fmt: skip
GROUP = {"name": str, "colorCode": str, "isActive": str, "groupId": int}


@pytest.fixture(scope="module")
def portal(any_stub: StubServer) -> Iterator[httpx.Client]:
    with any_stub.client(api="portal") as client:
        yield client


@pytest.fixture(scope="module")
def pos(any_stub: StubServer) -> Iterator[httpx.Client]:
    with any_stub.client() as client:
        yield client


def assert_shape(shown: dict[str, Any], members: dict[str, type]) -> None:
    assert {name: type(value) for name, value in shown.items()} == members
    for name, value in shown.items():
        assert not name.endswith("Date") or TIME.fullmatch(value), name


def assert_refused(response: httpx.Response, status: int, *, shown_as: int = 0, message: str | None = None) -> None:
    assert response.status_code == status, response.text
    body = response.json()
    assert body["status"] == shown_as
    assert isinstance(body["message"], str)
    assert message is None or body["message"] == message


def data_of(response: httpx.Response, message: str, status: object = "1") -> Any:
    body = as_json(response)
    assert set(body) == {"status", "message", "data"}
    assert (body["status"], body["message"]) == (status, message)
    return body["data"]


def listed_shape(stub: StubServer) -> dict[str, type]:
    return LISTED | ({"mobileNumber": str} if stub.thread.settings.announced("portal") else {})


def in_pos(pos: httpx.Client, email: str) -> dict[str, Any] | None:
    rows = as_json(pos.get(POS, params={"search": email}))
    return as_json(pos.get(f"{POS}/{rows[0]['id']}")) if rows else None


def made_in_pos(pos: httpx.Client, **fields: Any) -> dict[str, Any]:
    return dict(as_json(pos.post(POS, json={"name": "Salma Khatun Begum", "email": new_email(), **fields})))


def id_of(portal: httpx.Client, email: str) -> int:
    [row] = as_json(portal.get("/api/customer", params={"limit": 2, "email": email}))["data"]
    return int(row["id"])


def test_portal_post_customer(portal: httpx.Client, pos: httpx.Client) -> None:
    group = create_group(portal)
    form = new_customer(group)
    made = as_json(portal.post("/api/customer", data=form))
    assert_shape(made, CREATED)
    assert {name: made[name] for name in ("firstName", "username", "email", "mobileNumber", "customerGroupId")} == {
        "firstName": "Rahim", "username": "Rahim Uddin", "email": form["email"], "mobileNumber": "1711000111",
        "customerGroupId": str(group),
    }  # fmt: skip
    assert [made[name] for name in ("password", "mailStatus", "deleteFlag", "isActive")] == ["", "1", 0, "1"]
    assert_refused(portal.post("/api/customer", data=form), 400)
    assert_refused(portal.post("/api/customer", data=new_customer(confirmPassword="something else")), 400)
    there = in_pos(pos, form["email"])
    assert there is not None
    assert (there["name"], there["email"], there["phone"]) == ("Rahim Uddin", form["email"], "01711000111")


def test_portal_get_customer(any_stub: StubServer, portal: httpx.Client, pos: httpx.Client) -> None:
    made = made_in_pos(pos, phone="+880 1711-22")
    message = "Successfully got Customer list."
    rows = data_of(portal.get("/api/customer", params={"limit": 250}), message)
    for row in rows:
        assert_shape(row, listed_shape(any_stub))
    assert [rows[0][name] for name in ("firstName", "lastName", "username", "email")] == [
        "Salma", "Khatun Begum", made["email"], made["email"],
    ]  # fmt: skip
    paged = [data_of(portal.get("/api/customer", params={"limit": 2, "offset": n}), message) for n in (0, 2)]
    assert paged[0] + paged[1] == rows[:4]
    counted = data_of(portal.get("/api/customer", params={"limit": 1, "count": 1}), "Successfully got count")
    assert counted == len(rows)
    assert_refused(portal.get("/api/customer"), 400)


def test_portal_get_customer_detail(portal: httpx.Client, pos: httpx.Client) -> None:
    made = made_in_pos(pos, phone="+880 1711-000222", address="12 Lake Road")
    path = f"/api/admin-customer/customer-detail/{id_of(portal, made['email'])}"
    shown = data_of(portal.get(path), "successfully got Customer details.")
    assert_shape(shown, FULL | {"customerNo": str, "customerGroupName": str})
    assert (shown["mobileNumber"], shown["address"]) == ("8801711000222", "12 Lake Road")
    assert (shown["firstName"], shown["lastName"]) == ("Salma", "Khatun Begum")
    assert_refused(portal.get("/api/admin-customer/customer-detail/x"), 404)


def test_portal_put_customer(portal: httpx.Client, pos: httpx.Client) -> None:
    made = create(portal)
    path, group, email = f"/api/customer/{made['id']}", create_group(portal), new_email()
    form = {
        "customerGroupId": group, "username": "rahim", "email": email, "mobileNumber": 8801911000333,
        "password": "another password", "confirmPassword": "another password", "avatar": "face.png", "newsletter": 0,
        "realName": "Abdur Rahim Khan", "customerNo": "C-17", "mailStatus": 0, "status": 0,
    }  # fmt: skip
    shown = as_json(portal.put(path, data=form))
    assert_shape(shown, FULL)
    assert [shown[name] for name in ("id", "firstName", "lastName", "username", "email", "mobileNumber")] == [
        made["id"], "Abdur", "Rahim Khan", "rahim", email, "8801911000333",
    ]  # fmt: skip
    assert [shown[name] for name in ("avatar", "newsletter", "customerGroupId", "mailStatus", "isActive")] == [
        "face.png", 0, str(group), "0", "0",
    ]  # fmt: skip
    assert (shown["password"], details(portal, made["id"])["customerNo"]) == ("", "C-17")
    assert_refused(portal.put(path, data={**form, "mobileNumber": "12345"}), 400)
    there = in_pos(pos, email)
    assert there is not None
    assert (there["name"], there["phone"]) == ("Abdur Rahim Khan", "8801911000333")


def test_portal_delete_customer(portal: httpx.Client, pos: httpx.Client) -> None:
    made = create(portal)
    there = in_pos(pos, made["email"])
    assert there is not None
    path = f"/api/customer/{made['id']}"
    assert as_json(portal.delete(path)) == {"status": "1", "message": "Customer Deleted Successfully"}
    assert_refused(portal.delete(path), 404)
    assert pos.get(f"{POS}/{there['id']}").status_code == 404
    assert in_pos(pos, made["email"]) is None


def test_portal_get_recent_customerlist(any_stub: StubServer, portal: httpx.Client, pos: httpx.Client) -> None:
    made = made_in_pos(pos)
    rows = data_of(portal.get("/api/customer/recent-customerlist"), "Successfully got Customer list.")
    assert len(rows) == 10
    for row in rows:
        assert_shape(row, listed_shape(any_stub))
    assert rows[0]["email"] == made["email"]
    times = [row["createdDate"] for row in rows]
    assert times == sorted(times, reverse=True)
    assert_refused(portal.get("/api/customer/recent-customerlist", headers={"Authorization": "x"}), 401)


def test_portal_get_today_customercount(any_stub: StubServer, portal: httpx.Client, pos: httpx.Client) -> None:
    def counted(header: str) -> Any:
        with httpx.Client(base_url=portal.base_url, trust_env=False) as client:
            response = client.get(
                "/api/customer/today-customercount", headers={header: portal.headers["Authorization"]}
            )
        return data_of(response, "Successfully get customerCount")

    before = counted("Authorized")
    made_in_pos(pos)
    assert type(before) is int
    assert counted("Authorized") == counted("Authorization") == before + 1
    assert_refused(portal.get("/api/customer/today-customercount", headers={"Authorized": "Bearer no"}), 401)


def test_portal_post_delete_customer(portal: httpx.Client, pos: httpx.Client) -> None:
    first, second, third = (create(portal) for _ in range(3))
    path = "/api/customer/delete-customer"
    assert_refused(portal.post(path, data={"customerId": f"[{first['id']},999999999]"}), 404)
    assert in_pos(pos, first["email"]) is not None
    done = {"status": "1", "message": "Successfully deleted customer."}
    assert as_json(portal.post(path, data={"customerId": f"[{first['id']},{second['id']}]"})) == done
    assert as_json(portal.post(path, json={"customerId": [third["id"]]})) == done
    assert [in_pos(pos, made["email"]) for made in (first, second, third)] == [None, None, None]


def rows_of(response: httpx.Response) -> list[dict[str, Any]]:
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    [sheet] = CalamineWorkbook.from_filelike(io.BytesIO(response.content)).sheet_names
    header, *rows = CalamineWorkbook.from_filelike(io.BytesIO(response.content)).get_sheet_by_name(sheet).to_python()
    return [dict(zip(map(str, header), row, strict=True)) for row in rows]


def test_portal_get_customer_excel_list(any_stub: StubServer, portal: httpx.Client, pos: httpx.Client) -> None:
    made = [made_in_pos(pos), made_in_pos(pos, name='=HYPERLINK("http://x","y")')]
    ids = [id_of(portal, one["email"]) for one in made]
    path = "/api/customer/customer-excel-list"
    rows = rows_of(portal.get(path, params={"customerId": f"[{ids[0]},{ids[1]}]"}))
    assert [row["id"] for row in rows] == ids
    assert [row["email"] for row in rows] == [one["email"] for one in made]
    assert rows[1]["firstName"] == '=HYPERLINK("http://x","y")'
    for row in rows:
        assert set(row) == set(listed_shape(any_stub))
    for wrong in ("text", "", "[]"):
        refused = portal.get(path, params={"customerId": wrong})
        assert_refused(refused, 400, shown_as=1, message="Invalid customerId")


def test_portal_get_allcustomer_excel_list(any_stub: StubServer, portal: httpx.Client, pos: httpx.Client) -> None:
    path, made = "/api/customer/allcustomer-excel-list", made_in_pos(pos)
    [row] = rows_of(portal.get(path, params={"name": "khatun", "status": 1, "email": made["email"]}))
    assert set(row) == set(listed_shape(any_stub))
    assert (row["firstName"], row["lastName"], row["isActive"]) == ("Salma", "Khatun Begum", "1")
    everyone = rows_of(portal.get(path, params={"name": "", "status": 1, "email": ""}))
    assert made["email"] in {row["email"] for row in everyone}
    none = portal.get(path, params={"name": "", "status": 0, "email": made["email"]})
    assert_refused(none, 400, shown_as=1, message="list is empty")
    assert_refused(portal.get(path, params={"name": "", "status": 1}), 400)


def test_portal_get_customer_count(portal: httpx.Client, pos: httpx.Client) -> None:
    message = "Successfully got the Customer Count"
    before = data_of(portal.get("/api/customer/customer-count"), message)
    made = made_in_pos(pos)
    assert data_of(portal.get("/api/customer/customer-count"), message) == before + 1
    pos.delete(f"{POS}/{made['id']}")
    assert data_of(portal.get("/api/customer/customer-count"), message) == before
    assert_refused(portal.get("/api/customer/customer-count", headers={"Authorization": ""}), 401)


def busiest(pos: httpx.Client, portal: httpx.Client) -> tuple[dict[str, Any], int]:
    rows = as_json(pos.get(POS, params={"limit": 250, "sort": "total_spent"}))
    seeded = next(row for row in rows if row["email"] and row["total_orders"])
    return as_json(pos.get(f"{POS}/{seeded['id']}")), id_of(portal, seeded["email"])


def test_portal_get_order_product_list(portal: httpx.Client, pos: httpx.Client) -> None:
    path, counted = "/api/customer/order-product-list", "Successfully got the count of order product count"
    owner, customer_id = busiest(pos, portal)
    asked = {"limit": 250, "customerId": customer_id}
    rows = data_of(portal.get(path, params=asked), "Successfully got order product list")
    for row in rows:
        assert_shape(row, {
            "orderId": int, "productName": str, "quantity": int, "total": float, "createdDate": str, "customerId": int,
        })  # fmt: skip
    assert {row["customerId"] for row in rows} == {customer_id}
    assert round(sum(row["total"] for row in rows) * 100) == owner["total_spent"]
    assert len({row["orderId"] for row in rows}) == owner["total_orders"]
    assert data_of(portal.get(path, params={**asked, "count": 1}), counted) == len(rows)
    assert data_of(portal.get(path, params={"limit": 1, "count": 1}), counted) > len(rows)
    assert_refused(portal.get(path, params={"customerId": customer_id}), 400)


def test_portal_get_product_view_log_list(portal: httpx.Client, pos: httpx.Client) -> None:
    path, counted = "/api/customer/product-view-log-list", "Successfully got the count of order product count"
    rows = data_of(portal.get(path, params={"limit": 250}), "Successfully got order product list")
    for row in rows:
        assert_shape(row, {"productName": str, "customerId": int, "createdDate": str})
    mine = {"limit": 250, "customerId": rows[0]["customerId"]}
    own = data_of(portal.get(path, params=mine), "Successfully got order product list")
    assert own == [row for row in rows if row["customerId"] == rows[0]["customerId"]]
    assert data_of(portal.get(path, params={**mine, "count": 1}), counted) == len(own)
    made = made_in_pos(pos)
    newcomer = {"limit": 9, "customerId": id_of(portal, made["email"])}
    assert data_of(portal.get(path, params=newcomer), "Successfully got order product list") == []
    assert_refused(portal.get(path, params={"limit": 1, "customerId": 999999999}), 404)


def graph(portal: httpx.Client, duration: int) -> dict[str, dict[str, Any]]:
    asked = {"vendorId": 22, "duration": duration}
    shown = data_of(
        portal.get("/api/customer/vendor-graph-list", params=asked), "Successfully got the vendor graph list"
    )
    for row in shown:
        assert_shape(row, {"label": str, "orders": int, "customers": int, "revenue": float})
    return {row["label"]: row for row in shown}


@pytest.mark.parametrize(
    ("duration", "rows", "label"), [(1, "7", "%Y-%m-%d"), (2, "28293031", "%Y-%m-%d"), (3, "12", "%Y-%m")]
)
def test_portal_get_vendor_graph_list(any_stub: StubServer, duration: int, rows: str, label: str) -> None:
    path = "/api/customer/vendor-graph-list"
    with any_stub.client(api="portal") as portal, any_stub.client() as pos:
        before, now = graph(portal, duration), datetime.now(ZoneInfo("Asia/Dhaka")).strftime(label)
        assert str(len(before)) in rows
        assert now in before
        if any_stub.thread.settings.announced("pos"):
            bill = {"id": str(uuid4()), "customer_id": made_in_pos(pos)["id"], "total": 12345}
            as_json(pos.post("/api/v1/sales", json=bill))
            after = graph(portal, duration)[now]
            assert (after["orders"], after["customers"]) == (before[now]["orders"] + 1, before[now]["customers"] + 1)
            assert round((after["revenue"] - before[now]["revenue"]) * 100) == 12345
        assert_refused(portal.get(path, params={"vendorId": 7, "duration": duration}), 404)
        assert_refused(portal.get(path, params={"vendorId": 22, "duration": 4}), 400)


def test_portal_get_customer_visit_list(portal: httpx.Client) -> None:
    path, message = "/api/customer/customer-visit-list", "Successfully got the customer visit list"
    now = datetime.now(ZoneInfo("Asia/Dhaka"))
    rows = data_of(portal.get(path, params={"month": now.month, "year": now.year}), message)
    for row in rows:
        assert_shape(row, {"date": str, "visits": int})
    assert rows[0]["date"] == f"{now:%Y-%m}-01"
    assert rows[0]["visits"] > 0
    leap = data_of(portal.get(path, params={"month": 2, "year": 2000}), message)
    assert [row["visits"] for row in leap] == [0] * 29
    assert_refused(portal.get(path, params={"month": 13, "year": now.year}), 400)


def test_portal_post_customer_group(portal: httpx.Client, pos: httpx.Client) -> None:
    form = {"name": "Regulars", "description": "Since 2020", "colorcode": "#00aa00", "status": 1}
    made = as_json(portal.post("/api/customer-group", data=form))
    assert_shape(made, GROUP | {"createdDate": str})
    assert (made["name"], made["colorCode"], made["isActive"]) == ("Regulars", "#00aa00", "1")
    assert_refused(portal.post("/api/customer-group", data={**form, "name": " "}), 400)
    member = create(portal, made["groupId"])
    asked = {"limit": 9, "customerGroup": made["groupId"]}
    assert [row["id"] for row in as_json(portal.get("/api/customer", params=asked))["data"]] == [member["id"]]
    assert in_pos(pos, member["email"]) is not None


def test_portal_get_customer_group(any_stub: StubServer, portal: httpx.Client) -> None:
    message, name = "Successfully got all customer group List", f"Group {new_email()}"
    made = create_group(portal, name)
    rows = data_of(portal.get("/api/customer-group"), message, 1)
    for row in rows:
        assert_shape(row, GROUP | {"description": str, "createdDate": str, "modifiedDate": str})
    assert [row["groupId"] for row in rows if row["name"] == name] == [made]
    paged = data_of(portal.get("/api/customer-group", params={"limit": 1, "offset": 1}), message, 1)
    assert paged == rows[1:2]
    [found] = data_of(portal.get("/api/customer-group", params={"keyword": name.upper(), "status": "1"}), message, 1)
    assert (found["groupId"], found["description"], found["colorCode"]) == (made, "Since 2020", "#00aa00")
    assert data_of(portal.get("/api/customer-group", params={"keyword": name, "count": "1"}), message, 1) == 1
    assert_refused(portal.get("/api/customer-group", params={"limit": 0}), 400)
    with any_stub.client("7", api="portal") as stranger:
        assert made not in {row["groupId"] for row in as_json(stranger.get("/api/customer-group"))["data"]}


def test_portal_put_customer_group(portal: httpx.Client) -> None:
    group = create_group(portal)
    made = create(portal, group)
    form = {"name": "Friends", "colorcode": "#123456", "status": 0}
    shown = as_json(portal.put(f"/api/customer-group/{group}", data=form))
    assert_shape(shown, GROUP | {"modifiedDate": str})
    assert [shown[name] for name in ("name", "colorCode", "isActive", "groupId")] == ["Friends", "#123456", "0", group]
    assert details(portal, made["id"])["customerGroupName"] == "Friends"
    assert details(portal, made["id"])["modifiedDate"] > made["createdDate"]
    assert_refused(portal.put("/api/customer-group/999999999", data=form), 404)
    assert_refused(portal.put(f"/api/customer-group/{group}", data={**form, "status": 2}), 400)


def test_portal_delete_customer_group(portal: httpx.Client, pos: httpx.Client) -> None:
    group = create_group(portal)
    made = create(portal, group)
    path = f"/api/customer-group/{group}"
    assert_refused(portal.request("DELETE", path, data={"groupId": group + 1}), 400)
    done = portal.request("DELETE", path, data={"groupId": group})
    assert as_json(done) == {"status": 1, "message": "Group Deleted Successfully."}
    assert_refused(portal.delete(path), 404)
    shown = details(portal, made["id"])
    assert (shown["customerGroupId"], shown["customerGroupName"]) == ("", "")
    assert as_json(portal.put(f"/api/customer/{made['id']}", data=changed_customer(shown)))["customerGroupId"] == ""
    assert in_pos(pos, made["email"]) is not None
