"""What a vendor does to many customers at once in the `siyahfy` API."""

from fastapi import APIRouter
from msgspec import UNSET
from starlette.responses import Response

from server_stub.answers import Answer
from server_stub.apis.siyahfy import shapes
from server_stub.apis.siyahfy.access import SiyahfyCall
from server_stub.apis.siyahfy.description import vendor_route
from server_stub.apis.siyahfy.finding import known
from server_stub.apis.siyahfy.shapes import invalid, success
from server_stub.store import customers
from server_stub.store.writing import Writing

router = APIRouter()


@router.delete(
    "/vendors/customers/delete",
    **vendor_route("Delete customers", shapes.Success[shapes.Deleted], shapes.ManyIds, also=(403,), writes=True),
)
def delete_customers(call: SiyahfyCall) -> Response:
    """Delete those of the customers named that the store has."""

    def work(writing: Writing) -> Answer:
        rows = known(writing.connection, call, call.decode(shapes.ManyIds).ids)
        for row in rows:
            customers.remove(writing, row)
        return success(shapes.Deleted(len(rows)), "Customers deleted")

    return call.write(work)


@router.post(
    "/bulkupdatecolumns",
    **vendor_route(
        "Set tags, notes or COD status of customers",
        shapes.Success[shapes.Updated],
        shapes.ColumnsUpdate,
        also=(403,),
        writes=True,
    ),
)
def update_columns(call: SiyahfyCall) -> Response:
    """Set the same columns of those of the customers named that the store has."""

    def work(writing: Writing) -> Answer:
        wanted = call.decode(shapes.ColumnsUpdate)
        columns = {
            name: value for name in wanted.set.__struct_fields__ if (value := getattr(wanted.set, name)) is not UNSET
        }
        if not columns:
            raise invalid("set", "set must name tags, notes or cod_enabled.")
        rows = known(writing.connection, call, wanted.ids)
        for row in rows:
            customers.change(writing, row, columns)
        return success(shapes.Updated(len(rows)), "Customers updated")

    return call.write(work)
