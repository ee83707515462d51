"""The storefront endpoints of the `siyahfy` document, on every database, extended and plain.

Each: its fields, a refusal, and its effect as the `pos` API shows it.
"""

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.support.storefront import PASSWORD, Shopper, mailed, new_email, post, shopper, sign_up, token_of, visitor
from tests.support.stub import StubServer, as_json

POS = "/api/v1/customers"
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
TOKEN = re.compile(r"[\w-]+\.[\w-]+\.[\w-]+")
STREET = {"address1": "1 First Road", "city": "Dhaka", "pincode": "1205"}


@pytest.fixture
def shop(any_stub: StubServer) -> Iterator[httpx.Client]:
    with visitor(any_stub) as client:
        yield client


@pytest.fixture
def pos(any_stub: StubServer) -> Iterator[httpx.Client]:
    with any_stub.client("22", api="pos") as client:
        yield client


@pytest.fixture
def ada(any_stub: StubServer) -> Shopper:
    return shopper(any_stub, phone="+880 1711 000111", notes="pays late", tags=["retail"])


@pytest.fixture
def own(any_stub: StubServer, ada: Shopper) -> Iterator[httpx.Client]:
    with any_stub.client(api="siyahfy", token=ada.token) as client:
        yield client


def assert_refused(response: httpx.Response, status: int) -> dict[str, Any]:
    assert response.status_code == status, response.text
    body = response.json()
    assert set(body) <= {"success", "message", "errors"}
    assert body["success"] is False
    assert isinstance(body["message"], str)
    return dict(body)


def data_of(response: httpx.Response, status: int = 200, *, message: bool = True) -> Any:
    assert response.status_code == status, response.text
    body = response.json()
    assert set(body) == {"success", "data"} | ({"message"} if message else set())
    assert body["success"] is True
    assert isinstance(body.get("message", ""), str)
    return body["data"]


def assert_customer(shown: dict[str, Any], ada: Shopper, **changed: Any) -> None:
    times = {name: shown.pop(name) for name in ("created_at", "updated_at")}
    assert all(TIME.fullmatch(time) for time in times.values())
    assert shown == {
        "id": ada.id, "name": "Ada Lovelace", "email": ada.email, "phone": "+880 1711 000111", "tags": ["retail"],
        "notes": None, "cod_enabled": True, "blacklisted": False, "blacklist_reason": None, "verified": True,
        "total_orders": 0, "total_spent": "0.00", **changed,
    }  # fmt: skip


def assert_address(shown: dict[str, Any], **wanted: Any) -> int:
    identifier = shown.pop("id")
    assert type(identifier) is int
    none = dict.fromkeys(("name", "phone", "address1", "address2", "city", "state", "pincode", "country"))
    assert shown == {**none, "is_default": True, **wanted}
    return identifier


def found(pos: httpx.Client, email: str) -> list[dict[str, Any]]:
    return list(as_json(pos.get(POS, params={"search": email})))


def line(pos: httpx.Client, ada: Shopper) -> str | None:
    shown: str | None = as_json(pos.get(f"{POS}/{ada.uuid}"))["address"]
    return shown


def test_siyahfy_post_vendor_customer_add(any_stub: StubServer, shop: httpx.Client, pos: httpx.Client) -> None:
    email = new_email()
    answer = sign_up(shop, email, phone="0171 1", points=500, tags=["vip"], notes="x", verified=True, cod_enabled=False)
    assert data_of(answer, 201) == {"email": email}
    [mail] = mailed(any_stub, email)
    assert re.fullmatch(r"\d{6}", mail["code"])
    assert mail["code"] in mail["text"]
    [row] = found(pos, email)
    assert (row["name"], row["phone"], row["loyalty_points"], row["tags"], row["notes"]) == (
        "Ada",
        "0171 1",
        0,
        [],
        None,
    )
    bad: list[dict[str, Any]] = [
        {"email": "nobody"}, {"name": " "}, {"password": "short"}, {"password": None}, {"phone": 1}
    ]  # fmt: skip
    for wrong in bad:
        assert_refused(sign_up(shop, **{"email": new_email(), **wrong}), 400)
    assert_refused(sign_up(shop, email, store="23"), 404)


def test_siyahfy_post_verify_otp_and_update(any_stub: StubServer, shop: httpx.Client, pos: httpx.Client) -> None:
    email = new_email()
    sign_up(shop, email)
    code = mailed(any_stub, email)[0]["code"]
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    assert_refused(post(shop, "verify-otp-and-update", email=email, otp=wrong), 400)
    session = data_of(post(shop, "verify-otp-and-update", email=email, otp=code), message=False)
    assert set(session) == {"token"}
    with any_stub.client(api="siyahfy", token=session["token"]) as own:
        assert data_of(own.post("/api/validateUser"), message=False)["verified"] is True
        data_of(own.put("/api/UpdateCustomerDetail", json={"name": "Ada Verified"}))
    assert [row["name"] for row in found(pos, email)] == ["Ada Verified"]


