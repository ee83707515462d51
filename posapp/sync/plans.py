"""What to do with the operation at the head of a lane: send it, settle it without sending, or leave it.

Everything that must be read from the server before a write is read here, outside any transaction; claiming and sending
are `push`'s.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from posapp.domain.customer import FieldValue
from posapp.domain.operation import LEDGER_KINDS, RESTORED, OperationKind, OperationState, rests
from posapp.services.dto import OperationView
from posapp.services.ports.abilities import able, needed_ability
from posapp.services.ports.book import Session
from posapp.services.ports.writes import PreparedRequest, Repeat, Write
from posapp.sync.answers import Accepted, others_unproven
from posapp.sync.context import SyncContext
from posapp.sync.merge import Loser
from posapp.sync.settle import REPEATABLE
from posapp.sync.work import Deadline, Job, timeout_of
from posapp.sync.writes import key_for, keyless, profile_of, request_of, write_of

_ENDED = frozenset({OperationState.REJECTED, OperationState.CANCELLED})
_ACCEPTED = frozenset({OperationState.ACKED, OperationState.CONFIRMED})


@dataclass(frozen=True, slots=True)
class Send:
    """Send these bytes.

    Attributes:
        request: Exactly what leaves.
        repeat: How a repeat is safe.
        in_doubt: Whether an earlier attempt of the same bytes may have been applied.
        evidence: To be noted before the first byte leaves.
        losers: Values that the merge behind an edit displaced.
    """

    request: PreparedRequest
    repeat: Repeat
    in_doubt: bool = False
    evidence: Mapping[str, object] = field(default_factory=dict)
    losers: tuple[Loser, ...] = ()


@dataclass(frozen=True, slots=True)
class Settled:
    """Nothing is sent: the operation moves as it is.

    Attributes:
        state: Where it goes.
        inbox: Kind of the inbox item; None for none.
        wait: Seconds before it is looked at again; None for at once.
        evidence: To be noted.
        accepted: With it the act counts as taken: apply this.
        losers: Values to be kept.
        cause: Figure of the report to count it under; empty for none.
    """

    state: OperationState
    inbox: str | None = None
    wait: float | None = None
    evidence: Mapping[str, object] = field(default_factory=dict)
    accepted: Accepted | None = None
    losers: tuple[Loser, ...] = ()
    cause: str = ""


@dataclass(frozen=True, slots=True)
class Leave:
    """Nothing can be done now; the lane waits."""


Plan = Send | Settled | Leave


def human(kind: str, **evidence: object) -> Settled:
    """Return the plan that puts an operation before a person."""
    return Settled(OperationState.NEEDS_HUMAN, inbox=kind, evidence=evidence)


def doubt_safety(context: SyncContext, job: Job) -> Repeat:
    """Return how the doubt about the last attempt may be ended.

    A key counts only if the doubtful attempt carried it and the server still remembers it; a create is never repeated
    by a natural key alone, for two people may share it (design, section 5). An edit that came back from a copy is read
    and merged anew: it may have been sent as other bytes, and others may have edited since.
    """
    write = write_of(job.operation, job.aim)
    repeat = context.api.repeat_safety(write)
    if restored(job) and job.operation.kind is OperationKind.CUSTOMER_EDIT:
        return Repeat.NATURAL
    if repeat is Repeat.KEY and not _key_lives(context, job):
        repeat = keyless(write, context.api.capabilities)
    if repeat is Repeat.UNIQUE and job.operation.kind is OperationKind.CUSTOMER_CREATE:
        return Repeat.PROBE
    return repeat


def restored(job: Job) -> bool:
    """Return whether an operation came back from a copy, so that it may have left without an attempt in this book."""
    return RESTORED in job.view.evidence


def not_sendable(context: SyncContext, job: Job) -> Plan | None:
    """Return what becomes of an operation that cannot be sent as it is; None where it can."""
    operation = job.operation
    person = _without_particulars(context, job)
    if person is not None:
        return person
    if job.kept_sale:
        return _kept_sale(job)
    stands = None if job.undone is None else _without_its_act(job.undone)
    if stands is not None:
        return stands
    if job.remote_id is None and operation.kind is not OperationKind.CUSTOMER_CREATE:
        return _without_identity(job)
    if able(operation, context.api.capabilities) or able(operation, context.api.describe().capabilities):
        return None
    return human("capability_gone", ability=needed_ability(operation))


def first_sending(context: SyncContext, job: Job, deadline: Deadline | None) -> Plan:
    """Return the plan for an operation that the server surely did not apply.

    A redemption that cannot be repeated is fenced: the points right before it are the evidence if its answer is lost.
    Of any other the points as last known are noted: they tell whether a repeat took them twice (`trust`).
    """
    write = write_of(job.operation, job.aim)
    repeat = context.api.repeat_safety(write)
    evidence: dict[str, object] = {"absent_probes": 0}
    if repeat is Repeat.NEVER and job.operation.kind is OperationKind.REDEEM and job.remote_id is not None:
        record = context.api.customer(job.remote_id, timeout=timeout_of(deadline))
        if record is None or record.anonymized:
            return human("customer_gone")
        evidence["points_before"] = record.points
    elif job.operation.kind is OperationKind.REDEEM:
        evidence["points_known"] = context.book.read(lambda session: _points_known(session, job))
    return sending(context, job, write, repeat, evidence=evidence)


def _points_known(session: Session, job: Job) -> int | None:
    """Return the server's points before this redemption; None where another act of ours is not in them yet."""
    unproven = others_unproven(session, job)
    return None if unproven else session.khata.standing(job.operation.customer_id).server_points


