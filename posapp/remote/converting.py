"""From any API's wire to the house's types: ids and pages that make sense, times in UTC, ETags, deletions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime

from msgspec import Struct

from posapp.domain.ids import RemoteId
from posapp.remote.http import Answer
from posapp.remote.strict_json import WrongShape
from posapp.remote.wire_types import Id, Time
from posapp.services.ports.remote import Tombstone

REASONS = frozenset({"deleted", "anonymized", "merged"})

_STRONG_ETAG = re.compile(r'"[!#-~]{1,200}"')


class TombstoneRow(Struct, frozen=True):
    """A customer that is no more."""

    id: Id
    deleted_at: Time
    reason: str
    merged_into: Id | None = None


def strong_etag(answer: Answer) -> str | None:
    """Return the strong `ETag` of an answer; None where there is none that we could send back."""
    tag = answer.headers.get("etag", "")
    return tag if _STRONG_ETAG.fullmatch(tag) else None


def check_same_id(told: str, asked: str) -> None:
    """Refuse the record of another customer than the one asked for.

    Raises:
        WrongShape: It is another's.
    """
    if told.lower() != asked.lower():
        raise WrongShape("other_echo")


def check_page(ids: Sequence[str], limit: int | None) -> None:
    """Refuse a page that is too long or repeats itself.

    Raises:
        WrongShape: It does.
    """
    if limit is not None and len(ids) > limit:
        raise WrongShape("page_too_long")
    if len(set(ids)) != len(ids):
        raise WrongShape("page_repeats")


def tombstones(page: Sequence[TombstoneRow], limit: int) -> tuple[Tombstone, ...]:
    """Return a page of deletions.

    Raises:
        WrongShape: It is too long, or a reason is unknown.
    """
    if len(page) > limit:
        raise WrongShape("page_too_long")
    if any(row.reason not in REASONS for row in page):
        raise WrongShape("wrong_shape")
    result = []
    for row in page:
        deleted_at = utc(row.deleted_at)
        assert deleted_at is not None, "the wire's shape requires it"
        merged_into = RemoteId(row.merged_into) if row.merged_into else None
        result.append(Tombstone(RemoteId(row.id), deleted_at, row.reason, merged_into))
    return tuple(result)


def iso(moment: datetime) -> str:
    """Return an aware time as the API takes it.

    Raises:
        ValueError: The time names no zone.
    """
    if moment.tzinfo is None:
        raise ValueError("a time without a zone")
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def utc(moment: datetime | None) -> datetime | None:
    """Return a time in UTC; None stays none.

    Raises:
        WrongShape: It is beyond all calendars.
    """
    try:
        return None if moment is None else moment.astimezone(UTC)
    except OverflowError as error:
        raise WrongShape("wrong_shape") from error
