"""What each choice about an act does; a kind of item offers some of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from posapp.domain.customer import PROFILE_FIELDS, FieldValue, with_fields
from posapp.domain.ids import CustomerId, OperationId, new_uuid
from posapp.domain.operation import OperationKind, OperationState
from posapp.services.dto import CustomerStatus, InboxItem, OperationView
from posapp.services.khata import EntryForm, write_entry
from posapp.services.ports.book import Session
from posapp.services.resolving.acts import (
    fetch_later,
    needed_act,
    on_server,
    owed_by,
    refuse_while_landing,
    sendable,
)
from posapp.services.resolving.again import again
from posapp.services.resolving.decision import Choice, Decision
from posapp.services.resolving.offering import SAME_AS
from posapp.services.till import Till, When, primary_connection

Move = Callable[[Till, Session, InboxItem, Decision], None]

PENDING, KEPT, REJECTED = OperationState.PENDING, OperationState.KEPT, OperationState.REJECTED


def send_as_new(till: Till, session: Session, item: InboxItem, decision: Decision) -> None:
    """End the act for good and record the same anew, to be sent."""
    view = needed_act(session, item)
    refuse_while_landing(till, session, view, item)
    end(session, view)
    again(till, session, view, state=PENDING, approved_by=decision.approved_by)
    if view.operation.kind is OperationKind.CUSTOMER_EDIT:
        show(session, view, {name: wanted for name, (_, wanted) in typed(session, view).items()})
    _let_bill_stand(till, session, view, decision)


def replay(_till: Till, session: Session, item: InboxItem, _decision: Decision) -> None:
    """Send the act once more under its own id, which a server takes only once."""
    view = needed_act(session, item)
    session.operations.set_state(view.operation.id, PENDING)
    if view.operation.kind is OperationKind.CUSTOMER_DELETE:
        session.customers.set_status(view.operation.customer_id, CustomerStatus.DELETED)


def arrived(till: Till, session: Session, item: InboxItem, decision: Decision) -> None:
    """Take a person's word that the server has it; the next pull proves it, or asks again."""
    view = needed_act(session, item)
    session.operations.set_state(view.operation.id, OperationState.ACKED)
    fetch_later(session, view.operation.customer_id)
    _let_bill_stand(till, session, view, decision)


def link_line(_till: Till, session: Session, item: InboxItem, decision: Decision) -> None:
    """Let the line that the server has stand for the act: its own line counts no more."""
    end(session, needed_act(session, item), **{SAME_AS: decision.target})


def link_customer(till: Till, session: Session, item: InboxItem, decision: Decision) -> None:
    """Record the act anew for another customer."""
    view = needed_act(session, item)
    end(session, view)
    hand_over(till, session, view, CustomerId(decision.target), decision)


def hand_over(till: Till, session: Session, view: OperationView, other: CustomerId, decision: Decision) -> None:
    """Record an act that counts no more for somebody else, to be sent where it can be."""
    state = PENDING if sendable(session, view, other) else KEPT
    again(till, session, view, state=state, approved_by=decision.approved_by, customer_id=other)


def keep(till: Till, session: Session, item: InboxItem, decision: Decision) -> None:
    """Let the act count in this till's book alone; one that was refused is recorded anew for that."""
    view = needed_act(session, item)
    refuse_while_landing(till, session, view, item)
    if view.state is REJECTED:
        again(till, session, view, state=KEPT, approved_by=decision.approved_by)
    else:
        session.operations.set_state(view.operation.id, KEPT)
    _let_bill_stand(till, session, view, decision)


def drop(till: Till, session: Session, item: InboxItem, _decision: Decision) -> None:
    """Let the act count nowhere; what somebody typed with it is kept beside."""
    view = needed_act(session, item)
    end(session, view)
    if view.operation.kind is OperationKind.CUSTOMER_EDIT:
        put_aside(till, session, view, typed(session, view))
    elif view.operation.kind is OperationKind.CUSTOMER_DELETE:
        session.customers.set_status(view.operation.customer_id, CustomerStatus.LIVE)


