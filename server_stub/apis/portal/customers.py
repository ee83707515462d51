"""The customers of the `portal` API as they are read: lists, counts, one in full."""

from collections.abc import Iterable

from fastapi import APIRouter
from sqlalchemy import ColumnElement, Connection
from starlette.responses import Response

from server_stub import payload
from server_stub.answers import Answer, json_answer
from server_stub.apis.portal import rendering, shapes
from server_stub.apis.portal.access import EitherPortalCall, PortalCall
from server_stub.apis.portal.description import COUNT, DATE, EMAIL, GROUP, LIMIT, NAME, OFFSET, STATUS, route
from server_stub.calls import Call, tagged, unless_known
from server_stub.clock import from_micros, parse_date
from server_stub.documentation import query
from server_stub.errors import bad_request, not_found
from server_stub.store import addresses, customers, filters, groups, listing
from server_stub.store.customers import CustomerRow
from server_stub.store.days import day_of, end_of, start_of
from server_stub.store.search import name_matching
from server_stub.store.shops import read_shop

LARGEST_LIMIT = 250
NEWEST = 10

router = APIRouter()
tombstones = APIRouter()

_SINCE = query("updated_since", "Changed then or later, where announced", type="string", format="date-time")
_LISTED = {"status": "1", "message": 'Successfully got count " or " Successfully got Customer list.'}


@router.get(
    "/customer",
    **route(
        "Customer list",
        shapes.CustomerList,
        parameters=(LIMIT, OFFSET, NAME, EMAIL, STATUS, GROUP, DATE, COUNT, _SINCE),
        answered=_LISTED,
    ),
)
def list_customers(call: PortalCall) -> Response:
    """List a page of the store's customers, newest first, or count them."""

    def work(connection: Connection) -> Answer:
        offset, limit = page_of(call)
        wanted = wanted_of(call, connection)
        if payload.flag(call.request.query_params, "count"):
            counted = listing.count_customers(connection, call.store_id, wanted)
            return json_answer(shapes.CustomerList("1", "Successfully got count", counted))
        rows = listing.page_of_customers(connection, call.store_id, wanted, offset=offset, limit=limit)
        return json_answer(shapes.CustomerList("1", "Successfully got Customer list.", listed(call, connection, rows)))

    return call.read(work)


@router.get(
    "/customer/recent-customerlist",
    **route(
        "Recent Customerlist",
        shapes.RecentCustomers,
        answered={"status": "1", "message": "Successfully got Customer list."},
    ),
)
def list_recent(call: PortalCall) -> Response:
    """List the newest customers."""

    def work(connection: Connection) -> Answer:
        rows = listing.page_of_customers(connection, call.store_id, listing.Wanted(), offset=0, limit=NEWEST)
        shown = listed(call, connection, rows)
        return json_answer(shapes.RecentCustomers("1", "Successfully got Customer list.", shown))

    return call.read(work)


@router.get(
    "/customer/customer-count",
    **route(
        "Customer Count",
        shapes.CustomerCount,
        answered={"status": "1", "message": "Successfully got the Customer Count"},
    ),
)
def count(call: PortalCall) -> Response:
    """Count the store's customers."""

    def work(connection: Connection) -> Answer:
        counted = listing.count_customers(connection, call.store_id, listing.Wanted())
        return json_answer(shapes.CustomerCount("1", "Successfully got the Customer Count", counted))

    return call.read(work)


@router.get(
    "/customer/today-customercount",
    **route(
        "Today's Customer Count",
        shapes.CustomerCount,
        either=True,
        answered={"status": "1", "message": "Successfully get customerCount"},
    ),
)
def count_today(call: EitherPortalCall) -> Response:
    """Count the customers who joined since midnight in the store."""

    def work(connection: Connection) -> Answer:
        time_zone = read_shop(connection, call.store_id).time_zone
        midnight = start_of(day_of(call.runtime.now(), time_zone), time_zone)
        wanted = listing.Wanted(also=filters.created(since=midnight))
        counted = listing.count_customers(connection, call.store_id, wanted)
        return json_answer(shapes.CustomerCount("1", "Successfully get customerCount", counted))

    return call.read(work)


@router.get(
    "/admin-customer/customer-detail/{customer_id}",
    **route(
        "Customer Details",
        shapes.OneCustomer,
        also=(304, 404),
        answered={"status": "1", "message": "successfully got Customer details."},
    ),
)
def get_details(call: PortalCall, customer_id: str) -> Response:
    """Answer one customer in full."""

    def work(connection: Connection) -> Answer:
        return unless_known(call, details_answer(call, connection, required(connection, call, customer_id)))

    return call.read(work)


