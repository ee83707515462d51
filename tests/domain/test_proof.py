"""A khata is proven only where nothing was added, dropped, altered or swapped; an honest one is proven always."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posapp.domain.ledger import Direction, signed
from posapp.domain.money import Money
from posapp.domain.posting import ends_of
from posapp.domain.proof import (
    Difference,
    Known,
    MismatchKind,
    OwnAct,
    Verdict,
    compare,
    figures_of,
    missing,
    prove,
    seal_of,
)
from posapp.services.ports.remote import RemoteEntry

START = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
KIND = MismatchKind


def rupees(minor: int) -> Money:
    return Money(minor, "INR")


def line(number: int, effect: int, balance: int, *, at: int | None = None, reference: str | None = None) -> RemoteEntry:
    moment = START + timedelta(seconds=number if at is None else at)
    direction = Direction.CREDIT if effect > 0 else Direction.DEBIT
    return RemoteEntry(f"e{number}", direction, rupees(abs(effect)), rupees(balance), "", reference, moment, moment)


def khata(*effects: int, times: Sequence[int] | None = None, start: int = 0) -> list[RemoteEntry]:
    lines, balance = [], start
    for number, effect in enumerate(effects):
        balance += effect
        lines.append(line(number, effect, balance, at=times[number] if times else None))
    return lines


def last(entries: Sequence[RemoteEntry]) -> Money:
    return entries[-1].balance_after if entries else rupees(0)


def proof(entries: Sequence[RemoteEntry], known: Known, balance: Money | None = None) -> Verdict:
    told = last(entries) if balance is None else balance
    return prove(told, entries, told, known)


def kind_of(verdict: Verdict) -> MismatchKind | None:
    return verdict.difference.kind if verdict.difference else None


EFFECTS = st.integers(-500, 500).filter(bool)


@st.composite
def honest(draw: st.DrawFn, *, least: int = 0) -> list[RemoteEntry]:
    """A khata as a server posted it, several at one moment, told in any order inside a moment."""
    effects = draw(st.lists(EFFECTS, min_size=least, max_size=12))
    steps = draw(st.lists(st.integers(0, 2), min_size=len(effects), max_size=len(effects)))
    times, now = [], 0
    for step in steps:
        now += step
        times.append(now)
    lines = khata(*effects, times=times)
    order = draw(st.permutations(lines))
    return sorted(order, key=lambda entry: entry.recorded_at)


@given(honest(), st.integers(0, 12))
def test_an_honest_khata_is_proven_however_much_of_it_was_seen(entries: list[RemoteEntry], seen: int) -> None:
    balance = rupees(sum(signed(one.direction, one.amount).minor for one in entries))
    earlier = sorted(entries, key=lambda entry: int(entry.remote_id[1:]))[:seen]
    verdict = prove(balance, entries, balance, Known(earlier))
    assert verdict == Verdict()
    assert verdict.proven


@given(honest(least=1), st.data())
def test_any_own_acts_among_the_others_entries_are_found_there(entries: list[RemoteEntry], data: st.DataObject) -> None:
    ours = data.draw(st.sets(st.sampled_from(entries), min_size=1))
    told = [replace(one, reference_id=f"op-{one.remote_id}") if one in ours else one for one in entries]
    acts = [OwnAct(f"op-{one.remote_id}", signed(one.direction, one.amount)) for one in ours]
    assert compare(told, Known((), acts)) is None
    lost = data.draw(st.sampled_from(acts))
    left = [one for one in told if one.reference_id != lost.reference]
    assert missing(left, acts) == {lost.reference}


CHANGES: dict[str, Callable[[RemoteEntry], RemoteEntry]] = {
    "amount": lambda entry: replace(entry, amount=entry.amount + rupees(1)),
    "direction": lambda entry: replace(entry, direction=entry.direction.opposite),
    "balance_after": lambda entry: replace(entry, balance_after=entry.balance_after + rupees(1)),
    "description": lambda entry: replace(entry, description="another"),
    "reference": lambda entry: replace(entry, reference_id="another"),
    "recorded_at": lambda entry: replace(entry, recorded_at=entry.recorded_at + timedelta(microseconds=1)),
    "occurred_at": lambda entry: replace(entry, occurred_at=None),
    "id": lambda entry: replace(entry, remote_id="another"),
}


def altered(entry: RemoteEntry, how: str) -> RemoteEntry:
    return CHANGES[how](entry)


FIELDS = tuple(CHANGES)


@given(honest(least=1), st.data(), st.sampled_from(FIELDS))
def test_an_altered_entry_of_the_server_is_found(entries: list[RemoteEntry], data: st.DataObject, how: str) -> None:
    at = data.draw(st.integers(0, len(entries) - 1))
    told = [*entries[:at], altered(entries[at], how), *entries[at + 1 :]]
    balance = rupees(sum(signed(one.direction, one.amount).minor for one in entries))
    found = kind_of(prove(balance, told, balance, Known(entries)))
    assert found in {KIND.ENTRY_CHANGED, KIND.SEEN_ENTRY_MISSING}


@given(honest(least=1), st.data())
def test_a_dropped_entry_of_the_server_is_found(entries: list[RemoteEntry], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(entries) - 1))
    balance = rupees(sum(signed(one.direction, one.amount).minor for one in entries))
    verdict = prove(balance, entries[:at] + entries[at + 1 :], balance, Known(entries))
    assert kind_of(verdict) is KIND.SEEN_ENTRY_MISSING
    assert verdict.difference is not None
    assert verdict.difference.theirs is None
    assert verdict.difference.ours is not None
    assert verdict.difference.ours["id"] == entries[at].remote_id


@given(honest(), st.data(), EFFECTS, st.integers(-800, 800), st.booleans())
def test_an_added_entry_of_the_server_is_found(
    entries: list[RemoteEntry], data: st.DataObject, effect: int, balance_after: int, seen: bool
) -> None:
    at = data.draw(st.integers(0, len(entries)))
    moment = data.draw(st.integers(-1, 30))
    told = [*entries[:at], line(99, effect, balance_after, at=moment), *entries[at:]]
    balance = rupees(sum(signed(one.direction, one.amount).minor for one in entries))
    verdict = prove(balance, told, balance, Known(entries if seen else ()))
    assert kind_of(verdict) in {KIND.CHAIN_BROKEN, KIND.OPENING_UNEXPLAINED, KIND.BALANCE_DIFFERS}


@given(honest(least=2), st.data(), st.sampled_from(["times", "content", "ids"]))
def test_two_swapped_entries_of_the_server_are_found(
    entries: list[RemoteEntry], data: st.DataObject, what: str
) -> None:
    first = data.draw(st.integers(0, len(entries) - 2))
    one, other = entries[first], entries[data.draw(st.integers(first + 1, len(entries) - 1))]
    if what == "times":
        pair = replace(one, recorded_at=other.recorded_at), replace(other, recorded_at=one.recorded_at)
    elif what == "ids":
        pair = replace(one, remote_id=other.remote_id), replace(other, remote_id=one.remote_id)
    else:
        pair = replace(other, remote_id=one.remote_id), replace(one, remote_id=other.remote_id)
    told = [pair[0] if entry is one else pair[1] if entry is other else entry for entry in entries]
    unchanged = set(told) == set(entries)
    balance = rupees(sum(signed(entry.direction, entry.amount).minor for entry in entries))
    assert prove(balance, told, balance, Known(entries)).proven == unchanged


@given(honest(least=1), st.data())
def test_a_change_of_what_was_seen_is_named_beside_the_servers(entries: list[RemoteEntry], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(entries) - 1))
    mine = [*entries[:at], altered(entries[at], data.draw(st.sampled_from(FIELDS[:-1]))), *entries[at + 1 :]]
    assert seal_of(mine) != seal_of(entries)
    verdict = proof(entries, Known(mine, intact=False))
    assert kind_of(verdict) is KIND.MIRROR_CHANGED
    assert verdict.difference is not None
    assert verdict.difference.ours != verdict.difference.theirs


@given(honest(least=1), st.data())
def test_the_seal_is_over_every_entry_and_their_order(entries: list[RemoteEntry], data: st.DataObject) -> None:
    other = data.draw(st.permutations(entries))
    assert (seal_of(other) == seal_of(entries)) == (list(other) == entries)
    assert seal_of(entries[:-1]) != seal_of(entries)


def test_a_dropped_and_an_added_row_of_the_mirror_are_named() -> None:
    entries = khata(-900, 400)
    dropped = proof(entries, Known(entries[1:], intact=False)).difference
    assert dropped is not None
    assert (dropped.ours, dropped.theirs and dropped.theirs["id"]) == (None, "e0")
    added = proof(entries, Known([*entries, line(9, 5, 5)], intact=False)).difference
    assert added is not None
    assert (added.ours and added.ours["id"], added.theirs) == ("e9", None)
    order = proof(entries, Known(entries[::-1], intact=False)).difference
    assert order == Difference(KIND.MIRROR_CHANGED, 0, None, None)


def test_a_balance_that_moves_says_nothing() -> None:
    entries = khata(-900)
    assert prove(rupees(0), entries, rupees(-900), Known(())) == Verdict(moving=True)


def test_a_balance_that_the_entries_do_not_lead_to_is_named() -> None:
    found = proof(khata(-900, 400), Known(()), rupees(-700)).difference
    assert found == Difference(KIND.BALANCE_DIFFERS, 0, {"balance": -500}, {"balance": -700})
    assert kind_of(proof([], Known(()), rupees(5))) is KIND.BALANCE_DIFFERS


def test_an_opening_that_nothing_explains_is_named_and_can_be_settled() -> None:
    entries = khata(-100, 50, start=-1000)
    found = proof(entries, Known(())).difference
    assert found is not None
    assert (found.kind, found.position) == (KIND.OPENING_UNEXPLAINED, 1)
    assert found.ours is not None
    assert (found.ours["balance_after"], found.theirs and found.theirs["balance_after"]) == (-100, -1100)
    settled = Known(entries, settled_until=entries[-1].recorded_at)
    assert proof(entries, settled).proven
    assert proof([*entries, line(7, -50, -1100)], settled).proven
    assert kind_of(proof([*entries, line(7, -50, -1101)], settled)) is KIND.CHAIN_BROKEN


def test_a_broken_chain_is_named_where_it_breaks() -> None:
    entries = khata(-900, 400, -100)
    entries[1] = replace(entries[1], balance_after=rupees(-400))
    found = proof(entries, Known(())).difference
    assert found is not None
    assert (found.kind, found.position) == (KIND.CHAIN_BROKEN, 2)
    assert found.ours is not None
    assert (found.ours["balance_after"], found.theirs and found.theirs["balance_after"]) == (-500, -400)


def test_own_acts_stand_there_once_as_they_were_meant() -> None:
    acts = [OwnAct("op", rupees(400)), OwnAct("maybe", rupees(-5), required=False)]
    once = [line(0, -900, -900), line(1, 400, -500, reference="op")]
    assert proof(once, Known((), acts)).proven
    assert kind_of(proof(once[:1], Known((), acts))) is KIND.OWN_ACT_MISSING
    twice = [*once, line(2, 400, -100, reference="op")]
    assert kind_of(proof(twice, Known((), acts))) is KIND.OWN_ACT_TWICE
    assert proof(twice, Known(twice, acts, settled_until=twice[-1].recorded_at)).proven
    other = [once[0], line(1, 300, -600, reference="op")]
    assert kind_of(proof(other, Known((), acts))) is KIND.OWN_ACT_CHANGED


def test_an_own_entry_that_is_gone_is_an_own_act_missing() -> None:
    seen = [line(0, -900, -900), line(1, 400, -500, reference="op")]
    acts = [OwnAct("op", rupees(400))]
    assert kind_of(proof(seen[:1], Known(seen, acts))) is KIND.OWN_ACT_MISSING
    assert kind_of(proof([], Known(seen, acts))) is KIND.SEEN_ENTRY_MISSING


def test_words_stand_in_a_difference_only_where_they_differ() -> None:
    entries = khata(-900, 400)
    told = [replace(entries[0], description="rice"), entries[1]]
    found = proof(told, Known(entries)).difference
    assert found is not None
    assert found.theirs is not None
    assert found.theirs["description"] == "rice"
    gone = proof(told[1:], Known(told)).difference
    assert gone is not None
    assert gone.ours is not None
    assert "description" not in gone.ours


def test_the_figures_of_a_khata() -> None:
    entries = khata(-900, 400, -100)
    figures = figures_of(entries, rupees(-600))
    assert (figures.entries, figures.debit, figures.credit) == (3, rupees(1000), rupees(400))
    assert (figures.balance, figures.digest) == (rupees(-600), seal_of(entries))


@pytest.mark.parametrize("alike", [True, False])
def test_many_entries_of_one_moment_are_ordered_in_no_time(alike: bool) -> None:
    effects = [(-1) ** number * (1 if alike else number + 1) for number in range(5000)]
    entries = khata(*effects, times=[0] * len(effects))
    mixed = entries[::2] + entries[1::2]
    assert compare(mixed, Known(())) is None
    broken = [replace(entries[2500], balance_after=rupees(10**7)), *entries[:2500], *entries[2501:]]
    assert kind_of(proof(broken, Known(()))) in {KIND.CHAIN_BROKEN, KIND.OPENING_UNEXPLAINED}


@given(st.lists(st.tuples(st.integers(-3, 3), st.integers(-3, 3)).filter(lambda pair: pair[0] != pair[1]), max_size=5))
def test_an_order_is_found_exactly_where_one_fits(edges: list[tuple[int, int]]) -> None:
    """Against trying all orders."""
    entries = [line(number, to - before, to, at=0) for number, (before, to) in enumerate(edges)]
    fits = any(
        all(first[1] == second[0] for first, second in pairwise([(0, 0), *order])) for order in permutations(edges)
    )
    assert bool(ends_of(entries, None, "INR")) == fits
