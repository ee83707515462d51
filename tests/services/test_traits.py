"""What a server says of a customer reaches the card and the hits; a blacklist asks for the manager."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from posapp.domain.customer import Profile
from posapp.domain.ids import CustomerId
from posapp.domain.operation import OperationKind, OperationState
from posapp.domain.segments import Segment
from posapp.locale.translator import Translator
from posapp.services.at_risk import redeem_at_risk
from posapp.services.khata import EntryForm, preview_entry, record_entry
from posapp.services.lookup import card, find
from posapp.services.ports.remote import SILENT, Capabilities, RemoteCustomer, Traits
from posapp.services.redemptions import preview
from posapp.services.sales import SaleForm, preview_sale, record_sale
from posapp.services.till import Recorded
from posapp.services.trait_marks import blacklist_words, trait_marks
from posapp.services.traits import CustomerBlacklisted
from tests.services.counter import PLAIN, REMOTE, Counter, fresh, taka

WITHOUT_POINTS = Capabilities()
BLACK = Traits(blacklisted=True, blacklist_reason="Refused three deliveries", cod_enabled=False)


def marks(counter: Counter, customer_id: CustomerId) -> list[str]:
    shown, say = card(counter.till, customer_id), Translator("en")
    return [say.say(mark.text) for mark in trait_marks(shown.traits, shown.segment)]


def test_a_card_shows_what_the_server_told_and_nothing_else(counter: Counter) -> None:
    alone = counter.customer()
    assert card(counter.till, alone).traits == SILENT
    counter.connect(WITHOUT_POINTS)
    assert card(counter.till, alone).traits == SILENT, "the server does not know her"
    told = Traits(guest=True, marketing=False, vip=False, group="Wholesale", group_color="#ff8800", cod_enabled=True)
    asha = counter.on_server(traits=told, total_orders=3)
    assert card(counter.till, asha).traits == told
    assert marks(counter, asha) == ["Wholesale", "Returning", "COD", "Guest", "Marketing: no"]
    silent = counter.on_server(remote_id="r-2", name="Kamala")
    assert (card(counter.till, silent).traits, marks(counter, silent)) == (SILENT, [])


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        (None, "This customer is blacklisted"),
        ("", "This customer is blacklisted"),
        (" Refused\n three ", "Blacklisted: “Refused three”"),
        ("{x}" * 100, "Blacklisted: “" + ("{x}" * 100)[:239] + "…”"),
    ],
)
def test_the_reason_of_a_blacklist_is_quoted_in_one_line(reason: str | None, said: str) -> None:
    words = blacklist_words(Traits(blacklisted=True, blacklist_reason=reason))
    assert words is not None
    assert Translator("en").say(words) == said
    assert blacklist_words(Traits(blacklisted=False, blacklist_reason=reason)) is None


def test_a_hit_says_who_is_blacklisted(counter: Counter) -> None:
    counter.connect(WITHOUT_POINTS)
    counter.on_server(traits=BLACK, name="Asha Black")
    counter.on_server(remote_id="r-2", name="Asha White", traits=Traits(blacklisted=False))
    counter.on_server(remote_id="r-3", name="Asha Untold")
    counter.customer("Asha Local")
    told = {hit.customer.profile.name: hit.blacklisted for hit in find(counter.till, "asha").hits}
    assert told == {"Asha Black": True, "Asha White": False, "Asha Untold": None, "Asha Local": None}


def test_without_a_server_the_bills_of_this_till_make_the_segment(counter: Counter) -> None:
    asha = counter.customer()
    assert card(counter.till, asha).segment is Segment.NEW
    first = counter.sell(asha, 1000)
    counter.sell(asha, 1000)
    assert card(counter.till, asha).segment is Segment.RETURNING
    counter.reverse(first.sale.id)
    assert card(counter.till, asha).segment is Segment.NEW, "a bill taken back was not bought"
    counter.sell(asha, 1000)
    counter.clock.advance(days=91)
    assert card(counter.till, asha).segment is Segment.AT_RISK
    counter.sell(asha, 50_000_00, confirmed=True)
    assert card(counter.till, asha).segment is Segment.VIP


def test_with_a_server_its_totals_count_and_the_bills_that_it_does_not_know(counter: Counter) -> None:
    counter.connect(WITHOUT_POINTS)
    asha = counter.on_server(total_orders=4, total_spent=taka(49_000_00))
    assert card(counter.till, asha).segment is Segment.RETURNING
    counter.sell(asha, 500_00, confirmed=True)
    assert card(counter.till, asha).segment is Segment.LOYAL
    counter.sell(asha, 500_00)
    assert card(counter.till, asha).segment is Segment.VIP
    counter.clock.advance(days=91)
    known = counter.on_server(remote_id="r-2", total_orders=5, total_spent=taka(1))
    assert card(counter.till, known).segment is Segment.LOYAL, "nobody told when the last order was"


def test_who_has_not_bought_for_long_is_at_risk(counter: Counter) -> None:
    counter.connect(WITHOUT_POINTS)
    told = Traits(last_order_at=counter.clock.now())
    asha = counter.on_server(traits=told, total_orders=5)
    counter.clock.advance(days=90)
    assert card(counter.till, asha).segment is Segment.LOYAL
    counter.clock.advance(days=1)
    assert card(counter.till, asha).segment is Segment.AT_RISK
    assert card(counter.till, asha).traits == told
    counter.sell(asha, 500_00, confirmed=True)
    assert card(counter.till, asha).segment is Segment.LOYAL


def test_the_servers_own_word_on_vips_wins(counter: Counter) -> None:
    counter.connect(WITHOUT_POINTS)
    vip = counter.on_server(traits=Traits(vip=True), total_orders=1)
    assert card(counter.till, vip).segment is Segment.VIP
    none = counter.on_server(remote_id="r-2", traits=Traits(vip=False), total_orders=40)
    assert card(counter.till, none).segment is Segment.LOYAL


def test_a_server_without_totals_leaves_the_segment_open_until_this_till_sold(counter: Counter) -> None:
    counter.connect(WITHOUT_POINTS)
    asha = counter.on_server()
    assert card(counter.till, asha).segment is None
    counter.sell(asha, 1000)
    assert card(counter.till, asha).segment is Segment.NEW


def blacklisted(counter: Counter, capabilities: Capabilities = WITHOUT_POINTS, **numbers: Any) -> CustomerId:
    """Bring in a customer whom the shop does not serve any more."""
    counter.connect(capabilities)
    return counter.on_server(traits=BLACK, **numbers)


@pytest.mark.parametrize("kind", ["charge", "return", "payout", "settlement", "write_off"])
def test_what_gives_a_blacklisted_customer_something_needs_the_manager(counter: Counter, kind: str) -> None:
    debt = 500 if kind in {"settlement", "write_off"} else -500
    asha = blacklisted(counter)
    counter.enter(asha, "opening", debt)
    form = EntryForm(fresh(), asha, OperationKind(kind), taka(100))
    assert isinstance(preview_entry(counter.till, form).refusal, CustomerBlacklisted)
    with pytest.raises(CustomerBlacklisted) as refused:
        record_entry(counter.till, form)
    assert refused.value.params == {"name": "Rahima Khatun"}
    done = record_entry(counter.till, replace(form, approved_by="manager"))
    assert done.operation.approved_by == "manager"
    assert record_entry(counter.till, form).operation.id == done.operation.id, "the same act again is not asked about"


def test_a_payment_of_a_blacklisted_customer_is_always_taken(counter: Counter) -> None:
    asha = blacklisted(counter)
    counter.enter(asha, "opening", 500)
    counter.enter(asha, "payment", 500)
    assert counter.balance(asha) == 0


def test_a_bill_of_a_blacklisted_customer_needs_the_manager_paid_or_not(counter: Counter) -> None:
    asha = blacklisted(counter)
    for on_account in (0, 100):
        form = SaleForm(fresh(), asha, taka(100), taka(on_account))
        assert isinstance(preview_sale(counter.till, form).refusal, CustomerBlacklisted)
        with pytest.raises(CustomerBlacklisted):
            record_sale(counter.till, None, form)
        allowed = replace(form, approved_by="manager")
        assert preview_sale(counter.till, allowed).refusal is None
        assert record_sale(counter.till, None, allowed).recorded.operation.approved_by == "manager"


def test_points_of_a_blacklisted_customer_need_the_manager(counter: Counter) -> None:
    asha = blacklisted(counter, PLAIN, points=100)
    would = preview(counter.till, asha, 10, None)
    assert (would.remaining, type(would.refusal)) == (90, CustomerBlacklisted)
    with pytest.raises(CustomerBlacklisted):
        counter.redeem(asha, 10)
    assert counter.deliveries.sent == []
    assert preview(counter.till, asha, 10, None, approved_by="manager").refusal is None
    done = counter.redeem(asha, 10, approved_by="manager")
    assert (done.state, done.operation.approved_by) == (OperationState.CONFIRMED, "manager")
    with pytest.raises(CustomerBlacklisted):
        at_risk(counter, asha, None)


def at_risk(counter: Counter, customer_id: CustomerId, manager: str | None) -> Recorded:
    return redeem_at_risk(
        counter.till, operation_id=fresh(), customer_id=customer_id, points=10, sale_id=None, bill=None,
        approved_by=manager,
    )  # fmt: skip


def test_whoever_is_off_the_list_again_is_served(counter: Counter) -> None:
    asha = blacklisted(counter)
    with pytest.raises(CustomerBlacklisted):
        counter.sell(asha, 100)
    assert counter.connection is not None
    connection, there = counter.connection.id, RemoteCustomer(REMOTE, Profile("Rahima Khatun"))
    forgiven = replace(there, traits=Traits(blacklisted=False))
    counter.book.write(
        lambda session: session.mirror.update(
            connection, [(forgiven, b"e")], generation=2, seen_at=counter.clock.now(), with_numbers=lambda _: True
        )
    )
    assert counter.sell(asha, 100).sale.total == taka(100)
