"""Writes as the exact bytes that the `siyahfy` API takes; the same write makes the same bytes every time.

A till creates by the bulk insert, for a sign-up would mail the customer a code. Tags are set by the bulk update alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from posapp.domain.customer import FieldValue, Profile
from posapp.remote.preparing import Body, integer_id, json_request, known
from posapp.remote.siyahfy.abilities import KEPT
from posapp.services.ports.remote import Capabilities
from posapp.services.ports.writes import CreateCustomer, DeleteCustomer, EditCustomer, LogLine, PreparedRequest, Write

INSERT: Final = "/api/bulkinsertcustomers"
EDIT: Final = "/api/editcontactinformation"
COLUMNS: Final = "/api/bulkupdatecolumns"
LOG: Final = "/api/vendors/customer/log"
DELETE: Final = "/api/vendors/customer/delete"


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
    return json_request(parts, write, key=key, capabilities=capabilities, conditional=parts[1] == EDIT)


def _parts(write: Write) -> tuple[str, str, Body]:
    match write:
        case CreateCustomer():
            return "POST", INSERT, {"customers": [_new_customer(write.profile)]}
        case EditCustomer():
            return _edit(integer_id(write.remote_id), write.fields)
        case DeleteCustomer():
            return "DELETE", f"{DELETE}/{integer_id(write.remote_id)}", None
        case LogLine():
            line = {"type": "activity", "note": write.text, "reference": write.reference_id}
            return "POST", LOG, {"customer_id": integer_id(write.remote_id), **line}
        case _:
            raise ValueError(f"no such write in the siyahfy API: {type(write).__name__}")


def _new_customer(profile: Profile) -> Body:
    members = {"name": profile.name, "email": profile.email, "phone": profile.phone, "notes": profile.notes}
    return known({**members, "tags": profile.tags or None})


def _edit(number: int, fields: Mapping[str, FieldValue]) -> tuple[str, str, Body]:
    """Return an edit of tags, or of anything else; both together no request of this API can do."""
    members = {name: value for name, value in fields.items() if name in KEPT}
    if "tags" not in members:
        return "POST", EDIT, {"id": number, **members}
    if set(members) != {"tags"}:
        raise ValueError("no such write in the siyahfy API: tags with other fields")
    return "POST", COLUMNS, {"ids": [number], "set": {"tags": members["tags"]}}
