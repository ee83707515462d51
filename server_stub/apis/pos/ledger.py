"""The ledger of the `pos` API: what a customer owes or has paid."""

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.responses import Response

from server_stub import payload, tables
from server_stub.answers import Answer, json_answer
from server_stub.apis.pos import shapes
from server_stub.apis.pos.access import PosCall
from server_stub.apis.pos.customers import required
from server_stub.apis.pos.description import described
from server_stub.documentation import query
from server_stub.store import ledger
from server_stub.store.writing import Writing

router = APIRouter()
writes = APIRouter()


@router.get(
    "/customers/{customer_id}/ledger",
    **described.route(
        "Get customer ledger",
        list[shapes.Entry],
        also=(404,),
        parameters=(query("from", "Start date or time", type="string"), query("to", "End date or time", type="string")),
    ),
)
def get_ledger(call: PosCall, customer_id: str) -> Response:
    """List a customer's entries, newest first."""

    def work(connection: Connection) -> Answer:
        row = required(connection, call, customer_id, tables.LIVE, tables.ANONYMIZED)
        asked = call.request.query_params
        since, before = payload.bound(asked, "from"), payload.bound(asked, "to", end=True)
        rows = ledger.entries(connection, row.id, since=since, before=before)
        headers = {"X-Total-Count": str(len(rows))} if call.runtime.offers("updated-since") else {}
        extended = call.runtime.offers("ledger-write")
        return json_answer([shapes.entry(item, extended=extended) for item in rows], headers=headers)

    return call.read(work)


@writes.post(
    "/customers/{customer_id}/ledger",
    **described.route("Post a ledger entry", shapes.Entry, shapes.NewEntry, status=201, also=(200, 404), writes=True),
)
def post_entry(call: PosCall, customer_id: str) -> Response:
    """Post an entry, once for each reference."""

    def work(writing: Writing) -> Answer:
        row = required(writing.connection, call, customer_id)
        new = call.decode(shapes.NewEntry)
        posted, is_new = ledger.post_once(
            writing,
            row,
            kind=new.type,
            amount=new.amount,
            description=new.description,
            reference_id=payload.required_uuid(new.reference_id, "reference_id"),
            occurred_at=payload.optional_moment(new.occurred_at, "occurred_at"),
        )
        return json_answer(shapes.entry(posted, extended=True), 201 if is_new else 200)

    return call.write(work)
