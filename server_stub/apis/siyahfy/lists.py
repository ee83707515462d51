"""The lists of the `siyahfy` API's vendor: customers by pages, and who was deleted."""

from typing import Any

from fastapi import APIRouter
from sqlalchemy import ColumnElement, Connection
from starlette.datastructures import QueryParams
from starlette.responses import Response

from server_stub import payload
from server_stub.answers import Answer, json_answer
from server_stub.apis.siyahfy import rendering, shapes
from server_stub.apis.siyahfy.access import SiyahfyCall
from server_stub.apis.siyahfy.description import vendor_route
from server_stub.apis.siyahfy.finding import check_store
from server_stub.apis.siyahfy.shapes import invalid
from server_stub.calls import Call
from server_stub.documentation import query
from server_stub.store import filters, listing
from server_stub.store.shops import read_shop
from server_stub.tables import customer

DEFAULT_LIMIT = 20
LARGEST_LIMIT = 100

router = APIRouter()
tombstones = APIRouter()

_SORTS = ("name", "email", "created_at", "updated_at", "total_orders", "total_spent")
_Customers = shapes.Page[shapes.Customer]
_PAGING = (
    query("page", "Page number", type="integer", minimum=1, default=1),
    query("limit", "Rows per page, cut to 100", type="integer", minimum=1, default=DEFAULT_LIMIT),
)
_SEARCHING = (
    *_PAGING,
    query("search", "A piece of name, e-mail or phone", type="string"),
    query("updated_since", "Changed then or later, where announced", type="string", format="date-time"),
)
_FILTERING = (
    *_SEARCHING,
    query("tags", "Tags separated by commas, all of which must match", type="string"),
    query("cod_status", "Whether they may pay on delivery", type="boolean"),
    query("blacklisted", "Whether they are on the blacklist", type="boolean"),
    query("created_from", "Created on that day in UTC, at that moment, or later", type="string"),
    query("created_to", "Created on that day in UTC, at that moment, or before", type="string"),
    query("sort", "Sort field", type="string", enum=list(_SORTS), default="created_at"),
    query("order", "Sort order", type="string", enum=["asc", "desc"], default="desc"),
)


@router.get(
    "/vendors/customers/{store}",
    **vendor_route("Get the customers of a store", _Customers, also=(403, 404), parameters=_SEARCHING),
)
def list_customers(call: SiyahfyCall, store: str) -> Response:
    """List a page of the store's customers, newest first."""

    def work(connection: Connection) -> Answer:
        check_store(call, store)
        return _page(call, connection, _searched(call))

    return call.read(work)


@router.get(
    "/vendors/customers_fetch/{store}",
    **vendor_route(
        "Get the customers of a store, filtered and sorted", _Customers, also=(403, 404), parameters=_FILTERING
    ),
)
def fetch_customers(call: SiyahfyCall, store: str) -> Response:
    """List a page of the customers that are asked for, in the order asked for."""

    def work(connection: Connection) -> Answer:
        check_store(call, store)
        asked = call.request.query_params
        order = _one_of(asked, "order", ("desc", "asc"))
        sort = _one_of(asked, "sort", ("created_at", *_SORTS))
        return _page(call, connection, _searched(call, sort=sort, descending=order == "desc", also=_filters(asked)))

    return call.read(work)


@tombstones.get(
    "/vendors/customers_deleted/{store}",
    **vendor_route(
        "List deleted customers",
        shapes.Page[shapes.Tombstone],
        also=(403, 404),
        parameters=(*_PAGING, query("since", "Deleted then or later", type="string", format="date-time")),
    ),
)
def list_tombstones(call: SiyahfyCall, store: str) -> Response:
    """List what was deleted, oldest first."""

    def work(connection: Connection) -> Answer:
        check_store(call, store)
        since = payload.timestamp(call.request.query_params, "since")
        offset, limit = _paging(call)
        rows, total = listing.page_of_tombstones(connection, call.store_id, since, offset=offset, limit=limit)
        return _paged([rendering.tombstone(row) for row in rows], total, offset, limit)

    return call.read(work)


def _searched(call: Call, **wanted: Any) -> listing.Wanted:
    asked = call.request.query_params
    since = payload.timestamp(asked, "updated_since") if call.runtime.offers("updated-since") else None
    return listing.Wanted(search=payload.plain_text(asked, "search"), updated_since=since, **wanted)


def _filters(asked: QueryParams) -> tuple[ColumnElement[bool], ...]:
    tags = [tag for part in payload.plain_text(asked, "tags").split(",") if (tag := part.strip())]
    flags = {customer.c.cod_enabled: "cod_status", customer.c.blacklisted: "blacklisted"}
    return (
        *filters.tagged(tags),
        *(column.is_(wanted) for column, name in flags.items() if (wanted := payload.flag(asked, name)) is not None),
        *filters.created(
            since=payload.bound(asked, "created_from"), before=payload.bound(asked, "created_to", end=True)
        ),
    )


def _one_of(asked: QueryParams, name: str, choices: tuple[str, ...]) -> str:
    """Return a query parameter that is one of some words, in either case; the first when it is absent."""
    word = asked.get(name, choices[0]).lower()
    if word not in choices:
        raise invalid(name, f"{name} must be one of {', '.join(sorted(set(choices)))}.")
    return word


def _paging(call: Call) -> tuple[int, int]:
    return payload.page_of(call.request.query_params, default=DEFAULT_LIMIT, largest=LARGEST_LIMIT)


def _page(call: Call, connection: Connection, wanted: listing.Wanted) -> Answer:
    offset, limit = _paging(call)
    rows = listing.page_of_customers(connection, call.store_id, wanted, offset=offset, limit=limit)
    total = listing.count_customers(connection, call.store_id, wanted)
    currency = read_shop(connection, call.store_id).currency
    return _paged([rendering.customer(row, currency) for row in rows], total, offset, limit)


def _paged(rows: list[Any], total: int, offset: int, limit: int) -> Answer:
    pagination = shapes.Pagination(offset // limit + 1, limit, total, -(-total // limit))
    return json_answer(shapes.Page(data=rows, pagination=pagination))
