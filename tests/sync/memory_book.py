"""The book in memory: as much of the port as the engine uses, with real transactions, for thousands of small runs."""

import copy
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from threading import RLock
from types import SimpleNamespace
from typing import Any, TypeVar

from posapp.domain.customer import Profile
from posapp.domain.ids import CustomerId, OperationId, RemoteId, TillId, new_uuid
from posapp.domain.ledger import LedgerEntry
from posapp.domain.money import Money
from posapp.domain.operation import (
    DOUBTFUL,
    LEDGER_KINDS,
    OVERLAY,
    TRANSITIONS,
    WAITING,
    Draft,
    Operation,
    OperationKind,
    OperationState,
    rests,
)
from posapp.domain.proof import seal_of
from posapp.domain.shop import Shop
from posapp.services.dto import Connection, Counts, Customer, CustomerStatus, InboxItem, OperationView
from posapp.services.ports.mirror import Landmark, MirrorRow
from posapp.services.ports.operations import Attempt
from posapp.services.ports.proofs import ProofState, Seen
from posapp.services.ports.remote import RemoteCustomer
from posapp.services.ports.writes import PreparedRequest

T = TypeVar("T")
S = OperationState
HOLDS = frozenset({S.PENDING, S.IN_FLIGHT, S.UNKNOWN})
_ON_THE_WAY = WAITING | {S.NEEDS_HUMAN}


@dataclass
class _Row:
    record: RemoteCustomer
    customer_id: CustomerId | None
    digest: bytes
    generation: int
    status: CustomerStatus = CustomerStatus.LIVE
    points: int | None = None
    balance: int | None = None
    as_of: datetime | None = None
    marked: bool = False
    entries: list[Any] = field(default_factory=list)


@dataclass
class _State:
    shop: Shop
    connections: dict[str, Connection] = field(default_factory=dict)
    customers: dict[CustomerId, Customer] = field(default_factory=dict)
    views: dict[OperationId, OperationView] = field(default_factory=dict)
    people: dict[OperationId, Mapping[str, object]] = field(default_factory=dict)
    attempts: list[Attempt] = field(default_factory=list)
    rows: dict[RemoteId, _Row] = field(default_factory=dict)
    aliases: dict[RemoteId, RemoteId] = field(default_factory=dict)
    checkpoints: dict[str, str] = field(default_factory=dict)
    scan_run: Any = None
    generation: int = 0
    epoch: int = 0
    inbox: list[InboxItem] = field(default_factory=list)
    kept: list[tuple[CustomerId, str, object, str]] = field(default_factory=list)
    proofs: dict[RemoteId, tuple[ProofState, datetime | None]] = field(default_factory=dict)
    sales: dict[OperationId, Any] = field(default_factory=dict)
    kept_khata: dict[CustomerId, int] = field(default_factory=dict)


class MemoryBook:
    """`write` works on a copy that takes the place of the book only when the act returned."""

    def __init__(self, shop: Shop, connection: Connection) -> None:
        self.state = _State(shop, {connection.id: connection})
        self._lock = RLock()
        self.crash_before_commit: Callable[[], bool] | None = None

    def write(self, act: Callable[[Any], T], *, urgent: bool = True) -> T:
        with self._lock:
            trial = copy.copy(self.state)
            for name, value in vars(self.state).items():
                if name == "rows":
                    setattr(trial, name, {key: copy.copy(row) for key, row in value.items()})
                elif isinstance(value, dict | list):
                    setattr(trial, name, copy.copy(value))
            result = act(_Session(trial))
            if self.crash_before_commit is not None and self.crash_before_commit():
                raise KeyboardInterrupt
            self.state = trial
            return result

    def read(self, query: Callable[[Any], T]) -> T:
        with self._lock:
            return query(_Session(self.state))


class _Session:
    def __init__(self, state: _State) -> None:
        self.settings = _Settings(state)
        self.customers = _Customers(state)
        self.operations = _Operations(state)
        self.mirror = _Mirror(state)
        self.inbox = _Inbox(state)
        self.khata = _Khata(state)
        self.proofs = _Proofs(state)
        self.peers = _Peers(state)


