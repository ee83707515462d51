"""Trust but verify: what a server announces is relied on until it is once seen not to be kept (research/sync, 4.4).

A capability that is given up stays so, whatever is announced, until a person trusts it again; the till then works as
with a server that never had it. Nothing is lost for it: whatever gives a broken promise away is taken over as well.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from posapp.domain.errors import RemoteProtocolError, RemoteRejected
from posapp.domain.ids import CustomerId, OperationId, RemoteId
from posapp.domain.operation import Operation, OperationKind
from posapp.services.dto import CustomerStatus
from posapp.services.ports.book import Session
from posapp.services.ports.mirror import CHANGED, CREATES_REPEATED, SENSELESS
from posapp.services.ports.remote import RemoteCustomer
from posapp.services.ports.trust import ANNOUNCED_AS, EXTENSION_BROKEN, Seen, distrust, distrusted
from posapp.services.ports.writes import PreparedRequest, WriteAnswer
from posapp.sync.context import CancelToken, ChangesOutOfOrder, ListRepeats, SyncContext, Tally, check_cancelled
from posapp.sync.digest import digest_of
from posapp.sync.probe import twins_of
from posapp.sync.pull import pull_changes
from posapp.sync.work import Job, ask, job_of

log = logging.getLogger(__name__)


def heed(context: SyncContext) -> None:
    """Rely on nothing that the book says is distrusted, and on what a person trusts again."""
    context.api.distrust(context.book.read(lambda session: distrusted(session, context.connection_id)))


def demote(
    context: SyncContext,
    session: Session,
    capabilities: Collection[str],
    seen: Seen,
    *,
    operation: Operation | None = None,
    customer_id: CustomerId | None = None,
    **evidence: object,
) -> None:
    """Rely on capabilities no more, and tell a person; nothing happens for those that were not relied on.

    Args:
        context: The engine's surroundings.
        session: A transaction.
        capabilities: Their names.
        seen: What was seen.
        operation: The act by which it was seen, if it is one.
        customer_id: By whom it was seen, where no operation says so.
        evidence: What else is known; never personal data.
    """
    relied_on = context.api.capabilities
    broken = [name for name in capabilities if getattr(relied_on, name)]
    if not broken:
        return
    distrust(session, context.connection_id, broken, seen, context.clock.now())
    context.api.distrust(distrusted(session, context.connection_id))
    names = [ANNOUNCED_AS[name] for name in broken]
    log.info("not relied on any more: %s (%s)", ", ".join(names), seen)
    known = {"extensions": names, "seen": seen.value, **evidence}
    private = {"connection": context.connection_id, "capabilities": broken}
    ask(
        session,
        context.clock,
        EXTENSION_BROKEN,
        operation=operation,
        customer_id=customer_id,
        evidence={**known, **private},
    )


# Changes


def follow_changes(context: SyncContext, tally: Tally, cancel: CancelToken | None) -> bool:
    """Read what changed; return whether that can be relied on.

    A list that made no sense twice in a row is given up: everything is read instead.

    Args:
        context: The engine's surroundings.
        tally: Figures of the cycle.
        cancel: Ends the work between two pages.

    Raises:
        RemoteError: The server was not reached or lied, for the first time.
        Cancelled: The work was ended.
    """
    try:
        pull_changes(context, tally, cancel)
    except (ChangesOutOfOrder, ListRepeats):
        if not context.book.write(lambda session: _senseless_again(context, session), urgent=False):
            raise
        return False
    if context.book.read(lambda session: session.mirror.checkpoint(context.connection_id, SENSELESS)):
        context.book.write(
            lambda session: session.mirror.set_checkpoint(context.connection_id, SENSELESS, None), urgent=False
        )
    return True


def _senseless_again(context: SyncContext, session: Session) -> bool:
    mirror, connection_id = session.mirror, context.connection_id
    again = mirror.checkpoint(connection_id, SENSELESS) is not None
    mirror.set_checkpoint(connection_id, SENSELESS, None if again else context.clock.now().isoformat())
    if again:
        demote(context, session, ["updated_since"], Seen.CHANGES_SENSELESS)
    return again


def untold_change(context: SyncContext, session: Session, records: Sequence[RemoteCustomer]) -> RemoteId | None:
    """Return a customer who changed before the moment up to which all changes were told, and was not told of.

    Only of somebody for whom this till never did anything is that certain: a row may be passed over while an act of
    ours is on its way.

    Args:
        context: The engine's surroundings.
        session: A transaction, before the records are taken over.
        records: Of a scan.
    """
    capabilities, connection_id = context.api.capabilities, context.connection_id
    saved = session.mirror.checkpoint(connection_id, CHANGED)
    if not capabilities.updated_since or saved is None:
        return None
    told_until = datetime.fromisoformat(saved) - timedelta(seconds=context.settings.lookback_seconds)
    due = {one.remote_id: one for one in records if one.updated_at is not None and one.updated_at < told_until}
    rows = session.mirror.rows(connection_id, due)
    for remote_id, record in due.items():
        row = rows.get(remote_id)
        if row is None and not record.anonymized:
            return remote_id
        untouched = row is not None and row.status is CustomerStatus.LIVE and not row.lane_epoch
        if row is not None and untouched and row.digest != digest_of(record, capabilities):
            return remote_id
    return None


def note_untold_change(context: SyncContext, session: Session, remote_id: RemoteId) -> None:
    """Give up reading by change, for it missed somebody; call it once the record is taken over.

    Args:
        context: The engine's surroundings.
        session: A transaction.
        remote_id: Whom.
    """
    demote(context, session, ["updated_since"], Seen.CHANGE_UNTOLD, customer_id=_ours(context, session, remote_id))


# Deletions


def check_deletions(context: SyncContext, cancel: CancelToken | None, gone: Sequence[RemoteId]) -> None:
    """Give up relying on tombstones where somebody is gone and none of them says so.

    Args:
        context: The engine's surroundings.
        cancel: Ends the work between two pages.
        gone: Of whom the server itself just said that they are.

    Raises:
        RemoteError: The server was not reached or lied.
        Cancelled: The work was ended.
    """
    if not gone or not context.api.capabilities.tombstones:
        return
    told = _tombstones(context, cancel)
    untold = next((one for one in gone if one not in told), None)
    if untold is None:
        return

    def give_up(session: Session) -> None:
        customer_id = _ours(context, session, untold)
        demote(context, session, ["tombstones"], Seen.DELETION_UNTOLD, customer_id=customer_id)

    context.book.write(give_up, urgent=False)


def _tombstones(context: SyncContext, cancel: CancelToken | None) -> set[RemoteId]:
    told: set[RemoteId] = set()
    for page in range(1, context.settings.most_pages + 1):
        check_cancelled(cancel)
        stones = {stone.remote_id for stone in context.api.deleted_since(None, page)}
        if stones <= told:
            break
        told |= stones
    return told


# Writes that a repeat ended


def note_repeat(
    context: SyncContext, session: Session, job: Job, request: PreparedRequest, answer: WriteAnswer
) -> None:
    """Look into a doubt that a repeat ended without a word that the first attempt was known: both may count.

    So may a create that carried no key: something in between can have delivered it twice, where nothing must be unique.
    The points are compared at once; a create's twin is looked for by the next cycle (`seek_twins`).

    Args:
        context: The engine's surroundings.
        session: The transaction that settles the operation.
        job: The operation, as it was before the repeat.
        request: The repeat, or what was sent without a key.
        answer: Of the server, to that.
    """
    if answer.replayed:
        return
    keys = ["idempotency_keys"] if request.key is not None else []
    if job.operation.kind is OperationKind.CUSTOMER_CREATE and (keys or not context.api.capabilities.unique):
        left = [*_to_be_sought(context, session), job.operation.id]
        session.mirror.set_checkpoint(context.connection_id, CREATES_REPEATED, json.dumps(left))
    if job.operation.kind is OperationKind.REDEEM and _taken_twice(job, answer):
        demote(
            context,
            session,
            ["redeem_unique", *keys],
            Seen.POINTS_TWICE,
            operation=job.operation,
            points_before=job.view.evidence["points_known"],
            points_after=answer.points,
        )


def _taken_twice(job: Job, answer: WriteAnswer) -> bool:
    known, asked = job.view.evidence.get("points_known"), int(str(job.operation.intent["points"]))
    if not isinstance(known, int) or answer.points is None:
        return False
    sent = len(job.attempts) + 1
    return known - answer.points in range(2 * asked, sent * asked + 1, asked)


def seek_twins(context: SyncContext, cancel: CancelToken | None) -> None:
    """Look for customers whom a server made twice, under one key or without any.

    Args:
        context: The engine's surroundings.
        cancel: Ends the work between two customers.

    Raises:
        RemoteError: The server was not reached; who is left is looked for in the next cycle.
        Cancelled: The work was ended.
    """

    def jobs(session: Session) -> list[Job]:
        views = [session.operations.get(operation_id) for operation_id in _to_be_sought(context, session)]
        return [job_of(context, session, view) for view in views if view is not None]

    for job in context.book.read(jobs):
        check_cancelled(cancel)
        try:
            twins = twins_of(context, job) if job.person else []
        except (RemoteRejected, RemoteProtocolError) as error:
            log.info("a twin could not be looked for: %s", error.id)
            continue

        def note(session: Session, job: Job = job, twins: Sequence[RemoteId] = twins) -> None:
            _note_twins(context, session, job, twins)

        context.book.write(note, urgent=False)


def _note_twins(context: SyncContext, session: Session, job: Job, twins: Sequence[RemoteId]) -> None:
    operation = job.operation
    left = [one for one in _to_be_sought(context, session) if one != operation.id]
    session.mirror.set_checkpoint(context.connection_id, CREATES_REPEATED, json.dumps(left) if left else None)
    if twins:
        records = [job.remote_id, *twins]
        demote(context, session, ["idempotency_keys"], Seen.MADE_TWICE, operation=operation, candidates=records)
        ask(
            session,
            context.clock,
            "duplicate",
            customer_id=operation.customer_id,
            evidence={"candidates": records, "connection": context.connection_id},
        )


def note_posted_twice(context: SyncContext, session: Session, reference: object) -> None:
    """Give up what was to make an entry's repeat safe, for an act of this till stands twice in a khata.

    From then on an entry in doubt is looked for in the khata, and never sent a second time.

    Args:
        context: The engine's surroundings.
        session: A transaction.
        reference: The act's id.
    """
    view = session.operations.get(OperationId(str(reference)))
    if view is None:
        return
    keyed = any(attempt.key is not None for attempt in session.operations.attempts(view.operation.id))
    broken = ["unique_references", *(["idempotency_keys"] if keyed else [])]
    demote(context, session, broken, Seen.POSTED_TWICE, operation=view.operation)


def _to_be_sought(context: SyncContext, session: Session) -> list[OperationId]:
    saved = session.mirror.checkpoint(context.connection_id, CREATES_REPEATED)
    return [OperationId(one) for one in json.loads(saved or "[]")]


def _ours(context: SyncContext, session: Session, remote_id: RemoteId) -> CustomerId | None:
    row = session.mirror.rows(context.connection_id, [remote_id]).get(remote_id)
    return None if row is None else row.customer_id
