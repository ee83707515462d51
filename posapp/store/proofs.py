"""Which khatas were proven equal to the server's, and what was seen of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from posapp.domain.ids import ConnectionId, CustomerId, RemoteId
from posapp.domain.proof import NO_SEAL, Difference, Figures, seal_of
from posapp.services.ports.proofs import HeldKhata, KhataProof, ProofState, ProofSummary, Seen
from posapp.store.mirrored_khata import entries_of, record_row
from posapp.store.scope import Scope
from posapp.store.tables import CUSTOMER, KHATA_PROOF, LEDGER_ENTRY, REMOTE_RECORD

_UNPROVEN = ProofState.UNPROVEN.value
_CURRENT = sa.and_(
    KHATA_PROOF.c.state == ProofState.PROVEN.value,
    KHATA_PROOF.c.seal == KHATA_PROOF.c.digest,
    sa.func.coalesce(KHATA_PROOF.c.balance == REMOTE_RECORD.c.balance, sa.false()),
)
"""A proof that covers every entry known here, and the balance."""


class ProofsRepository:
    """`Proofs` of the book's port."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._sql = scope.sql

    def seen(self, connection_id: ConnectionId, remote_id: RemoteId) -> Seen:
        """Return what was seen of a khata so far; one that was mirrored before there were seals has none to break."""
        record = record_row(self._scope, connection_id, remote_id)
        entries = entries_of(self._scope, record)
        query = sa.select(KHATA_PROOF, REMOTE_RECORD.c.balance.label("shown")).select_from(self._records())
        row = self._sql.execute(query.where(REMOTE_RECORD.c.row == record)).one()
        if row.record is None:
            return Seen(entries, seal_of(entries), intact=True, state=ProofState.UNPROVEN, settled_until=None)
        state = ProofState(row.state)
        shown = None if state is ProofState.MISMATCH else self._scope.money_or_none(row.shown)
        return Seen(entries, row.seal, row.seal == seal_of(entries), state, row.settled_until, shown)

    def seal(self, connection_id: ConnectionId, remote_id: RemoteId) -> bytes:
        """Return the seal of what was seen of a khata."""
        record = record_row(self._scope, connection_id, remote_id)
        query = sa.select(KHATA_PROOF.c.seal).where(KHATA_PROOF.c.record == record)
        seal: bytes | None = self._sql.execute(query).scalar()
        return seal_of(entries_of(self._scope, record)) if seal is None else seal

    def of_customer(self, customer_id: CustomerId) -> KhataProof | None:
        """Return how a customer's khata stands against the primary server's."""
        if not self._keeps_khata():
            return None
        query = (
            sa.select(KHATA_PROOF, _CURRENT.label("current"))
            .select_from(self._records())
            .join(CUSTOMER, CUSTOMER.c.row == REMOTE_RECORD.c.customer)
            .where(CUSTOMER.c.id == customer_id, self._live())
            .limit(1)
        )
        row = self._sql.execute(query).one_or_none()
        if row is None:
            return None
        if row.record is None:
            return KhataProof(ProofState.UNPROVEN, proven_at=None, current=False, difference=None)
        return KhataProof(ProofState(row.state), row.proven_at, bool(row.current), row.difference)

    def is_held(self, customer_id: CustomerId) -> bool:
        """Return whether a customer's khata differs from the primary server's."""
        proof = self.of_customer(customer_id)
        return proof is not None and proof.held

    def note_proven(self, connection_id: ConnectionId, remote_id: RemoteId, figures: Figures, at: datetime) -> None:
        """Note that a khata was proven; a hold ends."""
        self._note(
            connection_id,
            remote_id,
            state=ProofState.PROVEN.value,
            tried_at=at,
            proven_at=at,
            entries=figures.entries,
            debit=self._scope.minor(figures.debit),
            credit=self._scope.minor(figures.credit),
            balance=self._scope.minor(figures.balance),
            digest=figures.digest,
            difference=None,
        )

    def note_mismatch(
        self, connection_id: ConnectionId, remote_id: RemoteId, difference: Difference, at: datetime
    ) -> None:
        """Note that a khata differs, and hold it."""
        values = {
            "kind": difference.kind.value,
            "position": difference.position,
            "ours": difference.ours,
            "theirs": difference.theirs,
        }
        self._note(connection_id, remote_id, state=ProofState.MISMATCH.value, tried_at=at, difference=values)

    def note_tried(self, connection_id: ConnectionId, remote_id: RemoteId, at: datetime) -> None:
        """Note that a khata could not be compared, so that others come first."""
        self._note(connection_id, remote_id, tried_at=at)

    def accept(self, customer_id: CustomerId) -> None:
        """Take what the primary server says at the next reading as right; the hold ends, and it is read soon."""
        if self._scope.primary is None:
            return
        records = (
            sa.select(REMOTE_RECORD.c.row)
            .join(CUSTOMER, CUSTOMER.c.row == REMOTE_RECORD.c.customer)
            .where(CUSTOMER.c.id == customer_id, REMOTE_RECORD.c.connection == self._scope.primary[0])
        )
        accepted = {"state": ProofState.ACCEPTED.value, "difference": None}
        self._sql.execute(sa.update(KHATA_PROOF).where(KHATA_PROOF.c.record.in_(records)).values(**accepted))

    def accept_all(self, connection_id: ConnectionId) -> None:
        """Take what a server says of every khata at the next reading as right: it is not what it was."""
        records = sa.select(REMOTE_RECORD.c.row).where(REMOTE_RECORD.c.connection == self._server(connection_id))
        accepted = {"state": ProofState.ACCEPTED.value, "difference": None}
        self._sql.execute(sa.update(KHATA_PROOF).where(KHATA_PROOF.c.record.in_(records)).values(**accepted))

    def note_accepted(self, connection_id: ConnectionId, remote_id: RemoteId, settled_until: datetime | None) -> None:
        """Note that what a person accepted was read: what comes later follows from it."""
        self._note(connection_id, remote_id, state=_UNPROVEN, settled_until=settled_until)

    def due(
        self, connection_id: ConnectionId, limit: int, *, stale_before: datetime, retry_before: datetime
    ) -> Sequence[RemoteId]:
        """Return khatas to be proven: those that changed first, then the ones not tried for longest."""
        proof = KHATA_PROOF.c
        changed = sa.and_(proof.state != ProofState.MISMATCH.value, sa.not_(sa.func.coalesce(_CURRENT, sa.false())))
        tried = sa.func.coalesce(proof.tried_at, sa.literal(0))
        moment = KHATA_PROOF.c.tried_at
        query = (
            sa.select(REMOTE_RECORD.c.remote_id)
            .select_from(self._records())
            .where(
                self._live(connection_id),
                REMOTE_RECORD.c.row.in_(self._known_khatas(connection_id)),
                sa.or_(
                    moment.is_(None),
                    proof.state == ProofState.ACCEPTED.value,
                    moment < stale_before,
                    sa.and_(moment < retry_before, sa.not_(sa.func.coalesce(_CURRENT, sa.false()))),
                ),
            )
            .order_by(sa.desc(sa.func.coalesce(changed, sa.true())), tried, REMOTE_RECORD.c.row)
            .limit(limit)
        )
        return [RemoteId(found) for found in self._sql.execute(query).scalars()]

    def khatas(self, connection_id: ConnectionId) -> Sequence[RemoteId]:
        """Return all customers of a server who have a khata there, or may have one that was not fetched yet."""
        known = REMOTE_RECORD.c.row.in_(self._known_khatas(connection_id))
        unknown = sa.text("balance IS NULL AND status = 'live'")
        query = sa.select(REMOTE_RECORD.c.remote_id).where(self._live(connection_id), sa.or_(known, unknown))
        return [RemoteId(found) for found in self._sql.execute(query.order_by(REMOTE_RECORD.c.row)).scalars()]

    def summary(self) -> ProofSummary | None:
        """Return how many khatas are proven; None where no server keeps any."""
        if not self._keeps_khata():
            return None
        counted = sa.select(sa.func.count()).select_from(REMOTE_RECORD)
        of = counted.where(self._live(), REMOTE_RECORD.c.row.in_(self._known_khatas()))
        held = KHATA_PROOF.c.state == ProofState.MISMATCH.value
        figures = sa.select(
            sa.func.count().filter(_CURRENT), sa.func.count().filter(held), sa.func.max(KHATA_PROOF.c.proven_at)
        )
        joined = KHATA_PROOF.join(REMOTE_RECORD, REMOTE_RECORD.c.row == KHATA_PROOF.c.record)
        known = REMOTE_RECORD.c.row.in_(self._known_khatas())
        proven, differ, at = self._sql.execute(figures.select_from(joined).where(self._live(), known)).one()
        return ProofSummary(int(proven), int(self._sql.execute(of).scalar_one()), at, int(differ))

    def held(self) -> Sequence[HeldKhata]:
        """Return the khatas of the primary server that differ."""
        if not self._keeps_khata():
            return []
        query = (
            sa.select(CUSTOMER.c.id, CUSTOMER.c.name, KHATA_PROOF.c.difference)
            .select_from(KHATA_PROOF)
            .join(REMOTE_RECORD, REMOTE_RECORD.c.row == KHATA_PROOF.c.record)
            .join(CUSTOMER, CUSTOMER.c.row == REMOTE_RECORD.c.customer)
            .where(self._live(), KHATA_PROOF.c.state == ProofState.MISMATCH.value)
            .order_by(REMOTE_RECORD.c.row)
        )
        return [HeldKhata(CustomerId(row.id), row.name, row.difference) for row in self._sql.execute(query)]

    def _note(self, connection_id: ConnectionId, remote_id: RemoteId, **values: Any) -> None:
        record = record_row(self._scope, connection_id, remote_id)
        new = {"record": record, "state": _UNPROVEN, "seal": NO_SEAL, **values}
        note = insert(KHATA_PROOF).values(**new)
        self._sql.execute(note.on_conflict_do_update(index_elements=["record"], set_=values))

    def _keeps_khata(self) -> bool:
        return self._scope.primary is not None and self._scope.primary[1].get("ledger", False) is True

    def _records(self) -> sa.Join:
        return REMOTE_RECORD.outerjoin(KHATA_PROOF, KHATA_PROOF.c.record == REMOTE_RECORD.c.row)

    def _live(self, connection_id: ConnectionId | None = None) -> sa.ColumnElement[bool]:
        """Return which records are customers of ours on a server, the primary one where none is named."""
        return sa.and_(
            REMOTE_RECORD.c.connection == self._server(connection_id),
            REMOTE_RECORD.c.status == sa.literal_column("'live'"),
            REMOTE_RECORD.c.customer.is_not(None),
            REMOTE_RECORD.c.alias_of.is_(None),
        )

    def _known_khatas(self, connection_id: ConnectionId | None = None) -> sa.CompoundSelect[Any]:
        """Return the records with a balance, with entries that were seen, or with entries that this till sent."""
        server = self._server(connection_id)
        hers = REMOTE_RECORD.join(CUSTOMER, CUSTOMER.c.row == REMOTE_RECORD.c.customer)
        sent = hers.join(LEDGER_ENTRY, LEDGER_ENTRY.c.customer_id == CUSTOMER.c.id)
        return sa.union(
            sa.select(REMOTE_RECORD.c.row).where(REMOTE_RECORD.c.connection == server, REMOTE_RECORD.c.balance != 0),
            sa.select(KHATA_PROOF.c.record).where(KHATA_PROOF.c.seal != NO_SEAL),
            sa.select(REMOTE_RECORD.c.row)
            .select_from(sent)
            .where(REMOTE_RECORD.c.connection == server, sa.not_(LEDGER_ENTRY.c.kept)),
        )

    def _server(self, connection_id: ConnectionId | None) -> int:
        if connection_id is not None:
            return self._scope.connection_row(connection_id)
        assert self._scope.primary is not None, "a server keeps the khatas"
        return self._scope.primary[0]
