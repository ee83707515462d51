"""Many customers are missing from the server's list: a person says whether the list is wrong or they are gone.

Even then nobody goes for a list's sake: the till asks the server for each of them and takes off this till whom the
server itself says it has no more (design, promise 7).
"""

from __future__ import annotations

import json
from datetime import timedelta

from posapp.domain.ids import ConnectionId
from posapp.domain.messages import N_
from posapp.services.dto import InboxItem
from posapp.services.ports.book import Session
from posapp.services.ports.mirror import SUSPECTS_ALLOWED
from posapp.services.resolving.decision import Choice, Decision, Offer, Settlement
from posapp.services.till import Till

_HOLDS = timedelta(hours=24)

_KEEP = Offer(
    Choice.DROP,
    N_("Keep everybody"),
    N_("Nobody is taken off this till for this list. If they are still missing next time, you are asked again."),
)
_ASK = Offer(
    Choice.ACCEPT,
    N_("They are really gone"),
    N_(
        "The till asks the server for each of them. Only those whom the server itself says it has no more are taken off"
        " this till; what they owe here stays."
    ),
    needs_approval=True,
)


def _offers(_session: Session, item: InboxItem) -> tuple[Offer, ...]:
    return (_KEEP, _ASK) if "connection" in item.evidence else (_KEEP,)


def _settle(till: Till, session: Session, item: InboxItem, decision: Decision) -> None:
    """Give leave for as many as were shown, for a day; the next cycle makes use of it."""
    if decision.choice is not Choice.ACCEPT:
        return
    leave = {"most": item.evidence["suspects"], "until": (till.clock.now() + _HOLDS).isoformat()}
    connection_id = ConnectionId(str(item.evidence["connection"]))
    session.mirror.set_checkpoint(connection_id, SUSPECTS_ALLOWED, json.dumps(leave))


SUSPECTS = Settlement(_offers, _settle)
