"""A customer on the till and on the stub, field by field."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from posapp.domain.customer import Profile
from posapp.domain.digits import only_digits
from posapp.domain.phone import national_digits
from posapp.services.ports.remote import Capabilities


def unequal_fields(profile: Profile, row: Any, server: Capabilities) -> Iterator[str]:
    """Yield which fields are not the same on both sides, of all that the server keeps.

    Args:
        profile: On the till.
        row: Of the stub's table.
        server: What it keeps, and how.
    """
    for name in server.fields:
        mine, theirs = getattr(profile, name), _told(row, name)
        if name == "phone" and server.phone_digits:
            shown = only_digits(theirs or "").lstrip("0")  # as this server answers it
            mine, theirs = national_digits(mine or ""), national_digits(theirs or "")
            theirs = mine if mine == shown else theirs
        if (mine or None) != (theirs or None):
            yield name


def _told(row: Any, name: str) -> Any:
    """Return a field as the stub's table has it."""
    if name == "tags":
        return tuple(json.loads(row.tags))
    return row.address_line if name == "address" else getattr(row, name)
