"""Answers of a `pos` server as they should be, and writes to ask for them."""

import json
from datetime import UTC, datetime
from typing import Any

from posapp.domain.customer import Profile
from posapp.domain.ids import RemoteId
from posapp.domain.ledger import Direction
from posapp.domain.money import Money
from posapp.services.ports.remote import Capabilities
from posapp.services.ports.writes import (
    AdjustPoints,
    CreateCustomer,
    DeleteCustomer,
    EditCustomer,
    PostEntry,
    PostSale,
    RedeemPoints,
    ReverseSale,
    Write,
)

ID = RemoteId("0198c5f0-0000-7000-8000-000000000001")
REFERENCE = "0198c5f0-0000-7000-8000-000000000002"
OTHER = "0198c5f0-0000-7000-8000-000000000003"
NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)

EXTENDED = Capabilities(
    idempotency_keys=True,
    updated_since=True,
    tombstones=True,
    etags=True,
    points=True,
    redeem_unique=True,
    ledger=True,
    ledger_write=True,
    sales=True,
    reversals=True,
    settings=True,
    delete_meaning="anonymize",
)

CUSTOMER: dict[str, Any] = {
    "id": ID,
    "name": "Jane Doe",
    "email": "jane@example.com",
    "phone": "+1234567890",
    "address": "123 Main St, City",
    "loyalty_points": 450,
    "total_spent": 125000,
    "total_orders": 28,
    "notes": "Prefers organic products",
    "tags": ["vip", "wholesale"],
    "ledger_balance": -5000,
    "created_at": "2025-01-15T10:00:00Z",
}
ENTRY: dict[str, Any] = {
    "id": OTHER,
    "type": "debit",
    "amount": 5000,
    "balance_after": -5000,
    "description": "Rice",
    "reference_id": REFERENCE,
    "created_at": "2026-03-01T09:30:01Z",
    "occurred_at": "2026-03-01T09:30:00Z",
}

WRITES: dict[str, tuple[Write, int, dict[str, Any]]] = {
    "create": (CreateCustomer(Profile("Jane Doe", phone="+1234567890")), 201, CUSTOMER),
    "edit": (EditCustomer(ID, {"name": "Jane Doe"}), 200, CUSTOMER),
    "delete": (DeleteCustomer(ID), 200, {"message": "Customer deleted successfully"}),
    "entry": (PostEntry(ID, REFERENCE, Direction.DEBIT, Money(5000, "INR"), "Rice", NOW), 201, ENTRY),
    "sale": (
        PostSale(ID, REFERENCE, Money(9000, "INR"), Money(5000, "INR"), 0, "R-1", NOW),
        201,
        {
            "id": REFERENCE,
            "receipt_number": "R-1",
            "points_earned": 90,
            "discount_amount": 0,
            "loyalty_points": 540,
            "ledger_balance": -10000,
        },
    ),
    "redeem": (
        RedeemPoints(ID, 100, REFERENCE),
        200,
        {"redeemed": 100, "discount_amount": 1000, "remaining_points": 350},
    ),
    "reverse": (
        ReverseSale(ID, OTHER, REFERENCE, "Wrong customer"),
        201,
        {"id": REFERENCE, "sale_id": OTHER, "loyalty_points": 450, "ledger_balance": -5000},
    ),
    "adjust": (
        AdjustPoints(ID, REFERENCE, -50, "Counted twice"),
        201,
        {"id": OTHER, "reference_id": REFERENCE, "points": -50, "loyalty_points": 400},
    ),
}
"""Each write with the status and body of its first good answer."""

REDEEM = WRITES["redeem"][0]


def as_bytes(value: Any) -> bytes:
    return json.dumps(value).encode()
