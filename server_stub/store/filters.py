"""What a list of customers may be narrowed to, beside a search: conditions over the customer's row."""

from collections.abc import Iterable

import msgspec
from sqlalchemy import ColumnElement, or_

from server_stub.store.search import fold
from server_stub.tables import customer


def tagged(tags: Iterable[str]) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that a customer has every one of some tags.

    Args:
        tags: Word for word.
    """
    return tuple(_has_tag(tag) for tag in tags)


def created(*, since: int | None = None, before: int | None = None) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that a customer was created within a time.

    Args:
        since: Then or later, in microseconds.
        before: Before then, in microseconds.
    """
    conditions = []
    if since is not None:
        conditions.append(customer.c.created_at >= since)
    if before is not None:
        conditions.append(customer.c.created_at < before)
    return tuple(conditions)


def at_least(*, orders: int, spent: int) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that a customer has bought often and much enough.

    Args:
        orders: How often.
        spent: How much, in minor units.
    """
    return customer.c.total_orders >= orders, customer.c.total_spent >= spent


def email_holds(piece: str) -> ColumnElement[bool]:
    """Return the condition that a piece is in a customer's e-mail, without regard to case."""
    return customer.c.email_key.contains(fold(piece), autoescape=True)


def active(wanted: bool) -> ColumnElement[bool]:  # noqa: FBT001 - it is the value itself
    """Return the condition that a customer is active, or that it is not."""
    return customer.c.is_active.is_(wanted)


def _has_tag(tag: str) -> ColumnElement[bool]:
    """Tags are stored as a JSON array: one begins after the bracket or a comma, and its own quotes are escaped."""
    written = msgspec.json.encode(tag).decode()
    return or_(*(customer.c.tags.contains(mark + written, autoescape=True) for mark in "[,"))
