"""What a server says of a customer reaches the card and the hits; a blacklist asks for the manager."""

from __future__ import annotations

from posapp.domain.segments import Segment
from posapp.locale.translator import Translator
from posapp.services.lookup import card, find
from posapp.services.ports.remote import SILENT, Capabilities, Traits
from posapp.services.trait_marks import trait_marks
from tests.services.counter import Counter, taka

WITHOUT_POINTS = Capabilities()
BLACK = Traits(blacklisted=True, blacklist_reason="Refused three deliveries", cod_enabled=False)


def marks(counter: Counter, customer_id: str) -> list[str]:
    shown, say = card(counter.till, customer_id), Translator("en")  # type: ignore[arg-type]
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
