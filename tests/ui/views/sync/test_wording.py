"""The light's words for every way in which sync can stand."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from posapp.domain.errors import RemoteUnavailable
from posapp.locale.translator import Translator
from posapp.services.dto import Counts
from posapp.services.ports.loop import SyncPhase, SyncProgress
from posapp.services.status import ReadingRefused
from posapp.ui.bridge.sync_controller import SyncState
from posapp.ui.theme.tokens import Tone
from posapp.ui.views.sync.wording import light, reading_said
from tests.support.book import START, a_connection

SAY = Translator("en")
CONNECTED = SyncState(connection=a_connection())
ANSWERED = SyncState(connection=replace(a_connection(), last_success_at=START - timedelta(seconds=12)))
AWAY = RemoteUnavailable()


def reading(done: int, total: int | None, seconds: float) -> SyncProgress:
    return SyncProgress(SyncPhase.READING, done, total, seconds)


@pytest.mark.parametrize(
    ("state", "progress", "words", "tone"),
    [
        (SyncState(), None, "No server — kept on this till", Tone.MUTED),
        (CONNECTED, None, "Head office · not read yet", Tone.MUTED),
        (ANSWERED, None, "Head office · answered 12 s ago", Tone.GOOD),
        (ANSWERED, reading(3, 40, 0.4), "Head office · answered 12 s ago", Tone.GOOD),
        (CONNECTED, reading(12_400, 100_000, 9.0), "Syncing… 12,400 of 100,000", Tone.INFO),
        (CONNECTED, SyncProgress(SyncPhase.SENDING, 0, None, 2.0), "Sending…", Tone.INFO),
        (replace(ANSWERED, problem=AWAY, problem_since=START), None, "The server does not answer", Tone.WARN),
        (
            replace(ANSWERED, problem=AWAY, problem_since=START - timedelta(minutes=3, seconds=50)),
            None,
            "The server does not answer · 3 min",
            Tone.WARN,
        ),
        (
            replace(ANSWERED, problem=ReadingRefused(name="Head office"), problem_since=START - timedelta(hours=5)),
            None,
            "The server refused · 5 h",
            Tone.BAD,
        ),
        (
            SyncState(connection=replace(a_connection(), paused=True), problem=AWAY),
            None,
            "Sign in again",
            Tone.BAD,
        ),
    ],
)
def test_the_light(state: SyncState, progress: SyncProgress | None, words: str, tone: Tone) -> None:
    shown = light(SAY, state, progress, START)
    assert (shown.words, shown.tone) == (words, tone)


def test_an_old_answer_is_no_good_news() -> None:
    old = SyncState(connection=replace(a_connection(), last_success_at=START - timedelta(minutes=9)))
    assert light(SAY, old, None, START).tone is Tone.MUTED


@pytest.mark.parametrize(
    ("minutes", "words", "tone"),
    [
        (14, None, Tone.GOOD),
        (15, "2 waiting, the oldest from", Tone.WARN),
        (240, "2 waiting, the oldest from", Tone.BAD),
    ],
)
def test_work_that_waits_too_long_is_seen(minutes: int, words: str | None, tone: Tone) -> None:
    counts = Counts(5, 2, 0, 0, START - timedelta(minutes=minutes))
    shown = light(SAY, replace(ANSWERED, counts=counts), None, START)
    assert shown.tone is tone
    assert words is None or shown.words.startswith(words)


def test_a_problem_keeps_its_beginning_until_a_cycle_gets_through() -> None:
    away = ANSWERED.with_problem(AWAY, START)
    later = away.with_problem(RemoteUnavailable(), START + timedelta(minutes=2))
    assert later.problem_since == START
    assert later.with_problem(None, START).problem_since is None


@pytest.mark.parametrize(
    ("progress", "words"),
    [
        (reading(0, None, 0.1), "0 customers read"),
        (reading(500, 100_000, 1.0), "500 of 100,000 customers"),
        (reading(12_400, 100_000, 17.0), "12,400 of 100,000 customers · about 2 min left"),
        (reading(99_000, 100_000, 130.0), "99,000 of 100,000 customers · less than a minute left"),
    ],
)
def test_a_long_reading(progress: SyncProgress, words: str) -> None:
    assert reading_said(SAY, progress) == words
