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
from server_stub.calls import Call
from server_stub.clock import DAY_MICROS, parse_date, parse_timestamp
from server_stub.documentation import query
from server_stub.errors import bad_request
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
        since, before = _bound(call, "from", 0), _bound(call, "to", 1)
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


def _bound(call: Call, name: str, past_end: int) -> int | None:
    """Return a bound in microseconds; `past_end` is 1 for the end, which then is the first moment after it."""
    text = call.request.query_params.get(name)
    if text is None:
        return None
    day = parse_date(text)
    if day is not None:
        return day + past_end * DAY_MICROS
    moment = parse_timestamp(text)
    if moment is None:
        raise bad_request(f"{name} must be a date or an ISO 8601 timestamp.")
    return moment + past_end
