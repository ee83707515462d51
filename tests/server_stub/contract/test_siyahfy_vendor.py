"""The vendor's endpoints of the Siyahfy document, one test each: fields, a refusal, the effect through another API."""

import csv
import io
import re
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.support.stub import StubServer, as_json

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
AMOUNT = re.compile(r"\d+\.\d\d")
CUSTOMER: dict[str, Any] = {
    "id": int, "name": str, "email": str | None, "phone": str | None, "tags": list, "notes": str | None,
    "cod_enabled": bool, "blacklisted": bool, "blacklist_reason": str | None, "verified": bool, "total_orders": int,
    "total_spent": str, "created_at": str, "updated_at": str,
}  # fmt: skip
ADDRESS: dict[str, Any] = {
    "id": int, "name": str | None, "phone": str | None, "address1": str, "address2": str | None, "city": str | None,
    "state": str | None, "pincode": str | None, "country": str | None, "is_default": bool,
}  # fmt: skip
ORDER = {"id": int, "order_number": str, "total": str, "status": str, "payment_method": str, "created_at": str}
ENTRY = {"id": int, "type": str, "note": str, "reference": str | None, "created_at": str}
NEVER = 2**40


class Desk:
    """A vendor's client of the API under test, and one of `pos` that sees the same store."""

    def __init__(self, stub: StubServer) -> None:
        self.vendor = stub.client(api="siyahfy")
        self.pos = stub.client()

    def made(self, **fields: Any) -> dict[str, Any]:
        """Return a new customer as this API shows it; its phone is nobody else's."""
        phone = str(uuid4().int)[:15]
        new = {"name": "Jane Doe", "phone": phone, **fields}
        as_json(self.pos.post("/api/v1/customers", json=new))
        [row] = as_json(self.vendor.get("/api/vendors/customers/22", params={"search": new["phone"]}))["data"]
        return dict(row)

    def at_pos(self, row: dict[str, Any]) -> list[dict[str, Any]]:
        """Return who has a customer's phone, as `pos` shows it."""
        return list(as_json(self.pos.get("/api/v1/customers", params={"search": row["phone"]})))

    def profile(self, row: dict[str, Any]) -> dict[str, Any]:
        """Return a customer in full."""
        return dict(data(self.vendor.get("/api/customers/edit", params={"id": row["id"]})))


@pytest.fixture
def desk(any_stub: StubServer) -> Iterator[Desk]:
    desk = Desk(any_stub)
    with desk.vendor, desk.pos:
        yield desk


def data(response: httpx.Response) -> Any:
    """Return the data of a success."""
    body = as_json(response)
    assert body["success"] is True
    assert set(body) <= {"success", "data", "message", "pagination"}
    assert isinstance(body.get("message", ""), str)
    return body["data"]


def assert_shape(found: dict[str, Any], shape: dict[str, Any]) -> None:
    """Check the members of an object and their types, and what times and amounts look like."""
    assert set(found) == set(shape)
    for name, kind in shape.items():
        assert isinstance(found[name], kind), f"{name} is {found[name]!r}"
        assert kind is not int or not isinstance(found[name], bool)
        assert not name.endswith("_at") or TIME.fullmatch(found[name])
        assert name not in {"total", "total_spent"} or AMOUNT.fullmatch(found[name])


def as_cell(value: object) -> str:
    """Return a member as CSV shows it."""
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def refused(response: httpx.Response, status: int, *fields: str) -> None:
    """Check a refusal, and which members it names."""
    assert response.status_code == status, response.text
    body = response.json()
    assert set(body) == {"success", "message"} | ({"errors"} if fields else set())
    assert body["success"] is False
    assert isinstance(body["message"], str)
    assert [error["field"] for error in body.get("errors", [])] == list(fields)


