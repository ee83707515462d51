"""A khata in the order in which its server posted it: every balance follows from the one before.

Entries posted at the same time follow each other in an order that is not told, so any order that fits is right.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from itertools import groupby
from typing import Protocol

from posapp.domain.ledger import Direction, signed
from posapp.domain.money import Money


class Entry(Protocol):
    """A line of a khata as a server told it."""

    @property
    def remote_id(self) -> str:
        """The server's id of it."""
        ...

    @property
    def direction(self) -> Direction:
        """Which way it moves the balance."""
        ...

    @property
    def amount(self) -> Money:
        """Positive."""
        ...

    @property
    def balance_after(self) -> Money:
        """The balance that it led to."""
        ...

    @property
    def description(self) -> str:
        """What it is said to be."""
        ...

    @property
    def reference_id(self) -> str | None:
        """The act that wrote it."""
        ...

    @property
    def recorded_at(self) -> datetime:
        """When the server posted it."""
        ...

    @property
    def occurred_at(self) -> datetime | None:
        """When it happened."""
        ...


def posted(entries: Sequence[Entry]) -> list[Entry]:
    """Return entries in the order of their posting; equal times stay as they were told."""
    return sorted(entries, key=lambda entry: entry.recorded_at)


def effect_of(entry: Entry) -> Money:
    """Return what an entry adds to the balance."""
    return signed(entry.direction, entry.amount)


def balance_before(entry: Entry) -> int:
    """Return the balance, in minor units, that an entry must have followed."""
    return entry.balance_after.minor - effect_of(entry).minor


def ends_of(entries: Sequence[Entry], until: datetime | None, currency: str) -> set[Money]:
    """Return the balances to which entries that follow from each other may lead."""
    lines = posted(entries)
    ends: AbstractSet[int] = starts_of(lines, until)
    for group in groups_of(lines, until):
        ends = through(group, ends)
    return {Money(end, currency) for end in ends}


def starts_of(lines: Sequence[Entry], until: datetime | None) -> frozenset[int]:
    """Return the balances from which the first entry may follow: zero, or what a person accepted."""
    settled = [line for line in lines if until is not None and line.recorded_at <= until]
    if not settled:
        return frozenset({0})
    return frozenset(line.balance_after.minor for line in settled if line.recorded_at == settled[-1].recorded_at)


def groups_of(lines: Sequence[Entry], until: datetime | None) -> Iterator[list[Entry]]:
    """Yield the entries that were posted at the same time, for their order among each other is not told."""
    fresh = (line for line in lines if until is None or line.recorded_at > until)
    for _, group in groupby(fresh, key=lambda line: line.recorded_at):
        yield list(group)


def through(group: Sequence[Entry], starts: AbstractSet[int]) -> frozenset[int]:
    """Return where entries lead that follow from each other in some order, from any of these balances.

    An entry is an edge from the balance before it to the one after: the order is an Eulerian trail, found in linear
    time however many entries there are (Hierholzer).
    """
    if len(group) == 1:
        return frozenset(_after(entry) for entry in group if balance_before(entry) in starts)
    ends = (_trail_end(group, start) for start in starts)
    return frozenset(end for end in ends if end is not None)


def start_of(group: Sequence[Entry]) -> int:
    """Return the one balance from which entries may follow from each other; any of theirs where they lead back."""
    ahead = (balance for balance, count in _surplus(group).items() if count > 0)
    return next(ahead, balance_before(group[0]))


def _trail_end(group: Sequence[Entry], start: int) -> int | None:
    out: dict[int, list[int]] = {}
    for entry in reversed(group):
        out.setdefault(balance_before(entry), []).append(_after(entry))
    stack, trail = [start], []
    while stack:
        onward = out.get(stack[-1])
        if onward:
            stack.append(onward.pop())
        else:
            trail.append(stack.pop())
    return trail[0] if len(trail) == len(group) + 1 and _degrees_fit(group, start, trail[0]) else None


def _surplus(group: Sequence[Entry]) -> dict[int, int]:
    """Return how much oftener each balance is left than reached; none where both are the same."""
    surplus: dict[int, int] = {}
    for entry in group:
        surplus[balance_before(entry)] = surplus.get(balance_before(entry), 0) + 1
        surplus[_after(entry)] = surplus.get(_after(entry), 0) - 1
    return {balance: count for balance, count in surplus.items() if count}


def _degrees_fit(group: Sequence[Entry], start: int, end: int) -> bool:
    """Return whether every balance is left as often as it is reached, but for the first and the last."""
    return _surplus(group) == ({} if start == end else {start: 1, end: -1})


def _after(entry: Entry) -> int:
    return entry.balance_after.minor
