"""The index that finds a customer while a cashier is still typing.

A query is cut into folded words and numbers; each becomes a quoted prefix of the full-text index, so that nothing a
person types can be an operator. The index answers with at most some hundred rows in no order; they are ranked here, for
ranking inside the index costs a hundred times more.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from posapp.domain.customer import Profile
from posapp.domain.digits import only_digits
from posapp.domain.folding import words
from posapp.domain.phone import MIN_SEARCH_DIGITS, query_forms
from posapp.store.ddl import SEARCH_TABLE
from posapp.store.phones import indexed
from posapp.store.profiles import search_words

CANDIDATES: Final = 200
_MAX_TERMS: Final = 12
_PHONE_LIKE: Final = re.compile(r"[\d\s()+./\-]+")

_INSERT = f"INSERT INTO {SEARCH_TABLE} (rowid, words, phone) VALUES (?, ?, ?)"  # noqa: S608
_DELETE = f"DELETE FROM {SEARCH_TABLE} WHERE rowid = ?"  # noqa: S608
_MATCH = sa.text(
    f"SELECT rowid FROM {SEARCH_TABLE} WHERE {SEARCH_TABLE} MATCH :query LIMIT {CANDIDATES}"  # noqa: S608
)

IndexRow = tuple[int, str, str]
"""Row of the customer, folded words, phone tokens."""


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that a customer must match: any of its readings.

    Attributes:
        text: The folded word, or the digits.
        numbers: The digit strings that a phone may begin with; empty for a word.
        parts: For a number typed in groups: the groups, which may also be found one by one.
    """

    text: str
    numbers: tuple[str, ...] = ()
    parts: tuple[Term, ...] = ()


def index_row(row: int, profile: Profile, card_code: str | None, country: str) -> IndexRow:
    """Return what the index holds of a customer."""
    return row, search_words(profile, card_code), indexed(profile.phone, country).tokens


def add(connection: sa.Connection, rows: Sequence[IndexRow]) -> None:
    """Index new customers, in ascending order of their rows."""
    if rows:
        connection.exec_driver_sql(_INSERT, list(rows))


def remove(connection: sa.Connection, row: int) -> None:
    """Take a customer out of the index."""
    connection.exec_driver_sql(_DELETE, (row,))


def terms_of(text: str, country: str) -> tuple[Term, ...]:
    """Return what a customer must match to be found for a text; nothing for a text without letters and digits."""
    tokens = words(text)[:_MAX_TERMS]
    whole = only_digits(text)
    if len(tokens) > 1 and len(whole) >= MIN_SEARCH_DIGITS and all(_is_number(token) for token in tokens):
        return (_number(whole, country, tokens),)
    return tuple(_grouped(tokens, country))


def _grouped(tokens: Iterable[str], country: str) -> Iterator[Term]:
    """Yield words one by one and neighbouring numbers as one."""
    group: list[str] = []
    for token in (*tokens, ""):
        if token and _is_number(token):
            group.append(token)
            continue
        if group:
            yield _number("".join(group), country, group)
        group = []
        if token:
            yield Term(token)


def _number(digits: str, country: str, groups: Sequence[str]) -> Term:
    if len(digits) < MIN_SEARCH_DIGITS:
        parts = tuple(Term(group) for group in groups) if len(groups) > 1 else ()
        return Term(digits, (), parts)
    parts = tuple(_number(group, country, ()) for group in groups) if len(groups) > 1 else ()
    return Term(digits, query_forms(digits, country), parts)


def _is_number(token: str) -> bool:
    return token.isascii() and token.isdigit()


def match_expression(terms: Iterable[Term]) -> str:
    """Return the index's query for terms, all of which must match."""
    return " AND ".join(_clause(term) for term in terms)


def _clause(term: Term) -> str:
    readings = [f'words : "{term.text}" *']
    readings += [f'phone : "p{form}" *' for form in term.numbers]
    if term.numbers:
        readings.append(f'phone : "r{term.text[::-1]}" *')
    if term.parts:
        readings.append("(" + " AND ".join(_clause(part) for part in term.parts) + ")")
    return "(" + " OR ".join(readings) + ")"


def candidates(connection: sa.Connection, terms: Sequence[Term]) -> list[int]:
    """Return rows of customers who match, in no order; whole words first where there are too many."""
    found: list[int] = list(connection.execute(_MATCH, {"query": match_expression(terms)}).scalars())
    if len(found) < CANDIDATES or not any(not term.numbers for term in terms):
        return found
    exact = match_expression(terms).replace('" *', '"')
    return list(dict.fromkeys([*connection.execute(_MATCH, {"query": exact}).scalars(), *found]))


def ranked(customer: Any, terms: Sequence[Term], country: str) -> tuple[int, str]:
    """Return how well a customer matches (smaller is better) and the field that matched all terms, else the first."""
    fields = (
        ("name", words(customer.name)),
        ("card", words(customer.card_code or "")),
        ("email", words(customer.email or "")),
        ("tag", words(" ".join(customer.tags))),
    )
    scores = [_score(term, fields, customer.phone, country) for term in terms]
    whole = (field for field, tokens in fields if all(_begins(term, tokens) for term in terms))
    return sum(score for score, _ in scores), next(whole, scores[0][1])


def _begins(term: Term, tokens: Iterable[str]) -> bool:
    return any(token.startswith(term.text) for token in tokens)


def _score(
    term: Term, fields: Iterable[tuple[str, tuple[str, ...]]], phone: str | None, country: str
) -> tuple[int, str]:
    best = (9, "phone")
    for weight, (field, tokens) in enumerate(fields):
        for place, token in enumerate(tokens):
            if token == term.text:
                best = min(best, (weight, field))
            elif token.startswith(term.text):
                best = min(best, (weight + (2 if place == 0 else 3), field))
    if term.numbers:
        known = indexed(phone, country)
        if any(form in known.forms for form in term.numbers):
            best = min(best, (0, "phone"))
        elif known.tokens:
            best = min(best, (3, "phone"))
    return best
