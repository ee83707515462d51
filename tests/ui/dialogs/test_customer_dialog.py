"""A new customer and another value of hers, by keys: what is typed is understood, who is alike is said in time."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from posapp.domain.customer import Profile
from posapp.domain.ids import CustomerId, OperationId, new_uuid
from posapp.domain.operation import OperationKind
from posapp.services.customers import add_customer
from posapp.ui.dialogs.customer_dialog import CustomerDialog
from tests.support.keys import type_text
from tests.ui.dialogs.at_the_desk import ENTER, Teller


def new(teller: Teller, typed: str = "") -> CustomerDialog:
    dialog = CustomerDialog(teller.desk, None, typed, teller.window)
    teller.open(dialog)
    return dialog


def edit(teller: Teller, customer_id: CustomerId) -> CustomerDialog:
    dialog = CustomerDialog(teller.desk, teller.card(customer_id), parent=teller.window)
    teller.open(dialog)
    return dialog


def rahim(teller: Teller) -> CustomerId:
    profile = Profile("Rahim Uddin", phone="98765 43210", email="rahim@example.com")
    added = add_customer(teller.desk.till, operation_id=OperationId(new_uuid()), profile=profile)
    return added.recorded.customer.id


def test_a_whole_customer_by_keys(teller: Teller) -> None:
    dialog = new(teller, "আশা দেবী")
    fields = dialog.fields
    assert fields.name.text() == "আশা দেবী"
    assert dialog.focusWidget() is fields.phone
    type_text(fields.phone, "৯৮৭৬৫ ৪৩২১০")
    assert fields.below("phone") == "understood as +91 98765 43210"
    for text in ("asha@example.com", "12 Lake Road", "C-77", "5,000", "1,250.50"):
        teller.press(dialog, Qt.Key.Key_Tab)
        type_text(dialog.focusWidget() or dialog, text)
    teller.press(dialog, Qt.Key.Key_Tab)
    teller.press(dialog, Qt.Key.Key_Tab)
    type_text(dialog.focusWidget() or dialog, "vip,eid")
    teller.press(dialog, Qt.Key.Key_Tab)
    assert dialog.focusWidget() is fields.notes
    type_text(fields.notes, "on Fridays")
    teller.until(lambda: dialog.after.rows()[0].after == teller.money(1250.5).text())
    assert [row.after for row in dialog.after.rows()][1:] == [teller.money(5000).text(), teller.money(3749.5).text()]
    QTest.keyClick(fields.notes, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    type_text(fields.notes, "after six")
    teller.press(dialog, ENTER)
    teller.until(lambda: teller.told)
    found = teller.card(teller.told[0].customer_id)
    assert found.customer.profile == Profile(
        "আশা দেবী", "৯৮৭৬৫ ৪৩২১০", "asha@example.com", "12 Lake Road", "on Fridays\nafter six", ("vip", "eid")
    )
    assert (found.customer.card_code, found.customer.credit_limit) == ("C-77", teller.money(5000))
    assert found.standing.balance == teller.money(-1250.5)
    assert found.customer.id == CustomerId(dialog.operation_id)


def test_what_stood_in_the_search_goes_where_it_belongs(teller: Teller) -> None:
    dialog = new(teller, "98765 43")
    assert (dialog.fields.name.text(), dialog.fields.phone.text()) == ("", "98765 43")
    assert dialog.focusWidget() is dialog.fields.name


def test_an_advance_from_the_old_book(teller: Teller) -> None:
    dialog = new(teller, "Asha")
    teller.type(dialog.fields.opening, "200")
    dialog.fields.direction.setFocus()
    teller.press(dialog, Qt.Key.Key_Down)
    teller.until(lambda: dialog.after.rows()[0].name == "You will give")
    teller.press(dialog, ENTER)
    teller.until(lambda: teller.told)
    assert teller.standing(teller.told[0].customer_id).balance == teller.money(200)


def test_a_double_enter_is_one_customer(teller: Teller) -> None:
    dialog = new(teller, "Asha")
    teller.press(dialog, ENTER)
    teller.press(dialog, ENTER)
    teller.until(lambda: teller.told)
    assert teller.desk.runner.wait_idle()
    assert len(teller.told) == 1
    assert len(teller.operations(teller.told[0].customer_id, OperationKind.CUSTOMER_CREATE)) == 1


@pytest.mark.parametrize(
    ("field", "text", "reason"),
    [
        ("phone", "+91-98765-43210", "Somebody has this phone already"),
        ("email", "RAHIM@example.com", "Somebody has this e-mail already"),
        ("name", "rahim uddin", "Somebody of this name is a customer already"),
    ],
)
def test_who_is_there_already_is_said_while_one_types(teller: Teller, field: str, text: str, reason: str) -> None:
    known = rahim(teller)
    dialog = new(teller)
    wanted: list[str] = []
    dialog.open_instead.connect(wanted.append)
    teller.type(getattr(dialog.fields, field), text)
    teller.until(dialog.alike.shown)
    assert dialog.alike.reasons() == [reason]
    QTest.keyClick(dialog.focusWidget() or dialog, Qt.Key.Key_1, Qt.KeyboardModifier.AltModifier)
    teller.until(lambda: not dialog.isVisible())
    assert wanted == [known]
    assert teller.told == []


def test_she_is_not_like_herself(teller: Teller) -> None:
    dialog = edit(teller, rahim(teller))
    assert teller.desk.runner.wait_idle()
    teller.type(dialog.fields.address, "Mirpur")
    teller.until(lambda: dialog.after.rows()[0].name == "Address")
    assert dialog.alike.shown() == ()


def test_only_what_changed_is_recorded(teller: Teller) -> None:
    known = rahim(teller)
    dialog = edit(teller, known)
    teller.type(dialog.fields.address, "Mirpur")
    teller.until(lambda: dialog.after.rows()[0].after == "Mirpur")
    teller.press(dialog, ENTER)
    teller.until(lambda: teller.told)
    (recorded,) = teller.operations(known, OperationKind.CUSTOMER_EDIT)
    assert recorded.intent["fields"] == ["address"]
    assert teller.card(known).customer.profile.address == "Mirpur"


def test_an_edit_that_changes_nothing_simply_ends(teller: Teller) -> None:
    known = rahim(teller)
    dialog = edit(teller, known)
    teller.press(dialog, ENTER)
    teller.until(lambda: not dialog.isVisible())
    assert teller.told == []
    assert teller.operations(known, OperationKind.CUSTOMER_EDIT) == []


def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(teller: Teller) -> None:
    dialog = new(teller, "98765")
    fields = dialog.fields
    teller.press(dialog, ENTER)
    teller.until(lambda: fields.below("name") == "A customer needs a name.")
    teller.until(lambda: dialog.focusWidget() is fields.name)
    type_text(fields.name, "Asha")
    teller.type(fields.email, "nowhere")
    teller.press(dialog, ENTER)
    teller.until(lambda: "not an e-mail" in fields.below("email"))
    teller.type(fields.email, "")
    fields.email.clear()
    teller.type(fields.limit, "many")
    teller.press(dialog, ENTER)
    assert "not an amount" in fields.below("credit_limit")
    assert teller.told == []
    fields.limit.clear()
    teller.press(dialog, ENTER)
    teller.until(lambda: teller.told)


def test_somebody_elses_card_is_refused_at_the_card(teller: Teller) -> None:
    add_customer(teller.desk.till, operation_id=OperationId(new_uuid()), profile=Profile("Rahima"), card_code="C-1")
    dialog = new(teller, "Asha")
    teller.type(dialog.fields.card, "C-1")
    teller.press(dialog, ENTER)
    teller.until(lambda: "belongs to Rahima" in dialog.fields.below("card"))


def test_tags_come_and_go_by_keys(teller: Teller) -> None:
    dialog = new(teller, "Asha")
    tags = dialog.fields.tags
    teller.type(tags.line, "vip, eid,vip,")
    assert tags.tags() == ("vip", "eid")
    teller.press(dialog, Qt.Key.Key_Backspace)
    assert tags.tags() == ("vip",)
