"""The customers of the `portal` API as spreadsheets: those that were picked, and all that fit a filter."""

from collections.abc import Sequence

import msgspec
from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.responses import Response

from server_stub.answers import Answer
from server_stub.apis.portal.access import PortalCall
from server_stub.apis.portal.customers import listed, wanted_of
from server_stub.apis.portal.description import DATE, EMAIL, GROUP, NAME, STATUS, route
from server_stub.apis.portal.editing import LARGEST_IDS, ids_of, several
from server_stub.calls import Call
from server_stub.documentation import query
from server_stub.errors import ApiError, bad_request
from server_stub.payload import as_integer_id
from server_stub.spreadsheets import XLSX, workbook
from server_stub.store import listing
from server_stub.store.customers import CustomerRow

router = APIRouter()


@router.get(
    "/customer/customer-excel-list",
    **route(
        "Customer List in Excel",
        bytes,
        also=(404,),
        parameters=(query("customerId", "Ids, as `[1,2]`, `1,2` or repeated", required=True, type="string"),),
        answers=XLSX,
    ),
)
def export_picked(call: PortalCall) -> Response:
    """Answer a spreadsheet of the customers that are named."""

    def work(connection: Connection) -> Answer:
        ids = ids_of(",".join(call.request.query_params.getlist("customerId")))
        if not 0 < len(ids) <= LARGEST_IDS or any(as_integer_id(one) is None for one in ids):
            raise _shown_as_success("Invalid customerId")
        return _spreadsheet(call, connection, several(connection, call, ids))

    return call.read(work)


@router.get(
    "/customer/allcustomer-excel-list",
    **route(
        "All Customer excel list",
        bytes,
        parameters=(*({**one, "required": True} for one in (NAME, STATUS, EMAIL)), GROUP, DATE),
        answers=XLSX,
    ),
)
def export_all(call: PortalCall) -> Response:
    """Answer a spreadsheet of all customers that fit."""

    def work(connection: Connection) -> Answer:
        for name in ("name", "status", "email"):
            if name not in call.request.query_params:
                raise bad_request(f"{name} is required.")
        wanted = wanted_of(call, connection)
        total = listing.count_customers(connection, call.store_id, wanted)
        if not total:
            raise _shown_as_success("list is empty")
        rows = listing.page_of_customers(connection, call.store_id, wanted, offset=0, limit=total)
        return _spreadsheet(call, connection, rows)

    return call.read(work)


def _spreadsheet(call: Call, connection: Connection, rows: Sequence[CustomerRow]) -> Answer:
    """Return the rows of the list, members and all, as a file."""
    table = [msgspec.to_builtins(row) for row in listed(call, connection, rows)]
    file = workbook("Customers", list(table[0]), (list(row.values()) for row in table))
    headers = {"Content-Type": XLSX, "Content-Disposition": 'attachment; filename="customers.xlsx"'}
    return Answer(status=200, body=file, headers=headers)


def _shown_as_success(message: str) -> ApiError:
    """Return a refusal whose body says `status: 1`, as the document shows these two."""
    return ApiError(400, "invalid_request", message, details={"status": 1})
