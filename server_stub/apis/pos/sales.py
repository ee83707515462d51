"""Sales and their reversals: extensions of the `pos` API that post a whole bill in one request."""

from fastapi import APIRouter
from sqlalchemy import Connection, Row
from starlette.responses import Response

from server_stub import payload
from server_stub.answers import Answer, json_answer
from server_stub.apis.pos import shapes
from server_stub.apis.pos.access import PosCall
from server_stub.apis.pos.customers import required
from server_stub.apis.pos.description import described
from server_stub.calls import Call
from server_stub.clock import to_iso
from server_stub.errors import not_found
from server_stub.store import reversals
from server_stub.store import sales as store_sales
from server_stub.store.writing import Writing

router = APIRouter()
reversing = APIRouter()


@router.post(
    "/sales", **described.route("Post a sale", shapes.Sold, shapes.NewSale, status=201, also=(200, 404), writes=True)
)
def post_sale(call: PosCall) -> Response:
    """Post a sale, once for each id."""

    def work(writing: Writing) -> Answer:
        bill = _bill(call)
        first = store_sales.repeated(writing.connection, call.store_id, bill)
        if first is not None:
            return Answer(status=200, body=bytes(first.answer))
        customer = required(writing.connection, call, bill.customer_uuid)
        row = store_sales.sell(writing, customer, bill, redeem_once=call.runtime.offers("redeem-key"))
        answer = json_answer(shapes.sold(row), 201)
        store_sales.keep_answer(writing, row.id, answer.body)
        return answer

    return call.write(work)


@router.get("/sales/{sale_id}", **described.route("Get a sale", shapes.Sale, also=(404,)))
def get_sale(call: PosCall, sale_id: str) -> Response:
    """Answer one sale."""

    def work(connection: Connection) -> Answer:
        return json_answer(shapes.sale(_required_sale(connection, call, sale_id)))

    return call.read(work)


@reversing.post(
    "/sales/{sale_id}/reversal",
    **described.route("Reverse a sale", shapes.Reversed, shapes.NewReversal, status=201, also=(200, 404), writes=True),
)
def reverse_sale(call: PosCall, sale_id: str) -> Response:
    """Take a sale back, once."""

    def work(writing: Writing) -> Answer:
        sale = _required_sale(writing.connection, call, sale_id)
        new = call.decode(shapes.NewReversal)
        uuid = payload.required_uuid(new.id, "id")
        first = reversals.first_answer(writing, uuid, sale.uuid, new.reason)
        if first is not None:
            return Answer(status=200, body=first)
        done = reversals.reverse(writing, sale, uuid)
        answer = json_answer(
            shapes.Reversed(
                id=uuid,
                sale_id=sale.uuid,
                reason=new.reason,
                ledger_amount=done.ledger_amount,
                points_returned=done.returned,
                points_taken=done.taken,
                points_shortfall=done.shortfall,
                loyalty_points=done.customer.points,
                ledger_balance=done.customer.ledger_balance,
                created_at=to_iso(writing.stamp),
            ),
            201,
        )
        reversals.keep_answer(writing, sale, uuid, new.reason, answer.body)
        return answer

    return call.write(work)


def _bill(call: Call) -> store_sales.Bill:
    new = call.decode(shapes.NewSale)
    return store_sales.Bill(
        uuid=payload.required_uuid(new.id, "id"),
        customer_uuid=payload.required_uuid(new.customer_id, "customer_id"),
        total=new.total,
        on_account=new.on_account,
        points_redeemed=new.points_redeemed,
        receipt_number=new.receipt_number or None,
        occurred_at=payload.optional_moment(new.occurred_at, "occurred_at"),
    )


def _required_sale(connection: Connection, call: Call, sale_id: str) -> Row:  # type: ignore[type-arg]
    uuid = payload.as_uuid(sale_id)
    row = None if uuid is None else store_sales.find_sale(connection, call.store_id, uuid)
    if row is None:
        raise not_found("Sale")
    return row
