"""A phone or an e-mail that the server does not take: somebody there has it, it does not fit, or there is none.

A family shares a phone, and some servers let only one customer have it. So the customer can be sent with another one,
or without it where the server does not insist; then it stays on this till.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

from posapp.domain.customer import FieldChange, Profile, cleaned, with_fields
from posapp.domain.ids import OperationId, new_uuid
from posapp.domain.messages import N_
from posapp.domain.operation import STAYS, OperationKind, OperationState
from posapp.services.dto import InboxItem, OperationView
from posapp.services.ports.book import Session
from posapp.services.resolving.acts import needed_act, on_server
from posapp.services.resolving.again import AGAIN_OF
from posapp.services.resolving.decision import Choice, Decision, Offer
from posapp.services.resolving.moves import KEPT, PENDING, end, show, typed
from posapp.services.till import Till, capabilities, draft, known_customer, record

_CONFLICT = 409
_ASKED = ("phone", "email")
_ANOTHER = {
    "phone": Offer(
        Choice.ANOTHER,
        N_("Give another phone"),
        N_("After this the customer has the phone that you type, here and on the server."),
        field="phone",
    ),
    "email": Offer(
        Choice.ANOTHER,
        N_("Give another e-mail"),
        N_("After this the customer has the e-mail that you type, here and on the server."),
        field="email",
    ),
}
_WITHOUT = {
    "phone": Offer(
        Choice.WITHOUT,
        N_("Without the phone there"),
        N_("After this the rest is sent. The phone stays on this till; the server does not get it."),
    ),
    "email": Offer(
        Choice.WITHOUT,
        N_("Without the e-mail there"),
        N_("After this the rest is sent. The e-mail stays on this till; the server does not get it."),
    ),
}


def refused_field(session: Session, item: InboxItem) -> str | None:
    """Return the field of a customer for whose sake the server refuses an act; None for another reason.

    A server that lets one field be had only once and says no more than 409 means that field.
    """
    code, unique = str(item.evidence.get("code") or ""), capabilities(session).unique
    lacking = item.evidence.get("fields")
    if item.kind == "field_missing" and isinstance(lacking, list | tuple) and len(lacking) == 1:
        name = str(lacking[0])
    elif code:
        name = code.removesuffix("_taken")
    else:
        name = unique[0] if item.evidence.get("status") == _CONFLICT and len(unique) == 1 else ""
    return name if name in _ASKED else None


def put_right(session: Session, item: InboxItem, view: OperationView) -> tuple[Offer, ...]:
    """Return the offers to send an act with another value in the refused field, and without it.

    A server that insists on a field takes nobody new without it; of somebody whom it has it keeps the one it has.

    Args:
        session: A transaction.
        item: What was refused.
        view: The create or edit.
    """
    name, person = refused_field(session, item), session.operations.person(view.operation.id)
    if name is None or not person:
        return ()
    new = view.operation.kind is OperationKind.CUSTOMER_CREATE
    if not new and on_server(session, view.operation.customer_id) is None:
        return ()
    insists = new and name in capabilities(session).required
    return (_ANOTHER[name],) if insists else (_ANOTHER[name], _WITHOUT[name])


def with_another(session: Session, item: InboxItem, profile: Profile, decision: Decision) -> Profile:
    """Return a profile with what was typed in the place of what was refused.

    Raises:
        WrongPhone, WrongEmail: It can be none.
    """
    name = refused_field(session, item)
    assert name is not None, "offered only for a field that was refused"
    return cleaned(with_fields(profile, {name: decision.value}))


def stay(till: Till, session: Session, view: OperationView, changes: Mapping[str, FieldChange]) -> None:
    """Record that fields stay on this till over what the server has of them.

    Args:
        till: This till.
        session: A transaction.
        view: The act that they were to be sent with.
        changes: Each as the server has it, and as it stays.
    """
    _edit(till, session, view, changes, KEPT)


def edit_with_another(till: Till, session: Session, item: InboxItem, decision: Decision) -> None:
    """End an edit and record it anew with what was typed in the place of what was refused."""
    view = needed_act(session, item)
    name = refused_field(session, item)
    assert name is not None, "offered only for a field that was refused"
    shown = known_customer(session, view.operation.customer_id).profile
    value = getattr(with_another(session, item, shown, decision), name)
    changes = _changes(session, view)
    seen = changes[name].seen if name in changes else getattr(shown, name)
    _record_anew(till, session, view, {**changes, name: FieldChange(seen, value)})


def edit_without(till: Till, session: Session, item: InboxItem, _decision: Decision) -> None:
    """End an edit and record it anew without what was refused, which stays on this till."""
    view = needed_act(session, item)
    changes, name = _changes(session, view), refused_field(session, item)
    stays = {one: change for one, change in changes.items() if one == name}
    _record_anew(till, session, view, {one: change for one, change in changes.items() if one not in stays})
    if stays:
        stay(till, session, view, stays)
        show(session, view, {one: change.wanted for one, change in stays.items()})


def _record_anew(till: Till, session: Session, view: OperationView, changes: Mapping[str, FieldChange]) -> None:
    end(session, view)
    if changes:
        _edit(till, session, view, changes, PENDING)
        show(session, view, {name: change.wanted for name, change in changes.items()})


def _edit(
    till: Till, session: Session, view: OperationView, changes: Mapping[str, FieldChange], state: OperationState
) -> None:
    stays = {STAYS: True} if state is KEPT else {}
    record(
        till,
        session,
        draft(
            till,
            OperationId(new_uuid()),
            OperationKind.CUSTOMER_EDIT,
            view.operation.customer_id,
            {"fields": sorted(changes), AGAIN_OF: view.operation.id, **stays},
            occurred_at=view.operation.occurred_at,
            person={"changes": {name: asdict(change) for name, change in changes.items()}},
            approved_by=view.operation.approved_by,
        ),
        state=state,
        write=lambda _: None,
    )


def _changes(session: Session, view: OperationView) -> dict[str, FieldChange]:
    return {name: FieldChange(seen, wanted) for name, (seen, wanted) in typed(session, view).items()}


EDIT_MOVES = {Choice.ANOTHER: edit_with_another, Choice.WITHOUT: edit_without}
"""What each choice about a refused field does to an edit."""
