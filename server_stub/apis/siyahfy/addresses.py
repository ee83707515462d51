"""A customer's address book in the `siyahfy` API, for the vendor and for the customer's own storefront."""

from fastapi import APIRouter
from msgspec import UNSET
from sqlalchemy import Connection
from starlette.responses import Response

from server_stub.answers import Answer
from server_stub.apis.siyahfy import rendering, shapes
from server_stub.apis.siyahfy.access import SiyahfyCall
from server_stub.apis.siyahfy.description import an_id, vendor_route
from server_stub.apis.siyahfy.finding import query_id, required, required_address
from server_stub.apis.siyahfy.shapes import invalid, success
from server_stub.store import addresses
from server_stub.store.addresses import AddressRow
from server_stub.store.writing import Writing

router = APIRouter()

_Address = shapes.Success[shapes.Address]


@router.get(
    "/customerAddresses",
    **vendor_route(
        "Get all addresses of a customer",
        shapes.Success[list[shapes.Address]],
        also=(403, 404),
        parameters=(an_id("customer_id", "The customer"),),
    ),
)
def list_addresses(call: SiyahfyCall) -> Response:
    """List a customer's addresses, oldest first."""

    def work(connection: Connection) -> Answer:
        row = required(connection, call, query_id(call, "customer_id"))
        return success([rendering.address(one) for one in addresses.of_customer(connection, row.id)])

    return call.read(work)


@router.post(
    "/manageCustomerAddress",
    **vendor_route("Add an address", _Address, shapes.NewAddressOf, also=(403, 404), writes=True),
)
def add_address(call: SiyahfyCall) -> Response:
    """Put an address into a customer's book."""

    def work(writing: Writing) -> Answer:
        new = call.decode(shapes.NewAddressOf)
        return added(writing, required(writing.connection, call, new.customer_id).id, new)

    return call.write(work)


@router.put(
    "/updateAddress",
    **vendor_route("Change an address", _Address, shapes.AddressChange, also=(403, 404), writes=True),
)
def update_address(call: SiyahfyCall) -> Response:
    """Change the parts of an address that are given."""

    def work(writing: Writing) -> Answer:
        change = call.decode(shapes.AddressChange)
        return changed(writing, required_address(writing.connection, call, change.address_id), change)

    return call.write(work)


@router.delete(
    "/deleteCustomerAddress",
    **vendor_route(
        "Remove an address",
        shapes.Success[shapes.Deleted],
        also=(403, 404),
        writes=True,
        parameters=(an_id("address_id", "The address"),),
    ),
)
def delete_address(call: SiyahfyCall) -> Response:
    """Take an address out of its customer's book."""

    def work(writing: Writing) -> Answer:
        return removed(writing, required_address(writing.connection, call, query_id(call, "address_id")))

    return call.write(work)


def added(writing: Writing, customer_id: int, new: shapes.NewAddress) -> Answer:
    """Put an address into a customer's book and return the answer that shows it.

    Args:
        writing: The change this is part of.
        customer_id: The integer id of a live customer.
        new: As asked for.
    """
    row = addresses.add(writing, customer_id, _fields(new), default=new.is_default)
    writing.record("address", str(row.id), "created")
    return success(rendering.address(row), "Address added")


def changed(writing: Writing, row: AddressRow, change: shapes.AddressFields) -> Answer:
    """Change an address and return the answer that shows it.

    Args:
        writing: The change this is part of.
        row: As it stands.
        change: As asked for.
    """
    after = addresses.change(writing, row, _fields(change), default=change.is_default)
    writing.record("address", str(row.id), "updated")
    return success(rendering.address(after), "Address updated")


def removed(writing: Writing, row: AddressRow) -> Answer:
    """Take an address out of its customer's book and return the answer that says so.

    Args:
        writing: The change this is part of.
        row: As it stands.
    """
    addresses.remove(writing, row)
    writing.record("address", str(row.id), "deleted")
    return success(shapes.Deleted(1), "Address removed")


def _fields(written: shapes.AddressFields) -> dict[str, str | None]:
    given = {name: value for name in addresses.FIELDS if (value := getattr(written, name, UNSET)) is not UNSET}
    if not given.get("address1", "present").strip():
        raise invalid("address1", "address1 must not be empty.")
    return given
