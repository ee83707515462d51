"""What a body of the `modules` API says, as the columns of the store: one name of two, external ids as JSON."""

from collections.abc import Iterable
from typing import Any

import msgspec
from msgspec import UNSET, Struct
from sqlalchemy import Row

from server_stub.apis.modules.shapes import AddressChange, CustomerChange, NewAddress, NewCustomer
from server_stub.store.addresses import FIELDS, AddressRow
from server_stub.store.customers import CustomerRow, first_and_last

_CUSTOMER = ("email", "phone", "notes", "tags")


def customer_columns(said: NewCustomer | CustomerChange, row: CustomerRow | None = None, *, consent: bool) -> Any:
    """Return the columns of a customer that a body gives.

    Args:
        said: The body.
        row: The customer as it stands; None for a new one.
        consent: Whether it is kept who accepts marketing.
    """
    columns = _given(said, _CUSTOMER) | _name(said, row)
    if consent:
        columns |= _given(said, ("accepts_marketing",))
    if said.external_ids is not UNSET:
        columns["external_ids"] = msgspec.json.encode(said.external_ids).decode()
    return columns


def address_columns(said: NewAddress | AddressChange, row: AddressRow | None = None) -> dict[str, Any]:
    """Return the columns of an address that a body gives.

    Args:
        said: The body.
        row: The address as it stands; None for a new one.
    """
    return _given(said, (name for name in FIELDS if name != "name")) | _name(said, row)


def _given(said: Struct, names: Iterable[str]) -> dict[str, Any]:
    return {name: value for name in names if (value := getattr(said, name)) is not UNSET}


def _name(said: Any, row: Row[Any] | None) -> dict[str, str | None]:
    """Return the whole name where a part of it is given; a part that is not stays."""
    known = ("", "") if row is None else first_and_last(row.name or "")
    said_parts = zip((said.first_name, said.last_name), known, strict=True)
    parts = [before if part is UNSET else part or "" for part, before in said_parts]
    if tuple(parts) == known:
        return {}
    return {"name": " ".join(part for one in parts if (part := one.strip())) or None}
