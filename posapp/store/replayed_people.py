"""Whom acts that are put back were done to: found again by their ids here or on the server, or made anew."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import cached_property
from typing import Any, Final

import sqlalchemy as sa

from posapp.domain.customer import FieldValue, Profile, with_fields
from posapp.domain.ids import ConnectionId, CustomerId, RemoteId
from posapp.domain.operation import LOCAL, OperationKind, OperationState
from posapp.services.dto import Customer, CustomerStatus
from posapp.store.acts import WholeAct
from posapp.store.copied_acts import CopiedActs
from posapp.store.customers import CustomersRepository
from posapp.store.exchange.tables import PEER_CUSTOMER
from posapp.store.mirror import MirrorRepository
from posapp.store.profiles import from_values, to_values
from posapp.store.scope import Scope
from posapp.store.tables import CONNECTION, CUSTOMER, OPERATION, REMOTE_RECORD

_CLOCKS_DIFFER: Final = timedelta(minutes=10)
_SERVER = ("api", "base_url", "store")


class People:
    """The customers of a portion of acts."""

    def __init__(self, scope: Scope, source: CopiedActs, *, own: bool) -> None:
        """Begin a portion.

        Args:
            scope: The transaction.
            source: Where the acts come from.
            own: Whether they are this till's, so that ids mean the same.
        """
        self.added = 0
        self._scope = scope
        self._sql = scope.sql
        self._source = source
        self._own = own
        self._customers = CustomersRepository(scope)
        self._mirror = MirrorRepository(scope)
        self._here: dict[str, CustomerId] = {}

    def identify(self, act: WholeAct) -> tuple[CustomerId, bool]:
        """Return who another till's customer is here, and whether her record, as this act made it, is known already.

        She is found by her id, by the server's id of her, or as the one record that the server got since and that is
        in every field what this act meant to make.
        """
        there = act.operation.customer_id
        if there in self._here:
            return self._here[there], False
        found = self._told_by_a_till(there) or (there if self._customers.get(there) else None)
        if found is not None:
            self._here[there] = found
            return found, False
        found = self._by_remote_id(there)
        if found is None and act.operation.kind is OperationKind.CUSTOMER_CREATE:
            found = self._made_by(act)
        self._here[there] = found or there
        made = found is not None and act.operation.kind is OperationKind.CUSTOMER_CREATE
        return self._here[there], made

    def show(self, act: WholeAct, customer_id: CustomerId) -> None:
        """Let the screen show what an act did to a customer, whom this adds where the book does not have her."""
        customer = self._customers.get(customer_id)
        if customer is None:
            self._customers.add(self._new(act, customer_id))
            self.added += 1
            self.link(customer_id)
        elif changes := self._changes(act):
            self._customers.set_profile(customer_id, with_fields(customer.profile, changes))
        self._show_local(act, customer_id)
        if act.operation.kind is OperationKind.CUSTOMER_DELETE:
            kept = act.state == OperationState.KEPT.value
            self._customers.set_status(customer_id, CustomerStatus.ANONYMIZED if kept else CustomerStatus.DELETED)

    def link(self, customer_id: CustomerId) -> None:
        """Tie a customer to her records on the servers, as far as the file names them and nobody else has them."""
        for connection_id, remote_id in self._source.remote_ids(customer_id).items():
            here = self._connections.get(connection_id)
            if here is None:
                continue
            row = self._mirror.rows(here, [RemoteId(remote_id)]).get(RemoteId(remote_id))
            if row is None or row.customer_id is None:
                self._mirror.link(here, RemoteId(remote_id), customer_id)
                self._mirror.mark_for_refresh(here, [RemoteId(remote_id)])
            if row is None or row.customer_id in {None, customer_id}:
                self._created(customer_id)

    def forget_numbers(self, customer_id: CustomerId) -> None:
        """Show a customer's numbers as unknown until they are fetched: they may hold what is now in doubt, or not."""
        hers = sa.select(CUSTOMER.c.row).where(CUSTOMER.c.id == customer_id).scalar_subquery()
        values = dict.fromkeys(("balance", "balance_as_of", "points", "points_as_of"))
        self._sql.execute(
            sa.update(REMOTE_RECORD).where(REMOTE_RECORD.c.customer == hers).values(**values, refresh_marked=True)
        )

    @cached_property
    def _connections(self) -> Mapping[str, ConnectionId]:
        """The connections of this book by the id that the file's till gave them."""
        rows = self._sql.execute(sa.select(CONNECTION.c.id, *(CONNECTION.c[name] for name in _SERVER))).all()
        if self._own:
            return {row.id: ConnectionId(row.id) for row in rows}
        here = {tuple(row[1:]): ConnectionId(row.id) for row in rows}
        servers = {one: tuple(server[name] for name in _SERVER) for one, server in self._source.servers.items()}
        return {one: here[server] for one, server in servers.items() if server in here}

    def _told_by_a_till(self, there: str) -> CustomerId | None:
        """Return who she is here as far as the exchange between the tills knows."""
        query = sa.select(PEER_CUSTOMER.c.customer_id).where(PEER_CUSTOMER.c.id == there)
        found = self._sql.execute(query).scalar()
        return None if found is None else CustomerId(found)

    def _by_remote_id(self, there: str) -> CustomerId | None:
        for connection_id, remote_id in self._source.remote_ids(there).items():
            here = self._connections.get(connection_id)
            row = self._mirror.rows(here, [RemoteId(remote_id)]).get(RemoteId(remote_id)) if here else None
            if here is not None and row is not None:
                return row.customer_id or self._mirror.adopt(here, RemoteId(remote_id))
        return None

    def _made_by(self, act: WholeAct) -> CustomerId | None:
        if "profile" not in act.person or self._scope.primary is None:
            return None
        query = sa.select(CUSTOMER.c.id).join(REMOTE_RECORD, REMOTE_RECORD.c.customer == CUSTOMER.c.row)
        same = query.where(
            REMOTE_RECORD.c.connection == self._scope.primary[0],
            REMOTE_RECORD.c.status == CustomerStatus.LIVE.value,
            REMOTE_RECORD.c.profile == to_values(from_values(act.person["profile"])),
            REMOTE_RECORD.c.created_at >= act.operation.recorded_at - _CLOCKS_DIFFER,
        )
        found = self._sql.execute(same.limit(2)).scalars().all()
        return CustomerId(found[0]) if len(found) == 1 else None

    def _new(self, act: WholeAct, customer_id: CustomerId) -> Customer:
        known = self._source.people.get(act.operation.customer_id, {})
        if "profile" in act.person:
            profile = from_values(act.person["profile"])
        else:
            profile = Profile(name=str(known.get("name") or ""), phone=known.get("phone"))
        erased = known.get("status") == CustomerStatus.ANONYMIZED.value
        status = CustomerStatus.ANONYMIZED if erased else CustomerStatus.LIVE
        return Customer(customer_id, profile, status, created_at=act.operation.recorded_at)

    def _changes(self, act: WholeAct) -> dict[str, FieldValue]:
        changes: Mapping[str, Mapping[str, Any]] = act.person.get("changes", {})
        wanted = {name: change.get("wanted") for name, change in changes.items()}
        return {name: tuple(value) if isinstance(value, list) else value for name, value in wanted.items()}

    def _show_local(self, act: WholeAct, customer_id: CustomerId) -> None:
        """Let a card and a limit stand; another till's give way to what this one has, a card to who holds it."""
        card = act.person.get(LOCAL, {}).get("card_code")
        part = act.operation.intent.get(LOCAL)
        limit: int | None = part.get("credit_limit") if isinstance(part, Mapping) else None
        customer = self._customers.get(customer_id)
        if customer is None or (card is None and limit is None):
            return
        holder = self._customers.by_card(card) if card else None
        free = holder is None or holder.id == customer_id
        takes_card = card is not None and free and (self._own or customer.card_code is None)
        new_limit = customer.credit_limit
        if limit is not None and (self._own or new_limit is None):
            new_limit = self._scope.money(limit)
        self._customers.set_local(
            customer_id, card_code=card if takes_card else customer.card_code, credit_limit=new_limit
        )

    def _created(self, customer_id: CustomerId) -> None:
        """A customer whose record is known was created there, whatever became of the answer."""
        in_doubt = sa.update(OPERATION).where(
            OPERATION.c.customer_id == customer_id,
            OPERATION.c.kind == OperationKind.CUSTOMER_CREATE.value,
            OPERATION.c.state == OperationState.UNKNOWN.value,
        )
        self._sql.execute(in_doubt.values(state=OperationState.CONFIRMED.value, not_before=None))
