"""Sending an edit: read the record, merge with it, send only what differs, on condition that it did not move.

Two tills and an office edit the same customer; the server knows no history. The fence before the write and the merge
by field are what keeps everybody's typing (design, section 6).
"""

from __future__ import annotations

from posapp.domain.ids import RemoteId
from posapp.domain.operation import OperationState
from posapp.services.ports.book import Session
from posapp.services.ports.remote import RemoteCustomer
from posapp.services.ports.writes import EditCustomer, WriteAnswer
from posapp.sync.answers import Accepted
from posapp.sync.context import SyncContext
from posapp.sync.leaving import take_merged
from posapp.sync.merge import merge
from posapp.sync.plans import Leave, Plan, Settled, human, sending, wrong_size
from posapp.sync.stays import as_there, staying
from posapp.sync.untold import as_typed, told, told_differing
from posapp.sync.work import Deadline, Job, timeout_of
from posapp.sync.writes import changes_of


def edit_plan(context: SyncContext, job: Job, deadline: Deadline | None) -> Plan:
    """Return what to do with an edit now.

    The same path serves an edit in doubt on a server without keys: an edit that was applied differs in nothing any
    more, and one that was not is merged with the record as it is now.

    Args:
        context: The engine's surroundings.
        job: The edit.
        deadline: When a person stops waiting; None for nobody waits.
    """
    assert job.remote_id is not None, "an edit waits for its customer's identity"
    record = context.api.customer(job.remote_id, timeout=timeout_of(deadline))
    if record is None and _merged(context, job.remote_id):
        return Leave()
    if record is None or record.anonymized:
        return human("customer_gone")
    stays = context.book.read(lambda session: staying(session, job.operation.customer_id))
    names, changes = told(record, context.api.capabilities), as_there(changes_of(job.person), stays)
    phone = changes.get("phone")
    if phone is not None:
        record = as_typed(record, context.api.capabilities, phone.seen, phone.wanted)
    merged = merge({name: one for name, one in changes.items() if name in names}, record.profile)
    if merged.ask:
        return Settled(
            OperationState.NEEDS_HUMAN,
            inbox="conflict",
            evidence={"fields": sorted(merged.ask)},
            losers=tuple(loser for loser in merged.losers if loser.field in merged.ask),
            cause="conflicts",
        )
    fields = told_differing(merged.profile, record, context.api.capabilities)
    if not fields:
        return _there_already(record)
    unfit = wrong_size(context, fields.get("phone"))
    if unfit is not None:
        return unfit
    write = EditCustomer(job.remote_id, fields, record.etag, record.profile.tags)
    repeat = context.api.repeat_safety(write)
    return sending(context, job, write, repeat, evidence={"absent_probes": 0}, losers=merged.losers)


def _merged(context: SyncContext, remote_id: RemoteId) -> bool:
    """Learn whether the server made her one with somebody; what waits is then looked at anew."""
    merged_into = context.api.successor(remote_id)
    if merged_into is None:
        return False

    def take(session: Session) -> None:
        row = session.mirror.rows(context.connection_id, [remote_id])[remote_id]
        take_merged(context, session, row, merged_into)

    context.book.write(take)
    return True


def _there_already(record: RemoteCustomer) -> Settled:
    answer = WriteAnswer(customer=record)
    return Settled(OperationState.ACKED, evidence={"found": "the record holds it"}, accepted=Accepted(answer))
