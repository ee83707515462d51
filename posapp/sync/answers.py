"""Taking over what a server answered to a write, in the transaction that settles the operation.

A fresh answer that carries the numbers after the act is the server's own data: the mirror takes them and the act is
confirmed at once, so that no moment shows it twice (research/sync, section 3.8). Everything else is accepted, not yet
proven, and the customer is fetched.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from posapp.domain.customer import FieldValue
from posapp.domain.money import Money
from posapp.domain.operation import DOUBTFUL, LEDGER_KINDS, OperationKind, OperationState
from posapp.services.dto import CustomerStatus
from posapp.services.ports.book import Session
from posapp.services.ports.remote import RemoteCustomer
from posapp.services.ports.writes import WriteAnswer
from posapp.sync.context import SyncContext
from posapp.sync.leaving import take_gone
from posapp.sync.merge import Loser
from posapp.sync.rows import take
from posapp.sync.work import Job

UNPROVEN = DOUBTFUL | {OperationState.ACKED}


@dataclass(frozen=True, slots=True)
class Accepted:
    """What is known once a server took an act.

    Attributes:
        answer: What it told.
        reread: Whether the customer was read after a delete.
        left: What that read showed; None for gone.
    """

    answer: WriteAnswer = field(default_factory=WriteAnswer)
    reread: bool = False
    left: RemoteCustomer | None = None


def accept(context: SyncContext, session: Session, job: Job, accepted: Accepted) -> OperationState:
    """Write a server's answer into the book and return the operation's new state.

    Args:
        context: The engine's surroundings.
        session: The transaction that settles the operation.
        job: The operation.
        accepted: What the server answered.
    """
    match job.operation.kind:
        case OperationKind.CUSTOMER_CREATE:
            return _created(context, session, job, accepted.answer)
        case OperationKind.CUSTOMER_EDIT:
            state = _edited(context, session, job, accepted)
        case OperationKind.CUSTOMER_DELETE:
            state = _deleted(context, session, job, accepted)
        case _:
            state = _numbers(context, session, job, accepted.answer)
    waits_for_proof = state is OperationState.ACKED and not _is_gone(context, session, job)
    return OperationState.ACKED if waits_for_proof else OperationState.CONFIRMED


def _is_gone(context: SyncContext, session: Session, job: Job) -> bool:
    """Whether the server has nobody of that id any more: she is never fetched again, so no proof would come."""
    if job.remote_id is None:
        return False
    row = session.mirror.rows(context.connection_id, [job.remote_id]).get(job.remote_id)
    return row is not None and row.status is not CustomerStatus.LIVE


def keep_losers(context: SyncContext, session: Session, job: Job, losers: tuple[Loser, ...]) -> None:
    """Keep the values that a merge displaced, so that nobody's typing is lost (design, promise 10)."""
    for loser in losers:
        value: FieldValue | list[str] = list(loser.value) if isinstance(loser.value, tuple) else loser.value
        session.inbox.keep_value(
            job.operation.customer_id,
            loser.field,
            value,
            source="server" if loser.side == "theirs" else "till",
            reason=f"edit {job.operation.id}",
            at=context.clock.now(),
        )


def _created(context: SyncContext, session: Session, job: Job, answer: WriteAnswer) -> OperationState:
    record = answer.customer
    if record is None:
        raise ValueError("a create was answered without its record")
    take(context, session, record, job.operation.customer_id, with_numbers=not answer.replayed)
    capabilities = context.api.capabilities
    if not answer.replayed:
        session.mirror.set_numbers(
            context.connection_id,
            record.remote_id,
            points=(record.points or 0) if capabilities.points else record.points,
            balance=record.balance or (Money(0, job.currency) if capabilities.ledger else None),
            as_of=context.clock.now(),
        )
    return OperationState.CONFIRMED


def _edited(context: SyncContext, session: Session, job: Job, accepted: Accepted) -> OperationState:
    record, fresh = accepted.answer.customer, not accepted.answer.replayed
    if record is None or not fresh:
        _fetch_later(context, session, job)
        return OperationState.ACKED
    session.operations.set_state(job.operation.id, OperationState.CONFIRMED)
    take(context, session, record, job.operation.customer_id, with_numbers=not others_unproven(session, job))
    return OperationState.CONFIRMED


def _deleted(context: SyncContext, session: Session, job: Job, accepted: Accepted) -> OperationState:
    if not accepted.reread or job.remote_id is None:
        _fetch_later(context, session, job)
        return OperationState.ACKED
    left = accepted.left
    if left is not None and not left.anonymized:
        _fetch_later(context, session, job)
        return OperationState.ACKED
    row = session.mirror.rows(context.connection_id, [job.remote_id]).get(job.remote_id)
    if row is not None:
        take_gone(context, session, row, CustomerStatus.DELETED if left is None else CustomerStatus.ANONYMIZED)
    return OperationState.CONFIRMED


def _numbers(context: SyncContext, session: Session, job: Job, answer: WriteAnswer) -> OperationState:
    assert job.remote_id is not None, "only a create is sent without an identity"
    if answer.entry is not None:
        session.mirror.add_entry(context.connection_id, job.remote_id, answer.entry)
    proven = not answer.replayed and _carries_numbers(context, job, answer) and not others_unproven(session, job)
    if not proven:
        _fetch_later(context, session, job)
        return OperationState.ACKED
    session.mirror.set_numbers(
        context.connection_id,
        job.remote_id,
        points=answer.points,
        balance=_balance(answer),
        as_of=context.clock.now(),
    )
    if not context.api.capabilities.updated_since:
        _fetch_later(context, session, job)
    return OperationState.CONFIRMED


def _balance(answer: WriteAnswer) -> Money | None:
    if answer.balance is None and answer.entry is not None:
        return answer.entry.balance_after
    return answer.balance


def _carries_numbers(context: SyncContext, job: Job, answer: WriteAnswer) -> bool:
    """Whether an answer carries every number that its act moved."""
    kind = job.operation.kind
    if kind is OperationKind.REVERSAL:
        kind = OperationKind(str(job.operation.intent["of_kind"]))
    if kind is OperationKind.REDEEM:
        return answer.points is not None
    if kind in LEDGER_KINDS:
        return _balance(answer) is not None
    return answer.points is not None and (_balance(answer) is not None or not context.api.capabilities.ledger)


def others_unproven(session: Session, job: Job) -> bool:
    """Return whether another act of hers is taken or doubtful: a number may hold it, or not yet."""
    views = session.operations.of_customer(job.operation.customer_id, UNPROVEN)
    return any(view.operation.id != job.operation.id for view in views)


def _fetch_later(context: SyncContext, session: Session, job: Job) -> None:
    if job.remote_id is not None:
        session.mirror.mark_for_refresh(context.connection_id, [job.remote_id])
