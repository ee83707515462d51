"""A customer is not on the server any more, and something of hers is not settled: one act, or all that waits.

A khata never vanishes with a record of the server's (research/sync, section 5.4).
"""

from __future__ import annotations

from dataclasses import replace

from posapp.domain.ids import CustomerId, OperationId, new_uuid
from posapp.domain.messages import N_
from posapp.domain.operation import OperationKind
from posapp.services.dto import CustomerStatus, InboxItem, OperationView
from posapp.services.khata import EntryForm, write_entry
from posapp.services.ports.book import Session
from posapp.services.resolving.acts import MONEY_KINDS, act_of, moves_money
from posapp.services.resolving.by_hand import SEEN
from posapp.services.resolving.creates import hide_if_settled, take_back
from posapp.services.resolving.decision import Choice, Decision, Offer, Settlement
from posapp.services.resolving.moves import KEPT, MOVES, PENDING, Move, hand_over, link_customer
from posapp.services.resolving.offering import (
    BEAR_DEBT,
    DROP,
    DROP_DELETE,
    DROP_EDIT,
    KEEP,
    LINK_CUSTOMER,
    anew,
    borne,
    kept,
    priced,
)
from posapp.services.till import Till, When, known_customer

_MOST_ALIKE = 5
_KEEP_ALL = replace(KEEP, effect=N_("After this the customer, and everything that waits, stays on this till."))
_LINK_ALL = replace(
    LINK_CUSTOMER, effect=N_("After this everything that waits is recorded for the customer whom you choose.")
)
_BEAR_ALL = replace(
    BEAR_DEBT,
    effect=N_("After this what the customer owes on this till is written off, and the customer is put away."),
    needs_reason=True,
    needs_approval=True,
)
_DROP_ALL = replace(DROP, effect=N_("After this everything that waits for the customer is taken back."))


def _offers(session: Session, item: InboxItem) -> tuple[Offer, ...]:
    if item.operation_id is None:
        return _offers_for_all(session, item)
    view = act_of(session, item)
    if view is None:
        return (SEEN,)
    kind = view.operation.kind
    offers: tuple[Offer | None, ...] = (
        kept(view),
        anew(session, view),
        None if kind is OperationKind.REVERSAL else _link(session, view.operation.customer_id),
        *borne(session, view),
        DROP,
    )
    if kind is OperationKind.CUSTOMER_EDIT:
        offers = (anew(session, view) if session.operations.person(view.operation.id) else None, DROP_EDIT)
    elif kind is OperationKind.CUSTOMER_DELETE:
        offers = (DROP_DELETE,)
    return priced(session, item, view, offers)


def _offers_for_all(session: Session, item: InboxItem) -> tuple[Offer, ...]:
    customer_id = _customer(item)
    waiting, owed = _waiting(session, customer_id), session.khata.standing(customer_id).kept_balance.minor < 0
    if not waiting:
        return (_KEEP_ALL, _BEAR_ALL) if owed else (_KEEP_ALL,)
    money = any(moves_money(view) for view in waiting)
    movable = all(view.operation.kind in MONEY_KINDS - {OperationKind.REVERSAL} for view in waiting)
    link = (replace(_link(session, customer_id, _LINK_ALL), needs_reason=money),) if movable else ()
    return _KEEP_ALL, *link, replace(_DROP_ALL, needs_reason=money, needs_approval=money)


def _link(session: Session, customer_id: CustomerId, offer: Offer = LINK_CUSTOMER) -> Offer:
    """Return the offer to hand over to somebody else, with those who are alike."""
    customer = known_customer(session, customer_id)
    if customer.status is CustomerStatus.ANONYMIZED:
        return offer
    alike = session.customers.alike(customer.profile, _MOST_ALIKE)
    return replace(offer, targets=tuple(one.customer.id for one in alike if one.customer.id != customer_id))


def _customer(item: InboxItem) -> CustomerId:
    assert item.customer_id is not None, "somebody is gone"
    return item.customer_id


def _waiting(session: Session, customer_id: CustomerId) -> list[OperationView]:
    return list(session.operations.of_customer(customer_id, {PENDING}))


def _keep_all(_till: Till, session: Session, item: InboxItem, _decision: Decision) -> None:
    for view in _waiting(session, _customer(item)):
        session.operations.set_state(view.operation.id, KEPT)


def _link_all(till: Till, session: Session, item: InboxItem, decision: Decision) -> None:
    waiting = _waiting(session, _customer(item))
    take_back(session, waiting)
    for view in waiting:
        hand_over(till, session, view, CustomerId(decision.target), decision)
    hide_if_settled(session, _customer(item))


def _bear_all(till: Till, session: Session, item: InboxItem, decision: Decision) -> None:
    customer_id = _customer(item)
    form = EntryForm(
        OperationId(new_uuid()),
        customer_id,
        OperationKind.WRITE_OFF,
        -session.khata.standing(customer_id).kept_balance,
        approved_by=decision.approved_by,
    )
    write_entry(till, session, form, When(till.clock.now(), backdated=False), keep=True)
    hide_if_settled(session, customer_id)


def _drop_all(_till: Till, session: Session, item: InboxItem, _decision: Decision) -> None:
    take_back(session, _waiting(session, _customer(item)))
    hide_if_settled(session, _customer(item))


_ONE_ACT: dict[Choice, Move] = {**MOVES, Choice.LINK: link_customer}
_ALL: dict[Choice, Move] = {
    Choice.KEEP: _keep_all,
    Choice.LINK: _link_all,
    Choice.WRITE_OFF: _bear_all,
    Choice.DROP: _drop_all,
}


def _settle(till: Till, session: Session, item: InboxItem, decision: Decision) -> None:
    if item.operation_id is None:
        _ALL[decision.choice](till, session, item, decision)
    elif act_of(session, item) is not None:
        _ONE_ACT[decision.choice](till, session, item, decision)


CUSTOMER_GONE = Settlement(_offers, _settle)
