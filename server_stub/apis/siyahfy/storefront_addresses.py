"""A customer's own address book on the storefront of the `siyahfy` API."""

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.responses import Response

from server_stub import payload
from server_stub.answers import Answer
from server_stub.apis.siyahfy import rendering
from server_stub.apis.siyahfy import storefront_shapes as shapes
from server_stub.apis.siyahfy.access import AnyCall, CustomerCall, own_row
from server_stub.apis.siyahfy.addresses import added, changed, removed
from server_stub.apis.siyahfy.description import an_id, customer_route, described
from server_stub.apis.siyahfy.finding import query_id, required, required_address
from server_stub.apis.siyahfy.shapes import Address, AddressFields, Deleted, NewAddress, Success, success
from server_stub.calls import Call
from server_stub.errors import not_found
from server_stub.store import addresses
from server_stub.store.addresses import AddressRow
from server_stub.store.writing import Writing

router = APIRouter()

_Address = Success[Address]


@router.get(
    "/getAddressPublic/{customer_id}",
    **described.route("Get a customer's addresses for checkout", Success[list[Address]], also=(404,)),
)
def list_addresses(call: AnyCall, customer_id: str) -> Response:
    """List the addresses, oldest first, for the customer or the store's vendor."""

    def work(connection: Connection) -> Answer:
        wanted = payload.as_integer_id(customer_id)
        if call.customer_id is not None and wanted != own_row(connection, call).id:
            raise not_found()
        row = required(connection, call, wanted)
        return success([rendering.address(one) for one in addresses.of_customer(connection, row.id)])

    return call.read(work)


@router.post(
    "/addNewAddress", **customer_route("Add an address of one's own", _Address, NewAddress, also=(403,), writes=True)
)
def add_address(call: CustomerCall) -> Response:
    """Put an address into the customer's own book."""

    def work(writing: Writing) -> Answer:
        own = own_row(writing.connection, call)
        return added(writing, own.id, call.decode(NewAddress))

    return call.write(work)


@router.post(
    "/updateCustomerAddress",
    **customer_route("Change an address of one's own", _Address, shapes.OwnAddressChange, also=(403, 404), writes=True),
)
def update_address(call: CustomerCall) -> Response:
    """Change the parts of an own address that are given."""

    def work(writing: Writing) -> Answer:
        change = call.decode(shapes.OwnAddressChange)
        return changed(writing, _own_address(writing, call, change.address_id), change)

    return call.write(work)


@router.delete(
    "/removeAddress",
    **customer_route(
        "Remove an address of one's own",
        Success[Deleted],
        also=(403, 404),
        writes=True,
        parameters=(an_id("address_id", "The address"),),
    ),
)
def remove_address(call: CustomerCall) -> Response:
    """Take an address out of the customer's own book."""

    def work(writing: Writing) -> Answer:
        return removed(writing, _own_address(writing, call, query_id(call, "address_id")))

    return call.write(work)


@router.put(
    "/changeDefaultAddress",
    **customer_route("Set the default address", _Address, shapes.DefaultAddress, also=(403, 404), writes=True),
)
def change_default(call: CustomerCall) -> Response:
    """Make one of the customer's own addresses the default."""

    def work(writing: Writing) -> Answer:
        row = _own_address(writing, call, call.decode(shapes.DefaultAddress).address_id)
        return changed(writing, row, AddressFields(is_default=True))

    return call.write(work)


def _own_address(writing: Writing, call: Call, address_id: int | None) -> AddressRow:
    """Return an address of the customer whose token it is; anybody else's is not there."""
    own = own_row(writing.connection, call)
    row = required_address(writing.connection, call, address_id)
    if row.customer_id != own.id:
        raise not_found("Address")
    return row
