"""The customers of the `selorax` API: list, read, update, create, delete, and their orders."""

from typing import Annotated

from fastapi import APIRouter, Path
from msgspec import UNSET
from sqlalchemy import Connection
from starlette.responses import Response

from server_stub import payload, tables
from server_stub.answers import Answer, json_answer
from server_stub.apis.selorax import addresses, description, shapes
from server_stub.apis.selorax.access import ReadCall, WriteCall
from server_stub.calls import Call, check_etag, tagged, unless_known
from server_stub.errors import ApiError, bad_request, not_found
from server_stub.money import in_minor_units
from server_stub.store import customers, filters, listing, orders
from server_stub.store.customers import CustomerRow
from server_stub.store.shops import read_shop
from server_stub.store.writing import Writing

_LARGEST_MINIMUM = 2**48

router = APIRouter()

UserId = Annotated[str, Path(description="The customer's user ID", json_schema_extra={"type": "integer"})]


@router.get("/customers", **description.LIST)
def list_customers(call: ReadCall) -> Response:
    """List a page of the store's customers; guests only when they are asked for."""

    def work(connection: Connection) -> Answer:
        currency = read_shop(connection, call.store_id).currency
        wanted = _wanted(call, currency)
        offset, limit = page_of(call)
        rows = listing.page_of_customers(connection, call.store_id, wanted, offset=offset, limit=limit)
        total = listing.count_customers(connection, call.store_id, wanted)
        shown = [shapes.listed(row, currency) for row in rows]
        return json_answer(shapes.page(shown, offset=offset, limit=limit, total=total))

    return call.read(work)


@router.get("/customers/{user_id}", **description.GET)
def get_customer(call: ReadCall, user_id: UserId) -> Response:
    """Answer one customer, a guest too."""

    def work(connection: Connection) -> Answer:
        return unless_known(call, _single(call, connection, _required(connection, call, user_id)))

    return call.read(work)


@router.put("/customers/{user_id}", **description.UPDATE)
def update_customer(call: WriteCall, user_id: UserId) -> Response:
    """Change the fields that are given."""

    def work(writing: Writing) -> Answer:
        row = _required(writing.connection, call, user_id)
        change = call.decode(shapes.CustomerChange)
        given = {name: value for name in change.__struct_fields__ if (value := getattr(change, name)) is not UNSET}
        if not given:
            raise bad_request("At least one field must be provided.")
        check_etag(call, lambda: _single(call, writing.connection, row).headers["ETag"])
        if change.phone is not UNSET:
            _check_phone(writing, change.phone, other_than=row.id)
        if "address_json" in given:
            given |= addresses.changes(given.pop("address_json"), row)
        changed = customers.change(writing, row, given)
        headers = _single(call, writing.connection, changed).headers
        return json_answer(shapes.Updated(shapes.updated(changed)), headers=headers)

    return call.write(work)


@router.get("/customers/{user_id}/orders", **description.ORDERS)
def list_orders(call: ReadCall, user_id: UserId) -> Response:
    """List a page of a customer's orders, newest first."""

    def work(connection: Connection) -> Answer:
        row = _required(connection, call, user_id)
        offset, limit = page_of(call)
        status = payload.plain_text(call.request.query_params, "status")
        rows, total = orders.page_of_orders(connection, row.id, offset=offset, limit=limit, status=status)
        currency = read_shop(connection, call.store_id).currency
        shown = [shapes.order(item, currency) for item in rows]
        return json_answer(shapes.page(shown, offset=offset, limit=limit, total=total))

    return call.read(work)


@router.post("/customers", **description.CREATE)
def create_customer(call: WriteCall) -> Response:
    """Create a customer, whose phone nobody else of the store may have."""

    def work(writing: Writing) -> Answer:
        new = call.decode(shapes.NewCustomer)
        _check_phone(writing, new.phone)
        line, text = addresses.spelt(new.address)
        row = customers.create(
            writing, name=new.name, email=new.email, phone=new.phone, address=line, address_json=text
        )
        return json_answer(shapes.created(row), 201)

    return call.write(work)


@router.delete("/customers/{user_id}", **description.DELETE)
def delete_customer(call: WriteCall, user_id: UserId) -> Response:
    """Delete a customer without orders."""

    def work(writing: Writing) -> Answer:
        row = _required(writing.connection, call, user_id)
        check_etag(call, lambda: _single(call, writing.connection, row).headers["ETag"])
        if row.total_orders:
            raise bad_request("Customer has orders and cannot be deleted.")
        customers.remove(writing, row)
        return json_answer(shapes.Deleted())

    return call.write(work)


def page_of(call: Call) -> tuple[int, int]:
    """Return offset and limit as the query string asks for them.

    Args:
        call: The request.
    """
    return payload.page_of(call.request.query_params, default=50, largest=250)


def _required(connection: Connection, call: Call, user_id: str) -> CustomerRow:
    number = payload.as_integer_id(user_id)
    standings = (tables.LIVE, tables.GUEST)
    row = None if number is None else customers.find(connection, call.store_id, number, *standings, by="id")
    if row is None:
        raise not_found()
    return row


def _single(call: Call, connection: Connection, row: CustomerRow) -> Answer:
    currency = read_shop(connection, call.store_id).currency
    return tagged(call, json_answer(shapes.One(shapes.single(row, currency))))


def _check_phone(writing: Writing, phone: str, *, other_than: int | None = None) -> None:
    if customers.phone_taken(writing.connection, writing.store_id, phone, other_than=other_than):
        raise ApiError(409, "phone_taken", "Phone number already exists for this store.")


def _wanted(call: Call, currency: str) -> listing.Wanted:
    query = call.request.query_params
    sort, _, order = query.get("sort", "created_at:desc").lower().partition(":")
    if sort not in description.SORTS or order not in {"asc", "desc"}:
        raise bad_request(f"sort must be column:asc or column:desc, the column one of {', '.join(description.SORTS)}.")
    spent = payload.whole_number(query, "total_spent_min", 0, smallest=0, largest=_LARGEST_MINIMUM)
    return listing.Wanted(
        search=payload.plain_text(query, "search"),
        updated_since=payload.timestamp(query, "updated_since") if call.runtime.offers("updated-since") else None,
        sort=sort,
        descending=order == "desc",
        also=(
            *filters.created(since=payload.bound(query, "since")),
            *filters.at_least(
                orders=payload.whole_number(query, "total_orders_min", 0, smallest=0, largest=2**31 - 1),
                spent=in_minor_units(spent, currency),
            ),
        ),
        standings=(tables.LIVE, tables.GUEST) if payload.flag(query, "include_guests") else (tables.LIVE,),
    )
