"""What people did at this till: appended to a chain of hashes, never changed; beside it, how far each act has come."""

from __future__ import annotations

import dataclasses
import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from posapp.domain.ids import CustomerId, OperationId, TillId
from posapp.domain.operation import (
    GENESIS_HASH,
    TRANSITIONS,
    WAITING,
    Draft,
    Operation,
    OperationKind,
    OperationState,
    canonical_json,
    longest_rest,
    operation_hash,
    person_digest,
)
from posapp.services.dto import Counts, CustomerStatus, OperationView
from posapp.services.ports.operations import Attempt
from posapp.services.ports.writes import Outcome, PreparedRequest
from posapp.store.erasure import erase_person
from posapp.store.errors import IllegalTransition, OperationIdReused, UnknownRow
from posapp.store.missing_phones import phones_missing
from posapp.store.scope import Scope
from posapp.store.settings import SettingsRepository
from posapp.store.tables import ATTEMPT, CUSTOMER, HOLDS_LANE, INBOX_ITEM, OPERATION, OPERATION_PERSON

PERSON_SALT = "person_salt"
"""The setting with the salt of the digests that tie personal data to the chain."""

_PERSON = "person"
_AMOUNTS = ("amount", "total")
_NOT_COUNTED = [OperationState.REJECTED.value, OperationState.CANCELLED.value]
_TAKEN = [OperationState.ACKED.value, OperationState.CONFIRMED.value]
_IS_CREATE = OPERATION.c.kind == OperationKind.CUSTOMER_CREATE.value
"""Whenever it was recorded, a create goes before everything else of its customer."""

_ATTEMPTS = (
    sa.select(sa.func.count())
    .select_from(ATTEMPT)
    .where(ATTEMPT.c.operation_id == OPERATION.c.id, ATTEMPT.c.outcome.is_distinct_from(Outcome.NOT_SENT.value))
    .scalar_subquery()
    .label("attempts")
)
_VIEW = sa.select(OPERATION, _ATTEMPTS)


