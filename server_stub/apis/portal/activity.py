"""What happens in the store of the `portal` API: products ordered and looked at, a vendor's trade, visits."""

import calendar
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import pairwise

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.responses import Response

from server_stub import payload
from server_stub.answers import Answer, json_answer
from server_stub.apis.portal import rendering, shapes
from server_stub.apis.portal.access import PortalCall
from server_stub.apis.portal.customers import page_of, required
from server_stub.apis.portal.description import COUNT, CUSTOMER, LIMIT, OFFSET, route
from server_stub.calls import Call
from server_stub.documentation import query
from server_stub.errors import bad_request, not_found
from server_stub.store import browsing
from server_stub.store.browsing import Span
from server_stub.store.days import day_of
from server_stub.store.shops import read_shop

MONTHS = 12

_COUNTED = "Successfully got the count of order product count"
_LISTED = "Successfully got order product list"
_EITHER = {"status": "1", "message": f'{_COUNTED} " or " {_LISTED}'}
_PAGED = (LIMIT, OFFSET, COUNT, CUSTOMER)

router = APIRouter()


@router.get(
    "/customer/order-product-list",
    **route("Order Product List", shapes.OrderedProductList, also=(404,), parameters=_PAGED, answered=_EITHER),
)
def list_ordered_products(call: PortalCall) -> Response:
    """List the products that were ordered, newest first, or count them."""

    def work(connection: Connection) -> Answer:
        offset, limit = page_of(call)
        of = _customer_of(call, connection)
        if payload.flag(call.request.query_params, "count"):
            counted = browsing.count_ordered_products(connection, call.store_id, of)
            return json_answer(shapes.OrderedProductList("1", _COUNTED, counted))
        rows = browsing.page_of_ordered_products(connection, call.store_id, of, offset=offset, limit=limit)
        currency = read_shop(connection, call.store_id).currency
        shown = [rendering.ordered_product(row, currency) for row in rows]
        return json_answer(shapes.OrderedProductList("1", _LISTED, shown))

    return call.read(work)


@router.get(
    "/customer/product-view-log-list",
    **route("Product View log list", shapes.ViewedProductList, also=(404,), parameters=_PAGED, answered=_EITHER),
)
def list_product_views(call: PortalCall) -> Response:
    """List the products that were looked at, newest first, or count them."""

    def work(connection: Connection) -> Answer:
        offset, limit = page_of(call)
        of = _customer_of(call, connection)
        if payload.flag(call.request.query_params, "count"):
            counted = browsing.count_product_views(connection, call.store_id, of)
            return json_answer(shapes.ViewedProductList("1", _COUNTED, counted))
        rows = browsing.page_of_product_views(connection, call.store_id, of, offset=offset, limit=limit)
        shown = [rendering.viewed_product(row) for row in rows]
        return json_answer(shapes.ViewedProductList("1", _LISTED, shown))

    return call.read(work)


@router.get(
    "/customer/vendor-graph-list",
    **route(
        "Vendor graph list",
        shapes.TradeList,
        also=(404,),
        parameters=(
            query("vendorId", "The store", required=True, type="integer"),
            query(
                "duration",
                "1 this week by day, 2 this month by day, 3 this year by month",
                required=True,
                type="integer",
                enum=[1, 2, 3],
            ),
        ),
        answered={"status": "1", "message": "Successfully got the vendor graph list"},
    ),
)
def graph_vendor(call: PortalCall) -> Response:
    """Answer a vendor's trade by day or by month, as the store's own calendar has them."""

    def work(connection: Connection) -> Answer:
        spans_of = _DURATIONS[_asked(call, "duration", 1, len(_DURATIONS)) - 1]
        if payload.as_integer_id(_needed(call, "vendorId")) != call.store_id:
            raise not_found("Vendor")
        shop = read_shop(connection, call.store_id)
        spans = list(spans_of(day_of(call.runtime.now(), shop.time_zone)))
        sold = browsing.trade(connection, call.store_id, spans, shop.time_zone)
        shown = [rendering.trade(span.label, sold.get(span.label), shop.currency) for span in spans]
        return json_answer(shapes.TradeList("1", "Successfully got the vendor graph list", shown))

    return call.read(work)


@router.get(
    "/customer/customer-visit-list",
    **route(
        "Customer visit list",
        shapes.VisitList,
        parameters=(
            query("month", "From 1 to 12", required=True, type="integer", minimum=1, maximum=MONTHS),
            query("year", "Four digits at most", required=True, type="integer", minimum=1, maximum=date.max.year),
        ),
        answered={"status": "1", "message": "Successfully got the customer visit list"},
    ),
)
def list_visits(call: PortalCall) -> Response:
    """List the days of a month and how many came on each."""

    def work(connection: Connection) -> Answer:
        month, year = _asked(call, "month", 1, MONTHS), _asked(call, "year", 1, date.max.year)
        visits = browsing.visits_of_month(connection, call.store_id, year, month)
        shown = [shapes.Visits(day, number) for day, number in visits.items()]
        return json_answer(shapes.VisitList("1", "Successfully got the customer visit list", shown))

    return call.read(work)


def _customer_of(call: Call, connection: Connection) -> int | None:
    asked = call.request.query_params.get("customerId")
    return None if asked is None else int(required(connection, call, asked).id)


def _needed(call: Call, name: str) -> str:
    text = call.request.query_params.get(name)
    if text is None:
        raise bad_request(f"{name} is required.")
    return text


def _asked(call: Call, name: str, smallest: int, largest: int) -> int:
    number = payload.as_integer_id(_needed(call, name))
    if number is None or not smallest <= number <= largest:
        raise bad_request(f"{name} must be a whole number from {smallest} to {largest}.")
    return number


def _days(first: date, count: int) -> Iterator[Span]:
    for number in range(count):
        day = first + timedelta(days=number)
        yield Span(label=day.isoformat(), first=day, after=day + timedelta(days=1))


def _week(today: date) -> Iterator[Span]:
    return _days(today - timedelta(days=today.weekday()), 7)


def _month(today: date) -> Iterator[Span]:
    return _days(today.replace(day=1), calendar.monthrange(today.year, today.month)[1])


def _year(today: date) -> Iterator[Span]:
    starts = [date(today.year, month, 1) for month in range(1, MONTHS + 1)] + [date(today.year + 1, 1, 1)]
    for first, after in pairwise(starts):
        yield Span(label=first.strftime("%Y-%m"), first=first, after=after)


_DURATIONS: tuple[Callable[[date], Iterator[Span]], ...] = (_week, _month, _year)
