"""Two clocks: this till's and the server's. Moments of one are compared with the other's only through here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from posapp.sync.context import SyncContext

AHEAD = "ahead"
"""In an act's evidence: seconds by which the server's clock was ahead when the act was sent first."""

_JUMP = 5.0
"""Seconds by which a measurement must differ to be a clock that was set, and no delay on the way."""

_WEIGHT = 0.2


def moving(known: float | None, measured: float | None) -> float | None:
    """Return the server's lead over this till's clock after another answer.

    Small differences are delays and are smoothed; a large one is a clock that somebody set.

    Args:
        known: The figure so far; None for none.
        measured: At the last answer; None where it told no time.
    """
    if known is None or measured is None:
        return known if measured is None else measured
    return measured if abs(measured - known) > _JUMP else known + _WEIGHT * (measured - known)


def ahead(context: SyncContext) -> timedelta:
    """Return by how much the server's clock is ahead of this till's, as last measured; nothing where it never was."""
    return timedelta(seconds=context.api.clock_skew_seconds or 0.0)


def server_time(context: SyncContext, moment: datetime, noted: Mapping[str, object]) -> datetime:
    """Return a moment of this till's clock by the server's.

    Args:
        context: The engine's surroundings.
        moment: By this till's clock, as it stood then.
        noted: With the lead of the server's clock at that moment under `AHEAD`; without it the lead is as of now.
    """
    lead = noted.get(AHEAD)
    return moment + (timedelta(seconds=lead) if isinstance(lead, int | float) else ahead(context))