@dataclass
class _Peers:
    state: _State

    def propose_pairs(self, customer_id: CustomerId) -> None:
        pass

    def unite(self, one: CustomerId, other: CustomerId) -> CustomerId | None:
        """The first stays, unless the other alone has acts on their way."""
        on_the_way = [view.operation.customer_id for view in self.state.views.values() if view.state in _ON_THE_WAY]
        if one in on_the_way and other in on_the_way:
            return None
        keep, gone = (other, one) if other in on_the_way else (one, other)
        khata = self.state.kept_khata
        khata[keep] = khata.pop(gone, 0) + khata.get(keep, 0)
        for row in self.state.rows.values():
            row.customer_id = keep if row.customer_id == gone else row.customer_id
        _Customers(self.state).set_status(gone, CustomerStatus.DELETED)
        _Customers(self.state).bump_lane(keep)
        return keep


@dataclass
class _Settings:
    state: _State

    def shop(self) -> Shop:
        return self.state.shop

    def connections(self) -> Sequence[Connection]:
        return list(self.state.connections.values())

    def save_connection(self, connection: Connection) -> None:
        self.state.connections[connection.id] = connection


@dataclass
class _Khata:
    state: _State

    def sale(self, operation_id: OperationId) -> Any:
        return self.state.sales.get(operation_id)

    def add_entry(self, entry: LedgerEntry, details: object) -> None:
        if entry.kept:
            known = self.state.kept_khata.get(entry.customer_id, 0)
            self.state.kept_khata[entry.customer_id] = known + entry.effect.minor

    def standing(self, customer_id: CustomerId) -> Any:
        row = next((one for one in self.state.rows.values() if one.customer_id == customer_id), None)
        return SimpleNamespace(
            kept_balance=Money(self.state.kept_khata.get(customer_id, 0), self.state.shop.currency),
            server_points=None if row is None else row.points,
        )


@dataclass
class _Proofs:
    state: _State

    def seal(self, connection_id, remote_id) -> bytes:
        return seal_of(self.state.rows[remote_id].entries)

    def seen(self, connection_id, remote_id) -> Seen:
        entries = self.state.rows[remote_id].entries
        state, until = self.state.proofs.get(remote_id, (ProofState.UNPROVEN, None))
        return Seen(entries, seal_of(entries), True, state, until)

    def note_proven(self, connection_id, remote_id, figures, at) -> None:
        self._note(remote_id, ProofState.PROVEN)

    def note_mismatch(self, connection_id, remote_id, difference, at) -> None:
        self._note(remote_id, ProofState.MISMATCH)

    def note_tried(self, connection_id, remote_id, at) -> None:
        pass

    def accept_all(self, connection_id) -> None:
        for remote_id, (_, until) in self.state.proofs.items():
            self.state.proofs[remote_id] = (ProofState.ACCEPTED, until)

    def note_accepted(self, connection_id, remote_id, settled_until) -> None:
        self.state.proofs[remote_id] = (ProofState.UNPROVEN, settled_until)

    def due(self, connection_id, limit, *, stale_before, retry_before) -> Sequence[RemoteId]:
        live = [key for key, row in self.state.rows.items() if row.status is CustomerStatus.LIVE and row.entries]
        return [key for key in live if key not in self.state.proofs][:limit]

    def _note(self, remote_id, state: ProofState) -> None:
        _, until = self.state.proofs.get(remote_id, (state, None))
        self.state.proofs[remote_id] = (state, until)


@dataclass
class _Customers:
    state: _State

    def add(self, customer: Customer) -> None:
        self.state.customers[customer.id] = customer

    def get(self, customer_id: CustomerId) -> Customer | None:
        return self.state.customers.get(customer_id)

    def set_profile(self, customer_id: CustomerId, profile: Profile) -> None:
        self._change(customer_id, profile=profile)

    def set_status(self, customer_id: CustomerId, status: CustomerStatus) -> None:
        self._change(customer_id, status=status)
        if status is CustomerStatus.ANONYMIZED:
            self._change(customer_id, profile=Profile("Deleted customer"))

    def bump_lane(self, customer_id: CustomerId) -> int:
        self.state.epoch += 1
        self._change(customer_id, lane_epoch=self.state.epoch)
        return self.state.epoch

    def _change(self, customer_id: CustomerId, **values: Any) -> None:
        self.state.customers[customer_id] = replace(self.state.customers[customer_id], **values)


