"""What a sync client asks of the `pos` API beyond its document: what was deleted, and how the store is set up."""

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.responses import Response

from server_stub import payload
from server_stub.answers import Answer, json_answer
from server_stub.apis.pos import shapes
from server_stub.apis.pos.access import PosCall
from server_stub.apis.pos.customers import page_of
from server_stub.apis.pos.description import LIMIT, PAGE, described
from server_stub.documentation import query
from server_stub.store import listing
from server_stub.store.shops import read_shop

tombstones = APIRouter()
settings = APIRouter()


@tombstones.get(
    "/customers/deleted",
    **described.route(
        "List deleted customers",
        list[shapes.Tombstone],
        parameters=(PAGE, LIMIT, query("since", "Deleted then or later", type="string", format="date-time")),
    ),
)
def list_tombstones(call: PosCall) -> Response:
    """List what was deleted, oldest first."""

    def work(connection: Connection) -> Answer:
        since = payload.timestamp(call.request.query_params, "since")
        offset, limit = page_of(call)
        rows, total = listing.page_of_tombstones(connection, call.store_id, since, offset=offset, limit=limit)
        headers = {"X-Total-Count": str(total)} if call.runtime.offers("updated-since") else {}
        return json_answer([shapes.tombstone(row) for row in rows], headers=headers)

    return call.read(work)


@settings.get("/settings", **described.route("Get the store's settings", shapes.ShopSettings))
def get_settings(call: PosCall) -> Response:
    """Answer the store's settings."""

    def work(connection: Connection) -> Answer:
        shop = read_shop(connection, call.store_id)
        return json_answer(
            shapes.ShopSettings(shop.currency, shop.earn_rate, shop.redemption_value, shop.name, shop.time_zone)
        )

    return call.read(work)