@tombstones.get(
    "/customer/deleted",
    **route(
        "List deleted customers",
        shapes.TombstoneList,
        parameters=(
            {**LIMIT, "required": False},
            OFFSET,
            query("since", "Deleted then or later", type="string", format="date-time"),
        ),
    ),
)
def list_tombstones(call: PortalCall) -> Response:
    """List what was deleted, oldest first."""

    def work(connection: Connection) -> Answer:
        since = payload.timestamp(call.request.query_params, "since")
        offset, limit = page_of(call, limit_required=False)
        rows, _ = listing.page_of_tombstones(connection, call.store_id, since, offset=offset, limit=limit)
        shown = [rendering.tombstone(row) for row in rows]
        return json_answer(shapes.TombstoneList("1", "Successfully got the deleted customers.", shown))

    return call.read(work)


def required(connection: Connection, call: Call, customer_id: str) -> CustomerRow:
    """Return a customer of the caller's store.

    Args:
        connection: The transaction.
        call: The request.
        customer_id: As it was given.

    Raises:
        ApiError: 404, also for an id of the wrong form and for another store's customer.
    """
    number = payload.as_integer_id(customer_id)
    row = None if number is None else customers.find(connection, call.store_id, number, by="id")
    if row is None:
        raise not_found()
    return row


def details_answer(call: Call, connection: Connection, row: CustomerRow) -> Answer:
    """Return the answer that shows one customer in full, with its tag if tags are offered.

    Args:
        call: The request.
        connection: The transaction.
        row: The customer.
    """
    address = addresses.default_of(addresses.of_customer(connection, row.id))
    group = None if row.group_id is None else groups.find(connection, row.store_id, row.group_id)
    shown = rendering.details(row, address, group)
    return tagged(call, json_answer(shapes.OneCustomer("1", "successfully got Customer details.", shown)))


def listed(call: Call, connection: Connection, rows: Iterable[CustomerRow]) -> list[shapes.ListedCustomer]:
    """Return customers as the lists show them: with their phone only where extensions are announced.

    Args:
        call: The request.
        connection: The transaction.
        rows: The customers.
    """
    names = {group.id: group.name for group in groups.of_store(connection, call.store_id)}
    extended = call.runtime.settings.announced(call.api) != ""
    return [rendering.listed(row, names, extended=extended) for row in rows]


def wanted_of(call: Call, connection: Connection) -> listing.Wanted:
    """Return which customers the query string asks for.

    Args:
        call: The request.
        connection: The transaction.
    """
    asked = call.request.query_params
    conditions = []
    if name := payload.plain_text(asked, "name"):
        conditions.append(name_matching(name))
    if email := payload.plain_text(asked, "email"):
        conditions.append(filters.email_holds(email))
    if group := payload.plain_text(asked, "customerGroup"):
        conditions.append(groups.in_group(connection, call.store_id, group))
    if (active := payload.flag(asked, "status")) is not None:
        conditions.append(filters.active(active))
    if (text := asked.get("date")) is not None:
        conditions += _created_on(text, read_shop(connection, call.store_id).time_zone)
    since = payload.timestamp(asked, "updated_since") if call.runtime.offers("updated-since") else None
    return listing.Wanted(also=tuple(conditions), updated_since=since)


def page_of(call: Call, *, limit_required: bool = True) -> tuple[int, int]:
    """Return offset and limit as the query string asks for them.

    Args:
        call: The request.
        limit_required: Whether the document demands a limit.

    Raises:
        ApiError: 400 for what is no number, too small or missing.
    """
    asked = call.request.query_params
    if limit_required and "limit" not in asked:
        raise bad_request("limit is required.")
    limit = payload.whole_number(asked, "limit", LARGEST_LIMIT, largest=LARGEST_LIMIT)
    return payload.whole_number(asked, "offset", 0, smallest=0), limit


def _created_on(text: str, time_zone: str) -> tuple[ColumnElement[bool], ...]:
    start = parse_date(text)
    if start is None:
        raise bad_request("date must be a day, as 2026-01-31.")
    day = from_micros(start).date()
    return filters.created(since=start_of(day, time_zone), before=end_of(day, time_zone))
