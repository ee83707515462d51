"""The customers of the `portal` API as they are written: create, update, delete one or several."""

import re

from fastapi import APIRouter
from msgspec import UNSET, UnsetType
from sqlalchemy import Connection
from starlette.responses import Response

from server_stub import passwords, payload
from server_stub.answers import Answer, json_answer
from server_stub.apis.portal import rendering, shapes
from server_stub.apis.portal.access import PortalCall, fields_of
from server_stub.apis.portal.customers import details_answer, required
from server_stub.apis.portal.description import TAKES, route
from server_stub.calls import Call, check_etag
from server_stub.errors import ApiError, bad_request
from server_stub.store import addresses, customers, groups
from server_stub.store.customers import CustomerRow
from server_stub.store.writing import Writing

LARGEST_IDS = 500

_SHORTEST_PASSWORD = 8
_LONGEST_EMAIL = 254  # RFC 5321
_DIGITS = re.compile(r"\d{6,15}", re.ASCII)

router = APIRouter()

_CREATE = route(
    "Add Customer",
    shapes.CreatedCustomer,
    shapes.NewCustomer,
    writes=True,
    takes=TAKES,
    example={
        "customerGroupId": 1,
        "username": "text",
        "email": "text",
        "mobileNumber": 1,
        "password": "text",
        "confirmPassword": "text",
        "newsletter": 1,
        "mailStatus": 1,
        "status": 1,
    },
    answered={
        "customerGroupId": "text",
        "firstName": "text",
        "username": "text",
        "email": "text",
        "mobileNumber": "text",
        "password": "text",
        "mailStatus": "text",
        "deleteFlag": 1,
        "isActive": "text",
        "createdDate": "text",
        "id": 1,
    },
)
_UPDATE = route(
    "Update Customer",
    shapes.Customer,
    shapes.CustomerChange,
    also=(404, 412),
    writes=True,
    takes=TAKES,
    example={
        "customerGroupId": 1,
        "username": "text",
        "email": "text",
        "mobileNumber": 1,
        "password": "text",
        "confirmPassword": "text",
        "avatar": "text",
        "newsletter": 1,
        "realName": "text",
        "customerNo": "text",
        "mailStatus": 1,
        "status": 1,
    },
)
_DELETE = route(
    "Delete Customer",
    shapes.Done,
    also=(404, 412),
    writes=True,
    answered={"status": "1", "message": "Customer Deleted Successfully"},
)
_DELETE_SEVERAL = route(
    "Delete Customer",
    shapes.Done,
    shapes.Departing,
    also=(404,),
    writes=True,
    takes=TAKES,
    example={"customerId": [1]},
    needs_body=False,
    answered={"status": "1", "message": "Successfully deleted customer."},
)


@router.post("/customer", **_CREATE)
def create_customer(call: PortalCall) -> Response:
    """Create a customer."""

    def work(writing: Writing) -> Answer:
        new = fields_of(call, shapes.NewCustomer)
        row = customers.create(
            writing,
            name=_name(new.real_name, new.username),
            email=_free_email(writing, new.email),
            phone=_phone(new.mobile_number),
            username=_filled("username", new.username),
            group_id=_group(writing, new.customer_group_id),
            password_hash=_password(new.password, new.confirm_password),
            accepts_marketing=bool(new.newsletter),
            mail_status=bool(new.mail_status),
            is_active=bool(new.status),
        )
        return json_answer(rendering.created(row))

    return call.write(work)


@router.put("/customer/{customer_id}", **_UPDATE)
def update_customer(call: PortalCall, customer_id: str) -> Response:
    """Change a customer; what comes as it was answered changes nothing."""

    def work(writing: Writing) -> Answer:
        row = required(writing.connection, call, customer_id)
        new = fields_of(call, shapes.CustomerChange)
        _check_etag(call, writing.connection, row)
        changed = customers.change(writing, row, _changes(writing, row, new))
        address = addresses.default_of(addresses.of_customer(writing.connection, row.id))
        return json_answer(rendering.customer(changed, address))

    return call.write(work)


@router.delete("/customer/{customer_id}", **_DELETE)
def delete_customer(call: PortalCall, customer_id: str) -> Response:
    """Delete a customer: its row stays, marked, and nobody is shown it."""

    def work(writing: Writing) -> Answer:
        row = required(writing.connection, call, customer_id)
        _check_etag(call, writing.connection, row)
        customers.hide(writing, row)
        return json_answer(shapes.Done("1", "Customer Deleted Successfully"))

    return call.write(work)


