"""The example requests of the loyalty and ledger POS API's document."""

from uuid import uuid4

from tests.server_stub.contract.example import Example, Words
from tests.support.stub import StubServer, as_json

_LISTED = {
    "id": str,
    "name": str,
    "email": str | None,
    "phone": str | None,
    "address": str | None,
    "loyalty_points": int,
    "total_spent": int,
    "total_orders": int,
    "notes": str | None,
    "tags": list,
    "created_at": str,
}
_SINGLE = {**_LISTED, "ledger_balance": int}


def _customer(stub: StubServer) -> Words:
    """Return a customer of the example's own, without a history."""
    with stub.client() as client:
        return {":id": as_json(client.post("/api/v1/customers", json={"name": "Jane Doe"}))["id"]}


def _rich(stub: StubServer) -> Words:
    """Return a customer with 100 points, bought something, and a new id for `uuid`."""
    with stub.client() as client:
        row = as_json(client.get("/api/v1/customers?sort=loyalty_points&limit=1"))[0]
        return {":id": row["id"], "uuid": str(uuid4())}


def _debtor(stub: StubServer) -> Words:
    """Return a customer with a ledger."""
    with stub.client() as client:
        for row in as_json(client.get("/api/v1/customers", params={"limit": 250})):
            if as_json(client.get(f"/api/v1/customers/{row['id']}/ledger")):
                return {":id": row["id"]}
    raise AssertionError("nobody has a ledger")


EXAMPLES = (
    Example(api="pos", title="List all customers", method="GET", path="/api/v1/customers", answer=[_LISTED]),
    Example(
        api="pos",
        title="Get a single customer with full details",
        method="GET",
        path="/api/v1/customers/:id",
        words=_rich,
        answer={
            **_SINGLE,
            "recent_purchases": [{"id": str, "receipt_number": str, "total": int, "created_at": str}],
        },
    ),
    Example(
        api="pos",
        title="Create a new customer",
        method="POST",
        path="/api/v1/customers",
        body="""{
"name": "Jane Doe",
"email": "jane@example.com",
"phone": "+1234567890",
"address": "123 Main St, City",
"notes": "Referred by John",
"tags": ["retail"]
}""",
        status=201,
        answer={
            "id": str,
            "name": "Jane Doe",
            "email": "jane@example.com",
            "phone": "+1234567890",
            "loyalty_points": 0,
            "total_spent": 0,
            "created_at": str,
        },
    ),
    Example(
        api="pos",
        title="Update customer details",
        method="PUT",
        path="/api/v1/customers/:id",
        body="""{
"name": "Jane Smith",
"phone": "+0987654321",
"tags": ["vip", "wholesale"]
}""",
        words=_customer,
        answer={**_SINGLE, "name": "Jane Smith", "phone": "+0987654321", "tags": ["vip", "wholesale"]},
    ),
    Example(
        api="pos",
        title="Delete a customer",
        method="DELETE",
        path="/api/v1/customers/:id",
        words=_customer,
        answer={"message": "Customer deleted successfully"},
    ),
    Example(
        api="pos",
        title="Get customer ledger",
        method="GET",
        path="/api/v1/customers/:id/ledger",
        words=_debtor,
        answer=[
            {
                "id": str,
                "type": str,
                "amount": int,
                "balance_after": int,
                "description": str,
                "reference_id": str | None,
                "created_at": str,
            }
        ],
    ),
    Example(
        api="pos",
        title="Redeem loyalty points",
        method="POST",
        path="/api/v1/customers/:id/loyalty/redeem",
        body="""{
"points": 100,
"sale_id": "uuid"
}""",
        words=_rich,
        answer={"redeemed": 100, "discount_amount": 1000, "remaining_points": int},
    ),
)
