"""What a server that was put back to an older state has lost of what this till sent (research/sync, section 4.6).

Everybody is read again first. Then each act that the server took since the last moment at which it still agrees with
this till is looked for; what is not provably there is put before a manager, as one list, and counts as unsent until he
decided. Nothing is sent again by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from posapp.domain.customer import Profile
from posapp.domain.ids import CustomerId, RemoteId
from posapp.domain.operation import OperationKind, OperationState
from posapp.services.dto import CustomerStatus, OperationView
from posapp.services.ports.book import Session
from posapp.services.ports.mirror import HELD, WENT_BACK_TO, Held
from posapp.services.ports.remote import RemoteCustomer, RemoteEntry
from posapp.sync.clocks import ahead
from posapp.sync.context import CancelToken, SyncContext, Tally, check_cancelled
from posapp.sync.pull import pull_changes
from posapp.sync.refresh import reference_of, with_khata
from posapp.sync.rows import counts, take
from posapp.sync.scan import full_scan
from posapp.sync.work import ask, move
from posapp.sync.writes import changes_of


@dataclass(frozen=True, slots=True)
class _Kept:
    """What a server that went back still holds of one customer; no record for nothing."""

    remote_id: RemoteId | None
    epoch: int
    record: RemoteCustomer | None
    entries: Sequence[RemoteEntry] | None


def find_lost(context: SyncContext, tally: Tally, cancel: CancelToken | None) -> None:
    """Read everybody again, find what the server lost, and ask.

    Args:
        context: The engine's surroundings.
        tally: Figures of the cycle.
        cancel: Ends the work between two steps; a later cycle begins this anew.

    Raises:
        RemoteError: The server was not reached or lied; nothing is asked yet.
        Cancelled: The work was ended.
    """
    if context.api.capabilities.updated_since:
        pull_changes(context, tally, cancel)
    full_scan(context, tally, cancel)
    taken = context.book.read(lambda session: session.operations.taken_since(_since(context, session)))
    lanes: dict[CustomerId, list[OperationView]] = {}
    for view in taken:
        lanes.setdefault(view.operation.customer_id, []).append(view)
    lost = []
    for customer_id, views in lanes.items():
        check_cancelled(cancel)
        kept = _read(context, customer_id, views)
        deleted_here = any(view.operation.kind is OperationKind.CUSTOMER_DELETE for view in views)
        rightly = deleted_here and kept.record is None
        gone = [] if rightly else [view for view in views if _is_lost(context, view, kept)]
        context.book.write(lambda session, kept=kept, gone=gone: _take(context, session, kept, gone), urgent=False)  # type: ignore[misc]
        context.changed.add([customer_id])
        lost += gone
    context.book.write(lambda session: _ask(context, session), urgent=False)
    tally.add("lost", len(lost))


def _since(context: SyncContext, session: Session) -> datetime | None:
    """Return the moment of this till's clock before which the server certainly lost nothing; None for none."""
    agreed = session.mirror.checkpoint(context.connection_id, WENT_BACK_TO)
    if agreed is None:
        return None
    ours = datetime.fromisoformat(agreed) - ahead(context)
    return ours - timedelta(seconds=context.settings.skew_seconds)


def _read(context: SyncContext, customer_id: CustomerId, views: Sequence[OperationView]) -> _Kept:
    def before(session: Session) -> tuple[RemoteId | None, int]:
        return session.mirror.remote_id(context.connection_id, customer_id), session.mirror.epoch()

    remote_id, epoch = context.book.read(before)
    record = None if remote_id is None else context.api.customer(remote_id)
    if remote_id is None or record is None or not context.api.capabilities.ledger:
        return _Kept(remote_id, epoch, record, None)
    wanted = any(reference_of(view.operation) for view in views)
    return _Kept(remote_id, epoch, record, context.api.ledger(remote_id) if wanted else None)


