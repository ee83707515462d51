"""What was typed, read into terms, each of which a customer must match in one of its readings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from posapp.domain.folding import fold, words
from posapp.domain.phone import query_forms

MIN_INNER: Final = 3
"""Letters from which a word is looked for inside others: the index of middles knows nothing shorter."""

_MAX_TYPED: Final = 200
_MAX_WORDS: Final = 12


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that a customer must match.

    Attributes:
        text: The folded word, or all digits of a number.
        phones: For a number: what a phone may begin with, without trunk zero and own country code; empty for a word.
        parts: Where it was typed in pieces (`1711 234`, `ma.khan`): the pieces, all of which may match instead.
    """

    text: str
    phones: tuple[str, ...] = ()
    parts: tuple[Term, ...] = ()

    @property
    def insides(self) -> tuple[str, ...]:
        """What may stand inside a word or a phone, where it is long enough."""
        return tuple(form for form in dict.fromkeys((self.text, *self.phones)) if len(form) >= MIN_INNER)

    @property
    def ending(self) -> str:
        """A number's digits as the end of a phone in reverse; empty for what is no number or too short."""
        return self.text[::-1] if self.phones and len(self.text) >= MIN_INNER else ""


def terms_of(text: str, country: str) -> tuple[Term, ...]:
    """Return what a customer must match to be found for a text; nothing for a text without letters and digits.

    Args:
        text: As typed; what lies beyond 200 characters or 12 words is not looked at.
        country: ISO 3166 code of the shop's country.
    """
    return tuple(_grouped(_chunks(text), country))


def _chunks(text: str) -> Iterator[tuple[str, ...]]:
    """Yield the words of each stretch between blanks."""
    room = _MAX_WORDS
    for stretch in fold(text[:_MAX_TYPED]).split():
        chunk = words(stretch)[:room]
        room -= len(chunk)
        if chunk:
            yield chunk


def _grouped(chunks: Iterable[tuple[str, ...]], country: str) -> Iterator[Term]:
    """Yield words one by one and neighbouring numbers as one."""
    numbers: list[str] = []
    for chunk in chunks:
        if all(map(_is_number, chunk)):
            numbers += chunk
            continue
        if numbers:
            yield _number(numbers, country)
            numbers = []
        pieces = tuple(_number([word], country) if _is_number(word) else Term(word) for word in chunk)
        yield pieces[0] if len(pieces) == 1 else Term("".join(chunk), parts=pieces)
    if numbers:
        yield _number(numbers, country)


def _number(groups: Sequence[str], country: str) -> Term:
    digits = "".join(groups)
    parts = tuple(_number([group], country) for group in groups) if len(groups) > 1 else ()
    return Term(digits, query_forms(digits, country), parts)


def _is_number(word: str) -> bool:
    return word.isascii() and word.isdigit()
