"""One look-up: from what was typed to the customers shown, with why and with their numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any, Final, NamedTuple

import sqlalchemy as sa

from posapp.domain.customer import Profile
from posapp.domain.folding import fold
from posapp.domain.ids import RemoteId
from posapp.services.dto import Customer, CustomerStatus
from posapp.services.ports.search import Found, FoundCustomer, Mark, MatchKind
from posapp.store.columns import listed
from posapp.store.customer_rows import customer_of
from posapp.store.phones import indexed
from posapp.store.scope import Scope
from posapp.store.search import candidates, state
from posapp.store.search.marks import marks_of
from posapp.store.search.query import Term, terms_of
from posapp.store.search.ranking import Grade, graded, questions
from posapp.store.search.seen import rows_seen
from posapp.store.search.vocabulary import Neighbours, neighbours_of
from posapp.store.standings import standings
from posapp.store.tables import CUSTOMER, REMOTE_RECORD

_NAMED: Final = 10
_MISTYPED: Final = 4
"""Up to so many who match otherwise, what was typed may be mistyped; where there are more, it is a name."""
_CUSTOMERS = sa.select(CUSTOMER).where(CUSTOMER.c.row.in_(listed("rows")))
_SAME_PHONE = (
    sa.select(CUSTOMER)
    .where(CUSTOMER.c.phone_e164 == sa.bindparam("e164"), CUSTOMER.c.status == CustomerStatus.LIVE.value)
    .order_by(CUSTOMER.c.row)
    .limit(_NAMED)
)
_RECORDS = sa.select(
    REMOTE_RECORD.c.customer,
    REMOTE_RECORD.c.remote_id,
    sa.func.json_extract(REMOTE_RECORD.c.profile, "$.traits.blacklisted", type_=sa.Boolean).label("blacklisted"),
).where(
    REMOTE_RECORD.c.customer.in_(listed("rows")),
    REMOTE_RECORD.c.connection == sa.bindparam("primary"),
    REMOTE_RECORD.c.alias_of.is_(None),
)


class _Ranked(NamedTuple):
    """Who matches, best first; the words near to what was typed; whether more match than were read."""

    grades: list[Grade]
    neighbours: Mapping[str, Neighbours]
    more: bool


class _Shown(NamedTuple):
    """A customer to be shown, and why."""

    row: int
    customer: Customer
    matched: str
    marks: tuple[Mark, ...]
    kind: MatchKind


class Lookup:
    """Answers what a person at the till asks the index, on one transaction."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._sql = scope.sql

    def find(self, text: str, limit: int) -> Found:
        """Return live customers who match every word of a text, best first."""
        searched = state.count(self._sql)
        terms = terms_of(text, self._scope.shop.country)
        if not terms or limit < 1:
            return Found((), searched, more=False)
        ranked = _ranked(self._sql, terms, limit)
        shown = self._explained(ranked.grades[:limit], terms, ranked.neighbours)
        return Found(tuple(self._found(shown)), searched, ranked.more or len(ranked.grades) > limit)

    def named(self, text: str) -> list[Customer]:
        """Return who is meant by a text, for an act: only customers of whom every word is or begins one of theirs."""
        terms = terms_of(text, self._scope.shop.country)
        grades = _ranked(self._sql, terms, _NAMED).grades if terms else []
        named = [grade.row for grade in grades if grade.kind <= MatchKind.PREFIX][:_NAMED]
        rows = self._rows(named)
        return [rows[row] for row in named]

    def recent(self, limit: int) -> list[FoundCustomer]:
        """Return live customers whose card was opened lately, the last one first."""
        seen = rows_seen(self._sql, limit)
        rows = self._rows(seen)
        return self._found([_Shown(row, rows[row], "", (), MatchKind.EXACT) for row in seen])

    def alike(self, profile: Profile, limit: int) -> list[FoundCustomer]:
        """Return live customers who may be the one described: of the same phone, then e-mail, then whole name."""
        shown = [*self._of_phone(profile.phone), *self._of_email(profile.email), *self._of_name(profile.name)]
        first = {one.row: one for one in reversed(shown)}
        order = dict.fromkeys(one.row for one in shown)
        return self._found([first[row] for row in islice(order, limit)])

    def _of_phone(self, phone: str | None) -> list[_Shown]:
        e164 = indexed(phone, self._scope.shop.country).e164
        if e164 is None:
            return []
        found = self._sql.execute(_SAME_PHONE, {"e164": e164}).all()
        same = {row.row: customer_of(self._scope, row) for row in found}
        return [
            _Shown(row, one, "phone", _all_of("phone", one.profile.phone), MatchKind.EXACT) for row, one in same.items()
        ]

    def _of_email(self, email: str | None) -> list[_Shown]:
        terms = terms_of(email or "", self._scope.shop.country)
        if email is None or not terms:
            return []
        rows = self._rows([found.row for found in candidates.with_whole_words(self._sql, terms)])
        same = {row: one for row, one in rows.items() if fold(one.profile.email or "") == fold(email)}
        return [
            _Shown(row, one, "email", _all_of("email", one.profile.email), MatchKind.EXACT) for row, one in same.items()
        ]

    def _of_name(self, name: str) -> list[_Shown]:
        terms = terms_of(name, self._scope.shop.country)
        if not terms:
            return []
        ranked = _ranked(self._sql, terms, candidates.MOST)
        near = [grade for grade in ranked.grades if grade.kind in _SAME_NAME and not grade.other_length]
        return self._explained(near[:_NAMED], terms, ranked.neighbours)

    def _explained(
        self, grades: Sequence[Grade], terms: Sequence[Term], neighbours: Mapping[str, Neighbours]
    ) -> list[_Shown]:
        country = self._scope.shop.country
        customers = self._rows([grade.row for grade in grades])
        return [
            _Shown(
                grade.row,
                customers[grade.row],
                *marks_of(customers[grade.row], grade.kind, terms, neighbours, country),
                grade.kind,
            )
            for grade in grades
        ]

    def _rows(self, rows: Sequence[int]) -> dict[int, Customer]:
        if not rows:
            return {}
        found = self._sql.execute(_CUSTOMERS, {"rows": rows}).all()
        return {row.row: customer_of(self._scope, row) for row in found}

    def _found(self, shown: Sequence[_Shown]) -> list[FoundCustomer]:
        numbers = standings(self._scope, [(one.row, one.customer.id) for one in shown])
        records = self._records([one.row for one in shown])
        return [
            FoundCustomer(
                customer=one.customer,
                remote_id=RemoteId(records[one.row].remote_id) if one.row in records else None,
                matched=one.matched,
                kind=one.kind,
                marks=one.marks,
                standing=numbers[one.customer.id],
                blacklisted=records[one.row].blacklisted if one.row in records else None,
            )
            for one in shown
        ]

    def _records(self, rows: Sequence[int]) -> dict[int, Any]:
        if self._scope.primary is None or not rows:
            return {}
        found = self._sql.execute(_RECORDS, {"rows": rows, "primary": self._scope.primary[0]}).all()
        return {row.customer: row for row in found}


