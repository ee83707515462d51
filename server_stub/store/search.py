"""Finding customers by a piece of their name, e-mail or phone, in any script and on any database alike."""

import re
import unicodedata

from sqlalchemy import ColumnElement, false, or_

from server_stub.tables import customer

_BETWEEN = "\x1f"
_SORTED_LENGTH = 200
_DIGITS_THAT_ASK_FOR_A_PHONE = 3


def fold(text: str) -> str:
    """Return a text without differences of case and composition."""
    return unicodedata.normalize("NFC", text).casefold()


def digits(text: str) -> str:
    """Return the digits of a text, those of every script as 0 to 9."""
    return "".join(str(int(char)) for char in text if char.isdecimal())


def searched_columns(name: str, email: str | None, phone: str | None) -> dict[str, str]:
    """Return the columns of a customer that searching and sorting go by.

    Args:
        name: As given.
        email: As given.
        phone: As given.
    """
    return {
        "sort_name": fold(name)[:_SORTED_LENGTH],
        "search_text": _BETWEEN.join((fold(name), fold(email or ""), fold(phone or ""))),
        "phone_digits": digits(phone or ""),
        "email_key": fold(email or ""),
    }


def matching(needle: str) -> ColumnElement[bool]:
    """Return the condition that a customer matches a search.

    Args:
        needle: What was typed.
    """
    if _BETWEEN in needle:
        return false()
    found = customer.c.search_text.contains(fold(needle), autoescape=True)
    number = digits(needle)
    if len(number) < _DIGITS_THAT_ASK_FOR_A_PHONE:
        return found
    return or_(found, customer.c.phone_digits.contains(number, autoescape=True))


def name_matching(needle: str) -> ColumnElement[bool]:
    """Return the condition that a customer's name, and not only its e-mail or phone, matches a search.

    Args:
        needle: What was typed.
    """
    if _BETWEEN in needle:
        return false()
    piece = re.sub(r"[\\%_]", r"\\\g<0>", fold(needle))
    return customer.c.search_text.like(f"%{piece}%{_BETWEEN}%{_BETWEEN}%", escape="\\")
