"""One customer, or some by their ids, for the vendor in the `siyahfy` API: read, changed, noted about, deleted."""

from collections.abc import Mapping

from fastapi import APIRouter
from msgspec import UNSET
from sqlalchemy import Connection
from starlette.responses import Response

from server_stub import payload
from server_stub.answers import Answer
from server_stub.apis.siyahfy import rendering, shapes
from server_stub.apis.siyahfy.access import SiyahfyCall
from server_stub.apis.siyahfy.description import an_id, vendor_route
from server_stub.apis.siyahfy.finding import known, query_id, required
from server_stub.apis.siyahfy.shapes import invalid, success
from server_stub.calls import Call, check_etag, tagged, unless_known
from server_stub.store import customers, timeline
from server_stub.store.customers import CustomerRow
from server_stub.store.shops import read_shop
from server_stub.store.writing import Writing

router = APIRouter()

_Customer = shapes.Success[shapes.Customer]
_CONTACT = ("name", "email", "phone", "notes")


@router.get(
    "/customers/edit",
    **vendor_route(
        "Get a customer's full profile",
        shapes.Success[shapes.Profile],
        also=(304, 403, 404),
        parameters=(an_id("id", "The customer"),),
    ),
)
def get_customer(call: SiyahfyCall) -> Response:
    """Answer one customer with addresses, latest orders and timeline."""

    def work(connection: Connection) -> Answer:
        row = required(connection, call, query_id(call, "id"))
        return unless_known(call, _profile(call, connection, row))

    return call.read(work)


@router.post(
    "/editcontactinformation",
    **vendor_route("Edit contact details", _Customer, shapes.Contact, also=(403, 404, 412), writes=True),
)
def edit_contact(call: SiyahfyCall) -> Response:
    """Change the details that are given."""

    def work(writing: Writing) -> Answer:
        contact = call.decode(shapes.Contact)
        row = required(writing.connection, call, contact.id)
        given = {name: value for name in _CONTACT if (value := getattr(contact, name)) is not UNSET}
        check_name_and_email(given.get("name", row.name), given.get("email"))
        check_etag(call, lambda: _profile(call, writing.connection, row).headers["ETag"])
        return _changed(writing, row, given)

    return call.write(work)


@router.post(
    "/fetchCustomersById",
    **vendor_route("Get customers by their ids", shapes.Success[list[shapes.Customer]], shapes.Ids, also=(403,)),
)
def fetch_by_id(call: SiyahfyCall) -> Response:
    """Answer the customers that are asked for, in that order; unknown ids are left out."""

    def work(connection: Connection) -> Answer:
        rows = known(connection, call, call.decode(shapes.Ids).ids)
        currency = read_shop(connection, call.store_id).currency
        return success([rendering.customer(row, currency) for row in rows])

    return call.read(work)


@router.post(
    "/vendors/customer/log",
    **vendor_route(
        "Log a note or an activity",
        shapes.Success[shapes.LogEntry],
        shapes.NewLogEntry,
        also=(403, 404),
        writes=True,
    ),
)
def log(call: SiyahfyCall) -> Response:
    """Put a line on a customer's timeline."""

    def work(writing: Writing) -> Answer:
        new = call.decode(shapes.NewLogEntry)
        row = required(writing.connection, call, new.customer_id)
        if not new.note.strip():
            raise invalid("note", "note must not be empty.")
        entry = timeline.log(writing, row.id, kind=new.type, note=new.note, reference=new.reference)
        return success(rendering.log_entry(entry), "Logged")

    return call.write(work)


@router.post(
    "/update-cod-status",
    **vendor_route("Allow or forbid cash on delivery", _Customer, shapes.CodStatus, also=(403, 404), writes=True),
)
def update_cod_status(call: SiyahfyCall) -> Response:
    """Set whether a customer may pay on delivery."""

    def work(writing: Writing) -> Answer:
        wanted = call.decode(shapes.CodStatus)
        row = required(writing.connection, call, wanted.customer_id)
        return _changed(writing, row, {"cod_enabled": wanted.cod_enabled})

    return call.write(work)


@router.post(
    "/vendors/blacklist-customer",
    **vendor_route("Blacklist a customer, or no longer", _Customer, shapes.Blacklisting, also=(403, 404), writes=True),
)
def blacklist(call: SiyahfyCall) -> Response:
    """Put a customer on the blacklist or take it off, which takes the reason away too."""

    def work(writing: Writing) -> Answer:
        wanted = call.decode(shapes.Blacklisting)
        row = required(writing.connection, call, wanted.customer_id)
        reason = row.blacklist_reason if wanted.reason is UNSET else wanted.reason
        reason = reason if wanted.blacklisted else None
        return _changed(writing, row, {"blacklisted": wanted.blacklisted, "blacklist_reason": reason})

    return call.write(work)


@router.delete(
    "/vendors/customer/delete/{customer_id}",
    **vendor_route("Delete a customer", shapes.Success[shapes.Deleted], also=(403, 404, 412), writes=True),
)
def delete_customer(call: SiyahfyCall, customer_id: str) -> Response:
    """Delete a customer and all that belongs to it."""

    def work(writing: Writing) -> Answer:
        row = required(writing.connection, call, payload.as_integer_id(customer_id))
        check_etag(call, lambda: _profile(call, writing.connection, row).headers["ETag"])
        customers.remove(writing, row)
        return success(shapes.Deleted(1), "Customer deleted")

    return call.write(work)


def check_name_and_email(name: str, email: str | None) -> None:
    """Refuse an empty name and an e-mail without `@`.

    Args:
        name: The name.
        email: The e-mail, if there is one.

    Raises:
        ApiError: 400.
    """
    if not name.strip():
        raise invalid("name", "name must not be empty.")
    if email is not None and "@" not in email:
        raise invalid("email", "email must be an e-mail address.")


def _profile(call: Call, connection: Connection, row: CustomerRow) -> Answer:
    """Return the answer that shows one customer in full, with its tag if tags are offered."""
    currency = read_shop(connection, call.store_id).currency
    return tagged(call, success(rendering.profile(connection, row, currency)))


def _changed(writing: Writing, row: CustomerRow, columns: Mapping[str, object]) -> Answer:
    """Change a customer and return the answer that shows it."""
    changed = customers.change(writing, row, columns)
    return success(rendering.customer(changed, writing.shop.currency), "Customer updated")
