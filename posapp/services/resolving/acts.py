"""What must be known of an act before anybody may decide about it."""

from __future__ import annotations

from datetime import timedelta

from posapp.domain.errors import DomainError
from posapp.domain.ids import CustomerId, OperationId, RemoteId
from posapp.domain.messages import N_
from posapp.domain.money import Money
from posapp.domain.operation import LEDGER_KINDS, OperationKind, OperationState
from posapp.services.dto import CustomerStatus, InboxItem, OperationView, Written
from posapp.services.ports.abilities import able
from posapp.services.ports.book import Session
from posapp.services.ports.writes import Outcome
from posapp.services.till import Till, capabilities, primary_connection

MONEY_KINDS = LEDGER_KINDS | {OperationKind.SALE, OperationKind.REDEEM, OperationKind.REVERSAL}
"""Acts that move money or points."""

_UNDECIDED = frozenset({OperationState.NEEDS_HUMAN, OperationState.REJECTED})
_CERTAIN = frozenset({Outcome.NOT_SENT.value, Outcome.REFUSED.value, Outcome.LATER.value, Outcome.SIGN_IN.value})
"""Ends of an attempt after which the server surely does not have the act."""


class MayStillArrive(DomainError):
    """A request whose answer was lost can reach the server late; the same sent anew could then count twice."""

    id = "may_still_arrive"
    title = N_("It may still arrive")
    message = N_("It was sent a moment ago and may still reach the server. Doing it again now could do it twice.")
    hint = N_("Wait {seconds} seconds, look at the server, then decide.")


def act_of(session: Session, item: InboxItem) -> OperationView | None:
    """Return the act that an item is about if it waits for a decision; None for no act, or one that went on."""
    view = session.operations.get(item.operation_id) if item.operation_id else None
    return view if view is not None and view.state in _UNDECIDED else None


def needed_act(session: Session, item: InboxItem) -> OperationView:
    """Return the act that an item is about, which its offers said there is."""
    view = act_of(session, item)
    assert view is not None, "what is chosen about an act is offered only while it waits"
    return view


def moves_money(view: OperationView) -> bool:
    """Return whether an act moves money or points."""
    return view.operation.kind in MONEY_KINDS


def doubtful(session: Session, view: OperationView, item: InboxItem) -> bool:
    """Return whether the server may have an act after all: then doing it again may do it twice."""
    if view.state is OperationState.REJECTED:
        return False
    attempts = session.operations.attempts(view.operation.id)
    return item.kind == "unknown" or any(attempt.outcome not in _CERTAIN for attempt in attempts)


def refuse_while_landing(till: Till, session: Session, view: OperationView, item: InboxItem) -> None:
    """Refuse to do again what was sent so lately that it may still reach the server (the quarantine).

    Raises:
        MayStillArrive: The quarantine of its last doubtful attempt is not over.
    """
    attempts = session.operations.attempts(view.operation.id)
    if not attempts or not doubtful(session, view, item):
        return
    last = attempts[-1].finished_at or attempts[-1].started_at
    left = last + timedelta(seconds=session.settings.shop().quarantine_seconds) - till.clock.now()
    if left > timedelta(0):
        raise MayStillArrive(seconds=int(left.total_seconds()) + 1)


def written_by(session: Session, operation_id: OperationId) -> Written:
    """Return what an act wrote beside itself."""
    return session.khata.written_by([operation_id]).get(operation_id, Written())


def owed_by(session: Session, view: OperationView) -> Money | None:
    """Return what a customer owes by an act; None for an act that makes nobody owe anything."""
    entries = written_by(session, view.operation.id).entries
    return -entries[0].effect if entries and entries[0].effect.minor < 0 else None


def on_server(session: Session, customer_id: CustomerId) -> RemoteId | None:
    """Return a customer's id on the primary server, if she is there as far as this till knows."""
    connection = primary_connection(session)
    if connection is None:
        return None
    remote_id = session.mirror.remote_id(connection.id, customer_id)
    row = session.mirror.rows(connection.id, [remote_id]).get(remote_id) if remote_id is not None else None
    return remote_id if row is not None and row.status is CustomerStatus.LIVE else None


def sendable(session: Session, view: OperationView, customer_id: CustomerId) -> bool:
    """Return whether an act can be sent now as one of this customer."""
    return able(view.operation, capabilities(session)) and on_server(session, customer_id) is not None


def fetch_later(session: Session, customer_id: CustomerId) -> None:
    """Ask for a customer to be read anew in the next cycle."""
    connection, remote_id = primary_connection(session), on_server(session, customer_id)
    if connection is not None and remote_id is not None:
        session.mirror.mark_for_refresh(connection.id, [remote_id])
