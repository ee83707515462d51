"""What is marked is what matched, in the text as it is shown."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from posapp.domain.digits import only_digits
from posapp.domain.folding import fold, placed_words, words
from posapp.domain.phone import query_forms
from posapp.services.dto import Customer
from posapp.services.ports.search import FoundCustomer, Mark, MatchKind
from posapp.store.book import LocalBook
from tests.support.book import SHOP, a_customer

NAMES = (
    "José O'Brien",
    "Ｆｕｌｌ Ｗｉｄｔｈ",
    "ﬁnn Straße",
    "রহিমা খাতুন",
    "क्षत्रिय शर्मा",
    "أحمد القُرَيْشِيّ",
    "Nguyễn Văn A",
    "Rahim Khan 2",
)
PHONES = ("01711-234567", "০১৮১২ ৩৪৫৬৭৮", "+44 (0)20 7946-0958", "+91 98765 43210", "999", None)


def text_of(customer: Customer, field: str) -> str:
    profile = customer.profile
    if field.startswith("tag:"):
        return profile.tags[int(field[4:])]
    return {"name": profile.name, "phone": profile.phone, "email": profile.email, "card": customer.card_code}[
        field
    ] or ""


def marked(hit: FoundCustomer) -> list[tuple[str, str]]:
    return [(mark.field, text_of(hit.customer, mark.field)[mark.start : mark.end]) for mark in hit.marks]


def only_hit(book: LocalBook, text: str) -> FoundCustomer:
    (hit,) = book.read(lambda session: session.customers.find(text, 5)).hits
    return hit


@pytest.mark.parametrize(
    ("text", "matched", "marks"),
    [
        ("jose", "name", [("name", "José")]),
        ("brien obr", "name", [("name", "Brien"), ("name", "O'Br")]),
        ("1711 23", "phone", [("phone", "1711-23")]),
        ("+8801711", "phone", [("phone", "1711")]),
        ("4567", "phone", [("phone", "4567")]),
        ("jose 4567", "name", [("name", "José"), ("phone", "4567")]),
        ("jb@exa", "email", [("email", "jb@exa")]),
        ("xampl", "email", []),
        ("c4711", "card", [("card", "C-4711")]),
        ("c-47", "card", [("card", "C-47")]),
        ("exam.jb", "email", [("email", "exam"), ("email", "jb")]),
        ("wholes", "tag", [("tag:1", "Wholes")]),
        ("hosé", "name", [("name", "José")]),
    ],
)
def test_marks_of_one_customer(book: LocalBook, text: str, matched: str, marks: list[tuple[str, str]]) -> None:
    jose = a_customer("José O'Brien", "01711-234567", email="jb@example.com", tags=("vip", "Wholesale"))
    book.write(lambda s: s.customers.add(jose))
    book.write(lambda s: s.customers.set_local(jose.id, card_code="C-4711", credit_limit=None))
    if not marks:
        assert book.read(lambda s: s.customers.find(text, 5)).hits == (), "inside a domain nothing is looked for"
        return
    hit = only_hit(book, text)
    assert (hit.matched, marked(hit)) == (matched, marks)


@pytest.mark.parametrize(
    ("name", "text", "mark"),
    [
        ("ﬁnn Straße", "fin", Mark("name", 0, 2)),
        ("ﬁnn Straße", "strasse", Mark("name", 4, 10)),
        ("রহিমা খাতুন", "রহি", Mark("name", 0, 3)),
        ("أحمد القُرَيْشِيّ", "القري", Mark("name", 5, 13)),
        ("Raheem", "rahim", Mark("name", 0, 6)),
        ("রহিম", "rahim", Mark("name", 0, 4)),
    ],
)
def test_marks_stand_in_the_shown_text(book: LocalBook, name: str, text: str, mark: Mark) -> None:
    book.write(lambda s: s.customers.add(a_customer(name, None)))
    assert only_hit(book, text).marks == (mark,)


@pytest.fixture
def mixed(book: LocalBook) -> LocalBook:
    people = [
        a_customer(name, PHONES[number % len(PHONES)], email=f"u.ser{number}@ex-ample.org", tags=("ｖip", "naïve plan"))
        for number, name in enumerate(NAMES)
    ]
    book.write(lambda s: [s.customers.add(one) for one in people])
    return book


PIECES = sorted(
    {piece for name in (*NAMES, "u.ser1@ex-ample", "vip naive") for piece in (name, *name.split(), name[:3], name[1:5])}
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.one_of(st.sampled_from(PIECES), st.from_regex(r"\+?[0-9০-৯]{1,6}", fullmatch=True), st.text(max_size=4)),
        min_size=1,
        max_size=3,
    )
)
def test_every_mark_holds_what_was_typed(mixed: LocalBook, typed: list[str]) -> None:
    text = " ".join(typed)
    for hit in mixed.read(lambda session: session.customers.find(text, 20)).hits:
        assert hit.marks, (text, hit)
        for mark in hit.marks:
            shown = text_of(hit.customer, mark.field)
            assert 0 <= mark.start < mark.end <= len(shown)
            if hit.kind <= MatchKind.INNER and mark != Mark("phone", 0, len(shown)):
                assert holds_a_term(shown[mark.start : mark.end], text), (text, mark, shown)


def holds_a_term(marked_text: str, typed: str) -> bool:
    whole = "".join(words(marked_text))
    pieces = {*words(typed), *("".join(words(chunk)) for chunk in typed.split())}
    forms = {
        form
        for number in (*pieces, only_digits(typed))
        if number.isdigit()
        for form in query_forms(number, SHOP.country)
    }
    return any(piece and piece in whole for piece in pieces | forms | {only_digits(typed)})


@example("ﬁ")
@example("क\uff9e")
@given(st.text(max_size=40))
def test_words_with_places_are_the_words_that_are_indexed(text: str) -> None:
    placed = placed_words(text)
    assert tuple(word.text for word in placed) == words(text)
    for word in placed:
        start, end = word.shown(0, len(word.text))
        assert word.text in "".join(words(text[start:end])) or fold(text[start:end]) == ""
