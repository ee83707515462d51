"""The loyalty points of the `pos` API."""

from fastapi import APIRouter
from starlette.responses import Response

from server_stub import payload
from server_stub.answers import Answer, json_answer
from server_stub.apis.pos import shapes
from server_stub.apis.pos.access import PosCall
from server_stub.apis.pos.customers import required
from server_stub.apis.pos.documentation import documented
from server_stub.store import points
from server_stub.store.writing import Writing

router = APIRouter()


@router.post(
    "/customers/{customer_id}/loyalty/redeem", **documented("Redeem loyalty points", shapes.Redeemed, shapes.Redemption)
)
def redeem(call: PosCall, customer_id: str) -> Response:
    """Take points from a customer and answer what they are worth."""

    def work(writing: Writing) -> Answer:
        row = required(writing.connection, call, customer_id)
        wanted = call.decode(shapes.Redemption)
        entry = points.redeem(
            writing,
            row,
            points=wanted.points,
            sale_ref=payload.required_uuid(wanted.sale_id, "sale_id"),
            once=call.runtime.offers("redeem-key"),
        )
        return json_answer(shapes.Redeemed(-entry.points, entry.discount_amount, entry.points_after))

    return call.write(work)
