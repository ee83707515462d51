"""Kept entries that somebody also keyed into the server by hand (research/sync, section 5.2, step 8).

Such a pair is only proposed: the same customer, direction and amount, two days apart at most, and on the server nothing
that names an act of a till. Once a person links it, the server's figure holds it and this book's sum no longer does.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from posapp.domain.exchange import FactKind
from posapp.domain.ids import CustomerId, OperationId
from posapp.store.exchange.asking import answered, ask
from posapp.store.exchange.lines import OwnLines
from posapp.store.exchange.merging import KEPT_HERE
from posapp.store.exchange.tables import PEER_PAIR
from posapp.store.scope import Scope

_APART: Final = timedelta(days=2)
_CANDIDATES: Final = sa.text(f"""
WITH kept AS (
  SELECT e.id, e.operation_id, 1 AS own, e.kind, e.direction, e.amount, e.occurred_at
  FROM ledger_entry e JOIN operation o ON o.id = e.operation_id
  WHERE e.customer_id = :customer AND e.reverses IS NULL AND {KEPT_HERE}
    AND NOT EXISTS (SELECT 1 FROM ledger_entry u WHERE u.reverses = e.id AND u.customer_id = e.customer_id)
  UNION ALL
  SELECT p.id, p.operation_id, 0, p.kind, p.direction, p.amount, p.occurred_at FROM peer_entry p
  WHERE p.customer_id = :customer AND p.reverses IS NULL AND NOT p.gone
    AND NOT EXISTS (
      SELECT 1 FROM peer_entry u WHERE u.reverses = p.id AND u.customer_id = p.customer_id AND NOT u.gone)
)
SELECT kept.*, s.remote_id, s.description, s.recorded_at AS posted
FROM kept JOIN customer w ON w.id = :customer
JOIN remote_record r ON r.customer = w."row" AND r.connection = :primary AND r.alias_of IS NULL
JOIN remote_entry s ON s.record = r."row" AND s.direction = kept.direction AND s.amount = kept.amount
WHERE abs(coalesce(s.occurred_at, s.recorded_at) - kept.occurred_at) <= :apart
  AND (s.reference_id IS NULL OR s.reference_id NOT LIKE '________-____-____-____-____________')
  AND NOT EXISTS (SELECT 1 FROM peer_pair x
    WHERE (x.entry_id = kept.id AND (x.linked OR x.remote_id = s.remote_id))
      OR (x.remote_id = s.remote_id AND x.linked))
ORDER BY abs(coalesce(s.occurred_at, s.recorded_at) - kept.occurred_at), kept.id, s.remote_id
""")  # noqa: S608 (made of this module's own words)


class Pairs:
    """The pairs of one transaction."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._sql = scope.sql

    def propose(self, customer_id: CustomerId) -> None:
        """Ask about what looks like one entry, each entry and each line of the server at most once."""
        if self._scope.primary is None:
            return
        values = {
            "customer": customer_id,
            "primary": self._scope.primary[0],
            "apart": _APART // timedelta(microseconds=1),
        }
        asked: set[str] = set()
        for row in self._sql.execute(_CANDIDATES, values).all():
            if not asked & {row.id, row.remote_id}:
                asked |= {row.id, row.remote_id}
                self._ask(customer_id, row)

    def decide(self, entry_id: str, remote_id: str, at: datetime, source: str, *, linked: bool) -> bool:
        """Note what a person said of a pair, unless something later was said; return whether it holds."""
        this = (PEER_PAIR.c.entry_id == entry_id, PEER_PAIR.c.remote_id == remote_id)
        known = self._sql.execute(sa.select(PEER_PAIR).where(*this)).one_or_none()
        if known is not None and (known.at, known.source) >= (at, source):
            return False
        values = {"linked": linked, "at": at, "source": source}
        put = insert(PEER_PAIR).values(entry_id=entry_id, remote_id=remote_id, **values)
        self._sql.execute(put.on_conflict_do_update(index_elements=["entry_id", "remote_id"], set_=values))
        return True

    def told_elsewhere(self, entry_id: str, remote_id: str) -> None:
        """Close the question about a pair that a person answered at another till."""
        answered(self._scope, "pair", entry=entry_id, line=remote_id)

    def tell(self, entry_id: str, remote_id: str, *, linked: bool) -> None:
        """Note what a person here said of a pair, and tell it."""
        lines, now = OwnLines(self._scope), self._scope.now()
        self.decide(entry_id, remote_id, now, lines.source or "", linked=linked)
        if lines.source is not None:
            content = {"entry": entry_id, "line": remote_id, "linked": linked}
            lines.tell(FactKind.PAIR, f"{entry_id}/{remote_id}", now, content)

    def _ask(self, customer_id: CustomerId, row: Any) -> None:
        evidence = {"entry": row.id, "line": row.remote_id, "posted": _moment(row.posted), "own": bool(row.own)}
        meant = {
            "kind": row.kind,
            "amount": row.amount,
            "direction": row.direction,
            "occurred_at": _moment(row.occurred_at),
        }
        operation = OperationId(row.operation_id) if row.own else None
        ask(
            self._scope,
            "pair",
            customer_id,
            evidence,
            operation_id=operation,
            meant=meant,
            server_said=row.description,
        )


def _moment(microseconds: int) -> str:
    return (datetime.fromisoformat("1970-01-01T00:00:00+00:00") + timedelta(microseconds=microseconds)).isoformat()