@dataclass
class _Operations:
    state: _State

    def record(self, draft: Draft, *, state: OperationState, recorded_at: datetime) -> Operation:
        operation = Operation(
            id=draft.id,
            till_id=TillId("till"),
            till_seq=len(self.state.views) + 1,
            kind=draft.kind,
            customer_id=draft.customer_id,
            intent=draft.intent,
            actor=draft.actor,
            occurred_at=draft.occurred_at,
            recorded_at=recorded_at,
            prev_hash="",
            hash="",
            reverses=draft.reverses,
        )
        self.state.views[operation.id] = OperationView(operation, state, None, {}, 0)
        self.state.people[operation.id] = draft.person
        return operation

    def get(self, operation_id: OperationId) -> OperationView | None:
        return self.state.views.get(operation_id)

    def person(self, operation_id: OperationId) -> Mapping[str, object]:
        return self.state.people.get(operation_id, {})

    def erase_person(self, customer_id: CustomerId) -> None:
        for view in self.state.views.values():
            if view.operation.customer_id == customer_id:
                self.state.people[view.operation.id] = {}

    def set_state(self, operation_id, state, *, not_before=None, evidence=None) -> None:
        view = self.state.views[operation_id]
        assert state is view.state or state in TRANSITIONS[view.state], f"{view.state} → {state}"
        noted = {**view.evidence, **(evidence or {})}
        self.state.views[operation_id] = replace(view, state=state, not_before=not_before, evidence=noted)

    def in_states(self, states: Iterable[OperationState], *, limit: int | None = None) -> Sequence[OperationView]:
        wanted = set(states)
        return [view for view in self.state.views.values() if view.state in wanted][:limit]

    def of_customer(self, customer_id: CustomerId, states: Iterable[OperationState]) -> Sequence[OperationView]:
        return [view for view in self.in_states(states) if view.operation.customer_id == customer_id]

    def taken_since(self, moment: datetime | None) -> Sequence[OperationView]:
        taken = self.in_states({S.ACKED, S.CONFIRMED})
        if moment is None:
            return taken
        sent = {one.operation_id for one in self.state.attempts if one.finished_at and one.finished_at >= moment}
        return [view for view in taken if view.operation.id in sent]

    def lanes_due(self, now: datetime) -> Sequence[CustomerId]:
        lanes = dict.fromkeys(view.operation.customer_id for view in self.state.views.values())
        heads = [(customer_id, self.head(customer_id)) for customer_id in lanes]
        return [
            customer_id
            for customer_id, head in heads
            if head and head.state in HOLDS and not rests(head.not_before, now, self.state.shop.quarantine_seconds)
        ]

    def head(self, customer_id: CustomerId) -> OperationView | None:
        views = self.state.views.values()
        for view in sorted(views, key=lambda one: one.operation.kind is not OperationKind.CUSTOMER_CREATE):
            if view.operation.customer_id != customer_id:
                continue
            create = view.operation.kind is OperationKind.CUSTOMER_CREATE
            if view.state in HOLDS or (create and view.state is S.NEEDS_HUMAN):
                return view
        return None

    def start_attempt(self, operation_id: OperationId, request: PreparedRequest, at: datetime) -> Attempt:
        number = len(self.attempts(operation_id)) + 1
        attempt = Attempt(
            len(self.state.attempts),
            operation_id,
            number,
            at,
            request.method,
            request.path,
            request.body,
            request.content_type,
            request.key,
            request.headers,
        )
        self.state.attempts.append(attempt)
        self._count(operation_id)
        return attempt

    def finish_attempt(self, attempt_id, *, outcome, status, server_text, error_kind, at) -> None:
        attempt = self.state.attempts[attempt_id]
        self.state.attempts[attempt_id] = replace(attempt, outcome=outcome, status=status, finished_at=at)
        self._count(attempt.operation_id)

    def attempts(self, operation_id: OperationId) -> Sequence[Attempt]:
        return [attempt for attempt in self.state.attempts if attempt.operation_id == operation_id]

    def counts(self) -> Counts:
        waiting = len(self.in_states(WAITING))
        open_items = sum(item.resolved_at is None for item in self.state.inbox)
        return Counts(len(self.state.customers), waiting, open_items, len(self.in_states({S.KEPT})))

    def _count(self, operation_id: OperationId) -> None:
        left = sum(attempt.outcome != "not_sent" for attempt in self.attempts(operation_id))
        self.state.views[operation_id] = replace(self.state.views[operation_id], attempts=left)


