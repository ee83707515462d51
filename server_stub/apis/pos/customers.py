"""The customers of the `pos` API: list, read, create, update, delete."""

from fastapi import APIRouter
from msgspec import UNSET
from sqlalchemy import Connection, select
from starlette.responses import Response

from server_stub import payload, tables
from server_stub.answers import Answer, json_answer
from server_stub.apis.pos import shapes
from server_stub.apis.pos.access import PosCall
from server_stub.apis.pos.description import LIMIT, PAGE, described
from server_stub.calls import Call, check_etag, tagged, unless_known
from server_stub.documentation import query
from server_stub.errors import bad_request, not_found
from server_stub.store import customers, listing
from server_stub.store.customers import CustomerRow
from server_stub.store.writing import Writing

DEFAULT_LIMIT = 20
LARGEST_LIMIT = 250
RECENT_PURCHASES = 10
DOCUMENTED_SORTS = frozenset({"name", "created_at", "total_spent", "loyalty_points"})

router = APIRouter()

_LIST = described.route(
    "List all customers",
    list[shapes.ListedCustomer],
    parameters=(
        PAGE,
        LIMIT,
        query("search", "Search by name, email, or phone", type="string"),
        query("sort", "Sort field", type="string", enum=sorted(DOCUMENTED_SORTS), default="created_at"),
        query("order", "Sort order", type="string", enum=["ASC", "DESC"], default="DESC"),
        query("updated_since", "Changed then or later, where announced", type="string", format="date-time"),
    ),
)
_CREATE = described.route("Create a new customer", shapes.CreatedCustomer, shapes.NewCustomer, status=201, writes=True)
_GET = described.route("Get a single customer with full details", shapes.SingleCustomer, also=(304, 404))
_UPDATE = described.route(
    "Update customer details", shapes.SingleCustomer, shapes.CustomerChange, also=(404, 412), writes=True
)
_DELETE = described.route("Delete a customer", shapes.Deleted, also=(404, 412), writes=True)


@router.get("/customers", **_LIST)
def list_customers(call: PosCall) -> Response:
    """List a page of the store's customers."""

    def work(connection: Connection) -> Answer:
        wanted = _wanted(call)
        offset, limit = page_of(call)
        rows = listing.page_of_customers(connection, call.store_id, wanted, offset=offset, limit=limit)
        extended = call.runtime.offers("updated-since")
        headers = {}
        if extended:
            headers["X-Total-Count"] = str(listing.count_customers(connection, call.store_id, wanted))
        return json_answer([shapes.listed(row, extended=extended) for row in rows], headers=headers)

    return call.read(work)


@router.post("/customers", **_CREATE)
def create_customer(call: PosCall) -> Response:
    """Create a customer."""

    def work(writing: Writing) -> Answer:
        new = call.decode(shapes.NewCustomer)
        check_name_and_email(new.name, new.email)
        row = customers.create(
            writing,
            name=new.name,
            email=new.email,
            phone=new.phone,
            address=new.address,
            notes=new.notes,
            tags=new.tags,
        )
        return json_answer(shapes.created(row), 201)

    return call.write(work)


@router.get("/customers/{customer_id}", **_GET)
def get_customer(call: PosCall, customer_id: str) -> Response:
    """Answer one customer, an anonymised one too."""

    def work(connection: Connection) -> Answer:
        row = required(connection, call, customer_id, tables.LIVE, tables.ANONYMIZED)
        return unless_known(call, single_answer(call, connection, row))

    return call.read(work)


@router.put("/customers/{customer_id}", **_UPDATE)
@router.patch("/customers/{customer_id}", **_UPDATE)
def update_customer(call: PosCall, customer_id: str) -> Response:
    """Change the fields that are given; tags are replaced as a whole."""

    def work(writing: Writing) -> Answer:
        row = required(writing.connection, call, customer_id)
        change = call.decode(shapes.CustomerChange)
        changes = {name: value for name in change.__struct_fields__ if (value := getattr(change, name)) is not UNSET}
        check_name_and_email(changes.get("name", row.name), changes.get("email"))
        check_etag(call, lambda: single_answer(call, writing.connection, row).headers["ETag"])
        changed = customers.change(writing, row, changes)
        return single_answer(call, writing.connection, changed)

    return call.write(work)


@router.delete("/customers/{customer_id}", **_DELETE)
def delete_customer(call: PosCall, customer_id: str) -> Response:
    """Delete a customer, or anonymise one with a history."""

    def work(writing: Writing) -> Answer:
        row = required(writing.connection, call, customer_id)
        check_etag(call, lambda: single_answer(call, writing.connection, row).headers["ETag"])
        away = customers.anonymise if customers.has_history(writing.connection, row.id) else customers.remove
        away(writing, row)
        return json_answer(shapes.Deleted("Customer deleted successfully"))

    return call.write(work)


def required(connection: Connection, call: Call, customer_id: str, *standings: str) -> CustomerRow:
    """Return a customer of the caller's store.

    Args:
        connection: The transaction.
        call: The request.
        customer_id: As it stands in the path.
        standings: Which standings count; live alone when none is named.

    Raises:
        ApiError: 404, also for an id of the wrong form and for another store's customer.
    """
    uuid = payload.as_uuid(customer_id)
    row = None if uuid is None else customers.find(connection, call.store_id, uuid, *standings)
    if row is None:
        raise not_found()
    return row


def single_answer(call: Call, connection: Connection, row: CustomerRow) -> Answer:
    """Return the answer that shows one customer in full, with its tag if tags are offered.

    Args:
        call: The request.
        connection: The transaction.
        row: The customer.
    """
    sale = tables.sale
    purchases = connection.execute(
        select(sale)
        .where(sale.c.customer_id == row.id, sale.c.reversed_at.is_(None))
        .order_by(sale.c.created_at.desc(), sale.c.id.desc())
        .limit(RECENT_PURCHASES)
    ).all()
    anonymized = row.standing == tables.ANONYMIZED
    shown = shapes.single(row, [shapes.purchase(item) for item in purchases], anonymized=anonymized)
    return tagged(call, json_answer(shown))


def page_of(call: Call) -> tuple[int, int]:
    """Return offset and limit as the query string asks for them.

    Args:
        call: The request.
    """
    return payload.page_of(call.request.query_params, default=DEFAULT_LIMIT, largest=LARGEST_LIMIT)


def check_name_and_email(name: str, email: str | None) -> None:
    """Refuse an empty name and an e-mail without `@`.

    Args:
        name: The name.
        email: The e-mail, if there is one.

    Raises:
        ApiError: 400.
    """
    if not name.strip():
        raise bad_request("name must not be empty.")
    if email is not None and "@" not in email:
        raise bad_request("email must be an e-mail address.")


def _wanted(call: Call) -> listing.Wanted:
    query = call.request.query_params
    sort = query.get("sort", "created_at")
    if sort not in DOCUMENTED_SORTS:
        raise bad_request(f"sort must be one of {', '.join(sorted(DOCUMENTED_SORTS))}.")
    order = query.get("order", "DESC").upper()
    if order not in {"ASC", "DESC"}:
        raise bad_request("order must be ASC or DESC.")
    since = payload.timestamp(query, "updated_since") if call.runtime.offers("updated-since") else None
    return listing.Wanted(
        search=payload.plain_text(query, "search"), updated_since=since, sort=sort, descending=order == "DESC"
    )
