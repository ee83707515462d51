"""A store's own days: they begin at midnight in its time zone."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from server_stub.clock import from_micros, to_micros


def day_of(micros: int, time_zone: str) -> date:
    """Return the day that a moment falls on.

    Args:
        micros: The moment, in microseconds.
        time_zone: The store's.
    """
    return from_micros(micros).astimezone(ZoneInfo(time_zone)).date()


def end_of(day: date, time_zone: str) -> int:
    """Return the first microsecond after a day.

    Args:
        day: The day.
        time_zone: The store's.
    """
    return start_of(min(day, date.max - timedelta(days=1)) + timedelta(days=1), time_zone)


def start_of(day: date, time_zone: str) -> int:
    """Return a day's first microsecond.

    Args:
        day: The day, not the calendar's very first or last.
        time_zone: The store's.
    """
    return to_micros(datetime.combine(day, time(), ZoneInfo(time_zone)))
