"""Proving that a khata here is the khata there (design, promise 6; research/sync, section 5.2).

A server's entry never changes and none goes: what was seen before must still be there, field by field. Each balance
follows from the one before, and the last one is the balance that the server tells. This till's own acts stand there
exactly once. Anything else is named, with the first entry that differs, as both sides have it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from posapp.domain.ledger import Direction
from posapp.domain.money import Money
from posapp.domain.operation import canonical_json
from posapp.domain.posting import Entry, effect_of, ends_of, groups_of, posted, start_of, starts_of, through

NO_SEAL = b""
"""The seal of a khata without entries."""


@dataclass(frozen=True, slots=True)
class OwnAct:
    """An act of this till as it must stand in the server's khata.

    Attributes:
        reference: Under which it stands there.
        effect: What it adds to the balance.
        required: Whether the server took it, so that it must be there; otherwise it may be, once.
    """

    reference: str
    effect: Money
    required: bool = True


class MismatchKind(StrEnum):
    """Why a khata is not proven equal.

    `MIRROR_CHANGED`: this till's copy is not as it was written. `SEEN_ENTRY_MISSING`, `ENTRY_CHANGED`: an entry that
    was seen is gone, or is another. `OWN_ACT_TWICE`, `OWN_ACT_CHANGED`, `OWN_ACT_MISSING`: an act of this till stands
    there twice, otherwise, or not at all. `OPENING_UNEXPLAINED`, `CHAIN_BROKEN`: the first balance, or a later one,
    does not follow. `BALANCE_DIFFERS`: the balance told is not what the entries lead to.
    """

    MIRROR_CHANGED = "mirror_changed"
    SEEN_ENTRY_MISSING = "seen_entry_missing"
    ENTRY_CHANGED = "entry_changed"
    OWN_ACT_TWICE = "own_act_twice"
    OWN_ACT_CHANGED = "own_act_changed"
    OWN_ACT_MISSING = "own_act_missing"
    OPENING_UNEXPLAINED = "opening_unexplained"
    CHAIN_BROKEN = "chain_broken"
    BALANCE_DIFFERS = "balance_differs"


Side = Mapping[str, object]
"""One side of a difference as plain values; an amount is in minor units."""


@dataclass(frozen=True, slots=True)
class Difference:
    """The first thing in which both sides differ.

    Attributes:
        kind: What is wrong.
        position: Which entry in the order of posting, from 1; 0 where it is no entry.
        ours: As this till has it, or as it would follow; None for nothing.
        theirs: As the server has it; None for nothing.
    """

    kind: MismatchKind
    position: int
    ours: Side | None
    theirs: Side | None


@dataclass(frozen=True, slots=True)
class Figures:
    """A khata in figures: how many entries, their sums, where they lead, and the seal over every field of them."""

    entries: int
    debit: Money
    credit: Money
    balance: Money
    digest: bytes


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a proof came to.

    Attributes:
        moving: Whether the balance moved between both readings, so that nothing can be said: read again.
        difference: What is wrong; None for nothing.
    """

    moving: bool = False
    difference: Difference | None = None

    @property
    def proven(self) -> bool:
        """Whether both sides are the same."""
        return not self.moving and self.difference is None


@dataclass(frozen=True, slots=True)
class Known:
    """What this till knows of a khata before it is read again.

    Attributes:
        seen: The entries seen so far, in their order.
        acts: This till's acts on it.
        intact: Whether `seen` is as it was written down.
        settled_until: A person accepted whatever was posted until then; what came later must follow from it.
        balance: The server's balance as this till shows it; None where it is not to be looked at.
    """

    seen: Sequence[Entry]
    acts: Sequence[OwnAct] = ()
    intact: bool = True
    settled_until: datetime | None = None
    balance: Money | None = None


def sealed(seal: bytes, entry: Entry) -> bytes:
    """Return the seal of a khata with one entry more: no byte of an entry, and no order, can change under it."""
    content = [
        entry.remote_id,
        entry.direction.value,
        entry.amount.minor,
        entry.balance_after.minor,
        entry.description,
        entry.reference_id,
        _instant(entry.recorded_at),
        _instant(entry.occurred_at),
    ]
    line = canonical_json(content).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(seal + line, digest_size=32).digest()


def seal_of(entries: Sequence[Entry]) -> bytes:
    """Return the seal of entries in their order."""
    seal = NO_SEAL
    for entry in entries:
        seal = sealed(seal, entry)
    return seal


def figures_of(entries: Sequence[Entry], balance: Money) -> Figures:
    """Return a khata in figures.

    Args:
        entries: In their order.
        balance: Where they lead.
    """
    zero = Money(0, balance.currency)
    sums = {
        direction: sum((entry.amount for entry in entries if entry.direction is direction), zero)
        for direction in Direction
    }
    return Figures(len(entries), sums[Direction.DEBIT], sums[Direction.CREDIT], balance, seal_of(entries))


def prove(before: Money, theirs: Sequence[Entry], after: Money, known: Known) -> Verdict:
    """Compare a khata with what this till knows of it (research/sync, section 5.2).

    Args:
        before: Balance that the server told before its entries were read.
        theirs: Its entries.
        after: Balance that it told after them.
        known: What this till knows.
    """
    if before != after:
        return Verdict(moving=True)
    difference = compare(theirs, known)
    if difference is None and after not in ends_of(theirs, known.settled_until, after.currency):
        lines = posted(theirs)
        ours = lines[-1].balance_after if lines else Money(0, after.currency)
        difference = Difference(MismatchKind.BALANCE_DIFFERS, 0, {"balance": ours.minor}, {"balance": after.minor})
    return Verdict(difference=difference or _shown(theirs, after, known.balance))


