"""The customers who may match, from the index: some hundreds at most, in no order.

Terms become quoted strings joined by AND and OR, so that nothing a person types can be an operator. Beginnings come
from the index of words, what stands inside from the index of three-letter pieces, whose hits are read and checked, for
three pieces of a word are not the word.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

import sqlalchemy as sa

from posapp.store.search.entries import BEGINNING, ENDING
from posapp.store.search.query import Term
from posapp.store.search.vocabulary import Neighbours

MOST: Final = 200
"""Candidates of one question to the index; where there are more, more letters will be typed."""

_SEEN_LATELY: Final = 300
_READ_AT_MOST: Final = 3000
_PROBED: Final = 60
_RAREST: Final = 3
_PIECE: Final = 3

_COLUMNS = "e.row, e.words, e.middles, coalesce(s.at, 0)"
_BY_WORDS = (
    f"SELECT {_COLUMNS} FROM search_words w CROSS JOIN search_entry e ON e.row = w.rowid"  # noqa: S608 (own constants)
    f" LEFT JOIN customer_seen s ON s.customer = e.row WHERE w.search_words MATCH ? LIMIT {MOST}"
)
_BY_MIDDLES = (
    f"SELECT {_COLUMNS} FROM search_middles m CROSS JOIN search_entry e ON e.row = m.rowid"  # noqa: S608
    f" LEFT JOIN customer_seen s ON s.customer = e.row WHERE m.search_middles MATCH ? LIMIT {_READ_AT_MOST}"
)
_LATELY = (
    f"SELECT {_COLUMNS} FROM (SELECT customer, at FROM customer_seen ORDER BY at DESC LIMIT {_SEEN_LATELY}) s"  # noqa: S608
    " CROSS JOIN search_entry e ON e.row = s.customer"
)
_PROBE = (
    "SELECT ?, count(*), coalesce(max(rowid), 0) FROM"  # noqa: S608
    f" (SELECT rowid FROM search_middles WHERE search_middles MATCH ? LIMIT {_PROBED})"
)


class Candidate(NamedTuple):
    """A customer who may match: her row, her entry, and when she was last looked at (0: never)."""

    row: int
    words: str
    middles: str
    seen: int


def beginning_with(sql: sa.Connection, terms: Sequence[Term]) -> list[Candidate]:
    """Return customers of whom every term begins a word."""
    return _asked(sql, _BY_WORDS, beginning_expression(terms))


def beginning_expression(terms: Sequence[Term]) -> str:
    """Return the index's question for customers of whom every term begins a word."""
    return " AND ".join(_clause(term) for term in terms)


def with_whole_words(sql: sa.Connection, terms: Sequence[Term]) -> list[Candidate]:
    """Return customers of whom every term is a word, or ends the phone."""
    return _asked(sql, _BY_WORDS, " AND ".join(_clause(term, whole=True) for term in terms))


def with_neighbours(
    sql: sa.Connection, terms: Sequence[Term], neighbours: Mapping[str, Neighbours], *, typos: bool
) -> list[Candidate]:
    """Return customers of whom every term begins a word, or is near to one.

    Args:
        sql: The transaction.
        terms: What was typed.
        neighbours: Words near to the terms' words.
        typos: Whether those nearly spelled so count, beside those that sound so.
    """
    clauses = []
    for term in terms:
        near = neighbours.get(term.text, Neighbours())
        others = (*near.sounds, *near.typos) if typos else near.sounds
        clauses.append("(" + " OR ".join([_clause(term), *(_quoted(word) for word in others)]) + ")")
    return _asked(sql, _BY_WORDS, " AND ".join(clauses))


def seen_lately(sql: sa.Connection, terms: Sequence[Term]) -> list[Candidate]:
    """Return of the customers looked at last those of whom the first term may begin a word."""
    first = (terms[0], *terms[0].parts[:1])
    begun = [f" {beginning}" for term in first for beginning in beginnings(term)]
    which = " OR ".join(["instr(' ' || e.words, ?)"] * len(begun))
    return [Candidate(*row) for row in sql.exec_driver_sql(f"{_LATELY} WHERE {which}", tuple(begun)).all()]


def holding(sql: sa.Connection, terms: Sequence[Term]) -> Iterator[Candidate]:
    """Yield customers who may hold every term inside a word; the caller checks and stops."""
    rare = _rarest(sql, terms)
    clauses = [clause for term in terms if (clause := _inside(term, rare))]
    if clauses:
        with sql.exec_driver_sql(_BY_MIDDLES, (" AND ".join(clauses),)) as result:
            for rows in result.partitions(MOST):
                yield from (Candidate(*row) for row in rows)


def beginnings(term: Term) -> tuple[str, ...]:
    """Return what an indexed word may begin with to match a term."""
    return (term.text, *(BEGINNING + form for form in term.phones))


def _asked(sql: sa.Connection, statement: str, expression: str) -> list[Candidate]:
    return [Candidate(*row) for row in sql.exec_driver_sql(statement, (expression,)).all()]


def _quoted(text: str) -> str:
    return f'"{text}"'


def _clause(term: Term, *, whole: bool = False) -> str:
    """Return the question for whom a term begins a word, or is one."""
    clauses = [_quoted(reading) + ("" if whole else " *") for reading in beginnings(term)]
    if term.ending:
        clauses.append(_quoted(ENDING + term.ending) + " *")
    if term.parts:
        clauses.append("(" + " AND ".join(_clause(part, whole=whole) for part in term.parts) + ")")
    return "(" + " OR ".join(clauses) + ")"


def _inside(term: Term, rare: Mapping[str, Sequence[str]]) -> str:
    """Return the question for what may hold a term; empty where that asks for nothing."""
    clauses = ["(" + " AND ".join(map(_quoted, rare[form])) + ")" for form in term.insides]
    pieces = [clause for part in term.parts if (clause := _inside(part, rare))]
    if pieces:
        clauses.append("(" + " AND ".join(pieces) + ")")
    return "(" + " OR ".join(clauses) + ")" if clauses else ""


def _rarest(sql: sa.Connection, terms: Sequence[Term]) -> dict[str, Sequence[str]]:
    """Return for each text to be held the rarest of its pieces, by how close together their first hits lie."""
    forms = {form for term in terms for one in (term, *term.parts) for form in one.insides}
    pieces = {form: list(dict.fromkeys(form[at : at + _PIECE] for at in range(len(form) - 2))) for form in forms}
    several = {piece for found in pieces.values() if len(found) > _RAREST for piece in found}
    if not several:
        return dict(pieces)
    asked = [value for piece in several for value in (piece, _quoted(piece))]
    probes = sql.exec_driver_sql(" UNION ALL ".join([_PROBE] * len(several)), tuple(asked))
    spread = {piece: float("inf") if count < _PROBED else last / count for piece, count, last in probes}
    return {form: sorted(found, key=lambda piece: -spread.get(piece, 0))[:_RAREST] for form, found in pieces.items()}
