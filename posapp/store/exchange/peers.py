"""The exchange as the use cases see it: one object a transaction over its parts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa

from posapp.domain.exchange import Fact, FactKind
from posapp.domain.ids import CustomerId, EntryId, RemoteId, short_id
from posapp.services.ports.peers import Cursor, PeerTill, Reading, Taken
from posapp.store.exchange.incoming import Incoming
from posapp.store.exchange.lines import OwnLines
from posapp.store.exchange.merging import Merging
from posapp.store.exchange.outgoing import Outgoing
from posapp.store.exchange.pairs import Pairs
from posapp.store.exchange.people import People
from posapp.store.exchange.tables import PEER_TILL
from posapp.store.exchange.values import Values
from posapp.store.scope import TILL, Scope

NAME: Final = "exchange_name"


class PeersRepository:
    """`Peers` of the port."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._sql = scope.sql
        self._lines = OwnLines(scope)

    def source(self) -> str | None:
        """Return the name of this till's file; None while it takes no part."""
        return self._lines.source

    def begin(self, *, founded: bool) -> None:
        """Take part from now on; who founded the exchange tells the shop's settings first."""
        if self._lines.source is not None:
            return
        self._lines.begin()
        self._introduce()
        if founded:
            Outgoing(self._scope).tell_all_settings()

    def call(self, name: str) -> None:
        """Tell how this till is called."""
        self._scope.set_setting(NAME, name)
        self._introduce()

    def renew(self) -> None:
        """Go on in a new file: the old one holds lines that this book does not know."""
        self._lines.renew()

    def own(self) -> Sequence[str]:
        """Return the files that this book wrote, the present one last."""
        return self._lines.own()

    def erasures(self) -> int:
        """Return how often lines of this till were emptied because a person was erased."""
        return self._lines.erasures()

    def untold(self) -> Sequence[str]:
        """Return customers and kept lines that the others do not know as they stand now; only reads."""
        return Outgoing(self._scope).untold()

    def tell(self, names: Sequence[str]) -> int:
        """Note for the others what was set here, and what was untold; return how many facts that were."""
        return Outgoing(self._scope).tell(names)

    def told(self, source: str, after: int, limit: int) -> Sequence[Fact]:
        """Return this till's facts in a file of its own, in order."""
        return self._lines.facts(source, after, limit)

    def cursor(self, source: str) -> Cursor:
        """Return how far a file was read."""
        row = self._sql.execute(sa.select(PEER_TILL).where(PEER_TILL.c.source == source)).one_or_none()
        return Cursor() if row is None else Cursor(row.number, row.offset, row.header)

    def take(self, source: str, reading: Reading) -> Taken:
        """Take another till's facts, each once, and note how far its file was read.

        What was set here meanwhile is noted first: else an older word from elsewhere would take its place unseen.

        Raises:
            OtherMoney: That till counts in another currency.
        """
        if reading.facts:
            Outgoing(self._scope).tell_values()
        return Taken(Incoming(self._scope, source).take(reading))

    def settle(self) -> Taken:
        """Make customers one who turned out to be one, as far as nothing of theirs is on its way."""
        remained = frozenset(People(self._scope).settle())
        for customer_id in remained:
            self.propose_pairs(customer_id)
        return Taken(remained)

    def tills(self) -> Sequence[PeerTill]:
        """Return the other files, by name."""
        rows = self._sql.execute(sa.select(PEER_TILL).order_by(PEER_TILL.c.name, PEER_TILL.c.source))
        return [
            PeerTill(row.source, row.name or short_id(row.source), row.number, row.told_at, row.read_at, row.problem)
            for row in rows
        ]

    def propose_pairs(self, customer_id: CustomerId) -> None:
        """Ask about kept entries of a customer that somebody seems to have keyed into the server by hand."""
        Pairs(self._scope).propose(customer_id)

    def decide_pair(self, entry_id: EntryId, remote_id: RemoteId, *, linked: bool) -> None:
        """Note whether a kept entry and a server's are one; one that is counts once, in the server's figure."""
        Pairs(self._scope).tell(entry_id, remote_id, linked=linked)

    def decide_same(self, one: CustomerId, other: CustomerId, *, apart: bool) -> None:
        """Note whether two customers are one; they become one as soon as nothing of theirs is on its way."""
        people, now, source = People(self._scope), self._scope.now(), self._lines.source or ""
        people.decide(one, other, now, source, apart=apart)
        if source:
            first, second = sorted((one, other))
            content = {"one": first, "other": second, "apart": apart}
            self._lines.tell(FactKind.SAME, f"{first}/{second}", now, content)
        if not apart:
            people.settle()

    def unite(self, one: CustomerId, other: CustomerId) -> CustomerId | None:
        """Make two customers one, of whom the server has one record at most; return who remains, None for nobody."""
        remains = Merging(self._scope).unite(one, other)
        if remains is not None:
            self.propose_pairs(remains)
        return remains

    def give_up_card(self, customer_id: CustomerId) -> None:
        """Let a customer have no card, whom two tills gave somebody else's."""
        Values(self._scope).tell(FactKind.CARD, customer_id, None, self._scope.now(), {"id": customer_id})

    def _introduce(self) -> None:
        """Tell who this till is and in what it counts."""
        name = self._scope.setting(NAME) or short_id(self._scope.setting(TILL) or "")
        content = {"name": name, "currency": self._scope.shop.currency}
        self._lines.tell(FactKind.TILL, "this", self._scope.now(), content)
