"""What a server refused, does not take, or cannot say what became of: the choices about one act.

`rejected`: it was surely not applied. `capability_gone`: this server does not take it, or not from this till.
`field_missing`: it takes no customer without a field that this one has not. `unknown`: nobody knows. `lost_effect`: it
was taken, and the server's own data do not show it.
"""

from __future__ import annotations

from posapp.domain.operation import OperationKind
from posapp.services.dto import InboxItem, OperationView
from posapp.services.ports.book import Session
from posapp.services.resolving.acts import act_of, needed_act
from posapp.services.resolving.by_hand import SEEN
from posapp.services.resolving.creates import CREATE_MOVES, create_offers
from posapp.services.resolving.decision import Decision, Offer, Settlement
from posapp.services.resolving.moves import MOVES
from posapp.services.resolving.offering import (
    ARRIVED,
    DROP,
    DROP_DELETE,
    DROP_EDIT,
    anew,
    borne,
    kept,
    line_like,
    once_more,
    priced,
)
from posapp.services.resolving.refused_field import EDIT_MOVES, put_right
from posapp.services.till import Till

_CREATE, _EDIT, _DELETE = (
    OperationKind.CUSTOMER_CREATE,
    OperationKind.CUSTOMER_EDIT,
    OperationKind.CUSTOMER_DELETE,
)


def _offers(session: Session, item: InboxItem) -> tuple[Offer, ...]:
    view = act_of(session, item)
    if view is None:
        return (SEEN,)  # the act went on by itself
    kind = view.operation.kind
    if kind is _CREATE:
        return create_offers(session, item, view)
    if kind is _EDIT:
        again = _edited_again(session, item, view)
        offers: tuple[Offer | None, ...] = (*put_right(session, item, view), again, DROP_EDIT)
    elif kind is _DELETE:
        offers = (None if item.kind == "rejected" else once_more(session, view, item), DROP_DELETE)
    else:
        offers = _MONEY_OFFERS[item.kind](session, item, view)
    return priced(session, item, view, offers)


def _edited_again(session: Session, item: InboxItem, view: OperationView) -> Offer | None:
    """Return the offer to send an edit again; what an erasure took away cannot be sent."""
    if not session.operations.person(view.operation.id):
        return None
    return anew(session, view) if item.kind == "rejected" else once_more(session, view, item)


def _rejected(session: Session, _item: InboxItem, view: OperationView) -> tuple[Offer | None, ...]:
    return anew(session, view), kept(view), *borne(session, view), DROP


def _capability_gone(session: Session, item: InboxItem, view: OperationView) -> tuple[Offer | None, ...]:
    return kept(view), once_more(session, view, item), *borne(session, view), DROP


def _unknown(session: Session, _item: InboxItem, view: OperationView) -> tuple[Offer | None, ...]:
    return ARRIVED, line_like(session, view), anew(session, view), kept(view), *borne(session, view), DROP


def _lost_effect(session: Session, item: InboxItem, view: OperationView) -> tuple[Offer | None, ...]:
    return once_more(session, view, item), ARRIVED, line_like(session, view), kept(view), DROP


_MONEY_OFFERS = {
    "rejected": _rejected,
    "capability_gone": _capability_gone,
    "unknown": _unknown,
    "lost_effect": _lost_effect,
}


def _settle(till: Till, session: Session, item: InboxItem, decision: Decision) -> None:
    if act_of(session, item) is None:
        return
    view = needed_act(session, item)
    moves = CREATE_MOVES if view.operation.kind is _CREATE else {**MOVES, **EDIT_MOVES}
    moves[decision.choice](till, session, item, decision)


REFUSED = Settlement(_offers, _settle)
