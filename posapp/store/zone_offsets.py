"""The shop's clock for SQL: which offset from UTC held when, so that a query over all khatas counts the shop's days."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_STEP = timedelta(days=7)
"""No zone changes its offset twice in a week."""
_SECOND = timedelta(seconds=1)
_MICROSECOND = timedelta(microseconds=1)
DAY = timedelta(days=1) // _MICROSECOND
EPOCH_DAY = _EPOCH.toordinal()


@lru_cache(maxsize=4)
def day_number(zone: ZoneInfo, last_year: int, moment: str) -> str:
    """Return SQL for the ordinal of the zone's day (as `date.toordinal`) on which a moment falls.

    Args:
        zone: Its offsets since 1970 are known; before that the first of them counts.
        last_year: Up to its end.
        moment: SQL of microseconds since 1970.
    """
    offsets = _offsets(zone, datetime(last_year + 1, 1, 1, tzinfo=UTC))
    (_, first), later = offsets[0], offsets[:0:-1]
    cases = "".join(f" WHEN {moment} >= {since} THEN {offset}" for since, offset in later)
    offset = f"CASE{cases} ELSE {first} END" if cases else str(first)
    # counted from the year 1, for SQLite's division rounds towards zero
    return f"(({moment} + {offset} + {(EPOCH_DAY - 1) * DAY}) / {DAY} + 1)"


def _offsets(zone: ZoneInfo, end: datetime) -> list[tuple[int, int]]:
    """Return since when which offset held, oldest first, both in microseconds."""
    found = [(0, _offset(zone, _EPOCH))]
    at = _EPOCH
    while at < end:
        after = at + _STEP
        if _offset(zone, after) != found[-1][1]:
            found.append((_change(zone, at, after), _offset(zone, after)))
        at = after
    return found


def _change(zone: ZoneInfo, before: datetime, after: datetime) -> int:
    """Return the second at which the offset changed between two moments."""
    old = _offset(zone, before)
    while after - before > _SECOND:
        middle = before + (after - before) // 2 // _SECOND * _SECOND
        before, after = (middle, after) if _offset(zone, middle) == old else (before, middle)
    return (after - _EPOCH) // _MICROSECOND


def _offset(zone: ZoneInfo, at: datetime) -> int:
    offset = at.astimezone(zone).utcoffset()
    assert offset is not None, "a zone knows its offset"
    return offset // _MICROSECOND
