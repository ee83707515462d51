"""Typed ids, so that a customer's id cannot be handed where an operation's is meant.

New ids are UUIDv7: made on the till without asking anyone, and ordered by time, which keeps indexes compact.
"""

from __future__ import annotations

import re
from typing import NewType

from uuid_utils import uuid7

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)

CustomerId = NewType("CustomerId", str)
"""A customer in this till's book; never the server's id."""
RemoteId = NewType("RemoteId", str)
"""A customer's id as the server writes it, kept as text whatever the server's type is."""
OperationId = NewType("OperationId", str)
"""One act of a person at this till."""
EntryId = NewType("EntryId", str)
"""One line of a khata or of a points account."""
ConnectionId = NewType("ConnectionId", str)
"""One customer server that this till is connected to."""
TillId = NewType("TillId", str)
"""One till: one book on one disk."""
InboxId = NewType("InboxId", str)
"""One thing that a person must decide."""


def new_uuid() -> str:
    """Return a new UUIDv7 as its canonical text."""
    return str(uuid7())


def short_id(text: str) -> str:
    """Return a reference as people read it out: the last eight signs of a uuid, anything else as it is."""
    return text[-8:].upper() if _UUID.fullmatch(text) else text