def test_siyahfy_post_vendor_customer_login(any_stub: StubServer, shop: httpx.Client, pos: httpx.Client) -> None:
    email = new_email()
    sign_up(shop, email)
    assert_refused(post(shop, "vendor/customer/login", email=email, password=PASSWORD), 403)
    code = mailed(any_stub, email)[0]["code"]
    as_json(post(shop, "verify-otp-and-update", email=email, otp=code))
    assert_refused(post(shop, "vendor/customer/login", email=email, password="something else"), 401)
    answer = post(shop, "vendor/customer/login", store=22, email=email.upper(), password=PASSWORD)
    session = data_of(answer, message=False)
    assert set(session) == {"token"}
    assert TOKEN.fullmatch(session["token"])
    assert answer.headers["cache-control"] == "no-store"
    with any_stub.client(api="siyahfy", token=session["token"]) as own:
        data_of(own.post("/api/addNewAddress", json=STREET))
    assert [row["address"] for row in found(pos, email)] == ["1 First Road, Dhaka, 1205"]


def test_siyahfy_post_forgot_password_get_otp(any_stub: StubServer, shop: httpx.Client, ada: Shopper) -> None:
    assert data_of(post(shop, "forgot-password-get-otp", email=ada.email)) == {"email": ada.email}
    [mail] = mailed(any_stub, ada.email)
    assert re.fullmatch(r"\d{6}", mail["code"])
    assert_refused(post(shop, "forgot-password-get-otp", email="nobody"), 400)
    assert_refused(post(shop, "forgot-password-get-otp", store="x", email=ada.email), 404)


def test_siyahfy_post_forgot_password_verify_otp(
    any_stub: StubServer, shop: httpx.Client, pos: httpx.Client, ada: Shopper
) -> None:
    as_json(post(shop, "forgot-password-get-otp", email=ada.email))
    code = mailed(any_stub, ada.email)[0]["code"]
    body = {"email": ada.email, "otp": code, "password": PASSWORD}
    assert_refused(post(shop, "forgot-password-verify-otp", **{**body, "password": "short"}), 400)
    assert data_of(post(shop, "forgot-password-verify-otp", **body)) == {}
    assert_refused(post(shop, "forgot-password-verify-otp", **body), 400)
    session = data_of(post(shop, "vendor/customer/login", email=ada.email, password=PASSWORD), message=False)
    with any_stub.client(api="siyahfy", token=session["token"]) as own:
        data_of(own.put("/api/UpdateCustomerDetail", json={"phone": "42"}))
    assert as_json(pos.get(f"{POS}/{ada.uuid}"))["phone"] == "42"


def test_siyahfy_post_validate_user(
    any_stub: StubServer, shop: httpx.Client, own: httpx.Client, pos: httpx.Client, ada: Shopper
) -> None:
    assert_customer(data_of(own.post("/api/validateUser"), message=False), ada)
    assert_refused(shop.post("/api/validateUser"), 401)
    with any_stub.client(api="siyahfy") as vendor:
        assert_refused(vendor.post("/api/validateUser"), 403)
    as_json(pos.delete(f"{POS}/{ada.uuid}"))
    assert_refused(own.post("/api/validateUser"), 401)


def test_siyahfy_get_get_user_detail_by_id(own: httpx.Client, pos: httpx.Client, ada: Shopper) -> None:
    assert_customer(data_of(own.get("/api/GetUserDetailById", params={"id": ada.id}), message=False), ada)
    for other in (ada.id - 1, 0, "x", 2**64):
        assert_refused(own.get("/api/GetUserDetailById", params={"id": other}), 404)
    assert assert_refused(own.get("/api/GetUserDetailById"), 400)["errors"][0]["field"] == "id"
    as_json(pos.put(f"{POS}/{ada.uuid}", json={"name": "Countess"}))
    shown = data_of(own.get("/api/GetUserDetailById", params={"id": ada.id}), message=False)
    assert_customer(shown, ada, name="Countess")


def test_siyahfy_put_update_customer_detail(own: httpx.Client, pos: httpx.Client, ada: Shopper) -> None:
    wanted = {"name": "Ada King", "phone": None, "id": 1, "email": "x@y", "tags": ["vip"], "notes": "n",
              "points": 9, "loyalty_points": 9, "cod_enabled": False, "blacklisted": True, "verified": False,
              "total_spent": "9", "store": "7"}  # fmt: skip
    shown = data_of(own.put("/api/UpdateCustomerDetail", json=wanted))
    assert_customer(shown, ada, name="Ada King", phone=None)
    row = as_json(pos.get(f"{POS}/{ada.uuid}"))
    assert (row["name"], row["phone"], row["email"], row["tags"], row["notes"], row["loyalty_points"]) == (
        "Ada King", None, ada.email, ["retail"], "pays late", 0,
    )  # fmt: skip
    for wrong in ({"name": ""}, {"name": None}, {"phone": 5}):
        assert_refused(own.put("/api/UpdateCustomerDetail", json=wrong), 400)
    assert as_json(pos.get(f"{POS}/{ada.uuid}")) == row


