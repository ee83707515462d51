"""Writes as the exact bytes that the `modules` API takes; the same write makes the same bytes every time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import quote

from posapp.domain.customer import FieldValue, Profile
from posapp.remote.modules.abilities import KEPT
from posapp.remote.preparing import Body, json_request, known
from posapp.services.ports.remote import Capabilities
from posapp.services.ports.writes import CreateCustomer, DeleteCustomer, EditCustomer, PreparedRequest, Write

CUSTOMERS: Final = "/api/v1/customers"
BULK_TAGS: Final = f"{CUSTOMERS}/bulk/tags"


def customer_path(remote_id: str) -> str:
    """Return the path of a customer."""
    return f"{CUSTOMERS}/{quote(remote_id, safe='')}"


def prepared(write: Write, key: str, capabilities: Capabilities) -> PreparedRequest:
    """Return a write as it will leave the till.

    Args:
        write: What is to be changed.
        key: Under which a repeat is the same act; a uuid.
        capabilities: Of the server as it is now.

    Raises:
        ValueError: This API has no such write.
    """
    parts = _parts(write)
    return json_request(parts, write, key=key, capabilities=capabilities, conditional=parts[0] == "PATCH")


def _parts(write: Write) -> tuple[str, str, Body]:
    match write:
        case CreateCustomer():
            return "POST", CUSTOMERS, _new_customer(write.profile)
        case EditCustomer():
            return _edit(write)
        case DeleteCustomer():
            return "DELETE", customer_path(write.remote_id), None
        case _:
            raise ValueError(f"no such write in the modules API: {type(write).__name__}")


def _new_customer(profile: Profile) -> Body:
    members = {**_named(profile.name), "email": profile.email, "phone": profile.phone, "notes": profile.notes}
    return known({**members, "tags": profile.tags or None})


def _edit(write: EditCustomer) -> tuple[str, str, Body]:
    """Return an edit; tags that are only added, or only taken away, leave those alone that others set meanwhile."""
    wanted, seen = write.fields.get("tags"), write.tags_seen
    if set(write.fields) == {"tags"} and isinstance(wanted, tuple):
        added, removed = [tag for tag in wanted if tag not in seen], [tag for tag in seen if tag not in wanted]
        if bool(added) is not bool(removed):
            content = {"customer_ids": [write.remote_id], "tags": added or removed}
            return "POST" if added else "DELETE", BULK_TAGS, content
    return "PATCH", customer_path(write.remote_id), _changes(write.fields)


def _changes(fields: Mapping[str, FieldValue]) -> Body:
    members: dict[str, object] = {name: value for name, value in fields.items() if name in KEPT}
    name = members.pop("name", None)
    return members if name is None else {**members, **_named(str(name))}


def _named(name: str) -> dict[str, str | None]:
    """Return a whole name as this API's two: up to the first space, and the rest (contracts, section 2)."""
    first, _, last = name.strip().partition(" ")
    return {"first_name": first, "last_name": last.strip() or None}
