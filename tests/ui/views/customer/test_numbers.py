"""What the figures of a card say: direction in words, parts by where they come from, unknown never as zero."""

from __future__ import annotations

from datetime import timedelta

from posapp.domain.ids import CustomerId
from posapp.domain.operation import OperationState
from posapp.locale.translator import Translator
from posapp.services.lookup import card
from posapp.ui.theme.tokens import Tone
from posapp.ui.views.customer.numbers import Shown, Teller, What
from tests.services.counter import Counter, taka


def figures(counter: Counter, customer_id: CustomerId) -> dict[What, Shown]:
    shop = counter.book.read(lambda session: session.settings.shop())
    return Teller(Translator("en"), shop, counter.clock.now()).figures(card(counter.till, customer_id))


def words(shown: Shown) -> list[str]:
    return [text for text, _ in shown.lines]


def test_a_balance_is_told_by_its_parts(counter: Counter) -> None:
    counter.connect()
    asha = counter.on_server(balance=-400_000)
    counter.server_says(balance=-400_000, points=0)
    counter.enter(asha, "charge", 50_000)
    kept = counter.enter(asha, "payment", 20_000, confirmed=True)
    counter.move(kept.operation.id, OperationState.KEPT)
    shown = figures(counter, asha)[What.BALANCE]
    assert (shown.caption, shown.value, shown.tone) == ("You will get", "৳4,300.00", Tone.BAD)
    clock = f"{counter.book.read(lambda session: session.settings.shop()).at(counter.clock.now()):%H:%M}"
    assert words(shown) == [
        f"owes ৳4,000.00 · confirmed at {clock}",
        "owes ৳500.00 more · not sent yet",
        "owes ৳200.00 less · kept on this till",
    ]


def test_nothing_unknown_looks_like_a_number(counter: Counter) -> None:
    counter.connect()
    counter.shop(credit_limit=taka(500_000))
    asha = counter.on_server(balance=None, points=None)
    for shown in figures(counter, asha).values():
        assert shown.value == "not fetched yet"
        assert shown.tone is Tone.MUTED
        assert shown.part is None


def test_points_and_their_worth(counter: Counter) -> None:
    counter.connect()
    asha = counter.on_server(points=1_240)
    counter.server_says(points=1_240, balance=0)
    counter.sell(asha, 10_000, offline=True)
    shown = figures(counter, asha)[What.POINTS]
    assert shown.value == "1,340"
    assert words(shown)[:2] == ["worth ৳134.00", "100 earned · not sent yet"]
    assert words(shown)[2].startswith("1,240 · confirmed at ")


def test_credit_by_a_limit_without_one_and_with_none(counter: Counter) -> None:
    asha = counter.customer()
    assert figures(counter, asha)[What.CREDIT].value == "no limit"
    counter.shop(credit_limit=taka(500_000))
    counter.enter(asha, "charge", 450_000)
    shown = figures(counter, asha)[What.CREDIT]
    assert (shown.caption, shown.value, words(shown)) == ("Left of ৳5,000.00", "৳500.00", ["৳4,500.00 used"])
    assert shown.part == 0.9
    counter.shop(credit_limit=taka(400_000))
    over = figures(counter, asha)[What.CREDIT]
    assert (over.value, over.lines) == ("৳0.00", (("৳500.00 over the limit", Tone.BAD),))
    counter.shop(credit_limit=taka(0))
    none = figures(counter, asha)[What.CREDIT]
    assert (none.value, words(none)) == ("no credit", ["৳4,500.00 is owed all the same"])


def test_what_is_overdue_and_how_old_it_is(counter: Counter) -> None:
    asha = counter.customer()
    shop = counter.book.read(lambda session: session.settings.shop())
    today = shop.day_of(counter.clock.now())
    assert figures(counter, asha)[What.AGEING] == Shown("Overdue", "nothing", Tone.NORMAL)
    counter.enter(asha, "charge", 120_000, on=today - timedelta(days=43))
    counter.enter(asha, "charge", 330_000)
    shown = figures(counter, asha)[What.AGEING]
    assert (shown.value, shown.tone) == ("৳1,200.00", Tone.BAD)
    assert words(shown) == ["oldest 43 days past due", "৳3,300.00 not due yet"]
