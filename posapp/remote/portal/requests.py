"""Writes as the exact bytes that the `portal` API takes, forms; the same write makes the same bytes every time."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

from posapp.domain.customer import FieldValue, Profile
from posapp.domain.phone import national_digits
from posapp.remote.portal import wire
from posapp.remote.portal.convert import name_of, number
from posapp.remote.portal.passwords import MARK
from posapp.remote.preparing import integer_id
from posapp.services.ports.remote import Capabilities
from posapp.services.ports.writes import CreateCustomer, DeleteCustomer, EditCustomer, PreparedRequest

CUSTOMERS: Final = "/api/customer"
DETAILS: Final = "/api/admin-customer/customer-detail"

_FORM = "application/x-www-form-urlencoded"
_UNASKED = (("newsletter", "0"), ("mailStatus", "0"), ("status", "1"))
"""Nobody at a till was asked whether to be written to; the customer may sign in."""

Own = CreateCustomer | EditCustomer | DeleteCustomer
"""The writes that this API has."""


def path_of(remote_id: str, within: str = CUSTOMERS) -> str:
    """Return the path of a customer.

    Raises:
        ValueError: It is no id of this API.
    """
    return f"{within}/{integer_id(remote_id)}"


def prepared(write: Own, key: str, capabilities: Capabilities, seen: wire.Customer | None) -> PreparedRequest:
    """Return a write as it will leave the till, but for the password.

    Args:
        write: What is to be changed.
        key: Under which a repeat is the same act; a uuid.
        capabilities: Of the server as it is now.
        seen: The customer in full, for an edit: an update must send the whole set.
    """
    method, path, body, etag = "DELETE", CUSTOMERS, b"", None
    match write:
        case CreateCustomer():
            method, body = "POST", _new(write.profile)
        case EditCustomer():
            assert seen is not None, "an update sends back what it does not change"
            method, path, body = "PUT", path_of(write.remote_id), _changed(write, seen)
            etag = write.etag if capabilities.etags else None
        case DeleteCustomer():
            path = path_of(write.remote_id)
    return PreparedRequest(
        method=method,
        path=path,
        body=body,
        content_type=_FORM if body else "",
        key=key if capabilities.idempotency_keys else None,
        headers={} if etag is None else {"If-Match": etag},
    )


def _new(profile: Profile) -> bytes:
    members = (
        ("customerGroupId", ""),
        ("username", profile.name),
        ("email", profile.email or ""),
        ("mobileNumber", national_digits(profile.phone or "")),
        *_UNASKED,
    )
    return b"%s&password=%s&confirmPassword=%s" % (urlencode(members).encode("ascii"), MARK, MARK)


def _changed(write: EditCustomer, seen: wire.Customer) -> bytes:
    """Return the whole set as it was read, with what is edited in its place.

    `realName` always comes along: without it the user name, which may be an e-mail, would become the customer's name.
    """
    fields = write.fields
    name = _text(fields["name"]) if "name" in fields else name_of(seen)
    phone = national_digits(_text(fields["phone"])) if "phone" in fields else number(seen.mobile_number)
    members = {
        "customerGroupId": "" if seen.customer_group_id is None else seen.customer_group_id,
        "username": seen.username or name,
        "email": _text(fields["email"]) if "email" in fields else seen.email or None,
        "mobileNumber": phone,
        "newsletter": seen.newsletter,
        "realName": name,
        "customerNo": seen.customer_no or None,
        "mailStatus": seen.mail_status or 0,
        "status": seen.is_active,
    }
    return urlencode({name: value for name, value in members.items() if value is not None}).encode("ascii")


def _text(value: FieldValue) -> str:
    return value if isinstance(value, str) else ""
