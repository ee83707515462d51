"""Whether the book is still what the anchors outside it remember, and what a person is told where it is not."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from posapp.domain.ids import InboxId, new_uuid
from posapp.domain.messages import N_, Message
from posapp.domain.operation import operation_hash
from posapp.services.dto import InboxItem
from posapp.services.ports.anchors import Anchor, AnchorFault, Keeper, fault_of
from posapp.services.ports.book import Session
from posapp.services.ports.operations import Operations
from posapp.services.till import Till
from posapp.services.verification import Verification

ALTERED_ITEM = "chain_altered"
ANCHOR_ITEMS = frozenset(keeper.item_kind for keeper in Keeper)
ACCEPTED = "chain_accepted"
"""The setting that holds what a manager accepted: an anchor, or faults, that are not asked about again."""

_VERIFIED_TO = "verified_to"
_AT_START = 1000
"""As many acts at most are read again before the first one of the day."""


@dataclass(frozen=True, slots=True)
class ChainState:
    """How the chain of acts stands.

    Attributes:
        newest: Place of the newest act.
        verified_to: The last act that the check in the background reached; 0 for none.
        verified_at: When it did; None where it never ended.
        faults: What is open, as sentences.
    """

    newest: int
    verified_to: int
    verified_at: datetime | None
    faults: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that the anchors say is wrong.

    Attributes:
        kind: `cut_tail`, `replaced`, or the id of what is wrong with the second copy itself or with the keychain.
        seq: The act in question; 0 for none.
        said: As a sentence.
        book: Whether it is the book that is wrong.
    """

    kind: str
    seq: int
    said: Message
    book: bool = True

    @classmethod
    def of(cls, fault: AnchorFault) -> Finding:
        """Return a fault as a finding."""
        return cls("cut_tail" if fault.cut else "replaced", fault.anchor.seq, fault.said())


def open_findings(session: Session) -> tuple[Finding, ...]:
    """Return what the inbox still asks about the chain's anchors."""
    items = (item for item in session.inbox.items() if item.kind in ANCHOR_ITEMS)
    return tuple(Finding.of(AnchorFault.of_item(item)) for item in items)


def anchor_findings(session: Session, anchor: Anchor | None) -> tuple[Finding, ...]:
    """Return what the keychain remembers otherwise now, and what the inbox still asks about the second copy."""
    fault = None
    if anchor is not None and session.settings.value(ACCEPTED) != accepted_mark(anchor):
        fault = fault_of(session.operations, Keeper.KEYCHAIN, anchor)
    asked = (item for item in session.inbox.items() if item.kind == Keeper.SECOND_COPY.item_kind)
    return tuple(Finding.of(one) for one in (fault, *map(AnchorFault.of_item, asked)) if one is not None)


def newest_anchor(session: Session) -> Anchor | None:
    """Return the anchor of the book as it stands; None for an empty one."""
    newest = session.operations.newest()
    return None if newest is None else Anchor(newest.till_id, newest.till_seq, newest.hash)


def chain_state(session: Session) -> ChainState:
    """Return how the chain stands, from what the watch found."""
    newest = session.operations.newest()
    kept = json.loads(session.settings.value(_VERIFIED_TO) or "{}")
    return ChainState(
        newest=newest.till_seq if newest else 0,
        verified_to=kept.get("seq", 0),
        verified_at=datetime.fromisoformat(kept["at"]) if kept else None,
        faults=tuple(said(item) for item in session.inbox.items() if is_about_chain(item)),
    )


def is_about_chain(item: InboxItem) -> bool:
    """Return whether an item says that the book is not what it was."""
    return item.kind in ANCHOR_ITEMS or item.kind == ALTERED_ITEM


def said(item: InboxItem) -> Message:
    """Return what an item about the chain says."""
    if item.kind == ALTERED_ITEM:
        return Message(N_("{count} faults from act {first} on: posapp verify names them"), dict(item.evidence))
    return AnchorFault.of_item(item).said()


def look(till: Till, anchor: Anchor | None) -> None:
    """Compare the book with the keychain's anchor at a start; open an item where it differs, close those that healed.

    Args:
        till: The till.
        anchor: What the keychain remembers; None where it never did.
    """

    def due(session: Session) -> tuple[InboxItem | None, Sequence[InboxItem]]:
        opened = [item for item in session.inbox.items() if item.kind in ANCHOR_ITEMS]
        healed = [item for item in opened if _healed(session.operations, AnchorFault.of_item(item))]
        fault = None if anchor is None else fault_of(session.operations, Keeper.KEYCHAIN, anchor)
        accepted = session.settings.value(ACCEPTED)
        if fault is not None:
            return (None if accepted == accepted_mark(fault.anchor) else fault.item(till.clock.now())), healed
        first = _first_broken(session.operations, anchor)
        known = first is None or accepted == faults_mark(first)
        return (None if known else altered_item(till, count=1, first=first)), healed

    item, healed = till.book.read(due)
    if item is not None or healed:
        till.book.write(lambda session: _note(till, session, item, healed))


def note_verified(till: Till, found: Verification) -> None:
    """Keep what a whole check of the book found; open an item where it found a fault that nobody accepted."""
    now = till.clock.now()

    def note(session: Session) -> None:
        kept = {"seq": found.operations, "at": now.isoformat()}
        session.settings.set_value(_VERIFIED_TO, json.dumps(kept))
        if found.faults and session.settings.value(ACCEPTED) != faults_mark(found.faults[0].till_seq):
            session.inbox.open(altered_item(till, count=len(found.faults), first=found.faults[0].till_seq))

    till.book.write(note, urgent=False)


def accepted_mark(anchor: Anchor) -> str:
    """Return how an accepted anchor is written down."""
    return f"{anchor.seq} {anchor.hash}"


def faults_mark(first: int) -> str:
    """Return how accepted faults are written down: where they begin."""
    return f"from {first}"


def altered_item(till: Till, *, count: int, first: int | None) -> InboxItem:
    """Return the item about acts that are not as they were recorded."""
    evidence = {"count": count, "first": first}
    return InboxItem(InboxId(new_uuid()), ALTERED_ITEM, None, None, {}, "", evidence, till.clock.now())


def _healed(operations: Operations, fault: AnchorFault) -> bool:
    return fault_of(operations, fault.keeper, fault.anchor) is None


def _first_broken(operations: Operations, anchor: Anchor | None) -> int | None:
    """Return the first act after the anchor that does not follow from the one before it."""
    if anchor is None:
        return None
    seq, previous = anchor.seq, anchor.hash
    for operation in operations.chain(anchor.seq, _AT_START):
        follows = operation.till_seq == seq + 1 and operation.prev_hash == previous
        if not follows or operation_hash(operation) != operation.hash:
            return operation.till_seq
        seq, previous = operation.till_seq, operation.hash
    return None


def _note(till: Till, session: Session, item: InboxItem | None, healed: Sequence[InboxItem]) -> None:
    for one in healed:
        session.inbox.resolve(one.id, "whole_again", till.clock.now())
    if item is not None:
        session.inbox.open(item)
