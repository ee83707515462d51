"""Lists of customers in the `modules` API, how many are in each segment, and who was deleted."""

from dataclasses import replace

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.datastructures import QueryParams
from starlette.responses import Response

from server_stub import payload
from server_stub.answers import Answer, json_answer
from server_stub.apis.modules import rendering, shapes
from server_stub.apis.modules.access import ModulesCall
from server_stub.apis.modules.description import PAGE, PER_PAGE, SINCE, described
from server_stub.apis.modules.paging import Paging
from server_stub.apis.modules.refusals import asked
from server_stub.apis.modules.rendering import Rendering
from server_stub.calls import Call
from server_stub.documentation import query
from server_stub.errors import bad_request
from server_stub.store import filters, listing
from server_stub.store.listing import Wanted
from server_stub.store.segments import SEGMENTS, count_by_segment
from server_stub.tables import customer

router = APIRouter()
tombstones = APIRouter()

_LABELS = {"new": "New", "returning": "Returning", "loyal": "Loyal", "vip": "VIP", "at_risk": "At risk"}
_TOTAL = "All customers"


@router.get(
    "/customers",
    **described.route(
        "List customers with filtering",
        shapes.Listed[shapes.Customer],
        parameters=(
            PAGE,
            PER_PAGE,
            query("search", "Search by name, email, or phone", type="string"),
            query("tags", "Tags, comma separated; all must match", type="string"),
            query("accepts_marketing", "Only those who do, or do not", type="boolean"),
            query("is_vip", "Only those who are, or are not", type="boolean"),
            SINCE,
        ),
    ),
)
def list_customers(call: ModulesCall) -> Response:
    """List a page of the store's customers."""

    def work(connection: Connection) -> Answer:
        shown = Rendering.of(call, connection)
        tags = [tag for part in asked(call, payload.plain_text, "tags").split(",") if (tag := part.strip())]
        also = list(filters.tagged(tags))
        accepts = asked(call, payload.flag, "accepts_marketing")
        if accepts is not None:
            also.append((customer.c.accepts_marketing & shown.consent) == accepts)
        is_vip = asked(call, payload.flag, "is_vip")
        if is_vip is not None:
            also.append(shown.vip.condition() if is_vip else ~shown.vip.condition())
        wanted = Wanted(search=asked(call, payload.plain_text, "search"), also=tuple(also))
        return _page(call, connection, shown, wanted)

    return call.read(work)


@router.get(
    "/customers/search",
    **described.route(
        "Search customers",
        shapes.Listed[shapes.Customer],
        parameters=(
            query("q", "A piece of the name, e-mail or phone", required=True, type="string", pattern=shapes.NOT_BLANK),
            PAGE,
            PER_PAGE,
            SINCE,
        ),
    ),
)
def search_customers(call: ModulesCall) -> Response:
    """List the customers whose name, e-mail or phone holds what is searched for."""

    def work(connection: Connection) -> Answer:
        wanted = Wanted(search=asked(call, _keyword, "q"))
        return _page(call, connection, Rendering.of(call, connection), wanted)

    return call.read(work)


@router.get(
    "/customers/vip",
    **described.route("Get VIP customers", shapes.Listed[shapes.Customer], parameters=(PAGE, PER_PAGE, SINCE)),
)
def list_vip(call: ModulesCall) -> Response:
    """List the very important customers."""

    def work(connection: Connection) -> Answer:
        shown = Rendering.of(call, connection)
        return _page(call, connection, shown, Wanted(also=(shown.vip.condition(),)))

    return call.read(work)


@router.get("/customers/segments", **described.route("Get customer segments", shapes.One[shapes.Segments]))
def get_segments(call: ModulesCall) -> Response:
    """Answer how many customers each segment has."""

    def work(connection: Connection) -> Answer:
        vip = Rendering.of(call, connection).vip
        counts = count_by_segment(connection, call.store_id, vip=vip, now=call.runtime.now())
        segments = {name: shapes.Segment(_LABELS[name], counts[name]) for name in SEGMENTS}
        total = shapes.Segment(_TOTAL, sum(counts.values()))
        return json_answer(shapes.One(shapes.Segments(**segments, total=total)))

    return call.read(work)


@tombstones.get(
    "/customers/deleted",
    **described.route(
        "List deleted customers",
        shapes.Listed[shapes.Tombstone],
        parameters=(PAGE, PER_PAGE, query("since", "Deleted then or later", type="string", format="date-time")),
    ),
)
def list_tombstones(call: ModulesCall) -> Response:
    """List what was deleted, oldest first."""

    def work(connection: Connection) -> Answer:
        since = asked(call, payload.timestamp, "since")
        paging = Paging.of(call)
        rows, total = listing.page_of_tombstones(
            connection, call.store_id, since, offset=paging.offset, limit=paging.per_page
        )
        return paging.answer([rendering.tombstone(row) for row in rows], total)

    return call.read(work)


def _page(call: Call, connection: Connection, shown: Rendering, wanted: Wanted) -> Answer:
    if call.runtime.offers("updated-since"):
        wanted = replace(wanted, updated_since=asked(call, payload.timestamp, "updated_since"))
    paging = Paging.of(call)
    rows = listing.page_of_customers(connection, call.store_id, wanted, offset=paging.offset, limit=paging.per_page)
    total = listing.count_customers(connection, call.store_id, wanted)
    return paging.answer([shown.customer(row) for row in rows], total)


def _keyword(parameters: QueryParams, name: str) -> str:
    keyword = payload.plain_text(parameters, name).strip()
    if not keyword:
        raise bad_request(f"{name} is required.")
    return keyword
