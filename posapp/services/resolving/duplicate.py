"""Two customers who may be one: added on two tills, or twice on the server."""

from __future__ import annotations

from dataclasses import replace

from posapp.domain.ids import CustomerId
from posapp.domain.messages import N_
from posapp.services.dto import InboxItem
from posapp.services.ports.book import Session
from posapp.services.resolving.acts import on_server
from posapp.services.resolving.decision import Choice, Decision, Offer, Settlement
from posapp.services.till import Till

_SEPARATE = Offer(
    Choice.SEPARATE,
    N_("Two people"),
    N_("Both stay as they are. No till asks about these two again."),
)
_LINK = Offer(
    Choice.LINK,
    N_("One person"),
    N_("One card with the whole khata remains on every till, once nothing of theirs is on its way to the server."),
)
_ACCEPT = Offer(
    Choice.ACCEPT,
    N_("Noted"),
    N_("The server has two records. They can become one only there; both stay as they are on the tills."),
)


def _offers(session: Session, item: InboxItem) -> tuple[Offer, ...]:
    one, other = _both(item)
    if one is None or other is None:
        return (_ACCEPT,)
    twice = on_server(session, one) is not None and on_server(session, other) is not None
    return (_SEPARATE, _ACCEPT) if twice else (_SEPARATE, replace(_LINK, targets=(other,)))


def _settle(_till: Till, session: Session, item: InboxItem, decision: Decision) -> None:
    one, other = _both(item)
    if one is not None and other is not None:
        session.peers.decide_same(one, other, apart=decision.choice is not Choice.LINK)


def _both(item: InboxItem) -> tuple[CustomerId | None, CustomerId | None]:
    """Return the two, or nobody where an erasure took what was known."""
    if not {"who", "other"} <= item.evidence.keys():
        return None, None
    return CustomerId(str(item.evidence["who"])), CustomerId(str(item.evidence["other"]))


DUPLICATE = Settlement(_offers, _settle)