def test_siyahfy_get_address_public_id(
    any_stub: StubServer, own: httpx.Client, pos: httpx.Client, ada: Shopper
) -> None:
    as_json(pos.put(f"{POS}/{ada.uuid}", json={"address": "7 Seventh Road"}))
    path = f"/api/getAddressPublic/{ada.id}"
    [shown] = data_of(own.get(path), message=False)
    assert_address(dict(shown), address1="7 Seventh Road")
    with any_stub.client(api="siyahfy") as vendor, any_stub.client("7", api="siyahfy") as stranger:
        assert data_of(vendor.get(path), message=False) == [shown]
        for client, wrong in ((stranger, path), (own, f"{path}0"), (vendor, "/api/getAddressPublic/x")):
            assert_refused(client.get(wrong), 404)


def test_siyahfy_post_add_new_address(own: httpx.Client, pos: httpx.Client, ada: Shopper) -> None:
    first = data_of(own.post("/api/addNewAddress", json={**STREET, "customer_id": 1}))
    assert_address(first, **STREET)
    second = data_of(own.post("/api/addNewAddress", json={"address1": "2 Second Road", "name": "Home", "phone": "12"}))
    assert_address(second, address1="2 Second Road", name="Home", phone="12", is_default=False)
    assert line(pos, ada) == "1 First Road, Dhaka, 1205"
    for wrong in ({}, {"address1": 5}, {"address1": None}):
        assert_refused(own.post("/api/addNewAddress", json=wrong), 400)


def test_siyahfy_post_update_customer_address(
    any_stub: StubServer, own: httpx.Client, pos: httpx.Client, ada: Shopper
) -> None:
    made = data_of(own.post("/api/addNewAddress", json=STREET))["id"]
    shown = data_of(own.post("/api/updateCustomerAddress", json={"address_id": made, "city": None, "state": "DH"}))
    assert assert_address(shown, **{**STREET, "city": None, "state": "DH"}) == made
    assert line(pos, ada) == "1 First Road, DH, 1205"
    assert_refused(own.post("/api/updateCustomerAddress", json={"city": "X"}), 400)
    other = shopper(any_stub)
    with any_stub.client(api="siyahfy", token=other.token) as stranger:
        assert_refused(stranger.post("/api/updateCustomerAddress", json={"address_id": made, "city": "X"}), 404)
    assert line(pos, ada) == "1 First Road, DH, 1205"


def test_siyahfy_delete_remove_address(
    any_stub: StubServer, own: httpx.Client, pos: httpx.Client, ada: Shopper
) -> None:
    made = data_of(own.post("/api/addNewAddress", json=STREET))["id"]
    with any_stub.client(api="siyahfy", token=token_of(shopper(any_stub).id)) as stranger:
        assert_refused(stranger.delete("/api/removeAddress", params={"address_id": made}), 404)
    assert line(pos, ada) is not None
    assert data_of(own.delete("/api/removeAddress", params={"address_id": made})) == {"deleted": 1}
    assert line(pos, ada) is None
    assert_refused(own.delete("/api/removeAddress", params={"address_id": made}), 404)
    assert_refused(own.delete("/api/removeAddress"), 400)


def test_siyahfy_put_change_default_address(
    any_stub: StubServer, own: httpx.Client, pos: httpx.Client, ada: Shopper
) -> None:
    data_of(own.post("/api/addNewAddress", json=STREET))
    made = data_of(own.post("/api/addNewAddress", json={"address1": "2 Second Road"}))["id"]
    shown = data_of(own.put("/api/changeDefaultAddress", json={"address_id": made}))
    assert assert_address(shown, address1="2 Second Road") == made
    assert line(pos, ada) == "2 Second Road"
    rows = data_of(own.get(f"/api/getAddressPublic/{ada.id}"), message=False)
    assert [row["is_default"] for row in rows] == [False, True]
    assert_refused(own.put("/api/changeDefaultAddress", json={"address_id": made + 10**6}), 404)
    assert_refused(own.put("/api/changeDefaultAddress", json={"address_id": "x"}), 400)
    with any_stub.client(api="siyahfy", token=shopper(any_stub).token) as stranger:
        assert_refused(stranger.put("/api/changeDefaultAddress", json={"address_id": made}), 404)
