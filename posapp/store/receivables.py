"""Who owes the shop and since when, in one statement over all khatas, and the statements that were handed out.

What is still owed of an account is its youngest debts, as far back as the balance reaches (`domain/allocation.py`): so
a running sum from the youngest debt on finds the open ones of everybody at once. A test holds both ways against each
other.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import sqlalchemy as sa

from posapp.domain.ageing import LAST_DAYS, Ageing
from posapp.domain.ids import CustomerId
from posapp.domain.money import Money
from posapp.services.ports.receivables import Owing, Printing, Receivable
from posapp.store.scope import Scope
from posapp.store.tables import REMOTE_RECORD, STATEMENT_PRINT
from posapp.store.zone_offsets import day_number

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LAST_ORDINAL = date.max.toordinal()
_COUNTED = "operation_id NOT IN (SELECT id FROM dropped)"
_AHEAD = "('pending', 'in_flight', 'unknown', 'acked', 'needs_human', 'kept')"
"""States of acts that no server's figure holds."""
_RECORD = 'r.customer = w."row" AND r.connection = :primary AND r.alias_of IS NULL'
_PARTS = [f"part_{number}" for number in range(len(LAST_DAYS) + 1)]
_BUCKETS = ", ".join(
    f"sum(CASE WHEN past > {low} AND past <= {high} THEN part ELSE 0 END) AS {name}"
    for name, (low, high) in zip(_PARTS, pairwise((-_LAST_ORDINAL, *LAST_DAYS, _LAST_ORDINAL)), strict=True)
)


def _statement(day: str) -> str:
    """Return the statement; `day` is SQL for the shop's day of a line's moment `at`."""
    return f"""
WITH dropped AS MATERIALIZED (SELECT id FROM operation WHERE state IN ('rejected', 'cancelled')),
ahead AS MATERIALIZED (SELECT id FROM operation WHERE state IN {_AHEAD}),
linked AS MATERIALIZED (SELECT entry_id AS id, remote_id AS line FROM peer_pair WHERE linked),
here AS (
  SELECT customer_id, sum(CASE direction WHEN 'credit' THEN amount ELSE -amount END) AS effect FROM (
    SELECT customer_id, direction, amount FROM ledger_entry
    WHERE (kept OR operation_id IN (SELECT id FROM ahead)) AND {_COUNTED} AND id NOT IN (SELECT id FROM linked)
    UNION ALL
    SELECT customer_id, direction, amount FROM peer_entry WHERE NOT gone AND id NOT IN (SELECT id FROM linked)
  ) GROUP BY customer_id
),
balances AS MATERIALIZED (
  SELECT w."row", w.id, w.name, w.phone, coalesce(r.balance, 0) + coalesce(here.effect, 0) AS balance,
    r."row" IS NULL OR r.balance IS NOT NULL OR NOT :keeps AS known
  FROM customer w LEFT JOIN remote_record r ON {_RECORD} LEFT JOIN here ON here.customer_id = w.id
  WHERE w.status = 'live' AND coalesce(r.balance, 0) + coalesce(here.effect, 0) <> 0
),
owing AS (SELECT "row", id, -balance AS owed FROM balances WHERE balance < 0),
undone AS MATERIALIZED (
  SELECT reverses AS id FROM ledger_entry WHERE reverses IS NOT NULL AND {_COUNTED}
  UNION ALL SELECT reverses FROM peer_entry WHERE reverses IS NOT NULL AND NOT gone
),
lines AS MATERIALIZED (
  SELECT w."row" AS who, w.owed, direction, amount, kind = 'payment' AS payment, occurred_at AS at, due_on
  FROM owing w JOIN ledger_entry e ON customer_id = w.id
  WHERE {_COUNTED} AND e.id NOT IN (SELECT id FROM undone)
    AND (reverses IS NULL OR NOT EXISTS (SELECT 1 FROM ledger_entry t WHERE t.id = e.reverses AND t.{_COUNTED}))
  UNION ALL
  SELECT w."row", w.owed, direction, amount, kind = 'payment', occurred_at, due_on
  FROM owing w JOIN peer_entry p ON customer_id = w.id
  WHERE NOT gone AND reverses IS NULL AND p.id NOT IN (SELECT id FROM undone)
  UNION ALL
  SELECT w."row", w.owed, s.direction, s.amount, s.direction = 'credit', coalesce(s.occurred_at, s.recorded_at), NULL
  FROM owing w JOIN remote_record r ON {_RECORD} JOIN remote_entry s ON s.record = r."row"
  WHERE s.remote_id NOT IN (SELECT line FROM linked) AND (s.reference_id IS NULL OR NOT EXISTS (
    SELECT 1 FROM ledger_entry WHERE operation_id = s.reference_id AND customer_id = w.id AND {_COUNTED}))
),
debits AS (
  SELECT who, owed, amount,
    CASE WHEN due_on IS NULL THEN {day} + :terms ELSE CAST(julianday(due_on) - 1721424.5 AS INTEGER) END AS due
  FROM lines WHERE direction = 'debit'
),
reached AS (
  SELECT who, owed, amount, due, sum(amount) OVER younger - amount AS before FROM debits
  WINDOW younger AS (PARTITION BY who ORDER BY due DESC ROWS UNBOUNDED PRECEDING)
),
open AS (SELECT who, due, :today - due AS past, min(amount, owed - before) AS part FROM reached WHERE before < owed),
aged AS (SELECT who, min(due) AS oldest, {_BUCKETS} FROM open GROUP BY who),
paid AS (SELECT who, max(at) AS last_payment FROM lines WHERE payment GROUP BY who)
SELECT b.id, b.name, b.phone, b.balance, b.known, paid.last_payment, aged.oldest,
  {", ".join(_PARTS)}
FROM balances b LEFT JOIN aged ON aged.who = b."row" LEFT JOIN paid ON paid.who = b."row"
"""  # noqa: S608 (made of this module's own words)


