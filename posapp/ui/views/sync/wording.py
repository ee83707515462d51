"""How sync is said in a few words: the light's state, and how far a long reading is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from posapp.domain.errors import RemoteUnavailable
from posapp.domain.messages import N_
from posapp.locale.translator import Translator
from posapp.services.ports.loop import SyncPhase, SyncProgress
from posapp.ui.bridge.sync_controller import SyncState
from posapp.ui.theme.tokens import Tone
from posapp.ui.wording import ago_said

QUICK = 1.0
"""Seconds that a phase of a cycle may take before anybody hears of it: the light does not flicker."""
WAITS_LONG, WAITS_TOO_LONG = timedelta(minutes=15), timedelta(hours=4)
"""Acts that wait for so long though the server answers make the light yellow, and red (research/sync, section 3.6)."""

STALE = timedelta(minutes=5)
"""Age of the last answer that the light does not call fresh any more; a cycle comes every half minute."""

_PHASES = {
    SyncPhase.SENDING: N_("Sending…"),
    SyncPhase.READING: N_("Syncing…"),
    SyncPhase.CHECKING: N_("Checking khatas…"),
}
_STEADY = 5.0
"""Seconds of a phase from which its rate tells how long it will take."""


@dataclass(frozen=True, slots=True)
class Light:
    """How the till stands with its server: an icon, words and a tone."""

    icon: str
    words: str
    tone: Tone


def light(say: Translator, state: SyncState, progress: SyncProgress | None, now: datetime) -> Light:
    """Return what the light shows.

    Args:
        say: Says sentences.
        state: How sync stands.
        progress: How far the cycle under way is; None where none is.
        now: For how long ago something was.
    """
    if state.connection is None:
        return Light("hard-drive", say(N_("No server — kept on this till")), Tone.MUTED)
    if state.sign_in_needed:
        return Light("key-round", say(N_("Sign in again")), Tone.BAD)
    if progress is not None and progress.seconds >= QUICK:
        return Light("refresh-cw", progress_said(say, progress), Tone.INFO)
    if state.problem is not None:
        return _problem(say, state, now)
    return _aged(say, state, now) or _answered(say, state, now)


def _answered(say: Translator, state: SyncState, now: datetime) -> Light:
    if state.last_success_at is None:
        return Light("cloud", say(N_("{server} · not read yet"), server=state.server), Tone.MUTED)
    words = say(N_("{server} · answered {ago}"), server=state.server, ago=ago_said(say, state.last_success_at, now))
    fresh = now - state.last_success_at < STALE
    return Light("cloud-check" if fresh else "cloud", words, Tone.GOOD if fresh else Tone.MUTED)


def progress_said(say: Translator, progress: SyncProgress) -> str:
    """Return what a cycle is at and how far it is."""
    words = say(_PHASES[progress.phase])
    return words if not progress.total else f"{words} {say(N_('{done} of {total}'), **_counted(progress))}"


def reading_said(say: Translator, progress: SyncProgress) -> str:
    """Return how far the reading of all customers is, and how long it will still take once that can be told."""
    if progress.total is None:
        return say(N_("{done} customers read"), done=f"{progress.done:,}")
    words = say(N_("{done} of {total} customers"), **_counted(progress))
    left = _left(progress)
    return words if left is None else f"{words} · {_left_said(say, left)}"


def waiting_said(say: Translator, count: int) -> str:
    """Return how many acts wait to go out."""
    return say.plural(N_("{count} waiting"), N_("{count} waiting"), count)


def _aged(say: Translator, state: SyncState, now: datetime) -> Light | None:
    """Return the light of work that waits too long though the server answers; None where none does."""
    oldest = state.counts.oldest_waiting if state.counts else None
    if state.counts is None or oldest is None or now - oldest < WAITS_LONG:
        return None
    words = (N_("{count} waiting, from {ago}"), N_("{count} waiting, the oldest from {ago}"))
    said = say.plural(*words, state.counts.waiting, ago=ago_said(say, oldest, now))
    return Light("hourglass", said, Tone.WARN if now - oldest < WAITS_TOO_LONG else Tone.BAD)


def _problem(say: Translator, state: SyncState, now: datetime) -> Light:
    assert state.problem is not None
    if isinstance(state.problem, RemoteUnavailable):
        words, icon, tone = say(N_("The server does not answer")), "cloud-off", Tone.WARN
    else:
        words, icon, tone = say.say(state.problem.title_message), "circle-alert", Tone.BAD
    since = state.problem_since
    minutes = 0 if since is None else int((now - since).total_seconds()) // 60
    return Light(icon, f"{words} · {_lasting_said(say, minutes)}" if minutes else words, tone)


def _lasting_said(say: Translator, minutes: int) -> str:
    for size, one in ((1440, N_("{count} d")), (60, N_("{count} h"))):
        if minutes >= size:
            return say(one, count=minutes // size)
    return say(N_("{count} min"), count=minutes)


def _left(progress: SyncProgress) -> float | None:
    """Return the seconds that are left at the rate so far; None while nobody can tell."""
    assert progress.total is not None
    if progress.seconds < _STEADY or not progress.done:
        return None
    return (progress.total - progress.done) * progress.seconds / progress.done


def _left_said(say: Translator, seconds: float) -> str:
    minutes = round(seconds / 60)
    if not minutes:
        return say(N_("less than a minute left"))
    return say.plural(N_("about {count} min left"), N_("about {count} min left"), minutes)


def _counted(progress: SyncProgress) -> dict[str, str]:
    return {"done": f"{progress.done:,}", "total": f"{progress.total or 0:,}"}
