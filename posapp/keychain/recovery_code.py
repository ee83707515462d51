"""The code on paper that brings a dead till's keys back: how it is drawn, printed, read, and checked for slips.

Twenty-five signs carry 125 random bits, five more a checksum; six groups of five are read out easily. The signs are
Crockford's: no I, L, O or U, so what looks alike means the same. The checksum is the remainder by a prime above 32: a
single wrong sign changes the number by d * 32^k with 0 < d < 32, which no such prime divides, so every single typo is
caught, and so is every swap of two neighbours. That is how a slip is told from the code of another till.
"""

from __future__ import annotations

import re
import secrets
import unicodedata
from typing import Final

from posapp.domain.digits import fold_digits
from posapp.keychain.errors import RecoveryCodeMistyped

SIGNS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
GROUP: Final = 5
RANDOM_SIGNS: Final = 25
CHECK_SIGNS: Final = 5
RANDOM_BITS: Final = 5 * RANDOM_SIGNS

_PRIME: Final = 33_554_393  # the largest below 32^5
_LOOKALIKES: Final = str.maketrans("OIL", "011")
_SEPARATORS: Final = re.compile(r"[\s\-_.,/\u00ad\u200b-\u200f\u2010-\u2015\u2212\u061c\u2066-\u2069\ufeff]+")


def new_code() -> str:
    """Draw a new code, 125 bits from the system's random source, as it is printed."""
    return code_of(secrets.randbits(RANDOM_BITS))


def code_of(number: int) -> str:
    """Return the code that spells a number of `RANDOM_BITS` bits, as it is printed."""
    return printed(_spelled(number, RANDOM_SIGNS) + _spelled(number % _PRIME, CHECK_SIGNS))


def printed(code: str) -> str:
    """Set a code in groups for paper."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def read_code(typed: str) -> str:
    """Return the thirty signs of a typed code.

    Args:
        typed: Small or capital letters, with blanks and dashes anywhere, O for 0, I and L for 1, digits of any script.

    Raises:
        RecoveryCodeMistyped: It cannot be a code; a sign is wrong, missing or too many.
    """
    plain = fold_digits(unicodedata.normalize("NFKC", typed))
    code = _SEPARATORS.sub("", plain).upper().translate(_LOOKALIKES)
    if len(code) != RANDOM_SIGNS + CHECK_SIGNS or not set(code) <= set(SIGNS):
        raise RecoveryCodeMistyped
    if _number(code[:RANDOM_SIGNS]) % _PRIME != _number(code[RANDOM_SIGNS:]):
        raise RecoveryCodeMistyped
    return code


def _spelled(number: int, length: int) -> str:
    return "".join(SIGNS[number >> (5 * place) & 31] for place in reversed(range(length)))


def _number(signs: str) -> int:
    number = 0
    for sign in signs:
        number = number * 32 + SIGNS.index(sign)
    return number
