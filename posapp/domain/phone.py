"""Phone numbers: kept as typed, compared as E.164 by the shop's country.

The same customer says `01711-234567`, `+880 1711 234567` and `১৭১১২৩৪৫৬৭`; a till that cannot see that these are one
phone finds nobody and makes doubles.
"""

from __future__ import annotations

from functools import lru_cache

import phonenumbers

from posapp.domain.digits import fold_digits, only_digits

MIN_SEARCH_DIGITS = 3


@lru_cache(maxsize=4096)
def to_e164(raw: str, country: str) -> str | None:
    """Return the number in E.164 (`+8801711234567`), or None where it cannot be one.

    Args:
        raw: The number as a person wrote it, in any script's digits.
        country: ISO 3166 code of the shop's country, for numbers without a country code.
    """
    try:
        number = phonenumbers.parse(fold_digits(raw), country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def search_forms(raw: str, country: str) -> tuple[str, ...]:
    """Return the digit strings by which a phone can be found: as typed, international, national.

    Args:
        raw: The phone as typed.
        country: ISO 3166 code of the shop's country.
    """
    typed = only_digits(raw)
    forms = {typed, typed.lstrip("0")}
    e164 = to_e164(raw, country)
    if e164 is not None:
        number = phonenumbers.parse(e164)
        forms.add(e164[1:])
        forms.add(phonenumbers.national_significant_number(number))
    return tuple(sorted(form for form in forms if len(form) >= MIN_SEARCH_DIGITS))


def query_forms(digits: str, country: str) -> tuple[str, ...]:
    """Return the digit strings that typed digits may be the beginning of: with and without trunk or country code.

    Args:
        digits: ASCII digits of the query.
        country: ISO 3166 code of the shop's country.
    """
    code = str(phonenumbers.country_code_for_region(country) or "")
    forms = {digits, digits.lstrip("0")}
    bare = digits.removeprefix("00")
    if code and bare.startswith(code):
        forms.add(bare)
        forms.add(bare[len(code) :].lstrip("0"))
    return tuple(sorted(form for form in forms if len(form) >= MIN_SEARCH_DIGITS))