class OperationsRepository:
    """`Operations` of the book's port."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._sql = scope.sql

    def record(self, draft: Draft, *, state: OperationState, recorded_at: datetime) -> Operation:
        """Append an operation to the chain; the same id again returns the recorded one and appends nothing.

        Raises:
            OperationIdReused: The id is known with other content.
        """
        intent = self._sealed_intent(draft)
        self._scope.recorded.append(draft.id)
        known = self.get(draft.id)
        if known is not None:
            same = (draft.kind, draft.customer_id, canonical_json(intent))
            there = known.operation
            if same != (there.kind, there.customer_id, canonical_json(dict(there.intent))):
                raise OperationIdReused("an operation's id came back with other content")
            return there
        operation = self._next(draft, intent, recorded_at)
        self._sql.execute(sa.insert(OPERATION).values(**columns_of(operation), state=state.value))
        if draft.person:
            person = {"operation_id": operation.id, "person": dict(draft.person)}
            self._sql.execute(sa.insert(OPERATION_PERSON).values(**person))
        return operation

    def get(self, operation_id: OperationId) -> OperationView | None:
        """Return an operation with its delivery."""
        return self._one(_VIEW.where(OPERATION.c.id == operation_id))

    def person(self, operation_id: OperationId) -> Mapping[str, object]:
        """Return an operation's personal data; empty once it is erased."""
        query = sa.select(OPERATION_PERSON.c.person).where(OPERATION_PERSON.c.operation_id == operation_id)
        return self._sql.execute(query).scalar() or {}

    def erase_person(self, customer_id: CustomerId) -> None:
        """Delete the personal data of all of a customer's operations; the chain stays whole."""
        erase_person(self._scope, customer_id)

    def set_state(
        self,
        operation_id: OperationId,
        state: OperationState,
        *,
        not_before: datetime | None = None,
        evidence: Mapping[str, object] | None = None,
    ) -> None:
        """Move an operation along (only as `TRANSITIONS` allows); the state it has already is no move.

        Raises:
            IllegalTransition: No operation may take this step.
        """
        query = sa.select(OPERATION).where(OPERATION.c.id == operation_id)
        found = self._sql.execute(query).one_or_none()
        if found is None:
            raise UnknownRow("no such operation")
        before = OperationState(found.state)
        if state is not before and state not in TRANSITIONS[before]:
            raise IllegalTransition(f"{before} → {state}")
        if state is before and not_before is None:
            not_before = found.not_before  # only noting something must not end a quarantine
        noted = {**found.evidence, **(evidence or {})}
        self._sql.execute(
            sa.update(OPERATION)
            .where(OPERATION.c.id == operation_id)
            .values(state=state.value, not_before=not_before, evidence=noted)
        )

    def in_states(self, states: Iterable[OperationState], *, limit: int | None = None) -> Sequence[OperationView]:
        """Return operations in some states, in the till's order."""
        return self._many(_VIEW.where(OPERATION.c.state.in_(_values(states))).limit(limit))

    def kept_after(self, till_seq: int, limit: int) -> Sequence[OperationView]:
        """Return kept operations that were recorded after a place in the till's order, in that order."""
        kept = OPERATION.c.state == OperationState.KEPT.value
        return self._many(_VIEW.where(kept, OPERATION.c.till_seq > till_seq).limit(limit))

    def of_customer(self, customer_id: CustomerId, states: Iterable[OperationState]) -> Sequence[OperationView]:
        """Return a customer's operations in some states, in the till's order."""
        mine = OPERATION.c.customer_id == customer_id
        return self._many(_VIEW.where(mine, OPERATION.c.state.in_(_values(states))))

    def taken_since(self, moment: datetime | None) -> Sequence[OperationView]:
        """Return operations that a server took at or after a moment of this till's clock; None for all."""
        query = _VIEW.where(OPERATION.c.state.in_(_TAKEN))
        if moment is not None:
            sent = sa.select(ATTEMPT.c.operation_id).where(ATTEMPT.c.finished_at >= moment)
            query = query.where(OPERATION.c.id.in_(sent))
        return self._many(query)

    def reversal_of(self, operation_id: OperationId) -> OperationView | None:
        """Return the operation that undoes this one, unless it was refused or cancelled."""
        undoes = OPERATION.c.reverses == operation_id
        query = _VIEW.where(undoes, OPERATION.c.state.not_in(_NOT_COUNTED))
        return self._one(query.order_by(OPERATION.c.till_seq).limit(1))

    def lanes_due(self, now: datetime) -> Sequence[CustomerId]:
        """Return the customers whose first undelivered operation may be tried now, longest waiting first."""
        create = sa.func.min(sa.case((_IS_CREATE, OPERATION.c.till_seq)))
        heads = (
            sa.select(sa.func.coalesce(create, sa.func.min(OPERATION.c.till_seq)).label("till_seq"))
            .where(sa.text(f"({HOLDS_LANE})"))
            .group_by(OPERATION.c.customer_id)
            .subquery()
        )
        sendable = [OperationState.PENDING.value, OperationState.UNKNOWN.value]
        farthest = now + longest_rest(SettingsRepository(self._scope).shop().quarantine_seconds)
        rests = sa.and_(OPERATION.c.not_before > now, OPERATION.c.not_before <= farthest)
        due = sa.or_(OPERATION.c.not_before.is_(None), sa.not_(rests))
        query = (
            sa.select(OPERATION.c.customer_id)
            .join(heads, heads.c.till_seq == OPERATION.c.till_seq)
            .where(OPERATION.c.state.in_(sendable), due)
            .order_by(OPERATION.c.till_seq)
        )
        return [CustomerId(found) for found in self._sql.execute(query).scalars()]

    def head(self, customer_id: CustomerId) -> OperationView | None:
        """Return the operation that holds a customer's lane; None when the lane is free."""
        query = _VIEW.where(OPERATION.c.customer_id == customer_id, sa.text(f"({HOLDS_LANE})"))
        return self._one(query.order_by(_IS_CREATE.desc(), OPERATION.c.till_seq).limit(1))

    def start_attempt(self, operation_id: OperationId, request: PreparedRequest, at: datetime) -> Attempt:
        """Write an attempt down, with its exact bytes, before anything is sent."""
        last = sa.select(sa.func.max(ATTEMPT.c.number)).where(ATTEMPT.c.operation_id == operation_id)
        values: dict[str, Any] = {
            "operation_id": operation_id,
            "number": (self._sql.execute(last).scalar() or 0) + 1,
            "started_at": at,
            "method": request.method,
            "path": request.path,
            "body": request.body,
            "content_type": request.content_type,
            "key": request.key,
            "headers": dict(request.headers),
        }
        row = self._sql.execute(sa.insert(ATTEMPT).values(**values)).lastrowid
        return Attempt(id=row, **values)

    def finish_attempt(
        self, attempt_id: int, *, outcome: str, status: int | None, server_text: str, error_kind: str, at: datetime
    ) -> None:
        """Note how an attempt ended."""
        values = {"outcome": outcome, "status": status, "server_text": server_text, "error_kind": error_kind}
        self._sql.execute(sa.update(ATTEMPT).where(ATTEMPT.c.id == attempt_id).values(**values, finished_at=at))

    def attempts(self, operation_id: OperationId) -> Sequence[Attempt]:
        """Return all attempts of an operation, oldest first."""
        query = sa.select(ATTEMPT).where(ATTEMPT.c.operation_id == operation_id).order_by(ATTEMPT.c.number)
        names = [field.name for field in dataclasses.fields(Attempt)]
        return [Attempt(**{name: getattr(row, name) for name in names}) for row in self._sql.execute(query)]

    def counts(self) -> Counts:
        """Return the figures of the status line."""
        states = sa.select(OPERATION.c.state, sa.func.count(), sa.func.min(OPERATION.c.till_seq)).where(
            OPERATION.c.state.in_([*_values(WAITING), OperationState.KEPT.value]),
            OPERATION.c.kind != OperationKind.RESOLUTION.value,  # a decision is no work
        )
        found = {state: (count, first) for state, count, first in self._sql.execute(states.group_by(OPERATION.c.state))}
        kept, _ = found.pop(OperationState.KEPT.value, (0, None))
        oldest = min((first for _, first in found.values()), default=None)
        live = sa.select(sa.func.count()).where(CUSTOMER.c.status == CustomerStatus.LIVE.value)
        inbox = sa.select(sa.func.count()).where(INBOX_ITEM.c.resolved_at.is_(None))
        since = sa.select(OPERATION.c.recorded_at).where(OPERATION.c.till_seq == oldest)
        return Counts(
            customers=self._sql.execute(live).scalar_one(),
            waiting=sum(count for count, _ in found.values()),
            needs_attention=self._sql.execute(inbox).scalar_one(),
            kept=kept,
            oldest_waiting=None if oldest is None else self._sql.execute(since).scalar(),
            phones_missing=phones_missing(self._scope),
        )

    def chain(self, after_seq: int, limit: int) -> Sequence[Operation]:
        """Return recorded operations in the till's order, for checking the chain."""
        query = sa.select(OPERATION).where(OPERATION.c.till_seq > after_seq)
        return [operation_of(row) for row in self._sql.execute(query.order_by(OPERATION.c.till_seq).limit(limit))]

    def newest(self) -> Operation | None:
        """Return the chain's head; None in an empty book."""
        query = sa.select(OPERATION).order_by(OPERATION.c.till_seq.desc()).limit(1)
        found = self._sql.execute(query).one_or_none()
        return None if found is None else operation_of(found)

    def _next(self, draft: Draft, intent: Mapping[str, object], recorded_at: datetime) -> Operation:
        last_seq, last_hash = newest_act(self._scope)
        unhashed = Operation(
            id=draft.id,
            till_id=SettingsRepository(self._scope).till_id(),
            till_seq=last_seq + 1,
            kind=draft.kind,
            customer_id=draft.customer_id,
            intent=intent,
            actor=draft.actor,
            occurred_at=draft.occurred_at.astimezone(UTC),
            recorded_at=recorded_at.astimezone(UTC),
            prev_hash=last_hash,
            hash="",
            approved_by=draft.approved_by,
            reverses=draft.reverses,
        )
        return dataclasses.replace(unhashed, hash=operation_hash(unhashed))

    def _sealed_intent(self, draft: Draft) -> dict[str, object]:
        """Return the intent with the salted digest of the personal data, which ties that data to the chain."""
        if not draft.person:
            return dict(draft.intent)
        settings = SettingsRepository(self._scope)
        salt = settings.value(PERSON_SALT)
        if salt is None:
            salt = secrets.token_hex(32)
            settings.set_value(PERSON_SALT, salt)
        return {**draft.intent, _PERSON: person_digest(bytes.fromhex(salt), draft.person)}

    def _one(self, query: sa.Select[Any]) -> OperationView | None:
        found = self._sql.execute(query).one_or_none()
        return None if found is None else _view(found)

    def _many(self, query: sa.Select[Any]) -> Sequence[OperationView]:
        return [_view(row) for row in self._sql.execute(query.order_by(OPERATION.c.till_seq))]


