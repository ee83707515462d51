"""Finding what this till must tell the others: what was set here, and the lines that this book alone keeps.

Nothing that records an act knows of the exchange. What is told follows from what lies in the book, so an act can
neither be told without being saved nor be saved and forgotten.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from posapp.domain.exchange import FactKind
from posapp.domain.ids import CustomerId
from posapp.domain.operation import OperationKind, OperationState
from posapp.services.dto import Customer
from posapp.store.columns import listed
from posapp.store.customers import CustomersRepository
from posapp.store.exchange.lines import OwnLines
from posapp.store.exchange.merging import KEPT_HERE, POINTS_ID
from posapp.store.exchange.people import People
from posapp.store.exchange.values import Values
from posapp.store.scope import Scope
from posapp.store.tables import CUSTOMER, LEDGER_ENTRY, OPERATION, POINTS_ENTRY

_SEEN: Final = "exchange_seq"
"""The setting that says up to which act particulars were told."""
_ABOUT_HER: Final = [
    kind.value for kind in (OperationKind.CUSTOMER_CREATE, OperationKind.CUSTOMER_EDIT, OperationKind.CUSTOMER_DELETE)
]
_NEVER: Final = [OperationState.REJECTED.value, OperationState.CANCELLED.value]


def _untold(name: str, table: str) -> str:
    """Return SQL for the names of lines that hold and were not told so, or were told so and hold no more."""
    return f"""SELECT name FROM (
  SELECT {name} AS name, {KEPT_HERE} AS holds,
    (SELECT l.gone FROM peer_line l WHERE l.name = {name} ORDER BY l."row" DESC LIMIT 1) AS gone
  FROM {table} e JOIN operation o ON o.id = e.operation_id
) WHERE CASE WHEN holds THEN coalesce(gone, 1) = 1 ELSE gone = 0 END"""  # noqa: S608 (made of this module's own words)


_UNTOLD: Final = sa.text(
    _untold("'entry/' || e.id", "ledger_entry") + " UNION ALL " + _untold(f"'points/' || {POINTS_ID}", "points_entry")
)
_IDENTIFIED: Final = sa.text("""
SELECT l.name FROM remote_record r JOIN customer w ON w."row" = r.customer
JOIN peer_line l ON l.name = 'customer/' || w.id
WHERE r.alias_of IS NULL AND l."row" = (SELECT max(n."row") FROM peer_line n WHERE n.name = l.name)
  AND instr(l.content, '"' || r.remote_id || '"') = 0
""")
"""Customers who were told before the server's id of theirs was known."""


