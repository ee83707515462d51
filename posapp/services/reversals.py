"""Undoing an act by a new one: nothing recorded is ever changed or deleted (design, promise 3)."""

from __future__ import annotations

from dataclasses import dataclass

from posapp.domain.errors import DomainError
from posapp.domain.ids import EntryId, OperationId, new_uuid
from posapp.domain.ledger import EntryKind, LedgerEntry
from posapp.domain.messages import N_
from posapp.domain.money import Money
from posapp.domain.operation import LEDGER_KINDS, Operation, OperationKind, OperationState
from posapp.services.dto import LedgerDetails, OperationView, SaleRecord, Standing
from posapp.services.ports.book import Session
from posapp.services.ports.remote import Capabilities
from posapp.services.till import Recorded, Till, capabilities, draft, live_customer, record, refusal_of


class UnknownEntry(DomainError):
    """No act or line of that id was recorded at this till."""

    id = "unknown_entry"
    title = N_("Entry not found")
    message = N_("No entry “{text}” was recorded on this till.")
    hint = N_("Take the id from the ledger. A line written elsewhere is corrected by a new charge or payment.")


class NotReversible(DomainError):
    """Acts on a customer's particulars are undone by editing them again."""

    id = "not_reversible"
    title = N_("This cannot be reversed")
    message = N_("Only sales, redemptions and khata entries can be reversed.")


class ReversedAlready(DomainError):
    """An act is undone at most once."""

    id = "already_reversed"
    title = N_("Reversed already")
    message = N_("This entry was reversed before.")


class NotApplied(DomainError):
    """What never took effect needs no undoing."""

    id = "not_applied"
    title = N_("It has no effect")
    message = N_("This act was refused or withdrawn; there is nothing to reverse.")


class ServerCannotReverse(DomainError):
    """The server has the act and offers no way to undo it."""

    id = "server_cannot_reverse"
    title = N_("The server cannot undo this")
    message = N_("The act is on the server, and this server has no way to take it back.")
    hint = N_("Correct it on the server itself, or record a new charge or payment.")


class PointsFirst(DomainError):
    """The points of this bill were taken off by an act of their own, which is undone by itself."""

    id = "points_first"
    title = N_("Undo the points first")
    message = N_("The points of this bill were taken off on the server by an act of their own.")
    hint = N_("Reverse {redemption} first, then the bill.")


class PointsUnsettled(DomainError):
    """Whether the server took the points of this bill off is not known yet."""

    id = "points_unsettled"
    title = N_("The points are not settled yet")
    message = N_("Whether the server took the points of this bill off is not known yet.")
    hint = N_("Sync, or decide about the points in the inbox; then undo the bill.")


class ReasonMissing(DomainError):
    """A correction says why."""

    id = "reason_missing"
    title = N_("A reason is missing")
    message = N_("A reversal needs a reason.")
    hint = N_("Say in a few words why it is undone.")


@dataclass(frozen=True, slots=True)
class ReversalPreview:
    """What undoing an act would do.

    Attributes:
        operation: The act.
        entry: The khata line that it wrote; None for none.
        sale: The bill that it was; None for none.
        points: What the reversal adds to the points, negative where the act had earned some.
        standing: The customer's numbers now.
        after_balance: Her balance after it, negative when she owes; None while unknown.
        refusal: The rule that would refuse it; None for none.
    """

    operation: Operation
    entry: LedgerEntry | None
    sale: SaleRecord | None
    points: int
    standing: Standing
    after_balance: Money | None
    refusal: DomainError | None


def preview_reversal(till: Till, entry_or_operation: str) -> ReversalPreview:
    """Return what undoing an act would do, changing nothing; a broken rule is part of the answer.

    Raises:
        UnknownEntry: Nothing of that id was recorded at this till.
    """

    def read(session: Session) -> ReversalPreview:
        target = _target(session, entry_or_operation)
        operation = target.operation
        entry, standing = session.khata.entry_of(operation.id), session.khata.standing(operation.customer_id)
        balance = standing.balance

        def check() -> None:
            live_customer(session, operation.customer_id)
            _check(session, target)

        return ReversalPreview(
            operation=operation,
            entry=entry,
            sale=session.khata.sale(operation.id),
            points=-session.khata.points_of(operation.id),
            standing=standing,
            after_balance=balance if balance is None or entry is None else balance - entry.effect,
            refusal=refusal_of(check),
        )

    return till.book.read(read)


