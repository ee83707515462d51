"""What the repositories of one transaction share: the connection, the clock and the shop's currency and country."""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from posapp.domain.ids import ConnectionId, OperationId
from posapp.domain.money import CurrencyMismatch, Money
from posapp.domain.shop import Shop
from posapp.services.ports.clock import Clock
from posapp.store.errors import UnknownRow
from posapp.store.tables import CONNECTION, SETTING

SHOP = "shop"
TILL = "till_id"
ERASURES = "erasures"
"""The setting that counts erasures of persons: a second copy written before the last one is written anew."""


class Scope:
    """One transaction."""

    def __init__(self, connection: sa.Connection, clock: Clock) -> None:
        self.sql = connection
        self._clock = clock
        self._rows: dict[ConnectionId, int] = {}
        self.index_stale = False
        """Whether this transaction left the search index to be filled anew."""
        self.erased = False
        """Whether this transaction erased somebody, of whom the log still holds old pages."""
        self.recorded: list[OperationId] = []
        """What was recorded in this transaction."""

    def now(self) -> datetime:
        """Return the till's time."""
        return self._clock.now()

    @cached_property
    def shop(self) -> Shop:
        """The shop's settings."""
        text = self.setting(SHOP)
        if text is None:
            raise UnknownRow("the book has no shop")
        return shop_from_json(text)

    @cached_property
    def primary(self) -> tuple[int, dict[str, Any]] | None:
        """Row and capabilities of the primary connection; None where the till works without a server."""
        found = self.sql.execute(
            sa.select(CONNECTION.c.row, CONNECTION.c.capabilities).where(CONNECTION.c.primary)
        ).one_or_none()
        return None if found is None else (found.row, found.capabilities)

    @cached_property
    def servers_left(self) -> bool:
        """Whether the till worked with another server before."""
        return self.sql.execute(sa.select(sa.exists().where(sa.not_(CONNECTION.c.primary)))).scalar_one()

    def setting(self, name: str) -> str | None:
        """Return a setting's text."""
        return self.sql.execute(sa.select(SETTING.c.value).where(SETTING.c.name == name)).scalar()

    def set_setting(self, name: str, value: str) -> None:
        """Keep a setting's text."""
        kept = insert(SETTING).values(name=name, value=value)
        self.sql.execute(kept.on_conflict_do_update(index_elements=["name"], set_={"value": value}))

    def forget(self) -> None:
        """Read shop and connections anew: they were just changed."""
        self.__dict__.pop("shop", None)
        self.__dict__.pop("primary", None)
        self.__dict__.pop("servers_left", None)
        self._rows.clear()

    def connection_row(self, connection_id: ConnectionId) -> int:
        """Return the row of a connection."""
        row = self._rows.get(connection_id)
        if row is None:
            row = self.sql.execute(sa.select(CONNECTION.c.row).where(CONNECTION.c.id == connection_id)).scalar()
            if row is None:
                raise UnknownRow("no such connection")
            self._rows[connection_id] = row
        return row

    def money(self, minor: int) -> Money:
        """Return an amount of the shop's currency."""
        return Money(minor, self.shop.currency)

    def money_or_none(self, minor: int | None) -> Money | None:
        """Return an amount of the shop's currency; None stays unknown."""
        return None if minor is None else Money(minor, self.shop.currency)

    def minor(self, amount: Money) -> int:
        """Return the minor units of an amount, which must be of the shop's currency."""
        if amount.currency != self.shop.currency:
            raise CurrencyMismatch(f"{amount.currency} in a book of {self.shop.currency}")
        return amount.minor

    def minor_or_none(self, amount: Money | None) -> int | None:
        """Return the minor units of an amount; None stays unknown."""
        return None if amount is None else self.minor(amount)


def shop_to_json(shop: Shop) -> str:
    """Return the shop's settings as they lie in the book."""
    return json.dumps(
        {
            "name": shop.name,
            "country": shop.country,
            "currency": shop.currency,
            "time_zone": shop.time_zone,
            "earn_rate": str(shop.earn_rate),
            "redemption_value": shop.redemption_value,
            "credit_limit": None if shop.credit_limit is None else shop.credit_limit.minor,
            "tills": shop.tills,
            "terms_days": shop.terms_days,
            "quarantine_seconds": shop.quarantine_seconds,
            "redeem_cap": shop.redeem_cap,
            "redeem_soft": shop.redeem_soft,
            "redeem_count": shop.redeem_count,
            "redeem_total": shop.redeem_total,
            "redeem_age_hours": shop.redeem_age_hours,
        },
        ensure_ascii=False,
    )


def shop_from_json(text: str) -> Shop:
    """Read what `shop_to_json` wrote."""
    values = json.loads(text)
    if "redeem_cap" not in values:  # written before a person could say how many tills there are
        values["tills"] = 0
    limit = values["credit_limit"]
    values["earn_rate"] = Decimal(values["earn_rate"])
    values["credit_limit"] = None if limit is None else Money(limit, values["currency"])
    return Shop(**values)
