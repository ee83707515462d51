"""What the prepared writes of several APIs share: JSON as the same bytes every time, ids that are numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping

import msgspec

from posapp.services.ports.remote import Capabilities
from posapp.services.ports.writes import EditCustomer, PreparedRequest, Write

Body = Mapping[str, object] | None
"""The members of a JSON body; None for no body."""

_JSON = "application/json"
_INTEGER_ID = re.compile(r"[1-9][0-9]{0,18}")


def json_request(
    parts: tuple[str, str, Body], write: Write, *, key: str, capabilities: Capabilities, conditional: bool = True
) -> PreparedRequest:
    """Return a write as it will leave the till.

    Args:
        parts: Method, path and body.
        write: What is to be changed; an edit goes on the condition that the record is still as it was read.
        key: Under which a repeat is the same act; a uuid.
        capabilities: Of the server as it is now.
        conditional: Whether this request can be made on a condition.
    """
    method, path, content = parts
    etag = write.etag if isinstance(write, EditCustomer) and conditional and capabilities.etags else None
    return PreparedRequest(
        method=method,
        path=path,
        body=b"" if content is None else msgspec.json.encode(content, order="deterministic"),
        content_type="" if content is None else _JSON,
        key=key if capabilities.idempotency_keys else None,
        headers={} if etag is None else {"If-Match": etag},
    )


def known(members: Mapping[str, object]) -> dict[str, object]:
    """Return the members that have a value."""
    return {name: value for name, value in members.items() if value is not None}


def integer_id(remote_id: str) -> int:
    """Return the number that an id is.

    Raises:
        ValueError: It is none.
    """
    if not _INTEGER_ID.fullmatch(remote_id):
        raise ValueError("no id that is a number")
    return int(remote_id)