def reverse(till: Till, *, operation_id: OperationId, entry_or_operation: str, reason: str) -> Recorded:
    """Undo a sale, a redemption or a khata act by a new act with a reason.

    Args:
        till: This till.
        operation_id: Made when the form opened.
        entry_or_operation: Id of the act, or of the khata line that it wrote.
        reason: Why, in a few words.

    Raises:
        DomainError: There is nothing to undo, it was undone already, or the server offers no way.
    """
    why = reason.strip()[:200]
    if not why:
        raise ReasonMissing

    def write(session: Session) -> Recorded:
        target = _target(session, entry_or_operation)
        customer = live_customer(session, target.operation.customer_id)
        before = session.khata.standing(customer.id)
        known = session.operations.get(operation_id)
        if known is not None:
            return Recorded(known.operation, known.state, customer, before, before)
        _check(session, target)
        kept = target.state is OperationState.KEPT
        operation, state = record(
            till,
            session,
            draft(
                till,
                operation_id,
                OperationKind.REVERSAL,
                customer.id,
                _intent(session, target, why),
                occurred_at=till.clock.now(),
                reverses=target.operation.id,
            ),
            state=OperationState.KEPT if kept else OperationState.PENDING,
            write=lambda made: _append_lines(session, target, made, why, kept=kept),
        )
        return Recorded(operation, state, customer, before, session.khata.standing(customer.id))

    return till.book.write(write)


def _target(session: Session, entry_or_operation: str) -> OperationView:
    view = session.operations.get(OperationId(entry_or_operation))
    if view is None:
        entry = session.khata.entry_of(entry_or_operation)
        view = session.operations.get(entry.operation_id) if entry else None
    if view is None:
        raise UnknownEntry(text=entry_or_operation)
    return view


def _check(session: Session, target: OperationView) -> None:
    kind = target.operation.kind
    if kind not in LEDGER_KINDS | {OperationKind.SALE, OperationKind.REDEEM}:
        raise NotReversible
    if target.state in {OperationState.REJECTED, OperationState.CANCELLED}:
        raise NotApplied
    if session.operations.reversal_of(target.operation.id) is not None:
        raise ReversedAlready
    _check_points(session, target)
    if target.state is not OperationState.KEPT and not _server_can(kind, capabilities(session)):
        raise ServerCannotReverse


def _check_points(session: Session, target: OperationView) -> None:
    """Refuse to undo a bill by half: its discount would come back to the shop and the points not to the customer."""
    told = target.operation.intent.get("redeem_operation")
    redemption = session.operations.get(OperationId(str(told))) if told else None
    if redemption is None or session.operations.reversal_of(redemption.operation.id) is not None:
        return
    if redemption.state in {OperationState.REJECTED, OperationState.CANCELLED}:
        return
    if redemption.state not in {OperationState.ACKED, OperationState.CONFIRMED, OperationState.KEPT}:
        raise PointsUnsettled
    if not _server_can(redemption.operation.kind, capabilities(session)):
        raise ServerCannotReverse
    raise PointsFirst(redemption=redemption.operation.id)


def _server_can(kind: OperationKind, server: Capabilities) -> bool:
    return server.ledger_write if kind in LEDGER_KINDS else server.reversals


def _intent(session: Session, target: OperationView, reason: str) -> dict[str, object]:
    operation = target.operation
    intent: dict[str, object] = {"of_kind": operation.kind.value, "reason": reason}
    if operation.kind is OperationKind.REDEEM:
        intent["points"] = -session.khata.points_of(operation.id)
    elif operation.kind is OperationKind.SALE:
        intent["sale_id"] = operation.id
    else:
        entry = session.khata.entry_of(operation.id)
        assert entry is not None, "a khata act and its line are one transaction"
        intent |= {
            "amount": entry.amount.minor,
            "direction": entry.direction.opposite.value,
            "description": reason,
        }
    return intent


def _append_lines(session: Session, target: OperationView, made: Operation, reason: str, *, kept: bool) -> None:
    operation_id, customer_id, now = made.id, made.customer_id, made.occurred_at
    entry = session.khata.entry_of(target.operation.id)
    if entry is not None:
        undone = LedgerEntry(
            id=EntryId(new_uuid()),
            customer_id=customer_id,
            operation_id=operation_id,
            kind=EntryKind.REVERSAL,
            direction=entry.direction.opposite,
            amount=entry.amount,
            occurred_at=now,
            description=reason,
            reverses=entry.id,
            kept=kept,
        )
        session.khata.add_entry(undone, LedgerDetails(note=reason))
    points = session.khata.points_of(target.operation.id)
    if points:
        session.khata.add_points(operation_id, customer_id, -points, now, kept=kept)
