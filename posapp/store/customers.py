"""Customers as the screen shows them, and how they are found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from posapp.domain.customer import Profile
from posapp.domain.ids import CustomerId, RemoteId
from posapp.domain.money import Money
from posapp.services.dto import Customer, CustomerStatus, FoundCustomer
from posapp.store import search
from posapp.store.errors import UnknownRow
from posapp.store.phones import indexed
from posapp.store.profiles import ERASED, from_row, to_values
from posapp.store.scope import Scope
from posapp.store.standings import standings
from posapp.store.tables import CUSTOMER, LANE_CLOCK, REMOTE_RECORD

_RESOLVED = 10


class CustomersRepository:
    """`Customers` of the book's port."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._sql = scope.sql

    def add(self, customer: Customer) -> None:
        """Add a customer and index her."""
        row = self._sql.execute(sa.insert(CUSTOMER).values(**customer_values(self._scope, customer))).lastrowid
        if customer.status is CustomerStatus.LIVE:
            self._index(row, customer.profile, customer.card_code)

    def get(self, customer_id: CustomerId) -> Customer | None:
        """Return a customer, whatever her status; None for an unknown id."""
        found = self._sql.execute(sa.select(CUSTOMER).where(CUSTOMER.c.id == customer_id)).one_or_none()
        return None if found is None else self._customer(found)

    def set_profile(self, customer_id: CustomerId, profile: Profile) -> None:
        """Replace what is shown and found of a customer."""
        found = self._row(customer_id)
        self._write_profile(found.row, profile)
        if found.status == CustomerStatus.LIVE:
            search.remove(self._sql, found.row)
            self._index(found.row, profile, found.card_code)

    def set_status(self, customer_id: CustomerId, status: CustomerStatus) -> None:
        """Set the status; anything but live takes her out of the search, anonymised also wipes the person's fields."""
        found = self._row(customer_id)
        values: dict[str, Any] = {"status": status.value}
        if status is CustomerStatus.ANONYMIZED:
            values["card_code"] = None
        self._sql.execute(sa.update(CUSTOMER).where(CUSTOMER.c.row == found.row).values(**values))
        if found.status == CustomerStatus.LIVE:
            search.remove(self._sql, found.row)
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
            search.remove(self._sql, found.row)
            self._index(found.row, from_row(found), card_code)

    def find(self, text: str, limit: int) -> Sequence[FoundCustomer]:
        """Return live customers who match every word of a text, best first."""
        country = self._scope.shop.country
        terms = search.terms_of(text, country)
        if not terms or limit < 1:
            return []
        rows = self._by_rows(search.candidates(self._sql, terms))
        ranks = {found.row: search.ranked(found, terms, country) for found in rows}
        best = sorted(rows, key=lambda found: (ranks[found.row][0], found.name, found.row))[:limit]
        return self._found(best, [ranks[found.row][1] for found in best])

    def resolve(self, text: str) -> Sequence[Customer]:
        """Return live customers whom a text names exactly (id, remote id, phone, card code), else those it finds."""
        wanted = text.strip()
        if not wanted:
            return []
        for query in self._exact(wanted):
            found = self._sql.execute(query.where(CUSTOMER.c.status == CustomerStatus.LIVE.value)).all()
            if found:
                return [self._customer(row) for row in found]
        return [hit.customer for hit in self.find(text, _RESOLVED)]

    def same_phone(self, phone: str) -> Sequence[Customer]:
        """Return live customers with the same phone, however it is written."""
        query = self._phone_query(phone).where(CUSTOMER.c.status == CustomerStatus.LIVE.value)
        return [self._customer(row) for row in self._sql.execute(query)]

    def by_card(self, card_code: str) -> Customer | None:
        """Return who holds a card, whatever her status; None for nobody."""
        found = self._sql.execute(sa.select(CUSTOMER).where(CUSTOMER.c.card_code == card_code)).one_or_none()
        return None if found is None else self._customer(found)

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

    def _by_rows(self, rows: Iterable[int]) -> Sequence[Any]:
        query = sa.select(CUSTOMER).where(
            CUSTOMER.c.row.in_(list(rows)), CUSTOMER.c.status == CustomerStatus.LIVE.value
        )
        return self._sql.execute(query).all()

    def _found(self, rows: Sequence[Any], matched: Sequence[str]) -> list[FoundCustomer]:
        numbers = standings(self._scope, [(row.row, row.id) for row in rows])
        remote_ids = self._remote_ids([row.row for row in rows])
        return [
            FoundCustomer(self._customer(row), remote_ids.get(row.row), field, numbers[row.id])
            for row, field in zip(rows, matched, strict=True)
        ]

    def _remote_ids(self, rows: Sequence[int]) -> dict[int, RemoteId]:
        if self._scope.primary is None:
            return {}
        query = sa.select(REMOTE_RECORD.c.customer, REMOTE_RECORD.c.remote_id).where(
            REMOTE_RECORD.c.customer.in_(rows),
            REMOTE_RECORD.c.connection == self._scope.primary[0],
            REMOTE_RECORD.c.alias_of.is_(None),
        )
        return {row: RemoteId(remote_id) for row, remote_id in self._sql.execute(query)}

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
        search.add(self._sql, [search.index_row(row, profile, card_code, self._scope.shop.country)])

    def _customer(self, row: Any) -> Customer:
        return Customer(
            id=CustomerId(row.id),
            profile=from_row(row),
            status=CustomerStatus(row.status),
            created_at=row.created_at,
            card_code=row.card_code,
            credit_limit=self._scope.money_or_none(row.credit_limit),
            lane_epoch=row.lane_epoch,
        )


def customer_values(scope: Scope, customer: Customer) -> dict[str, Any]:
    """Return the columns of a new customer."""
    return {
        **to_values(customer.profile),
        "id": customer.id,
        "phone_e164": indexed(customer.profile.phone, scope.shop.country).e164,
        "card_code": customer.card_code or None,
        "credit_limit": scope.minor_or_none(customer.credit_limit),
        "status": customer.status.value,
        "lane_epoch": customer.lane_epoch,
        "created_at": customer.created_at,
    }
