"""The example requests of the SeloraX apps API's document.

The document's server hid its e-mail addresses: `[email protected]` is a word that an address stands for here.
"""

from uuid import uuid4

from server_stub.credentials import all_credentials
from tests.server_stub.contract.example import Example, Words
from tests.support.stub import StubServer, as_json

LIST = "/api/apps/v1/customers"

_LISTED = {
    "user_id": int,
    "store_id": 22,
    "name": str,
    "email": str | None,
    "phone": str | None,
    "address_json": dict | None,
    "is_guest": 0,
    "created_at": str,
    "updated_at": str,
    "total_orders": int,
    "total_spent": int,
}
_VERIFIED = {"is_phone_verified": int, "is_email_verified": int}
_PAGE = {"data": [_LISTED], "pagination": {"page": 1, "limit": 50, "total": int}, "status": 200}


def _rahim(stub: StubServer) -> Words:
    """Return a customer of the example's own, without orders, for 301."""
    with stub.client(api="selorax") as client:
        body = {"name": "Rahim Ahmed", "phone": str(uuid4().int)[:20]}
        return {"301": str(as_json(client.post(LIST, json=body))["data"]["user_id"])}


def _buyer(stub: StubServer) -> Words:
    """Return a customer with delivered orders for 301."""
    with stub.client(api="selorax") as client:
        rows = as_json(client.get(LIST, params={"total_orders_min": 1, "limit": 1}))["data"]
        return {"301": str(rows[0]["user_id"])}


def _rahim_spends(stub: StubServer) -> Words:
    """Call somebody who has spent 5000 Rahim."""
    with stub.client(api="selorax") as client:
        rows = as_json(client.get(LIST, params={"total_spent_min": 5000, "limit": 1}))["data"]
        as_json(client.put(f"{LIST}/{rows[0]['user_id']}", json={"name": "Rahim Ahmed"}))
    return {}


def _app(stub: StubServer) -> Words:
    """Return the credentials of the store's app."""
    made = all_credentials(stub.random_seed)["selorax"]["22"]
    return {"sx_app_...": made["client_id"], "sx_secret_...": made["client_secret"]}


def _token(stub: StubServer) -> Words:
    """Call somebody Rahim, and return the store's token."""
    return {**_rahim(stub), "sx_at_...": all_credentials(stub.random_seed)["selorax"]["22"]["token"]}


def _no_karim(stub: StubServer) -> Words:
    """Free the phone that the example gives to a new customer."""
    with stub.client(api="selorax") as client:
        query = {"search": "01812345678", "include_guests": "true"}
        for row in as_json(client.get(LIST, params=query))["data"]:
            as_json(client.delete(f"{LIST}/{row['user_id']}"))
    return {"[email protected]": "karim@example.com"}


EXAMPLES = (
    Example(
        api="selorax",
        title="List Customers",
        method="GET",
        path="/api/apps/v1/customers?page=1&limit=50&sort=created_at:desc",
        headers={"Authorization": "Bearer <token>"},
        answer=_PAGE,
    ),
    Example(
        api="selorax",
        title="Search for customers and filter by spend",
        method="GET",
        path="/api/apps/v1/customers?search=rahim&total_spent_min=5000",
        headers={"Authorization": "Bearer <token>"},
        words=_rahim_spends,
        answer=_PAGE,
    ),
    Example(
        api="selorax",
        title="List Customers using client credentials",
        method="GET",
        path="/api/apps/v1/customers?since=2025-06-01T00:00:00Z&limit=50",
        headers={"X-Client-Id": "sx_app_...", "X-Client-Secret": "sx_secret_...", "X-Store-Id": "22"},
        words=_app,
        answer=_PAGE,
    ),
    Example(
        api="selorax",
        title="Node.js",
        method="GET",
        path="/api/apps/v1/customers?search=rahim&sort=name:asc",
        headers={"Authorization": "Bearer sx_at_..."},
        words=_token,
        answer=_PAGE,
    ),
    Example(
        api="selorax",
        title="Python",
        method="GET",
        path="/api/apps/v1/customers?total_orders_min=5&sort=created_at%3Adesc&limit=50",
        headers={"Authorization": "Bearer sx_at_..."},
        words=_token,
        answer=_PAGE,
    ),
    Example(
        api="selorax",
        title="Get Customer",
        method="GET",
        path="/api/apps/v1/customers/301",
        headers={"Authorization": "Bearer <token>"},
        words=_buyer,
        answer={"data": {**_LISTED, **_VERIFIED}, "status": 200},
    ),
    Example(
        api="selorax",
        title="Update Customer",
        method="PUT",
        path="/api/apps/v1/customers/301",
        headers={"Authorization": "Bearer <token>", "Content-Type": "application/json"},
        body="""{
    "name": "Rahim Ahmed Khan",
    "address_json": {
      "address": "456 New Street",
      "city": "Dhaka",
      "area": "Gulshan"
    }
  }""",
        words=_rahim,
        answer={
            "data": {
                "user_id": int,
                "store_id": 22,
                "name": "Rahim Ahmed Khan",
                "email": str | None,
                "phone": str,
                "address_json": {"address": "456 New Street", "city": "Dhaka", "area": "Gulshan"},
                "is_guest": 0,
                **_VERIFIED,
                "created_at": str,
                "updated_at": str,
            },
            "message": "Customer updated.",
            "status": 200,
        },
    ),
    Example(
        api="selorax",
        title="Customer Order History",
        method="GET",
        path="/api/apps/v1/customers/301/orders?status=delivered&limit=10",
        headers={"Authorization": "Bearer <token>"},
        words=_buyer,
        answer={
            "data": [
                {
                    "order_id": int,
                    "store_id": 22,
                    "user_id": int,
                    "order_status": "delivered",
                    "financial_status": str,
                    "fulfillment_status": "fulfilled",
                    "sub_total": int,
                    "tax": int,
                    "shipping": int,
                    "discount": int,
                    "grand_total": int,
                    "payment_method": str,
                    "note": str | None,
                    "created_at": str,
                    "updated_at": str,
                }
            ],
            "pagination": {"page": 1, "limit": 10, "total": int},
            "status": 200,
        },
    ),
    Example(
        api="selorax",
        title="Create Customer",
        method="POST",
        path="/api/apps/v1/customers",
        headers={"Authorization": "Bearer <token>", "Content-Type": "application/json"},
        body="""{
    "name": "Karim Hossain",
    "phone": "01812345678",
    "email": "[email protected]",
    "address": {
      "address": "789 Park Avenue",
      "city": "Chittagong"
    }
  }""",
        words=_no_karim,
        status=201,
        answer={
            "data": {
                "user_id": int,
                "name": "Karim Hossain",
                "phone": "01812345678",
                "email": "karim@example.com",
                "store_id": 22,
            },
            "status": 201,
        },
    ),
    Example(
        api="selorax",
        title="Delete Customer",
        method="DELETE",
        path="/api/apps/v1/customers/:user_id",
        words=lambda stub: {":user_id": _rahim(stub)["301"]},
        answer={"message": str, "status": 200},
    ),
)
