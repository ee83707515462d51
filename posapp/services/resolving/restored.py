"""A till that came back from a copy: somebody has seen it."""

from __future__ import annotations

from posapp.domain.messages import N_
from posapp.services.dto import InboxItem
from posapp.services.ports.book import Session
from posapp.services.resolving.decision import Choice, Decision, Offer, Settlement
from posapp.services.till import Till

_SEEN = Offer(Choice.ACCEPT, N_("Seen"), N_("The note is put away. Nothing else changes."))


def _offers(_session: Session, _item: InboxItem) -> tuple[Offer, ...]:
    return (_SEEN,)


def _settle(_till: Till, _session: Session, _item: InboxItem, _decision: Decision) -> None:
    return


RESTORED = Settlement(_offers, _settle)
