"""What a server says about time: how long to stay away (`Retry-After`), and what its own clock shows (`Date`)."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from posapp.remote.http import Answer

LONGEST: Final = 3600.0
"""Nobody keeps a till away for longer, by mistake or by malice."""

_DATE_STEP = 1.0


def retry_after(answer: Answer) -> float | None:
    """Return the seconds to stay away, from 0 to `LONGEST`; None where the server did not say."""
    text = answer.headers.get("retry-after", "").strip()
    if re.fullmatch(r"[0-9]+(\.[0-9]+)?", text):
        return min(float(text[:15]), LONGEST)
    moment = _http_date(text)
    if moment is None:
        return None
    server_now = _http_date(answer.headers.get("date", "")) or answer.at
    return min(max((moment - server_now).total_seconds(), 0.0), LONGEST)


def clock_skew(answer: Answer) -> float | None:
    """Return by how many seconds the server's clock is ahead of the till's, to about a second; None if unknown."""
    moment = _http_date(answer.headers.get("date", ""))
    # A `Date` is cut to whole seconds: on average it is half a second old.
    return None if moment is None else (moment - answer.at).total_seconds() + _DATE_STEP / 2


def _http_date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (TypeError, ValueError, OverflowError, IndexError):
        return None