def _is_lost(context: SyncContext, view: OperationView, kept: _Kept) -> bool:
    """Return whether an act is not provably on the server any more."""
    kind, record = view.operation.kind, kept.record
    if kind is OperationKind.CUSTOMER_DELETE:
        return record is not None and not record.anonymized
    if record is None:
        return True
    if record.anonymized or kind is OperationKind.CUSTOMER_CREATE:
        return False
    if kind is OperationKind.CUSTOMER_EDIT:
        return _reverted(context, view, record.profile)
    reference = reference_of(view.operation)
    if reference is not None and kept.entries is not None:
        return all(entry.reference_id != reference for entry in kept.entries)
    return not _points_are_gone(view, record)


def _is_missing(view: OperationView, kept: _Kept) -> bool:
    """Return whether an act that is not provably there is provably not there.

    Of points and of a cash bill there is nothing to be read, and a customer who is gone may have been deleted since;
    one whose id is another's by now was lost.
    """
    if kept.record is None:
        return kept.remote_id is None
    shows = {OperationKind.CUSTOMER_EDIT, OperationKind.CUSTOMER_DELETE}
    return view.operation.kind in shows or (reference_of(view.operation) is not None and kept.entries is not None)


def _reverted(context: SyncContext, view: OperationView, profile: Profile) -> bool:
    """Whether a field that an edit changed is as it was before the edit."""
    person = context.book.read(lambda session: session.operations.person(view.operation.id))
    changes = changes_of(person).items()
    return any(change.seen != change.wanted and getattr(profile, name) == change.seen for name, change in changes)


def _points_are_gone(view: OperationView, record: RemoteCustomer) -> bool:
    """Whether a redemption on a server without keys still shows: the points are what they were right after it."""
    before, asked = view.evidence.get("points_before"), view.operation.intent.get("points")
    return isinstance(before, int) and isinstance(asked, int) and record.points == before - asked


def _take(context: SyncContext, session: Session, kept: _Kept, lost: Sequence[OperationView]) -> None:
    """Hold what is lost for a person, so that it counts here on top of what the server says now."""
    for view in lost:
        now = session.operations.get(view.operation.id)
        if now is not None and now.state is view.state:
            evidence = {
                "lost": Held.WENT_BACK.value,
                "gone": kept.record is None,
                "missing": _is_missing(view, kept),
            }
            move(session, now, OperationState.NEEDS_HUMAN, clock=context.clock, evidence=evidence)
        if view.operation.kind is OperationKind.CUSTOMER_CREATE:
            session.customers.set_status(view.operation.customer_id, CustomerStatus.LIVE)
    if kept.remote_id is None or kept.record is None or kept.record.anonymized:
        return
    row = session.mirror.rows(context.connection_id, [kept.remote_id]).get(kept.remote_id)
    if row is None or row.customer_id is None:
        return
    record = with_khata(kept.record, kept.entries)
    take(context, session, record, row.customer_id, with_numbers=counts(row, kept.epoch))
    if kept.entries is not None:
        session.mirror.replace_entries(context.connection_id, kept.remote_id, kept.entries)


def _ask(context: SyncContext, session: Session) -> None:
    lost = [
        view
        for view in session.operations.in_states({OperationState.NEEDS_HUMAN})
        if view.evidence.get("lost") == Held.WENT_BACK.value
    ]
    acts = [
        {
            "operation": view.operation.id,
            "kind": view.operation.kind.value,
            "amount": view.operation.intent.get("amount", view.operation.intent.get("total")),
            "points": view.operation.intent.get("points"),
        }
        for view in lost
    ]
    agreed = session.mirror.checkpoint(context.connection_id, WENT_BACK_TO)
    evidence = {"connection": context.connection_id, "agreed_until": agreed, "count": len(acts), "acts": acts}
    ask(session, context.clock, "server_restored", evidence=evidence)
    session.mirror.set_checkpoint(context.connection_id, HELD, Held.ASKED.value)
