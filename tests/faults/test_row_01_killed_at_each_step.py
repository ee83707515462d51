"""Row 1: killed at each step of an act: asked for, recorded, sent, answered. Nothing is lost, nothing doubled."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.crash.__main__ import FAULTS, Story, compare, live
from tests.support.stub import StubProcess

ACTS = 12
STEPS = {
    "before it is recorded": ("pwrite64", (40, 60, 90)),
    "while it is recorded": ("fsync,fdatasync", (6, 12, 18)),
    "sent, not answered": ("sendto", (1, 2, 4)),
    "answered, not noted": ("recvfrom", (1, 2, 3)),
}


def inject(call: str, number: int) -> tuple[str, ...]:
    """Return what kills a process right after the nth call of its kind."""
    quiet = ("strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={call}")
    return (*quiet, "-e", f"inject={call}:signal=KILL:when={number}")


def day(folder: Path, call: str, numbers: tuple[int, ...], *, plain: bool) -> Story:
    """Let a till die at each of these calls, then drain; returns what it told."""
    home, story = folder / "home", Story()
    home.mkdir()
    with StubProcess(plain=plain, customers=20, database_url=f"sqlite:///{folder / 'stub.sqlite3'}") as stub:
        place = ("--url", stub.base_url, "--token", stub.token())
        assert live("connect", home, story, *place) == 0
        stub.faults(FAULTS)
        for number in numbers:
            span = ("--seed", "1", "--first", str(story.next_act), "--acts", str(story.next_act + ACTS))
            story.kills += live("work", home, story, *span, under=inject(call, number)) != 0
        stub.clear_faults()
        assert live("drain", home, story, *place) == 0, (folder / "till.err").read_text()[-2000:]
        assert compare(story, stub.effects()) == []
    return story


@pytest.mark.timeout(300)
@pytest.mark.parametrize("plain", [False, True], ids=["extended", "plain"])
@pytest.mark.parametrize("step", STEPS)
def test_row_01_killed(tmp_path: Path, step: str, plain: bool) -> None:
    call, numbers = STEPS[step]
    story = day(tmp_path, call, numbers, plain=plain)
    assert story.kills >= len(numbers) - 1, "a life may be over before so many calls, but not most of them"
