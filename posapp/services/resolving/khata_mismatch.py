"""A khata that is not what the server says: until somebody decides, no new credit goes on it.

A server that was mended is found equal again by the next proof, which closes the item. Otherwise a manager takes what
the server says as right; where it has an act of this till twice, a line against it takes the second one back.
"""

from __future__ import annotations

from collections.abc import Mapping

from posapp.domain.ids import OperationId, new_uuid
from posapp.domain.ledger import Direction
from posapp.domain.messages import N_
from posapp.domain.money import Money
from posapp.domain.operation import OperationKind
from posapp.domain.proof import MismatchKind
from posapp.services.dto import InboxItem
from posapp.services.khata import EntryForm, write_entry
from posapp.services.ports.book import Session
from posapp.services.resolving.decision import Choice, Decision, Offer, Settlement
from posapp.services.till import Till, When, capabilities

_ACCEPT = Offer(
    Choice.ACCEPT,
    N_("The server is right"),
    N_("After this the khata counts as the server has it now, and credit is free again. This item keeps both sides."),
    needs_reason=True,
    needs_approval=True,
    danger=True,
)
_CHARGE = Offer(
    Choice.CHARGE,
    N_("Take the second payment back"),
    N_("After this a charge of the same amount goes to the server, so that the payment counts once."),
    needs_reason=True,
    needs_approval=True,
)
_WRITE_OFF = Offer(
    Choice.WRITE_OFF,
    N_("Take the second debt off"),
    N_("After this the same amount is written off on the server, so that the debt counts once."),
    needs_reason=True,
    needs_approval=True,
)
_AGAINST = {
    Direction.CREDIT: (_CHARGE, OperationKind.CHARGE),
    Direction.DEBIT: (_WRITE_OFF, OperationKind.WRITE_OFF),
}
"""What takes a line back that stands twice."""


def _offers(session: Session, item: InboxItem) -> tuple[Offer, ...]:
    if item.evidence.get("kind") != MismatchKind.OWN_ACT_TWICE or not capabilities(session).ledger_write:
        return (_ACCEPT,)
    return _AGAINST[_doubled(item)][0], _ACCEPT


def _settle(till: Till, session: Session, item: InboxItem, decision: Decision) -> None:
    assert item.customer_id is not None, "a khata is somebody's"
    session.proofs.accept(item.customer_id)
    if decision.choice is Choice.ACCEPT:
        return
    form = EntryForm(
        operation_id=OperationId(new_uuid()),
        customer_id=item.customer_id,
        kind=_AGAINST[_doubled(item)][1],
        amount=Money(int(str(_theirs(item)["amount"])), session.settings.shop().currency),
        note=decision.reason,
        approved_by=decision.approved_by,
    )
    write_entry(till, session, form, When(till.clock.now(), backdated=False))


def _doubled(item: InboxItem) -> Direction:
    return Direction(str(_theirs(item)["type"]))


def _theirs(item: InboxItem) -> Mapping[str, object]:
    theirs = item.evidence["theirs"]
    assert isinstance(theirs, Mapping), "what stands twice stands on the server"
    return theirs


KHATA_MISMATCH = Settlement(_offers, _settle)
