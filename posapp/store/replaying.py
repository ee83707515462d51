"""Putting recorded acts back into a book: this till's own after a disaster, or those of a till that is dead.

The second copy says what was done, not what became of it afterwards. What may have been sent since comes back in doubt
and is asked about; nothing is sent again blindly (design, sections 4 and 5).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from posapp.domain.errors import StoreCorrupt
from posapp.domain.exposure import noted_risk
from posapp.domain.ids import CustomerId, OperationId, new_uuid
from posapp.domain.messages import N_
from posapp.domain.operation import (
    LOCAL,
    RESTORED,
    WITHDRAWN,
    Operation,
    OperationKind,
    OperationState,
    operation_hash,
)
from posapp.store.acts import WholeAct
from posapp.store.columns import Day, Moment
from posapp.store.copied_acts import CopiedActs
from posapp.store.erasure import erase_person
from posapp.store.exchange.tables import PEER_ENTRY, PEER_POINTS
from posapp.store.operations import columns_of, newest_act
from posapp.store.replayed_people import People
from posapp.store.scope import Scope
from posapp.store.settings import SettingsRepository
from posapp.store.tables import (
    INBOX_ITEM,
    LEDGER_ENTRY,
    OPERATION,
    OPERATION_PERSON,
    POINTS_ENTRY,
    REMOTE_ENTRY,
    SALE,
)

_S = OperationState
_SETTLED = frozenset({_S.KEPT, _S.CONFIRMED, _S.ACKED, _S.REJECTED, _S.CANCELLED})
_PROFILES = frozenset({OperationKind.CUSTOMER_CREATE, OperationKind.CUSTOMER_EDIT})
_FORGOTTEN: Mapping[str, object] = {"points_before": None, "absent_probes": 0}
"""Evidence that says nothing any more once nobody knows what was sent since."""


class OtherActs(StoreCorrupt):
    """The second copy and the book are not of one line."""

    id = "second_copy_other_acts"
    title = N_("The second copy belongs to another book")
    message = N_("Act {seq} of {path} is not the one that this book or backup has there.")
    hint = N_("Choose the second copy of this till, or go without it: posapp restore FILE --without-second-copy")


@dataclass(slots=True)
class PutBack:
    """What came of acts that were put back.

    Attributes:
        known: The book had them.
        taken: They are in the book now.
        kept: Of these: khata and customers that no server takes.
        people: Customers that the book did not have.
    """

    known: int = 0
    taken: int = 0
    kept: int = 0
    people: int = 0

    def add(self, other: PutBack) -> None:
        """Add the figures of another portion."""
        self.known += other.known
        self.taken += other.taken
        self.kept += other.kept
        self.people += other.people


def put_back(scope: Scope, source: CopiedActs, acts: Sequence[WholeAct], *, at: datetime) -> PutBack:
    """Append this till's own acts as they were recorded, with their places and hashes in the chain.

    Args:
        scope: A transaction on the till's book.
        source: Where they come from.
        acts: A portion, in the till's order; those that the book has must be the same.
        at: When they are put back.

    Raises:
        OtherActs: They do not go on where the book ends.
    """
    done, people = PutBack(), People(scope, source, own=True)
    seen, newest = _on_server(scope, acts), newest_act(scope)
    for act in acts:
        operation = act.operation
        known = _hash_at(scope, operation.till_seq)
        if known == operation.hash:
            done.known += 1
            continue
        if known is not None or (operation.till_seq, operation.prev_hash) != (newest[0] + 1, newest[1]):
            raise OtherActs(path=source.path, seq=operation.till_seq)
        _write(scope, people, act, operation, _delivery(source, act, seen), {RESTORED: at.isoformat()}, done, at=at)
        newest = operation.till_seq, operation.hash
    done.people = people.added
    return done


def take_over(scope: Scope, source: CopiedActs, acts: Sequence[WholeAct], *, at: datetime) -> PutBack:
    """Record acts of a till that is dead as this till's own, under the same ids; one that is known is left alone.

    Args:
        scope: A transaction on this till's book.
        source: The dead till's second copy.
        acts: A portion, in that till's order.
        at: When they are taken over.
    """
    done, people = PutBack(), People(scope, source, own=False)
    known, seen, newest = _known(scope, acts), _on_server(scope, acts), newest_act(scope)
    till_id = SettingsRepository(scope).till_id()
    for act in acts:
        there = act.operation
        if there.id in known:
            done.known += 1
            continue
        customer_id, found = people.identify(act)
        unhashed = replace(
            there, till_id=till_id, till_seq=newest[0] + 1, customer_id=customer_id, prev_hash=newest[1], hash=""
        )
        operation = replace(unhashed, hash=operation_hash(unhashed))
        evidence = {RESTORED: at.isoformat(), "rescued_from": there.till_id, "rescued_seq": there.till_seq}
        state = _S.CONFIRMED if found else _delivery(source, act, seen)
        _write(scope, people, act, operation, state, evidence, done, at=at)
        if state in {_S.UNKNOWN, _S.ACKED}:
            people.forget_numbers(customer_id)
        _no_longer_told(scope, operation.id)
        newest = operation.till_seq, operation.hash
    done.people = people.added
    return done


def doubt_unsent(scope: Scope, *, at: datetime) -> None:
    """Put every act of an old book that is not settled in doubt: it may have been sent after the book was copied.

    Args:
        scope: A transaction on the book.
        at: When it was put in place.
    """
    waiting = [_S.PENDING.value, _S.IN_FLIGHT.value, _S.UNKNOWN.value]
    query = sa.select(OPERATION.c.id, OPERATION.c.evidence).where(OPERATION.c.state.in_(waiting))
    for row in scope.sql.execute(query).all():
        evidence = {**row.evidence, **_FORGOTTEN, RESTORED: at.isoformat()}
        values = {"state": _S.UNKNOWN.value, "evidence": evidence, "not_before": at + _rest(scope)}
        scope.sql.execute(sa.update(OPERATION).where(OPERATION.c.id == row.id).values(**values))
    kept = sa.select(OPERATION.c.id, OPERATION.c.evidence).where(
        OPERATION.c.state == _S.KEPT.value, OPERATION.c.kind.in_([kind.value for kind in _PROFILES])
    )
    for row in scope.sql.execute(kept).all():
        evidence = {**row.evidence, RESTORED: at.isoformat()}
        scope.sql.execute(sa.update(OPERATION).where(OPERATION.c.id == row.id).values(evidence=evidence))


def settle_doubts(scope: Scope) -> None:
    """Count what is in doubt as taken: the server that it was for was left since, when nothing waited any more.

    Args:
        scope: A transaction on the book.
    """
    doubtful = sa.update(OPERATION).where(OPERATION.c.state == _S.UNKNOWN.value)
    scope.sql.execute(doubtful.values(state=_S.CONFIRMED.value, not_before=None))


def asked_about(scope: Scope, *, at: datetime) -> int:
    """Return how many acts came back at a moment of whom nobody knows whether the server has them."""
    restored = sa.func.json_extract(OPERATION.c.evidence, f"$.{RESTORED}")
    query = sa.select(sa.func.count()).where(OPERATION.c.state == _S.UNKNOWN.value, restored == at.isoformat())
    return int(scope.sql.execute(query).scalar_one())


def _write(  # noqa: PLR0917 (one row with all that hangs on it)
    scope: Scope,
    people: People,
    act: WholeAct,
    operation: Operation,
    state: OperationState,
    evidence: Mapping[str, object],
    done: PutBack,
    *,
    at: datetime,
) -> None:
    rest = at + _rest(scope) if state is _S.UNKNOWN else None
    row = {**columns_of(operation), "state": state.value, "evidence": dict(evidence), "not_before": rest}
    scope.sql.execute(sa.insert(OPERATION).values(**row))
    if act.person:
        scope.sql.execute(sa.insert(OPERATION_PERSON).values(operation_id=operation.id, person=dict(act.person)))
    for table, rows in (
        (LEDGER_ENTRY, act.entries),
        (POINTS_ENTRY, act.points),
        (SALE, [act.sale] if act.sale else []),
    ):
        for values in rows:
            written = {**_row(table, values), "customer_id": operation.customer_id}
            scope.sql.execute(sa.insert(table).values(**written))
    people.show(act, CustomerId(operation.customer_id))
    if operation.kind is OperationKind.CUSTOMER_DELETE and state is _S.KEPT:
        erase_person(scope, CustomerId(operation.customer_id))
    if operation.kind is OperationKind.RESOLUTION:
        _decided(scope, operation, at)
    done.taken += 1
    done.kept += state is _S.KEPT


def _no_longer_told(scope: Scope, operation_id: OperationId) -> None:
    """Lines that the exchange between the tills brought count as this book's own from now on, not twice."""
    for table in (PEER_ENTRY, PEER_POINTS):
        scope.sql.execute(sa.update(table).where(table.c.operation_id == operation_id).values(gone=True))


