"""One customer of the `modules` API: create, read, update, delete, and the orders."""

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.responses import Response

from server_stub import payload, tables
from server_stub.answers import Answer, json_answer
from server_stub.apis.modules import shapes
from server_stub.apis.modules.access import ModulesCall
from server_stub.apis.modules.description import PAGE, PER_PAGE, described
from server_stub.apis.modules.fields import address_columns, customer_columns
from server_stub.apis.modules.paging import Paging
from server_stub.apis.modules.refusals import decode
from server_stub.apis.modules.rendering import Rendering
from server_stub.calls import Call, check_etag, tagged, unless_known
from server_stub.errors import ApiError, not_found
from server_stub.store import addresses, customers, orders
from server_stub.store.customers import CustomerRow
from server_stub.store.merging import successor_of
from server_stub.store.writing import Writing

router = APIRouter()

_EXAMPLE = {
    "first_name": "John",
    "last_name": "Doe",
    "email": "john@example.com",
    "phone": "+919876543210",
    "accepts_marketing": True,
    "tags": ["vip", "wholesale"],
    "addresses": [
        {
            "type": "shipping",
            "is_default": True,
            "address1": "123 Main St",
            "city": "Mumbai",
            "state": "Maharashtra",
            "pincode": "400001",
        }
    ],
}
_ONE = shapes.One[shapes.Customer]
_CREATE = described.route("Create a customer", _ONE, shapes.NewCustomer, status=201, writes=True, example=_EXAMPLE)
_GET = described.route("Get a customer", _ONE, also=(304, 404))
_UPDATE = described.route("Update a customer", _ONE, shapes.CustomerChange, also=(404, 412), writes=True)
_DELETE = described.route("Delete a customer", None, status=204, also=(404, 412), writes=True)
_ORDERS = described.route("Get customer orders", shapes.Listed[shapes.Order], also=(404,), parameters=(PAGE, PER_PAGE))


@router.post("/customers", **_CREATE)
def create_customer(call: ModulesCall) -> Response:
    """Create a customer, with its addresses."""

    def work(writing: Writing) -> Answer:
        new = decode(call, shapes.NewCustomer)
        consent = call.runtime.settings.marketing_consent
        row = customers.create(writing, **customer_columns(new, consent=consent))
        for address in new.addresses:
            addresses.add(writing, row.id, address_columns(address), kind=address.type, default=address.is_default)
        return single_answer(call, writing.connection, customers.reread(writing.connection, row.id), status=201)

    return call.write(work)


@router.get("/customers/{customer_id}", **_GET)
def get_customer(call: ModulesCall, customer_id: str) -> Response:
    """Answer one customer with its addresses."""

    def work(connection: Connection) -> Answer:
        return unless_known(call, single_answer(call, connection, required(connection, call, customer_id)))

    return call.read(work)


@router.patch("/customers/{customer_id}", **_UPDATE)
def update_customer(call: ModulesCall, customer_id: str) -> Response:
    """Change the fields that are given; tags and external ids are replaced as a whole."""

    def work(writing: Writing) -> Answer:
        row = required(writing.connection, call, customer_id)
        consent = call.runtime.settings.marketing_consent
        changes = customer_columns(decode(call, shapes.CustomerChange), row, consent=consent)
        check_etag(call, lambda: single_answer(call, writing.connection, row).headers["ETag"])
        return single_answer(call, writing.connection, customers.change(writing, row, changes))

    return call.write(work)


@router.delete("/customers/{customer_id}", **_DELETE)
def delete_customer(call: ModulesCall, customer_id: str) -> Response:
    """Delete a customer; its row and history stay where nobody sees them."""

    def work(writing: Writing) -> Answer:
        row = required(writing.connection, call, customer_id)
        check_etag(call, lambda: single_answer(call, writing.connection, row).headers["ETag"])
        customers.hide(writing, row)
        return Answer(status=204, body=b"")

    return call.write(work)


@router.get("/customers/{customer_id}/orders", **_ORDERS)
def list_orders(call: ModulesCall, customer_id: str) -> Response:
    """List a customer's orders, newest first."""

    def work(connection: Connection) -> Answer:
        row = required(connection, call, customer_id)
        paging = Paging.of(call)
        rows, total = orders.page_of_orders(connection, row.id, offset=paging.offset, limit=paging.per_page)
        shown = Rendering.of(call, connection)
        return paging.answer([shown.order(one) for one in rows], total)

    return call.read(work)


def required(connection: Connection, call: Call, customer_id: str) -> CustomerRow:
    """Return a live customer of the caller's store.

    Args:
        connection: Any transaction.
        call: The request.
        customer_id: As given.

    Raises:
        ApiError: 404, also for an id of the wrong form and for another store's customer; for one that was merged it
            says into whom.
    """
    uuid = payload.as_uuid(customer_id)
    row = None if uuid is None else customers.find(connection, call.store_id, uuid, tables.LIVE, tables.MERGED)
    if row is None:
        raise not_found()
    if row.standing == tables.MERGED:
        details: dict[str, object] = {"merged_into": successor_of(connection, row.id)}
        raise ApiError(404, "not_found", "This customer was merged into another.", details=details)
    return row


def single_answer(call: Call, connection: Connection, row: CustomerRow, *, status: int = 200) -> Answer:
    """Return the answer that shows one customer with its addresses, with its tag if tags are offered.

    Args:
        call: The request.
        connection: Any transaction.
        row: The customer.
        status: The HTTP status.
    """
    shown = Rendering.of(call, connection).customer(row, addresses.of_customer(connection, row.id))
    return tagged(call, json_answer(shapes.One(shown), status))
