"""Which letters of what is shown made a customer match."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from posapp.domain.customer import Profile
from posapp.domain.digits import fold_digits
from posapp.domain.folding import Word, placed_words
from posapp.services.ports.search import Mark, MatchKind
from posapp.store.phones import indexed
from posapp.store.search.query import MIN_INNER, Term
from posapp.store.search.vocabulary import NOBODY, Neighbours

_PHONE = "phone"
_JOINED = frozenset(("card", "email"))
"""Fields that are also found written in one (`C-4711` by `c4711`)."""


class _Match(NamedTuple):
    """A place where a term matches: how well, in which field (by its order), and the range."""

    kind: MatchKind
    order: int
    start: int
    end: int


class _Field(NamedTuple):
    """A field as shown, read into words."""

    name: str
    words: tuple[Word, ...]
    text: str


def marks_of(
    profile: Profile, card_code: str | None, terms: Sequence[Term], neighbours: Mapping[str, Neighbours], country: str
) -> tuple[str, tuple[Mark, ...]]:
    """Return which field matched and what to mark.

    The field is the best one in which every term matches, else that of the first term.

    Args:
        profile: Hers.
        card_code: Of her card.
        terms: What was typed; she matches them all.
        neighbours: Words near to the terms' words.
        country: ISO 3166 code of the shop's country.
    """
    fields = list(_fields(profile, card_code))
    found = [
        [places for order, field in enumerate(fields) if (places := _places(term, field, order, neighbours, country))]
        for term in terms
    ]
    in_all = set.intersection(*({places[0].order for places in some} for some in found)) if found else set()
    chosen: list[list[_Match]] = []
    if in_all:
        best = min(in_all, key=lambda order: (max(_in(order, some)[0].kind for some in found), order))
        chosen = [_in(best, some) for some in found]
    else:
        chosen = [
            min(some, key=lambda places: (max(place.kind for place in places), places[0].order))
            for some in found
            if some
        ]
    marks = [Mark(fields[place.order].name, place.start, place.end) for places in chosen for place in places]
    return marks[0].field.partition(":")[0] if marks else "", tuple(dict.fromkeys(marks))


def _in(order: int, some: Sequence[list[_Match]]) -> list[_Match]:
    return next(places for places in some if places[0].order == order)


def _fields(profile: Profile, card_code: str | None) -> Iterator[_Field]:
    texts = [("name", profile.name), (_PHONE, profile.phone), ("card", card_code), ("email", profile.email)]
    texts += [(f"tag:{place}", tag) for place, tag in enumerate(profile.tags)]
    for name, text in texts:
        if text:
            yield _Field(name, () if name == _PHONE else placed_words(text), text)


def _places(term: Term, field: _Field, order: int, neighbours: Mapping[str, Neighbours], country: str) -> list[_Match]:
    """Return where a term matches in a field: in one place, or each of its parts in one; empty for nowhere."""
    if field.name == _PHONE:
        whole = _in_phone(term, field.text, order, country) if term.phones else None
    else:
        whole = _in_words(term, field, order, neighbours.get(term.text, NOBODY))
    if whole is not None and (whole.kind is MatchKind.EXACT or not term.parts):
        return [whole]
    parts = [_places(part, field, order, neighbours, country) for part in term.parts]
    if parts and all(parts) and (whole is None or max(place.kind for some in parts for place in some) < whole.kind):
        return [place for some in parts for place in some]
    return [whole] if whole is not None else []


def _in_words(term: Term, field: _Field, order: int, near: Neighbours) -> _Match | None:
    best: _Match | None = None
    readings = [*field.words, _joined(field.words)] if field.name in _JOINED and field.words else field.words
    for word in readings:
        kind, start, end = _in_word(term.text, word.text, near)
        if kind is not None and (best is None or kind < best.kind):
            best = _Match(kind, order, *word.shown(start, end))
    return best


def _in_word(text: str, word: str, near: Neighbours) -> tuple[MatchKind | None, int, int]:
    """Return how a text matches a word, and the stretch of the word."""
    if word == text:
        return MatchKind.EXACT, 0, len(word)
    if word.startswith(text):
        return MatchKind.PREFIX, 0, len(text)
    if len(text) >= MIN_INNER and text in word:
        start = word.index(text)
        return MatchKind.INNER, start, start + len(text)
    if word in near.sounds:
        return MatchKind.SOUND, 0, len(word)
    if word in near.typos:
        return MatchKind.TYPO, 0, len(word)
    return None, 0, 0


def _joined(words: Sequence[Word]) -> Word:
    return Word(
        "".join(word.text for word in words),
        tuple(start for word in words for start in word.starts),
        tuple(end for word in words for end in word.ends),
    )


def _in_phone(term: Term, shown: str, order: int, country: str) -> _Match | None:
    """Return where a number stands in a phone as typed; the whole phone where only its international form holds it."""
    phone = indexed(shown, country)
    if term.text == phone.digits or phone.beginning in term.phones:
        kind = MatchKind.EXACT
    elif any(phone.beginning.startswith(form) for form in term.phones) or (
        term.ending and phone.digits.endswith(term.text)
    ):
        kind = MatchKind.PREFIX
    elif any(form in phone.digits for form in term.insides):
        kind = MatchKind.INNER
    else:
        return None
    places = [place for place, char in enumerate(fold_digits(shown)) if "0" <= char <= "9"]
    digits = "".join(fold_digits(shown)[place] for place in places)
    for form in (term.text, *term.phones):
        start = digits.rfind(form) if digits.endswith(form) and not digits.startswith(form) else digits.find(form)
        if form and start >= 0:
            return _Match(kind, order, places[start], places[start + len(form) - 1] + 1)
    return _Match(kind, order, 0, len(shown))
