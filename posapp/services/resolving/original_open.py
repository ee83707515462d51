"""An act stands on another that is not settled: a reversal on what it takes back, a bill on the points it used."""

from __future__ import annotations

from dataclasses import replace

from posapp.domain.ids import OperationId
from posapp.domain.messages import N_
from posapp.domain.operation import OperationKind, OperationState
from posapp.services.dto import InboxItem, OperationView
from posapp.services.ports.book import Session
from posapp.services.resolving.acts import act_of
from posapp.services.resolving.by_hand import SEEN
from posapp.services.resolving.decision import Decision, Offer, Settlement
from posapp.services.resolving.moves import MOVES
from posapp.services.resolving.offering import DROP, KEEP_BILL, REPLAY, priced
from posapp.services.till import Till

_GO_ON = replace(
    REPLAY,
    label=N_("Go on with it"),
    effect=N_("After this it follows what it stands on: it is sent, kept here, or falls with it."),
)


def _offers(session: Session, item: InboxItem) -> tuple[Offer, ...]:
    view = act_of(session, item)
    if view is None:
        return (SEEN,)
    bill = KEEP_BILL if view.operation.kind is OperationKind.SALE else None
    priced_offers = priced(session, item, view, (_GO_ON if _base_settled(session, view) else None, bill, DROP))
    return tuple(
        replace(offer, needs_approval=True) if offer.choice is KEEP_BILL.choice else offer for offer in priced_offers
    )


def _base_settled(session: Session, view: OperationView) -> bool:
    base = view.operation.reverses or view.operation.intent.get("redeem_operation")
    found = session.operations.get(OperationId(str(base))) if base else None
    return found is not None and found.state not in {OperationState.NEEDS_HUMAN, OperationState.UNKNOWN}


def _settle(till: Till, session: Session, item: InboxItem, decision: Decision) -> None:
    if act_of(session, item) is not None:
        MOVES[decision.choice](till, session, item, decision)


ORIGINAL_OPEN = Settlement(_offers, _settle)
