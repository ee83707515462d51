"""From the wire's shapes to the house's, once, at the edge: two names become one, times become UTC."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from msgspec import UnsetType

from posapp.domain.customer import Profile
from posapp.domain.ids import RemoteId
from posapp.remote.converting import TombstoneRow, check_page, tombstones, utc
from posapp.remote.portal import wire
from posapp.services.ports.remote import SILENT, RemoteCustomer, Tombstone, Traits

_COLOR = re.compile(r"#?([0-9a-fA-F]{6})")

Colors = Mapping[str, str]
"""The colour of each group by its name; empty for none."""


def customer(seen: wire.Row, colors: Colors, etag: str | None = None) -> RemoteCustomer:
    """Return a customer out of a list or in full.

    Args:
        seen: On the wire.
        colors: Of the groups, as far as they are known.
        etag: For a conditional write.
    """
    return RemoteCustomer(
        remote_id=RemoteId(str(seen.id)),
        profile=Profile(name=name_of(seen), phone=number(seen.mobile_number) or None, email=seen.email or None),
        created_at=utc(seen.created_date),
        updated_at=utc(seen.modified_date),
        etag=etag,
        untold=frozenset({"phone"} if isinstance(seen.mobile_number, UnsetType) else ()),
        traits=_traits(seen, colors),
    )


def customers(page: Sequence[wire.Row], colors: Colors) -> tuple[RemoteCustomer, ...]:
    """Return a page of customers."""
    return tuple(customer(row, colors) for row in page)


def checked(page: Sequence[wire.Row], limit: int) -> Sequence[wire.Row]:
    """Return a page of a list.

    Raises:
        WrongShape: It holds more rows than asked for, or one customer twice.
    """
    check_page([str(row.id) for row in page], limit)
    return page


def created(seen: wire.Created, sent_name: str) -> RemoteCustomer:
    """Return a new customer; of the name the answer tells the first part, the rest is as it was sent.

    Args:
        seen: The answer to the create.
        sent_name: As the create named the customer.
    """
    told = _joined(seen.first_name, seen.last_name)
    name = sent_name if sent_name.startswith(told) else told
    return RemoteCustomer(
        remote_id=RemoteId(str(seen.id)),
        profile=Profile(name=name, phone=number(seen.mobile_number) or None, email=seen.email or None),
        created_at=utc(seen.created_date),
    )


def deletions(page: Sequence[wire.Tombstone], limit: int) -> tuple[Tombstone, ...]:
    """Return a page of deletions.

    Raises:
        WrongShape: It is too long, or a reason is unknown.
    """
    rows = [
        TombstoneRow(str(row.id), row.deleted_at, row.reason, str(row.merged_into) if row.merged_into else None)
        for row in page
    ]
    return tombstones(rows, limit)


def colors_of(groups: Sequence[wire.Group]) -> Colors:
    """Return the colour of each group as `#rrggbb`; what is none is empty."""
    found = {group.name: _COLOR.fullmatch((group.color_code or "").strip()) for group in groups}
    return {name: f"#{match[1].lower()}" if match else "" for name, match in found.items()}


def name_of(seen: wire.Row) -> str:
    """Return a customer's whole name; where both parts are empty, the user name."""
    return _joined(seen.first_name, seen.last_name) or seen.username or ""


def number(told: wire.Number | UnsetType | None) -> str:
    """Return a phone as text; empty for none."""
    return "" if told is None or isinstance(told, UnsetType) else str(told).strip()


def _joined(first: str | None, last: str | None) -> str:
    return " ".join(part for part in (first, last) if part)


def _traits(seen: wire.Row, colors: Colors) -> Traits:
    group = seen.customer_group_name
    newsletter = seen.newsletter if isinstance(seen, wire.Customer) else None
    if group is None and newsletter is None:
        return SILENT
    return Traits(
        marketing=None if newsletter is None else str(newsletter) == "1",
        group=group,
        group_color="" if group == "" else colors.get(group or ""),
    )