def views_of(sql: sa.Connection, *conditions: sa.ColumnElement[bool]) -> Sequence[OperationView]:
    """Return the operations of which all conditions on their table hold, in the till's order."""
    query = _VIEW.where(*conditions).order_by(OPERATION.c.till_seq)
    return [_view(row) for row in sql.execute(query)]


def operation_of(row: Any) -> Operation:
    """Return the operation of a row of its table."""
    return Operation(
        id=OperationId(row.id),
        till_id=TillId(row.till_id),
        till_seq=row.till_seq,
        kind=OperationKind(row.kind),
        customer_id=CustomerId(row.customer_id),
        intent=row.intent,
        actor=row.actor,
        occurred_at=row.occurred_at,
        recorded_at=row.recorded_at,
        prev_hash=row.prev_hash,
        hash=row.hash,
        approved_by=row.approved_by,
        reverses=None if row.reverses is None else OperationId(row.reverses),
    )


def columns_of(operation: Operation) -> dict[str, Any]:
    """Return the columns of an operation, as recorded; its delivery is not among them."""
    values = {field.name: getattr(operation, field.name) for field in dataclasses.fields(operation)}
    amounts = (operation.intent.get(name) for name in _AMOUNTS)
    values["kind"] = operation.kind.value
    values["amount"] = next((amount for amount in amounts if type(amount) is int), None)
    return values


def _view(row: Any) -> OperationView:
    return OperationView(operation_of(row), OperationState(row.state), row.not_before, row.evidence, row.attempts)


def _values(states: Iterable[OperationState]) -> list[str]:
    return [state.value for state in states]


def newest_act(scope: Scope) -> tuple[int, str]:
    """Return place and hash of the last act in the book; what the first one follows where there is none."""
    query = sa.select(OPERATION.c.till_seq, OPERATION.c.hash).order_by(OPERATION.c.till_seq.desc()).limit(1)
    found = scope.sql.execute(query).one_or_none()
    return (0, GENESIS_HASH) if found is None else (found.till_seq, found.hash)
