"""A customer's addresses in the `modules` API."""

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.responses import Response

from server_stub import payload
from server_stub.answers import Answer, json_answer
from server_stub.apis.modules import rendering, shapes
from server_stub.apis.modules.access import ModulesCall
from server_stub.apis.modules.customers import required
from server_stub.apis.modules.description import PAGE, PER_PAGE, described
from server_stub.apis.modules.fields import address_columns
from server_stub.apis.modules.paging import Paging
from server_stub.apis.modules.refusals import decode
from server_stub.calls import Call
from server_stub.errors import not_found
from server_stub.store import addresses
from server_stub.store.addresses import AddressRow
from server_stub.store.writing import Writing

router = APIRouter()

_ONE = shapes.One[shapes.Address]
_LIST = described.route(
    "List a customer's addresses", shapes.Listed[shapes.Address], also=(404,), parameters=(PAGE, PER_PAGE)
)
_ADD = described.route("Add an address", _ONE, shapes.NewAddress, status=201, also=(404,), writes=True)
_UPDATE = described.route("Update an address", _ONE, shapes.AddressChange, also=(404,), writes=True)
_DELETE = described.route("Delete an address", None, status=204, also=(404,), writes=True)
_DEFAULT = described.route("Make an address the default of its type", _ONE, also=(404,), writes=True)


@router.get("/customers/{customer_id}/addresses", **_LIST)
def list_addresses(call: ModulesCall, customer_id: str) -> Response:
    """List a customer's addresses, oldest first."""

    def work(connection: Connection) -> Answer:
        book = addresses.of_customer(connection, required(connection, call, customer_id).id)
        paging = Paging.of(call)
        shown = book[paging.offset : paging.offset + paging.per_page]
        return paging.answer([rendering.address(row) for row in shown], len(book))

    return call.read(work)


@router.post("/customers/{customer_id}/addresses", **_ADD)
def add_address(call: ModulesCall, customer_id: str) -> Response:
    """Put an address into a customer's book."""

    def work(writing: Writing) -> Answer:
        customer = required(writing.connection, call, customer_id)
        new = decode(call, shapes.NewAddress)
        row = addresses.add(writing, customer.id, address_columns(new), kind=new.type, default=new.is_default)
        writing.record("address", row.uuid, "created")
        return _one(row, 201)

    return call.write(work)


@router.patch("/customers/{customer_id}/addresses/{address_id}", **_UPDATE)
def update_address(call: ModulesCall, customer_id: str, address_id: str) -> Response:
    """Change the fields of an address that are given; it stops being the default when another is made it."""

    def work(writing: Writing) -> Answer:
        row = _required(writing.connection, call, customer_id, address_id)
        said = decode(call, shapes.AddressChange)
        kind = said.type or None
        return _changed(writing, row, address_columns(said, row), kind=kind, default=said.is_default)

    return call.write(work)


@router.delete("/customers/{customer_id}/addresses/{address_id}", **_DELETE)
def delete_address(call: ModulesCall, customer_id: str, address_id: str) -> Response:
    """Take an address out of a customer's book."""

    def work(writing: Writing) -> Answer:
        row = _required(writing.connection, call, customer_id, address_id)
        addresses.remove(writing, row)
        writing.record("address", row.uuid, "deleted")
        return Answer(status=204, body=b"")

    return call.write(work)


@router.post("/customers/{customer_id}/addresses/{address_id}/default", **_DEFAULT)
def set_default_address(call: ModulesCall, customer_id: str, address_id: str) -> Response:
    """Make an address the default of its type, and answer it."""

    def work(writing: Writing) -> Answer:
        return _changed(writing, _required(writing.connection, call, customer_id, address_id), {}, default=True)

    return call.write(work)


def _required(connection: Connection, call: Call, customer_id: str, address_id: str) -> AddressRow:
    customer = required(connection, call, customer_id)
    uuid = payload.as_uuid(address_id)
    row = None if uuid is None else addresses.find(connection, call.store_id, uuid)
    if row is None or row.customer_id != customer.id:
        raise not_found("Address")
    return row


def _changed(
    writing: Writing, row: AddressRow, fields: dict[str, str | None], *, kind: str | None = None, default: bool
) -> Answer:
    """Change an address and answer it; what changes nothing leaves no trace."""
    new = {name: value for name, value in fields.items() if value != getattr(row, name)}
    if not new and kind in (None, row.kind) and row.is_default >= default:
        return _one(row)
    changed = addresses.change(writing, row, new, kind=kind, default=default)
    writing.record("address", row.uuid, "updated")
    return _one(changed)


def _one(row: AddressRow, status: int = 200) -> Answer:
    return json_answer(shapes.One(rendering.address(row)), status)
