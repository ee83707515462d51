"""Customers read one by one: numbers that a list did not carry or could not be trusted, and the proof of sent acts."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace

from posapp.domain.errors import RemoteProtocolError, RemoteRejected
from posapp.domain.ids import CustomerId, RemoteId
from posapp.domain.ledger import Direction, signed
from posapp.domain.money import Money
from posapp.domain.operation import LEDGER_KINDS, Operation, OperationKind, OperationState
from posapp.domain.proof import NO_SEAL, OwnAct
from posapp.services.dto import CustomerStatus, OperationView
from posapp.services.ports.book import Session
from posapp.services.ports.loop import SyncPhase
from posapp.services.ports.remote import RemoteCustomer, RemoteEntry
from posapp.sync.comparing import Compared, Told, take_khata
from posapp.sync.context import CancelToken, SyncContext, Tally, check_cancelled
from posapp.sync.given_anew import IdGivenAnew, is_somebody_else
from posapp.sync.leaving import take_absent
from posapp.sync.rows import take
from posapp.sync.work import Deadline, ask, move, timeout_of

log = logging.getLogger(__name__)

_TAKEN = frozenset({OperationState.ACKED, OperationState.CONFIRMED})
_LOST = frozenset({"missing", "lost"})
"""What the evidence of an act says that the server took and lost."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One customer as read alone.

    Attributes:
        remote_id: Whom.
        epoch: Highest lane epoch before the first request left.
        acked: Her operations that were taken before the first request left.
        seal: Of what was seen of her khata before the first request left.
        record: None for gone.
        entries: Her whole khata; None where it was not read.
        after: The balance told after the khata, for its proof; None where it was not asked.
        merged_into: Whom the server made her one with; None for nobody.
    """

    remote_id: RemoteId
    epoch: int
    acked: frozenset[str]
    seal: bytes
    record: RemoteCustomer | None
    entries: Sequence[RemoteEntry] | None
    after: Money | None = None
    merged_into: RemoteId | None = None


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
        if any(item.kind == "suspects" for item in session.inbox.items()):
            return list(marked), []  # while the list is doubted nobody is taken off the till, not one by one either
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

    def before(session: Session) -> tuple[int, list[OperationView], bytes]:
        row = session.mirror.rows(context.connection_id, [remote_id]).get(remote_id)
        acked = _acked(session, row.customer_id) if row is not None and row.customer_id is not None else []
        seal = session.proofs.seal(context.connection_id, remote_id) if row is not None else NO_SEAL
        return session.mirror.epoch(), acked, seal

    epoch, acked, seal = context.book.read(before)
    record = (
        context.api.customer(remote_id, timeout=timeout_of(deadline)) if deadline else context.api.customer(remote_id)
    )
    entries = None
    wanted = with_ledger or any(reference_of(view.operation) for view in acked)
    if record is not None and wanted and context.api.capabilities.ledger:
        entries = (
            context.api.ledger(remote_id, timeout=timeout_of(deadline)) if deadline else context.api.ledger(remote_id)
        )
    merged_into = context.api.successor(remote_id) if record is None else None
    mine = frozenset(view.operation.id for view in acked)
    return Reading(remote_id, epoch, mine, seal, record, entries, merged_into=merged_into)


def apply_reading(context: SyncContext, tally: Tally, reading: Reading) -> Compared | None:
    """Take one customer's record and khata into the book, and confirm the acts that are provably in them.

    Args:
        context: The engine's surroundings.
        tally: Figures of the cycle.
        reading: As read.

    Returns:
        What came of comparing the khata; None where it was not compared.
    """
    taken = context.book.write(lambda session: _apply(context, session, reading), urgent=False)
    tally.add("confirmed", taken.confirmed)
    tally.add("lost", taken.lost)
    tally.add("removed", taken.removed)
    tally.add("differs", int(taken.compared is Compared.DIFFERS))
    return taken.compared


@dataclass(frozen=True, slots=True)
class _Taken:
    """What a reading did: acts that were confirmed or lost, a customer who is gone, how the khata compared."""

    confirmed: int = 0
    lost: int = 0
    removed: int = 0
    compared: Compared | None = None


def _apply(context: SyncContext, session: Session, reading: Reading) -> _Taken:
    row = session.mirror.rows(context.connection_id, [reading.remote_id]).get(reading.remote_id)
    if row is None:
        return _Taken()
    record = reading.record
    if record is not None and is_somebody_else(row, record):
        raise IdGivenAnew
    if record is None or record.anonymized:
        status = CustomerStatus.DELETED if record is None else CustomerStatus.ANONYMIZED
        confirmed = _confirm_deletes(context, session, row.customer_id)
        if row.status is not status:
            take_absent(context, session, row, status, reading.merged_into)
        return _Taken(confirmed, removed=int(row.status is CustomerStatus.LIVE))
    if row.customer_id is None or row.lane_epoch > reading.epoch:
        return _Taken()
    compared = None
    if reading.entries is not None:
        told = Told(reading.remote_id, reading.seal, reading.entries, record.balance, reading.after)
        acts = None if row.busy else _own_acts(session, row.customer_id)
        compared = take_khata(context, session, row.customer_id, told, acts)
        if compared is Compared.OUTDATED:
            return _Taken(compared=compared)
    confirmed, lost = (0, 0) if row.busy else _prove(context, session, row.customer_id, reading)
    settled = not row.busy and not _acked(session, row.customer_id)
    take(context, session, _with_balance(record, reading), row.customer_id, with_numbers=settled)
    if reading.entries is not None:
        session.peers.propose_pairs(row.customer_id)
    return _Taken(confirmed, lost, compared=compared)


def _with_balance(record: RemoteCustomer, reading: Reading) -> RemoteCustomer:
    return with_khata(record, reading.entries) if reading.after is None else replace(record, balance=reading.after)


def with_khata(record: RemoteCustomer, entries: Sequence[RemoteEntry] | None) -> RemoteCustomer:
    """Return a record with the balance that goes with its lines: they were read after it and may hold one entry more.

    Args:
        record: As read alone.
        entries: The whole khata; None where it was not read.
    """
    if not entries:
        return record
    return replace(record, balance=entries[-1].balance_after)


def _prove(context: SyncContext, session: Session, customer_id: CustomerId, reading: Reading) -> tuple[int, int]:
    """Confirm what is in the server's data; an act that was taken and is missing there is a lost effect."""
    proven = lost = 0
    references = {entry.reference_id for entry in reading.entries or ()}
    for view in session.operations.of_customer(customer_id, _TAKEN):
        operation, acked = view.operation, view.state is OperationState.ACKED
        if acked and operation.id not in reading.acked:
            continue
        reference = reference_of(operation)
        absent = reference is not None and reading.entries is not None and reference not in references
        if absent or (acked and operation.kind is OperationKind.CUSTOMER_DELETE):
            evidence = {"missing": reference or "the customer is still there"}
            move(session, view, OperationState.NEEDS_HUMAN, clock=context.clock, evidence=evidence)
            ask(session, context.clock, "lost_effect", operation=operation, evidence=evidence)
            lost += 1
        elif acked and (reference is None or reading.entries is not None or not context.api.capabilities.ledger):
            move(session, view, OperationState.CONFIRMED, clock=context.clock)
            proven += 1
    return proven, lost


