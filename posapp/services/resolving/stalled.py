"""An act that the server fails at again and again: go on trying, or stop and decide about it."""

from __future__ import annotations

from posapp.domain.ids import InboxId, new_uuid
from posapp.domain.messages import N_
from posapp.domain.operation import OperationState
from posapp.services.dto import InboxItem, OperationView
from posapp.services.ports.book import Session
from posapp.services.resolving.decision import Choice, Decision, Offer, Settlement
from posapp.services.till import Till

_STOPPABLE = frozenset({OperationState.PENDING, OperationState.UNKNOWN})

_GO_ON = Offer(
    Choice.DROP,
    N_("Go on trying"),
    N_("The act stays in the queue and is tried for ever. You are told again after ten more failures."),
)
_STOP = Offer(
    Choice.STOP,
    N_("Stop trying and decide"),
    N_("The act leaves the queue, so that what waits behind it can go, and comes into the inbox with its choices."),
)


def _act(session: Session, item: InboxItem) -> OperationView | None:
    return None if item.operation_id is None else session.operations.get(item.operation_id)


def _offers(session: Session, item: InboxItem) -> tuple[Offer, ...]:
    view = _act(session, item)
    return (_GO_ON, _STOP) if view is not None and view.state in _STOPPABLE else (_GO_ON,)


def _settle(till: Till, session: Session, item: InboxItem, decision: Decision) -> None:
    view = _act(session, item)
    if decision.choice is not Choice.STOP or view is None:
        return
    session.operations.set_state(view.operation.id, OperationState.NEEDS_HUMAN)
    session.inbox.open(
        InboxItem(
            id=InboxId(new_uuid()),
            kind="unknown",
            operation_id=item.operation_id,
            customer_id=item.customer_id,
            meant=item.meant,
            server_said=item.server_said,
            evidence=item.evidence,
            opened_at=till.clock.now(),
        )
    )


STALLED = Settlement(_offers, _settle)
