"""The example requests of the Customers module's document."""

from typing import Any

import httpx

from tests.server_stub.contract.example import Example, Words
from tests.support.stub import StubServer, as_json

LIST = "/api/v1/customers"

_LISTED = {
    "id": str,
    "email": str | None,
    "phone": str | None,
    "first_name": str,
    "last_name": str | None,
    "full_name": str,
    "accepts_marketing": bool,
    "total_orders": int,
    "total_spent": float,
    "avg_order_value": float | None,
    "first_order_at": str | None,
    "last_order_at": str | None,
    "is_vip": bool,
    "tags": list,
    "notes": str | None,
    "external_ids": dict,
    "created_at": str,
    "updated_at": str,
}
_ADDRESS = {
    "id": str,
    "type": str,
    "is_default": bool,
    "first_name": str | None,
    "last_name": str | None,
    "company": str | None,
    "address1": str,
    "address2": str | None,
    "city": str,
    "state": str,
    "pincode": str,
    "country": str | None,
    "phone": str | None,
}
_SINGLE = {**_LISTED, "addresses": list, "default_address": dict | None}
_SEGMENT = {"label": str, "count": int}
_SHIPPING = {"type": "shipping", "address1": "9 Old Road", "city": "Pune", "state": "Maharashtra", "pincode": "411001"}


def _make(client: httpx.Client, **fields: Any) -> dict[str, Any]:
    made: dict[str, Any] = as_json(client.post(LIST, json={"first_name": "John", **fields}))["data"]
    return made


def _john(stub: StubServer) -> Words:
    """Let there be a John whom the list's filters and the search find."""
    with stub.client(api="modules") as client:
        made = _make(client, tags=["vip"], accepts_marketing=True, last_name="Keyword")
    return {"{id}": made["id"]}


def _addressed(stub: StubServer) -> Words:
    """Return a customer of the example's own with an address."""
    with stub.client(api="modules") as client:
        made = _make(client, addresses=[_SHIPPING])
    return {"{id}": made["id"], "{addressId}": made["addresses"][0]["id"]}


def _buyer(stub: StubServer) -> Words:
    """Return a customer with orders."""
    with stub.client(api="modules") as client:
        return {"{id}": as_json(client.get(f"{LIST}/vip"))["data"][0]["id"]}


def _two(stub: StubServer) -> Words:
    """Return two customers of the example's own."""
    with stub.client(api="modules") as client:
        names = ("uuid-to-keep", "uuid-to-merge", "uuid-1", "uuid-2")
        return {name: _make(client)["id"] for name in names}


EXAMPLES = (
    Example(
        api="modules",
        title="List customers with filtering",
        method="GET",
        path="/api/v1/customers?search=john&tags=vip&accepts_marketing=true",
        words=_john,
        answer={"data": [{**_LISTED, "accepts_marketing": True}], "meta": {"current_page": 1, "per_page": 20}},
    ),
    Example(
        api="modules",
        title="Create a customer",
        method="POST",
        path="/api/v1/customers",
        body="""{
  "first_name": "John",
  "last_name": "Doe",
  "email": "john@example.com",
  "phone": "+919876543210",
  "accepts_marketing": true,
  "tags": ["vip", "wholesale"],
  "addresses": [
    {
      "type": "shipping",
      "is_default": true,
      "address1": "123 Main St",
      "city": "Mumbai",
      "state": "Maharashtra",
      "pincode": "400001"
    }
  ]
}""",
        status=201,
        answer={
            "data": {
                **_SINGLE,
                "full_name": "John Doe",
                "email": "john@example.com",
                "phone": "+919876543210",
                "accepts_marketing": True,
                "tags": list,
                "addresses": [{**_ADDRESS, "type": "shipping", "is_default": True, "city": "Mumbai"}],
                "default_address": {**_ADDRESS, "pincode": "400001"},
            }
        },
    ),
    Example(
        api="modules",
        title="Get a customer",
        method="GET",
        path="/api/v1/customers/{id}",
        words=_john,
        answer={"data": _SINGLE},
    ),
    Example(
        api="modules",
        title="Update a customer",
        method="PATCH",
        path="/api/v1/customers/{id}",
        body="{}",
        words=_john,
        answer={"data": _SINGLE},
    ),
    Example(
        api="modules",
        title="Delete a customer",
        method="DELETE",
        path="/api/v1/customers/{id}",
        words=_john,
        status=204,
    ),
    Example(
        api="modules",
        title="Search customers",
        method="GET",
        path="/api/v1/customers/search?q=keyword",
        words=_john,
        answer={"data": [_LISTED], "meta": dict},
    ),
    Example(
        api="modules",
        title="Get VIP customers",
        method="GET",
        path="/api/v1/customers/vip",
        answer={"data": [{**_LISTED, "is_vip": True}], "meta": dict},
    ),
    Example(
        api="modules",
        title="Get customer segments",
        method="GET",
        path="/api/v1/customers/segments",
        answer={"data": dict.fromkeys(("new", "returning", "loyal", "vip", "at_risk", "total"), _SEGMENT)},
    ),
    Example(
        api="modules",
        title="Get customer orders",
        method="GET",
        path="/api/v1/customers/{id}/orders",
        words=_buyer,
        answer={"data": [{"id": str, "order_number": str, "total": float, "created_at": str}], "meta": dict},
    ),
    Example(
        api="modules",
        title="Merge customers",
        method="POST",
        path="/api/v1/customers/merge",
        body="""{
  "primary_id": "uuid-to-keep",
  "secondary_id": "uuid-to-merge"
}""",
        words=_two,
        answer={"data": _SINGLE},
    ),
    Example(
        api="modules",
        title="Bulk add tags",
        method="POST",
        path="/api/v1/customers/bulk/tags",
        body="""{
  "customer_ids": ["uuid-1", "uuid-2"],
  "tags": ["summer-sale", "newsletter"]
}""",
        words=_two,
        answer={"data": {"updated": 2}},
    ),
    Example(
        api="modules",
        title="Address management: list",
        method="GET",
        path="/api/v1/customers/{id}/addresses",
        words=_addressed,
        answer={"data": [_ADDRESS], "meta": dict},
    ),
    Example(
        api="modules",
        title="Address management: add",
        method="POST",
        path="/api/v1/customers/{id}/addresses",
        body="""{
      "type": "shipping",
      "is_default": true,
      "address1": "123 Main St",
      "city": "Mumbai",
      "state": "Maharashtra",
      "pincode": "400001"
    }""",
        words=_addressed,
        status=201,
        answer={"data": {**_ADDRESS, "is_default": True, "address1": "123 Main St"}},
    ),
    Example(
        api="modules",
        title="Address management: update",
        method="PATCH",
        path="/api/v1/customers/{id}/addresses/{addressId}",
        body="{}",
        words=_addressed,
        answer={"data": _ADDRESS},
    ),
    Example(
        api="modules",
        title="Address management: delete",
        method="DELETE",
        path="/api/v1/customers/{id}/addresses/{addressId}",
        words=_addressed,
        status=204,
    ),
    Example(
        api="modules",
        title="Address management: default",
        method="POST",
        path="/api/v1/customers/{id}/addresses/{addressId}/default",
        words=_addressed,
        answer={"data": {**_ADDRESS, "is_default": True}},
    ),
)
