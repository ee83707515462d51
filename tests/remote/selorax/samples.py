"""Answers of a `selorax` server as its document shows them, and connectors at them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx

from posapp.domain.customer import Profile
from posapp.domain.ids import RemoteId
from posapp.domain.money import Money
from posapp.remote.credential import BearerToken
from posapp.remote.http import HttpClient
from posapp.remote.selorax.api import SeloraxApi
from posapp.services.ports.remote import RemoteCustomer, Traits
from posapp.services.ports.writes import CreateCustomer, DeleteCustomer, EditCustomer, Write

ID = RemoteId("301")
NEW = RemoteId("350")

ROW: dict[str, Any] = {
    "user_id": 301,
    "store_id": 22,
    "name": "Rahim Ahmed",
    "email": "rahim@example.com",
    "phone": "01712345678",
    "address_json": {"address": "123 Main St", "city": "Dhaka"},
    "is_guest": 0,
    "created_at": "2025-01-20T06:30:00.000Z",
    "updated_at": "2025-06-15T10:30:00.000Z",
    "total_orders": 12,
    "total_spent": 18500,
}
SECOND: dict[str, Any] = {
    **ROW,
    "user_id": 289,
    "name": "Fatima Khatun",
    "email": None,
    "phone": "01898765432",
    "address_json": None,
    "created_at": "2025-03-05T14:00:00.000Z",
    "updated_at": "2025-06-10T08:45:00.000Z",
    "total_orders": 3,
    "total_spent": 4200,
}
SINGLE: dict[str, Any] = {**ROW, "is_phone_verified": 1, "is_email_verified": 0}
UPDATED: dict[str, Any] = {
    **{name: value for name, value in SINGLE.items() if name not in {"total_orders", "total_spent"}},
    "name": "Rahim Ahmed Khan",
    "address_json": {"address": "456 New Street", "city": "Dhaka", "area": "Gulshan"},
    "updated_at": "2025-06-20T12:00:00.000Z",
}
CREATED: dict[str, Any] = {
    "user_id": 350,
    "name": "Karim Hossain",
    "phone": "01812345678",
    "email": "karim@example.com",
    "store_id": 22,
}
TOMBSTONE: dict[str, Any] = {"id": 301, "deleted_at": "2026-03-01T09:30:00.000Z", "reason": "deleted"}

KARIM = Profile("Karim Hossain", "01812345678", "karim@example.com", "789 Park Avenue")
RAHIM = RemoteCustomer(
    remote_id=ID,
    profile=Profile("Rahim Ahmed", "01712345678", "rahim@example.com", "123 Main St, Dhaka"),
    total_spent=Money(1_850_000, "BDT"),
    total_orders=12,
    created_at=datetime(2025, 1, 20, 6, 30, tzinfo=UTC),
    updated_at=datetime(2025, 6, 15, 10, 30, tzinfo=UTC),
    traits=Traits(guest=False),
)


def one(customer: dict[str, Any], status: int = 200) -> dict[str, Any]:
    return {"data": customer, "status": status}


def page(*rows: dict[str, Any], total: int | None = None) -> dict[str, Any]:
    pagination = {"page": 1, "limit": 250, "total": len(rows) if total is None else total}
    return {"data": list(rows), "pagination": pagination, "status": 200}


WRITES: dict[str, tuple[Write, int, dict[str, Any]]] = {
    "create": (CreateCustomer(KARIM), 201, one(CREATED, 201)),
    "edit": (
        EditCustomer(ID, {"name": "Rahim Ahmed Khan", "address": "456 New Street"}),
        200,
        {**one(UPDATED), "message": "Customer updated."},
    ),
    "delete": (DeleteCustomer(ID), 200, {"message": "Customer deleted.", "status": 200}),
}
"""Each write with the status and body of its first good answer."""

Answering = Callable[[httpx.Request], httpx.Response]


def api_with(answer: Answering, **options: Any) -> SeloraxApi:
    client = HttpClient("https://shop.example/selorax", BearerToken("t"), transport=httpx.MockTransport(answer))
    return SeloraxApi(client, "BDT", "Shop", **options)


def api_saying(body: Any, status: int = 200, **headers: str) -> SeloraxApi:
    named = {"Content-Type": "application/json", **{name.replace("_", "-"): text for name, text in headers.items()}}
    return api_with(lambda _: httpx.Response(status, content=json.dumps(body).encode(), headers=named))
