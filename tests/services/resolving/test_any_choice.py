"""Whatever is chosen: the book verifies, no act is lost from sight, and an effect counts once or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from posapp.domain.ids import CustomerId, OperationId
from posapp.domain.operation import WAITING, OperationKind
from posapp.services.customers import edit_customer
from posapp.services.redemptions import RedemptionUnknown
from posapp.services.resolving.acts import MayStillArrive, written_by
from posapp.services.resolving.decision import Choice
from posapp.services.verification import verify_book
from tests.services.counter import EXTENDED, PLAIN, Counter, S, TickingClock, fresh
from tests.services.resolving.inbox import choose, everything, offered, put_in_inbox, view_of
from tests.support.book import fresh_book

ACTS = ("charge", "payment", "return", "opening", "sale", "sale on account", "redeem", "reversal", "edit", "create")
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
    if (kind != "original_open" or act in {"reversal", "sale", "sale on account"})
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
    if act.startswith("sale"):
        on_account = 1500 if act.endswith("account") else 0
        return counter.sell(customer, 4000, on_account=on_account).recorded.operation.id
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


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    came=st.sampled_from(CASES),
    server=st.sampled_from([EXTENDED, PLAIN]),
    later=st.booleans(),
    data=st.data(),
)
def test_after_any_choice(shop, came, server, later, data) -> None:
    act, kind = came
    settle_left_overs(shop)
    shop.connect(EXTENDED)
    operation_id = done(shop, act)
    customer, effect = view_of(shop, operation_id).operation.customer_id, effect_of(shop, operation_id)
    shop.connect(server)
    state, outcomes = ENDS[kind]
    state = S.NEEDS_HUMAN if act == "create" else state
    outcome = data.draw(st.sampled_from(outcomes), "outcome")
    item = put_in_inbox(shop, kind, operation_id, state=state, outcome=outcome)
    other = on_server(shop, balance=0, points=0)
    if later:
        shop.clock.advance(hours=1)
    choice = data.draw(st.sampled_from(sorted(offered(shop, item))), "choice")
    event(f"{choice} of {kind}")
    before = shown(shop, customer, other)
    try:
        choose(shop, item, choice, other if choice is Choice.LINK else "")
    except MayStillArrive:
        assert not later
        assert shop.inbox() == [kind]
        assert shown(shop, customer, other) == before
        return
    assert shop.inbox() == []
    assert shown(shop, customer, other) == expected(choice, act, effect)
    theirs = [view for view in everything(shop) if view.operation.customer_id in {customer, other}]
    family = [one for one in theirs if operation_id in {one.operation.id, one.operation.intent.get("again_of")}]
    assert sum(one.state in COUNTED for one in family) <= 1
    assert not [one for one in theirs if one.state is S.NEEDS_HUMAN]
    decisions = [one for one in theirs if one.operation.kind is OperationKind.RESOLUTION]
    assert [(one.state, one.operation.intent["choice"]) for one in decisions] == [(S.KEPT, choice)]
    assert verify_book(shop.till).faults == ()
