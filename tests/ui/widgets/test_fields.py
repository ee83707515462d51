"""Where people type: amounts as they are written here, and what is wrong said at the field."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from posapp.domain.money import Money
from posapp.ui.widgets.fields import AmountEdit, Field
from tests.support.keys import type_text


@pytest.mark.parametrize(
    ("typed", "minor"),
    [("125", 12500), ("1,25,000.50", 12500050), ("৫০০", 50000), ("₹ 500", 50000), ("", None), ("abc", None)],
)
def test_an_amount_is_read_as_people_write_it(qtbot: QtBot, typed: str, minor: int | None) -> None:
    edit = AmountEdit("INR")
    qtbot.addWidget(edit)
    with qtbot.waitSignal(edit.edited, raising=bool(typed), timeout=5000 if typed else 0):
        type_text(edit, typed)
    assert edit.amount() == (None if minor is None else Money(minor, "INR"))
    assert (edit.error() is not None) == (typed == "abc")


@pytest.mark.parametrize("currency", ["INR", "BDT", "PKR", "USD", "JPY", "KWD"])
def test_an_amount_that_is_put_in_comes_back(qtbot: QtBot, currency: str) -> None:
    edit = AmountEdit(currency)
    qtbot.addWidget(edit)
    edit.set_amount(Money(123456789, currency))
    assert edit.amount() == Money(123456789, currency)


def test_typing_replaces_what_stood_there(qtbot: QtBot) -> None:
    edit = AmountEdit("INR")
    qtbot.addWidget(edit)
    edit.set_amount(Money(500, "INR"))
    with qtbot.waitActive(edit):
        edit.show()
    edit.clearFocus()
    edit.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClicks(edit, "7")
    assert edit.amount() == Money(700, "INR")


def test_a_field_says_what_is_wrong_and_takes_it_back(qtbot: QtBot) -> None:
    field = Field("Bill", AmountEdit("INR"), hint="Before the discount")
    qtbot.addWidget(field)
    field.set_wrong("Not an amount")
    assert field.below() == "Not an amount"
    assert field.editor.property("wrong") is True
    field.set_wrong("")
    assert field.below() == "Before the discount"
    assert field.editor.property("wrong") is False
