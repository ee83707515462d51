"""Cycle after cycle with a server, as a face starts it, watches it and ends it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class SyncPhase(StrEnum):
    """What a cycle is at: `SENDING` acts, `READING` lists of customers, `CHECKING` customers one by one."""

    SENDING = "sending"
    READING = "reading"
    CHECKING = "checking"


@dataclass(frozen=True, slots=True)
class SyncProgress:
    """How far a cycle is.

    Attributes:
        phase: What it is at.
        done: Acts sent, rows read or customers checked so far in this phase.
        total: How many there are, as far as anybody knows; None where nobody does.
        seconds: How long this phase has taken; done ÷ seconds is its rate.
    """

    phase: SyncPhase
    done: int
    total: int | None
    seconds: float


LOOK_SECONDS = 5.0
"""Between two looks at whether a loop still lives."""

SILENT_LOOKS = 18
"""A loop that showed no sign of life at so many looks in a row hangs: a minute beyond the deadline of any request.

Looks are counted, not time: a computer that slept for an hour looks once when it wakes.
"""


@dataclass(slots=True)
class Watchdog:
    """Tells a loop that hangs from one that works or rests."""

    _beats: int = -1
    _silent: int = 0

    def hangs(self, beats: int) -> bool:
        """Look at a loop's signs of life; return whether there was none for so long that it hangs.

        Args:
            beats: How many there were so far.
        """
        self._silent = self._silent + 1 if beats == self._beats else 0
        self._beats = beats
        return self._silent >= SILENT_LOOKS


class SyncLoop(Protocol):
    """Cycles on the thread that calls `run`; everything else may be called from any thread."""

    @property
    def beats(self) -> int:
        """Signs of life so far: more with every step, and every few seconds at rest."""
        ...

    def run(self, *, full: bool = False) -> None:
        """Run cycles until stopped; never raises.

        Args:
            full: Whether the first cycle reads every customer.
        """
        ...

    def wake(self, *, full: bool = False) -> None:
        """Start the next cycle now.

        Args:
            full: Whether it reads every customer.
        """
        ...

    def cancel(self) -> None:
        """End the cycle under way between two pages; a later one goes on where it stood."""
        ...

    def stop(self) -> None:
        """End the cycle under way between two pages, and the loop."""
        ...
