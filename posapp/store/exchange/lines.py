"""This till's own facts as they lie in the book: numbered without gaps, the last word on each name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from posapp.domain.exchange import Fact, FactKind
from posapp.domain.ids import CustomerId, new_uuid
from posapp.store.exchange.tables import PEER_LINE, PEER_VALUE
from posapp.store.scope import TILL, Scope

SOURCE: Final = "exchange_source"
ERASED: Final = "exchange_erasures"


class OwnLines:
    """What this till tells."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._sql = scope.sql

    @property
    def source(self) -> str | None:
        """The name of this till's file; None while it takes no part."""
        return self._scope.setting(SOURCE)

    def begin(self) -> None:
        """Take part under the till's id."""
        till_id = self._scope.setting(TILL)
        assert till_id is not None, "every book has its till"
        self._scope.set_setting(SOURCE, till_id)

    def renew(self) -> None:
        """Go on in a new file, which says all again: nobody knows what of the old one the others have read."""
        old, new = self.source, f"{self._scope.setting(TILL)}.{new_uuid()[-12:]}"
        told = [PEER_LINE.c[name] for name in ("number", "kind", "name", "at", "gone", "content")]
        again = sa.select(sa.literal(new), *told).where(PEER_LINE.c.source == old).order_by(PEER_LINE.c.number)
        columns = ["source", *(column.name for column in told)]
        self._sql.execute(sa.insert(PEER_LINE).from_select(columns, again))
        self._scope.set_setting(SOURCE, new)

    def tell(self, kind: FactKind, name: str, at: datetime, content: dict[str, Any], *, gone: bool = False) -> None:
        """Append a fact; `name` is of its kind."""
        source = self.source
        last = sa.select(sa.func.coalesce(sa.func.max(PEER_LINE.c.number), 0)).where(PEER_LINE.c.source == source)
        values = {"kind": kind.value, "name": f"{kind.value}/{name}", "at": at, "gone": gone, "content": content}
        number = self._sql.execute(last).scalar_one() + 1
        self._sql.execute(sa.insert(PEER_LINE).values(source=source, number=number, **values))

    def last(self, kind: FactKind, name: str) -> Any:
        """Return the last line about a name; None for none."""
        query = sa.select(PEER_LINE).where(PEER_LINE.c.name == f"{kind.value}/{name}")
        return self._sql.execute(query.order_by(PEER_LINE.c.row.desc()).limit(1)).one_or_none()

    def own(self) -> Sequence[str]:
        """Return the files that this book wrote, the present one last."""
        query = sa.select(PEER_LINE.c.source).group_by(PEER_LINE.c.source).order_by(sa.func.min(PEER_LINE.c.row))
        present = self.source
        return [*(found for found in self._sql.execute(query).scalars() if found != present), *filter(None, [present])]

    def facts(self, source: str, after: int, limit: int) -> Sequence[Fact]:
        """Return facts of a file in order."""
        query = sa.select(PEER_LINE).where(PEER_LINE.c.source == source, PEER_LINE.c.number > after)
        rows = self._sql.execute(query.order_by(PEER_LINE.c.number).limit(limit))
        return [Fact(FactKind(row.kind), row.name.partition("/")[2], row.at, row.content, row.gone) for row in rows]

    def erasures(self) -> int:
        """Return how often lines were emptied for an erasure."""
        return int(self._scope.setting(ERASED) or 0)


def forget_person(scope: Scope, customer_id: CustomerId) -> None:
    """Empty what this till told of somebody's person; the files are written anew without it."""
    names = [f"{kind.value}/{customer_id}" for kind in (FactKind.CUSTOMER, FactKind.CARD)]
    emptied = scope.sql.execute(
        sa.update(PEER_LINE)
        .where(PEER_LINE.c.name.in_(names))
        .values(content={"id": customer_id, "status": "anonymized"})
    )
    scope.sql.execute(sa.delete(PEER_VALUE).where(PEER_VALUE.c.name == names[1]))
    if emptied.rowcount:
        scope.set_setting(ERASED, str(int(scope.setting(ERASED) or 0) + 1))