@dataclass
class _Mirror:
    state: _State

    def remote_id(self, connection_id, customer_id) -> RemoteId | None:
        for remote_id, row in self.state.rows.items():
            if row.customer_id == customer_id and remote_id not in self.state.aliases:
                return remote_id
        return None

    def rows(self, connection_id, remote_ids) -> Mapping[RemoteId, MirrorRow]:
        return {remote_id: self._row(remote_id) for remote_id in remote_ids if remote_id in self.state.rows}

    def _row(self, remote_id: RemoteId) -> MirrorRow:
        row = self.state.rows[remote_id]
        customer = self.state.customers.get(row.customer_id) if row.customer_id else None
        views = [view for view in self.state.views.values() if view.operation.customer_id == row.customer_id]
        return MirrorRow(
            remote_id=remote_id,
            customer_id=row.customer_id,
            digest=row.digest,
            profile=row.record.profile,
            status=row.status,
            lane_epoch=customer.lane_epoch if customer else 0,
            busy=any(view.state in DOUBTFUL for view in views),
            edited=any(view.operation.kind is OperationKind.CUSTOMER_EDIT and view.state in OVERLAY for view in views),
            unproven=any(view.state is S.ACKED for view in views),
            traits=row.record.traits,
            created_at=row.record.created_at,
        )

    def epoch(self) -> int:
        return self.state.epoch

    def insert(self, connection_id, rows, *, generation, seen_at) -> None:
        for record, customer_id, digest in rows:
            assert record.remote_id not in self.state.rows
            row = _Row(record, customer_id, digest, generation)
            self._numbers(row, record.points, record.balance, seen_at)
            self.state.rows[record.remote_id] = row
            if customer_id is not None and customer_id not in self.state.customers:
                self._make(customer_id, record)

    def _make(self, customer_id: CustomerId, record: RemoteCustomer) -> None:
        moment = record.created_at or datetime.fromisoformat("2026-01-01T00:00:00+00:00")
        customer = Customer(customer_id, record.profile, CustomerStatus.LIVE, moment)
        self.state.customers[customer_id] = customer

    def _numbers(self, row: _Row, points, balance, as_of) -> None:
        row.points = row.points if points is None else points
        row.balance = row.balance if balance is None else balance.minor
        row.as_of = as_of
        row.marked = False

    def update(self, connection_id, rows, *, generation, seen_at, with_numbers) -> None:
        for record, digest in rows:
            row = self.state.rows[record.remote_id]
            row.record, row.digest, row.generation = record, digest, max(row.generation, generation)
            if with_numbers(record.remote_id):
                self._numbers(row, record.points, record.balance, seen_at)

    def mark_seen(self, connection_id, remote_ids, generation) -> None:
        for remote_id in remote_ids:
            self.state.rows[remote_id].generation = generation

    def link(self, connection_id, remote_id, customer_id) -> None:
        if remote_id not in self.state.rows:
            record = RemoteCustomer(remote_id, self.state.customers[customer_id].profile)
            self.state.rows[remote_id] = _Row(record, customer_id, b"", self.state.generation)
        self.state.rows[remote_id].customer_id = customer_id

    def unadopted(self, connection_id) -> Sequence[RemoteCustomer]:
        live = [row for row in self.state.rows.values() if row.status is CustomerStatus.LIVE]
        return [row.record for row in live if row.customer_id is None]

    def adopt(self, connection_id, remote_id) -> CustomerId:
        row = self.state.rows[remote_id]
        row.customer_id = CustomerId(new_uuid())
        self._make(row.customer_id, row.record)
        return row.customer_id

    def set_numbers(self, connection_id, remote_id, *, points, balance, as_of) -> None:
        self._numbers(self.state.rows[remote_id], points, balance, as_of)

    def replace_entries(self, connection_id, remote_id, entries) -> None:
        self.state.rows[remote_id].entries = list(entries)

    def add_entry(self, connection_id, remote_id, entry) -> None:
        row = self.state.rows[remote_id]
        if all(known.remote_id != entry.remote_id for known in row.entries):
            row.entries = [*row.entries, entry]

    def entries(self, connection_id, remote_id):
        return self.state.rows[remote_id].entries

    def set_status(self, connection_id, remote_id, status) -> None:
        self.state.rows[remote_id].status = status
        self.state.rows[remote_id].marked = False

    def merge_into(self, connection_id, remote_id, primary) -> None:
        self.state.aliases[remote_id] = primary
        self.state.rows[remote_id].status = CustomerStatus.DELETED

    def due_for_refresh(self, connection_id, limit, *, marked_only=False) -> Sequence[RemoteId]:
        live = [(key, row) for key, row in self.state.rows.items() if row.status is CustomerStatus.LIVE]
        marked = [key for key, row in live if row.marked]
        others = sorted((row.balance is not None, key) for key, row in live if not row.marked)
        return (marked if marked_only else [*marked, *(key for _, key in others)])[:limit]

    def mark_for_refresh(self, connection_id, remote_ids) -> None:
        for remote_id in remote_ids:
            if remote_id in self.state.rows:
                self.state.rows[remote_id].marked = True

    def checkpoint(self, connection_id, name) -> str | None:
        return self.state.checkpoints.get(name)

    def set_checkpoint(self, connection_id, name, value) -> None:
        if value is None:
            self.state.checkpoints.pop(name, None)
        else:
            self.state.checkpoints[name] = value

    def scan_run(self, connection_id):
        return self.state.scan_run

    def save_scan_run(self, connection_id, run) -> None:
        self.state.scan_run = run
        if run is not None:
            self.state.generation = max(self.state.generation, run.generation)

    def last_generation(self, connection_id) -> int:
        return self.state.generation

    def not_seen_since(self, connection_id, generation) -> Sequence[RemoteId]:
        rows = self.state.rows.items()
        return [key for key, row in rows if row.status is CustomerStatus.LIVE and row.generation < generation]

    def live_count(self, connection_id) -> int:
        return sum(row.status is CustomerStatus.LIVE for row in self.state.rows.values())

    def newest(self, connection_id, limit) -> Sequence[Landmark]:
        return sorted(self._landmarks(), key=lambda one: one.changed_at, reverse=True)[:limit]

    def oldest(self, connection_id, limit) -> Sequence[Landmark]:
        return sorted(self._landmarks(), key=lambda one: self.state.rows[one.remote_id].record.created_at)[:limit]

    def _landmarks(self) -> list[Landmark]:
        return [
            Landmark(remote_id, row.customer_id, row.record.updated_at or row.record.created_at)
            for remote_id, row in self.state.rows.items()
            if row.status is CustomerStatus.LIVE
        ]

    def forget(self, connection_id, remote_id) -> None:
        del self.state.rows[remote_id]


