"""Text folded for search: case, accents and spelling variants that a keyboard cannot be trusted with.

Latin diacritics, Arabic harakat and alef forms go; the vowel signs of the Indic scripts stay, for they make the
syllable (style, traps: unicode61 splits them).
"""

from __future__ import annotations

import unicodedata

_VARIANTS = str.maketrans(
    {
        "ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d",
        "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه", "ک": "ك", "ی": "ي", "ہ": "ه", "ھ": "ه",
        "\u200c": None, "\u200d": None, "ـ": None, "’": None, "'": None,
    }
)  # fmt: skip
_INDIC_FIRST, _INDIC_LAST = 0x0900, 0x0DFF


def fold(text: str) -> str:
    """Return a text in the form in which it is indexed and looked for."""
    if text.isascii():
        return text.lower().replace("'", "")
    kept: list[str] = []
    after_indic = False
    plain = unicodedata.normalize("NFKD", text)  # before and after the case: a letter in fancy dress has no small one
    for char in unicodedata.normalize("NFKD", plain.casefold().translate(_VARIANTS)):
        if unicodedata.category(char) == "Mn" and not after_indic:
            continue
        if unicodedata.category(char) != "Mn":
            after_indic = _INDIC_FIRST <= ord(char) <= _INDIC_LAST
        kept.append(str(unicodedata.decimal(char)) if char.isdecimal() else char)
    return "".join(kept).translate(_VARIANTS)


def words(text: str) -> tuple[str, ...]:
    """Return the folded words of a text: runs of letters, marks and digits."""
    folded = fold(text)
    return tuple("".join(char if _is_word(char) else " " for char in folded).split())


def _is_word(char: str) -> bool:
    return unicodedata.category(char)[0] in "LNM"
