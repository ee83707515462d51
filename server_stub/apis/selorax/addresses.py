"""One address in two spellings: an object here, the default address on one line in the other APIs.

Written here, the line is made of the object's own texts, in their order. The object is shown for as long as the line
is that line; once another API has changed the default address, what is shown is an object made of the new line.
So neither side ever shows an address that the other has replaced.
"""

from collections.abc import Iterable
from typing import Any

import msgspec
from msgspec import Raw
from sqlalchemy import Row

from server_stub.errors import bad_request

Address = dict[str, Any]

_DEEPEST = 50
"""How deep an object may be nested: what was kept must be readable wherever it is shown."""


def shown(row: Row[Any]) -> Raw | None:
    """Return a customer's address as this API shows it.

    Args:
        row: The customer.
    """
    text = _shown_text(row)
    return None if text is None else Raw(text.encode())


def spelt(given: Address | None) -> tuple[str | None, str | None]:
    """Return an address as it is kept: on one line, and as the text of its object.

    Args:
        given: The object; None for no address.

    Raises:
        ApiError: It is nested too deeply.
    """
    if given is None:
        return None, None
    _check_depth(given)
    return _line(given), _text(given)


def changes(given: Address | None, row: Row[Any]) -> dict[str, str | None]:
    """Return what an address changes in a customer, by column; nothing when it is the one that is shown.

    Args:
        given: The object; None takes the address away.
        row: The customer as it stands.

    Raises:
        ApiError: It is nested too deeply.
    """
    line, text = spelt(given)
    return {} if text == _shown_text(row) else {"address": line, "address_json": text}


def _shown_text(row: Row[Any]) -> str | None:
    if row.address_json is not None and _line(msgspec.json.decode(row.address_json)) == row.address_line:
        return str(row.address_json)
    return _text({"address": row.address_line}) if row.address_line else None


def _line(given: Address) -> str | None:
    parts = (" ".join(value.split()) for value in given.values() if isinstance(value, str))
    return ", ".join(part for part in parts if part) or None


def _text(given: Address) -> str:
    return msgspec.json.encode(given).decode()


def _check_depth(given: Address) -> None:
    level: list[Any] = [given]
    for _ in range(_DEEPEST):
        level = [item for one in level if isinstance(one, dict | list) for item in _members(one)]
    if level:
        raise bad_request("The address is nested too deeply.")


def _members(container: dict[str, Any] | list[Any]) -> Iterable[Any]:
    return container.values() if isinstance(container, dict) else container
