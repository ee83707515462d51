"""What tills may set differently, settled alike on all of them: the later moment holds, then the greater file name.

A card is held by one customer. Where two tills gave one card away, the first keeps it: the other customer's claim stays
noted, but her card is empty here and a person is asked.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from posapp.domain.exchange import FactKind
from posapp.domain.ids import CustomerId
from posapp.store.customers import CustomersRepository
from posapp.store.exchange.asking import ask
from posapp.store.exchange.lines import OwnLines
from posapp.store.exchange.tables import PEER_VALUE
from posapp.store.scope import SHOP, Scope, shop_from_json, shop_to_json
from posapp.store.settings import SettingsRepository
from posapp.store.tables import CUSTOMER

LOCAL_SETTINGS: Final = frozenset({"name", "country", "currency", "time_zone", "quarantine_seconds"})
"""Settings that a server tells or that are this till's own business."""

_NEXT: Final = timedelta(microseconds=1)


class Values:
    """The values of one transaction."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._sql = scope.sql
        self._lines = OwnLines(scope)
        self._customers = CustomersRepository(scope)

    def get(self, name: str) -> Any:
        """Return what is noted under a name; None for nothing."""
        return self._sql.execute(sa.select(PEER_VALUE).where(PEER_VALUE.c.name == name)).one_or_none()

    def note(self, name: str, value: object, at: datetime) -> datetime:
        """Note what was set here and return its moment: later than what held before, whatever the clocks say."""
        known = self.get(name)
        moment = at if known is None else max(at, known.at + _NEXT)
        self._put(name, value, moment, self._lines.source or "", shown=value)
        return moment

    def tell(self, kind: FactKind, key: str, value: object, at: datetime, content: dict[str, Any]) -> None:
        """Note what was set here, and tell it."""
        name = f"{kind.value}/{key}"
        known = self.get(name)
        self._lines.tell(kind, key, self.note(name, value, at), {**content, "value": value})
        if kind is FactKind.CARD:
            self._settle_cards(known.value if known else None, value)

    def take(self, kind: FactKind, key: str, value: object, at: datetime, source: str) -> bool:
        """Take what another till set, unless something later holds; return whether it holds now."""
        name = f"{kind.value}/{key}"
        known = self.get(name)
        if known is not None and (known.at, known.source) >= (at, source):
            return False
        before = None if known is None else known.value
        self._put(name, value, at, source, shown=None if known is None else known.shown)
        self._show(kind, key, before, value)
        return True

    def move(self, gone: CustomerId, keep: CustomerId) -> None:
        """Let what is noted of one customer hold for another, who is the same person; the later value holds."""
        for kind in (FactKind.CARD, FactKind.LIMIT, FactKind.CUSTOMER):
            old = self.get(f"{kind.value}/{gone}")
            if old is None:
                continue
            self._sql.execute(sa.delete(PEER_VALUE).where(PEER_VALUE.c.name == old.name))
            if kind is FactKind.CUSTOMER:
                continue
            self._sql.execute(sa.update(CUSTOMER).where(CUSTOMER.c.id == gone).values(card_code=None))
            if not self.take(kind, keep, old.value, old.at, old.source) and kind is FactKind.CARD:
                self._settle_cards(old.value)

    def settings(self) -> dict[str, Any]:
        """Return the settings that all tills of the shop share."""
        held = json.loads(self._scope.setting(SHOP) or "{}")
        return {name: value for name, value in held.items() if name not in LOCAL_SETTINGS}

    def _put(self, name: str, value: object, at: datetime, source: str, *, shown: object) -> None:
        values = {"value": value, "shown": shown, "at": at, "source": source}
        put = insert(PEER_VALUE).values(name=name, **values)
        self._sql.execute(put.on_conflict_do_update(index_elements=["name"], set_=values))

    def _show(self, kind: FactKind, key: str, before: object, value: Any) -> None:
        if kind is FactKind.CARD:
            self._set_card(key, None)
            self._shown(f"card/{key}", None)
            self._settle_cards(before, value)
            return
        if kind is FactKind.LIMIT:
            self._sql.execute(sa.update(CUSTOMER).where(CUSTOMER.c.id == key).values(credit_limit=value))
        if kind is FactKind.SETTING and key not in LOCAL_SETTINGS:
            held = json.loads(shop_to_json(self._scope.shop)) | {key: value}
            SettingsRepository(self._scope).save_shop(shop_from_json(json.dumps(held)))
        self._shown(f"{kind.value}/{key}", value)

    def _shown(self, name: str, value: object) -> None:
        self._sql.execute(sa.update(PEER_VALUE).where(PEER_VALUE.c.name == name).values(shown=value))

    def _settle_cards(self, *codes: object) -> None:
        """Give each card to the live customer to whom it was given first, and ask about the others."""
        for code in codes:
            if code is None:
                continue
            query = (
                sa.select(PEER_VALUE.c.name, CUSTOMER.c.id)
                .join(CUSTOMER, CUSTOMER.c.id == sa.func.substr(PEER_VALUE.c.name, len("card/") + 1))
                .where(PEER_VALUE.c.value == code, PEER_VALUE.c.name.like("card/%"), CUSTOMER.c.status == "live")
                .order_by(PEER_VALUE.c.at, PEER_VALUE.c.source, PEER_VALUE.c.name)
            )
            claims = self._sql.execute(query).all()
            for claim in reversed(claims):  # the others lose it before the first one gets it
                first = claim is claims[0]
                self._set_card(claim.id, str(code) if first else None)
                self._shown(claim.name, code if first else None)
                if not first:
                    ask(self._scope, "card", CustomerId(claim.id), {"holder": claims[0].id})

    def _set_card(self, customer_id: str, code: str | None) -> None:
        customer = self._customers.get(CustomerId(customer_id))
        if customer is not None and customer.card_code != code:
            self._customers.set_local(customer.id, card_code=code, credit_limit=customer.credit_limit)