class ReceivablesRepository:
    """`Receivables` of the book's port."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._sql = scope.sql

    def owing(self, as_of: date) -> Receivable:
        """Return who owes now, with how old it is on a day of the shop."""
        shop, primary = self._scope.shop, self._scope.primary
        keeps = primary is not None and bool(primary[1].get("ledger"))
        values = {
            "primary": primary[0] if primary else None,
            "keeps": keeps,
            "terms": shop.terms_days,
            "today": as_of.toordinal(),
        }
        statement = sa.text(_statement(day_number(shop.zone, as_of.year, "at")))
        found = self._sql.execute(statement, values).all()
        zero = Money(0, shop.currency)
        return Receivable(
            rows=[_owing(row, as_of, zero) for row in found if row.balance < 0],
            advances=Money(sum(row.balance for row in found if row.balance > 0 and row.known), shop.currency),
            unfetched=self._unfetched() if keeps else 0,
        )

    def printings(self, customer_id: CustomerId) -> Sequence[Printing]:
        """Return the statements that were handed out to a customer, the newest first."""
        query = sa.select(STATEMENT_PRINT).where(STATEMENT_PRINT.c.customer_id == customer_id)
        return [
            Printing(customer_id, row.first, row.last, row.printed_at, row.till_seq, row.server_recorded_at)
            for row in self._sql.execute(query.order_by(STATEMENT_PRINT.c.row.desc()))
        ]

    def note_printing(self, printing: Printing) -> None:
        """Remember that a statement was handed out."""
        self._sql.execute(
            sa.insert(STATEMENT_PRINT).values(
                customer_id=printing.customer_id,
                first=printing.first,
                last=printing.last,
                printed_at=printing.printed_at,
                till_seq=printing.till_seq,
                server_recorded_at=printing.server_recorded_at,
            )
        )

    def _unfetched(self) -> int:
        assert self._scope.primary is not None, "a server keeps the khatas"
        query = sa.select(sa.func.count()).where(
            REMOTE_RECORD.c.connection == self._scope.primary[0],
            REMOTE_RECORD.c.balance.is_(None),
            REMOTE_RECORD.c.status == sa.literal_column("'live'"),
        )
        return int(self._sql.execute(query).scalar_one())


def _owing(row: Sequence[Any], as_of: date, zero: Money) -> Owing:
    """Return a row of the statement; what no line explains was brought forward and has no day."""
    customer_id, name, phone, balance, known, last_payment, oldest, *parts = row
    currency = zero.currency
    current, *past = [Money(part, currency) if part else zero for part in parts]
    undated = Money(-balance - sum(part or 0 for part in parts), currency)
    oldest_due = None if oldest is None else date.fromordinal(min(oldest, _LAST_ORDINAL))
    paid_at = None if last_payment is None else _EPOCH + timedelta(microseconds=last_payment)
    ageing = Ageing.of(as_of, [current + undated, *past], advance=zero, undated=undated, oldest_due=oldest_due)
    return Owing(CustomerId(customer_id), name, phone, Money(-balance, currency), ageing, paid_at, bool(known))