def test_siyahfy_get_vendors_customers(desk: Desk) -> None:
    made = [desk.made(), desk.made(email="first@example.com", tags=["a"], notes="n")]
    body = as_json(desk.vendor.get("/api/vendors/customers/22"))
    assert set(body) == {"success", "data", "pagination"}
    for row in body["data"]:
        assert_shape(row, CUSTOMER)
        assert all(isinstance(tag, str) for tag in row["tags"])
    assert [row["id"] for row in body["data"]][:2] == [made[1]["id"], made[0]["id"]]
    total = body["pagination"]["total"]
    assert len(body["data"]) == 20
    assert body["pagination"] == {"page": 1, "limit": 20, "total": total, "pages": -(-total // 20)}
    assert (body["data"][0]["email"], body["data"][0]["tags"], body["data"][0]["notes"]) == (
        "first@example.com",
        ["a"],
        "n",
    )
    second = as_json(desk.vendor.get("/api/vendors/customers/22", params={"page": 2, "limit": 1}))
    assert [row["id"] for row in second["data"]] == [made[0]["id"]]
    assert as_json(desk.vendor.get("/api/vendors/customers/22?limit=999"))["pagination"]["limit"] == 100
    assert as_json(desk.pos.get("/api/v1/customers"))[0]["phone"] == made[1]["phone"]
    refused(desk.vendor.get("/api/vendors/customers/7"), 404)
    refused(desk.vendor.get("/api/vendors/customers/22?page=0"), 400)


def test_siyahfy_get_vendors_customers_fetch(desk: Desk) -> None:
    rare = f"t{uuid4().hex}"
    first, second = desk.made(name="Zoe", tags=[rare, "b"]), desk.made(name="abe", tags=["c", rare])
    data(desk.vendor.post("/api/update-cod-status", json={"customer_id": first["id"], "cod_enabled": False}))
    data(desk.vendor.post("/api/vendors/blacklist-customer", json={"customer_id": second["id"], "blacklisted": True}))

    def found(**asked: str) -> list[int]:
        body = as_json(desk.vendor.get("/api/vendors/customers_fetch/22", params={"tags": rare, **asked}))
        for row in body["data"]:
            assert_shape(row, CUSTOMER)
        assert body["pagination"]["total"] == len(body["data"])
        return [row["id"] for row in body["data"]]

    assert found() == [second["id"], first["id"]]
    assert found(sort="name", order="asc") == [second["id"], first["id"]]
    assert found(sort="name", order="DESC") == [first["id"], second["id"]]
    assert found(tags=f"{rare}, b") == [first["id"]]
    assert found(cod_status="false") == [first["id"]]
    assert found(blacklisted="true") == [second["id"]]
    assert found(created_from=second["created_at"]) == [second["id"]]
    assert found(created_to=first["created_at"]) == [first["id"]]
    assert found(created_to="2020-01-01") == []
    assert found(search=first["phone"]) == [first["id"]]
    assert [rare in row["tags"] for row in desk.at_pos(first)] == [True]
    refused(desk.vendor.get("/api/vendors/customers_fetch/22?sort=phone"), 400, "sort")
    refused(desk.vendor.get("/api/vendors/customers_fetch/22?blacklisted=perhaps"), 400)
    refused(desk.vendor.get("/api/vendors/customers_fetch/22?created_from=yesterday"), 400)


def test_siyahfy_get_customers_edit(desk: Desk) -> None:
    buyers = as_json(desk.vendor.get("/api/vendors/customers_fetch/22?sort=total_orders&limit=1"))["data"]
    shown = desk.profile(buyers[0])
    assert_shape(shown, {**CUSTOMER, "addresses": list, "orders": list, "timeline": list})
    assert {name: shown[name] for name in CUSTOMER} == buyers[0]
    assert len(shown["orders"]) == min(10, shown["total_orders"])
    for order in shown["orders"]:
        assert_shape(order, ORDER)
    [there] = desk.at_pos(shown)
    purchases = as_json(desk.pos.get(f"/api/v1/customers/{there['id']}"))["recent_purchases"]
    assert [(one["order_number"], one["total"].replace(".", "")) for one in shown["orders"]] == [
        (one["receipt_number"], str(one["total"])) for one in purchases
    ]
    assert shown["total_spent"] == f"{there['total_spent'] // 100}.{there['total_spent'] % 100:02d}"
    made = desk.profile(desk.made(address="123 Main St"))
    assert (made["orders"], made["timeline"], made["addresses"][0]["address1"]) == ([], [], "123 Main St")
    refused(desk.vendor.get("/api/customers/edit"), 400, "id")
    refused(desk.vendor.get(f"/api/customers/edit?id={NEVER}"), 404)
    refused(desk.vendor.get("/api/customers/edit?id=x"), 404)


def test_siyahfy_post_editcontactinformation(desk: Desk) -> None:
    row = desk.made(notes="old", email="old@example.com")
    change = {"id": row["id"], "name": "Jané", "email": None, "phone": f"+{row['phone']}", "notes": "new"}
    changed = data(desk.vendor.post("/api/editcontactinformation", json={**change, "tags": ["x"], "total_spent": "9"}))
    assert_shape(changed, CUSTOMER)
    assert changed == {**row, **change, "updated_at": changed["updated_at"]}
    assert changed["updated_at"] > row["updated_at"]
    [there] = desk.at_pos(row)
    assert [there[name] for name in ("name", "email", "phone", "notes", "tags", "total_spent")] == [
        "Jané", None, change["phone"], "new", [], 0,
    ]  # fmt: skip
    refused(desk.vendor.post("/api/editcontactinformation", json={"id": row["id"], "name": " "}), 400, "name")
    refused(desk.vendor.post("/api/editcontactinformation", json={"id": row["id"], "email": "x"}), 400, "email")
    refused(desk.vendor.post("/api/editcontactinformation", json={"id": row["id"], "name": None}), 400)
    refused(desk.vendor.post("/api/editcontactinformation", json={"id": NEVER, "name": "x"}), 404)


def test_siyahfy_post_fetchcustomersbyid(desk: Desk) -> None:
    made = [desk.made(), desk.made()]
    asked = [made[1]["id"], NEVER, made[0]["id"], -1, 2**70, made[1]["id"]]
    rows = data(desk.vendor.post("/api/fetchCustomersById", json={"ids": asked}))
    assert rows == [made[1], made[0]]
    for row in rows:
        assert_shape(row, CUSTOMER)
    assert [row["phone"] for row in desk.at_pos(rows[0])] == [made[1]["phone"]]
    assert data(desk.vendor.post("/api/fetchCustomersById", json={"ids": []})) == []
    refused(desk.vendor.post("/api/fetchCustomersById", json={"ids": [1] * 251}), 400)
    refused(desk.vendor.post("/api/fetchCustomersById", json={"ids": "1"}), 400)


def test_siyahfy_get_customeraddresses(desk: Desk) -> None:
    row = desk.made(address="1 First St")
    data(desk.vendor.post("/api/manageCustomerAddress", json={"customer_id": row["id"], "address1": "2 Next St"}))
    found = data(desk.vendor.get("/api/customerAddresses", params={"customer_id": row["id"]}))
    for one in found:
        assert_shape(one, ADDRESS)
    assert [(one["address1"], one["is_default"]) for one in found] == [("1 First St", True), ("2 Next St", False)]
    assert [there["address"] for there in desk.at_pos(row)] == ["1 First St"]
    assert data(desk.vendor.get("/api/customerAddresses", params={"customer_id": desk.made()["id"]})) == []
    refused(desk.vendor.get("/api/customerAddresses"), 400, "customer_id")
    refused(desk.vendor.get(f"/api/customerAddresses?customer_id={NEVER}"), 404)


def test_siyahfy_post_managecustomeraddress(desk: Desk) -> None:
    row = desk.made()
    address = {
        "name": "Home", "phone": "+880 17", "address1": "1 A St", "address2": "Flat 2", "city": "Dhaka",
        "state": "Dhaka", "pincode": "1205", "country": "Bangladesh",
    }  # fmt: skip
    added = data(desk.vendor.post("/api/manageCustomerAddress", json={"customer_id": row["id"], **address}))
    assert_shape(added, ADDRESS)
    assert added == {"id": added["id"], **address, "is_default": True}
    assert desk.profile(row)["addresses"] == [added]
    line = "1 A St, Flat 2, Dhaka, Dhaka, 1205, Bangladesh"
    assert [there["address"] for there in desk.at_pos(row)] == [line]
    assert desk.profile(row)["updated_at"] > row["updated_at"]
    refused(desk.vendor.post("/api/manageCustomerAddress", json={"customer_id": row["id"]}), 400)
    blank = {"customer_id": row["id"], "address1": " "}
    refused(desk.vendor.post("/api/manageCustomerAddress", json=blank), 400, "address1")
    refused(desk.vendor.post("/api/manageCustomerAddress", json={"customer_id": NEVER, "address1": "x"}), 404)


def test_siyahfy_put_updateaddress(desk: Desk) -> None:
    row = desk.made(address="1 First St")
    new = {"customer_id": row["id"], "address1": "2 Next St", "city": "Dhaka"}
    second = data(desk.vendor.post("/api/manageCustomerAddress", json=new))
    change = {"address_id": second["id"], "address1": "3 Last St", "city": None, "is_default": True}
    changed = data(desk.vendor.put("/api/updateAddress", json=change))
    assert_shape(changed, ADDRESS)
    assert changed == {**second, "address1": "3 Last St", "city": None, "is_default": True}
    assert [one["is_default"] for one in desk.profile(row)["addresses"]] == [False, True]
    assert [there["address"] for there in desk.at_pos(row)] == ["3 Last St"]
    refused(desk.vendor.put("/api/updateAddress", json={"address_id": NEVER, "city": "x"}), 404)
    refused(desk.vendor.put("/api/updateAddress", json={"address_id": second["id"], "address1": None}), 400)


def test_siyahfy_delete_deletecustomeraddress(desk: Desk) -> None:
    row = desk.made(address="1 First St")
    data(desk.vendor.post("/api/manageCustomerAddress", json={"customer_id": row["id"], "address1": "2 Next St"}))
    [first, second] = desk.profile(row)["addresses"]
    gone = desk.vendor.delete("/api/deleteCustomerAddress", params={"address_id": first["id"]})
    assert data(gone) == {"deleted": 1}
    assert desk.profile(row)["addresses"] == [{**second, "is_default": True}]
    assert [there["address"] for there in desk.at_pos(row)] == ["2 Next St"]
    refused(desk.vendor.delete("/api/deleteCustomerAddress", params={"address_id": first["id"]}), 404)
    refused(desk.vendor.delete("/api/deleteCustomerAddress"), 400, "address_id")


def test_siyahfy_post_vendors_customer_log(desk: Desk) -> None:
    row = desk.made()
    note: dict[str, Any] = {"type": "note", "note": "Called", "reference": None}
    activity: dict[str, Any] = {"type": "activity", "note": "Paid 500.00", "reference": "khata-1"}
    lines = [
        data(desk.vendor.post("/api/vendors/customer/log", json={"customer_id": row["id"], **line}))
        for line in (note, activity)
    ]
    for line, sent in zip(lines, (note, activity), strict=True):
        assert_shape(line, ENTRY)
        assert {name: line[name] for name in sent} == sent
    shown = desk.profile(row)
    assert shown["timeline"] == lines[::-1]
    assert shown["updated_at"] > row["updated_at"]
    assert [there["name"] for there in desk.at_pos(row)] == [row["name"]]
    wrong = {"customer_id": row["id"], "type": "call", "note": "x"}
    refused(desk.vendor.post("/api/vendors/customer/log", json=wrong), 400)
    refused(desk.vendor.post("/api/vendors/customer/log", json={**wrong, "type": "note", "note": ""}), 400, "note")
    refused(desk.vendor.post("/api/vendors/customer/log", json={**note, "customer_id": NEVER}), 404)


def test_siyahfy_post_update_cod_status(desk: Desk, any_stub: StubServer) -> None:
    row = desk.made()
    assert row["cod_enabled"] is True
    changed = data(desk.vendor.post("/api/update-cod-status", json={"customer_id": row["id"], "cod_enabled": False}))
    assert_shape(changed, CUSTOMER)
    assert changed == {**row, "cod_enabled": False, "updated_at": changed["updated_at"]}
    assert desk.profile(row)["cod_enabled"] is False
    assert [there["phone"] for there in desk.at_pos(row)] == [row["phone"]]
    assert {"api": "siyahfy", "id": str(row["id"]), "change": "updated"}.items() <= any_stub.effects()[-1].items()
    refused(desk.vendor.post("/api/update-cod-status", json={"customer_id": row["id"], "cod_enabled": "no"}), 400)
    refused(desk.vendor.post("/api/update-cod-status", json={"customer_id": NEVER, "cod_enabled": True}), 404)


def test_siyahfy_post_vendors_blacklist_customer(desk: Desk) -> None:
    row = desk.made()
    wanted = {"customer_id": row["id"], "blacklisted": True, "reason": "Refused three deliveries"}
    changed = data(desk.vendor.post("/api/vendors/blacklist-customer", json=wanted))
    assert_shape(changed, CUSTOMER)
    assert (changed["blacklisted"], changed["blacklist_reason"]) == (True, "Refused three deliveries")
    assert desk.profile(row)["blacklisted"] is True
    assert [there["phone"] for there in desk.at_pos(row)] == [row["phone"]]
    del wanted["reason"]
    again = data(desk.vendor.post("/api/vendors/blacklist-customer", json=wanted))
    assert again["blacklist_reason"] == "Refused three deliveries"
    off = {"customer_id": row["id"], "blacklisted": False, "reason": "mistake"}
    changed = data(desk.vendor.post("/api/vendors/blacklist-customer", json=off))
    assert (changed["blacklisted"], changed["blacklist_reason"]) == (False, None)
    refused(desk.vendor.post("/api/vendors/blacklist-customer", json={"customer_id": row["id"]}), 400)
    refused(desk.vendor.post("/api/vendors/blacklist-customer", json={**off, "customer_id": NEVER}), 404)


def test_siyahfy_delete_vendors_customer_delete(desk: Desk) -> None:
    row = desk.made()
    assert data(desk.vendor.delete(f"/api/vendors/customer/delete/{row['id']}")) == {"deleted": 1}
    assert desk.at_pos(row) == []
    refused(desk.vendor.get("/api/customers/edit", params={"id": row["id"]}), 404)
    refused(desk.vendor.delete(f"/api/vendors/customer/delete/{row['id']}"), 404)
    refused(desk.vendor.delete("/api/vendors/customer/delete/x"), 404)


def test_siyahfy_delete_vendors_customers_delete(desk: Desk) -> None:
    made = [desk.made(), desk.made(), desk.made()]
    body = {"ids": [made[0]["id"], NEVER, made[1]["id"], made[0]["id"]]}
    assert data(desk.vendor.request("DELETE", "/api/vendors/customers/delete", json=body)) == {"deleted": 2}
    assert [desk.at_pos(row) == [] for row in made] == [True, True, False]
    assert data(desk.vendor.request("DELETE", "/api/vendors/customers/delete", json=body)) == {"deleted": 0}
    refused(desk.vendor.request("DELETE", "/api/vendors/customers/delete", json={"ids": [NEVER] * 501}), 400)
    refused(desk.vendor.delete("/api/vendors/customers/delete"), 400)


def test_siyahfy_post_export_customers(desk: Desk) -> None:
    awkward: dict[str, Any] = {
        "name": '=cmd|"x", y',
        "notes": "+1\r\nline 2",
        "tags": ["a;b", "-c", 'd"'],
        "email": "@e",
    }
    made = [desk.made(**awkward), desk.made()]

    def exported(body: object) -> list[dict[str, str]]:
        response = desk.vendor.post("/api/export-customers", json=body)
        assert response.status_code == 200
        assert response.headers["content-type"] == "text/csv; charset=utf-8"
        lines = list(csv.reader(io.StringIO(response.text, newline=""), strict=True))
        assert lines[0] == list(CUSTOMER)
        return [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]

    [first] = exported({"search": made[0]["phone"]})
    assert next(csv.reader([first.pop("tags")], delimiter=";")) == awkward["tags"]
    assert first == {name: as_cell(value) for name, value in made[0].items() if name != "tags"}
    assert [first[name] for name in ("name", "notes", "email")] == [
        awkward[name] for name in ("name", "notes", "email")
    ]
    assert [row["id"] for row in exported({"ids": [made[1]["id"], NEVER, made[0]["id"]]})] == [
        str(row["id"]) for row in made
    ]
    everybody = as_json(desk.vendor.get("/api/vendors/customers/22?limit=1"))["pagination"]["total"]
    assert len(exported({})) == everybody
    assert [there["name"] for there in desk.at_pos(made[0])] == [first["name"]]
    refused(desk.vendor.post("/api/export-customers", json={"ids": [1] * 501}), 400)
    refused(desk.vendor.post("/api/export-customers", json={"search": 5}), 400)


def test_siyahfy_post_bulkupdatecolumns(desk: Desk) -> None:
    made = [desk.made(tags=["old"]), desk.made(notes="old")]
    wanted = {
        "ids": [row["id"] for row in made] + [NEVER],
        "set": {"tags": ["a", "b"], "notes": None, "cod_enabled": False},
    }
    assert data(desk.vendor.post("/api/bulkupdatecolumns", json=wanted)) == {"updated": 2}
    for row in made:
        shown = desk.profile(row)
        assert (shown["tags"], shown["notes"], shown["cod_enabled"]) == (["a", "b"], None, False)
        assert [(there["tags"], there["notes"]) for there in desk.at_pos(row)] == [(["a", "b"], None)]
    refused(desk.vendor.post("/api/bulkupdatecolumns", json={**wanted, "set": {"blacklisted": True}}), 400, "set")
    refused(desk.vendor.post("/api/bulkupdatecolumns", json={**wanted, "set": {"tags": None}}), 400)
    refused(desk.vendor.post("/api/bulkupdatecolumns", json={**wanted, "ids": [1] * 501}), 400)


def test_siyahfy_post_bulkinsertcustomers(desk: Desk) -> None:
    taken = desk.made(email=f"{uuid4().hex}@example.com")
    phones = [str(uuid4().int)[:15] for _ in range(3)]
    full = {"name": "Jane", "email": f"{phones[0]}@example.com", "phone": phones[0], "tags": ["a", "b"], "notes": "n"}
    rows = [
        {**full, "address": "1 A St", "total_spent": "5", "blacklisted": True},
        {"name": " "},
        {"name": "Again", "phone": f"+{phones[0]}"},
        {"name": "Taken", "email": taken["email"].upper()},
        {"name": "No mail", "email": "nobody"},
        {"name": 5},
        7,
        {"name": "Bare", "phone": phones[1]},
    ]
    done = data(desk.vendor.post("/api/bulkinsertcustomers", json={"customers": rows}))
    assert set(done) == {"inserted", "skipped", "ids", "errors"}
    assert (done["inserted"], done["skipped"], len(done["ids"])) == (2, 2, 2)
    assert all(isinstance(error["message"], str) for error in done["errors"])
    assert [(error["row"], error["field"]) for error in done["errors"]] == [
        (2, "name"), (3, "phone"), (4, "email"), (5, "email"), (6, "name"), (7, ""),
    ]  # fmt: skip
    [first, bare] = data(desk.vendor.post("/api/fetchCustomersById", json={"ids": done["ids"]}))
    assert {name: first[name] for name in full} == full
    assert (first["total_spent"], first["blacklisted"], bare["name"], bare["email"]) == ("0.00", False, "Bare", None)
    assert [(there["name"], there["address"]) for there in desk.at_pos(first)] == [("Jane", "1 A St")]

    text = (
        "Phone,name,tags,notes,address\r\n"
        f'{phones[2]},"Doe, Jane",x; y,=1,"1 B St\r\n2"\r\n'
        f"\r\n{phones[2]},Z,,,\r\n,W,,,,\r\n"
    )
    headers = {"Content-Type": "text/csv; charset=utf-8"}
    done = data(desk.vendor.post("/api/bulkinsertcustomers", content=text, headers=headers))
    assert (done["inserted"], done["skipped"]) == (1, 1)
    assert [(error["row"], error["field"]) for error in done["errors"]] == [(2, "phone"), (3, "")]
    [row] = data(desk.vendor.post("/api/fetchCustomersById", json={"ids": done["ids"]}))
    assert [row[name] for name in ("name", "email", "phone", "tags", "notes")] == [
        "Doe, Jane", None, phones[2], ["x", "y"], "=1",
    ]  # fmt: skip
    refused(desk.vendor.post("/api/bulkinsertcustomers", json=[]), 400)
    refused(desk.vendor.post("/api/bulkinsertcustomers", content='name\r\n"cut', headers=headers), 400)