_SAME_NAME: Final = frozenset((MatchKind.EXACT, MatchKind.SOUND, MatchKind.TYPO))


def _ranked(sql: sa.Connection, terms: Sequence[Term], wanted: int) -> _Ranked:
    """Return who matches, asking further only while there are not more than are wanted."""
    asked = questions(terms, {})
    first = candidates.beginning_with(sql, terms)
    grades = {grade.row: grade for grade in graded(first, asked)}
    if len(first) >= candidates.MOST:
        others = (*candidates.with_whole_words(sql, terms), *candidates.seen_lately(sql, terms))
        grades |= {grade.row: grade for grade in graded(others, asked)}
        return _Ranked(sorted(grades.values()), {}, more=True)
    if len(grades) <= wanted:
        held = graded(candidates.holding(sql, terms), asked)
        grades |= {grade.row: grade for grade in islice(held, candidates.MOST)}
    neighbours: Mapping[str, Neighbours] = {}
    if len(grades) <= wanted:
        neighbours = neighbours_of(sql, terms)
        asked = questions(terms, neighbours)
        for typos, enough in ((False, wanted), (True, _MISTYPED)):
            if neighbours and len(grades) <= enough:
                near = candidates.with_neighbours(sql, terms, neighbours, typos=typos)
                grades |= {grade.row: grade for grade in graded(near, asked)}
    return _Ranked(sorted(grades.values()), neighbours, more=False)


def _all_of(field: str, text: str | None) -> tuple[Mark, ...]:
    return (Mark(field, 0, len(text or "")),)
