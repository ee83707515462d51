"""A phone as the book indexes it, from one parse: the dearest step of taking over a page of customers."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import phonenumbers

from posapp.domain.digits import fold_digits, only_digits


class IndexedPhone(NamedTuple):
    """What is kept of a phone beside what was typed.

    Attributes:
        e164: In E.164; None where it cannot be.
        digits: All its digits: of the E.164 form, else as typed; empty for no phone.
        beginning: The digits that a person begins with: without trunk zeros and without the shop's own country code.
    """

    e164: str | None
    digits: str
    beginning: str


@lru_cache(maxsize=4096)
def indexed(raw: str | None, country: str) -> IndexedPhone:
    """Return what is kept of a phone.

    Args:
        raw: As typed; None for none.
        country: ISO 3166 code of the shop's country.
    """
    if not raw:
        return IndexedPhone(None, "", "")
    typed = only_digits(raw)
    try:
        number = phonenumbers.parse(fold_digits(raw), country)
    except phonenumbers.NumberParseException:
        return IndexedPhone(None, typed, typed.lstrip("0"))
    if not phonenumbers.is_possible_number(number):
        return IndexedPhone(None, typed, typed.lstrip("0"))
    national = phonenumbers.national_significant_number(number)
    digits = f"{number.country_code}{national}"
    own = number.country_code == phonenumbers.country_code_for_region(country)
    return IndexedPhone(f"+{digits}", digits, (national if own else digits).lstrip("0"))
