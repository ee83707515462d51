"""What a sync client asks of the `selorax` API beyond its document: what was deleted."""

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.responses import Response

from server_stub import payload
from server_stub.answers import Answer, json_answer
from server_stub.apis.selorax import description, shapes
from server_stub.apis.selorax.access import ReadCall
from server_stub.apis.selorax.customers import page_of
from server_stub.store import listing

tombstones = APIRouter()


@tombstones.get("/customers/deleted", **description.TOMBSTONES)
def list_tombstones(call: ReadCall) -> Response:
    """List what was deleted, oldest first."""

    def work(connection: Connection) -> Answer:
        since = payload.timestamp(call.request.query_params, "since")
        offset, limit = page_of(call)
        rows, total = listing.page_of_tombstones(connection, call.store_id, since, offset=offset, limit=limit)
        shown = [shapes.tombstone(row) for row in rows]
        return json_answer(shapes.page(shown, offset=offset, limit=limit, total=total))

    return call.read(work)
