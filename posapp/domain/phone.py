"""Phone numbers: kept as typed, compared as E.164 by the shop's country.

The same customer says `01711-234567`, `+880 1711 234567` and `১৭১১২৩৪৫৬৭`; a till that cannot see that these are one
phone finds nobody and makes doubles.
"""

from __future__ import annotations

from functools import lru_cache

import phonenumbers

from posapp.domain.digits import fold_digits, only_digits


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


def international(raw: str, country: str) -> str | None:
    """Return the number as it is written across borders (`+880 1711-234567`), or None where it cannot be one."""
    e164 = to_e164(raw, country)
    if e164 is None:
        return None
    return phonenumbers.format_number(phonenumbers.parse(e164), phonenumbers.PhoneNumberFormat.INTERNATIONAL)


@lru_cache(maxsize=4096)
def national_digits(raw: str) -> str:
    """Return the digits of a number without its country's code, where a `+` tells it from the rest, and trunk zeros.

    It is all that some servers keep of a phone; what they tell is the same number as one with the same digits.

    Args:
        raw: The number as a person wrote it, in any script's digits.
    """
    try:
        number = phonenumbers.parse(fold_digits(raw))
    except phonenumbers.NumberParseException:
        return only_digits(raw).lstrip("0")
    return phonenumbers.national_significant_number(number).lstrip("0")


def has_phones(country: str) -> bool:
    """Return whether a country of an ISO 3166 code has phone numbers of its own."""
    return bool(phonenumbers.country_code_for_region(country))


def query_forms(digits: str, country: str) -> tuple[str, ...]:
    """Return what typed digits may be the beginning of: a number without trunk zeros and own country code.

    Args:
        digits: ASCII digits of the query.
        country: ISO 3166 code of the shop's country.

    Returns:
        At least one form; an empty one, which begins every number, for zeros alone.
    """
    code = str(phonenumbers.country_code_for_region(country) or "")
    bare = digits.lstrip("0")
    forms = {bare}
    if code and bare.startswith(code) and len(bare) > len(code):
        forms.add(bare[len(code) :].lstrip("0"))
    return tuple(sorted(forms, key=len, reverse=True))
