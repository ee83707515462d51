"""Customers as the screen shows them, and how they are found."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from posapp.domain.customer import Profile
from posapp.domain.ids import ConnectionId, CustomerId
from posapp.domain.money import Money
from posapp.services.dto import Customer, CustomerStatus
from posapp.services.ports.book import Parted
from posapp.services.ports.search import Found, FoundCustomer
from posapp.store.customer_rows import customer_of, customer_values
from posapp.store.errors import UnknownRow
from posapp.store.parting import come_back, part
from posapp.store.phones import indexed
from posapp.store.profiles import ERASED, from_row, to_values
from posapp.store.scope import Scope
from posapp.store.search import upkeep
from posapp.store.search.entries import entry_of
from posapp.store.search.lookup import Lookup
from posapp.store.search.seen import forget_seen, note_seen
from posapp.store.tables import CUSTOMER, LANE_CLOCK, REMOTE_RECORD


class CustomersRepository:
    """`Customers` of the book's port."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._sql = scope.sql
        self._lookup = Lookup(scope)

    def add(self, customer: Customer) -> None:
        """Add a customer and index her."""
        row = self._sql.execute(sa.insert(CUSTOMER).values(**customer_values(self._scope, customer))).lastrowid
        if customer.status is CustomerStatus.LIVE:
            self._index(row, customer.profile, customer.card_code)

    def get(self, customer_id: CustomerId) -> Customer | None:
        """Return a customer, whatever her status; None for an unknown id."""
        found = self._sql.execute(sa.select(CUSTOMER).where(CUSTOMER.c.id == customer_id)).one_or_none()
        return None if found is None else customer_of(self._scope, found)

    def set_profile(self, customer_id: CustomerId, profile: Profile) -> None:
        """Replace what is shown and found of a customer."""
        found = self._row(customer_id)
        self._write_profile(found.row, profile)
        if found.status == CustomerStatus.LIVE:
            self._index(found.row, profile, found.card_code)

    def set_status(self, customer_id: CustomerId, status: CustomerStatus) -> None:
        """Set the status; anything but live takes her out of the search, anonymised also wipes the person's fields."""
        found = self._row(customer_id)
        values: dict[str, Any] = {"status": status.value}
        if status is CustomerStatus.ANONYMIZED:
            values["card_code"] = None
        self._sql.execute(sa.update(CUSTOMER).where(CUSTOMER.c.row == found.row).values(**values))
        if status is not CustomerStatus.LIVE:
            upkeep.remove(self._sql, [found.row])
            forget_seen(self._sql, found.row)
        if status is CustomerStatus.ANONYMIZED:
            self._write_profile(found.row, ERASED)
            self._sql.execute(
                sa.update(REMOTE_RECORD).where(REMOTE_RECORD.c.customer == found.row).values(profile=to_values(ERASED))
            )
        elif status is CustomerStatus.LIVE:
            self._index(found.row, from_row(found), found.card_code)

    def set_local(self, customer_id: CustomerId, *, card_code: str | None, credit_limit: Money | None) -> None:
        """Set what no server holds."""
        found = self._row(customer_id)
        self._sql.execute(
            sa.update(CUSTOMER)
            .where(CUSTOMER.c.row == found.row)
            .values(card_code=card_code or None, credit_limit=self._scope.minor_or_none(credit_limit))
        )
        if found.status == CustomerStatus.LIVE:
            self._index(found.row, from_row(found), card_code)

    def find(self, text: str, limit: int) -> Found:
        """Return live customers who match every word of a text, best first."""
        return self._lookup.find(text, limit)

    def alike(self, profile: Profile, limit: int) -> Sequence[FoundCustomer]:
        """Return live customers who may be the one described: of the same phone, then e-mail, then name."""
        return self._lookup.alike(profile, limit)

    def recent(self, limit: int) -> Sequence[FoundCustomer]:
        """Return live customers whose card was opened lately, the last one first."""
        return self._lookup.recent(limit)

    def note_seen(self, customer_id: CustomerId, at: datetime) -> None:
        """Note that a customer's card was opened."""
        row = self._row(customer_id)
        if row.status == CustomerStatus.LIVE:
            note_seen(self._sql, row.row, at)

    def resolve(self, text: str) -> Sequence[Customer]:
        """Return live customers whom a text names exactly (id, remote id, phone, card code), else those it finds."""
        wanted = text.encode(errors="ignore").decode().strip()  # a lone surrogate is in no id
        if not wanted:
            return []
        for query in self._exact(wanted):
            found = self._sql.execute(query.where(CUSTOMER.c.status == CustomerStatus.LIVE.value)).all()
            if found:
                return [customer_of(self._scope, row) for row in found]
        return self._lookup.named(text)

    def by_card(self, card_code: str) -> Customer | None:
        """Return who holds a card, whatever her status; None for nobody."""
        found = self._sql.execute(sa.select(CUSTOMER).where(CUSTOMER.c.card_code == card_code)).one_or_none()
        return None if found is None else customer_of(self._scope, found)

    def part(self, connection_id: ConnectionId) -> Parted:
        """Take the primary server's customers out of the search, but for those of whom this till keeps something."""
        return part(self._scope, connection_id)

    def come_back(self, connection_id: ConnectionId) -> None:
        """Let those who left with a server be found again."""
        come_back(self._scope, connection_id)

    def bump_lane(self, customer_id: CustomerId) -> int:
        """Give the customer's lane a new, globally higher epoch and return it."""
        epoch: int = self._sql.execute(
            sa.update(LANE_CLOCK).values(epoch=LANE_CLOCK.c.epoch + 1).returning(LANE_CLOCK.c.epoch)
        ).scalar_one()
        self._sql.execute(sa.update(CUSTOMER).where(CUSTOMER.c.id == customer_id).values(lane_epoch=epoch))
        return epoch

    def _exact(self, wanted: str) -> list[sa.Select[Any]]:
        remote = sa.select(REMOTE_RECORD.c.customer).where(REMOTE_RECORD.c.remote_id == wanted)
        if self._scope.primary is not None:
            remote = remote.where(REMOTE_RECORD.c.connection == self._scope.primary[0])
        return [
            sa.select(CUSTOMER).where(CUSTOMER.c.id == wanted),
            sa.select(CUSTOMER).where(CUSTOMER.c.row.in_(remote)),
            self._phone_query(wanted),
            sa.select(CUSTOMER).where(CUSTOMER.c.card_code == wanted),
        ]

    def _phone_query(self, phone: str) -> sa.Select[Any]:
        """Select by E.164; a number that has none (a short code) only by what was typed."""
        e164 = indexed(phone, self._scope.shop.country).e164
        same = CUSTOMER.c.phone_e164 == e164 if e164 else sa.false()
        return sa.select(CUSTOMER).where(same).order_by(CUSTOMER.c.row)

    def _row(self, customer_id: CustomerId) -> Any:
        found = self._sql.execute(sa.select(CUSTOMER).where(CUSTOMER.c.id == customer_id)).one_or_none()
        if found is None:
            raise UnknownRow("no such customer")
        return found

    def _write_profile(self, row: int, profile: Profile) -> None:
        e164 = indexed(profile.phone, self._scope.shop.country).e164
        self._sql.execute(
            sa.update(CUSTOMER).where(CUSTOMER.c.row == row).values(**to_values(profile), phone_e164=e164)
        )

    def _index(self, row: int, profile: Profile, card_code: str | None) -> None:
        upkeep.replace(self._sql, row, entry_of(profile, card_code, self._scope.shop.country))