def _delivery(source: CopiedActs, act: WholeAct, seen: frozenset[str]) -> OperationState:
    """Return how far an act has come, as far as the copy and the server's own lines tell."""
    operation, state = act.operation, OperationState(act.state)
    if operation.id in seen:
        return _S.CONFIRMED
    if operation.kind is OperationKind.CUSTOMER_CREATE and source.remote_ids(operation.customer_id):
        return _S.CONFIRMED
    if state in _SETTLED and not (state is _S.KEPT and _released(source, act)):
        return state
    return _S.CONFIRMED if _of_a_server_left(source, act) else _S.UNKNOWN


def _of_a_server_left(source: CopiedActs, act: WholeAct) -> bool:
    """Whether an act is of a time before another server took the place of the till's: then nothing waited any more."""
    then = {server["id"] for server in act.till.get("servers", ()) if server["primary"]}
    now = {server["id"] for server in source.servers.values() if server["primary"]}
    return len(source.servers) > len(now) and then != now


def _released(source: CopiedActs, act: WholeAct) -> bool:
    """Whether an act that was kept while there was no server may have gone out once there was one."""
    profile = act.operation.kind in _PROFILES and LOCAL not in act.operation.intent
    return profile and bool(source.servers) and not act.till.get("servers")


def _decided(scope: Scope, decision: Operation, at: datetime) -> None:
    """A person had decided about an act that came back in doubt: asking the server alone could undo that."""
    if decision.intent.get("choice") == WITHDRAWN:
        _withdrawn(scope, str(decision.intent["about"]))
        return
    about, risk = decision.intent.get("about"), noted_risk(decision.intent)
    query = sa.select(OPERATION).where(OPERATION.c.id == about, OPERATION.c.state == _S.UNKNOWN.value)
    row = scope.sql.execute(query).one_or_none()
    if row is None:
        return
    if risk:  # the discount is given: the doubt stays, and what it may cost is known again
        given = {"evidence": {**row.evidence, **risk}}
        scope.sql.execute(sa.update(OPERATION).where(OPERATION.c.id == row.id).values(**given))
        return
    evidence = {**row.evidence, "decided": decision.intent.get("choice")}
    values = {"state": _S.NEEDS_HUMAN.value, "not_before": None, "evidence": evidence}
    scope.sql.execute(sa.update(OPERATION).where(OPERATION.c.id == row.id).values(**values))
    scope.sql.execute(
        sa.insert(INBOX_ITEM).values(
            id=new_uuid(),
            kind="unknown",
            operation_id=row.id,
            customer_id=row.customer_id,
            meant={"kind": row.kind, **row.intent},
            evidence={"decided": decision.intent.get("choice")},
            opened_at=at,
        )
    )