@router.post("/customer/delete-customer", **_DELETE_SEVERAL)
def delete_customers(call: PortalCall) -> Response:
    """Delete several customers, all or none."""

    def work(writing: Writing) -> Answer:
        for row in several(writing.connection, call, _listed_ids(call)):
            customers.hide(writing, row)
        return json_answer(shapes.Done("1", "Successfully deleted customer."))

    return call.write(work)


def ids_of(text: str) -> list[str]:
    """Return the ids in a text such as `[1,2]` or `1,2`, each once, in their order."""
    parts = (part.strip() for part in text.replace("[", ",").replace("]", ",").split(","))
    return list(dict.fromkeys(part for part in parts if part))


def several(connection: Connection, call: Call, ids: list[str]) -> list[CustomerRow]:
    """Return customers of the caller's store.

    Args:
        connection: The transaction.
        call: The request.
        ids: As `ids_of` reads them.

    Raises:
        ApiError: 404 where one of them is not there.
    """
    return [required(connection, call, one) for one in ids]


def _listed_ids(call: Call) -> list[str]:
    given = fields_of(call, shapes.Departing).customer_id
    ids = ids_of(",".join(map(str, given)) if isinstance(given, list) else str(given))
    if len(ids) > LARGEST_IDS:
        raise bad_request(f"customerId may name {LARGEST_IDS} customers at most.")
    return ids


def _changes(writing: Writing, row: CustomerRow, new: shapes.CustomerChange) -> dict[str, object]:
    """Return the new values by column; a form sends back what it was shown, which then stays as it is stored."""
    changes: dict[str, object] = {
        "name": _name(new.real_name, new.username),
        "group_id": _group(writing, new.customer_group_id),
        "mail_status": bool(new.mail_status),
        "is_active": bool(new.status),
    }
    if new.username != rendering.username(row):
        changes["username"] = _filled("username", new.username)
    if _text(new.mobile_number) != rendering.mobile_number(row):
        changes["phone"] = _phone(new.mobile_number) if _text(new.mobile_number) else None
    if new.email is not UNSET and new.email != (row.email or ""):
        changes["email"] = _free_email(writing, new.email, other_than=row.id)
    if new.newsletter is not UNSET:
        changes["accepts_marketing"] = bool(new.newsletter)
    if new.password or new.confirm_password:
        changes["password_hash"] = _password(new.password, new.confirm_password)
    for column in ("avatar", "customer_no"):
        if (value := getattr(new, column)) is not UNSET:
            changes[column] = value or None
    return changes


def _check_etag(call: Call, connection: Connection, row: CustomerRow) -> None:
    check_etag(call, lambda: details_answer(call, connection, row).headers["ETag"])


def _name(real_name: str | UnsetType, username: str) -> str:
    return _filled("username", username) if real_name is UNSET else _filled("realName", real_name)


def _filled(name: str, text: str) -> str:
    if not text.strip():
        raise bad_request(f"{name} must not be empty.")
    return text


def _free_email(writing: Writing, email: str, *, other_than: int | None = None) -> str:
    if "@" not in email or len(email) > _LONGEST_EMAIL:
        raise bad_request("email must be an e-mail address.")
    if customers.email_taken(writing.connection, writing.store_id, email, other_than=other_than):
        raise ApiError(400, "email_taken", "Another customer has this e-mail.")
    return email


def _phone(number: int | str | None) -> str:
    if not _DIGITS.fullmatch(_text(number)):
        raise bad_request("mobileNumber must be 6 to 15 digits.")
    return _text(number)


def _group(writing: Writing, given: int | str | None) -> int | None:
    if not _text(given):
        return None
    group_id = payload.as_integer_id(_text(given))
    if group_id is None or groups.find(writing.connection, writing.store_id, group_id) is None:
        raise bad_request("customerGroupId names no group of this store.")
    return group_id


def _password(password: str, confirmed: str) -> str:
    if len(password) < _SHORTEST_PASSWORD:
        raise bad_request(f"password must have at least {_SHORTEST_PASSWORD} characters.")
    if password != confirmed:
        raise bad_request("confirmPassword must be the same as password.")
    return passwords.hashed(password)


def _text(value: int | str | None) -> str:
    return "" if value is None else str(value)
