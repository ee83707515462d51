"""Text folded for search: case, accents and spelling variants that a keyboard cannot be trusted with.

Latin diacritics, Arabic harakat and alef forms go; the vowel signs of the Indic scripts stay, for they make the
syllable (style, traps: unicode61 splits them). A text is folded cluster by cluster (a sign with the marks that stand on
it), so that what was found in the folded text can be shown in the text as a person wrote it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

_VARIANTS = str.maketrans(
    {
        "ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d",
        "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه", "ک": "ك", "ی": "ي", "ہ": "ه", "ھ": "ه",
        "\u200c": None, "\u200d": None, "ـ": None, "’": None, "'": None,
    }
)  # fmt: skip
_INDIC_FIRST, _INDIC_LAST = 0x0900, 0x0DFF
_JOINERS: Final = "\u200c\u200d"
_ASCII_WORD: Final = re.compile(r"[a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Word:
    """A folded word and where it stands in the text as shown.

    Attributes:
        text: Folded.
        starts: For each character of `text`, where its cluster begins in the text as shown.
        ends: For each character of `text`, where its cluster ends.
    """

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def shown(self, start: int, end: int) -> tuple[int, int]:
        """Return the range of the shown text that the characters `start` to `end` of the folded word come from."""
        return self.starts[start], self.ends[end - 1]


def fold(text: str) -> str:
    """Return a text in the form in which it is indexed and looked for."""
    if text.isascii():
        return text.lower().replace("'", "")
    return "".join(_fold_cluster(cluster) for cluster in _clusters(text))


def words(text: str) -> tuple[str, ...]:
    """Return the folded words of a text: runs of letters, marks and digits."""
    folded = fold(text)
    if folded.isascii():
        return tuple(_ASCII_WORD.findall(folded))
    return tuple("".join(char if _is_word(char) else " " for char in folded).split())


def placed_words(text: str) -> tuple[Word, ...]:
    """Return the folded words of a text with the places that they come from."""
    if text.isascii() and "'" not in text:
        return tuple(
            Word(found.group(), range(*found.span()), range(found.start() + 1, found.end() + 1))
            for found in _ASCII_WORD.finditer(text.lower())
        )
    found: list[Word] = []
    run: list[tuple[str, int, int]] = []
    start = 0
    for cluster in _clusters(text):
        end = start + len(cluster)
        for char in _fold_cluster(cluster):
            if _is_word(char):
                run.append((char, start, end))
            else:
                found += _as_word(run)
                run = []
        start = end
    return (*found, *_as_word(run))


def _as_word(run: list[tuple[str, int, int]]) -> list[Word]:
    if not run:
        return []
    chars, starts, ends = zip(*run, strict=True)
    return [Word("".join(chars), starts, ends)]


def _clusters(text: str) -> list[str]:
    """Cut a text before every sign that is neither a mark nor a joiner."""
    if text.isascii():
        return list(text)
    cuts = [place for place, char in enumerate(text) if not _is_mark(char)]
    if not cuts or cuts[0] != 0:
        cuts.insert(0, 0)
    return [text[start:end] for start, end in zip(cuts, [*cuts[1:], len(text)], strict=True)]


@lru_cache(maxsize=8192)
def _fold_cluster(cluster: str) -> str:
    kept: list[str] = []
    after_indic = False
    plain = unicodedata.normalize("NFKD", cluster)  # before and after the case: fancy dress has no small letters
    for char in unicodedata.normalize("NFKD", plain.casefold().translate(_VARIANTS)):
        if unicodedata.category(char) == "Mn" and not after_indic:
            continue
        if unicodedata.category(char) != "Mn":
            after_indic = _INDIC_FIRST <= ord(char) <= _INDIC_LAST
        kept.append(str(unicodedata.decimal(char)) if char.isdecimal() else char)
    return "".join(kept).translate(_VARIANTS)


@lru_cache(maxsize=8192)
def _is_mark(char: str) -> bool:
    return char in _JOINERS or unicodedata.category(char)[0] == "M"


@lru_cache(maxsize=8192)
def _is_word(char: str) -> bool:
    return unicodedata.category(char)[0] in "LNM"
