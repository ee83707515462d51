"""Whatever is chosen: the book verifies, no act is lost from sight, and an effect counts once or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from posapp.domain.ids import CustomerId, OperationId
from posapp.domain.operation import WAITING, OperationKind
from posapp.services.customers import edit_customer
from posapp.services.dto import OperationView
from posapp.services.ports.remote import Capabilities
from posapp.services.redemptions import RedemptionUnknown
from posapp.services.resolving.acts import MayStillArrive, written_by
from posapp.services.resolving.decision import Choice
from posapp.services.verification import verify_book
from tests.services.counter import EXTENDED, PLAIN, Counter, S, TickingClock, fresh
from tests.services.resolving.inbox import choose, offered, put_in_inbox, view_of
from tests.support.book import fresh_book

ACTS = ("charge", "payment", "sale on account", "redeem", "reversal", "edit", "create")
ENDS = {
    "rejected": (S.REJECTED, ("refused",)),
    "capability_gone": (S.NEEDS_HUMAN, ("refused", "ambiguous", None)),
    "unknown": (S.NEEDS_HUMAN, ("ambiguous", "refused")),
    "lost_effect": (S.NEEDS_HUMAN, ("ok",)),
    "customer_gone": (S.REJECTED, ("refused",)),
    "original_open": (S.NEEDS_HUMAN, (None,)),
}
"""How acts end in the inbox: in which state, after which attempts."""
CASES = [
    (act, kind)
    for act in ACTS
    for kind in ENDS
    if (kind != "original_open" or act in {"reversal", "sale on account"})
    and (act != "create" or kind not in {"customer_gone", "lost_effect"})
]
"""What the engine asks about which act."""
COUNTED = WAITING | {S.KEPT, S.CONFIRMED, S.NEEDS_HUMAN}


_numbers = count()


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counter]:
    """One till for all examples: each has customers of its own, and making a book takes longer than an example."""
    clock = TickingClock()
    with fresh_book(tmp_path_factory.mktemp("choices"), clock) as book:
        yield Counter(book, clock)


def on_server(counter: Counter, **numbers: int) -> CustomerId:
    number = next(_numbers)
    return counter.on_server(remote_id=f"r-{number}", name=f"Somebody {number}", **numbers)


def settle_left_overs(counter: Counter) -> None:
    """Close what an example that failed left open."""
    items = counter.book.read(lambda session: session.inbox.items())
    for item in items:
        counter.book.write(lambda session, one=item: session.inbox.resolve(one.id, "left over", counter.clock.now()))


def done(counter: Counter, act: str) -> OperationId:
    """Do something at the till and return its act, which waits to be sent."""
    if act == "create":
        customer = counter.customer("Nobody Known")
        counter.enter(customer, "payment", 700)
        return OperationId(customer)
    customer, act_id = on_server(counter, balance=-5000, points=100), fresh()
    if act == "sale on account":
        return counter.sell(customer, 4000, on_account=1500).recorded.operation.id
    if act == "redeem":
        counter.deliveries.answers = ["lose"]
        with pytest.raises(RedemptionUnknown):
            counter.redeem(customer, 30, operation_id=act_id)
        counter.move(act_id, S.PENDING)
        return act_id
    if act == "reversal":
        first = counter.enter(customer, "charge", 900).operation.id
        counter.move(first, S.IN_FLIGHT, S.CONFIRMED)
        return counter.reverse(first).operation.id
    if act == "edit":
        edit_customer(counter.till, operation_id=act_id, customer_id=customer, fields={"address": "Lane 4"})
        return act_id
    return counter.enter(customer, act, 800).operation.id


def effect_of(counter: Counter, operation_id: OperationId) -> tuple[int, int]:
    """What an act, or for a new customer what waits behind, moves of money and points."""
    if view_of(counter, operation_id).operation.kind is OperationKind.CUSTOMER_CREATE:
        return 700, 0
    written = counter.book.read(lambda session: written_by(session, operation_id))
    return sum(one.effect.minor for one in written.entries), sum(one.points for one in written.points)


def acts_of(counter: Counter, customer: CustomerId) -> Sequence[OperationView]:
    return counter.book.read(lambda session: session.operations.of_customer(customer, S))


def shown(counter: Counter, *customers: CustomerId) -> tuple[int, int]:
    """What this till adds to the server's figures, over some customers."""
    standings = [counter.standing(one) for one in customers]
    money = sum(one.unsent_balance.minor + one.kept_balance.minor for one in standings)
    return money, sum(one.unsent_points + one.kept_points for one in standings)


