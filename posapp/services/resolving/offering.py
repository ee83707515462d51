"""How the choices about an act are put: a label, what is so afterwards, and what each asks of a person.

Money asks for a reason. What gives something up, or may happen twice, asks for a manager (design, sections 5 and 7).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from posapp.domain.messages import N_
from posapp.domain.operation import OperationKind, OperationState
from posapp.services.dto import InboxItem, LineState, OperationView
from posapp.services.ports.book import Session
from posapp.services.resolving.acts import doubtful, moves_money, on_server, owed_by, sendable
from posapp.services.resolving.decision import Choice, Offer
from posapp.services.till import capabilities

_PAIR = timedelta(days=2)
"""How far apart the same entry may stand on both sides (design, section 4)."""

SAME_AS = "same_as"
"""In an act's evidence: the server's line that counts in its place."""

SEND_AS_NEW = Offer(
    Choice.SEND_AS_NEW,
    N_("Send it as new"),
    N_("After this the old act is over for good, and the same is recorded anew and sent to the server once."),
)
REPLAY = Offer(
    Choice.REPLAY,
    N_("Send it again"),
    N_("After this it is sent once more under the same number, which the server takes only once."),
)
ARRIVED = Offer(
    Choice.ARRIVED,
    N_("The server has it"),
    N_("After this nothing is sent. The next sync looks for it in the server's own data."),
)
LINK_LINE = Offer(
    Choice.LINK,
    N_("It is a line on the server"),
    N_("After this the server's line counts, and this till's own line counts no more."),
)
LINK_CUSTOMER = Offer(
    Choice.LINK,
    N_("It belongs to another customer"),
    N_("After this the same is recorded for the customer whom you choose, and counts here no more."),
    any_customer=True,
)
KEEP = Offer(
    Choice.KEEP,
    N_("Keep it on this till"),
    N_("After this it counts on this till and is never sent to the server."),
)
KEEP_BILL = replace(KEEP, effect=N_("After this the bill stands on this till, whatever becomes of the points."))
BEAR_DEBT = Offer(
    Choice.WRITE_OFF,
    N_("Write it off"),
    N_("After this it stands in the khata on this till and is written off there: the customer owes nothing for it."),
    danger=True,
)
FORGIVE_DEBT = Offer(
    Choice.GOODWILL,
    N_("Give it as goodwill"),
    N_("After this it stands in the khata on this till and is forgiven there: the customer owes nothing for it."),
    danger=True,
)
BEAR_POINTS = replace(
    BEAR_DEBT,
    effect=N_("After this the customer keeps the points, and the discount that was given is the shop's loss."),
)
FORGIVE_POINTS = replace(
    FORGIVE_DEBT,
    effect=N_("After this the customer keeps the points, and the discount that was given is the shop's gift."),
)
DROP = Offer(
    Choice.DROP,
    N_("Drop it"),
    N_("After this it does not count on this till and is never sent. What was done stays to be seen."),
    danger=True,
)
DROP_EDIT = replace(
    DROP, effect=N_("After this the server's values stand. What was typed here is kept in the history.")
)
DROP_DELETE = Offer(Choice.DROP, N_("Do not delete"), N_("After this the customer stays, here and on the server."))

_TWICE = {
    Choice.SEND_AS_NEW: N_(
        "After this the same is recorded anew and sent. If the server has the first one after all, it is there twice."
    ),
    Choice.KEEP: N_("After this it counts on this till. If the server has it after all, it counts twice."),
}
"""What a choice does where the server may have the act after all."""


def priced(session: Session, item: InboxItem, view: OperationView, offers: Iterable[Offer | None]) -> tuple[Offer, ...]:
    """Return the offers that are left, each with the reason and the approval that it needs for this act."""
    money, risky = moves_money(view), doubtful(session, view, item)
    given_up = {Choice.WRITE_OFF, Choice.GOODWILL, Choice.DROP}
    twice = _TWICE if money and risky else {}
    return tuple(
        replace(
            offer,
            effect=twice.get(offer.choice, offer.effect),
            needs_reason=money,
            needs_approval=money and (offer.choice in given_up or offer.choice in twice),
            danger=offer.danger or offer.choice in twice,
        )
        for offer in offers
        if offer is not None
    )


def anew(session: Session, view: OperationView) -> Offer | None:
    """Return the offer to send an act as a new one, where the server can take it now."""
    return SEND_AS_NEW if sendable(session, view, view.operation.customer_id) else None


def once_more(session: Session, view: OperationView, item: InboxItem) -> Offer | None:
    """Return the offer to send an act under its own id, where that surely has one effect at most."""
    unique = view.operation.kind is not OperationKind.REDEEM or capabilities(session).redeem_unique
    safe = unique or not doubtful(session, view, item)
    return REPLAY if safe and on_server(session, view.operation.customer_id) is not None else None


def kept(view: OperationView) -> Offer | None:
    """Return the offer to keep an act here: a redemption that no server knows would only hide the points."""
    return None if view.operation.kind is OperationKind.REDEEM else KEEP


def borne(session: Session, view: OperationView) -> tuple[Offer, ...]:
    """Return the offers by which the shop bears what an act would have cost the customer; none for no cost."""
    if view.operation.kind is OperationKind.REDEEM:
        return BEAR_POINTS, FORGIVE_POINTS
    if view.operation.kind is not OperationKind.REVERSAL and owed_by(session, view) is not None:
        return BEAR_DEBT, FORGIVE_DEBT
    return ()


def line_like(session: Session, view: OperationView) -> Offer | None:
    """Return the offer to link an act to a line that the server has: same amount and way, within two days.

    A line that stands for another act already is none.
    """
    entry = session.khata.entry_of(view.operation.id)
    if entry is None:
        return None
    customer_id = view.operation.customer_id
    refused = session.operations.of_customer(customer_id, {OperationState.REJECTED})
    taken = {one.evidence.get(SAME_AS) for one in refused}
    targets = tuple(
        line.entry_id
        for line in session.khata.lines(customer_id)
        if line.state is LineState.SERVER
        and line.entry_id not in taken
        and (line.direction, line.amount) == (entry.direction, entry.amount)
        and abs(line.occurred_at - entry.occurred_at) <= _PAIR
    )
    return replace(LINK_LINE, targets=targets) if targets else None
