"""Comparing a khata with what was seen of it before, in the transaction that takes it into the book.

Whatever reads a khata compares it first: an entry that is gone or changed is never accepted silently (design, promise
6; research/sync, section 5.2). What differs is put before a person and the khata is held for new credit; an act of this
till that the server took and does not show goes back into doubt by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from posapp.domain.ids import CustomerId, RemoteId
from posapp.domain.money import Money
from posapp.domain.proof import Difference, Known, MismatchKind, OwnAct, compare, figures_of, prove
from posapp.services.ports.book import Session
from posapp.services.ports.proofs import ProofState
from posapp.services.ports.remote import RemoteEntry
from posapp.sync.context import SyncContext
from posapp.sync.trust import note_posted_twice
from posapp.sync.work import ask

MISMATCH = "khata_mismatch"
"""Kind of the inbox item about a khata that differs."""


class Compared(StrEnum):
    """What came of it.

    `OUTDATED`: another reading came first. `EQUAL` to what was seen, but for what is new. `PROVEN`: its balance is so,
    too. `ACCEPTED` by a person. `DIFFERS`: what was seen stays.
    """

    OUTDATED = "outdated"
    EQUAL = "equal"
    PROVEN = "proven"
    ACCEPTED = "accepted"
    DIFFERS = "differs"


@dataclass(frozen=True, slots=True)
class Told:
    """A khata as a server told it.

    Attributes:
        remote_id: Whose.
        seal: Of what was seen of it before the first request left.
        entries: Oldest first.
        before: The balance told before the entries; None where it is not to be compared.
        after: The balance told after them; None where it was not asked.
    """

    remote_id: RemoteId
    seal: bytes
    entries: Sequence[RemoteEntry]
    before: Money | None = None
    after: Money | None = None


def take_khata(
    context: SyncContext, session: Session, customer_id: CustomerId, told: Told, acts: Sequence[OwnAct] | None
) -> Compared:
    """Compare a khata and take it as what was seen, unless it differs in what only a person can accept.

    Args:
        context: The engine's surroundings.
        session: A transaction.
        customer_id: Whose, in our book.
        told: As the server told it.
        acts: This till's acts on it; None while one is on its way, so that nothing is said about them.
    """
    proofs, connection_id = session.proofs, context.connection_id
    seen = proofs.seen(connection_id, told.remote_id)
    if seen.seal != told.seal:
        return Compared.OUTDATED
    if seen.state is ProofState.ACCEPTED:
        session.mirror.replace_entries(connection_id, told.remote_id, told.entries)
        until = max((entry.recorded_at for entry in told.entries), default=None)
        proofs.note_accepted(connection_id, told.remote_id, until)
        return Compared.ACCEPTED
    known = Known(seen.entries, acts or (), seen.intact, seen.settled_until, seen.balance)
    difference, now = _difference(told, known), context.clock.now()
    if difference is None or difference.kind is MismatchKind.OWN_ACT_MISSING:
        session.mirror.replace_entries(connection_id, told.remote_id, told.entries)
    if difference is not None:
        proofs.note_mismatch(connection_id, told.remote_id, difference, now)
        _put_before_a_person(context, session, customer_id, difference)
        return Compared.DIFFERS
    if acts is None or told.after is None:
        return Compared.EQUAL
    proofs.note_proven(connection_id, told.remote_id, figures_of(told.entries, told.after), now)
    _close_items(context, session, customer_id)
    return Compared.PROVEN


def _difference(told: Told, known: Known) -> Difference | None:
    if told.before is None or told.after is None:
        return compare(told.entries, known)
    return prove(told.before, told.entries, told.after, known).difference


def _put_before_a_person(
    context: SyncContext, session: Session, customer_id: CustomerId, difference: Difference
) -> None:
    """Open an item; an act that is missing has one of its own (`lost_effect`)."""
    if difference.kind is MismatchKind.OWN_ACT_MISSING:
        return
    if difference.kind is MismatchKind.OWN_ACT_TWICE and difference.ours is not None:
        note_posted_twice(context, session, difference.ours["reference"])
    evidence = {
        "kind": difference.kind.value,
        "position": difference.position,
        "ours": difference.ours,
        "theirs": difference.theirs,
    }
    ask(session, context.clock, MISMATCH, customer_id=customer_id, evidence=evidence)


def _close_items(context: SyncContext, session: Session, customer_id: CustomerId) -> None:
    """A khata that is equal again, because its server was mended, needs nobody any more."""
    for item in session.inbox.items():
        if item.kind == MISMATCH and item.customer_id == customer_id:
            session.inbox.resolve(item.id, "proven", context.clock.now())
