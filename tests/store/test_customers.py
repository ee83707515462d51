"""Customers are found by what a cashier types, and by nothing that they no longer are."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from posapp.domain.customer import Profile
from posapp.domain.digits import only_digits
from posapp.domain.ids import RemoteId
from posapp.domain.phone import to_e164
from posapp.services.dto import CustomerStatus
from posapp.services.ports.remote import RemoteCustomer
from posapp.services.ports.search import MatchKind
from posapp.store.book import LocalBook
from posapp.store.errors import RuleBroken
from posapp.store.phones import indexed
from tests.store.acts import taka
from tests.support.book import START, a_connection, a_customer

RAHIMA = a_customer("Rahima Khatun", "01711-234567", email="rahima.k@example.com", tags=("vip", "wholesale"))
JOSE = a_customer("José O'Brien", "+44 20 7946 0958")
BANGLA = a_customer("রহিমা খাতুন", "০১৮১২৩৪৫৬৭৮")
PLAIN = a_customer("Rahim", None)
CARDED = dataclasses.replace(a_customer("Zara", "999"), card_code="C-4711")


@pytest.fixture
def people(book: LocalBook) -> LocalBook:
    book.write(lambda s: [s.customers.add(one) for one in (RAHIMA, JOSE, BANGLA, PLAIN, CARDED)])
    return book


def found(book: LocalBook, text: str, limit: int = 10) -> list[tuple[str, str]]:
    """Who is found by what begins her words, and by which field."""
    hits = book.read(lambda s: s.customers.find(text, limit)).hits
    return [(hit.customer.profile.name, hit.matched) for hit in hits if hit.kind <= MatchKind.PREFIX]


@pytest.mark.parametrize(
    ("text", "names", "matched"),
    [
        ("rahi", {"Rahim", "Rahima Khatun"}, "name"),
        ("KHATUN rah", {"Rahima Khatun"}, "name"),
        ("jose", {"José O'Brien"}, "name"),
        ("obri", {"José O'Brien"}, "name"),
        ("রহি", {"রহিমা খাতুন"}, "name"),
        ("খাতুন", {"রহিমা খাতুন"}, "name"),
        ("vip", {"Rahima Khatun"}, "tag"),
        ("rahima.k@exam", {"Rahima Khatun"}, "email"),
        ("example", {"Rahima Khatun"}, "email"),
        ("4711", {"Zara"}, "card"),
        ("01711", {"Rahima Khatun"}, "phone"),
        ("+880 1711-23", {"Rahima Khatun"}, "phone"),
        ("1711 234 567", {"Rahima Khatun"}, "phone"),
        ("008801711234567", {"Rahima Khatun"}, "phone"),
        ("4567", {"Rahima Khatun"}, "phone"),
        ("01711 rahima", {"Rahima Khatun"}, "phone"),
        ("rahima 1711 23", {"Rahima Khatun"}, "name"),
        ("১৮১২", {"রহিমা খাতুন"}, "phone"),
        ("01812", {"রহিমা খাতুন"}, "phone"),
        ("0958", {"José O'Brien"}, "phone"),
    ],
)
def test_whoever_matches_every_word_is_found(people: LocalBook, text: str, names: set[str], matched: str) -> None:
    hits = found(people, text)
    assert {name for name, _ in hits} == names
    assert hits[0][1] == matched


def test_a_whole_word_comes_before_a_beginning(people: LocalBook) -> None:
    assert [name for name, _ in found(people, "rahim")] == ["Rahim", "Rahima Khatun"]
    assert len(found(people, "rahim", 1)) == 1
    assert found(people, "rahim", 0) == []


@pytest.mark.parametrize(
    "text", ["", " ", "*", '"', "'", "rahima xyz", "99", 'rahima" OR "jose', "NEAR(", "-", "\x00", "🙂", "phone:p1711"]
)
def test_nothing_typed_is_an_operator(people: LocalBook, text: str) -> None:
    assert "Rahima Khatun" not in {name for name, _ in found(people, text)}


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=40))
def test_any_text_can_be_looked_for(people: LocalBook, text: str) -> None:
    people.read(lambda session: (session.customers.find(text, 5), session.customers.resolve(text)))


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(
        st.text("0123456789+- ()", max_size=18),
        st.from_regex(r"(\+880|0088|0)1[3-9][0-9]{8}", fullmatch=True),
        st.from_regex(r"\+39 ?0[0-9]{5,10}", fullmatch=True),
    ),
    st.sampled_from(["BD", "IN", "IT", "PK", "GB"]),
)
def test_one_parse_says_what_the_domain_says(raw: str, country: str) -> None:
    phone = indexed(raw, country)
    assert phone.e164 == to_e164(raw, country)
    assert phone.digits == (phone.e164[1:] if phone.e164 else only_digits(raw))
    assert phone.digits.endswith(phone.beginning)


def test_exact_names_come_before_what_is_only_found(people: LocalBook) -> None:
    def resolved(text: str) -> list[str]:
        return [one.profile.name for one in people.read(lambda session: session.customers.resolve(text))]

    connection = a_connection()

    def link(session):
        session.settings.save_connection(connection)
        session.mirror.link(connection.id, RemoteId("4567"), PLAIN.id)

    people.write(link)
    assert resolved(RAHIMA.id) == ["Rahima Khatun"]
    assert resolved("4567") == ["Rahim"]
    assert resolved("+8801711234567") == ["Rahima Khatun"]
    assert resolved("C-4711") == ["Zara"]
    assert resolved("khatun") == ["Rahima Khatun"]
    assert resolved("  ") == []
    (same,) = people.read(lambda s: s.customers.alike(Profile("", "01711 234 567"), 5))
    assert (same.customer.id, same.matched) == (RAHIMA.id, "phone")
    assert people.read(lambda s: s.customers.alike(Profile("", "12"), 5)) == []


def test_changes_are_found_and_what_was_before_is_not(people: LocalBook) -> None:
    people.write(lambda s: s.customers.set_profile(RAHIMA.id, Profile("Salma Begum", "01911-000111")))
    assert found(people, "salma") == [("Salma Begum", "name")]
    assert found(people, "000111") == [("Salma Begum", "phone")]
    assert found(people, "khatun") == []
    people.write(lambda s: s.customers.set_local(RAHIMA.id, card_code="K-9", credit_limit=taka(500)))
    kept = people.read(lambda s: s.customers.get(RAHIMA.id))
    assert (kept.card_code, kept.credit_limit) == ("K-9", taka(500))
    assert found(people, "k 9") == [("Salma Begum", "card")]


def test_a_card_belongs_to_one(people: LocalBook) -> None:
    with pytest.raises(RuleBroken):
        people.write(lambda s: s.customers.set_local(PLAIN.id, card_code="C-4711", credit_limit=None))


def test_who_is_gone_is_not_found_and_may_come_back(people: LocalBook) -> None:
    people.write(lambda s: s.customers.set_status(RAHIMA.id, CustomerStatus.DELETED))
    assert found(people, "rahima") == []
    assert people.read(lambda s: s.customers.resolve("01711234567")) == []
    people.write(lambda s: s.customers.set_status(RAHIMA.id, CustomerStatus.LIVE))
    assert found(people, "khatun") == [("Rahima Khatun", "name")]


def test_an_anonymised_customer_keeps_nothing_of_the_person(people: LocalBook) -> None:
    connection = a_connection()

    def link(session):
        session.settings.save_connection(connection)
        session.mirror.link(connection.id, RemoteId("5"), RAHIMA.id)
        session.customers.set_status(RAHIMA.id, CustomerStatus.ANONYMIZED)

    people.write(link)
    kept = people.read(lambda s: s.customers.get(RAHIMA.id))
    assert (kept.profile, kept.status) == (Profile("Deleted customer"), CustomerStatus.ANONYMIZED)
    assert people.read(lambda s: s.mirror.rows(connection.id, [RemoteId("5")])[RemoteId("5")]).profile == kept.profile
    assert found(people, "deleted") == []


def test_a_hit_carries_the_numbers_and_the_servers_id(book: LocalBook) -> None:
    connection = a_connection()

    def pull(session):
        session.settings.save_connection(connection)
        seen = RemoteCustomer(RemoteId("77"), RAHIMA.profile, points=5, balance=taka(-900))
        session.mirror.insert(connection.id, [(seen, RAHIMA.id, b"d")], generation=1, seen_at=START)

    book.write(pull)
    (hit,) = book.read(lambda s: s.customers.find("rahima", 5)).hits
    assert (hit.remote_id, hit.standing.balance, hit.standing.points) == ("77", taka(-900), 5)


def test_whole_words_are_not_lost_among_many_beginnings(book: LocalBook) -> None:
    many = [a_customer(f"Rahimuddin {number}", None) for number in range(300)]
    book.write(lambda s: [s.customers.add(one) for one in [*many, PLAIN]])
    assert found(book, "rahim", 3)[0] == ("Rahim", "name")


def test_lane_epochs_grow_over_all_customers(people: LocalBook) -> None:
    first = people.write(lambda s: s.customers.bump_lane(RAHIMA.id))
    second = people.write(lambda s: s.customers.bump_lane(JOSE.id))
    assert (first, second, people.read(lambda s: s.mirror.epoch())) == (1, 2, 2)
    assert people.read(lambda s: s.customers.get(JOSE.id)).lane_epoch == 2
