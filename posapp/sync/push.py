"""One operation to the server: claim, call, settle; no transaction is open while the network is waited for.

The claim commits the attempt with its exact bytes before the first one leaves, so that a crash at any point leaves an
operation that is known to be in doubt, never one that is sent twice unawares (design, section 5).
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace

from posapp.domain.customer import with_fields
from posapp.domain.errors import (
    PosError,
    RemoteError,
    RemoteProtocolError,
    RemoteRejected,
    RemoteUnavailable,
    SignInRequired,
)
from posapp.domain.exposure import given_at_risk
from posapp.domain.ids import OperationId, RemoteId
from posapp.domain.operation import OperationKind, OperationState
from posapp.services.dto import CustomerStatus, OperationView
from posapp.services.ports.book import Session
from posapp.services.ports.remote import RemoteCustomer
from posapp.services.ports.writes import Outcome, WriteAnswer, WriteResult
from posapp.sync.answers import Accepted, accept, keep_losers
from posapp.sync.clocks import AHEAD, ahead
from posapp.sync.context import SyncContext, Tally, problem_of
from posapp.sync.edits import edit_plan
from posapp.sync.plans import Leave, Plan, Send, Settled, first_sending, human, not_sendable
from posapp.sync.probe import doubt_plan
from posapp.sync.recognising import held
from posapp.sync.rows import show
from posapp.sync.settle import Halt, Verdict, Wait, settle
from posapp.sync.stalled import STALLED, tell_if_stalled
from posapp.sync.trust import note_repeat
from posapp.sync.work import Deadline, Job, answer, ask, load, move, timeout_of

log = logging.getLogger(__name__)

_SENDABLE = frozenset({OperationState.PENDING, OperationState.UNKNOWN})
_ON_ITS_WAY = _SENDABLE
_ENDED = frozenset({OperationState.REJECTED, OperationState.CANCELLED, OperationState.NEEDS_HUMAN})


@dataclass(frozen=True, slots=True)
class Delivered:
    """How one turn of an operation ended.

    Attributes:
        halt: What stops with it.
        silent: Whether something was sent and nothing at all came back.
    """

    halt: Halt
    silent: bool = False


@dataclass(frozen=True, slots=True)
class Ended:
    """An attempt whose answer is in: what is certain, what follows, and with an acceptance what to apply."""

    attempt_id: int
    plan: Send
    result: WriteResult
    verdict: Verdict
    accepted: Accepted | None


def deliver(
    context: SyncContext, operation_id: OperationId, tally: Tally, deadline: Deadline | None = None
) -> Delivered:
    """Take the operation at the head of a lane one step further; never raises for a server's sake.

    Args:
        context: The engine's surroundings.
        operation_id: The operation.
        tally: Figures of the cycle.
        deadline: When a person stops waiting; None for nobody waits.
    """
    with context.in_flight.sending(operation_id) as free:
        if not free:
            return Delivered(Halt.LANE)
        job, stopped = context.book.read(lambda session: (load(context, session, operation_id), held(context, session)))
        if stopped is not None:
            return Delivered(Halt.OFFLINE)
        if job is None or job.view.state not in _SENDABLE:
            return Delivered(Halt.LANE)
        context.changed.add([job.operation.customer_id])
        try:
            plan = _plan(context, job, deadline)
        except (RemoteRejected, RemoteProtocolError) as error:
            return _postponed(context, job, tally, error)
        except RemoteError as error:
            tally.stop(*problem_of(error))
            return Delivered(Halt.SIGN_IN if isinstance(error, SignInRequired) else Halt.OFFLINE)
        return _carry_out(context, job, plan, tally, deadline)


def _plan(context: SyncContext, job: Job, deadline: Deadline | None) -> Plan:
    try:
        if job.view.state is OperationState.UNKNOWN:
            return doubt_plan(context, job, deadline)
        stopped = not_sendable(context, job)
        if stopped is not None:
            return stopped
        if job.operation.kind is OperationKind.CUSTOMER_EDIT:
            return edit_plan(context, job, deadline)
        return first_sending(context, job, deadline)
    except (ValueError, KeyError):
        log.warning("operation %s cannot be made into a request", job.operation.id)
        return human("unknown", reason="its record cannot be made into a request")


def _carry_out(context: SyncContext, job: Job, plan: Plan, tally: Tally, deadline: Deadline | None) -> Delivered:
    if isinstance(plan, Settled):
        return _settle_unsent(context, job, plan, tally)
    if isinstance(plan, Leave) or (deadline is not None and not deadline.remaining):
        return Delivered(Halt.LANE)
    return _send(context, job, plan, tally, deadline)


def _postponed(context: SyncContext, job: Job, tally: Tally, error: PosError) -> Delivered:
    """A read before the write went wrong for this customer alone: her lane waits, the others go on."""
    log.info("operation %s waits: %s", job.operation.id, error.id)
    failures = job.noted("failures") + 1
    wait = context.settings.backoff.delay(failures)

    def postpone(session: Session) -> None:
        view = session.operations.get(job.operation.id)
        if view is not None and view.state is job.view.state:
            move(session, view, view.state, wait=wait, clock=context.clock, evidence={"failures": failures})
            tell_if_stalled(context, session, job, failures)

    context.book.write(postpone, urgent=False)
    tally.add("postponed")
    return Delivered(Halt.LANE)


def _settle_unsent(context: SyncContext, job: Job, plan: Settled, tally: Tally) -> Delivered:
    def write(session: Session) -> bool:
        view = session.operations.get(job.operation.id)
        if view is None or view.state is not job.view.state:
            return False
        session.customers.bump_lane(job.operation.customer_id)
        state = plan.state
        if plan.accepted is not None:
            session.operations.set_state(job.operation.id, OperationState.IN_FLIGHT)
            state = accept(context, session, job, plan.accepted)
            view = session.operations.get(job.operation.id) or view
        move(session, view, state, wait=plan.wait, clock=context.clock, evidence=plan.evidence)
        keep_losers(context, session, job, plan.losers)
        if plan.inbox:
            ask(session, context.clock, plan.inbox, operation=job.operation, evidence=plan.evidence)
        _show_again(context, session, job, state)
        return True

    done = context.book.write(write)
    if done and plan.accepted is not None:
        tally.add("pushed")
    if done and plan.cause:
        tally.add(plan.cause)
    waits = plan.state is OperationState.UNKNOWN or not done
    return Delivered(Halt.LANE if waits else Halt.NOTHING)


def _send(context: SyncContext, job: Job, plan: Send, tally: Tally, deadline: Deadline | None) -> Delivered:
    attempt_id = context.book.write(lambda session: _claim(context, session, job, plan))
    if attempt_id is None:
        return Delivered(Halt.LANE)
    result = context.api.send(plan.request, operation_id=job.operation.id, timeout=timeout_of(deadline))
    if result.outcome is Outcome.OK and _lacks_record(job, result):
        result = WriteResult(Outcome.AMBIGUOUS, result.status, error_kind="no_record")
    if result.outcome is Outcome.REFUSED and job.noted("failures") >= context.settings.foreign_refusals:
        result = replace(result, error_kind="")
    verdict = settle(result, plan.repeat, job.operation.kind, in_doubt=plan.in_doubt)
    accepted = None
    if verdict.state is OperationState.ACKED:
        accepted = _reread(context, job, Accepted(_answer(result, plan)))
    ended = Ended(attempt_id, plan, result, verdict, accepted)
    context.book.write(lambda session: _conclude(context, session, job, ended))
    if accepted is not None:
        tally.add("pushed")
    elif verdict.inbox:
        tally.add("refused")
    if verdict.halt is Halt.SIGN_IN:
        tally.stop(SignInRequired.id)
    elif verdict.halt is Halt.THROTTLED:
        tally.stop(RemoteUnavailable.id, result.retry_after)
    elif verdict.halt is Halt.OFFLINE:
        tally.stop(RemoteUnavailable.id)
    return Delivered(verdict.halt, silent=result.outcome is Outcome.AMBIGUOUS and result.status is None)


def _claim(context: SyncContext, session: Session, job: Job, plan: Send) -> int | None:
    """Write the attempt down, unless something moved since the operation was looked at."""
    view = session.operations.get(job.operation.id)
    head = session.operations.head(job.operation.customer_id)
    if view is None or view.state is not job.view.state or head is None or head.operation.id != job.operation.id:
        return None
    session.customers.bump_lane(job.operation.customer_id)
    evidence = dict(plan.evidence) if job.attempts else {**plan.evidence, AHEAD: ahead(context).total_seconds()}
    session.operations.set_state(job.operation.id, OperationState.IN_FLIGHT, evidence=evidence)
    keep_losers(context, session, job, plan.losers)  # now: its answer may be lost, and then nobody knows them any more
    return session.operations.start_attempt(job.operation.id, plan.request, context.clock.now()).id


def _lacks_record(job: Job, result: WriteResult) -> bool:
    """A create whose answer names nobody cannot be tied to anybody: it is in doubt."""
    create = job.operation.kind is OperationKind.CUSTOMER_CREATE
    return create and (result.answer is None or result.answer.customer is None)


def _answer(result: WriteResult, plan: Send) -> WriteAnswer:
    """Return the answer; without a key no server says that it repeats an older one, so a repeat in doubt may be one."""
    answer = result.answer or WriteAnswer()
    return replace(answer, replayed=True) if plan.in_doubt and plan.request.key is None else answer


def _reread(context: SyncContext, job: Job, accepted: Accepted) -> Accepted:
    """After a delete, learn what it meant there: gone, or a person wiped and her history kept."""
    if job.operation.kind is not OperationKind.CUSTOMER_DELETE or job.remote_id is None:
        return accepted
    try:
        left: RemoteCustomer | None = context.api.customer(job.remote_id)
    except RemoteError as error:
        log.info("not read again after deleting: %s", error.id)
        return accepted
    return Accepted(accepted.answer, reread=True, left=left)


def _conclude(context: SyncContext, session: Session, job: Job, ended: Ended) -> None:
    """Settle an attempt: its end, the operation's state and the server's numbers in one transaction."""
    result, accepted = ended.result, ended.accepted
    session.operations.finish_attempt(
        ended.attempt_id,
        outcome=result.outcome.value,
        status=result.status,
        server_text=result.server_text,
        error_kind=result.error_kind,
        at=context.clock.now(),
    )
    session.customers.bump_lane(job.operation.customer_id)
    view = session.operations.get(job.operation.id)
    assert view is not None, "an operation is never deleted"
    verdict = _never_silently(ended.verdict, view)
    state = verdict.state if accepted is None else accept(context, session, job, accepted)
    failures = 0 if accepted is not None else job.noted("failures") + (result.outcome is not Outcome.NOT_SENT)
    evidence = {"outcome": result.outcome.value, "status": result.status, "code": result.code, "failures": failures}
    view = session.operations.get(job.operation.id) or view
    wait = _wait(context, job, verdict.wait, result, failures)
    move(session, view, state, wait=wait, clock=context.clock, evidence=evidence)
    if verdict.inbox:
        _refused(context, session, job, result, verdict.inbox)
    if state in _ON_ITS_WAY:
        tell_if_stalled(context, session, job, failures, server_said=result.server_text)
    else:
        answer(session, context.clock, STALLED, job.operation, "it went through")
    _show_again(context, session, job, state)
    if accepted is not None and result.answer is not None and (ended.plan.in_doubt or ended.plan.request.key is None):
        note_repeat(context, session, job, ended.plan.request, result.answer)


def _never_silently(verdict: Verdict, view: OperationView) -> Verdict:
    """Put the refusal of an act whose discount was given before a person, who decides who bears it (design, 7)."""
    if verdict.state is OperationState.REJECTED and given_at_risk(view.operation.intent, view.evidence) is not None:
        return replace(verdict, state=OperationState.NEEDS_HUMAN, inbox="make_good")
    return verdict


def _wait(context: SyncContext, job: Job, wait: Wait, result: WriteResult, failures: int) -> float | None:
    backoff = context.settings.backoff
    match wait:
        case Wait.NOTHING:
            return None
        case Wait.BACKOFF:
            return backoff.delay(max(failures, 1))
        case Wait.ASKED:
            return backoff.asked(result.retry_after, max(failures, 1))
        case Wait.QUARANTINE:
            return job.quarantine


def _refused(context: SyncContext, session: Session, job: Job, result: WriteResult, kind: str) -> None:
    """Tell a person, fetch what the server holds now, and bring back whom it would not delete."""
    evidence: dict[str, object] = {"status": result.status, "code": result.code}
    view = session.operations.get(job.operation.id) or job.view
    given = given_at_risk(view.operation.intent, view.evidence)
    if given is not None:
        evidence["given"] = given
    ask(
        session,
        context.clock,
        kind,
        operation=job.operation,
        server_said=result.server_text,
        evidence=evidence,
    )
    if job.remote_id is not None:
        session.mirror.mark_for_refresh(context.connection_id, [job.remote_id])
    if job.operation.kind is OperationKind.CUSTOMER_DELETE:
        session.customers.set_status(job.operation.customer_id, CustomerStatus.LIVE)


def _show_again(context: SyncContext, session: Session, job: Job, state: OperationState) -> None:
    """After an edit ended otherwise than meant, show the server's record with what still waits on top.

    What the server does not keep stays as this till has it: the record as last seen may be older than that.
    """
    if state not in _ENDED or job.operation.kind is not OperationKind.CUSTOMER_EDIT or job.remote_id is None:
        return
    remote_id: RemoteId = job.remote_id
    row = session.mirror.rows(context.connection_id, [remote_id]).get(remote_id)
    ours = session.customers.get(job.operation.customer_id)
    if row is not None and ours is not None:
        told = {name: getattr(row.profile, name) for name in context.api.capabilities.fields}
        show(session, ours.id, with_fields(ours.profile, told))
