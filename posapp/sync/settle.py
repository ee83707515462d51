"""What follows from the end of an attempt: one pure table, tested for every case (design, section 5).

Money moves at most once: whatever is not provably applied or provably not applied stays in doubt until a safe repeat,
a probe or a person settles it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from posapp.domain.operation import OperationKind, OperationState
from posapp.services.ports.writes import Outcome, Repeat, WriteResult

GONE = frozenset({404, 410})
FORBIDDEN = 403
CONFLICT = 409
PRECONDITION_FAILED = 412

KEY_MISUSED = frozenset({"key_reused", "sale_already_redeemed"})
"""The server knows our id with other content: something was applied, and not what we meant."""

REPEATABLE = frozenset({Repeat.KEY, Repeat.UNIQUE})
"""A repeat of the same bytes is safe at any time."""


class Wait(StrEnum):
    """What an operation waits for before it is tried again."""

    NOTHING = "nothing"
    BACKOFF = "backoff"
    ASKED = "asked"
    QUARANTINE = "quarantine"


class Halt(StrEnum):
    """What stops with this attempt: nothing, this lane for this cycle, or the whole push and why."""

    NOTHING = "nothing"
    LANE = "lane"
    OFFLINE = "offline"
    THROTTLED = "throttled"
    SIGN_IN = "sign_in"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The next step of an operation.

    Attributes:
        state: Where it goes; `ACKED` means that the answer is to be applied, which may confirm it at once.
        wait: What it waits for there.
        halt: What stops.
        inbox: Kind of the inbox item to open; None for none.
    """

    state: OperationState
    wait: Wait = Wait.NOTHING
    halt: Halt = Halt.NOTHING
    inbox: str | None = None


_UNTIL_SAFE = {
    Repeat.KEY: Wait.BACKOFF,
    Repeat.UNIQUE: Wait.BACKOFF,
    Repeat.NATURAL: Wait.QUARANTINE,
    Repeat.PROBE: Wait.QUARANTINE,
    Repeat.NEVER: Wait.QUARANTINE,
}


def settle(result: WriteResult, repeat: Repeat, kind: OperationKind, *, in_doubt: bool) -> Verdict:  # noqa: PLR0911 (one return an outcome)
    """Return what follows from an attempt's end.

    A refusal that is not in the API's own words (`error_kind`) comes from something in between: it applied nothing, and
    nobody's act is given up for it.

    Args:
        result: How it ended.
        repeat: How a repeat of this write is made safe.
        kind: What was done.
        in_doubt: Whether an earlier attempt under the same key may have been applied: then only a definite answer
            ends the doubt.
    """
    waiting = OperationState.UNKNOWN if in_doubt else OperationState.PENDING
    match result.outcome:
        case Outcome.OK:
            return Verdict(OperationState.ACKED)
        case Outcome.REFUSED if result.error_kind:
            return Verdict(waiting, Wait.BACKOFF, Halt.LANE)
        case Outcome.REFUSED:
            return _refused(result, kind, in_doubt=in_doubt)
        case Outcome.NOT_SENT:
            return Verdict(waiting, Wait.NOTHING, Halt.OFFLINE)  # the loop rests; the act is ready at the first answer
        case Outcome.SIGN_IN:
            return Verdict(waiting, Wait.NOTHING, Halt.SIGN_IN)
        case Outcome.LATER:
            return _later(result, waiting)
        case Outcome.AMBIGUOUS:
            return Verdict(OperationState.UNKNOWN, _UNTIL_SAFE[repeat], Halt.LANE)


def _later(result: WriteResult, waiting: OperationState) -> Verdict:
    if result.status == CONFLICT:
        return Verdict(OperationState.UNKNOWN, Wait.ASKED, Halt.LANE)
    return Verdict(waiting, Wait.ASKED, Halt.THROTTLED)


def _refused(result: WriteResult, kind: OperationKind, *, in_doubt: bool) -> Verdict:  # noqa: PLR0911 (one return a cause)
    gone = result.status in GONE
    if gone and kind is OperationKind.CUSTOMER_DELETE:
        return Verdict(OperationState.ACKED)
    if result.status == PRECONDITION_FAILED and kind is OperationKind.CUSTOMER_EDIT:
        return Verdict(OperationState.PENDING)  # the record moved on: it is read, merged and sent anew, at once
    if result.code in KEY_MISUSED:
        return Verdict(OperationState.NEEDS_HUMAN, inbox="unknown")
    if result.status == FORBIDDEN:
        return Verdict(OperationState.NEEDS_HUMAN, inbox="capability_gone")
    if kind is OperationKind.CUSTOMER_CREATE:
        return Verdict(OperationState.NEEDS_HUMAN, inbox="rejected")
    if gone and in_doubt:  # she may be gone since the first attempt, which then was applied
        return Verdict(OperationState.NEEDS_HUMAN, inbox="customer_gone")
    return Verdict(OperationState.REJECTED, inbox="customer_gone" if gone else "rejected")
