"""A new customer whom the server did not take, or perhaps took: with the customer stands or falls what waits behind.

The create holds its lane, for nothing of a customer can be sent before the server knows her. So each choice says what
becomes of the rest: it follows, it stays on this till, or it is taken back; nothing is left hanging.
"""

from __future__ import annotations

from dataclasses import asdict, replace

from posapp.domain.customer import FieldChange, Profile, with_fields
from posapp.domain.errors import DomainError
from posapp.domain.ids import CustomerId
from posapp.domain.messages import N_
from posapp.domain.operation import OVERLAY, OperationState
from posapp.services.dto import CustomerStatus, InboxItem, OperationView
from posapp.services.ports.book import Session
from posapp.services.resolving.acts import (
    fetch_later,
    moves_money,
    needed_act,
    on_server,
    refuse_while_landing,
)
from posapp.services.resolving.again import again
from posapp.services.resolving.decision import Choice, Decision, Offer
from posapp.services.resolving.moves import KEPT, PENDING, Move, end, hand_over
from posapp.services.resolving.refused_field import put_right, refused_field, stay, with_another
from posapp.services.resolving.targets import record_of
from posapp.services.till import Till, known_customer, primary_connection

_MOST_ALIKE = 5

LINK = Offer(
    Choice.LINK,
    N_("It is a customer on the server"),
    N_("After this both are one customer, and what waits is sent for the one on the server."),
    any_customer=True,
)
SEND = Offer(
    Choice.SEND_AS_NEW,
    N_("Send it as new"),
    N_("After this the customer is sent anew as shown now, and then everything that waits behind."),
)
KEEP = Offer(
    Choice.KEEP,
    N_("Keep on this till"),
    N_("After this the customer, and everything that waits behind, stays on this till and is never sent."),
)
DROP = Offer(
    Choice.DROP,
    N_("Drop the customer"),
    N_("After this there is no such customer, and everything that waits behind is taken back."),
    danger=True,
)


class HasKeptWork(DomainError):
    """Two customers become one only while nothing of either would be lost from sight."""

    id = "link_has_kept_work"
    title = N_("There is more to settle first")
    message = N_("{name} has entries that stay on this till, or other items in the inbox.")
    hint = N_("Settle those first, or record what is missing for the other customer by hand.")


def create_offers(session: Session, item: InboxItem, view: OperationView) -> tuple[Offer, ...]:
    """Return what can be chosen for a new customer: one of those on the server, anew, here alone, or not at all."""
    erased = "profile" not in session.operations.person(view.operation.id)
    money = any(moves_money(one) for one in _behind(session, view))
    drop = replace(DROP, needs_reason=money, needs_approval=money)
    if erased:
        return KEEP, drop
    link = replace(LINK, targets=_candidates(session, item, view))
    first = (link, *put_right(session, item, view)) if link.targets else (*put_right(session, item, view), link)
    return (*first, SEND, KEEP, drop) if link.targets or len(first) > 1 else (SEND, link, KEEP, drop)


def _link(till: Till, session: Session, item: InboxItem, decision: Decision) -> None:
    view, (remote_id, owner) = needed_act(session, item), record_of(session, decision.target)
    ours, connection = view.operation.customer_id, primary_connection(session)
    assert connection is not None, "a customer is sent to a server"
    if owner is not None and owner != ours and session.operations.of_customer(owner, OperationState):
        _become(till, session, view, owner, decision)
        return
    if owner is not None and owner != ours:
        session.customers.set_status(owner, CustomerStatus.DELETED)  # a pull made her of the very same record
    session.mirror.link(connection.id, remote_id, ours)
    session.operations.set_state(view.operation.id, OperationState.ACKED)
    fetch_later(session, ours)


def _become(till: Till, session: Session, view: OperationView, other: CustomerId, decision: Decision) -> None:
    """Let a new customer be one whom this till knows already: what waits is recorded for the known one."""
    ours = view.operation.customer_id
    _refuse_kept_work(session, view)
    behind = _behind(session, view)
    end(session, view)
    take_back(session, behind)
    for waiting in behind:
        hand_over(till, session, waiting, other, decision)
    session.customers.set_status(ours, CustomerStatus.DELETED)