def bear(kind: OperationKind) -> Move:
    """Return the move by which the shop bears what an act would have cost the customer.

    What the customer would owe stands in the khata on this till and is taken off there by a line of its own, so that
    the loss is to be seen. Points that were not taken off stay with the customer: the discount is the loss.

    Args:
        kind: Of the line that takes a debt off: written off, or forgiven.
    """

    def settle(till: Till, session: Session, item: InboxItem, decision: Decision) -> None:
        view = needed_act(session, item)
        owed = owed_by(session, view)
        if owed is None:
            end(session, view)
            _let_bill_stand(till, session, view, decision)
            return
        keep(till, session, item, decision)
        form = EntryForm(
            OperationId(new_uuid()), view.operation.customer_id, kind, owed, approved_by=decision.approved_by
        )
        write_entry(till, session, form, When(till.clock.now(), backdated=False), keep=True)

    return settle


def end(session: Session, view: OperationView, **evidence: object) -> None:
    """Let an act count no more, for good."""
    if view.state is not REJECTED or evidence:
        session.operations.set_state(view.operation.id, REJECTED, evidence={"decided": True, **evidence})


def typed(session: Session, view: OperationView) -> dict[str, tuple[FieldValue, FieldValue]]:
    """Return what an edit changes, each field as it was seen and as it is wanted; empty once the person is erased."""
    changes = session.operations.person(view.operation.id).get("changes")
    if not isinstance(changes, Mapping):
        return {}
    return {name: (_value(change["seen"]), _value(change["wanted"])) for name, change in changes.items()}


def put_aside(
    till: Till, session: Session, view: OperationView, changes: Mapping[str, tuple[FieldValue, FieldValue]]
) -> None:
    """Keep values that somebody typed and that shall not stand, and show the server's instead of them."""
    connection, remote_id = primary_connection(session), on_server(session, view.operation.customer_id)
    for name, (_, wanted) in changes.items():
        keep_value(till, session, view, name, wanted, source="till")
    if connection is None or remote_id is None:
        return
    theirs = session.mirror.rows(connection.id, [remote_id])[remote_id].profile
    show(session, view, {name: getattr(theirs, name) for name in changes})
    fetch_later(session, view.operation.customer_id)


def keep_value(till: Till, session: Session, view: OperationView, name: str, value: FieldValue, *, source: str) -> None:
    """Keep a value that does not stand; `source` is whose it was, the `till`'s or the `server`'s."""
    kept = list(value) if isinstance(value, tuple) else value
    session.inbox.keep_value(
        view.operation.customer_id, name, kept, source=source, reason=f"edit {view.operation.id}", at=till.clock.now()
    )


def show(session: Session, view: OperationView, values: Mapping[str, FieldValue]) -> None:
    """Show values of a customer at once; the next pull shows the server's with what still waits on top."""
    customer = session.customers.get(view.operation.customer_id)
    if customer is not None and customer.status is CustomerStatus.LIVE:
        known = {name: value for name, value in values.items() if name in PROFILE_FIELDS}
        session.customers.set_profile(customer.id, with_fields(customer.profile, known))


def _value(value: object) -> FieldValue:
    if isinstance(value, list | tuple):
        return tuple(str(one) for one in value)
    return None if value is None else str(value)


def _let_bill_stand(till: Till, session: Session, view: OperationView, decision: Decision) -> None:
    """Keep the bill whose points an act took off: the discount was given, whatever became of the points."""
    if view.operation.kind is not OperationKind.REDEEM:
        return
    waiting = {PENDING, OperationState.NEEDS_HUMAN}
    bills = [
        one.operation.id
        for one in session.operations.of_customer(view.operation.customer_id, waiting)
        if one.operation.intent.get("redeem_operation") == view.operation.id
    ]
    for bill in bills:
        session.operations.set_state(bill, KEPT, evidence={"reason": "its points were decided by a person"})
    for item in session.inbox.items() if bills else ():
        if item.operation_id in bills:
            session.inbox.resolve(item.id, decision.choice.value, till.clock.now(), decided_by=till.actor)


MOVES: Mapping[Choice, Move] = {
    Choice.SEND_AS_NEW: send_as_new,
    Choice.REPLAY: replay,
    Choice.ARRIVED: arrived,
    Choice.LINK: link_line,
    Choice.KEEP: keep,
    Choice.WRITE_OFF: bear(OperationKind.WRITE_OFF),
    Choice.GOODWILL: bear(OperationKind.SETTLEMENT),
    Choice.DROP: drop,
}
"""What each choice does to an act, where a kind of item says nothing else."""
