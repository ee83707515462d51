"""The loyalty points of the `pos` API."""

from fastapi import APIRouter
from starlette.responses import Response

from server_stub import payload
from server_stub.answers import Answer, json_answer
from server_stub.apis.pos import shapes
from server_stub.apis.pos.access import PosCall
from server_stub.apis.pos.customers import required
from server_stub.apis.pos.description import described
from server_stub.store import points
from server_stub.store.writing import Writing

router = APIRouter()
adjustments = APIRouter()


@router.post(
    "/customers/{customer_id}/loyalty/redeem",
    **described.route("Redeem loyalty points", shapes.Redeemed, shapes.Redemption, also=(404,), writes=True),
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


@adjustments.post(
    "/customers/{customer_id}/loyalty/adjust",
    **described.route(
        "Adjust loyalty points", shapes.Adjusted, shapes.NewAdjustment, status=201, also=(200, 404), writes=True
    ),
)
def adjust(call: PosCall, customer_id: str) -> Response:
    """Correct points by hand, once for each reference."""

    def work(writing: Writing) -> Answer:
        row = required(writing.connection, call, customer_id)
        new = call.decode(shapes.NewAdjustment)
        reference_id = payload.required_uuid(new.reference_id, "reference_id")
        entry, is_new = points.adjust_once(
            writing, row, points=new.points, reason=new.reason, reference_id=reference_id
        )
        return json_answer(shapes.adjusted(entry), 201 if is_new else 200)

    return call.write(work)
