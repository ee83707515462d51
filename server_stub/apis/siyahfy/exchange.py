"""Customers out of the `siyahfy` API as CSV, and many new ones into it."""

import msgspec
from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.responses import Response

from server_stub.answers import Answer
from server_stub.apis.siyahfy import csv_text, shapes
from server_stub.apis.siyahfy.access import SiyahfyCall
from server_stub.apis.siyahfy.description import vendor_route
from server_stub.apis.siyahfy.finding import among
from server_stub.apis.siyahfy.incoming import rows_of, sorted_out
from server_stub.apis.siyahfy.rendering import members
from server_stub.apis.siyahfy.shapes import success
from server_stub.documentation import JSON
from server_stub.store import listing
from server_stub.store.bulk_insert import insert_new
from server_stub.store.customers import CustomerRow
from server_stub.store.shops import read_shop
from server_stub.store.writing import Writing

COLUMNS = [field.name for field in msgspec.structs.fields(shapes.Customer)]

router = APIRouter()

_INSERT = vendor_route(
    "Insert customers",
    shapes.Success[shapes.Inserted],
    shapes.NewCustomers,
    also=(403,),
    writes=True,
    takes=(JSON, csv_text.MEDIA_TYPE),
)
_INSERT["openapi_extra"]["requestBody"]["content"][csv_text.MEDIA_TYPE] = {
    "schema": {"type": "string"},
    "example": "name,phone,tags,address\r\nJane Doe,+1234567890,retail;vip,123 Main St\r\n",
}


@router.post(
    "/export-customers",
    **vendor_route("Export customers as CSV", bytes, shapes.Export, also=(403,), answers=csv_text.MEDIA_TYPE),
)
def export_customers(call: SiyahfyCall) -> Response:
    """Answer customers as CSV, oldest first; without a body all of them."""

    def work(connection: Connection) -> Answer:
        wanted = call.decode(shapes.Export) if call.body else shapes.Export()
        among_these = () if wanted.ids is None else (among(wanted.ids),)
        narrowed = listing.Wanted(search=wanted.search or "", also=among_these)
        rows = listing.all_customers(connection, call.store_id, narrowed, COLUMNS)
        currency = read_shop(connection, call.store_id).currency
        return Answer(
            status=200,
            body=csv_text.written(COLUMNS, (_cells(row, currency) for row in rows)),
            headers={
                "Content-Type": f"{csv_text.MEDIA_TYPE}; charset=utf-8",
                "Content-Disposition": 'attachment; filename="customers.csv"',
            },
        )

    return call.read(work)


@router.post("/bulkinsertcustomers", **_INSERT)
def insert_customers(call: SiyahfyCall) -> Response:
    """Insert the good rows and name all others."""

    def work(writing: Writing) -> Answer:
        valid, faults = sorted_out(rows_of(call.body, call.request.headers.get("content-type", "")))
        done = insert_new(writing, valid)
        faults += [
            shapes.RowFault(number, field, f"A customer with this {field} exists already.")
            for number, field in done.existing
        ]
        faults.sort(key=lambda fault: fault.row)
        return success(shapes.Inserted(len(done.ids), len(done.existing), list(done.ids), faults))

    return call.write(work)


def _cells(row: CustomerRow, currency: str) -> list[csv_text.Cell]:
    shown = members(row, currency)
    shown["tags"] = csv_text.tags_cell(msgspec.json.decode(row.tags, type=list[str]))
    return [str(value).lower() if isinstance(value, bool) else value for value in shown.values()]
