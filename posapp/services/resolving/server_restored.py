"""The server lost what it had taken: a manager lets it be sent again, or accepts that it is gone.

An act is sent again under its own id. Where its effect may be there after all, it goes the way of every act in doubt:
the same bytes under the same key, or a look for its effect first, so that nothing is doubled (research/sync, 4.6).
"""

from __future__ import annotations

from collections.abc import Sequence

from posapp.domain.ids import ConnectionId, CustomerId, InboxId, OperationId, new_uuid
from posapp.domain.messages import N_
from posapp.domain.operation import OperationKind, OperationState
from posapp.services.dto import CustomerStatus, InboxItem, OperationView
from posapp.services.ports.book import Session
from posapp.services.ports.mirror import CHANGED, DELETED, HELD, NEWEST, WENT_BACK_TO, Held
from posapp.services.resolving.decision import Choice, Decision, Offer, Settlement
from posapp.services.resolving.moves import end
from posapp.services.till import Till

_REPLAY = Offer(
    Choice.REPLAY,
    N_("Send it again"),
    N_("What the server lost is sent again, each act once, under its old number. Then everything goes on."),
    needs_approval=True,
)
_ACCEPT = Offer(
    Choice.ACCEPT,
    N_("The server is right"),
    N_("What is not there counts no more here either. Whom the server lost leaves the search. The book keeps all."),
    needs_reason=True,
    needs_approval=True,
    danger=True,
)
_GO_ON = Offer(
    Choice.ACCEPT,
    N_("Go on"),
    N_("Nothing of this till is lost. What waits is sent to the server as it is now."),
    needs_approval=True,
)
_IT_IS_OURS = Offer(
    Choice.ACCEPT,
    N_("It is our server, and it lost everybody"),
    N_("Everything is read again. What the server lost of this till's acts comes into the inbox, to be sent again."),
    needs_approval=True,
    danger=True,
)


def _offers(session: Session, item: InboxItem) -> tuple[Offer, ...]:
    return (_REPLAY, _ACCEPT) if _lost(session, item) else (_GO_ON,)


def _settle(_till: Till, session: Session, item: InboxItem, decision: Decision) -> None:
    connection_id, lost = _connection(item), _lost(session, item)
    if decision.choice is Choice.REPLAY:
        _send_again(session, connection_id, item, lost)
    else:
        _give_up(session, connection_id, lost)
    session.proofs.accept_all(connection_id)  # other tills send again what is theirs, under new ids of the server
    session.mirror.set_checkpoint(connection_id, HELD, Held.DECIDED.value)


def _lost(session: Session, item: InboxItem) -> list[OperationView]:
    """Return the acts of the list that nobody decided about meanwhile, in the till's order."""
    acts = item.evidence.get("acts")
    ids = [OperationId(str(act["operation"])) for act in acts] if isinstance(acts, list) else []
    views = [session.operations.get(operation_id) for operation_id in ids]
    waits = OperationState.NEEDS_HUMAN
    return [view for view in views if view is not None and view.state is waits and "lost" in view.evidence]


def _connection(item: InboxItem) -> ConnectionId:
    return ConnectionId(str(item.evidence["connection"]))


def _send_again(session: Session, connection_id: ConnectionId, item: InboxItem, lost: Sequence[OperationView]) -> None:
    made_anew = {view.operation.customer_id for view in lost if view.operation.kind is OperationKind.CUSTOMER_CREATE}
    for customer_id in made_anew:
        remote_id = session.mirror.remote_id(connection_id, customer_id)
        if remote_id is not None:
            session.mirror.forget(connection_id, remote_id)
    for view in lost:
        operation = view.operation
        if operation.customer_id in made_anew:
            session.operations.set_state(operation.id, OperationState.PENDING, evidence={"absent_probes": 0})
        elif view.evidence.get("gone"):
            _ask_about(session, item, view)
        else:
            _doubt(session, view)
        if operation.kind is OperationKind.CUSTOMER_DELETE:
            session.customers.set_status(operation.customer_id, CustomerStatus.DELETED)


def _doubt(session: Session, view: OperationView) -> None:
    """Let an act go the way of what may or may not be there."""
    for state in (OperationState.PENDING, OperationState.IN_FLIGHT, OperationState.UNKNOWN):
        session.operations.set_state(view.operation.id, state, evidence={"absent_probes": 0})


def _ask_about(session: Session, item: InboxItem, view: OperationView) -> None:
    """An act for somebody whom another till or the office made, and whom the server does not know any more."""
    operation = view.operation
    session.inbox.open(
        InboxItem(
            id=InboxId(new_uuid()),
            kind="customer_gone",
            operation_id=operation.id,
            customer_id=operation.customer_id,
            meant={"kind": operation.kind.value, **operation.intent},
            server_said="",
            evidence={"reason": "the server lost the customer"},
            opened_at=item.opened_at,
        )
    )


def _give_up(session: Session, connection_id: ConnectionId, lost: Sequence[OperationView]) -> None:
    """End what is provably not there; the rest was taken once, and the server's figures count with it or without."""
    for view in lost:
        if view.evidence.get("missing"):
            end(session, view)
        else:
            session.operations.set_state(view.operation.id, OperationState.ACKED, evidence={"decided": True})
        if view.operation.kind is OperationKind.CUSTOMER_DELETE:
            session.customers.set_status(view.operation.customer_id, CustomerStatus.LIVE)
    for customer_id in dict.fromkeys(view.operation.customer_id for view in lost):
        _read_anew(session, connection_id, customer_id)


def _read_anew(session: Session, connection_id: ConnectionId, customer_id: CustomerId) -> None:
    remote_id = session.mirror.remote_id(connection_id, customer_id)
    if remote_id is None:
        session.customers.set_status(customer_id, CustomerStatus.DELETED)
    else:
        session.mirror.mark_for_refresh(connection_id, [remote_id])


def _offers_for_stranger(_session: Session, _item: InboxItem) -> tuple[Offer, ...]:
    return (_IT_IS_OURS,)


def _settle_stranger(_till: Till, session: Session, item: InboxItem, _decision: Decision) -> None:
    """Take the server for one that was put back to nothing: the next cycle reads it and finds what it lost."""
    connection_id = _connection(item)
    for position in (CHANGED, DELETED, NEWEST, WENT_BACK_TO):
        session.mirror.set_checkpoint(connection_id, position, None)
    session.mirror.save_scan_run(connection_id, None)
    session.mirror.set_checkpoint(connection_id, HELD, Held.WENT_BACK.value)


SERVER_RESTORED = Settlement(_offers, _settle)
OTHER_STORE = Settlement(_offers_for_stranger, _settle_stranger)
