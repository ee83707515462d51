"""A discount was given for points at the shop's risk, and the server refused to take the points off.

The customer has the discount, and nothing is ever taken back silently: the shop bears it, or the customer agrees to owe
it (design, section 7; research/sync, section 5.4). Until somebody decides, what the act wrote counts on as it was, so
that no shown balance jumps; the decision ends the refused act and records what stands instead in one transaction.
"""

from __future__ import annotations

from dataclasses import replace

from posapp.domain.exposure import given_at_risk
from posapp.domain.ids import OperationId, new_uuid
from posapp.domain.messages import N_
from posapp.domain.money import Money
from posapp.domain.operation import OperationKind, OperationState
from posapp.services.dto import InboxItem, OperationView, SaleRecord
from posapp.services.khata import EntryForm, write_entry
from posapp.services.ports.book import Session
from posapp.services.resolving.acts import act_of, needed_act, sendable
from posapp.services.resolving.again import AGAIN_OF
from posapp.services.resolving.by_hand import BY_HAND
from posapp.services.resolving.decision import Choice, Decision, Offer, Settlement
from posapp.services.resolving.moves import end
from posapp.services.sales import BillAct, append_bill
from posapp.services.till import Till, When

MAKE_GOOD = "make_good"
"""Kind of the items that this module settles; the sync opens them."""

_WRITE_OFF = Offer(
    Choice.WRITE_OFF,
    N_("Write it off"),
    N_("After this the discount is the shop's loss. The customer's khata stays as it is, and so do the points."),
    needs_reason=True,
    needs_approval=True,
    danger=True,
)
_GOODWILL = Offer(
    Choice.GOODWILL,
    N_("Give it as goodwill"),
    N_("After this the discount is the shop's gift. The customer's khata stays as it is, and so do the points."),
    needs_reason=True,
    needs_approval=True,
    danger=True,
)
_CHARGE = Offer(
    Choice.CHARGE,
    N_("The customer agreed to owe it"),
    N_("After this the discount stands on the customer's khata as a debt. Only where the customer agreed to it."),
    needs_reason=True,
    needs_approval=True,
)
_DROP = Offer(
    Choice.DROP,
    N_("It was taken back: settle both"),
    N_("After this neither the act nor its reversal counts: nothing was given."),
    needs_reason=True,
)


def _offers(session: Session, item: InboxItem) -> tuple[Offer, ...]:
    view = act_of(session, item)
    if view is None:
        return BY_HAND.offers(session, item)
    if session.operations.reversal_of(view.operation.id) is not None:
        return (_DROP,)
    return (_WRITE_OFF, _GOODWILL, _CHARGE)


def _settle(till: Till, session: Session, item: InboxItem, decision: Decision) -> None:
    if act_of(session, item) is None:
        return
    view = needed_act(session, item)
    sale = session.khata.sale(view.operation.id)
    end(session, view)
    if decision.choice is Choice.DROP:
        _end_reversal(till, session, view.operation.id, decision)
    elif sale is not None:
        _bill_anew(till, session, view, sale, decision)
    elif decision.choice is Choice.CHARGE:
        _charge(till, session, view, decision)


def _bill_anew(till: Till, session: Session, view: OperationView, sale: SaleRecord, decision: Decision) -> None:
    """Record the bill as it stands without its points: at what was paid and owed, or with the discount owed as well."""
    terms, none = session.settings.shop().terms, Money(0, sale.total.currency)
    owed = sale.discount if decision.choice is Choice.CHARGE else none
    total = sale.paid + sale.on_account + owed
    sent = sendable(session, view, view.operation.customer_id)
    bill = replace(
        sale,
        id=OperationId(new_uuid()),
        total=total,
        discount=none,
        on_account=sale.on_account + owed,
        points_redeemed=0,
        points_earned=terms.earned(total, none),
        kept=not sent,
    )
    moment = When(sale.occurred_at, backdated=view.operation.intent.get("backdated") is True)
    noted = {AGAIN_OF: view.operation.id, MAKE_GOOD: decision.choice.value}
    act = BillAct(bill, moment, None, noted, decision.approved_by)
    append_bill(till, session, act, OperationState.PENDING if sent else OperationState.KEPT)


def _charge(till: Till, session: Session, view: OperationView, decision: Decision) -> None:
    given = given_at_risk(view.operation.intent, view.evidence) or 0
    form = EntryForm(
        operation_id=OperationId(new_uuid()),
        customer_id=view.operation.customer_id,
        kind=OperationKind.CHARGE,
        amount=Money(given, session.settings.shop().currency),
        note=decision.reason,
        approved_by=decision.approved_by,
    )
    write_entry(till, session, form, When(till.clock.now(), backdated=False))


def _end_reversal(till: Till, session: Session, operation_id: OperationId, decision: Decision) -> None:
    """End the reversal of an act that never took effect; one that still waits is withdrawn."""
    reversal = session.operations.reversal_of(operation_id)
    assert reversal is not None, "offered only where there is one"
    waits = reversal.state is OperationState.PENDING
    ended = OperationState.CANCELLED if waits else OperationState.REJECTED
    session.operations.set_state(reversal.operation.id, ended, evidence={"reason": "nothing to undo"})
    for item in session.inbox.items():
        if item.operation_id == reversal.operation.id:
            session.inbox.resolve(item.id, decision.choice.value, till.clock.now(), decided_by=till.actor)


MAKING_GOOD = Settlement(_offers, _settle)
