"""The search as the window asks it: who is found, who was seen, who may be the one being typed."""

from __future__ import annotations

import pytest

from posapp.services.lookup import alike, find, recent, seen
from posapp.services.ports.search import MatchKind
from posapp.services.till import UnknownCustomer
from tests.services.counter import Counter
from tests.support.book import a_customer, with_customer


def test_an_answer_says_how_many_were_searched_and_whether_more_match(counter: Counter) -> None:
    for number in range(5):
        counter.customer(f"Asha {number}", phone=None)
    answer = find(counter.till, "asha", limit=3)
    assert (len(answer.hits), answer.searched, answer.more) == (3, 5, True)
    assert not find(counter.till, "asha").more
    assert (find(counter.till, "").hits, find(counter.till, "").searched) == ((), 5)


def test_an_opened_card_is_found_first_and_remembered(counter: Counter) -> None:
    counter.customer("Asha Ali", phone=None)
    asha = counter.customer("Asha Zaman", phone=None)
    assert recent(counter.till, limit=5) == []
    seen(counter.till, asha)
    assert find(counter.till, "asha").hits[0].customer.id == asha
    assert [one.customer.id for one in recent(counter.till, limit=5)] == [asha]
    with pytest.raises(UnknownCustomer):
        seen(counter.till, "nobody")  # type: ignore[arg-type]


def test_a_new_customer_is_compared_while_she_is_typed(counter: Counter) -> None:
    phone = counter.customer("Somebody Else", phone="+880 1711-234567")
    other = a_customer("Another One", "01999-000000", email="R.Khatun@example.com")
    mail = counter.book.write(lambda session: with_customer(session, other))
    name = counter.customer("Raheema Khatoon", phone=None)
    counter.customer("Rahima Khatun Begum", phone=None)
    counter.customer("Rahima", phone=None)
    found = alike(counter.till, name="Rahima Khatun", phone="01711 234567", email="r.khatun@EXAMPLE.com")
    assert [(one.customer.id, one.matched, one.kind) for one in found] == [
        (phone, "phone", MatchKind.EXACT),
        (mail, "email", MatchKind.EXACT),
        (name, "name", MatchKind.SOUND),
    ]
    assert [one.customer.id for one in alike(counter.till, name="Rahima Khatun", besides=name)] == []
    assert alike(counter.till, name="", phone="0171", email="r.k") == []


def test_at_most_five_are_shown_and_the_same_phone_never_falls_out(counter: Counter) -> None:
    for _ in range(8):
        counter.customer("Rahima Khatun", phone=None)
    same = counter.customer("Her Mother", phone="01711-234567")
    found = alike(counter.till, name="Rahima Khatun", phone="1711234567")
    assert len(found) == 5
    assert found[0].customer.id == same