def sending(
    context: SyncContext,
    job: Job,
    write: Write,
    repeat: Repeat,
    *,
    evidence: Mapping[str, object],
    losers: tuple[Loser, ...] = (),
) -> Send:
    """Return the plan that sends a write under the right key: the same bytes keep theirs."""
    draft = context.api.prepare(write, job.last.key if job.last and job.last.key else job.operation.id)
    key = key_for(job.operation, job.last, draft)
    request = draft if draft.key in {None, key} else context.api.prepare(write, key)
    return Send(request, repeat, evidence=evidence, losers=losers)


def repeating(context: SyncContext, job: Job, repeat: Repeat) -> Plan:
    """Return the plan that repeats the last attempt, byte for byte.

    An erasure takes the bytes of a person's attempts away, and an act from a copy comes without any: they are made
    again from the act, to the same bytes under the same key, which at first is the operation's id.
    """
    assert repeat in REPEATABLE, "only a safe repeat is sent in doubt"
    request = None if job.last is None else request_of(job.last)
    if request is None or not request.body:
        key = request.key if request else None
        request = context.api.prepare(write_of(job.operation, job.aim), key or job.operation.id)
    return Send(request, repeat, in_doubt=True)


def quarantined(context: SyncContext, job: Job) -> bool:
    """Return whether a doubtful operation still rests."""
    return rests(job.view.not_before, context.clock.now(), job.quarantine)


def moves_khata(job: Job) -> bool:
    """Return whether an operation is one khata entry on the server."""
    operation = job.operation
    kind = operation.kind
    if kind is OperationKind.REVERSAL:
        kind = OperationKind(str(operation.intent["of_kind"]))
    return kind in LEDGER_KINDS


def _without_particulars(context: SyncContext, job: Job) -> Plan | None:
    """What becomes of a create or an edit whose person was erased, or who lacks a field that the server demands."""
    kind = job.operation.kind
    if kind in {OperationKind.CUSTOMER_CREATE, OperationKind.CUSTOMER_EDIT} and not job.person:
        return Settled(OperationState.CANCELLED, evidence={"reason": "person erased"})
    if kind is not OperationKind.CUSTOMER_CREATE:
        return None
    profile = profile_of(job.person)
    lacking = [name for name in context.api.capabilities.required if not getattr(profile, name)]
    return human("field_missing", fields=lacking) if lacking else wrong_size(context, profile.phone)


def wrong_size(context: SyncContext, phone: FieldValue) -> Plan | None:
    """Return what becomes of an act with a phone that is too short or too long for the server; None where it fits."""
    fewest, most = context.api.capabilities.phone_sizes
    if not phone or not most or fewest <= len(phone) <= most:
        return None
    return human("field_missing", fields=["phone"], code="phone_size")


def _without_its_act(undone: OperationView) -> Plan | None:
    """What becomes of a reversal whose act the server does not have; None where it has it."""
    if undone.state in _ENDED:
        return Settled(OperationState.CANCELLED, evidence={"reason": "nothing to undo"})
    if undone.state is OperationState.KEPT:
        return Settled(OperationState.KEPT, evidence={"reason": "its act stays on this till"})
    return None if undone.state in _ACCEPTED else human("original_open", reverses=undone.operation.id)


def _without_identity(job: Job) -> Plan:
    """What becomes of an act of somebody whom the server does not know: it stays where a person said she stays."""
    if job.customer_kept:
        return Settled(OperationState.KEPT, evidence={"reason": "the customer stays on this till"})
    return human("customer_gone", reason="the server never knew her")


def _kept_sale(job: Job) -> Plan:
    """A bill whose points alone went to the server: it stays here, or falls with the points that were refused.

    While a person must decide about the points, she decides about the bill as well.
    """
    redemption = job.redemption
    if redemption is not None and redemption.state in _ENDED:
        return Settled(OperationState.CANCELLED, evidence={"withdrawn": "points refused"})
    if redemption is not None and redemption.state is OperationState.NEEDS_HUMAN:
        return human("original_open", redemption=redemption.operation.id)
    return Settled(OperationState.KEPT, evidence={"reason": "the server takes no sales"})


def _key_lives(context: SyncContext, job: Job) -> bool:
    """Whether the server still knows the key of the doubtful attempt.

    An act from a copy first left under its own id, at the earliest when it was recorded.
    """
    if job.last is None:
        first = job.operation.recorded_at
    elif job.last.key is None:
        return False
    else:
        first = next(attempt for attempt in job.attempts if attempt.key == job.last.key).started_at
    ttl = timedelta(seconds=context.api.capabilities.key_ttl_seconds)
    age = context.clock.now() - first
    return -timedelta(seconds=context.settings.skew_seconds) <= age < ttl * 0.9  # an age below is a clock put back