def _send(till: Till, session: Session, item: InboxItem, decision: Decision) -> None:
    view = needed_act(session, item)
    refuse_while_landing(till, session, view, item)
    _send_as(till, session, view, decision, known_customer(session, view.operation.customer_id).profile)


def _send_with_another(till: Till, session: Session, item: InboxItem, decision: Decision) -> None:
    view = needed_act(session, item)
    refuse_while_landing(till, session, view, item)
    customer = known_customer(session, view.operation.customer_id)
    right = with_another(session, item, customer.profile, decision)
    session.customers.set_profile(customer.id, right)
    _send_as(till, session, view, decision, right)


def _send_without(till: Till, session: Session, item: InboxItem, decision: Decision) -> None:
    view, name = needed_act(session, item), refused_field(session, item)
    refuse_while_landing(till, session, view, item)
    assert name is not None, "offered only for a field that was refused"
    shown = known_customer(session, view.operation.customer_id).profile
    _send_as(till, session, view, decision, with_fields(shown, {name: None}))
    if getattr(shown, name):
        stay(till, session, view, {name: FieldChange(None, getattr(shown, name))})


def _send_as(till: Till, session: Session, view: OperationView, decision: Decision, profile: Profile) -> None:
    person = {**session.operations.person(view.operation.id), "profile": asdict(profile)}
    end(session, view)
    again(till, session, view, state=PENDING, approved_by=decision.approved_by, person=person)


def _keep(_till: Till, session: Session, item: InboxItem, _decision: Decision) -> None:
    view = needed_act(session, item)
    for one in (view, *_behind(session, view)):
        session.operations.set_state(one.operation.id, KEPT)


def _drop(_till: Till, session: Session, item: InboxItem, _decision: Decision) -> None:
    view = needed_act(session, item)
    customer_id = view.operation.customer_id
    behind = _behind(session, view)
    end(session, view)
    take_back(session, behind)
    hide_if_settled(session, customer_id)


CREATE_MOVES: dict[Choice, Move] = {
    Choice.LINK: _link,
    Choice.SEND_AS_NEW: _send,
    Choice.ANOTHER: _send_with_another,
    Choice.WITHOUT: _send_without,
    Choice.KEEP: _keep,
    Choice.DROP: _drop,
}
"""What each choice does to a create."""


def hide_if_settled(session: Session, customer_id: CustomerId) -> None:
    """Take a customer out of the search, unless money, points or an open act of hers would vanish with her."""
    standing = session.khata.standing(customer_id)
    kept = standing.kept_balance or standing.unsent_balance or standing.kept_points or standing.unsent_points
    if not kept:
        session.customers.set_status(customer_id, CustomerStatus.DELETED)


def _behind(session: Session, view: OperationView) -> list[OperationView]:
    """Return what waits behind a create; nothing of it can have been sent."""
    waiting = session.operations.of_customer(view.operation.customer_id, {PENDING})
    return [one for one in waiting if one.operation.id != view.operation.id]


def take_back(session: Session, behind: list[OperationView]) -> None:
    """Let acts that were never sent count no more."""
    for one in behind:
        session.operations.set_state(one.operation.id, OperationState.CANCELLED, evidence={"decided": True})


def _refuse_kept_work(session: Session, view: OperationView) -> None:
    customer_id = view.operation.customer_id
    standing = session.khata.standing(customer_id)
    others = [
        one
        for one in session.operations.of_customer(customer_id, OVERLAY - {PENDING, KEPT})
        if one.operation.id != view.operation.id
    ]
    if standing.kept_balance or standing.kept_points or others:
        raise HasKeptWork(name=known_customer(session, customer_id).profile.name)


def _candidates(session: Session, item: InboxItem, view: OperationView) -> tuple[str, ...]:
    """Return whom a new customer may be: found by a probe, listed while she was in doubt, or alike and known there."""
    probed = item.evidence.get("candidates")
    found = [str(one) for one in probed] if isinstance(probed, list | tuple) else []
    connection = primary_connection(session)
    if connection is not None and view.attempts:
        found += [record.remote_id for record in session.mirror.unadopted(connection.id)]
    customer = known_customer(session, view.operation.customer_id)
    for other in session.customers.alike(customer.profile, _MOST_ALIKE):
        remote_id = on_server(session, other.customer.id)
        if other.customer.id != customer.id and remote_id is not None:
            found.append(remote_id)
    return tuple(dict.fromkeys(found))
