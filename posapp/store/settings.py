"""The shop, this till and its servers, as they lie in the book."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from posapp.domain.ids import ConnectionId, TillId
from posapp.domain.money import CurrencyMismatch
from posapp.domain.shop import Shop
from posapp.services.dto import Connection
from posapp.services.ports.remote import Capabilities
from posapp.store.errors import UnknownRow
from posapp.store.scope import SHOP, TILL, Scope, shop_to_json
from posapp.store.search.state import country_changed
from posapp.store.tables import CONNECTION, LEDGER_ENTRY, SALE

_CAPABILITY_NAMES = frozenset(field.name for field in dataclasses.fields(Capabilities))


class SettingsRepository:
    """`Settings` of the book's port."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def shop(self) -> Shop:
        """Return the shop's settings."""
        return self._scope.shop

    def save_shop(self, shop: Shop) -> None:
        """Replace the shop's settings; the currency is fixed once money is recorded."""
        if self.value(SHOP) is not None and shop.currency != self._scope.shop.currency and self._has_money():
            raise CurrencyMismatch(f"the book is kept in {self._scope.shop.currency}")
        self.set_value(SHOP, shop_to_json(shop))
        self._scope.forget()
        self._scope.index_stale = country_changed(self._scope.sql, shop.country)

    def till_id(self) -> TillId:
        """Return this till's id."""
        till = self.value(TILL)
        if till is None:
            raise UnknownRow("the book has no till id")
        return TillId(till)

    def value(self, name: str) -> str | None:
        """Return a named setting; None where it was never set."""
        return self._scope.setting(name)

    def set_value(self, name: str, value: str) -> None:
        """Keep a named setting."""
        self._scope.set_setting(name, value)

    def connections(self) -> Sequence[Connection]:
        """Return all connections, the primary one first."""
        query = sa.select(CONNECTION).order_by(CONNECTION.c.primary.desc(), CONNECTION.c.row)
        return [_connection(row) for row in self._scope.sql.execute(query)]

    def save_connection(self, connection: Connection) -> None:
        """Add a connection or replace the one of the same id; a new primary one takes the place of the old."""
        values = {
            name: getattr(connection, name)
            for name in CONNECTION.columns.keys()  # noqa: SIM118 (a column collection iterates over columns)
            if name not in {"row", "capabilities"}
        }
        values["capabilities"] = dataclasses.asdict(connection.capabilities)
        if connection.primary:
            self._scope.sql.execute(
                sa.update(CONNECTION)
                .where(CONNECTION.c.primary, CONNECTION.c.id != connection.id)
                .values(primary=False)
            )
        self._scope.sql.execute(
            insert(CONNECTION).values(**values).on_conflict_do_update(index_elements=["id"], set_=values)
        )
        self._scope.forget()

    def _has_money(self) -> bool:
        recorded = sa.exists(sa.select(LEDGER_ENTRY.c.row)) | sa.exists(sa.select(SALE.c.row))
        return bool(self._scope.sql.execute(sa.select(recorded)).scalar_one())


def _connection(row: Any) -> Connection:
    known: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in row.capabilities.items()
        if name in _CAPABILITY_NAMES
    }
    return Connection(
        id=ConnectionId(row.id),
        name=row.name,
        api=row.api,
        base_url=row.base_url,
        store=row.store,
        primary=row.primary,
        capabilities=Capabilities(**known),
        created_at=row.created_at,
        last_success_at=row.last_success_at,
        paused=row.paused,
        clock_skew_seconds=row.clock_skew_seconds,
    )
