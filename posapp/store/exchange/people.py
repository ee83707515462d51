"""Whose facts another till's facts are: one person is one customer here, whatever she is called elsewhere.

Somebody is known by her id on the server, then by the id that the till gave her. Nobody is taken for somebody else by
name or phone alone: where that looks likely a person is asked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from posapp.domain.customer import Profile
from posapp.domain.exchange import FactKind
from posapp.domain.ids import ConnectionId, CustomerId, RemoteId
from posapp.domain.operation import WAITING, OperationKind, OperationState
from posapp.services.dto import Customer, CustomerStatus
from posapp.store.customers import CustomersRepository
from posapp.store.erasure import erase_person
from posapp.store.exchange.asking import answered, ask
from posapp.store.exchange.merging import Merging
from posapp.store.exchange.tables import PEER_CUSTOMER, PEER_SAME
from posapp.store.exchange.values import Values
from posapp.store.mirror import MirrorRepository
from posapp.store.profiles import ERASED, from_values, to_values
from posapp.store.scope import Scope
from posapp.store.tables import CONNECTION, CUSTOMER, OPERATION, REMOTE_RECORD

_ON_THE_WAY: Final = [state.value for state in sorted(WAITING | {OperationState.NEEDS_HUMAN})]
_ENDED: Final = [OperationState.REJECTED.value, OperationState.CANCELLED.value]
_LIVE: Final = CustomerStatus.LIVE.value


class People:
    """The customers of one transaction, as the exchange sees them."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._sql = scope.sql
        self._customers = CustomersRepository(scope)
        self._values = Values(scope)

    def told(self, customer: Customer) -> dict[str, Any]:
        """Return what is told of a customer of this book."""
        status, erased = customer.status, customer.status is CustomerStatus.ANONYMIZED
        return {
            "id": customer.id,
            "status": status.value,
            "profile": to_values(ERASED if erased else customer.profile),
            "created_at": customer.created_at.isoformat(),
            "remotes": self._remotes(customer.id),
        }

    def here(self, told_id: str) -> CustomerId | None:
        """Return who a customer of some till is in this book; None for nobody yet."""
        query = sa.select(PEER_CUSTOMER.c.customer_id).where(PEER_CUSTOMER.c.id == told_id)
        found = self._sql.execute(query).scalar()
        if found is None:
            found = self._sql.execute(sa.select(CUSTOMER.c.id).where(CUSTOMER.c.id == told_id)).scalar()
        return None if found is None else CustomerId(found)

    def take(self, content: Mapping[str, Any], at: datetime, source: str) -> CustomerId:
        """Take what another till says of a customer and return who she is here, made where nobody is she."""
        told_id, remotes = str(content["id"]), content.get("remotes", [])
        known, holder = self.here(told_id), self._holder(remotes)
        mine = known or holder or self._made(content)
        self._remember(told_id, mine, remotes)
        if holder is None:
            self._link(mine, remotes)
        elif known is not None and known != holder:
            Merging(self._scope).unite(known, holder)
        mine = self.here(told_id) or mine
        self._take_particulars(mine, content, at, source)
        if known is None:
            self._ask_if_double(mine, added_here=holder is not None)
        return mine

    def decide(self, one: str, other: str, at: datetime, source: str, *, apart: bool) -> bool:
        """Note that two customers are one, or are not, unless something later was said; return whether it holds."""
        first, second = sorted((one, other))
        same = (PEER_SAME.c.one == first, PEER_SAME.c.other == second)
        known = self._sql.execute(sa.select(PEER_SAME).where(*same)).one_or_none()
        if known is not None and (known.at, known.source) >= (at, source):
            return False
        values = {"apart": apart, "at": at, "source": source}
        put = insert(PEER_SAME).values(one=first, other=second, **values)
        self._sql.execute(put.on_conflict_do_update(index_elements=["one", "other"], set_=values))
        mine, hers = self.here(one) or one, self.here(other) or other
        for who, whom in ((mine, hers), (hers, mine)):
            answered(self._scope, "duplicate", who=who, other=whom)
        return True

    def settle(self) -> list[CustomerId]:
        """Make one whoever turned out to be one, as far as nothing of theirs is on its way; return who remained."""
        said = sa.select(PEER_SAME.c.one, PEER_SAME.c.other).where(sa.not_(PEER_SAME.c.apart))
        pairs = [(self.here(one), self.here(other)) for one, other in self._sql.execute(said).all()]
        pairs += [(CustomerId(row.mine), CustomerId(row.holder)) for row in self._sql.execute(_SPLIT).all()]
        merging, remained = Merging(self._scope), []
        for one, other in pairs:
            first, second = one and self.here(one), other and self.here(other)
            if first and second and first != second:
                remained += [keep] if (keep := merging.unite(first, second)) else []
        return remained

    def _made(self, content: Mapping[str, Any]) -> CustomerId:
        """Add somebody whom only another till knows; nothing is sent for her."""
        erased = content.get("status") == CustomerStatus.ANONYMIZED.value
        customer = Customer(
            id=CustomerId(str(content["id"])),
            profile=ERASED if erased else from_values(content["profile"]),
            status=CustomerStatus(str(content.get("status", _LIVE))),
            created_at=datetime.fromisoformat(str(content.get("created_at") or self._scope.now().isoformat())),
        )
        self._customers.add(customer)
        return customer.id

    def _take_particulars(self, mine: CustomerId, content: Mapping[str, Any], at: datetime, source: str) -> None:
        """Take name, phone and the like of somebody whom no server knows or will know: else the server has them."""
        if "profile" not in content or content.get("remotes") or self._on_server(mine):
            return
        if not self._values.take(FactKind.CUSTOMER, mine, None, at, source):
            return
        status = CustomerStatus(str(content["status"]))
        customer = self._customers.get(mine)
        assert customer is not None, "she was just found or made"
        if status is not CustomerStatus.LIVE:
            self._take_gone(customer, status)
            return
        profile: Profile = from_values(content["profile"])
        if profile != customer.profile:
            self._customers.set_profile(mine, profile)

    def _take_gone(self, customer: Customer, status: CustomerStatus) -> None:
        """Somebody deleted a customer elsewhere: here too, unless her khata would vanish under the cashier."""
        if customer.status is not CustomerStatus.LIVE:
            return
        if Merging(self._scope).has_numbers(customer.id):
            ask(self._scope, "customer_gone", customer.id, {"status": status.value})
        else:
            self._customers.set_status(customer.id, status)
            if status is CustomerStatus.ANONYMIZED:
                erase_person(self._scope, customer.id)

    def _ask_if_double(self, mine: CustomerId, *, added_here: bool) -> None:
        """Ask where somebody here may be the one of whom another till just told for the first time.

        Where the server had shown her before, only those count whom this till added itself (`added_here`): the server
        may well have two people of one phone.
        """
        her = sa.select(CUSTOMER.c.phone_e164, CUSTOMER.c.name).where(CUSTOMER.c.id == mine)
        phone, name = self._sql.execute(her).one()
        alike = (
            CUSTOMER.c.phone_e164 == phone if phone else sa.and_(CUSTOMER.c.name == name, CUSTOMER.c.phone.is_(None))
        )
        query = (
            sa.select(CUSTOMER.c.id)
            .where(alike, CUSTOMER.c.id != mine, CUSTOMER.c.status == _LIVE)
            .order_by(CUSTOMER.c.row)
        )
        if added_here:
            create = (OPERATION.c.kind == OperationKind.CUSTOMER_CREATE.value, OPERATION.c.state.not_in(_ENDED))
            query = query.where(CUSTOMER.c.id.in_(sa.select(OPERATION.c.customer_id).where(*create)))
        for other in self._sql.execute(query.limit(1)).scalars():
            first, second = sorted((mine, other))
            said = sa.select(PEER_SAME.c.one).where(PEER_SAME.c.one == first, PEER_SAME.c.other == second)
            if self._sql.execute(said).scalar() is None:
                ask(self._scope, "duplicate", mine, {"who": mine, "other": other})

    def _on_server(self, customer_id: CustomerId) -> bool:
        """Return whether a server knows somebody, or will by an act of this till."""
        create = sa.select(OPERATION.c.id).where(
            OPERATION.c.customer_id == customer_id,
            OPERATION.c.kind == OperationKind.CUSTOMER_CREATE.value,
            OPERATION.c.state.in_(_ON_THE_WAY),
        )
        return bool(self._remotes(customer_id)) or self._sql.execute(create).scalar() is not None

    def _remotes(self, customer_id: CustomerId) -> list[list[str | None]]:
        query = (
            sa.select(CONNECTION.c.api, CONNECTION.c.base_url, CONNECTION.c.store, REMOTE_RECORD.c.remote_id)
            .join(REMOTE_RECORD, REMOTE_RECORD.c.connection == CONNECTION.c.row)
            .join(CUSTOMER, CUSTOMER.c.row == REMOTE_RECORD.c.customer)
            .where(CUSTOMER.c.id == customer_id, REMOTE_RECORD.c.alias_of.is_(None))
            .order_by(CONNECTION.c.row, REMOTE_RECORD.c.row)
        )
        return [list(row) for row in self._sql.execute(query)]

    def _holder(self, remotes: Sequence[Sequence[Any]]) -> CustomerId | None:
        """Return whose customer record here bears one of these ids on a server."""
        for connection, remote_id in self._known(remotes):
            query = (
                sa.select(CUSTOMER.c.id)
                .join(REMOTE_RECORD, REMOTE_RECORD.c.customer == CUSTOMER.c.row)
                .where(REMOTE_RECORD.c.connection == connection.row, REMOTE_RECORD.c.remote_id == remote_id)
            )
            found = self._sql.execute(query).scalar()
            if found is not None:
                return CustomerId(found)
        return None

    def _link(self, mine: CustomerId, remotes: Sequence[Sequence[Any]]) -> None:
        """Note somebody's id on a server; a record that may be our own doubtful create stays where it is."""
        mirror = MirrorRepository(self._scope)
        for connection, remote_id in self._known(remotes):
            there = ConnectionId(connection.id)
            if mirror.remote_id(there, mine) is None and not mirror.rows(there, [RemoteId(remote_id)]):
                mirror.link(there, RemoteId(remote_id), mine)
                mirror.mark_for_refresh(there, [RemoteId(remote_id)])

    def _known(self, remotes: Sequence[Sequence[Any]]) -> list[tuple[Any, str]]:
        """Return those ids that are on a server of this till too."""
        rows = self._sql.execute(sa.select(CONNECTION)).all()
        by_place = {(row.api, row.base_url, row.store): row for row in rows}
        places = [((api, url, store), remote_id) for api, url, store, remote_id in remotes]
        return [(by_place[place], remote_id) for place, remote_id in places if place in by_place]

    def _remember(self, told_id: str, mine: CustomerId, remotes: Sequence[Sequence[Any]]) -> None:
        values = {"customer_id": mine, "remotes": [list(one) for one in remotes]}
        put = insert(PEER_CUSTOMER).values(id=told_id, **values)
        self._sql.execute(put.on_conflict_do_update(index_elements=["id"], set_=values))


_SPLIT: Final = sa.text("""
SELECT p.customer_id AS mine, w.id AS holder FROM peer_customer p, json_each(p.remotes) j
JOIN connection c ON c.api = json_extract(j.value, '$[0]') AND c.base_url = json_extract(j.value, '$[1]')
  AND c.store IS json_extract(j.value, '$[2]')
JOIN remote_record r ON r.connection = c."row" AND r.remote_id = json_extract(j.value, '$[3]')
JOIN customer w ON w."row" = r.customer
WHERE w.id <> p.customer_id
""")
"""Customers told by another till whose id on the server belongs to somebody else here: they are one person."""
