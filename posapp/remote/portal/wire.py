"""The `portal` API on the wire: what each answer must hold, to the type. Unknown members are ignored.

`password`, `forgetPasswordKey`, `oauthData` and `ip` stand in its answers and in none of these shapes: what is never
read is never kept.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from posapp.remote.wire_types import IntegerId, Time

Flag = Literal[0, 1, "0", "1"]
Number = Annotated[int, Meta(ge=0)] | str
"""A phone: the document's integer, or the digits as text."""


class Row(Struct, frozen=True, kw_only=True, rename="camel"):
    """A customer in a list; a phone that is not there is unknown, one that is empty is none."""

    id: IntegerId
    first_name: str | None
    last_name: str | None
    email: str | None
    username: str | None = None
    created_date: Time | None = None
    modified_date: Time | None = None
    customer_group_name: str | None = None
    mobile_number: Number | UnsetType | None = UNSET


class Customer(Row, frozen=True, kw_only=True, rename="camel"):
    """A customer in full, read alone or answered to an update: with all that an update demands."""

    mobile_number: Number | None
    customer_group_id: int | str | None
    mail_status: Flag | None
    is_active: Flag
    newsletter: Flag | None = None
    customer_no: str | None = None


class Created(Struct, frozen=True, kw_only=True, rename="camel"):
    """The answer to a create."""

    id: IntegerId
    first_name: str | None
    last_name: str | None = None
    email: str | None
    mobile_number: Number | None
    created_date: Time | None = None


class Group(Struct, frozen=True, rename="camel"):
    """A row of the list of groups."""

    name: str
    color_code: str | None = None


class Tombstone(Struct, frozen=True):
    """A customer that is no more."""

    id: IntegerId
    deleted_at: Time
    reason: str
    merged_into: IntegerId | None = None


class Done(Struct, frozen=True):
    """A success that carries nothing."""

    status: Literal[1, "1"]
    message: str
