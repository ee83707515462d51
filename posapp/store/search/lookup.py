"""One look-up: from what was typed to the customers shown, with why and with their numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any, Final, NamedTuple

import sqlalchemy as sa

from posapp.domain.customer import Profile
from posapp.domain.folding import fold
from posapp.domain.ids import RemoteId
from posapp.services.dto import Customer
from posapp.services.ports.search import Found, FoundCustomer, Mark, MatchKind
from posapp.store.customer_rows import customer_of
from posapp.store.phones import indexed
from posapp.store.scope import Scope
from posapp.store.search import candidates, state
from posapp.store.search.marks import marks_of
from posapp.store.search.query import Term, terms_of
from posapp.store.search.ranking import Grade, grade_of, graded
from posapp.store.search.seen import rows_seen
from posapp.store.search.vocabulary import Neighbours, neighbours_of
from posapp.store.standings import standings
from posapp.store.tables import CUSTOMER, REMOTE_RECORD

_NAMED: Final = 10


class _Ranked(NamedTuple):
    """Who matches, best first; the words near to what was typed; whether more match than were read."""

    grades: list[Grade]
    neighbours: Mapping[str, Neighbours]
    more: bool


class _Shown(NamedTuple):
    """A customer to be shown, and why."""

    row: Any
    matched: str
    kind: MatchKind
    marks: tuple[Mark, ...]


class Lookup:
    """Answers what a person at the till asks the index, on one transaction."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._sql = scope.sql

    def find(self, text: str, limit: int) -> Found:
        """Return live customers who match every word of a text, best first."""
        country = self._scope.shop.country
        searched = state.count(self._sql)
        terms = terms_of(text, country)
        if not terms or limit < 1:
            return Found((), searched, more=False)
        ranked = _ranked(self._sql, terms, limit)
        best = ranked.grades[:limit]
        rows = self._rows([grade.row for grade in best])
        shown = [
            _Shown(
                rows[grade.row],
                *_why(rows[grade.row], grade.kind, terms, ranked.neighbours, country),
            )
            for grade in best
        ]
        return Found(tuple(self._found(shown)), searched, ranked.more or len(ranked.grades) > limit)

    def named(self, text: str) -> list[Customer]:
        """Return who is meant by a text, for an act: only customers of whom every word is or begins one of theirs."""
        terms = terms_of(text, self._scope.shop.country)
        grades = _ranked(self._sql, terms, _NAMED).grades if terms else []
        named = [grade.row for grade in grades if grade.kind <= MatchKind.PREFIX][:_NAMED]
        rows = self._rows(named)
        return [customer_of(self._scope, rows[row]) for row in named]

    def recent(self, limit: int) -> list[FoundCustomer]:
        """Return live customers whose card was opened lately, the last one first."""
        seen = rows_seen(self._sql, limit)
        rows = self._rows(seen)
        return self._found([_Shown(rows[row], "", MatchKind.EXACT, ()) for row in seen])

    def alike(self, profile: Profile, limit: int) -> list[FoundCustomer]:
        """Return live customers who may be the one described: of the same phone, then e-mail, then whole name."""
        shown = [*self._of_phone(profile.phone), *self._of_email(profile.email), *self._of_name(profile.name)]
        first = {one.row.row: one for one in reversed(shown)}
        order = dict.fromkeys(one.row.row for one in shown)
        return self._found([first[row] for row in islice(order, limit)])

    def _of_phone(self, phone: str | None) -> list[_Shown]:
        country = self._scope.shop.country
        e164 = indexed(phone, country).e164
        if phone is None or e164 is None:
            return []
        query = sa.select(CUSTOMER).where(CUSTOMER.c.phone_e164 == e164, CUSTOMER.c.status == "live")
        same = self._sql.execute(query.order_by(CUSTOMER.c.row).limit(_NAMED)).all()
        return [_Shown(row, "phone", MatchKind.EXACT, (Mark("phone", 0, len(row.phone)),)) for row in same]

    def _of_email(self, email: str | None) -> list[_Shown]:
        terms = terms_of(email or "", self._scope.shop.country)
        if email is None or not terms:
            return []
        rows = self._rows([found.row for found in candidates.with_whole_words(self._sql, terms)])
        same = [row for row in rows.values() if row.email is not None and fold(row.email) == fold(email)]
        return [_Shown(row, "email", MatchKind.EXACT, (Mark("email", 0, len(row.email)),)) for row in same]

    def _of_name(self, name: str) -> list[_Shown]:
        country = self._scope.shop.country
        terms = terms_of(name, country)
        if not terms:
            return []
        ranked = _ranked(self._sql, terms, candidates.MOST)
        near = [grade for grade in ranked.grades if grade.kind in _SAME_NAME and not grade.other_length]
        rows = self._rows([grade.row for grade in near[:_NAMED]])
        return [
            _Shown(rows[grade.row], *_why(rows[grade.row], grade.kind, terms, ranked.neighbours, country))
            for grade in near[:_NAMED]
        ]

    def _rows(self, rows: Sequence[int]) -> dict[int, Any]:
        query = sa.select(CUSTOMER).where(CUSTOMER.c.row.in_(rows))
        return {found.row: found for found in self._sql.execute(query)}

    def _found(self, shown: Sequence[_Shown]) -> list[FoundCustomer]:
        numbers = standings(self._scope, [(one.row.row, one.row.id) for one in shown])
        remote_ids = self._remote_ids([one.row.row for one in shown])
        return [
            FoundCustomer(
                customer=customer_of(self._scope, one.row),
                remote_id=remote_ids.get(one.row.row),
                matched=one.matched,
                kind=one.kind,
                marks=one.marks,
                standing=numbers[one.row.id],
            )
            for one in shown
        ]

    def _remote_ids(self, rows: Sequence[int]) -> dict[int, RemoteId]:
        if self._scope.primary is None:
            return {}
        query = sa.select(REMOTE_RECORD.c.customer, REMOTE_RECORD.c.remote_id).where(
            REMOTE_RECORD.c.customer.in_(rows),
            REMOTE_RECORD.c.connection == self._scope.primary[0],
            REMOTE_RECORD.c.alias_of.is_(None),
        )
        return {row: RemoteId(remote_id) for row, remote_id in self._sql.execute(query)}


