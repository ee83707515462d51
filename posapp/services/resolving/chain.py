"""Items that say the book is not what it was: going on with it as it is takes a manager and a reason.

Bringing the missing acts back (`posapp rescue`, `posapp restore`) needs no decision here: such an item closes by itself
at the next start that finds the book whole again.
"""

from __future__ import annotations

from posapp.domain.messages import N_
from posapp.services.anchors import ACCEPTED, ALTERED_ITEM, accepted_mark, faults_mark
from posapp.services.dto import InboxItem
from posapp.services.ports.anchors import AnchorFault
from posapp.services.ports.book import Session
from posapp.services.resolving.decision import Choice, Decision, Offer, Settlement
from posapp.services.till import Till

_ACCEPT = Offer(
    Choice.ACCEPT,
    N_("Go on with this book"),
    N_("The till stops asking. Nothing is changed, and the file that has the other acts stays where it is."),
    needs_reason=True,
    needs_approval=True,
    danger=True,
)


def _offers(_session: Session, _item: InboxItem) -> tuple[Offer, ...]:
    return (_ACCEPT,)


def _settle(_till: Till, session: Session, item: InboxItem, _decision: Decision) -> None:
    if item.kind == ALTERED_ITEM:
        mark = faults_mark(int(str(item.evidence["first"])))
    else:
        mark = accepted_mark(AnchorFault.of_item(item).anchor)
    session.settings.set_value(ACCEPTED, mark)


CHAIN = Settlement(_offers, _settle)
