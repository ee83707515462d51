"""How the clocks of this computer and of a server differ, in a sentence: a wrong clock puts wrong days on papers."""

from __future__ import annotations

from posapp.domain.messages import N_, Message

TOLERATED_SECONDS = 120
"""A difference that nobody needs to hear of."""

_BEHIND = {
    86_400: N_("This computer's clock is {count} days behind the server's."),
    3_600: N_("This computer's clock is {count} hours behind the server's."),
    60: N_("This computer's clock is {count} minutes behind the server's."),
}
_AHEAD = {
    86_400: N_("This computer's clock is {count} days ahead of the server's."),
    3_600: N_("This computer's clock is {count} hours ahead of the server's."),
    60: N_("This computer's clock is {count} minutes ahead of the server's."),
}


def wrong_clock(skew: float | None) -> Message | None:
    """Return the sentence about two clocks that differ by more than two minutes; None where they do not.

    Args:
        skew: Seconds by which the server's clock is ahead of this computer's; None for not measured.
    """
    if skew is None or abs(skew) <= TOLERATED_SECONDS:
        return None
    seconds = round(abs(skew))
    size = next((one for one in _BEHIND if seconds >= 2 * one), 60)
    return Message((_BEHIND if skew > 0 else _AHEAD)[size], {"count": round(seconds / size)})
