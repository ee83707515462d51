"""Grading candidates by what was typed, and putting them in order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from posapp.services.ports.search import MatchKind
from posapp.store.search.candidates import Candidate
from posapp.store.search.entries import AFTER_NAME, BEGINNING, ENDING
from posapp.store.search.query import Term
from posapp.store.search.vocabulary import NOBODY, Neighbours

_NOT_IN_WORDS: Final = 10_000


class Grade(NamedTuple):
    """How well a customer matches: the smaller the better, in this order.

    Attributes:
        kind: The weakest of all terms.
        unseen: Minus the moment she was last looked at.
        other_length: Whether her name has not as many words as were typed.
        place: Where in her words the terms stand, added up: the name comes first there.
        words: Her words, the name first.
        row: Her row.
    """

    kind: MatchKind
    unseen: int
    other_length: bool
    place: int
    words: str
    row: int


def graded(
    candidates: Iterable[Candidate], terms: Sequence[Term], neighbours: Mapping[str, Neighbours]
) -> dict[int, Grade]:
    """Return the grades of those candidates who match every term, by row."""
    grades = {}
    for candidate in candidates:
        grade = grade_of(candidate, terms, neighbours)
        if grade is not None:
            grades[candidate.row] = grade
    return grades


def grade_of(candidate: Candidate, terms: Sequence[Term], neighbours: Mapping[str, Neighbours]) -> Grade | None:
    """Return how well a candidate matches; None for one who does not."""
    padded = f" {candidate.words} "
    weakest, places = MatchKind.EXACT, 0
    for term in terms:
        kind, place = _term_grade(term, padded, candidate.middles, neighbours)
        if kind is None:
            return None
        weakest = max(weakest, kind)
        places += place
    other_length = len(candidate.words.partition(AFTER_NAME)[0].split()) != len(terms)
    return Grade(weakest, -candidate.seen, other_length, places, candidate.words, candidate.row)


def _term_grade(
    term: Term, padded: str, middles: str, neighbours: Mapping[str, Neighbours]
) -> tuple[MatchKind | None, int]:
    kind, place = _whole_grade(term, padded, middles, neighbours.get(term.text, NOBODY))
    if term.parts and kind is not MatchKind.EXACT:
        grades = [_term_grade(part, padded, middles, neighbours) for part in term.parts]
        kinds = [found for found, _ in grades if found is not None]
        if len(kinds) == len(grades) and (kind is None or max(kinds) < kind):
            return max(kinds), min(at for _, at in grades)
    return kind, place


def _whole_grade(term: Term, padded: str, middles: str, near: Neighbours) -> tuple[MatchKind | None, int]:
    readings = (term.text, *(BEGINNING + form for form in term.phones))
    for reading in readings:
        place = padded.find(f" {reading} ")
        if place >= 0:
            return MatchKind.EXACT, place
    for reading in (*readings, ENDING + term.ending) if term.ending else readings:
        place = padded.find(f" {reading}")
        if place >= 0:
            return MatchKind.PREFIX, place
    if any(form in middles for form in term.insides):
        return MatchKind.INNER, padded.find(term.text) if term.text in padded else _NOT_IN_WORDS
    for kind, words in ((MatchKind.SOUND, near.sounds), (MatchKind.TYPO, near.typos)):
        for word in words:
            place = padded.find(f" {word} ")
            if place >= 0:
                return kind, place
    return None, 0
