"""A kept khata entry that somebody seems to have keyed into the server as well: one, or two?"""

from __future__ import annotations

from dataclasses import replace

from posapp.domain.ids import EntryId, RemoteId
from posapp.domain.messages import N_
from posapp.services.dto import InboxItem
from posapp.services.ports.book import Session
from posapp.services.resolving.decision import Choice, Decision, Offer, Settlement
from posapp.services.till import Till

_SEPARATE = Offer(
    Choice.SEPARATE,
    N_("Two different entries"),
    N_("Both count, as they do now. This till does not ask about these two again."),
)
_LINK = Offer(
    Choice.LINK,
    N_("One and the same"),
    N_("It counts once from now on, as the server has it. Nothing is sent and nothing is deleted."),
)


def _offers(_session: Session, item: InboxItem) -> tuple[Offer, ...]:
    if "entry" not in item.evidence:  # the person was erased, and what was known with her
        return (_SEPARATE,)
    return _SEPARATE, replace(_LINK, targets=(str(item.evidence["line"]),))


def _settle(_till: Till, session: Session, item: InboxItem, decision: Decision) -> None:
    if "entry" not in item.evidence:
        return
    entry, line = EntryId(str(item.evidence["entry"])), RemoteId(str(item.evidence["line"]))
    session.peers.decide_pair(entry, line, linked=decision.choice is Choice.LINK)
    if item.customer_id is not None:
        session.peers.propose_pairs(item.customer_id)


PAIR = Settlement(_offers, _settle)
