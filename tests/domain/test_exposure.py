"""Points given without the server: the loss is never above the figure, whatever tills and other channels do."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posapp.domain.errors import DomainError
from posapp.domain.exposure import (
    Exposure,
    Known,
    RiskAboveRoom,
    RiskNeedsManager,
    RiskOff,
    RiskTerms,
    RiskTooOften,
    RiskTooOld,
    check_room,
    given_at_risk,
    room,
    share_of,
    still_allowed,
)
from posapp.domain.money import Money

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
TERMS = RiskTerms(tills=2, cap=40, soft=10, count=3, total=100, age=timedelta(hours=24))
WORTH = 10
CUSTOMERS = ("Asha", "Bela")


def known(points: int = 200, *, pending: int = 0, acts: int = 0, hours: float = 1) -> Known:
    return Known("Asha", points, NOON - timedelta(hours=hours), pending, acts)


def test_each_bound_is_told_with_what_would_be_possible() -> None:
    assert (
        room(TERMS, known(), outstanding=0, now=NOON).most,
        room(TERMS, known(60), outstanding=0, now=NOON).most,
    ) == (
        40,
        30,
    )
    assert room(TERMS, known(61, pending=7), outstanding=0, now=NOON).most == 23
    assert room(TERMS, known(), outstanding=95, now=NOON).most == 5
    assert room(TERMS, known(-5), outstanding=0, now=NOON).most == 0
    assert room(TERMS, known(), outstanding=0, now=NOON).free == 10
    assert room(TERMS, known(acts=1), outstanding=0, now=NOON).free == 0
    with pytest.raises(RiskTooOften):
        room(TERMS, known(acts=3), outstanding=0, now=NOON)
    with pytest.raises(RiskTooOld):
        room(TERMS, known(hours=24.01), outstanding=0, now=NOON)
    with pytest.raises(RiskTooOld):
        room(TERMS, Known("Asha", 200, None, 0, 0), outstanding=0, now=NOON)
    with pytest.raises(RiskOff):
        room(RiskTerms(0, 40, 10, 3, 100, timedelta(1)), known(), outstanding=0, now=NOON)


def test_soft_limits_ask_and_hard_ones_refuse() -> None:
    found = room(TERMS, known(), outstanding=0, now=NOON)
    check_room(found, 10, name="Asha", approved=False)
    with pytest.raises(RiskNeedsManager):
        check_room(found, 11, name="Asha", approved=False)
    check_room(found, 40, name="Asha", approved=True)
    with pytest.raises(RiskAboveRoom):
        check_room(found, 41, name="Asha", approved=True)


def test_what_is_still_allowed_stops_at_each_bound() -> None:
    assert still_allowed(TERMS, [(30, 0), (5, 2)], outstanding=0) == 35
    assert still_allowed(TERMS, [(500, 2)], outstanding=0) == 40, "one act is left, and an act is at most 40"
    assert still_allowed(TERMS, [(500, 3), (-4, 0)], outstanding=0) == 0
    assert still_allowed(TERMS, [(500, 0)] * 5, outstanding=30) == 70
    assert still_allowed(TERMS, [(500, 0)], outstanding=130) == 0


def test_an_act_says_by_itself_or_by_its_delivery_that_it_is_at_risk() -> None:
    noted: dict[str, object] = {"at_risk": True, "given": 70}
    assert (given_at_risk(noted, {}), given_at_risk({}, noted), given_at_risk({}, {"given": 7})) == (70, 70, None)


@given(points=st.integers(-5, 10_000), tills=st.integers(1, 100))
def test_shares_never_add_up_to_more_than_there_is(points: int, tills: int) -> None:
    assert share_of(points, tills) * tills <= max(points, 0)


@pytest.mark.parametrize("tills", [1, 2, 3, 4, 5])
def test_tills_with_the_same_figure_never_give_more_than_there_is(tills: int) -> None:
    """Every amount that each of K ≤ 5 tills may give, in every combination, for every P ≤ 14 (fault row 44)."""
    terms = RiskTerms(tills=tills, cap=99, soft=99, count=99, total=99, age=timedelta(hours=24))
    for points in range(15):
        reach = {0}
        frontier = {0}
        while frontier:
            frontier = {
                spent + amount
                for spent in frontier
                for amount in range(1, room(terms, known(points, pending=spent), outstanding=spent, now=NOON).most + 1)
            } - reach
            reach |= frontier
        assert max(map(sum, product(reach, repeat=tills))) == tills * (points // tills) <= points


@dataclass
class ModelTill:
    """A till as the rules see it: figures of its own age, acts whose end is open."""

    terms: RiskTerms
    now: datetime = NOON
    points: dict[str, int] = field(default_factory=dict)
    as_of: dict[str, datetime] = field(default_factory=dict)
    waiting: list[tuple[str, int, int]] = field(default_factory=list)
    refused: list[tuple[str, int, int]] = field(default_factory=list)

    def read(self, server: dict[str, int]) -> None:
        self.points, self.as_of = dict(server), dict.fromkeys(server, self.now)

    @property
    def open(self) -> list[tuple[str, int, int]]:
        return self.waiting + self.refused

    def pending(self, name: str) -> int:
        return sum(points for who, points, _ in self.open if who == name)

    def acts(self, name: str) -> int:
        return sum(who == name for who, _, _ in self.open)

    def outstanding(self) -> int:
        return sum(points for _, points, _ in self.open)

    def room(self, name: str) -> int:
        about = Known(name, self.points[name], self.as_of[name], self.pending(name), self.acts(name))
        try:
            return room(self.terms, about, outstanding=self.outstanding(), now=self.now).most
        except DomainError:
            return 0

    def give(self, name: str, points: int, given_: int) -> None:
        if 0 < points <= self.room(name):
            self.waiting.append((name, points, given_))

    def send(self, server: dict[str, int]) -> bool:
        """Send the oldest act; return whether the server agreed."""
        name, points, given_ = self.waiting.pop(0)
        if server[name] < points:
            self.refused.append((name, points, given_))
            return False
        server[name] -= points
        self.points[name], self.as_of[name] = server[name], self.now
        return True

    def figure(self) -> Exposure:
        lefts = [
            (share_of(points, self.terms.tills) - self.pending(name), self.acts(name))
            for name, points in self.points.items()
            if self.now - self.as_of[name] <= self.terms.age
        ]
        allowed = still_allowed(self.terms, lefts, outstanding=self.outstanding())
        return Exposure(Money(sum(given for *_, given in self.open), "INR"), Money(allowed * WORTH, "INR"))


def take_step(till: ModelTill, server: dict[str, int], what: str, name: str, amount: int) -> bool:
    """Let something happen; return whether the till heard the server, or a person settled a loss."""
    if what == "read":
        till.read(server)
    elif what == "give":
        till.give(name, amount, amount * WORTH - amount % 7)
    elif what == "give_all":
        most = till.room(name)
        till.give(name, most, most * WORTH)
    elif what == "send" and till.waiting:
        return till.send(server)
    elif what == "spend":
        server[name] -= min(amount, server[name])
    elif what == "spend_all":
        server[name] = 0
    elif what == "earn":
        server[name] += amount
    elif what == "settle":
        till.refused.clear()
    elif what == "wait":
        till.now += timedelta(hours=amount)
    return what in {"read", "settle"}


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["read", "give", "give_all", "send", "send", "spend", "spend_all", "earn", "settle", "wait"]),
        st.integers(0, 3),
        st.sampled_from(CUSTOMERS),
        st.integers(1, 20),
    ),
    min_size=20,
    max_size=60,
)


@settings(max_examples=400)
@given(
    tills=st.integers(1, 4),
    caps=st.tuples(st.integers(1, 20), st.integers(1, 4), st.integers(1, 40)),
    points=st.tuples(st.integers(0, 60), st.integers(0, 60)),
    steps=STEPS,
)
def test_the_loss_is_never_above_the_figure(
    tills: int, caps: tuple[int, int, int], points: tuple[int, int], steps: list[tuple[str, int, str, int]]
) -> None:
    """In any interleaving, with figures of any age, while others spend and earn at the server."""
    cap, count, total = caps
    terms = RiskTerms(tills=tills, cap=cap, soft=cap, count=count, total=total, age=timedelta(hours=24))
    server = dict(zip(CUSTOMERS, points, strict=True))
    shop = [ModelTill(terms) for _ in range(tills)]
    for till in shop:
        till.read(server)
    begun = [till.figure().total.minor for till in shop]
    for what, number, name, amount in steps:
        at = number % tills
        till, before = shop[at], shop[at].figure().total.minor
        heard = take_step(till, server, what, name, amount)
        shown = till.figure().total.minor
        assert heard or shown <= before, "only the server's word, or a person who settles, raises the figure"
        begun[at] = shown if heard else begun[at]
        lost = sum(given_ for *_, given_ in till.refused)
        assert lost <= min(shown, begun[at]), "a loss is never above the figure, now or when the outage began"
        assert min(server.values()) >= 0
    assert sum(given_ for till in shop for *_, given_ in till.refused) <= sum(begun)


@given(tills=st.integers(1, 5), points=st.integers(0, 200), steps=STEPS)
def test_nothing_is_lost_while_nobody_else_spends(
    tills: int, points: int, steps: list[tuple[str, int, str, int]]
) -> None:
    """Tills that start from the same figure and only give: every redemption is agreed to afterwards, in any order."""
    terms = RiskTerms(tills=tills, cap=60, soft=60, count=9, total=500, age=timedelta(hours=24))
    server = dict.fromkeys(CUSTOMERS, points)
    shop = [ModelTill(terms) for _ in range(tills)]
    for till in shop:
        till.read(server)
    for _, number, name, amount in steps:
        shop[number % tills].give(name, amount, amount * WORTH)
    for till in reversed(shop):
        for who, asked, _ in till.waiting:
            server[who] -= asked
            assert server[who] >= 0
