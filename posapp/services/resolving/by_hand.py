"""An item that a person settles with her own hands: it is closed with a reason, and nothing else changes."""

from __future__ import annotations

from posapp.domain.messages import N_
from posapp.services.dto import InboxItem
from posapp.services.ports.book import Session
from posapp.services.resolving.decision import Choice, Decision, Offer, Settlement
from posapp.services.till import Till

SEEN = Offer(
    Choice.DROP,
    N_("Seen and settled by hand"),
    N_("After this the item is closed. Nothing else changes."),
    needs_reason=True,
)


def _offers(_session: Session, _item: InboxItem) -> tuple[Offer, ...]:
    return (SEEN,)


def _settle(_till: Till, _session: Session, _item: InboxItem, _decision: Decision) -> None:
    return


BY_HAND = Settlement(_offers, _settle)
