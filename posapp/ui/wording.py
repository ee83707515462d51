"""How numbers, moments and states are said on the screen: direction in words, never a bare minus, never a bare date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from posapp.domain.messages import N_
from posapp.domain.money import Money
from posapp.domain.shop import Shop
from posapp.locale.translator import Translator
from posapp.services.dto import LineState
from posapp.ui.theme.tokens import Tone


@dataclass(frozen=True, slots=True)
class Said:
    """A number in words: what it is, the number, and its tone."""

    caption: str
    value: str
    tone: Tone


@dataclass(frozen=True, slots=True)
class StateLook:
    """How far a line has come: an icon, words, a tone, and one word where there is little room."""

    icon: str
    words: str
    tone: Tone
    word: str


STATES = {
    LineState.SAVED: StateLook("save", N_("saved on this till"), Tone.WARN, N_("saved")),
    LineState.SENT: StateLook("check", N_("sent and taken"), Tone.INFO, N_("sent")),
    LineState.CONFIRMED: StateLook("check-check", N_("accepted by the server"), Tone.GOOD, N_("accepted")),
    LineState.SERVER: StateLook("check-check", N_("from the server"), Tone.GOOD, N_("accepted")),
    LineState.KEPT: StateLook("hard-drive", N_("kept on this till"), Tone.MUTED, N_("kept")),
    LineState.DOUBTFUL: StateLook("clock-alert", N_("no answer yet"), Tone.WARN, N_("doubtful")),
    LineState.NEEDS_HUMAN: StateLook("inbox", N_("in the inbox"), Tone.BAD, N_("in the inbox")),
    LineState.REJECTED: StateLook("ban", N_("refused, does not count"), Tone.MUTED, N_("refused")),
}
"""By the state of a khata line or a movement of points."""


def balance_said(say: Translator, balance: Money | None) -> Said:
    """Return a balance with its direction, as a shopkeeper reads it; unknown never looks like zero."""
    if balance is None:
        return Said(say(N_("Khata")), say(N_("not fetched yet")), Tone.MUTED)
    if balance.minor < 0:
        return Said(say(N_("You will get")), abs(balance).text(), Tone.BAD)
    if balance.minor > 0:
        return Said(say(N_("You will give")), balance.text(), Tone.GOOD)
    return Said(say(N_("Settled")), balance.text(), Tone.NORMAL)


def points_said(say: Translator, points: int | None) -> str:
    """Return points as a number with grouping; unknown never looks like zero, and too many used are no bare minus."""
    if points is None:
        return say(N_("not fetched yet"))
    return f"{points:,}" if points >= 0 else say(N_("{points} overdrawn"), points=f"{-points:,}")


def moment_said(say: Translator, moment: datetime, now: datetime, shop: Shop) -> str:
    """Return a moment as short as it stays clear: `09:42` today, `yesterday 09:42`, `3 Mar 09:42`, `3 Mar 2024`."""
    there, today = shop.at(moment), shop.day_of(now)
    clock = f"{there:%H:%M}"
    if there.date() == today:
        return clock
    if there.date() == today - timedelta(days=1):
        return say(N_("yesterday {clock}"), clock=clock)
    day = short_day_said(there.date(), today)
    return f"{day} {clock}" if there.year == today.year else day


def full_moment_said(say: Translator, moment: datetime, shop: Shop) -> str:
    """Return a moment with its day, whenever it was: `3 Mar 2026 at 09:42`."""
    there = shop.at(moment)
    return say(N_("{day} at {time}"), day=day_said(there.date()), time=f"{there:%H:%M}")


def day_said(day: date) -> str:
    """Return a day of the shop: `3 Mar 2026`."""
    return f"{day.day} {day:%b %Y}"


def short_day_said(day: date, today: date) -> str:
    """Return a day as short as it stays clear: `3 Mar` this year, `3 Mar 2024` else."""
    return f"{day.day} {day:%b}" if day.year == today.year else day_said(day)


def ago_said(say: Translator, moment: datetime, now: datetime) -> str:
    """Return how long ago a moment was, in the largest unit that fits."""
    seconds = max(0, int((now - moment).total_seconds()))
    for size, one in ((86_400, N_("{count} d ago")), (3_600, N_("{count} h ago")), (60, N_("{count} min ago"))):
        if seconds >= size:
            return say(one, count=seconds // size)
    return say(N_("{count} s ago"), count=seconds)
