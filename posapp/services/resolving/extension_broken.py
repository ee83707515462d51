"""A server announced an extension and did not keep it: it stays off, or is relied on again once it was mended."""

from __future__ import annotations

from posapp.domain.ids import ConnectionId
from posapp.domain.messages import N_
from posapp.services.dto import InboxItem
from posapp.services.ports.book import Session
from posapp.services.ports.trust import trust_again
from posapp.services.resolving.decision import Choice, Decision, Offer, Settlement
from posapp.services.till import Till

_KEEP_OFF = Offer(
    Choice.ACCEPT,
    N_("Keep it off"),
    N_("The till goes on without it, whatever the server announces. It works as before, only more slowly."),
)
_TRUST = Offer(
    Choice.TRUST,
    N_("Trust it again"),
    N_("For a server that was mended. The till relies on it from the next sync on, until it is broken again."),
    needs_approval=True,
)


def _offers(_session: Session, _item: InboxItem) -> tuple[Offer, ...]:
    return _KEEP_OFF, _TRUST


def _settle(_till: Till, session: Session, item: InboxItem, decision: Decision) -> None:
    capabilities = item.evidence["capabilities"]
    if decision.choice is Choice.TRUST and isinstance(capabilities, list | tuple):
        trust_again(session, ConnectionId(str(item.evidence["connection"])), capabilities)


BROKEN = Settlement(_offers, _settle)
