"""Proving khatas equal to the server's: a few in every cycle, all of them when somebody asks (design, promise 6).

Balance, entries, balance again: where nothing moved in between, the entries must lead to the balance (research/sync,
section 5.2). Nothing is said about a khata while an act of this till is on its way to it.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta

from posapp.domain.errors import Cancelled, RemoteError, RemoteProtocolError, RemoteRejected
from posapp.domain.ids import RemoteId
from posapp.domain.posting import ends_of
from posapp.services.ports.book import Session
from posapp.services.ports.loop import SyncPhase
from posapp.services.ports.proofs import ProofReport
from posapp.sync.comparing import Compared
from posapp.sync.context import CancelToken, SyncContext, Tally, check_cancelled, problem_of
from posapp.sync.refresh import Reading, apply_reading, read_one

log = logging.getLogger(__name__)


def prove_due(context: SyncContext, tally: Tally, cancel: CancelToken | None) -> None:
    """Prove a few khatas: those that changed since their proof, then the ones whose proof is oldest.

    Args:
        context: The engine's surroundings.
        tally: Figures of the cycle.
        cancel: Ends the work between two khatas.

    Raises:
        RemoteError: The server was not reached.
        Cancelled: The work was ended.
    """
    settings, now = context.settings, context.clock.now()
    if not context.api.capabilities.ledger or not settings.proofs_a_cycle:
        return
    due = context.book.read(
        lambda session: session.proofs.due(
            context.connection_id,
            settings.proofs_a_cycle,
            stale_before=now - timedelta(hours=settings.proof_hours),
            retry_before=now - timedelta(minutes=settings.proof_minutes),
        )
    )
    if due:
        tally.meter.begin(SyncPhase.CHECKING, len(due))
    for remote_id in due:
        check_cancelled(cancel)
        tally.meter.step()
        tally.add("proven", int(prove_khata(context, tally, remote_id) is Compared.PROVEN))


def prove_all(context: SyncContext, tally: Tally, cancel: CancelToken | None) -> ProofReport:
    """Prove every khata, and say how it went; never raises for a server's sake.

    Args:
        context: The engine's surroundings.
        tally: Figures of the pass; nothing is read where something cut it short before.
        cancel: Ends the work between two khatas.
    """
    khatas = context.book.read(lambda session: session.proofs.khatas(context.connection_id))
    tally.meter.begin(SyncPhase.CHECKING, len(khatas))
    proven = 0
    for remote_id in () if tally.stopped else khatas:
        try:
            check_cancelled(cancel)
            proven += int(prove_khata(context, tally, remote_id) is Compared.PROVEN)
        except (RemoteError, Cancelled) as error:
            tally.stop(*problem_of(error))
            break
        tally.meter.step()

    def report(session: Session) -> ProofReport:
        return ProofReport(proven, len(khatas), context.clock.now(), session.proofs.held(), tally.problem)

    return context.book.read(report)


def prove_khata(context: SyncContext, tally: Tally, remote_id: RemoteId) -> Compared | None:
    """Compare one khata with the server's, again while it moves.

    Args:
        context: The engine's surroundings.
        tally: Figures of the cycle.
        remote_id: Whose.

    Returns:
        What came of it; None where nothing could be compared.

    Raises:
        RemoteError: The server was not reached.
    """
    compared = _compared(context, tally, remote_id)
    if compared is Compared.ACCEPTED:
        compared = _compared(context, tally, remote_id)  # what a person accepted is what the next reading follows
    if compared not in {Compared.PROVEN, Compared.DIFFERS}:
        now = context.clock.now()
        context.book.write(
            lambda session: session.proofs.note_tried(context.connection_id, remote_id, now), urgent=False
        )
    return compared


def _compared(context: SyncContext, tally: Tally, remote_id: RemoteId) -> Compared | None:
    try:
        return apply_reading(context, tally, _read_still(context, remote_id))
    except (RemoteRejected, RemoteProtocolError) as error:
        log.info("a khata could not be read: %s", error.id)
        tally.add("unreadable")
        return None


def _read_still(context: SyncContext, remote_id: RemoteId) -> Reading:
    """Read a khata between two readings of its balance; without the second where it does not stand still.

    A balance that the entries do not lead to may have moved away and back in between: it counts only where the entries
    are the same when they are read once more.
    """
    reading = read_one(context, remote_id, with_ledger=True)
    for _ in range(context.settings.proof_tries):
        if reading.record is None or reading.record.anonymized or reading.entries is None:
            break
        last = context.api.customer(remote_id)
        if last is not None and last.balance is not None and last.balance == reading.record.balance:
            settled = context.book.read(
                lambda session: session.proofs.seen(context.connection_id, remote_id).settled_until
            )
            leads = last.balance in ends_of(reading.entries, settled, last.balance.currency)
            if leads or list(context.api.ledger(remote_id)) == list(reading.entries):
                return replace(reading, after=last.balance)
        reading = read_one(context, remote_id, with_ledger=True)
    return reading
