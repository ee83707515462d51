"""Customers read one by one: numbers that a list did not carry or could not be trusted, and the proof of sent acts."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace

from posapp.domain.errors import RemoteProtocolError, RemoteRejected
from posapp.domain.ids import CustomerId, RemoteId
from posapp.domain.operation import LEDGER_KINDS, Operation, OperationKind, OperationState
from posapp.services.dto import CustomerStatus, OperationView
from posapp.services.ports.book import Session
from posapp.services.ports.loop import SyncPhase
from posapp.services.ports.remote import RemoteCustomer, RemoteEntry
from posapp.sync.context import CancelToken, SyncContext, Tally, check_cancelled
from posapp.sync.rows import take, take_gone
from posapp.sync.work import Deadline, ask, move, timeout_of

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Reading:
    """One customer as read alone.

    Attributes:
        remote_id: Whom.
        epoch: Highest lane epoch before the first request left.
        acked: Her operations that were taken before the first request left.
        record: None for gone.
        entries: Her whole khata; None where it was not read.
    """

    remote_id: RemoteId
    epoch: int
    acked: frozenset[str]
    record: RemoteCustomer | None
    entries: Sequence[RemoteEntry] | None


def refresh_due(context: SyncContext, tally: Tally, cancel: CancelToken | None, *, limit: int) -> None:
    """Read the customers that need it: all marked ones, then on a server whose lists carry no khata a rolling share.

    One customer whose record makes no sense does not keep the others from being read.

    Args:
        context: The engine's surroundings.
        tally: Figures of the cycle.
        cancel: Ends the work between two customers.
        limit: Size of the rolling share.

    Raises:
        RemoteError: The server was not reached or lied.
        Cancelled: The work was ended.
    """
    connection_id = context.connection_id
    rolling = 0 if context.api.capabilities.updated_since else limit

    def due(session: Session) -> tuple[list[RemoteId], list[RemoteId]]:
        count = session.mirror.live_count(connection_id)
        marked = session.mirror.due_for_refresh(connection_id, count + 1, marked_only=True)
        some = session.mirror.due_for_refresh(connection_id, len(marked) + rolling) if rolling else []
        return list(marked), [remote_id for remote_id in some if remote_id not in set(marked)]

    marked, others = context.book.read(due)
    if marked or others:
        tally.meter.begin(SyncPhase.CHECKING, len(marked) + len(others))
    in_a_row = 0
    for remote_id in [*marked, *others]:
        check_cancelled(cancel)
        tally.meter.step()
        try:
            reading = read_one(context, remote_id, with_ledger=remote_id in set(marked))
        except (RemoteRejected, RemoteProtocolError) as error:
            log.info("a customer could not be read: %s", error.id)
            tally.add("unreadable")
            in_a_row += 1
            if in_a_row >= context.settings.silent_limit:
                raise
            continue
        in_a_row = 0
        apply_reading(context, tally, reading)
        tally.add("refreshed")


def read_one(
    context: SyncContext, remote_id: RemoteId, *, with_ledger: bool, deadline: Deadline | None = None
) -> Reading:
    """Read one customer, and her khata where it is asked for or where a sent entry waits for its proof.

    Args:
        context: The engine's surroundings.
        remote_id: Whom.
        with_ledger: Whether her khata is read in any case.
        deadline: When a person stops waiting; None for nobody waits.

    Raises:
        RemoteError: The server was not reached, refused or lied.
    """

    def before(session: Session) -> tuple[int, list[OperationView]]:
        row = session.mirror.rows(context.connection_id, [remote_id]).get(remote_id)
        acked = _acked(session, row.customer_id) if row is not None and row.customer_id is not None else []
        return session.mirror.epoch(), acked

    epoch, acked = context.book.read(before)
    record = (
        context.api.customer(remote_id, timeout=timeout_of(deadline)) if deadline else context.api.customer(remote_id)
    )
    entries = None
    wanted = with_ledger or any(_reference(view.operation) for view in acked)
    if record is not None and wanted and context.api.capabilities.ledger:
        entries = (
            context.api.ledger(remote_id, timeout=timeout_of(deadline)) if deadline else context.api.ledger(remote_id)
        )
    return Reading(remote_id, epoch, frozenset(view.operation.id for view in acked), record, entries)


def apply_reading(context: SyncContext, tally: Tally, reading: Reading) -> None:
    """Take one customer's record and khata into the book, and confirm the acts that are provably in them.

    Args:
        context: The engine's surroundings.
        tally: Figures of the cycle.
        reading: As read.
    """

    def apply(session: Session) -> tuple[int, int, int]:
        row = session.mirror.rows(context.connection_id, [reading.remote_id]).get(reading.remote_id)
        if row is None:
            return 0, 0, 0
        record = reading.record
        if record is None or record.anonymized:
            status = CustomerStatus.DELETED if record is None else CustomerStatus.ANONYMIZED
            confirmed = _confirm_deletes(context, session, row.customer_id)
            if row.status is not status:
                take_gone(context, session, row, status)
            return confirmed, 0, int(row.status is CustomerStatus.LIVE)
        if row.customer_id is None:
            return 0, 0, 0
        idle = not row.busy and row.lane_epoch <= reading.epoch
        proven, lost = _prove(context, session, row.customer_id, reading) if idle else (0, 0)
        settled = idle and not _acked(session, row.customer_id)
        if row.lane_epoch <= reading.epoch:
            take(context, session, _with_khata(record, reading.entries), row.customer_id, with_numbers=settled)
            if reading.entries is not None:
                session.mirror.replace_entries(context.connection_id, reading.remote_id, reading.entries)
        return proven, lost, 0

    confirmed, lost, removed = context.book.write(apply, urgent=False)
    tally.add("confirmed", confirmed)
    tally.add("lost", lost)
    tally.add("removed", removed)


def _with_khata(record: RemoteCustomer, entries: Sequence[RemoteEntry] | None) -> RemoteCustomer:
    """The balance that goes with the lines: the khata was read after the record and may hold one entry more."""
    if not entries:
        return record
    return replace(record, balance=entries[-1].balance_after)


def _prove(context: SyncContext, session: Session, customer_id: CustomerId, reading: Reading) -> tuple[int, int]:
    """Confirm what is in the server's data; an accepted entry that is missing there is a lost effect."""
    proven = lost = 0
    references = {entry.reference_id for entry in reading.entries or ()}
    for view in _acked(session, customer_id):
        operation = view.operation
        if operation.id not in reading.acked:
            continue
        reference = _reference(operation)
        if operation.kind is OperationKind.CUSTOMER_DELETE or (
            reference is not None and reading.entries is not None and reference not in references
        ):
            evidence = {"missing": reference or "the customer is still there"}
            move(session, view, OperationState.NEEDS_HUMAN, clock=context.clock, evidence=evidence)
            ask(session, context.clock, "lost_effect", operation=operation, evidence=evidence)
            lost += 1
        elif reference is None or reading.entries is not None or not context.api.capabilities.ledger:
            move(session, view, OperationState.CONFIRMED, clock=context.clock)
            proven += 1
    return proven, lost


def _confirm_deletes(context: SyncContext, session: Session, customer_id: CustomerId | None) -> int:
    if customer_id is None:
        return 0
    deletes = [view for view in _acked(session, customer_id) if view.operation.kind is OperationKind.CUSTOMER_DELETE]
    for view in deletes:
        move(session, view, OperationState.CONFIRMED, clock=context.clock)
    return len(deletes)


def _acked(session: Session, customer_id: CustomerId) -> list[OperationView]:
    return list(session.operations.of_customer(customer_id, {OperationState.ACKED}))


def _reference(operation: Operation) -> str | None:
    """Return the reference under which an act stands in the server's khata; None for an act that writes no entry."""
    if operation.kind in LEDGER_KINDS:
        return operation.id
    if operation.kind is OperationKind.SALE and operation.intent.get("on_account"):
        return operation.id
    if operation.kind is OperationKind.REVERSAL and OperationKind(str(operation.intent["of_kind"])) in LEDGER_KINDS:
        return operation.id
    return None
