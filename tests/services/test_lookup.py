"""Finding a customer, and numbers that open to the lines that make them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from posapp.domain.ids import RemoteId
from posapp.domain.ledger import Direction
from posapp.domain.money import Money
from posapp.services.dto import LineState
from posapp.services.lookup import SeveralMatch, card, explain_balance, explain_points, find, ledger, the_one
from posapp.services.ports.remote import RemoteEntry
from posapp.services.till import UnknownCustomer
from tests.services.counter import EXTENDED, PLAIN, REMOTE, Counter, S, taka
from tests.support.book import START


def total(lines) -> Money:
    effects = [line.amount if line.direction is Direction.CREDIT else -line.amount for line in lines if line.counted]
    return sum(effects, taka(0))


def server_tells(counter: Counter, *entries: RemoteEntry, balance: int) -> None:
    assert counter.connection is not None
    connection = counter.connection.id
    counter.book.write(lambda session: session.mirror.replace_entries(connection, RemoteId(REMOTE), entries))
    counter.server_says(balance=balance)


def an_entry(name: str, amount: int, *, reference: str | None = None, days: int = 0, after: int = 0) -> RemoteEntry:
    direction = Direction.CREDIT if amount > 0 else Direction.DEBIT
    moment = START + timedelta(days=days)
    return RemoteEntry(name, direction, taka(abs(amount)), taka(after), name, reference, moment)


def test_one_is_named_or_nobody(counter: Counter) -> None:
    asha = counter.customer("Asha Devi", phone="01711-111111", card_code="C-1")
    other = counter.customer("Asha Khatun", phone="01711-222222")
    for text in (asha, "01711111111", "+8801711111111", "C-1", "devi"):
        assert the_one(counter.till, text) == asha
    with pytest.raises(UnknownCustomer):
        the_one(counter.till, "Rahima")
    with pytest.raises(SeveralMatch) as refused:
        the_one(counter.till, "asha")
    assert refused.value.params["count"] == 2
    assert {one.customer.id for one in find(counter.till, "asha").hits} == {asha, other}
    assert len(find(counter.till, "asha", limit=1).hits) == 1


def test_a_card_shows_whose_limit_counts(counter: Counter) -> None:
    counter.shop(credit_limit=taka(100))
    asha = counter.customer()
    counter.sell(asha, 500)
    shown = card(counter.till, asha)
    assert (shown.limit, shown.remote_id, len(shown.sales)) == (taka(100), None, 1)
    strict = counter.customer("Strict", credit_limit=taka(0))
    assert card(counter.till, strict).limit == taka(0)
    counter.gone(asha)
    assert card(counter.till, asha).standing.points == 5, "of one who was deleted too"
    counter.connect(EXTENDED)
    assert card(counter.till, counter.on_server()).remote_id == REMOTE
    for look in (card, explain_balance, explain_points, ledger):
        with pytest.raises(UnknownCustomer):
            look(counter.till, "nobody")


def test_a_balance_opens_to_its_lines(counter: Counter) -> None:
    counter.connect(EXTENDED)
    asha = counter.on_server(balance=-1000)
    sent = counter.enter(asha, "payment", 300)
    counter.enter(asha, "charge", 50)
    refused = counter.enter(asha, "charge", 70)
    counter.move(refused.operation.id, S.IN_FLIGHT, S.REJECTED)
    explained = explain_balance(counter.till, asha)
    assert explained.brought == taka(-1000), "nothing of the server's history was read"
    assert total(explained.lines) + explained.brought == explained.standing.balance == taka(-750)
    counter.move(sent.operation.id, S.IN_FLIGHT, S.CONFIRMED)
    server_tells(
        counter,
        an_entry("e1", -1000, days=-3, after=-1000),
        an_entry("e2", 300, reference=sent.operation.id, after=-700),
        balance=-700,
    )
    explained = explain_balance(counter.till, asha)
    assert explained.brought == taka(0)
    assert [(line.state, line.counted) for line in explained.lines] == [
        (LineState.SERVER, True),
        (LineState.CONFIRMED, True),
        (LineState.SAVED, True),
        (LineState.REJECTED, False),
    ]
    assert total(explained.lines) == explained.standing.balance == taka(-750)


def test_a_refused_act_that_the_server_holds_all_the_same_is_shown(counter: Counter) -> None:
    counter.connect(EXTENDED)
    asha = counter.on_server()
    made = counter.enter(asha, "payment", 300)
    counter.move(made.operation.id, S.IN_FLIGHT, S.REJECTED)
    server_tells(counter, an_entry("e1", 300, reference=made.operation.id, after=300), balance=300)
    explained = explain_balance(counter.till, asha)
    assert (explained.brought, explained.standing.balance) == (taka(0), taka(300))
    assert {(line.state, line.counted) for line in explained.lines} == {
        (LineState.REJECTED, False),
        (LineState.SERVER, True),
    }


def test_an_unknown_balance_explains_nothing_as_zero(counter: Counter) -> None:
    counter.connect(PLAIN)
    asha = counter.on_server(balance=None, points=None)
    counter.enter(asha, "payment", 300)
    explained = explain_balance(counter.till, asha)
    assert (explained.brought, explained.standing.balance, len(explained.lines)) == (None, None, 1)
    shown = ledger(counter.till, asha)
    assert (shown.opening, shown.closing) == (None, None)
    assert explain_points(counter.till, asha).brought is None


def test_points_open_to_their_movements(counter: Counter) -> None:
    counter.connect(EXTENDED)
    asha = counter.on_server(points=50)
    counter.redeem(asha, 20)
    counter.server_says(points=30)
    counter.sell(asha, 1000)
    refused = counter.sell(asha, 2000)
    counter.move(refused.sale.id, S.IN_FLIGHT, S.REJECTED)
    explained = explain_points(counter.till, asha)
    counted = sum(line.points for line in explained.lines if line.counted)
    assert explained.brought == 50
    assert explained.brought + counted == explained.standing.points == 40
    assert [(line.points, line.counted) for line in explained.lines] == [(-20, True), (10, True), (20, False)]


@pytest.mark.parametrize(
    ("period", "opening", "closing", "count"),
    [
        ((None, None), 0, -70, 3),
        ((date(2026, 2, 28), None), -100, -70, 2),
        ((None, date(2026, 2, 27)), 0, -100, 1),
        ((date(2026, 2, 28), date(2026, 2, 28)), -100, -50, 1),
        ((date(2026, 3, 2), date(2026, 3, 9)), -70, -70, 0),
    ],
)
def test_a_period_opens_and_closes(counter: Counter, period, opening, closing, count) -> None:
    asha = counter.customer()
    counter.enter(asha, "charge", 100, on=date(2026, 2, 27))
    counter.enter(asha, "payment", 50, on=date(2026, 2, 28))
    counter.enter(asha, "charge", 20)
    first, last = period
    shown = ledger(counter.till, asha, first=first, last=last)
    assert (shown.opening, shown.closing, len(shown.lines)) == (taka(opening), taka(closing), count)
    assert shown.opening is not None
    assert shown.opening + total(shown.lines) == shown.closing


def test_days_are_the_shops(counter: Counter) -> None:
    """21:00 UTC on the first is the second in Dhaka."""
    asha = counter.customer()
    counter.clock.advance(hours=12)
    counter.enter(asha, "charge", 100)
    assert len(ledger(counter.till, asha, first=date(2026, 3, 2)).lines) == 1
    counter.shop(time_zone="Europe/London")
    assert ledger(counter.till, asha, first=date(2026, 3, 2)).lines == []
