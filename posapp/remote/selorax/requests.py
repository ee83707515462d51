"""Writes as the exact bytes that the `selorax` API takes; the same write makes the same bytes every time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from posapp.domain.customer import FieldValue, Profile
from posapp.remote.preparing import Body, integer_id, json_request, known
from posapp.remote.selorax.abilities import KEPT
from posapp.remote.selorax.addresses import object_of
from posapp.services.ports.remote import Capabilities
from posapp.services.ports.writes import CreateCustomer, DeleteCustomer, EditCustomer, PreparedRequest, Write

CUSTOMERS: Final = "/api/apps/v1/customers"


def customer_path(remote_id: str) -> str:
    """Return the path of a customer.

    Raises:
        ValueError: It is no id of this API.
    """
    return f"{CUSTOMERS}/{integer_id(remote_id)}"


def prepared(write: Write, key: str, capabilities: Capabilities) -> PreparedRequest:
    """Return a write as it will leave the till.

    Args:
        write: What is to be changed.
        key: Under which a repeat is the same act; a uuid.
        capabilities: Of the server as it is now.

    Raises:
        ValueError: This API has no such write.
    """
    return json_request(_parts(write), write, key=key, capabilities=capabilities)


def _parts(write: Write) -> tuple[str, str, Body]:
    match write:
        case CreateCustomer():
            return "POST", CUSTOMERS, _new_customer(write.profile)
        case EditCustomer():
            return "PUT", customer_path(write.remote_id), _changes(write.fields)
        case DeleteCustomer():
            return "DELETE", customer_path(write.remote_id), None
        case _:
            raise ValueError(f"no such write in the selorax API: {type(write).__name__}")


def _new_customer(profile: Profile) -> Body:
    address = object_of(profile.address) if profile.address else None
    members = {"name": profile.name, "phone": profile.phone, "email": profile.email, "address": address}
    return known(members)


def _changes(fields: Mapping[str, FieldValue]) -> Body:
    """Return the members of an update, in which the address has another name than in a create."""
    members: dict[str, object] = {name: value for name, value in fields.items() if name in KEPT}
    if "address" in members:
        line = members.pop("address")
        members["address_json"] = object_of(str(line)) if line else None
    return members
