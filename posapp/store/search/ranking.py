"""Grading candidates by what was typed, and putting them in order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from posapp.services.ports.search import MatchKind
from posapp.store.search.candidates import Candidate, beginnings
from posapp.store.search.entries import AFTER_NAME, ENDING
from posapp.store.search.query import Term
from posapp.store.search.vocabulary import NOBODY, Neighbours

_NOT_IN_WORDS: Final = 10_000


class Grade(NamedTuple):
    """How well a customer matches: the smaller the better, in this order.

    Attributes:
        kind: The weakest of all terms.
        unseen: Minus the moment she was last looked at.
        other_length: Whether her name has not as many words as were typed.
        place: Where in her words the terms stand, added up: the name comes first there, the end of a phone counts 0.
        words: Her words, the name first.
        row: Her row.
    """

    kind: MatchKind
    unseen: int
    other_length: bool
    place: int
    words: str
    row: int


class Question(NamedTuple):
    """A term made ready for being looked for in many entries; a blank stands before each word and at its end.

    Attributes:
        beginnings: What a word may begin with.
        ending: How the end of a phone reads in an entry; empty for none.
        insides: What may stand inside.
        sounds: Words that sound alike.
        typos: Words nearly spelled so.
        parts: The pieces it was typed in.
    """

    beginnings: tuple[str, ...]
    ending: str
    insides: tuple[str, ...]
    sounds: tuple[str, ...]
    typos: tuple[str, ...]
    parts: tuple[Question, ...]


def questions(terms: Iterable[Term], neighbours: Mapping[str, Neighbours]) -> list[Question]:
    """Return terms made ready for grading."""
    return [_question(term, neighbours) for term in terms]


def graded(candidates: Iterable[Candidate], asked: Sequence[Question]) -> Iterable[Grade]:
    """Yield the grades of those candidates who match everything asked."""
    return (grade for candidate in candidates if (grade := _grade(candidate, asked)) is not None)


def _question(term: Term, neighbours: Mapping[str, Neighbours]) -> Question:
    near = neighbours.get(term.text, NOBODY)
    return Question(
        tuple(f" {beginning}" for beginning in beginnings(term)),
        f" {ENDING}{term.ending}" if term.ending else "",
        term.insides,
        tuple(f" {word} " for word in near.sounds),
        tuple(f" {word} " for word in near.typos),
        tuple(_question(part, neighbours) for part in term.parts),
    )


def _grade(candidate: Candidate, asked: Sequence[Question]) -> Grade | None:
    words = f" {candidate.words} "
    weakest, places = MatchKind.EXACT, 0
    for question in asked:
        kind, place = _match(question, words, candidate.middles)
        if kind is None:
            return None
        weakest = max(weakest, kind)
        places += place
    other_length = words.count(" ", 0, words.find(AFTER_NAME)) != len(asked) + 1
    return Grade(weakest, -candidate.seen, other_length, places, candidate.words, candidate.row)


def _match(question: Question, words: str, middles: str) -> tuple[MatchKind | None, int]:
    """Return how well a customer matches a question and where, as one word or by its parts; None for not at all."""
    kind, place = _match_whole(question, words, middles)
    if question.parts and kind is not MatchKind.EXACT:
        matches = [_match(part, words, middles) for part in question.parts]
        kinds = [found for found, _ in matches if found is not None]
        if len(kinds) == len(matches) and (kind is None or max(kinds) < kind):
            return max(kinds), min(at for _, at in matches)
    return kind, place


def _match_whole(question: Question, words: str, middles: str) -> tuple[MatchKind | None, int]:
    begun = [place for beginning in question.beginnings if (place := words.find(beginning)) >= 0]
    if begun:
        for beginning in question.beginnings:
            exact = words.find(beginning + " ")
            if exact >= 0:
                return MatchKind.EXACT, exact
    if question.ending and question.ending in words:
        return MatchKind.PREFIX, 0
    if begun:
        return MatchKind.PREFIX, min(begun)
    for inside in question.insides:
        if inside in middles:
            return MatchKind.INNER, words.find(inside) % _NOT_IN_WORDS
    return _match_near(question, words)


def _match_near(question: Question, words: str) -> tuple[MatchKind | None, int]:
    for kind, near in ((MatchKind.SOUND, question.sounds), (MatchKind.TYPO, question.typos)):
        for word in near:
            place = words.find(word)
            if place >= 0:
                return kind, place
    return None, 0
