"""Which PINs are allowed: digits of any script, enough of them, and none that everybody tries first."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from posapp.domain.digits import fold_digits
from posapp.keychain.pin_errors import PinMalformed, PinTooEasy

LEAST_DIGITS: Final = 6
FLOOR_DIGITS: Final = 4
MOST_DIGITS: Final = 12

_INVISIBLE: Final = dict.fromkeys(map(ord, " \u00a0\u200e\u200f\u061c\u2066\u2067\u2068\u2069"))
_FAVOURITES: Final = frozenset(
    {"2580", "0852", "1379", "147258", "258456", "159753", "147852", "789456", "456789", "520520"},
)


def read_pin(typed: str) -> str:
    """Return a typed PIN as ASCII digits.

    Args:
        typed: Digits of any script; blanks and the invisible marks of right-to-left keyboards do not count.

    Raises:
        PinMalformed: Something else was typed, or too little or too much for any PIN.
    """
    pin = fold_digits(typed.translate(_INVISIBLE))
    if not (pin.isascii() and pin.isdigit() and FLOOR_DIGITS <= len(pin) <= MOST_DIGITS):
        raise PinMalformed(least=FLOOR_DIGITS, most=MOST_DIGITS)
    return pin


def read_new_pin(typed: str, *, least_digits: int = LEAST_DIGITS) -> str:
    """Return a PIN that may be chosen, as ASCII digits.

    Args:
        typed: As for `read_pin`.
        least_digits: The shop's setting, never below `FLOOR_DIGITS`.

    Raises:
        PinMalformed: It is no PIN, or shorter than the setting.
        PinTooEasy: It is among those tried first.
    """
    least = max(least_digits, FLOOR_DIGITS)
    pin = read_pin(typed)
    if len(pin) < least:
        raise PinMalformed(least=least, most=MOST_DIGITS)
    if _is_easy(pin):
        raise PinTooEasy
    return pin


def _is_easy(pin: str) -> bool:
    return pin in _FAVOURITES or _repeats(pin) or _is_run(pin) or (_is_run(pin[::2]) and pin[::2] == pin[1::2])


def _repeats(pin: str) -> bool:
    """A piece of at most half the length, again and again: 000000, 121212, 123123."""
    return any((pin[:size] * len(pin))[: len(pin)] == pin for size in range(1, len(pin) // 2 + 1))


def _is_run(pin: str) -> bool:
    """Steps of one, up or down, past 9 to 0 as on a keypad: 123456, 987654, 567890."""
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    return steps in ({1}, {9})
