"""How the routes of the `selorax` API are described, with the document's own examples."""

from typing import Any

from server_stub.apis.selorax import shapes
from server_stub.documentation import Documentation, query

SORTS = ("created_at", "updated_at", "name")


def _header(name: str) -> dict[str, str]:
    return {"type": "apiKey", "in": "header", "name": name}


described = Documentation(
    "selorax",
    shapes.Refusal,
    security={
        "bearer": {"type": "http", "scheme": "bearer"},
        "client_id": _header("X-Client-Id"),
        "client_secret": _header("X-Client-Secret"),
        "store_id": _header("X-Store-Id"),
    },
)

_PAGE = query("page", "Page number", type="integer", minimum=1, default=1)
_LIMIT = query("limit", "Items per page, cut to 250", type="integer", minimum=1, default=50)
_RAHIM: dict[str, Any] = {
    "user_id": 301,
    "store_id": 22,
    "name": "Rahim Ahmed",
    "email": "rahim@example.com",
    "phone": "01712345678",
    "address_json": {"address": "123 Main St", "city": "Dhaka"},
    "is_guest": 0,
}
_VERIFIED = {"is_phone_verified": 1, "is_email_verified": 0}
_TIMES = {"created_at": "2025-01-20T06:30:00.000000Z", "updated_at": "2025-06-15T10:30:00.000000Z"}
_TOTALS = {"total_orders": 12, "total_spent": 18500}
_NEW_NAME: dict[str, Any] = {
    "name": "Rahim Ahmed Khan",
    "address_json": {"address": "456 New Street", "city": "Dhaka", "area": "Gulshan"},
}
_KARIM = {"name": "Karim Hossain", "phone": "01812345678", "email": "karim@example.com"}
_ORDER = {
    "order_id": 1045,
    "store_id": 22,
    "user_id": 301,
    "order_status": "delivered",
    "financial_status": "paid",
    "fulfillment_status": "fulfilled",
    "sub_total": 1500,
    "tax": 0,
    "shipping": 60,
    "discount": 100,
    "grand_total": 1460,
    "payment_method": "cod",
    "note": None,
    "created_at": "2025-06-15T10:30:00.000000Z",
    "updated_at": "2025-06-18T14:00:00.000000Z",
}


def _route(summary: str, answer: Any, body: Any = None, *, also: tuple[int, ...] = (), **more: Any) -> dict[str, Any]:
    security = ("bearer", "client_id+client_secret+store_id")
    return described.route(summary, answer, body, also=(403, *also), security=security, **more)


def _page(row: dict[str, Any]) -> dict[str, Any]:
    return {"data": [row], "pagination": {"page": 1, "limit": 50, "total": 1}, "status": 200}


LIST = _route(
    "List customers",
    shapes.Page[shapes.ListedCustomer],
    parameters=(
        _PAGE,
        _LIMIT,
        query(
            "sort",
            "column:asc or column:desc",
            type="string",
            enum=[f"{column}:{order}" for column in SORTS for order in ("asc", "desc")],
            default="created_at:desc",
        ),
        query("since", "Created on or after this date or time", type="string", format="date-time"),
        query("search", "Search by name, email, or phone", type="string"),
        query(
            "include_guests", "Whether guests are listed too", type="string", enum=["true", "false"], default="false"
        ),
        query("total_orders_min", "At least so many orders", type="integer", minimum=0),
        query("total_spent_min", "Spent at least so many whole units", type="integer", minimum=0),
        query("updated_since", "Changed then or later, where announced", type="string", format="date-time"),
    ),
    answered=_page({**_RAHIM, **_TIMES, **_TOTALS}),
)
GET = _route(
    "Get customer",
    shapes.One[shapes.SingleCustomer],
    also=(304, 404),
    answered={"data": {**_RAHIM, **_VERIFIED, **_TIMES, **_TOTALS}, "status": 200},
)
UPDATE = _route(
    "Update customer",
    shapes.Updated,
    shapes.CustomerChange,
    also=(404, 412),
    writes=True,
    example=_NEW_NAME,
    answered={"data": {**_RAHIM, **_NEW_NAME, **_VERIFIED, **_TIMES}, "message": "Customer updated.", "status": 200},
)
ORDERS = _route(
    "Customer order history",
    shapes.Page[shapes.Order],
    also=(404,),
    parameters=(_PAGE, _LIMIT, query("status", "Only orders of this status", type="string")),
    answered=_page(_ORDER),
)
CREATE = _route(
    "Create customer",
    shapes.Created,
    shapes.NewCustomer,
    status=201,
    writes=True,
    example={**_KARIM, "address": {"address": "789 Park Avenue", "city": "Chittagong"}},
    answered={"data": {"user_id": 350, **_KARIM, "store_id": 22}, "status": 201},
)
DELETE = _route("Delete customer", shapes.Deleted, also=(404, 412), writes=True)
TOMBSTONES = _route(
    "List deleted customers",
    shapes.Page[shapes.Tombstone],
    parameters=(_PAGE, _LIMIT, query("since", "Deleted then or later", type="string", format="date-time")),
)
