"""Taking the facts of another till, each once, in whatever order the files are read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from posapp.domain.exchange import Fact, FactKind, LineMissing, OtherMoney
from posapp.domain.ids import CustomerId
from posapp.services.ports.peers import Reading
from posapp.store.exchange.pairs import Pairs
from posapp.store.exchange.people import People
from posapp.store.exchange.tables import PEER_ENTRY, PEER_POINTS, PEER_TILL
from posapp.store.exchange.values import Values
from posapp.store.scope import Scope
from posapp.store.tables import LEDGER_ENTRY, POINTS_ENTRY

_ANONYMOUS: Final = "anonymized"


class Incoming:
    """What one transaction takes from one file."""

    def __init__(self, scope: Scope, source: str) -> None:
        self._scope = scope
        self._sql = scope.sql
        self._source = source
        self._people = People(scope)
        self._values = Values(scope)
        self._pairs = Pairs(scope)
        self._changed: set[CustomerId] = set()
        self._take: Mapping[FactKind, Callable[[Fact], None]] = {
            FactKind.TILL: self._take_till,
            FactKind.CUSTOMER: self._take_customer,
            FactKind.ENTRY: self._take_entry,
            FactKind.POINTS: self._take_points,
            FactKind.CARD: self._take_value,
            FactKind.LIMIT: self._take_value,
            FactKind.SETTING: self._take_setting,
            FactKind.SAME: self._take_same,
            FactKind.PAIR: self._take_pair,
        }

    def take(self, reading: Reading) -> frozenset[CustomerId]:
        """Take a piece of the file and note how far it was read; return whose khata or particulars changed."""
        self._note(reading)
        for fact in reading.facts:
            self._take[fact.kind](fact)
        for customer_id in self._changed:
            self._pairs.propose(customer_id)
        return frozenset(self._changed)

    def _note(self, reading: Reading) -> None:
        told = max((fact.at for fact in reading.facts), default=None)
        values: dict[str, Any] = {
            "header": reading.cursor.header,
            "number": reading.cursor.number,
            "offset": reading.cursor.offset,
            "read_at": self._scope.now(),
            "problem": reading.problem.id if reading.problem else None,
        }
        if told is not None:
            values["told_at"] = told
        put = insert(PEER_TILL).values(source=self._source, **values)
        self._sql.execute(put.on_conflict_do_update(index_elements=["source"], set_=values))

    def _take_till(self, fact: Fact) -> None:
        if fact.content["currency"] != self._scope.shop.currency:
            raise OtherMoney(till=str(fact.content["name"]))
        named = sa.update(PEER_TILL).where(PEER_TILL.c.source == self._source)
        self._sql.execute(named.values(name=str(fact.content["name"])))

    def _take_customer(self, fact: Fact) -> None:
        self._changed.add(self._people.take(fact.content, fact.at, self._source))

    def _take_entry(self, fact: Fact) -> None:
        if self._own(LEDGER_ENTRY.c.id == fact.name):
            return
        told = fact.content
        due_on = told["due_on"]
        values = {
            "customer_id": self._whose(fact),
            "operation_id": told["operation"],
            "kind": told["kind"],
            "direction": told["direction"],
            "amount": told["amount"],
            "occurred_at": datetime.fromisoformat(told["occurred_at"]),  # type: ignore[arg-type]
            "taken_at": self._scope.now(),
            "description": told["description"],
            "due_on": date.fromisoformat(str(due_on)) if due_on else None,
            "backdated": told["backdated"],
            "reverses": told["reverses"],
            "reference": told["reference"],
            "actor": told["actor"],
        }
        self._put(PEER_ENTRY, fact, values)

    def _take_points(self, fact: Fact) -> None:
        if self._own(POINTS_ENTRY.c.operation_id == fact.content["operation"]):
            return
        told = fact.content
        values = {
            "customer_id": self._whose(fact),
            "operation_id": told["operation"],
            "kind": told["kind"],
            "points": told["points"],
            "occurred_at": datetime.fromisoformat(str(told["occurred_at"])),
        }
        self._put(PEER_POINTS, fact, values)

    def _take_value(self, fact: Fact) -> None:
        customer_id = self._whose(fact, "id")
        if fact.content.get("status") != _ANONYMOUS:
            self._values.take(fact.kind, customer_id, fact.content["value"], fact.at, self._source)

    def _take_setting(self, fact: Fact) -> None:
        self._values.take(FactKind.SETTING, fact.name, fact.content["value"], fact.at, self._source)

    def _take_same(self, fact: Fact) -> None:
        told = fact.content
        self._people.decide(str(told["one"]), str(told["other"]), fact.at, self._source, apart=bool(told["apart"]))

    def _take_pair(self, fact: Fact) -> None:
        entry, line = str(fact.content["entry"]), str(fact.content["line"])
        if self._pairs.decide(entry, line, fact.at, self._source, linked=bool(fact.content["linked"])):
            self._pairs.told_elsewhere(entry, line)

    def _put(self, table: sa.Table, fact: Fact, values: dict[str, Any]) -> None:
        put = insert(table).values(id=fact.name, source=self._source, gone=fact.gone, **values)
        self._sql.execute(put.on_conflict_do_update(index_elements=["id"], set_={"gone": fact.gone}))
        self._changed.add(values["customer_id"])

    def _own(self, same: sa.ColumnElement[bool]) -> bool:
        """Return whether a line is this book's own: the file was written before the book was set back."""
        return self._sql.execute(sa.select(1).where(same).limit(1)).scalar() is not None

    def _whose(self, fact: Fact, key: str = "customer") -> CustomerId:
        found = self._people.here(str(fact.content[key]))
        if found is None:
            raise LineMissing(till=self._source, number=0)
        self._changed.add(found)
        return found
