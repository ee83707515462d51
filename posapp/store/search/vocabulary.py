"""The words of names, with how they sound and how they may be misspelled.

A word is near to another when both are the same after leaving out one letter of each: that finds one typing error of
any sort and most pairs of two, by key, where comparing with every word would take milliseconds. Of longer words that
were typed two letters are left out. No word says whose it is, and one that nobody has any more is dropped.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import sqlalchemy as sa

from posapp.domain.sound import sound_key
from posapp.store.search.entries import AFTER_NAME
from posapp.store.search.query import Term

_SHORTEST: Final = 4
_LONGEST: Final = 30
_TWO_ERRORS_FROM: Final = 6
_LEAVE_TWO_FROM: Final = 7
_LEAVE_TWO_UP_TO: Final = 14
_SOUNDS_FROM: Final = 3
_SOUND_BEGINS_FROM: Final = 3
_MOST: Final = 24
_MOST_READ: Final = 200

_KNOWN = "SELECT word FROM search_vocabulary WHERE word IN (SELECT value FROM json_each(?))"
_LAST = "SELECT coalesce(max(id), 0) FROM search_vocabulary"
_LEARN = "INSERT INTO search_vocabulary (id, word, sound) VALUES (?, ?, ?)"
_LEARN_SPELLING = "INSERT INTO search_spelling (variant, word) VALUES (?, ?)"
_HELD = "SELECT id, word FROM search_vocabulary WHERE word IN (SELECT value FROM json_each(?))"
_IS_A_NAME = (
    "SELECT 1 FROM search_words w CROSS JOIN search_entry e ON e.row = w.rowid WHERE w.search_words MATCH ?"  # noqa: S608
    f" AND instr(' ' || substr(e.words, 1, instr(e.words, '{AFTER_NAME}')), ?) LIMIT 1"
)
_FORGET = "DELETE FROM search_vocabulary WHERE id = ?"
_FORGET_SPELLING = "DELETE FROM search_spelling WHERE variant = ? AND word = ?"
_SAME_SOUND = f"SELECT word FROM search_vocabulary WHERE sound = ? LIMIT {_MOST_READ}"  # noqa: S608 (an own constant)
_SOUND_BEGINS = f"SELECT word FROM search_vocabulary WHERE sound > ? AND sound < ? || '~' LIMIT {_MOST_READ}"  # noqa: S608
_NEAR = (
    "SELECT DISTINCT v.word FROM json_each(?) j CROSS JOIN search_spelling s ON s.variant = j.value"
    " CROSS JOIN search_vocabulary v ON v.id = s.word"
)


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Words of names near to a word that was typed, nearest first."""

    sounds: tuple[str, ...] = ()
    typos: tuple[str, ...] = ()


NOBODY: Final = Neighbours()


def learn(sql: sa.Connection, names: Iterable[str]) -> None:
    """Add words of names that are new."""
    wanted = {word for word in names if _worth_knowing(word)}
    new = sorted(wanted.difference(sql.exec_driver_sql(_KNOWN, (_json(wanted),)).scalars()))
    if not new:
        return
    first = int(sql.exec_driver_sql(_LAST).scalar_one()) + 1
    numbered = list(enumerate(new, first))
    sql.exec_driver_sql(_LEARN, [(number, word, sound_key(word)) for number, word in numbered])
    spellings = [(variant, number) for number, word in numbered for variant in _variants(word, 1)]
    if spellings:
        sql.exec_driver_sql(_LEARN_SPELLING, spellings)


def forget(sql: sa.Connection, words: Iterable[str]) -> None:
    """Drop words that are in nobody's name any more; called after those who had them left the index."""
    for number, word in sql.exec_driver_sql(_HELD, (_json(set(words)),)).all():
        if sql.exec_driver_sql(_IS_A_NAME, (f'"{word}"', f" {word} ")).first() is None:
            sql.exec_driver_sql(_FORGET, (number,))
            for variant in _variants(word, 1):
                sql.exec_driver_sql(_FORGET_SPELLING, (variant, number))


def neighbours_of(sql: sa.Connection, terms: Iterable[Term]) -> dict[str, Neighbours]:
    """Return the words near to each word in terms, by word; those without any are missing."""
    found = {}
    for term in terms:
        for one in (term, *term.parts):
            if not one.phones and _worth_knowing(one.text):
                sounds = _alike(sql, one.text)
                near = Neighbours(sounds, _misspelled(sql, one.text, sounds))
                if near != NOBODY:
                    found[one.text] = near
    return found


def edits(one: str, other: str) -> int:
    """Return how many letters must be added, left out, replaced or swapped with their neighbour between two words."""
    start = 0
    shorter = min(len(one), len(other))
    while start < shorter and one[start] == other[start]:
        start += 1
    end = 0
    while end < shorter - start and one[-1 - end] == other[-1 - end]:
        end += 1
    one, other = one[start : len(one) - end], other[start : len(other) - end]
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, char in enumerate(one):
        older, before, row = before, row, [i + 1]
        for j, against in enumerate(other):
            least = min(before[j] + (char != against), before[j + 1] + 1, row[j] + 1)
            if i and j and char == other[j - 1] and one[i - 1] == against:
                least = min(least, older[j - 1] + 1)
            row.append(least)
    return row[-1]


def _alike(sql: sa.Connection, word: str) -> tuple[str, ...]:
    """Return words that sound the same; those that go on sounding so, where there are none (it is being typed)."""
    sound = sound_key(word) if len(word) >= _SOUNDS_FROM else ""
    if not sound:
        return ()
    same = sql.exec_driver_sql(_SAME_SOUND, (sound,)).scalars().all()
    if not same and len(sound) >= _SOUND_BEGINS_FROM:
        same = sql.exec_driver_sql(_SOUND_BEGINS, (sound, sound)).scalars().all()
    return tuple(sorted(set(same) - {word}, key=lambda other: (edits(word, other), other))[:_MOST])


def _misspelled(sql: sa.Connection, word: str, sounds: Iterable[str]) -> tuple[str, ...]:
    if len(word) < _SHORTEST:
        return ()
    left_out = 2 if _LEAVE_TWO_FROM <= len(word) <= _LEAVE_TWO_UP_TO else 1
    near = set(sql.exec_driver_sql(_NEAR, (_json(_variants(word, left_out)),)).scalars()) - {word, *sounds}
    allowed = 2 if len(word) >= _TWO_ERRORS_FROM else 1
    close = sorted((away, other) for other in near if (away := edits(word, other)) <= allowed)
    return tuple(other for _, other in close[:_MOST])


def _worth_knowing(word: str) -> bool:
    return len(word) <= _LONGEST and not any(char.isdigit() for char in word)


def _variants(word: str, left_out: int) -> set[str]:
    """Return a word and what is left of it without one letter, or without up to two."""
    if len(word) < _SHORTEST:
        return set()
    places = range(len(word))
    dropped = [set(some) for count in range(left_out + 1) for some in combinations(places, count)]
    return {"".join(char for place, char in enumerate(word) if place not in gone) for gone in dropped}


def _json(texts: Iterable[str]) -> str:
    return json.dumps(sorted(texts), ensure_ascii=False)
