"""One customer as the till shows it and as the stub keeps it, name by name, in the same words."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any

import sqlalchemy as sa

from posapp.domain.customer import PROFILE_FIELDS
from posapp.domain.digits import only_digits
from posapp.domain.phone import national_digits
from posapp.services.lookup import Card
from posapp.services.ports.remote import Capabilities, Traits
from server_stub import tables
from server_stub.clock import from_micros
from server_stub.money import in_minor_units, in_whole_units
from server_stub.store.segments import VipRule
from tests.support.stub import StubServer

_CURRENCY = "BDT"
_WHOLE_UNITS = frozenset({"selorax"})
"""The APIs that show money in whole units of the currency."""


def names_shown(server: Capabilities) -> Iterator[str]:
    """Yield the names of all that a server keeps or lists of a customer, as `ours` and `Theirs` name it."""
    yield from dict.fromkeys((*server.fields, *server.listed))
    yield from ("points",) if server.points and "points" not in server.listed else ()
    yield from ("balance",) if server.ledger else ()


def ours(seen: Card) -> dict[str, Any]:
    """Return what the till shows of a customer; None for what it does not know."""
    standing = seen.standing
    return {
        **{name: getattr(seen.customer.profile, name) for name in PROFILE_FIELDS},
        **{field.name: getattr(seen.traits, field.name) for field in fields(Traits)},
        "points": standing.points,
        "total_orders": standing.total_orders,
        "total_spent": None if standing.total_spent is None else standing.total_spent.minor,
        "balance": None if standing.server_balance is None else standing.server_balance.minor,
    }


def same(name: str, mine: Any, theirs: Any, server: Capabilities) -> bool:
    """Return whether till and server say the same; a phone of which the server keeps digits alone, as it answers it."""
    if name == "phone" and server.phone_digits:
        answered = only_digits(theirs or "").lstrip("0")
        return national_digits(mine or "") in {answered, national_digits(theirs or "")}
    return bool(mine == theirs)


class Theirs:
    """What the stub keeps of each customer, read from its own tables and told as an API tells it."""

    def __init__(self, stub: StubServer, api: str) -> None:
        runtime = stub.thread.app.state.runtime
        settings, group = runtime.settings, tables.customer_group.c
        with runtime.database.read() as connection:
            self._groups = {row.id: row.name for row in connection.execute(sa.select(group.id, group.name))}
        spent = in_minor_units(settings.vip_spend_threshold, _CURRENCY)
        self._vip = VipRule(orders=settings.vip_order_threshold, spent=spent)
        self._whole_units = api in _WHOLE_UNITS

    def of(self, row: Any) -> Mapping[str, Any]:
        """Return what the stub keeps of one customer, by its row."""
        spent = row.total_spent
        return {
            **{name: getattr(row, name) or None for name in ("name", "phone", "email", "notes")},
            "address": row.address_line or None,
            "tags": tuple(json.loads(row.tags)),
            "points": row.points,
            "total_orders": row.total_orders,
            "total_spent": in_minor_units(in_whole_units(spent, _CURRENCY), _CURRENCY) if self._whole_units else spent,
            "balance": row.ledger_balance,
            "blacklisted": row.blacklisted,
            "blacklist_reason": row.blacklist_reason or "",
            "cod_enabled": row.cod_enabled,
            "vip": self._vip.holds_for(row),
            "marketing": row.accepts_marketing,
            "guest": row.standing == tables.GUEST,
            "group": self._groups.get(row.group_id, ""),
            "last_order_at": None if row.last_order_at is None else from_micros(row.last_order_at),
        }
