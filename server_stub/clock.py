"""Time as the stub keeps it: whole microseconds since 1970 in the database, ISO 8601 with `Z` on the wire."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

Clock = Callable[[], datetime]
"""Answers the present moment as an aware UTC datetime."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
DAY_MICROS = 86_400_000_000

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_TIMESTAMP = re.compile(r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?([Zz]|[+-]\d{2}:?\d{2})?", re.ASCII)
_SPACED_OFFSET = re.compile(r" (\d{2}:?\d{2})$", re.ASCII)


def system_clock() -> datetime:
    """Return the real time."""
    return datetime.now(UTC)


def to_micros(moment: datetime) -> int:
    """Return an aware moment as microseconds since 1970."""
    return (moment - EPOCH) // MICROSECOND


def from_micros(micros: int) -> datetime:
    """Return the aware moment that so many microseconds since 1970 are."""
    return EPOCH + timedelta(microseconds=micros)


def to_iso(micros: int) -> str:
    """Return a stored time as it stands on the wire; always of one length, so that text sorts as time."""
    return (EPOCH + timedelta(microseconds=micros)).isoformat(timespec="microseconds")[:26] + "Z"


def maybe_iso(micros: int | None) -> str | None:
    """Return a stored time as it stands on the wire, or None when there is none."""
    return None if micros is None else to_iso(micros)


def parse_date(text: str) -> int | None:
    """Return the first microsecond of a UTC day, or None when the text is no date.

    Args:
        text: `YYYY-MM-DD`.
    """
    if not _DATE.fullmatch(text):
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return to_micros(datetime(day.year, day.month, day.day, tzinfo=UTC))


def parse_timestamp(text: str) -> int | None:
    """Return a timestamp in microseconds, or None when the text is none.

    Args:
        text: ISO 8601; without an offset it is UTC. A `+` that a query string turned into a space is understood.
    """
    mended = _SPACED_OFFSET.sub(r"+\1", text)
    if not _TIMESTAMP.fullmatch(mended):
        return None
    try:
        moment = datetime.fromisoformat(mended.upper())
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        return to_micros(moment)
    except (ValueError, OverflowError):
        return None
