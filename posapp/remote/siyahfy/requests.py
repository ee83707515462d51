"""Writes as the exact bytes that the `siyahfy` API takes; the same write makes the same bytes every time.

A till creates by the bulk insert, for a sign-up would mail the customer a code. Tags are set by the bulk update alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

import msgspec

from posapp.domain.customer import FieldValue, Profile
from posapp.remote.siyahfy.abilities import KEPT
from posapp.services.ports.remote import Capabilities
from posapp.services.ports.writes import CreateCustomer, DeleteCustomer, EditCustomer, LogLine, PreparedRequest, Write

INSERT: Final = "/api/bulkinsertcustomers"
EDIT: Final = "/api/editcontactinformation"
COLUMNS: Final = "/api/bulkupdatecolumns"
LOG: Final = "/api/vendors/customer/log"
DELETE: Final = "/api/vendors/customer/delete"

_JSON = "application/json"
_ID = re.compile(r"[1-9][0-9]{0,18}")
_Body = Mapping[str, object] | None


def number_of(remote_id: str) -> int:
    """Return the number that an id is in this API.

    Raises:
        ValueError: It is no id of this API.
    """
    if not _ID.fullmatch(remote_id):
        raise ValueError("no id of the siyahfy API")
    return int(remote_id)


def prepared(write: Write, key: str, capabilities: Capabilities) -> PreparedRequest:
    """Return a write as it will leave the till.

    Args:
        write: What is to be changed.
        key: Under which a repeat is the same act; a uuid.
        capabilities: Of the server as it is now.

    Raises:
        ValueError: This API has no such write.
    """
    method, path, content = _parts(write)
    conditional = isinstance(write, EditCustomer) and path == EDIT and capabilities.etags
    etag = write.etag if conditional and isinstance(write, EditCustomer) else None
    return PreparedRequest(
        method=method,
        path=path,
        body=b"" if content is None else msgspec.json.encode(content, order="deterministic"),
        content_type="" if content is None else _JSON,
        key=key if capabilities.idempotency_keys else None,
        headers={} if etag is None else {"If-Match": etag},
    )


def _parts(write: Write) -> tuple[str, str, _Body]:
    match write:
        case CreateCustomer():
            return "POST", INSERT, {"customers": [_new_customer(write.profile)]}
        case EditCustomer():
            return _edit(number_of(write.remote_id), write.fields)
        case DeleteCustomer():
            return "DELETE", f"{DELETE}/{number_of(write.remote_id)}", None
        case LogLine():
            line = {"type": "activity", "note": write.text, "reference": write.reference_id}
            return "POST", LOG, {"customer_id": number_of(write.remote_id), **line}
        case _:
            raise ValueError(f"no such write in the siyahfy API: {type(write).__name__}")


def _new_customer(profile: Profile) -> _Body:
    members = {"name": profile.name, "email": profile.email, "phone": profile.phone, "notes": profile.notes}
    return {name: value for name, value in {**members, "tags": profile.tags or None}.items() if value is not None}


def _edit(number: int, fields: Mapping[str, FieldValue]) -> tuple[str, str, _Body]:
    """Return an edit of tags, or of anything else; both together no request of this API can do."""
    members = {name: value for name, value in fields.items() if name in KEPT}
    if "tags" not in members:
        return "POST", EDIT, {"id": number, **members}
    if set(members) != {"tags"}:
        raise ValueError("no such write in the siyahfy API: tags with other fields")
    return "POST", COLUMNS, {"ids": [number], "set": {"tags": members["tags"]}}