def _own_acts(session: Session, customer_id: CustomerId) -> list[OwnAct]:
    """Return this till's acts as they must stand in a khata; one that is lost must be there as well."""
    acts = []
    for view in session.operations.of_customer(customer_id, _TAKEN | {OperationState.NEEDS_HUMAN}):
        effect = _effect(session, view.operation)
        if effect:
            taken = view.state in _TAKEN or bool(_LOST & view.evidence.keys())
            acts.append(OwnAct(view.operation.id, effect, taken and reference_of(view.operation) is not None))
    return acts


def _effect(session: Session, operation: Operation) -> Money:
    """Return what an act adds to a khata; nothing for an act that writes no entry."""
    intent, currency = operation.intent, session.settings.shop().currency
    if operation.kind is OperationKind.SALE:
        return Money(-int(str(intent.get("on_account") or 0)), currency)
    if operation.kind is OperationKind.REVERSAL and intent["of_kind"] == OperationKind.SALE:
        undone = session.operations.get(operation.reverses) if operation.reverses else None
        return Money(0, currency) if undone is None else -_effect(session, undone.operation)
    if "direction" not in intent:
        return Money(0, currency)
    return signed(Direction(str(intent["direction"])), Money(int(str(intent["amount"])), currency))


def _confirm_deletes(context: SyncContext, session: Session, customer_id: CustomerId | None) -> int:
    if customer_id is None:
        return 0
    deletes = [view for view in _acked(session, customer_id) if view.operation.kind is OperationKind.CUSTOMER_DELETE]
    for view in deletes:
        move(session, view, OperationState.CONFIRMED, clock=context.clock)
    return len(deletes)


def _acked(session: Session, customer_id: CustomerId) -> list[OperationView]:
    return list(session.operations.of_customer(customer_id, {OperationState.ACKED}))


def reference_of(operation: Operation) -> str | None:
    """Return the reference under which an act stands in the server's khata; None for an act that writes no entry.

    Args:
        operation: The act.
    """
    if operation.kind in LEDGER_KINDS:
        return operation.id
    if operation.kind is OperationKind.SALE and operation.intent.get("on_account"):
        return operation.id
    if operation.kind is OperationKind.REVERSAL and OperationKind(str(operation.intent["of_kind"])) in LEDGER_KINDS:
        return operation.id
    return None