class Outgoing:
    """What one transaction tells."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._sql = scope.sql
        self._lines = OwnLines(scope)
        self._people = People(scope)
        self._values = Values(scope)
        self._customers = CustomersRepository(scope)
        self._told = 0

    def untold(self) -> Sequence[str]:
        """Return the names of customers and kept lines that the others do not know as they stand now."""
        return [name for query in (_IDENTIFIED, _UNTOLD) for name in self._sql.execute(query).scalars()]

    def tell(self, names: Sequence[str]) -> int:
        """Note what was set here since the last time, and these kept lines; return how many facts that were."""
        if self._lines.source is None:
            return 0
        self._told = 0
        self.tell_values()
        for customer_id in _of(FactKind.CUSTOMER, names):
            self._tell_customer(CustomerId(customer_id), self._scope.now())
        self._tell_entries(_of(FactKind.ENTRY, names))
        self._tell_points(_of(FactKind.POINTS, names))
        return self._told

    def tell_values(self) -> None:
        """Note what was set here since the last time: particulars, cards, limits and the shop's settings."""
        self._tell_particulars()
        self._tell_settings()

    def _tell_particulars(self) -> None:
        after = int(self._scope.setting(_SEEN) or 0)
        query = sa.select(OPERATION).where(OPERATION.c.till_seq > after).order_by(OPERATION.c.till_seq)
        reached = after
        for row in self._sql.execute(query).all():
            reached = row.till_seq
            if row.kind in _ABOUT_HER and row.state not in _NEVER:
                self._tell_act(row)
        if reached > after:
            self._scope.set_setting(_SEEN, str(reached))

    def _tell_act(self, act: Any) -> None:
        customer = self._customers.get(CustomerId(act.customer_id))
        assert customer is not None, "an act has its customer"
        fields = {"card_code", "credit_limit"}
        if act.kind == OperationKind.CUSTOMER_EDIT.value:
            fields &= set(act.intent.get("fields", ()))
        if act.kind != OperationKind.CUSTOMER_EDIT.value or set(act.intent.get("fields", ())) - fields:
            self._tell_customer(customer.id, self._values.note(f"customer/{customer.id}", None, act.recorded_at))
        limit = None if customer.credit_limit is None else customer.credit_limit.minor
        shown = {FactKind.CARD: customer.card_code, FactKind.LIMIT: limit}
        for kind, field in ((FactKind.CARD, "card_code"), (FactKind.LIMIT, "credit_limit")):
            if field in fields:
                self._tell_value(kind, customer, shown[kind], act.recorded_at)

    def _tell_value(self, kind: FactKind, customer: Customer, value: object, at: datetime) -> None:
        held = self._values.get(f"{kind.value}/{customer.id}")
        if (held.shown if held else None) != value:
            self._introduce([customer.id])
            self._values.tell(kind, customer.id, value, at, {"id": customer.id})
            self._told += 1

    def _tell_settings(self) -> None:
        """Note settings that were changed here; those of which nobody has told yet are not this till's to tell."""
        for name, value in self._values.settings().items():
            held = self._values.get(f"setting/{name}")
            if held is not None and held.shown != value:
                self._values.tell(FactKind.SETTING, name, value, self._scope.now(), {})
                self._told += 1

    def tell_all_settings(self) -> None:
        """Tell all settings for the first time: whoever founds the exchange says how the shop is."""
        for name, value in self._values.settings().items():
            self._values.tell(FactKind.SETTING, name, value, self._scope.now(), {})

    def _tell_customer(self, customer_id: CustomerId, at: datetime, *, again: bool = True) -> None:
        """Tell who somebody is, unless the same was told last; with `again` off only where nothing was told yet."""
        last = self._lines.last(FactKind.CUSTOMER, customer_id)
        customer = self._customers.get(customer_id)
        if customer is None or (last is not None and not again):
            return
        content = self._people.told(customer)
        if last is None or last.content != content:
            self._lines.tell(FactKind.CUSTOMER, customer_id, at, content)
            self._told += 1

    def _introduce(self, customer_ids: Iterable[str]) -> None:
        """Tell who the customers of lines are before the lines."""
        for customer_id in dict.fromkeys(customer_ids):
            held = self._values.get(f"customer/{customer_id}")
            created = sa.select(CUSTOMER.c.created_at).where(CUSTOMER.c.id == customer_id)
            at = held.at if held else self._sql.execute(created).scalar_one()
            self._tell_customer(CustomerId(customer_id), at, again=False)

    def _tell_entries(self, ids: Sequence[str]) -> None:
        query = (
            sa.select(LEDGER_ENTRY, OPERATION.c.actor, OPERATION.c.recorded_at, _holds(LEDGER_ENTRY))
            .join(OPERATION, OPERATION.c.id == LEDGER_ENTRY.c.operation_id)
            .where(LEDGER_ENTRY.c.id.in_(listed("ids")))
            .order_by(LEDGER_ENTRY.c.row)
        )
        rows = self._sql.execute(query, {"ids": list(ids)}).all()
        self._introduce(row.customer_id for row in rows)
        for row in rows:
            content = {
                "customer": row.customer_id,
                "operation": row.operation_id,
                "kind": row.kind,
                "direction": row.direction,
                "amount": row.amount,
                "occurred_at": row.occurred_at.isoformat(),
                "description": row.description,
                "due_on": row.due_on.isoformat() if row.due_on else None,
                "backdated": row.backdated,
                "reverses": row.reverses,
                "reference": row.reference,
                "actor": row.actor,
            }
            self._tell_line(FactKind.ENTRY, row.id, row, content)

    def _tell_points(self, ids: Sequence[str]) -> None:
        name: sa.ColumnElement[str] = sa.literal_column(POINTS_ID.replace("e.", "points_entry."))
        query = (
            sa.select(POINTS_ENTRY, name.label("name"), OPERATION.c.kind, OPERATION.c.recorded_at, _holds(POINTS_ENTRY))
            .join(OPERATION, OPERATION.c.id == POINTS_ENTRY.c.operation_id)
            .where(POINTS_ENTRY.c.operation_id.in_(listed("acts")), name.in_(listed("ids")))
            .order_by(POINTS_ENTRY.c.row)
        )
        acts = sorted({one.partition("/")[0] for one in ids})
        rows = self._sql.execute(query, {"acts": acts, "ids": list(ids)}).all()
        self._introduce(row.customer_id for row in rows)
        for row in rows:
            content = {
                "customer": row.customer_id,
                "operation": row.operation_id,
                "kind": row.kind,
                "points": row.points,
                "occurred_at": row.occurred_at.isoformat(),
            }
            self._tell_line(FactKind.POINTS, row.name, row, content)

    def _tell_line(self, kind: FactKind, name: str, row: Any, content: dict[str, Any]) -> None:
        last = self._lines.last(kind, name)
        if bool(row.holds) == (last is None or last.gone):
            self._lines.tell(kind, name, row.recorded_at, content, gone=not row.holds)
            self._told += 1


def _of(kind: FactKind, names: Sequence[str]) -> list[str]:
    """Return what names of one kind stand for."""
    return [name.partition("/")[2] for name in names if name.startswith(f"{kind.value}/")]


def _holds(table: sa.Table) -> sa.Label[Any]:
    """Return whether a line counts in this till's book alone, as now."""
    return sa.literal_column(
        f"({KEPT_HERE})".replace("e.kept", f"{table.name}.kept").replace("o.", "operation.")
    ).label("holds")