@dataclass
class _Inbox:
    state: _State

    def open(self, item: InboxItem) -> None:
        about = (item.kind, item.operation_id, item.customer_id)
        known = [(one.kind, one.operation_id, one.customer_id) for one in self.items()]
        if about not in known:
            self.state.inbox.append(item)

    def items(self, *, open_only: bool = True) -> Sequence[InboxItem]:
        return [item for item in self.state.inbox if not open_only or item.resolved_at is None]

    def get(self, inbox_id: Any) -> InboxItem | None:
        return next((item for item in self.state.inbox if item.id == inbox_id), None)

    def resolve(self, inbox_id: Any, resolution: str, at: datetime, **_decided: object) -> None:
        self.state.inbox = [
            replace(one, resolved_at=at, resolution=resolution) if one.id == inbox_id else one
            for one in self.state.inbox
        ]

    def keep_value(self, customer_id, field, value, *, source, reason, at) -> None:
        if (customer_id, field, value, source) not in self.state.kept:
            self.state.kept.append((customer_id, field, value, source))


def effect_of(view: OperationView) -> int:
    """What an operation does to the balance shown while the mirror does not hold it."""
    intent = view.operation.intent
    if view.operation.kind in LEDGER_KINDS and view.state in OVERLAY:
        amount = int(str(intent["amount"]))
        return amount if intent["direction"] == "credit" else -amount
    return 0
