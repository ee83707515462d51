"""Answers of a `portal` server as they should be, writes to ask for them, and a connector that hears them."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

import httpx

from posapp.domain.customer import Profile
from posapp.domain.ids import RemoteId
from posapp.remote.credential import BearerToken
from posapp.remote.http import HttpClient
from posapp.remote.portal.api import PortalApi
from posapp.services.ports.writes import CreateCustomer, DeleteCustomer, EditCustomer, Write
from tests.remote.samples import as_bytes

ID = RemoteId("41")
SECRET = bytes(range(32))
MESSAGE = {"status": "1", "message": "Successfully done."}

ROW: dict[str, Any] = {
    "id": 41,
    "firstName": "Jane",
    "lastName": "van Doe",
    "username": "jane",
    "email": "jane@example.com",
    "isActive": "1",
    "createdDate": "2025-01-15T10:00:00Z",
    "modifiedDate": "2025-02-15T10:00:00.5Z",
    "customerGroupName": "Regulars",
}
CUSTOMER: dict[str, Any] = {
    **ROW,
    "mobileNumber": "9812300001",
    "customerGroupId": "7",
    "newsletter": 1,
    "mailStatus": "1",
    "customerNo": "C-9",
    "password": "$2b$10$canary",
    "oauthData": "canary-oauth",
    "forgetPasswordKey": "canary-key",
    "ip": "203.0.113.9",
    "city": "Mumbai",
    "deleteFlag": 0,
}
CREATED: dict[str, Any] = {
    "customerGroupId": "",
    "firstName": "Jane",
    "username": "Jane Doe",
    "email": "jane@example.com",
    "mobileNumber": "9812300001",
    "password": "",
    "mailStatus": "0",
    "deleteFlag": 0,
    "isActive": "1",
    "createdDate": "2025-01-15T10:00:00Z",
    "id": 41,
}
GROUPS = [{"groupId": 7, "name": "Regulars", "colorCode": "#00AA00"}, {"groupId": 8, "name": "Odd", "colorCode": "red"}]
TOMBSTONE = {"id": 41, "deleted_at": "2026-03-01T09:30:00Z", "reason": "merged", "merged_into": 42}

WRITES: dict[str, tuple[Write, dict[str, Any]]] = {
    "create": (CreateCustomer(Profile("Jane Doe", "+91 98123 00001", "jane@example.com")), CREATED),
    "edit": (EditCustomer(ID, {"name": "Jane Doe"}), CUSTOMER),
    "delete": (DeleteCustomer(ID), MESSAGE),
}
"""Each write of this API with the body of its good answer."""


def under_data(value: Any) -> dict[str, Any]:
    return {**MESSAGE, "data": value}


class Portal:
    """A server that answers each read as it should, a write as it is told, and remembers what it was asked."""

    def __init__(self, written: Any = None, status: int = 200, **headers: str) -> None:
        self.asked: list[str] = []
        self.bodies: list[bytes] = []
        self.reads: dict[str, Any] = {
            "/api/customer": under_data([ROW]),
            "/api/customer/deleted": under_data([TOMBSTONE]),
            "/api/customer-group": {**under_data(GROUPS), "status": 1},
            f"/api/admin-customer/customer-detail/{ID}": under_data(CUSTOMER),
        }
        self.count: Any = under_data(270)
        self._written = written
        self._status = status
        self._headers = {name.replace("_", "-"): text for name, text in headers.items()}

    def api(self, **options: Any) -> PortalApi:
        return connected(self.answer, **options)

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(f"{request.method} {request.url.raw_path.decode()}")
        self.bodies.append(request.read())
        if request.method != "GET":
            return respond(self._written, self._status, self._headers)
        if "count" in parse_qs(request.url.query.decode()):
            return respond(self.count, 200, self._headers)
        told = self.reads.get(request.url.path)
        return respond({"status": 0, "message": "No"}, 404, {}) if told is None else respond(told, 200, self._headers)


def respond(value: Any, status: int = 200, headers: dict[str, str] | None = None) -> httpx.Response:
    named = {"Content-Type": "application/json", **(headers or {})}
    return httpx.Response(status, content=as_bytes(value), headers=named)


def connected(answer: Callable[[httpx.Request], httpx.Response], **options: Any) -> PortalApi:
    client = HttpClient("https://shop.example", BearerToken("t"), transport=httpx.MockTransport(answer))
    return PortalApi(client, "INR", "Shop", **{"secret": lambda: SECRET, **options})


def saying(value: Any, status: int = 200, **headers: str) -> PortalApi:
    """Return a connector at a server that answers everything alike."""
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return connected(lambda _: respond(value, status, named))
