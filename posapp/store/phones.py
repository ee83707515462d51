"""A phone as the book indexes it, from one parse.

Parsing is the dearest step of taking over a page of customers, so what `domain.phone` works out in two parses is worked
out here in one; a test holds both against each other.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import phonenumbers

from posapp.domain.digits import fold_digits, only_digits
from posapp.domain.phone import MIN_SEARCH_DIGITS


class IndexedPhone(NamedTuple):
    """What is kept of a phone beside what was typed.

    Attributes:
        e164: In E.164; None where it cannot be.
        forms: Digit strings it can be found by from their beginning.
    """

    e164: str | None
    forms: frozenset[str]

    @property
    def tokens(self) -> str:
        """The words of the search index: `p` and a form for beginnings, `r` and reversed digits for endings."""
        longest = self.e164[1:] if self.e164 else max(self.forms, key=len, default="")
        ending = [f"r{longest[::-1]}"] if longest else []
        return " ".join([*(f"p{form}" for form in sorted(self.forms)), *ending])


@lru_cache(maxsize=4096)
def indexed(raw: str | None, country: str) -> IndexedPhone:
    """Return what is kept of a phone.

    Args:
        raw: As typed; None for none.
        country: ISO 3166 code of the shop's country.
    """
    if not raw:
        return IndexedPhone(None, frozenset())
    typed = only_digits(raw)
    forms = {typed, typed.lstrip("0")}
    e164 = None
    try:
        number = phonenumbers.parse(fold_digits(raw), country)
    except phonenumbers.NumberParseException:
        number = None
    if number is not None and phonenumbers.is_possible_number(number):
        national = phonenumbers.national_significant_number(number)
        e164 = f"+{number.country_code}{national}"
        forms |= {national, e164[1:]}
    return IndexedPhone(e164, frozenset(form for form in forms if len(form) >= MIN_SEARCH_DIGITS))
