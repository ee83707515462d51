"""An address is any JSON object on this server and one line on a till.

The line is made of the object's texts and numbers. An edit of the line sends `{"address": line}` in place of the whole
object: whatever members it had are gone, for nobody can say which part of a new line is the city. An edit that leaves
the address alone does not send it, and then the object stays as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

LINE: Final = "address"
"""The document's own name for the first line; alone, it is the whole address as a till writes it."""

_ORDER = (
    *(LINE, "address1", "line1", "street", "address2", "line2", "area", "city"),
    *("district", "state", "pincode", "postcode", "zip", "country"),
)
_PLACES = {name: place for place, name in enumerate(_ORDER)}


def line_of(address: Mapping[str, object] | None) -> str | None:
    """Return an address on one line; None where no text or number is in it.

    Its members stand as on an envelope and those with other names after them, by name: the order in which a server
    happens to tell them changes nothing. A single text is returned as it is.
    """
    found: list[str] = []
    waiting: list[object] = [address]
    while waiting:
        match waiting.pop():
            case dict() as members:
                waiting.extend(members[name] for name in sorted(members, key=_place, reverse=True))
            case list() as items:
                waiting.extend(reversed(items))
            case bool():
                pass
            case str() | int() | float() as value if str(value).strip():
                found.append(str(value))
    return ", ".join(found) or None


def object_of(line: str) -> dict[str, str]:
    """Return a till's address as the object that this server keeps."""
    return {LINE: line}


def _place(name: str) -> tuple[int, str]:
    return _PLACES.get(name, len(_PLACES)), name
