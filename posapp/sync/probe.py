"""Ending a doubt on a server that cannot be asked twice: look for the effect, twice, after a quarantine.

Nothing here guesses with money (design, promise 2): an effect that is there is taken as ours only when it can be nobody
else's; one that is absent twice was not applied; everything between goes to a person.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from posapp.domain.customer import FieldChange, Profile
from posapp.domain.digits import only_digits
from posapp.domain.ids import RemoteId
from posapp.domain.operation import OperationKind, OperationState
from posapp.services.ports.book import Session
from posapp.services.ports.remote import RemoteCustomer
from posapp.services.ports.writes import Repeat, WriteAnswer
from posapp.sync.answers import Accepted
from posapp.sync.clocks import server_time
from posapp.sync.context import SyncContext
from posapp.sync.edits import edit_plan
from posapp.sync.merge import overlaid
from posapp.sync.plans import (
    Leave,
    Plan,
    Settled,
    doubt_safety,
    first_sending,
    human,
    moves_khata,
    not_sendable,
    quarantined,
    repeating,
    restored,
)
from posapp.sync.rows import alike, doubtful_creates, has_acts, same_person
from posapp.sync.settle import REPEATABLE
from posapp.sync.untold import as_typed, told_differing
from posapp.sync.work import Deadline, Job, timeout_of
from posapp.sync.writes import changes_of, profile_of

PROBES = 2
"""An effect is absent when this many probes, a quarantine apart, did not find it."""


def doubt_plan(context: SyncContext, job: Job, deadline: Deadline | None) -> Plan:
    """Return what to do with an operation that the server may have applied.

    Args:
        context: The engine's surroundings.
        job: The operation, `UNKNOWN`.
        deadline: When a person stops waiting; None for nobody waits.
    """
    kind = job.operation.kind
    if kind in {OperationKind.CUSTOMER_CREATE, OperationKind.CUSTOMER_EDIT} and not job.person:
        return human("unknown", reason="person erased")
    if job.remote_id is None and kind is not OperationKind.CUSTOMER_CREATE:
        return human("customer_gone", reason="the server's id of her is gone")
    if job.last is None:
        unsent = _never_left(context, job, deadline)
        if unsent is not None:
            return unsent
    repeat = doubt_safety(context, job)
    if repeat in REPEATABLE:
        return repeating(context, job, repeat)
    if quarantined(context, job):
        return Leave()
    return _look(context, job, repeat, deadline)


def _never_left(context: SyncContext, job: Job, deadline: Deadline | None) -> Plan | None:
    """Return what becomes of an operation in doubt that surely never left; None where it may have, from elsewhere.

    An act that came back from a copy may have left, unless it is of those that no server is ever asked for.
    """
    if not restored(job):
        return first_sending(context, job, deadline)
    stopped = not_sendable(context, job)
    if isinstance(stopped, Settled) and stopped.state is not OperationState.NEEDS_HUMAN:
        return Settled(OperationState.PENDING)
    return stopped


def _look(context: SyncContext, job: Job, repeat: Repeat, deadline: Deadline | None) -> Plan:
    """Look for the effect of an operation whose quarantine is over."""
    kind = job.operation.kind
    if repeat is Repeat.NATURAL:
        natural = edit_plan if kind is OperationKind.CUSTOMER_EDIT else first_sending
        return natural(context, job, deadline)
    if kind is OperationKind.CUSTOMER_CREATE:
        return _probe_create(context, job)
    if kind is OperationKind.REDEEM:
        return _probe_redeem(context, job, deadline)
    return _probe_entry(context, job, deadline) if moves_khata(job) else human("unknown")


def twins_of(context: SyncContext, job: Job) -> list[RemoteId]:
    """Return whom else a create that the server took may have made: like what it meant in every field.

    Args:
        context: The engine's surroundings.
        job: The create; its own record is not among them.

    Raises:
        RemoteError: The server was not reached or lied.
    """
    alike = _exact(context, job, _candidates(context, job, _search(context, job)))
    return [one.remote_id for one in alike if one.remote_id != job.remote_id]


def _probe_create(context: SyncContext, job: Job) -> Plan:
    candidates = _candidates(context, job, _search(context, job))
    exact = _exact(context, job, candidates)
    if len(exact) == 1 and len(candidates) == 1:
        answer = WriteAnswer(customer=exact[0], replayed=True)
        return Settled(OperationState.ACKED, evidence={"found": exact[0].remote_id}, accepted=Accepted(answer))
    if candidates:
        return human("unknown", candidates=[one.remote_id for one in candidates])
    return _absent(job)


def _search(context: SyncContext, job: Job) -> list[RemoteCustomer]:
    wanted = profile_of(job.person)
    unique = (getattr(wanted, name) for name in context.api.capabilities.unique)
    text = next(filter(None, unique), None) or wanted.phone or wanted.email or wanted.name
    found = list(context.api.search(text))
    if text != wanted.name:
        found += context.api.search(wanted.name)
    typed = (as_typed(record, context.api.capabilities, wanted.phone) for record in found)
    return list({record.remote_id: record for record in typed}.values())


def _set_aside(context: SyncContext, job: Job) -> list[RemoteCustomer]:
    """Return the rows that looked like a doubtful create when they were listed first, unless they look like another."""
    wanted = profile_of(job.person)

    def read(session: Session) -> list[RemoteCustomer]:
        others = [one for one in doubtful_creates(session) if not same_person(one, wanted)]
        rows = session.mirror.unadopted(context.connection_id)
        capabilities = context.api.capabilities
        return [row for row in rows if not any(alike(row, other, capabilities) for other in others)]

    return context.book.read(read)


def _exact(context: SyncContext, job: Job, candidates: Sequence[RemoteCustomer]) -> list[RemoteCustomer]:
    """Return those who are in every field what our create can have come to."""
    meant = _meant(context, job)
    return [
        one
        for one in candidates
        if one.created_at is not None
        and any(not told_differing(profile, one, context.api.capabilities) for profile in meant)
    ]


def _meant(context: SyncContext, job: Job) -> list[Profile]:
    """Return every profile that our create can have come to: of one from a copy, its edits may have followed."""
    profiles = [profile_of(job.person)]
    if not restored(job):
        return profiles

    def edits(session: Session) -> list[dict[str, FieldChange]]:
        views = session.operations.of_customer(job.operation.customer_id, OperationState)
        mine = [view.operation.id for view in views if view.operation.kind is OperationKind.CUSTOMER_EDIT]
        return [changes_of(session.operations.person(operation_id)) for operation_id in mine]

    for changes in context.book.read(edits):
        profiles.append(overlaid(profiles[-1], [changes]))
    return profiles


def _candidates(context: SyncContext, job: Job, found: Sequence[RemoteCustomer]) -> list[RemoteCustomer]:
    """Return the records that our create may have made: nobody else's, not older than it, alike in name or phone.

    Those that were set aside looked alike when they were listed, whatever somebody has made of them since.
    """
    wanted, oldest = profile_of(job.person), server_time(context, _first_attempt(job), job.view.evidence)
    oldest -= timedelta(seconds=context.settings.skew_seconds)
    taken = context.book.read(lambda session: _taken(context, session, job, found))
    phone = only_digits(wanted.phone or "")
    alike_now = [
        record
        for record in found
        if record.remote_id not in taken
        and (
            record.profile.name.casefold() == wanted.name.casefold()
            or (phone and only_digits(record.profile.phone or "") == phone)
        )
    ]
    every = {record.remote_id: record for record in (*_set_aside(context, job), *alike_now)}
    return [record for record in every.values() if record.created_at is None or record.created_at >= oldest]


def _taken(context: SyncContext, session: Session, job: Job, found: Sequence[RemoteCustomer]) -> set[RemoteId]:
    """Return the records that are somebody else's for certain: with acts of their own, or known before the create.

    One without acts that was listed later as somebody new may be the record of our create, or of one that another till
    or an earlier life of this book made.
    """
    rows = session.mirror.rows(context.connection_id, [record.remote_id for record in found])
    certain = set()
    for row in rows.values():
        if row.customer_id is None or row.customer_id == job.operation.customer_id:
            continue
        customer = session.customers.get(row.customer_id)
        before = customer is not None and customer.created_at < _first_attempt(job)
        since = restored(job) or job.remote_id is not None
        if has_acts(session, row.customer_id) or (before and not since):
            certain.add(row.remote_id)
    return certain


def _first_attempt(job: Job) -> datetime:
    return min((attempt.started_at for attempt in job.attempts), default=job.operation.recorded_at)


def _probe_redeem(context: SyncContext, job: Job, deadline: Deadline | None) -> Plan:
    assert job.remote_id is not None, "a redemption waits for its customer's identity"
    record = context.api.customer(job.remote_id, timeout=timeout_of(deadline))
    if record is None or record.anonymized:
        return human("customer_gone")
    before, after = job.view.evidence.get("points_before"), record.points
    asked = int(str(job.operation.intent["points"]))
    if isinstance(before, int) and after == before - asked:
        answer = WriteAnswer(points=after)
        evidence: dict[str, object] = {"points_after": after}
        return Settled(OperationState.ACKED, evidence=evidence, accepted=Accepted(answer))
    if isinstance(before, int) and after == before:
        return _absent(job, points_after=after)
    return human("unknown", points_before=before, points_after=after)


def _probe_entry(context: SyncContext, job: Job, deadline: Deadline | None) -> Plan:
    assert job.remote_id is not None, "an entry waits for its customer's identity"
    if not context.api.capabilities.ledger:
        return human("unknown")
    for entry in context.api.ledger(job.remote_id, timeout=timeout_of(deadline)):
        if entry.reference_id == job.operation.id:
            answer = WriteAnswer(entry=entry, replayed=True)
            return Settled(OperationState.ACKED, evidence={"found": entry.remote_id}, accepted=Accepted(answer))
    return human("unknown", reason="no reference in the khata")


def _absent(job: Job, **evidence: object) -> Settled:
    probes = job.noted("absent_probes") + 1
    noted = {**evidence, "absent_probes": probes}
    if probes < PROBES:
        return Settled(OperationState.UNKNOWN, wait=job.quarantine, evidence=noted)
    return Settled(OperationState.PENDING, evidence=noted)
