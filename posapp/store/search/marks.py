"""Which letters of what is shown made a customer match."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from posapp.domain.digits import fold_digits
from posapp.domain.folding import Word, placed_words
from posapp.services.dto import Customer
from posapp.services.ports.search import Mark, MatchKind
from posapp.store.phones import indexed
from posapp.store.search.query import MIN_INNER, Term
from posapp.store.search.vocabulary import NOBODY, Neighbours

_PHONE = "phone"
_JOINED = frozenset(("card", "email"))
"""Fields that are also found written in one (`C-4711` by `c4711`)."""


class _Match(NamedTuple):
    """A place where a term matches, and how well."""

    kind: MatchKind
    mark: Mark


class _Field(NamedTuple):
    """A field as shown, read into words."""

    name: str
    words: tuple[Word, ...]
    text: str


def marks_of(
    customer: Customer, kind: MatchKind, terms: Sequence[Term], neighbours: Mapping[str, Neighbours], country: str
) -> tuple[str, tuple[Mark, ...]]:
    """Return which field matched and what to mark.

    The field is the best one in which every term matches, else that of the first term.

    Args:
        customer: Whom; she matches every term.
        kind: How well: where a field matches every term as well as that, no other is looked into.
        terms: What was typed.
        neighbours: Words near to the terms' words.
        country: ISO 3166 code of the shop's country.
    """
    fields: list[_Field] = []
    found: list[list[list[_Match]]] = []
    for field in _fields(customer):
        fields.append(field)
        places = [_places(term, field, neighbours, country) for term in terms]
        if all(places) and max(_weakest(some) for some in places) <= kind:
            return _told(places)
        found.append(places)
    whole = [places for places in found if all(places)]
    if whole:
        return _told(min(whole, key=lambda places: max(_weakest(some) for some in places)))
    return _told(
        places
        for term in terms
        for places in _anywhere(term, fields, lambda one, field: _places(one, field, neighbours, country))
    )


def _anywhere(
    term: Term, fields: Sequence[_Field], places_of: Callable[[Term, _Field], list[_Match]]
) -> Iterator[list[_Match]]:
    """Yield where a term matches best, or where each of its parts does."""
    found = [places for field in fields if (places := places_of(term, field))]
    if found:
        yield min(found, key=_weakest)
    else:
        for part in term.parts:
            yield from _anywhere(part, fields, places_of)


def _told(places: Iterable[list[_Match]]) -> tuple[str, tuple[Mark, ...]]:
    marks = tuple(dict.fromkeys(place.mark for some in places for place in some))
    return marks[0].field.partition(":")[0] if marks else "", marks


def _weakest(places: Iterable[_Match]) -> MatchKind:
    return max(place.kind for place in places)


def _fields(customer: Customer) -> Iterator[_Field]:
    profile = customer.profile
    texts = [("name", profile.name), (_PHONE, profile.phone), ("card", customer.card_code), ("email", profile.email)]
    texts += [(f"tag:{place}", tag) for place, tag in enumerate(profile.tags)]
    for name, text in texts:
        if text:
            yield _Field(name, () if name == _PHONE else placed_words(text), text)


def _places(term: Term, field: _Field, neighbours: Mapping[str, Neighbours], country: str) -> list[_Match]:
    """Return where a term matches in a field: in one place, or each of its parts in one; empty for nowhere."""
    if field.name == _PHONE:
        whole = _in_phone(term, field.text, country) if term.phones else None
    else:
        whole = _in_words(term, field, neighbours.get(term.text, NOBODY))
    if whole is not None and (whole.kind is MatchKind.EXACT or not term.parts):
        return [whole]
    parts = [_places(part, field, neighbours, country) for part in term.parts]
    if parts and all(parts) and (whole is None or max(map(_weakest, parts)) < whole.kind):
        return [place for some in parts for place in some]
    return [whole] if whole is not None else []


def _in_words(term: Term, field: _Field, near: Neighbours) -> _Match | None:
    best: _Match | None = None
    readings = [*field.words, _joined(field.words)] if field.name in _JOINED and field.words else field.words
    for word in readings:
        kind, start, end = _in_word(term.text, word.text, near)
        if kind is not None and (best is None or kind < best.kind):
            best = _Match(kind, Mark(field.name, *word.shown(start, end)))
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


def _in_phone(term: Term, shown: str, country: str) -> _Match | None:
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
            return _Match(kind, Mark(_PHONE, places[start], places[start + len(form) - 1] + 1))
    return _Match(kind, Mark(_PHONE, 0, len(shown)))
