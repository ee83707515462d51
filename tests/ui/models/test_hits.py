"""What a row of hits says, and the model that holds it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from PySide6.QtCore import Qt
from pytestqt.modeltest import ModelTester

from posapp.domain.customer import Profile
from posapp.domain.ids import OperationId, new_uuid
from posapp.locale.translator import Translator
from posapp.services import lookup
from posapp.services.customers import add_customer
from posapp.services.ports.search import FoundCustomer
from posapp.ui.bridge.desk import Desk
from posapp.ui.models.hit_words import HitWords, words_of
from posapp.ui.models.hits_model import HitRole, HitsModel

SAY = Translator("en")


def add(desk: Desk, profile: Profile, *, card: str | None = None) -> None:
    add_customer(desk.till, operation_id=OperationId(new_uuid()), profile=profile, card_code=card)


def said(desk: Desk, text: str) -> HitWords:
    """Return what the row of the first hit of a text says."""
    return words_of(SAY, lookup.find(desk.till, text).hits[0])


def marked(words: HitWords) -> Iterable[tuple[str, str]]:
    """Yield each text of a row that has marks, with the marked letters alone."""
    for part in (words.name, *words.below):
        for start, end in part.marks:
            yield part.text, part.text[start:end]


def test_the_letters_that_matched_are_marked_in_the_name(desk: Desk) -> None:
    add(desk, Profile("রহিমা খাতুন", phone="01711-234567"))
    assert list(marked(said(desk, "খাতু"))) == [("রহিমা খাতুন", "খাতু")]


def test_a_phone_is_marked_across_its_spaces(desk: Desk) -> None:
    add(desk, Profile("Asha Devi", phone="98765 43210"))
    words = said(desk, "543210")
    assert list(marked(words)) == [("98765 43210", "5 43210")]
    assert len(words.below) == 1


def test_what_is_not_plain_to_see_is_said_and_marked_where_it_stands(desk: Desk) -> None:
    add(desk, Profile("Asha Devi", email="asha@shop.example", tags=("old", "wholesale")), card="C-042")
    assert list(marked(said(desk, "asha@shop"))) == [("asha@shop.example", "asha"), ("asha@shop.example", "shop")]
    assert ("tag wholesale", "whole") in marked(said(desk, "whole"))
    assert [text for text, _ in marked(said(desk, "c-042"))] == ["card C-042"]


def test_a_name_found_by_its_sound_says_so(desk: Desk) -> None:
    add(desk, Profile("Raheem Bakery"))
    assert [part.text for part in said(desk, "rahim").below] == ["no phone", "sounds alike"]


def test_a_name_found_in_spite_of_a_typing_error_says_so(desk: Desk) -> None:
    add(desk, Profile("Lakshmi Iyer"))
    assert "spelled nearly so" in [part.text for part in said(desk, "lakxhmi").below]


def test_numbers_have_their_direction_and_their_words(desk: Desk) -> None:
    add(desk, Profile("Asha Devi"))
    words = said(desk, "asha")
    assert (words.balance.caption, words.balance.value, words.points) == ("Settled", "₹0.00", "0 points")
    assert words.spoken() == "Asha Devi, no phone, Settled, ₹0.00, 0 points"


def test_the_model_holds_what_was_found(desk: Desk, qtmodeltester: ModelTester) -> None:
    for name in ("Rahim Uddin", "Rahima Khatun"):
        add(desk, Profile(name))
    model = HitsModel(SAY)
    qtmodeltester.check(model)
    hits = lookup.find(desk.till, "rahi").hits
    model.set_hits(hits)
    qtmodeltester.check(model)
    for row, hit in enumerate(hits):
        index = model.index(row)
        assert model.row_of(hit.customer.id) == row
        assert isinstance(index.data(HitRole.HIT), FoundCustomer)
        assert index.data(Qt.ItemDataRole.DisplayRole) == hit.customer.profile.name
        assert index.data(Qt.ItemDataRole.AccessibleTextRole).startswith(hit.customer.profile.name)
    assert model.row_of(None) is None


def test_who_is_blacklisted_is_said_right_after_the_name(desk: Desk) -> None:
    add(desk, Profile("Asha Devi"))
    hit = lookup.find(desk.till, "asha").hits[0]
    assert words_of(SAY, hit).warning == ""
    barred = words_of(SAY, replace(hit, blacklisted=True))
    assert barred.warning == "blacklisted"
    assert barred.spoken().startswith("Asha Devi, blacklisted, no phone")
