"""Digits of every script as plain 0-9: a shopkeeper may type ৫০০ or ५०० and means 500."""

from __future__ import annotations

import unicodedata


def fold_digits(text: str) -> str:
    """Replace every decimal digit of any script by its ASCII digit; everything else stays as it is."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in text)


def only_digits(text: str) -> str:
    """Return the digits of a text as ASCII, in order, without anything between them."""
    return "".join(char for char in fold_digits(text) if "0" <= char <= "9")
