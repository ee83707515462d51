"""What customers see and change of themselves on the storefront of the `siyahfy` API."""

import msgspec
from fastapi import APIRouter
from msgspec import UNSET
from sqlalchemy import Connection
from starlette.responses import Response

from server_stub.answers import Answer
from server_stub.apis.siyahfy import rendering
from server_stub.apis.siyahfy import storefront_shapes as shapes
from server_stub.apis.siyahfy.access import CustomerCall, own_row
from server_stub.apis.siyahfy.customers import check_name_and_email
from server_stub.apis.siyahfy.description import an_id, customer_route
from server_stub.apis.siyahfy.finding import query_id
from server_stub.apis.siyahfy.shapes import Customer, Success, success
from server_stub.errors import not_found
from server_stub.store import customers
from server_stub.store.customers import CustomerRow
from server_stub.store.shops import read_shop
from server_stub.store.writing import Writing

router = APIRouter()

_Customer = Success[Customer]


@router.post("/validateUser", **customer_route("Validate a customer's token", _Customer, also=(403,)))
def validate(call: CustomerCall) -> Response:
    """Answer whose token it is."""

    def work(connection: Connection) -> Answer:
        return success(_shown(own_row(connection, call), read_shop(connection, call.store_id).currency))

    return call.read(work)


@router.get(
    "/GetUserDetailById",
    **customer_route(
        "Get the customer's own profile",
        _Customer,
        also=(403, 404),
        parameters=(an_id("id", "The customer whose token it is"),),
    ),
)
def get_details(call: CustomerCall) -> Response:
    """Answer the customer whose token it is; anybody else is not there."""

    def work(connection: Connection) -> Answer:
        row = own_row(connection, call)
        if query_id(call, "id") != row.id:
            raise not_found()
        return success(_shown(row, read_shop(connection, call.store_id).currency))

    return call.read(work)


@router.put(
    "/UpdateCustomerDetail",
    **customer_route("Change the customer's own profile", _Customer, shapes.DetailChange, also=(403,), writes=True),
)
def update_details(call: CustomerCall) -> Response:
    """Change the name and phone that are given, and nothing else."""

    def work(writing: Writing) -> Answer:
        row = own_row(writing.connection, call)
        change = call.decode(shapes.DetailChange)
        given = {name: value for name in change.__struct_fields__ if (value := getattr(change, name)) is not UNSET}
        check_name_and_email(given.get("name", row.name), None)
        return success(_shown(customers.change(writing, row, given), writing.shop.currency), "Profile updated")

    return call.write(work)


def _shown(row: CustomerRow, currency: str) -> Customer:
    """Return a customer as they see themselves: what the vendor notes about people stays with the vendor."""
    return msgspec.structs.replace(rendering.customer(row, currency), notes=None, blacklist_reason=None)
