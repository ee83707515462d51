"""Names of people in names of files, on every disk and in every script."""

from __future__ import annotations

from unicodedata import category

_LONGEST = 40


def file_words(text: str) -> str:
    """Return what of a text can stand in a file's name: letters with their marks, and figures; empty for nothing."""
    kept = "".join(sign if category(sign)[0] in "LMN" else "-" for sign in text[:_LONGEST])
    return "-".join(part for part in kept.split("-") if part)