def compare(theirs: Sequence[Entry], known: Known) -> Difference | None:
    """Return the first thing that is wrong with a khata as the server tells it; None for nothing.

    Args:
        theirs: The server's entries.
        known: What this till knows.
    """
    lines = posted(theirs)
    if not known.intact:
        return _changed_here(lines, known.seen)
    return _seen_before(lines, known) or _own_acts(lines, known) or _chain(lines, known.settled_until)


def missing(theirs: Sequence[Entry], acts: Sequence[OwnAct]) -> frozenset[str]:
    """Return the references of acts that the server took and does not show."""
    there = {entry.reference_id for entry in theirs}
    return frozenset(act.reference for act in acts if act.required and act.reference not in there)


def _changed_here(lines: Sequence[Entry], seen: Sequence[Entry]) -> Difference:
    kind = MismatchKind.MIRROR_CHANGED
    first = next(_differing(lines, seen, kind), None)
    if first is not None:
        return first
    ids = {entry.remote_id for entry in seen}
    for position, line in enumerate(lines, 1):
        if line.remote_id not in ids:
            return Difference(kind, position, None, _side(line))
    return Difference(kind, 0, None, None)


def _shown(theirs: Sequence[Entry], now: Money, shown: Money | None) -> Difference | None:
    """A balance shown here may be an earlier one, but it was the server's at some time."""
    if shown is None or shown in {now, Money(0, now.currency), *(entry.balance_after for entry in theirs)}:
        return None
    return Difference(MismatchKind.MIRROR_CHANGED, 0, {"balance": shown.minor}, {"balance": now.minor})


def _differing(lines: Sequence[Entry], seen: Sequence[Entry], gone: MismatchKind) -> Iterator[Difference]:
    """Yield what was seen and is gone, or is another now."""
    there = {line.remote_id: line for line in lines}
    changed = gone if gone is MismatchKind.MIRROR_CHANGED else MismatchKind.ENTRY_CHANGED
    for position, ours in enumerate(posted(seen), 1):
        theirs = there.get(ours.remote_id)
        if theirs is None:
            yield Difference(gone, position, _side(ours), None)
        elif sealed(NO_SEAL, ours) != sealed(NO_SEAL, theirs):
            yield Difference(changed, position, _side(ours, theirs), _side(theirs, ours))


def _seen_before(lines: Sequence[Entry], known: Known) -> Difference | None:
    """Return the first entry seen before that is gone or changed; an act of this till that is gone is named as one."""
    lost = missing(lines, known.acts)
    for difference in _differing(lines, known.seen, MismatchKind.SEEN_ENTRY_MISSING):
        reference = difference.ours["reference"] if difference.ours else None
        if difference.kind is MismatchKind.ENTRY_CHANGED or reference not in lost:
            return difference
    return None


def _own_acts(lines: Sequence[Entry], known: Known) -> Difference | None:
    until = known.settled_until
    standing: dict[str, list[int]] = {}
    for position, line in enumerate(lines):
        if line.reference_id is not None:
            standing.setdefault(line.reference_id, []).append(position)
    for act in known.acts:
        ours = {"reference": act.reference, **_moved(act.effect)}
        found = standing.get(act.reference, [])
        fresh = [at for at in found if until is None or lines[at].recorded_at > until]
        if not found and act.required:
            return Difference(MismatchKind.OWN_ACT_MISSING, 0, ours, None)
        if len(found) > 1 and fresh:
            return Difference(MismatchKind.OWN_ACT_TWICE, fresh[-1] + 1, ours, _side(lines[fresh[-1]]))
        for at in fresh:
            if effect_of(lines[at]) != act.effect:
                return Difference(MismatchKind.OWN_ACT_CHANGED, at + 1, ours, _side(lines[at]))
    return None


def _chain(lines: Sequence[Entry], until: datetime | None) -> Difference | None:
    """Return where a balance does not follow from the one before it; None where all do."""
    starts = starts_of(lines, until)
    for group in groups_of(lines, until):
        ends = through(group, starts)
        if not ends:
            return _break(lines, group, starts)
        starts = ends
    return None


def _break(lines: Sequence[Entry], group: Sequence[Entry], starts: AbstractSet[int]) -> Difference:
    balance = min(starts)
    for entry in group:
        expected = balance + effect_of(entry).minor
        if expected != entry.balance_after.minor:
            break
        balance = expected
    position = next(number for number, line in enumerate(lines, 1) if line is entry)
    opening = position == 1 and bool(through(group, {start_of(group)}))
    kind = MismatchKind.OPENING_UNEXPLAINED if opening else MismatchKind.CHAIN_BROKEN
    return Difference(kind, position, {**_side(entry), "balance_after": expected}, _side(entry))


def _instant(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat()


def _moved(effect: Money) -> dict[str, object]:
    direction = Direction.CREDIT if effect.minor > 0 else Direction.DEBIT
    return {"type": direction.value, "amount": abs(effect.minor)}


def _side(entry: Entry, other: Entry | None = None) -> dict[str, object]:
    """Return an entry as plain values; its words, which may name somebody, only where they differ."""
    side: dict[str, object] = {
        "id": entry.remote_id,
        "type": entry.direction.value,
        "amount": entry.amount.minor,
        "balance_after": entry.balance_after.minor,
        "reference": entry.reference_id,
        "recorded_at": _instant(entry.recorded_at),
        "occurred_at": _instant(entry.occurred_at),
    }
    if other is not None and other.description != entry.description:
        side["description"] = entry.description
    return side