_SAME_NAME: Final = frozenset((MatchKind.EXACT, MatchKind.SOUND, MatchKind.TYPO))


def _ranked(sql: sa.Connection, terms: Sequence[Term], wanted: int) -> _Ranked:
    """Return who matches, asking further only while there are not more than are wanted."""
    first = candidates.beginning_with(sql, terms)
    grades = graded(first, terms, {})
    if len(first) >= candidates.MOST:
        grades |= graded(candidates.with_whole_words(sql, terms), terms, {})
        grades |= graded(candidates.seen_lately(sql), terms, {})
        return _Ranked(sorted(grades.values()), {}, more=True)
    if len(grades) <= wanted:
        held = (grade for one in candidates.holding(sql, terms) if (grade := grade_of(one, terms, {})) is not None)
        grades |= {grade.row: grade for grade in islice(held, candidates.MOST)}
    neighbours: Mapping[str, Neighbours] = {}
    if len(grades) <= wanted:
        neighbours = neighbours_of(sql, terms)
        for typos in (False, True):
            if neighbours and len(grades) <= wanted:
                near = candidates.with_neighbours(sql, terms, neighbours, typos=typos)
                grades |= graded(near, terms, neighbours)
    return _Ranked(sorted(grades.values()), neighbours, more=False)


def _why(
    row: Any, kind: MatchKind, terms: Sequence[Term], neighbours: Mapping[str, Neighbours], country: str
) -> tuple[str, MatchKind, tuple[Mark, ...]]:
    profile = Profile(name=row.name, phone=row.phone, email=row.email, tags=tuple(row.tags))
    matched, marks = marks_of(profile, row.card_code, terms, neighbours, country)
    return matched, kind, marks