def _withdrawn(scope: Scope, operation_id: str) -> None:
    """An act had no effect, and the cashier knew it: it is over here as well, and is not asked about."""
    doubtful = (OPERATION.c.id == operation_id) & (OPERATION.c.state == _S.UNKNOWN.value)
    scope.sql.execute(sa.update(OPERATION).where(doubtful).values(state=_S.CANCELLED.value, not_before=None))


def _row(table: sa.Table, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row as its table takes it; a column that this program does not know is a newer program's."""
    return {name: _value(table.columns[name], value) for name, value in values.items() if name in table.columns}


def _value(column: sa.Column[Any], value: Any) -> Any:
    if isinstance(column.type, Moment) and value is not None:
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if isinstance(column.type, Day) and value is not None else value


def _rest(scope: Scope) -> timedelta:
    return timedelta(seconds=scope.shop.quarantine_seconds)


def _hash_at(scope: Scope, seq: int) -> str | None:
    return scope.sql.execute(sa.select(OPERATION.c.hash).where(OPERATION.c.till_seq == seq)).scalar()


def _known(scope: Scope, acts: Sequence[WholeAct]) -> frozenset[OperationId]:
    ids = [act.operation.id for act in acts]
    return frozenset(scope.sql.execute(sa.select(OPERATION.c.id).where(OPERATION.c.id.in_(ids))).scalars())


def _on_server(scope: Scope, acts: Sequence[WholeAct]) -> frozenset[str]:
    """Return the acts whose line this book has read in the server's khata."""
    ids = [act.operation.id for act in acts]
    query = sa.select(REMOTE_ENTRY.c.reference_id).where(REMOTE_ENTRY.c.reference_id.in_(ids))
    return frozenset(scope.sql.execute(query).scalars())