def expected(choice: Choice, act: str, effect: tuple[int, int]) -> tuple[int, int]:
    if choice is Choice.DROP:
        return 0, 0
    if choice in {Choice.WRITE_OFF, Choice.GOODWILL}:
        return 0, 0 if act == "redeem" else effect[1]
    return effect


@pytest.mark.parametrize(("act", "kind"), CASES)
def test_after_each_choice(shop: Counter, act: str, kind: str) -> None:
    outcome = ENDS[kind][1][-1]
    chosen: list[Choice] = []
    while choice := chosen_anew(shop, Case(act, kind, outcome=outcome), lambda open_ones: left(open_ones, chosen)):
        chosen.append(choice)
    assert Choice.DROP in chosen, "whatever it is, it can be dropped"
    assert verify_book(shop.till).faults == ()


def left(offered_now: list[Choice], chosen: list[Choice]) -> Choice | None:
    return next((choice for choice in offered_now if choice not in chosen), None)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(came=st.sampled_from(CASES), server=st.sampled_from([EXTENDED, PLAIN]), later=st.booleans(), data=st.data())
def test_after_any_choice(shop, came, server, later, data) -> None:
    act, kind = came
    outcome = data.draw(st.sampled_from(ENDS[kind][1]), "outcome")
    case = Case(act, kind, outcome, server, later)
    event(f"{chosen_anew(shop, case, lambda now: data.draw(st.sampled_from(now), 'choice'))} of {kind}")
    assert verify_book(shop.till).faults == ()


@dataclass(frozen=True, slots=True)
class Case:
    """An act that a person is asked about: how its last attempt ended, on which server, and whether a while ago."""

    act: str
    kind: str
    outcome: str | None
    server: Capabilities = EXTENDED
    later: bool = True


def chosen_anew(shop: Counter, case: Case, pick: Callable[[list[Choice]], Choice | None]) -> Choice | None:
    """Do an act, let it come before a person, choose, and hold the book against what must be so."""
    settle_left_overs(shop)
    shop.connect(EXTENDED)
    operation_id = done(shop, case.act)
    customer, effect = view_of(shop, operation_id).operation.customer_id, effect_of(shop, operation_id)
    shop.connect(case.server)
    state = S.NEEDS_HUMAN if case.act == "create" else ENDS[case.kind][0]
    item = put_in_inbox(shop, case.kind, operation_id, state=state, outcome=case.outcome)
    other = on_server(shop, balance=0, points=0)
    if case.later:
        shop.clock.advance(hours=1)
    choice = pick(sorted(offered(shop, item)))
    if choice is None:
        return None
    before = shown(shop, customer, other)
    try:
        choose(shop, item, choice, other if choice is Choice.LINK else "")
    except MayStillArrive:
        assert not case.later
        assert shop.inbox() == [case.kind]
        assert shown(shop, customer, other) == before
        return choice
    assert shop.inbox() == []
    assert shown(shop, customer, other) == expected(choice, case.act, effect)
    theirs = [view for one in (customer, other) for view in acts_of(shop, one)]
    family = [one for one in theirs if operation_id in {one.operation.id, one.operation.intent.get("again_of")}]
    assert sum(one.state in COUNTED for one in family) <= 1
    assert not [one for one in theirs if one.state is S.NEEDS_HUMAN]
    decisions = [one for one in theirs if one.operation.kind is OperationKind.RESOLUTION]
    assert [(one.state, one.operation.intent["choice"]) for one in decisions] == [(S.KEPT, choice)]
    return choice
